"""What `check` passes, `build` publishes: all is made before anything is sealed."""

import pytest

from support import expect_all, tree

ENDLESS = "{{> endless}}x"


@pytest.mark.parametrize("template", ["page", "certificate", "directory-place", "404", "announcement"])
def test_nothing_is_sealed_when_a_page_cannot_be_made(project, template):
    """A template that names itself never ends, which ends the program."""
    rows = project.rows()
    rows[0].update(listed="yes", province="DI Yogyakarta", regency="Kota Yogyakarta")
    project.write_rows(rows)
    project.write_news("2026-01-02-a.en.md", "Text")
    (project.root / "templates/endless.mustache").write_text(ENDLESS, encoding="utf-8")
    file = project.root / f"templates/{template}.mustache"
    file.write_text(file.read_text(encoding="utf-8") + ENDLESS, encoding="utf-8")
    assert project.run("check").code != 0
    assert project.build().code != 0
    assert not (project.root / "seeds/ledger/checkpoint").exists()
    assert not project.public.exists()


def test_check_makes_everything_and_writes_nothing(project):
    before = tree(project.root)
    assert project.run("check").code == 0
    assert tree(project.root) == before
    project.built()
    for each in expect_all(project):
        assert (project.folder_of(each.fingerprint) / "index.html").exists()

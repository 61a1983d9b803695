"""What `check` passes, `build` publishes: all is made before anything is sealed."""

import shutil

import pytest

from support.expected import expect_all
from support.output import stamps, tree
from support.registry import person


@pytest.mark.parametrize("template", ["page", "certificate", "directory-place", "404", "announcement"])
def test_a_template_that_never_ends_is_refused_before_anything_is_sealed(project, template):
    [file] = project.root.glob(f"templates/*/{template}.mustache")
    file.write_text(file.read_text(encoding="utf-8") + "{{> endless}}", encoding="utf-8")
    (project.root / "templates/endless.mustache").write_text("{{> endless}}x", encoding="utf-8")
    for command in ("check", "build"):
        (finding,) = project.findings(command=command)
        assert (finding["id"], finding["path"]) == ("templates-in-a-circle", "templates/endless.mustache")
    assert not (project.root / "seeds/ledger/checkpoint").exists()
    assert not project.public.exists()


def in_the_way(path, kind):
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    if kind == "file":
        path.write_text("mine", encoding="utf-8")
    elif kind == "link":
        path.symlink_to("nowhere")
    else:
        path.mkdir(parents=True)
        (path / "mine").write_text("mine", encoding="utf-8")


@pytest.mark.parametrize("place, kind", [
    ("news", "file"), ("c", "file"), ("c/00", "file"), ("assets", "link"), ("id/about", "file"),
    ("status/revocation/0", "folder"), ("index.html", "folder"), (".well-known/did.json", "folder"),
])
def test_what_stands_in_the_way_is_found_before_anything_is_sealed(project, place, kind):
    project.built()
    in_the_way(project.public / place, kind)
    project.write_rows([*project.rows(), person(9)])
    before = stamps(project.root)
    for command in ("check", "build"):
        outcome = project.run(command)
        assert outcome.code == 70 and "out of public" in outcome.text, outcome.text
        assert stamps(project.root) == before
    path = project.public / place
    shutil.rmtree(path) if kind == "folder" else path.unlink()
    project.built()


@pytest.mark.smoke
def test_check_makes_everything_and_writes_nothing(project):
    before = tree(project.root)
    assert project.run("check").code == 0
    assert tree(project.root) == before
    project.built()
    for each in expect_all(project):
        assert (project.folder_of(each.fingerprint) / "index.html").exists()

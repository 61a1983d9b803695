"""A press officer's copy: texts and templates alone, without registry, keys and ledger."""

import re
import shutil
import urllib.request

import pytest

from support.preview import Preview
from support.project import Project
from support.program import REPOSITORY


@pytest.fixture
def desk(tmp_path):
    for folder in ("content", "templates"):
        shutil.copytree(REPOSITORY / folder, tmp_path / "desk" / folder)
    return Project(tmp_path / "desk")


def everything(desk):
    return sorted(str(path.relative_to(desk.root)) for path in desk.root.rglob("*"))


def test_texts_are_checked_where_there_is_nothing_else(desk):
    before = everything(desk)
    outcome = desk.run("check", "--texts")
    assert outcome.code == 0, outcome.text
    assert "taken on trust" in outcome.text and "error" not in outcome.text
    assert everything(desk) == before


def test_without_the_flag_the_registry_is_missed(desk):
    assert desk.run("check").code == 1


@pytest.mark.parametrize("body, finding", [
    ("[x](nowhere.md)", "broken-link"), ("![x](none.png)", "missing-image"), ("![](a.png)", "missing-alternative-text"),
    ("[x](/nowhere/)", "broken-link"), ("[x](#nothing)", "broken-link"),
])
def test_what_an_editor_can_cause_is_found(desk, body, finding):
    desk.write_news("2026-01-02-x.en.md", body)
    assert finding in [each["id"] for each in desk.findings("--texts", command="check")]


@pytest.mark.parametrize("body", [
    "[x](cert:13134 7318 2 0000999 2025)", "[x](cert:7f3a90c14be258d60a9fc371e284b65d)",
    "[x](/c/7f/3a90c14be258d60a9fc371e284b65d/)", "[x](/schemes/any-scheme/)", "[x](/id/schemes/any-scheme/)",
])
def test_links_to_what_is_elsewhere_are_taken_on_trust(desk, body):
    desk.write_news("2026-01-02-x.en.md", body)
    outcome = desk.run("check", "--texts")
    assert outcome.code == 0, outcome.text


def test_schemes_count_where_their_list_is_there(desk):
    (desk.root / "seeds").mkdir()
    shutil.copy(REPOSITORY / "seeds/schemes.yml", desk.root / "seeds")
    desk.write_news("2026-01-02-x.en.md", "[x](/schemes/any-scheme/)")
    assert [each["id"] for each in desk.findings("--texts", command="check")] == ["broken-link"]


def test_the_preview_shows_every_page_and_marks_links_to_certificates(desk):
    desk.write_news("2026-01-02-x.en.md", "[the paper](cert:13134 7318 2 0000999 2025)")
    before = everything(desk)
    with Preview(desk.root, "--texts") as preview:
        for path in ("/", "/news/", "/news/x/", "/verify/", "/id/", "/statistics/"):
            with urllib.request.urlopen(preview.address(path)) as answer:
                text = answer.read().decode()
                assert answer.status == 200
            if path == "/news/x/":
                assert re.search(r'href="/verify/\?code=13134%207318%202%200000999%202025"[^>]*>the paper', text)
    assert everything(desk) == before


@pytest.mark.parametrize("more", [["--site", "public"], ["--list-new"]])
def test_what_needs_certificates_does_not_go_with_it(desk, more):
    assert desk.run("check", "--texts", *more).code == 64

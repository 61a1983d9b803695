"""What is left of a certificate whose holder asked for erasure."""

import json
import re

import pytest

from support.expected import expect_all, expect_rows
from support.output import site_files, stamps, tree
from support.pages import Page, is_certificate
from support.registry import COLUMNS, person

DATE = "2026-11-20"


def erase(project, *serials, rows=None):
    numbers = {person(serial)["number"] for serial in serials}
    project.write_rows([
        {name: row[name] if name in ("number", "revision") else "" for name in COLUMNS}
        | {"status": "erased", "status_date": DATE} if row["number"] in numbers else row
        for row in project.rows()])


@pytest.fixture
def published(project):
    """Three certificates, the second with everything that could be known of a person."""
    project.write_rows([
        person(1, listed="yes", province="Bali", regency="Kota Denpasar"),
        person(2, listed="yes", province="Jawa Tengah", regency="Kota Contoh", holder="Zulfanida Kartaredjasa"),
        person(3)])
    project.built()
    return project


def found(project, serial):
    return [each for each in expect_all(project) if each.row["number"] == person(serial)["number"]]


def words_of(each):
    salt = json.loads(each.record)["salt"]
    return ["Zulfanida", "Kartaredjasa", each.row["number"], each.row["registration"], each.fingerprint, salt,
            each.fingerprint[32:], "Kota Contoh"]


def left(project, each):
    words = words_of(each)
    return [(path, word) for path, content in tree(project.public).items() for word in words
            if word.encode() in content or word in path]


def test_its_page_says_so_in_both_languages_and_nothing_of_the_person(published):
    (each,) = found(published, 2)
    erase(published, 2)
    published.built()
    folder = published.public / each.path.strip("/")
    assert [file.name for file in folder.iterdir()] == ["index.html"]
    content = (folder / "index.html").read_bytes()
    page = Page(content)
    for language in ("en", "id"):
        words = published.strings(language)
        for text in (words["verdict"]["erased"]["title"], words["verdict"]["erased"]["sentence"],
                     words["erased"]["issued"], words["erased"]["log"]):
            assert " ".join(text.split()) in page.text
    assert page.meta("robots") == ["noindex"] and not page.links("canonical")
    assert each.code.encode() not in content and b"data-fingerprint" not in content and b"<path d=\"M4" not in content
    assert left(published, each) == []


def test_all_such_pages_are_the_same_so_that_none_tells_anything(published):
    erased = [*found(published, 1), *found(published, 2)]
    erase(published, 1, 2)
    published.built()
    assert len({(published.public / each.path.strip("/") / "index.html").read_bytes() for each in erased}) == 1


def test_no_list_sitemap_or_search_leads_there(published):
    (each,) = found(published, 2)
    erase(published, 2)
    published.built()
    assert [path for path, content in tree(published.public).items()
            if each.code.encode() in content or each.path.encode() in content] == []


def test_it_stays_for_all_builds_to_come(published):
    (each,) = found(published, 2)
    erase(published, 2)
    published.built()
    page = published.public / each.path.strip("/") / "index.html"
    first = page.read_bytes()
    before = stamps(published.public)
    published.built()
    assert stamps(published.public) == before
    published.write_rows([*published.rows(), person(9)])
    published.built(now="2026-11-25")
    assert page.read_bytes() == first and left(published, each) == []
    # Also where the row is forgotten in the end, and the site made anew.
    published.write_rows([row for row in published.rows() if row["status"] != "erased"])
    published.built(now="2026-11-25")
    assert page.read_bytes() == first


def test_a_site_made_anew_has_the_page_too(published, tmp_path):
    (each,) = found(published, 2)
    erase(published, 2)
    published.built()
    target = tmp_path / "elsewhere"
    published.built("--output", target)
    assert site_files(target) == site_files(published.public)


def test_what_was_never_published_leaves_no_page(project):
    project.write_rows([person(1), person(2)])
    erase(project, 2)
    project.built()
    assert len([path for path in site_files(project.public) if is_certificate(path)]) == 1


def test_every_revision_leaves_a_page(project):
    rows = [person(1), person(2), person(2, revision="2", holder="Siti Benar", issued="2025-01-02")]
    project.write_rows(rows)
    project.built()
    old = expect_rows(project, project.rows()[1:])
    project.write_rows([rows[0], *[
        {"number": row["number"], "revision": row.get("revision", ""), "status": "erased", "status_date": DATE}
        for row in rows[1:]]])
    project.built()
    pages = {(project.public / each.path.strip("/") / "index.html").read_bytes() for each in old}
    assert len(pages) == 1 and b'data-verdict="erased"' in pages.pop()


@pytest.mark.parametrize("files", [["page"], ["page", "record"]])
def test_so_it_is_where_certificates_have_fewer_files(project, files):
    project.set_site(certificate_files=files)
    project.write_rows([person(1), person(2)])
    project.built()
    (each,) = found(project, 2)
    erase(project, 2)
    project.built()
    assert [file.name for file in (project.public / each.path.strip("/")).iterdir()] == ["index.html"]


# MARK: verify and audit


@pytest.fixture
def erased(published, tmp_path):
    """The project after the erasure, and what a buyer had saved before."""
    (each,) = found(published, 2)
    saved = {file.name: file.read_bytes() for file in (published.public / each.path.strip("/")).iterdir()}
    erase(published, 2)
    published.built()
    for name, content in saved.items():
        (tmp_path / name).write_bytes(content)
    return published, each, tmp_path


def test_verify_says_erased_for_the_code_and_never_valid(erased):
    project, each, _ = erased
    for asked in (each.code, each.fingerprint, f"https://sertifikat.lsp-batik.example{each.path}"):
        outcome = project.run("verify", asked, "--format", "json")
        assert (outcome.code, outcome.json["verdict"]) == (3, "erased")
        assert "passed" not in [step["result"] for step in outcome.json["steps"]]
    assert b"erased" in project.run("verify", each.code, "--quiet").out


@pytest.mark.parametrize("name", ["record.json", "credential.json", "index.html"])
def test_verify_says_erased_for_saved_files(erased, name):
    project, each, folder = erased
    outcome = project.run("verify", folder / name, "--site", project.public, "--format", "json")
    assert (outcome.code, outcome.json["verdict"]) == (3, "erased")


def test_a_forged_credential_of_an_erased_certificate_is_not_genuine(erased):
    project, each, folder = erased
    credential = json.loads((folder / "credential.json").read_bytes())
    credential["credentialSubject"]["name"] = "Somebody Else"
    (folder / "forged.json").write_text(json.dumps(credential), encoding="utf-8")
    outcome = project.run("verify", folder / "forged.json", "--site", project.public, "--format", "json")
    assert (outcome.code, outcome.json["verdict"]) == (3, "not genuine")


def test_a_record_put_back_makes_no_valid_certificate(erased):
    project, each, folder = erased
    place = project.public / each.path.strip("/")
    for name in ("record.json", "credential.json"):
        (place / name).write_bytes((folder / name).read_bytes())
    assert project.run("verify", each.code, "--format", "json").json["verdict"] != "valid"
    outcome = project.run("audit", "--format", "json")
    assert outcome.code == 3
    assert [step for step in outcome.json["steps"] if step["result"] == "failed"
            and step["name"] == f"certificate {each.code}" and "still there" in step["reason"]]


@pytest.mark.smoke
def test_audit_finds_everything_in_order(erased):
    project, _, _ = erased
    outcome = project.run("audit", "--format", "json")
    assert outcome.code == 0
    assert "1 more say that they were erased" in outcome.json["steps"][-1]["reason"]


def test_audit_finds_a_page_that_says_erased_of_what_was_not(erased):
    """Else a host could hide a certificate behind the word."""
    project, each, _ = erased
    page = (project.public / each.path.strip("/") / "index.html").read_bytes()
    (other,) = found_with_rows(project, 3)
    place = project.public / other.path.strip("/")
    for file in place.iterdir():
        file.unlink()
    (place / "index.html").write_bytes(page)
    outcome = project.run("audit", "--format", "json")
    assert outcome.code == 3
    reasons = [step["reason"] for step in outcome.json["steps"] if step["result"] == "failed"]
    assert any(re.search("2 pages say that a certificate was erased, and the log has 1", each) for each in reasons)


def found_with_rows(project, serial):
    return [each for each in expect_rows(project, [row for row in project.rows() if row["status"] != "erased"])
            if each.row["number"] == person(serial)["number"]]

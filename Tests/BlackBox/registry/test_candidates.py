"""`canting batch check`: lists of candidates as agencies and groups send them."""

import json
import shutil

import pytest

from support.candidate_lists import BROKEN_LISTS, GOOD_LISTS, HEADER, INDONESIAN, people, row, sheet
from support.output import tree
from support.pages import Page
from support.program import REPOSITORY, run_program
from support.project import Project


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    """A project of which the schemes alone matter."""
    root = tmp_path_factory.mktemp("candidates") / "project"
    (root / "content").mkdir(parents=True)
    (root / "seeds").mkdir()
    shutil.copy(REPOSITORY / "content/site.yml", root / "content")
    shutil.copy(REPOSITORY / "seeds/schemes.yml", root / "seeds")
    return Project(root)


def look(office, content, *arguments, name="candidates.csv"):
    (office.root / name).write_bytes(content)
    return run_program("batch", "check", name, *arguments, cwd=office.root)


def findings(office, content):
    outcome = look(office, content, "--format", "json")
    assert outcome.code == (1 if "error" in [each["severity"] for each in outcome.findings] else 0)
    assert outcome.json["ok"] is (outcome.code == 0)
    return outcome.findings


def ids(office, content):
    return [each["id"] for each in findings(office, content)]

NOTES = {"eleven": ["several-assessors"], "two schemes": ["several-assessors"], "most": ["several-assessors"]}


@pytest.mark.parametrize("name", GOOD_LISTS)
def test_a_good_list_is_good_however_it_was_written(office, name):
    assert ids(office, GOOD_LISTS[name]) == NOTES.get(name, [])


# What makes each of the broken lists broken, beside what follows from it.
REASONS = {
    "empty": "empty-list", "a byte order mark alone": "empty-list", "line ends alone": "empty-list",
    "a header alone": "empty-list", "no header": "missing-header", "UTF-16": "not-utf8",
    "UTF-16 without a mark": "not-utf8", "Windows-1252": "not-utf8", "Windows-1252 in the header": "not-utf8",
    "an identity number": "personal-data-column", "birth and telephone": "personal-data-column",
    "an address under another heading": "personal-data-column", "a column misspelled": "unknown-column",
    "a column that nobody knows": "unknown-column", "a column twice": "duplicate-column",
    "a column missing": "missing-column", "an invisible character in a heading": "unknown-column",
    "a scheme misspelled": "unknown-scheme", "nothing filled in": "empty-required-field",
    "spaces alone": "empty-required-field", "a field too many": "wrong-field-count",
    "a field too few": "wrong-field-count", "a quote left open": "unclosed-quote",
    "a quote left open in the header": "unclosed-quote", "text after a quote": "text-after-quote",
    "a value without a column": "value-without-column", "formulas": "formula-in-text",
    "formulas behind spaces": "formula-in-text", "a rounded number": "rounded-number",
    "an identity number for a certificate": "personal-data-in-text",
    "identity and telephone numbers in texts": "personal-data-in-text",
    "the same row twice": "duplicate-candidate", "directions and controls": "forbidden-character",
    "more than most": "too-many-candidates", "a record over many lines": "rounded-number",
    "words of errors": "spreadsheet-error-value", "words for nothing": "word-for-nothing",
    "numbers that a spreadsheet changed": "number-changed",
    "a long number without its last digits": "rounded-number", "texts in the wrong encoding": "damaged-text",
    "what may be damage": "damaged-text", "rows in a quote": "swallowed-rows", "an HTML page": "not-a-table",
    "an old workbook": "not-a-table", "pipes": "foreign-delimiter", "empty cells behind one row": "wrong-field-count",
    "markup": "damaged-text", "letters that look like others": "damaged-text", "a text of many cells": "long-text",
}
HARMLESS = {"as many digits as a year", "a long field"}


def test_every_broken_list_has_its_reason():
    assert set(REASONS) | HARMLESS == set(BROKEN_LISTS)


@pytest.mark.parametrize("name", REASONS)
def test_a_broken_list_is_refused_for_its_reason(office, name):
    assert REASONS[name] in ids(office, BROKEN_LISTS[name])


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_what_looks_worse_than_it_is_passes(office, name):
    # Many digits apart are no telephone number; markup is text wherever it goes.
    assert ids(office, BROKEN_LISTS[name]) == []


@pytest.mark.smoke
def test_a_finding_stands_at_its_field_with_a_way_out(office):
    content = sheet([row(), row(name="Budi Contoh", scheme="Pembatk Cap")])
    [finding] = findings(office, content)
    assert (finding["line"], finding["column"]) == (3, len("Budi Contoh,") + 1)
    assert "did you mean `Pembatik Cap`?" in finding["hint"] and "PBT, PBC" in finding["hint"]
    text = look(office, content).err.decode().splitlines()
    assert text[1:3] == ["  Budi Contoh,Pembatk Cap,Kabupaten Bantul,Daerah Istimewa Yogyakarta,Sekar Wiru,,",
                         "  " + " " * len("Budi Contoh,") + "^" + "~" * (len("Pembatk Cap") - 1)]


def test_the_summary_counts_by_scheme(office):
    content = sheet(people(12) + people(3, "PBC"))
    outcome = look(office, content)
    assert outcome.code == 0
    assert outcome.out == b"checked  15 candidates: 12 PBT, 3 PBC\n"
    assert "these 15 need about 3 assessors" in outcome.err.decode()
    assert look(office, content, "--format", "json").json["result"] == {
        "candidates": 15, "assessors": 3,
        "schemes": [{"code": "PBT", "candidates": 12}, {"code": "PBC", "candidates": 3}]}


def test_warnings_can_count_as_errors(office):
    content = sheet([row(), row()])
    assert look(office, content).code == 0
    assert look(office, content, "--warnings-as-errors").code == 1


@pytest.mark.parametrize("secret", [
    "3402010101900001", "0812-3456-7890", "+62 812 3456 7890", "siti.contoh@surel.example"])
@pytest.mark.parametrize("place", ["note", "name", "group"])
def test_personal_data_is_never_repeated(office, secret, place):
    content = sheet([row(**{place: f"Siti {secret}"}), row(**{place: f"Siti {secret}", "scheme": "?"}), row() + [secret]])
    outcome = look(office, content)
    shown = look(office, content, "--format", "json").out.decode() + outcome.text
    assert outcome.code == 1 and secret not in shown and secret[4:] not in shown
    header = sheet([row() + [secret]], [*HEADER, "NIK"])
    assert secret not in look(office, header).text
    assert secret not in look(office, sheet([row()], [*HEADER[:6], secret])).text


def test_nothing_is_written_and_hostile_text_stays_text(office):
    content = sheet([row(name="\x1b[2J<b>"), row(note="\u202e")])
    before = {path: each for path, each in tree(office.root).items() if path != "candidates.csv"}
    outcome = look(office, content)
    assert "\x1b" not in outcome.text and "\u202e" not in outcome.text
    assert {path: each for path, each in tree(office.root).items() if path != "candidates.csv"} == before


def test_a_file_that_is_not_there_is_said(office):
    outcome = run_program("batch", "check", "nowhere.csv", "--format", "json", cwd=office.root)
    assert (outcome.code, outcome.ids) == (1, ["missing-file"])
    assert run_program("batch", "check", ".", cwd=office.root).code == 70


def test_outside_of_a_project_the_schemes_are_missed(office, tmp_path):
    (tmp_path / "a.csv").write_bytes(sheet([row()]))
    outcome = run_program("batch", "check", "a.csv", "--format", "json", cwd=tmp_path)
    assert outcome.code == 1 and outcome.ids == ["missing-file"]


# MARK: The page


@pytest.mark.parametrize("language, header, path", [("en", HEADER, "request"), ("id", INDONESIAN, "id/request")])
def test_the_page_offers_an_empty_list_that_the_command_reads(office, varied_built, language, header, path):
    page = Page((varied_built.public / path / "index.html").read_bytes())
    [link] = [each for each in page.all("a") if each.get("download") and each["href"].endswith(".csv")]
    content = (varied_built.public / link["href"].lstrip("/")).read_bytes()
    words = varied_built.strings(language)["request"]
    assert content.decode("utf-8-sig").splitlines() == [words["csv_header"]]
    delimiter = "," if language == "en" else ";"
    assert words["csv_header"].split(delimiter) == header and link["download"] == words["file"]
    assert ids(office, content) == ["empty-list"]
    filled = content.decode() + delimiter.join(row()) + "\r\n"
    assert ids(office, filled.encode()) == []


def test_the_page_is_in_the_menu_the_search_and_the_sitemap(varied_built):
    home = Page((varied_built.public / "index.html").read_bytes())
    assert [each for each in home.all("a") if each.get("href") == "/request/"]
    sitemap = (varied_built.public / "sitemap-pages.xml").read_text(encoding="utf-8")
    assert "/request/</loc>" in sitemap and "/id/request/</loc>" in sitemap
    index = "".join(file.read_text(encoding="utf-8") for file in (varied_built.public / "assets").glob("search-*"))
    assert "/request/" in index and "/id/request/" in index


@pytest.mark.parametrize("language", ["en", "id"])
def test_the_page_names_every_scheme_by_all_its_names(varied_built, language):
    page = Page((varied_built.public / ("" if language == "en" else "id") / "request/index.html").read_bytes())
    [form] = [each for each in page.all("form") if "data-schemes" in each]
    named = {each["code"]: set(each["titles"]) for each in json.loads(form["data-schemes"])}
    assert named == {scheme["code"]: {title for edition in scheme["editions"] for title in edition["title"].values()}
                     for scheme in varied_built.schemes}


def test_a_site_may_do_without_the_page(varied_built, tmp_path):
    project = Project.copy(varied_built.root, tmp_path / "project")
    for language in ("en", "id"):
        (project.root / f"content/pages/request.{language}.md").unlink()
        about = project.root / f"content/pages/about.{language}.md"
        about.write_text(about.read_text(encoding="utf-8").replace(f"(request.{language}.md)", "(home.en.md)"),
                         encoding="utf-8")
    project.set_site(navigation=[name for name in project.site["navigation"] if name != "request"])
    project.built()
    assert not (project.public / "request").exists()

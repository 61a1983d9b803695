"""What the program says when something is wrong: which rule, in which file, at which place."""

import json
import os
import re
import shutil

import pytest

from support.output import stamps, tree
from support.program import run_program
from support.registry import COLUMNS, column_of, person, sheet

PATH = "seeds/registry.csv"


def places(findings):
    return [(each["id"], each["path"], each.get("line"), each.get("column")) for each in findings]


# MARK: One row, one rule


# Name of the case, what is changed in the second of three rows, the rule, the column it names.
RULES = [
    ("duplicate number", {"number": person(1)["number"]}, "duplicate-certificate-number", "number"),
    ("duplicate number but for spaces", {"number": person(1)["number"].replace(" ", "  ")},
     "duplicate-certificate-number", "number"),
    ("unknown scheme", {"scheme": "XYZ"}, "unknown-scheme", "scheme"),
    ("day that does not exist", {"issued": "2023-02-29"}, "impossible-date", "issued"),
    ("31 April in words", {"issued": "31 April 2024"}, "impossible-date", "issued"),
    ("month 13", {"issued": "15/13/2024"}, "impossible-date", "issued"),
    ("expiry that does not exist", {"expires": "30/02/2027"}, "impossible-date", "expires"),
    ("no date at all", {"issued": "kemarin"}, "unreadable-date", "issued"),
    ("two-digit year", {"issued": "15/10/24"}, "unreadable-date", "issued"),
    ("spreadsheet's count of days", {"issued": "45580"}, "unreadable-date", "issued"),
    ("issued tomorrow", {"issued": "2026-11-24"}, "future-date", "issued"),
    ("status tomorrow", {"status": "revoked", "status_date": "2026-11-24"},
     "future-date", "status_date"),
    ("expiry before issue", {"expires": "2024-10-14"}, "expiry-before-issue", "expires"),
    ("suspended without date", {"status": "suspended"}, "status-without-date", "status"),
    ("dicabut without date", {"status": "dicabut"}, "status-without-date", "status"),
    ("status before issue", {"status": "revoked", "status_date": "2024-10-14"},
     "status-before-issue", "status_date"),
    ("unknown status", {"status": "cancelled"}, "unknown-status", "status"),
    ("superseded by nobody", {"status": "superseded", "status_date": "2025-01-01"},
     "superseded-without-successor", "status"),
    ("superseded by a missing number",
     {"status": "superseded", "status_date": "2025-01-01", "superseded_by": "13134 7318 2 9 2024"},
     "unknown-successor", "superseded_by"),
    ("empty number", {"number": ""}, "empty-required-field", "number"),
    ("empty holder", {"holder": ""}, "empty-required-field", "holder"),
    ("empty scheme", {"scheme": ""}, "empty-required-field", "scheme"),
    ("empty issue date", {"issued": ""}, "empty-required-field", "issued"),
    ("holder of spaces alone", {"holder": " \u00a0 "}, "empty-required-field", "holder"),
    ("bad revision", {"revision": "two"}, "bad-revision", "revision"),
    ("unknown batch", {"batch": "1999-XX-99"}, "unknown-batch", "batch"),
    ("unknown word for listed", {"listed": "perhaps"}, "unknown-listed", "listed"),
    ("number rounded by a spreadsheet", {"number": "1,31347E+21"}, "rounded-number", "number"),
    ("formula", {"holder": "=HYPERLINK(1)"}, "formula-in-text", "holder"),
]


@pytest.mark.parametrize("change, rule, column", [case[1:] for case in RULES],
                         ids=[case[0] for case in RULES])
def test_a_broken_rule_is_reported_at_its_row_and_column(project, change, rule, column):
    row = person(2, **change)
    if "," in "".join(row.values()):
        content = sheet([person(1), row, person(3)], delimiter=";")
    else:
        content = sheet([person(1), row, person(3)])
    project.registry.write_text(content, encoding="utf-8")
    findings = project.findings()
    assert places(findings) == [(rule, PATH, 3, column_of(row, column))]
    assert findings[0]["severity"] == "error"
    assert findings[0]["message"] and findings[0]["hint"]
    assert not project.public.exists()


CONTROLS = {
    "BEL": "\x07", "ESC": "\x1b", "DEL": "\x7f",
    "C1 control": "\x9b", "right-to-left override": "\u202e", "left-to-right isolate": "\u2066",
    "pop isolate": "\u2069", "Arabic letter mark": "\u061c", "right-to-left mark": "\u200f",
    "zero width space": "\u200b", "byte order mark inside": "\ufeff",
    "private use": "\ue000", "private use of plane 15": "\U000f0000",
    "private use of plane 16": "\U00100000", "tag character": "\U000e0041",
}


@pytest.mark.parametrize("letters", ["Siti", "Śrī"], ids=["ASCII", "accents"])
@pytest.mark.parametrize("name", CONTROLS)
def test_control_and_invisible_characters_in_a_name_are_refused(project, name, letters):
    row = person(2, holder=f"{letters}{CONTROLS[name]}Aminah")
    project.write_rows([person(1), row])
    findings = project.findings()
    assert places(findings) == [("forbidden-character", PATH, 3, column_of(row, "holder"))]
    assert f"U+{ord(CONTROLS[name]):04X}" in findings[0]["hint"]


@pytest.mark.parametrize("character", ["\x0b", "\x0c", "\x85"])
def test_a_control_that_is_also_white_space_is_treated_alike_beside_all_letters(project, character):
    """Word processors end lines with some of them: a space or a mistake, but always the same."""
    ends = set()
    for letters in ("Siti", "Śrī"):
        project.start_over()
        project.write_rows([person(1, holder=f"{letters}{character}Aminah")])
        outcome = project.build("--format", "json")
        if outcome.code == 0:
            [record] = project.public.glob("c/*/*/record.json")
            holder = json.loads(record.read_bytes())["holder"]
            ends.add(holder.replace(letters, "Siti"))
        else:
            ends.update(outcome.ids)
    assert ends in ({"Siti Aminah"}, {"forbidden-character"})


@pytest.mark.parametrize("column", ["number", "registration", "status_reason"])
def test_control_characters_are_refused_in_every_text_that_can_be_shown(project, column):
    row = person(2, **{column: "13134\u202e7318"})
    project.write_rows([person(1), row])
    assert places(project.findings()) == [
        ("forbidden-character", PATH, 3, column_of(row, column))]


def test_a_duplicate_number_with_a_higher_revision_is_no_mistake(project):
    project.write_rows([person(1), person(1, revision="2", issued="2025-01-01"),
                        person(1, revision="3", issued="2025-01-01")])
    project.built()


def test_two_rows_of_one_revision_are_a_duplicate(project):
    rows = [person(1), person(1, revision="2", issued="2025-01-01"),
            person(1, revision="2", issued="2025-02-01")]
    project.write_rows(rows)
    assert places(project.findings()) == [("duplicate-certificate-number", PATH, 4, 1)]


def test_a_duplicate_number_names_the_row_that_has_it_already(project):
    project.write_rows([person(1), person(2), person(3), person(2)])
    [finding] = project.findings()
    assert finding["line"] == 5 and re.search(r"\b3\b", finding["message"])


def test_a_later_revision_issued_before_the_one_it_replaces_is_reported(project):
    row = person(1, revision="2", issued="2024-10-14")
    project.write_rows([person(1), row])
    assert places(project.findings()) == [
        ("revision-out-of-order", PATH, 3, column_of(row, "issued"))]


def test_only_the_highest_revision_carries_a_status(project):
    row = person(1, status="revoked", status_date="2025-01-01")
    project.write_rows([row, person(1, revision="2", issued="2025-02-01")])
    assert places(project.findings()) == [
        ("status-of-old-revision", PATH, 2, column_of(row, "status"))]


def test_certificates_that_supersede_each_other_are_reported(project):
    rows = [person(n, status="superseded", status_date="2025-01-01",
                   superseded_by=person(3 - n)["number"]) for n in (1, 2)]
    project.write_rows(rows)
    assert set(places(project.findings())) == {
        ("succession-cycle", PATH, n, column_of(row, "superseded_by"))
        for n, row in enumerate(rows, 2)}


def test_a_certificate_that_supersedes_itself_is_reported(project):
    row = person(1, status="superseded", status_date="2025-01-01",
                 superseded_by=person(1)["number"])
    project.write_rows([row])
    [finding] = project.findings()
    assert (finding["line"], finding["column"]) == (2, column_of(row, "superseded_by"))


def test_issue_on_the_very_day_is_no_mistake_and_one_day_later_is(project):
    project.write_rows([person(1, issued="2026-11-23")])
    assert project.run("check", now="2026-11-23").code == 0
    assert project.run("check", now="2026-11-22").code == 1
    # The day is that of the site's time zone: 17:00 UTC is midnight in Jakarta.
    assert project.run("check", now="2026-11-22T16:59:59Z").code == 1
    assert project.run("check", now="2026-11-22T17:00:00Z").code == 0


# MARK: The shape of the file


def rows_with(*lines):
    return sheet([person(1)]) + "".join(f"{line}\n" for line in lines) + sheet([person(3)]).split("\n", 1)[1]


@pytest.mark.parametrize("fields", [1, 15, 17])
def test_a_row_with_the_wrong_number_of_fields_is_reported(project, fields):
    project.registry.write_text(rows_with(",".join(["x"] * fields)), encoding="utf-8")
    [finding] = project.findings()
    assert places([finding]) == [("wrong-field-count", PATH, 3, 1)]
    assert "16" in finding["message"] and str(fields) in finding["message"]


def test_an_unquoted_comma_in_a_name_is_a_wrong_number_of_fields(project):
    line = sheet([person(2)]).splitlines()[1].replace("Siti Contoh C", "Siti, S.Pd.")
    project.registry.write_text(rows_with(line), encoding="utf-8")
    assert places(project.findings()) == [("wrong-field-count", PATH, 3, 1)]


def test_an_unclosed_quote_is_reported_where_it_begins(project):
    line = sheet([person(2)]).splitlines()[1].replace("Siti Contoh C", '"Siti Contoh C')
    project.registry.write_text(rows_with(line), encoding="utf-8")
    findings = project.findings()
    assert ("unclosed-quote", PATH, 3) in [place[:3] for place in places(findings)]


def test_text_after_a_closing_quote_is_reported_at_that_text(project):
    line = sheet([person(2)]).splitlines()[1].replace("Siti Contoh C", '"Siti" Contoh')
    project.registry.write_text(rows_with(line), encoding="utf-8")
    assert places(project.findings()) == [("text-after-quote", PATH, 3, line.index("Contoh") + 1)]


@pytest.mark.parametrize("written, meant", [
    ("hodler", "holder"), ("regestration", "registration"), ("status_dat", "status_date")])
def test_an_unknown_column_is_reported_with_what_may_be_meant(project, written, meant):
    columns = [written if name == meant else name for name in COLUMNS]
    project.registry.write_text(
        sheet([[person(1).get(name, "") for name in COLUMNS]], columns), encoding="utf-8")
    findings = project.findings()
    [finding] = [each for each in findings if each["id"] == "unknown-column"]
    assert places([finding]) == [
        ("unknown-column", PATH, 1, ",".join(columns).index(written) + 1)]
    assert f"did you mean `{meant}`?" in finding["hint"]


def test_a_column_that_is_like_no_other_gets_no_guess(project):
    project.write_rows([person(1)], [*COLUMNS, "shoe size"])
    [finding] = project.findings()
    assert places([finding]) == [("unknown-column", PATH, 1, len(",".join(COLUMNS)) + 2)]
    assert "did you mean" not in finding["hint"] and "shoe size" in finding["hint"]


def test_every_missing_required_column_is_reported(project):
    project.write_rows([person(1)], ["registration"])
    findings = project.findings()
    assert {each["id"] for each in findings} == {"missing-column"}
    assert {name for name in ("number", "holder", "scheme", "issued")
            if any(f"`{name}`" in each["hint"] for each in findings)} == {
                "number", "holder", "scheme", "issued"}


def test_a_column_that_stands_twice_is_reported_at_the_second(project):
    project.write_rows([person(1)], [*COLUMNS, "holder"])
    assert places(project.findings()) == [
        ("duplicate-column", PATH, 1, len(",".join(COLUMNS)) + 2)]


def test_a_missing_registry_is_reported(project):
    project.registry.unlink()
    assert places(project.findings()) == [("missing-file", PATH, None, None)]


# MARK: Places


def test_a_place_is_exact_behind_quoted_newlines_and_letters_of_several_bytes(project):
    rows = [person(1, regency="Kota\nDua"), person(2, holder="Śrī Ñoño 😀", scheme="XYZ")]
    project.write_rows(rows)
    assert places(project.findings()) == [
        ("unknown-scheme", PATH, 4, column_of(rows[1], "scheme"))]


def test_a_value_on_a_later_line_of_its_row_is_reported_on_that_line(project):
    row = person(1, holder="Siti\nContoh", scheme="XYZ")
    project.registry.write_text(sheet([row]), encoding="utf-8")
    lines = project.registry.read_text(encoding="utf-8").splitlines()
    assert lines[2].startswith('Contoh",XYZ')
    assert places(project.findings()) == [("unknown-scheme", PATH, 3, lines[2].index("XYZ") + 1)]


def test_lines_are_counted_behind_a_separator_line_and_blank_lines(project):
    lines = sheet([person(1), person(2, scheme="XYZ")], delimiter=";").splitlines()
    text = "\r\n".join(["sep=;", lines[0], "", lines[1], "", "", lines[2]]) + "\r\n"
    project.registry.write_text(text, encoding="utf-8", newline="")
    assert [place[:3] for place in places(project.findings())] == [("unknown-scheme", PATH, 7)]


def test_columns_count_from_the_line_even_with_a_byte_order_mark(project):
    project.registry.write_text(
        "\ufeff" + sheet([person(1)], ["hodler", *COLUMNS]), encoding="utf-8")
    [finding] = project.findings()
    assert places([finding]) == [("unknown-column", PATH, 1, 1)]


# MARK: All problems at once


def test_every_broken_row_is_reported_in_one_run(project):
    cases = [case for case in RULES
             if case[2] not in ("duplicate-certificate-number",) and "," not in "".join(case[1].values())]
    rows, wanted = [], set()
    for serial, (_, change, rule, column) in enumerate(cases * 5, 1):
        row = person(serial, **change)
        rows.append(row)
        wanted.add((rule, PATH, serial + 1, column_of(row, column)))
    assert len(wanted) > 120
    project.write_rows(rows)
    found = places(project.findings())
    # Rows of the same empty or rounded number are one more rule, which is not at issue here.
    assert wanted - set(found) == set()
    assert {place for place in set(found) - wanted if place[0] != "duplicate-certificate-number"} == set()
    assert len(found) == len(set(found))


def test_the_text_form_reports_as_many_and_counts_them(project):
    project.write_rows([person(n, scheme="XYZ") for n in range(1, 151)])
    outcome = project.build()
    text = outcome.err.decode()
    # Of one scheme in 150 rows, it speaks once, and counts.
    assert outcome.code == 1 and text.count("[unknown-scheme]") == 1
    assert "line 3, line 4, line 5, line 6, line 7 and 144 more" in text
    assert "150 errors: unknown-scheme" in text and "150 errors, 0 warnings" in text


def test_two_mistakes_in_one_row_are_both_reported(project):
    row = person(1, scheme="XYZ", listed="perhaps")
    project.write_rows([row])
    assert set(places(project.findings())) == {
        ("unknown-scheme", PATH, 2, column_of(row, "scheme")),
        ("unknown-listed", PATH, 2, column_of(row, "listed"))}


def test_a_wrong_issue_date_hides_no_other_mistake_of_its_row(project):
    row = person(1, issued="2024-02-30", status="revoked", batch="1999-XX-99")
    project.write_rows([row])
    assert set(places(project.findings())) == {
        ("impossible-date", PATH, 2, column_of(row, "issued")),
        ("status-without-date", PATH, 2, column_of(row, "status")),
        ("unknown-batch", PATH, 2, column_of(row, "batch"))}


def test_a_forbidden_character_hides_no_other_mistake_of_its_row(project):
    row = person(1, holder="Siti\u202e", scheme="XYZ", issued="2024-02-30")
    project.write_rows([row])
    assert set(places(project.findings())) == {
        ("forbidden-character", PATH, 2, column_of(row, "holder")),
        ("unknown-scheme", PATH, 2, column_of(row, "scheme")),
        ("impossible-date", PATH, 2, column_of(row, "issued"))}


def test_a_row_with_a_mistake_of_its_own_is_still_a_duplicate(project):
    row = person(1, scheme="XYZ")
    project.write_rows([person(1), row])
    assert set(places(project.findings())) == {
        ("duplicate-certificate-number", PATH, 3, 1),
        ("unknown-scheme", PATH, 3, column_of(row, "scheme"))}


def test_nobody_is_told_that_a_successor_is_missing_whose_row_is_merely_broken(project):
    superseded = person(1, status="superseded", status_date="2025-01-01",
                        superseded_by=person(2)["number"])
    project.write_rows([superseded, person(2, scheme="XYZ")])
    assert [place[0] for place in places(project.findings())] == ["unknown-scheme"]


def test_mistakes_in_registry_texts_and_templates_are_reported_together(project):
    project.write_rows([person(1, scheme="XYZ")])
    project.write_news("2026-01-02-a.en.md", "[x](missing.en.md)", more="autor: me\n")
    project.edit("templates/strings/id.yml", "\nlanguage:", "\nunneeded: x\nlanguage:")
    ids = [each["id"] for each in project.findings()]
    assert {"unknown-scheme", "unknown-front-matter-key", "missing-string"} <= set(ids)


# MARK: Nothing is written


@pytest.mark.parametrize("command", ["build", "check"])
def test_an_error_leaves_no_output_folder_behind(project, command):
    project.write_rows([person(1, scheme="XYZ")])
    before = tree(project.root)
    assert project.run(command).code == 1
    assert tree(project.root) == before and not project.public.exists()


@pytest.mark.smoke
def test_an_error_leaves_the_site_of_the_last_build_untouched(project):
    project.built()
    before = stamps(project.public)
    project.write_rows([person(1), person(2, scheme="XYZ")])
    assert project.build().code == 1
    assert stamps(project.public) == before


@pytest.mark.smoke
def test_check_has_the_findings_of_build_and_writes_nothing(project):
    assert project.run("check").code == 0
    assert not project.public.exists()
    project.write_rows([person(1, scheme="XYZ"), person(1, issued="2024-02-30")])
    assert project.findings(command="check") == project.findings(command="build")


def test_warnings_fail_the_build_only_when_asked_to(project):
    project.write_news("2026-01-02-a.en.md", "Some <center>raw</center> HTML.")
    strict = project.build("--warnings-as-errors", "--format", "json")
    assert strict.code == 1 and not project.public.exists()
    assert set(strict.ids) == {"raw-html"} and strict.json["ok"] is False
    lenient = project.build("--format", "json")
    assert lenient.code == 0 and project.public.is_dir()
    assert lenient.findings == strict.findings and lenient.json["ok"] is True
    assert {each["severity"] for each in lenient.findings} == {"warning"}


# MARK: The two forms


def text_of(project):
    outcome = project.build()
    assert outcome.code == 1
    return outcome.err.decode().splitlines()


@pytest.mark.smoke
def test_the_text_form_is_place_rule_line_caret_and_hint(project):
    row = person(2, scheme="XYZ")
    project.write_rows([person(1), row])
    lines = text_of(project)
    column = column_of(row, "scheme")
    assert re.fullmatch(
        rf"seeds/registry\.csv:3:{column}: error: .+ \[unknown-scheme\]", lines[0])
    source = project.registry.read_text(encoding="utf-8").splitlines()[2]
    assert lines[1].strip() == source
    assert lines[1][lines[2].index("^"):].startswith("XYZ")
    assert lines[2].strip() == "^~~"
    assert lines[3].strip().startswith("hint:")


@pytest.mark.parametrize("row, marked", [
    (person(2, holder="Śrī Ñoño 😀", scheme="XYZ"), "XYZ"),
    (person(2, regency="Kota " + "y" * 190, batch="1999-XX-99"), "1999-XX-99"),
    (person(2, regency="z" * 90, province="y" * 90, listed="perhaps"), "perhaps"),
    (person(2, regency="Kota\tDua", batch="1999-XX-99"), "1999-XX-99"),
    (person(2, number="13134 7318 2 0000002 2024\u202e"), "13134"),
], ids=["letters of several bytes", "long line", "end of a long line", "tab", "override"])
def test_the_caret_stands_under_what_is_wrong(project, row, marked):
    project.write_rows([person(1), row])
    lines = text_of(project)
    assert lines[2].strip(" ^~") == ""
    assert lines[1][lines[2].index("^"):].startswith(marked)


def test_no_control_character_of_the_input_reaches_the_terminal(project):
    hostile = "\x1b]0;owned\x07\x1b[31m\u202e"
    project.write_rows([person(1, holder="Siti" + hostile), person(2, scheme="X" + hostile)],
                       [*COLUMNS])
    outcome = project.build()
    assert outcome.code == 1
    for character in hostile:
        if not character.isprintable():
            assert character not in outcome.text


@pytest.mark.smoke
def test_the_json_form_of_a_failed_run_is_one_document_on_standard_output(project):
    project.write_rows([person(1, scheme="XYZ")])
    outcome = project.build("--format", "json")
    document = outcome.json
    assert outcome.err == b""
    assert (document["ok"], document["errors"], document["warnings"]) == (False, 1, 0)
    assert set(document["diagnostics"][0]) >= {
        "id", "severity", "path", "line", "column", "message", "hint"}


def test_the_json_form_of_a_good_run_says_what_was_done(project):
    document = project.built("--format", "json").json
    assert (document["ok"], document["errors"], document["diagnostics"]) == (True, 0, [])
    assert document["result"]["certificates"] == 3
    assert document["result"]["files"] == document["result"]["added"] == len(
        [path for path in tree(project.public) if not path.startswith(".canting/")])


def test_quiet_prints_findings_alone(project):
    outcome = project.built("--quiet")
    assert outcome.text == ""
    project.write_rows([person(1, scheme="XYZ")])
    assert "[unknown-scheme]" in project.build("--quiet").text


def test_a_build_ends_with_what_was_read_what_changed_and_what_to_do_next(project):
    text = project.built().out.decode()
    assert "3 certificates" in text and "next" in text
    written = len([path for path in tree(project.public) if not path.startswith(".canting/")])
    assert f"{written} new" in text


# MARK: Settings, texts, templates


def line_of(project, path, text):
    lines = (project.root / path).read_text(encoding="utf-8").splitlines()
    [number] = [number for number, line in enumerate(lines, 1) if text in line]
    return number, lines[number - 1].index(text) + 1


def test_an_unknown_key_of_the_front_matter_is_reported_with_what_may_be_meant(project):
    project.write_news("2026-01-02-a.en.md", "Text.", more="sumary: x\n")
    [finding] = project.findings()
    assert places([finding]) == [
        ("unknown-front-matter-key", "content/news/2026-01-02-a.en.md", 4, 1)]
    assert "`summary`" in finding["hint"]


def test_an_unknown_key_of_the_settings_is_reported_with_what_may_be_meant(project):
    project.edit("content/site.yml", "time_zone:", "time_zoen:")
    line, column = line_of(project, "content/site.yml", "time_zoen:")
    [finding] = project.findings()
    assert places([finding]) == [("unknown-key", "content/site.yml", line, column)]
    assert "`time_zone`" in finding["hint"]


def test_a_mistake_in_yaml_is_reported_at_its_line(project):
    project.write_news("2026-01-02-a.en.md", "Text.", title='"unclosed', more="")
    [finding] = project.findings()
    assert (finding["id"], finding["path"]) == ("yaml-syntax", "content/news/2026-01-02-a.en.md")
    assert finding["line"] in (2, 3, 4)


def test_a_missing_title_is_reported(project):
    (project.root / "content/news/2026-01-02-a.en.md").write_text(
        "---\ndate: 2026-01-02\n---\nText.\n", encoding="utf-8")
    [finding] = project.findings()
    assert (finding["id"], finding["path"], finding["line"]) == (
        "missing-key", "content/news/2026-01-02-a.en.md", 2)


def test_a_link_that_leads_nowhere_is_reported_at_its_place(project):
    project.write_news(
        "2026-01-02-a.en.md", "One line.\nAnother with [a link](../pages/verfy.en.md) in it.")
    [finding] = project.findings()
    assert places([finding]) == [("broken-link", "content/news/2026-01-02-a.en.md", 7, 14)]
    assert "verify.en.md" in finding["hint"]


@pytest.mark.parametrize("target", [
    "/verfy/", "/schemes/nothing/", "verify", "../../outside.en.md", "#no-such-heading",
    "/c/00/" + "0" * 30 + "/", "/news/no-such-announcement/"])
def test_links_to_nothing_are_errors(project, target):
    project.write_news("2026-01-02-a.en.md", f"[a link]({target})")
    assert places(project.findings()) == [
        ("broken-link", "content/news/2026-01-02-a.en.md", 6, 1)]


def test_a_place_in_a_text_counts_letters_and_not_bytes(project):
    project.write_news("2026-01-02-a.en.md", "Śrī Ñoño: [a link](/verfy/)")
    assert places(project.findings()) == [
        ("broken-link", "content/news/2026-01-02-a.en.md", 6, 11)]


def test_a_place_in_a_list_or_quotation_is_that_in_the_line(project):
    project.write_news("2026-01-02-a.en.md", "- one\n- two [a link](/verfy/)\n\n> [other](/verfy/)")
    assert places(project.findings()) == [
        ("broken-link", "content/news/2026-01-02-a.en.md", 7, 7),
        ("broken-link", "content/news/2026-01-02-a.en.md", 9, 3)]


def test_two_announcements_at_one_address_are_reported(project):
    project.write_news("2026-01-02-a.en.md", "Text.")
    project.write_news("2026-01-03-b.en.md", "Text.", more="slug: a\n")
    assert [each["id"] for each in project.findings()] == ["duplicate-address"]


@pytest.mark.parametrize("tag", ["{{t.home.nosuch}}", "{{strings.id.home.nosuch}}"])
def test_a_missing_string_is_reported_in_the_template_at_its_place(project, tag):
    template = project.root / "templates/standing/404.mustache"
    lines = template.read_text(encoding="utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if text.startswith("<main"))
    lines.insert(line, f"<p>x {tag}</p>")
    template.write_text("\n".join(lines) + "\n", encoding="utf-8")
    findings = project.findings()
    assert set(places(findings)) == {("missing-string", "templates/standing/404.mustache", line + 1, 6)}


def test_a_string_that_one_language_lacks_is_reported(project):
    project.edit("templates/strings/en.yml", "\nlanguage:", "\nonly_here: x\nlanguage:")
    line, column = line_of(project, "templates/strings/en.yml", "only_here")
    [finding] = project.findings()
    assert places([finding]) == [("missing-string", "templates/strings/en.yml", line, column)]
    assert "only_here" in finding["message"] and "id.yml" in finding["message"]


def test_a_missing_partial_or_asset_is_reported_at_its_place(project):
    template = project.root / "templates/standing/404.mustache"
    template.write_text("{{> haed}}\n<p>{{assets.site_cs}}</p>\n" + template.read_text("utf-8"), "utf-8")
    findings = project.findings()
    assert places(findings) == [
        ("missing-template", "templates/standing/404.mustache", 1, 1),
        ("missing-asset", "templates/standing/404.mustache", 2, 4)]
    assert "`head`" in findings[0]["hint"] and "assets.site_css" in findings[1]["hint"]


def test_a_template_that_is_not_mustache_is_reported(project):
    template = project.root / "templates/standing/404.mustache"
    template.write_text(template.read_text("utf-8") + "\n{{#section}}\n", "utf-8")
    [finding] = project.findings()
    assert (finding["id"], finding["path"]) == ("template-syntax", "templates/standing/404.mustache")


# MARK: Files written on Windows


def test_texts_and_settings_saved_with_windows_line_ends_give_the_same_site(project):
    project.built()
    plain = tree(project.public)
    for file in [*project.root.glob("content/**/*.md"), *project.root.glob("content/*.yml"),
                 *project.root.glob("seeds/*.yml"), *project.root.glob("templates/strings/*.yml")]:
        file.write_bytes(file.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    project.built()
    assert [path for path in plain if tree(project.public)[path] != plain[path]] == []


def test_places_in_files_with_windows_line_ends_are_exact(project):
    text = "---\r\ntitle: T\r\ndate: 2026-01-02\r\n---\r\n\r\nOne.\r\n\r\n[a link](/verfy/)\r\n"
    (project.root / "content/news/2026-01-02-a.en.md").write_text(text, "utf-8", newline="")
    assert places(project.findings()) == [
        ("broken-link", "content/news/2026-01-02-a.en.md", 8, 1)]


# MARK: The secret


def test_the_specimen_secret_is_refused_on_a_real_site(project):
    project.set_site(specimen="false")
    findings = project.findings()
    [finding] = [each for each in findings if each["id"] == "specimen-keys"]
    assert finding["path"].startswith("seeds/keys") and "specimen" in finding["message"]
    assert {each["id"] for each in findings} <= {"specimen-keys", "specimen-left", "specimen-row"}
    assert not project.public.exists()


def test_a_missing_or_damaged_secret_is_reported_and_never_replaced(project):
    secret = project.root / "seeds/keys/registry.secret"
    text = secret.read_text(encoding="utf-8")
    for content in ("", text[:-2], text.replace("canting", "kanting"), text + "00\n"):
        secret.write_text(content, encoding="utf-8")
        [finding] = project.findings()
        assert (finding["id"], finding["path"]) == ("bad-secret", "seeds/keys/registry.secret")
        assert secret.read_text(encoding="utf-8") == content
    secret.unlink()
    assert [each["id"] for each in project.findings()] == ["missing-secret"]
    assert not secret.exists()


def test_no_finding_shows_the_secret(project):
    secret = project.root / "seeds/keys/registry.secret"
    lines = secret.read_text(encoding="utf-8").splitlines()
    key = lines[-1]
    secret.write_text("\n".join([*lines, "more"]) + "\n", encoding="utf-8")
    for arguments in ([], ["--format", "json"]):
        outcome = project.build(*arguments)
        assert outcome.code == 1 and key[:16] not in outcome.text


@pytest.mark.smoke
def test_keys_new_makes_a_secret_for_its_owner_alone_and_never_overwrites(project):
    shutil.rmtree(project.root / "seeds/keys")
    made = run_program("keys", "new", "--root", project.root)
    assert made.code == 0, made.text
    secret = project.root / "seeds/keys/registry.secret"
    assert secret.stat().st_mode & 0o777 == 0o600
    assert all(file.stat().st_mode & 0o077 == 0 for file in secret.parent.iterdir()
               if file.suffix != ".yml")
    content = secret.read_bytes()
    assert re.search(rb"^[0-9a-f]{64}$", content, re.MULTILINE) and b"SPECIMEN" not in content
    assert content.split()[-1] not in made.out + made.err
    before = stamps(secret.parent)
    again = run_program("keys", "new", "--root", project.root, "--format", "json")
    assert again.code == 1 and set(again.ids) <= {"secret-exists", "key-exists", "keys-exist"}
    assert again.ids and stamps(secret.parent) == before


def test_two_new_secrets_differ(project):
    secret = project.root / "seeds/keys/registry.secret"
    found = set()
    for _ in range(2):
        shutil.rmtree(secret.parent)
        assert run_program("keys", "new", "--root", project.root).code == 0
        found.add(secret.read_bytes())
    assert len(found) == 2


def test_a_real_secret_that_others_can_read_is_refused(project):
    secret = project.root / "seeds/keys/registry.secret"
    project.make_real()
    project.built("--new-log")
    os.chmod(secret, 0o640)
    [finding] = project.findings()
    assert finding["id"] == "key-readable-by-others" and "chmod 600" in finding["hint"]


# MARK: Wrong usage


@pytest.mark.parametrize("arguments", [
    ["frobnicate"], ["build", "--frobnicate"], ["build", "--now", "yesterday"],
    ["build", "--now", "2026-02-30"], ["build", "--format", "xml"], ["build", "--jobs", "0"],
    ["build", "--jobs", "many"], ["verify"], ["export"], ["keys", "old"]])
def test_wrong_usage_is_64(project, arguments):
    outcome = run_program(*arguments, cwd=project.root)
    assert outcome.code == 64 and outcome.err
    assert not project.public.exists()


@pytest.mark.parametrize("arguments", [
    ["--help"], ["build", "--help"], ["check", "--help"], ["verify", "--help"],
    ["export", "--help"], ["keys", "new", "--help"]])
def test_every_help_has_examples(arguments):
    outcome = run_program(*arguments)
    assert outcome.code == 0
    assert re.search(r"Examples:\s+canting ", outcome.out.decode())


@pytest.mark.smoke
def test_a_folder_that_is_no_project_is_an_input_error(tmp_path):
    outcome = run_program("build", "--root", tmp_path, "--format", "json")
    assert outcome.code == 1 and outcome.ids[0] == "missing-file"
    assert list(tmp_path.iterdir()) == []


def test_the_project_is_found_from_a_folder_inside_it(project):
    outcome = run_program("build", "--now", "2026-11-23", cwd=project.root / "content/news")
    assert outcome.code == 0, outcome.text
    assert (project.public / "index.html").is_file()

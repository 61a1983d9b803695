"""Registries, lists of batches and exports, and lists of candidates in Excel workbooks."""

import csv
import datetime
import io
import json
import subprocess
import sys
import zipfile

import openpyxl
import pytest

from support.program import PROGRAM, REPOSITORY, run_program
from support.project import bare_project
from support.workbooks import HEADINGS, NIK, as_csv, changed, fill, office_row, saved, shared, workbook

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def office(tmp_path):
    project = bare_project(tmp_path / "project")
    project.registry.unlink()
    (project.root / "seeds/batches.csv").unlink()
    project.set_site(registry={"file": "register.xlsx"})
    project.book = project.root / "seeds/register.xlsx"
    return project


def save(office, rows, **sheets):
    return saved(workbook({"Register": rows, **sheets}), office.book)


def check(office, *arguments):
    outcome = office.run("check", "--format", "json", *arguments)
    return outcome.json


def found(office):
    return [(each["id"], each.get("sheet"), each.get("cell")) for each in check(office)["diagnostics"]]


def codes(office):
    outcome = office.run("export", "--csv")
    assert outcome.code == 0, outcome.text
    return outcome.out


@pytest.mark.smoke
def test_a_register_as_an_office_keeps_it_is_read_as_it_is(office):
    book = openpyxl.Workbook()
    fill(book.active, [office_row(1), office_row(2, **{"No. Registrasi": "-"})], titles=[["LSP Contoh"], ["Register 2024"], []])
    book.active.append([])
    book.active.append(["", "Catatan:"])
    book.active.append(["", "", "", "", "", "", "Yogyakarta, 30 Oktober 2026"])
    book.active.merge_cells("A1:N1")
    saved(book, office.book)
    report = check(office)
    assert (report["diagnostics"], report["result"]["certificates"]) == ([], 2)
    assert report["notes"] == [
        "seeds/register.xlsx!Sheet: 2 rows of titles above the header are passed over",
        "left out of everything, as personal data that no certificate prints: `NIK`, `No. HP`",
        "seeds/register.xlsx!Sheet: rows 8 to 9 below the table are passed over"]
    assert office.built()
    assert not [file for file in office.root.rglob("*") if file.is_file() and file != office.book
                and str(NIK + 1).encode() in file.read_bytes()]


def test_a_workbook_and_what_openpyxl_makes_of_it_have_the_same_fingerprints(office):
    rows = [office_row(n, **{"Tgl Terbit": datetime.datetime(2024, 1 + n % 12, n), "Status": "berlaku" if n % 2 else None})
            for n in range(1, 20)]
    rows.append(office_row(20, **{"No. Sertifikat": 20240020, "Nama Peserta": " Éka  Ñusa ", "Tgl Terbit": "15 Oktober 2024"}))
    save(office, rows)
    inline = codes(office)
    shared(office.book)
    assert codes(office) == inline
    text = as_csv(office.book, "Register")
    office.book.unlink()
    (office.root / "seeds/register.csv").write_text(text, encoding="utf-8")
    office.set_site(registry={"file": "register.csv"})
    assert codes(office) == inline
    assert len(list(csv.reader(io.StringIO(inline.decode())))) == 21


def test_all_sheets_with_the_header_are_read_each_in_its_own_order(office):
    book = workbook({"2023": [office_row(1)]})
    fill(book.create_sheet("2024"), [office_row(2)], headings=HEADINGS[::-1])
    fill(book.create_sheet("Daftar Uji"), [["2024/01", "Kab. Bantul"]], headings=["Kode Uji", "Kab/Kota"])
    hidden = book.create_sheet("Lama")
    fill(hidden, [office_row(3)])
    hidden.sheet_state = "hidden"
    saved(book, office.book)
    report = check(office)
    assert (report["diagnostics"], report["result"]["certificates"]) == ([], 2)
    assert "seeds/register.xlsx: hidden sheets are not read: `Lama`" in report["notes"]
    assert "seeds/register.xlsx: no such table in `Daftar Uji`" in report["notes"]
    office.set_site(registry={"file": "register.xlsx", "sheets": ["2023", "Lama"]})
    assert found(office) == [("hidden-sheet", "Lama", "A1"), ("sheet-not-read", "2024", "A1")]
    office.set_site(registry={"file": "register.xlsx", "sheets": ["2023", "2025"]})
    [finding, unread] = check(office)["diagnostics"]
    assert unread["id"] == "sheet-not-read"
    assert (finding["id"], finding["hint"]) == (
        "missing-sheet", "did you mean `2023`? its sheets are `2023`, `2024`, `Daftar Uji`, `Lama`")


def test_a_number_in_two_sheets_is_found(office):
    save(office, [office_row(1)], Lama=[office_row(2), office_row(1)])
    [finding] = check(office)["diagnostics"]
    assert (finding["id"], finding["sheet"], finding["cell"]) == ("duplicate-certificate-number", "Lama", "B3")
    assert "row 2 of Register has this one already" in finding["message"]
    outcome = office.run("check")
    assert b"seeds/register.xlsx!Lama!B3: error: " in outcome.err


@pytest.mark.parametrize("name, value, form", [
    ("a day", datetime.date(2024, 10, 15), "dd/mm/yyyy"), ("a short day", datetime.date(2024, 10, 15), "mm-dd-yy"),
    ("a long day", datetime.date(2024, 10, 15), "[$-421]dd mmmm yyyy;@"), ("quotes", datetime.date(2024, 10, 15), 'yyyy"-"mm"-"dd'),
    ("midnight", datetime.datetime(2024, 10, 15), "yyyy-mm-dd h:mm:ss"), ("text", "15/10/2024", "@"),
    ("text with midnight", "15/10/2024 00.00", "@"), ("almost midnight", 45580.0000000001, "dd/mm/yyyy"),
])
def test_days_are_read_however_they_are_shown(office, name, value, form):
    book = workbook({"Register": [office_row(1)]})
    cell = book.active["H2"]
    cell.value, cell.number_format = value, form
    saved(book, office.book)
    assert found(office) == []
    assert b'"issued":"2024-10-15"' in next(
        file.read_bytes() for file in [*built(office).glob("c/*/*/record.json")])


def built(office):
    office.built()
    return office.public


def test_days_are_counted_from_1904_where_the_workbook_says_so(office):
    book = workbook({"Register": [office_row(1)]})
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    saved(book, office.book)
    with zipfile.ZipFile(office.book) as archive:
        assert "date1904" in archive.read("xl/workbook.xml").decode()
    assert b'"issued":"2024-10-15"' in next(built(office).glob("c/*/*/record.json")).read_bytes()


@pytest.mark.parametrize("cell, value, form, rule", [
    ("B2", 1313473182000001234567, "0", "rounded-number"), ("B2", 131347318200001, "0", None),
    ("C2", 3404123456780001, "0", "rounded-number"), ("B2", 12, "00000", "number-changed"), ("B2", 12345, "00000", None),
    ("D2", "#N/A", "General", "spreadsheet-error-value"), ("H2", 45580, "General", "unreadable-date"),
    ("H2", datetime.datetime(2024, 10, 15, 13, 30), "yyyy-mm-dd hh:mm", "time-in-date"), ("H2", 12, "dd/mm/yyyy", "impossible-date"),
    ("B2", datetime.date(2024, 1, 1), "mmm-yy", "number-changed"), ("D2", datetime.date(2024, 1, 1), "dd/mm/yyyy", "number-changed"),
    ("B2", 12345, '"LSP/"00000', "number-changed"), ("B2", 1234567, "0000-000", "number-changed"), ("B2", 1234567, "#,##0", "number-changed"), ("D2", "=B2", "General", "formula-without-result"),
    ("D2", "NULL", "General", "word-for-nothing"), ("O2", "x", "General", "value-without-column"),
    ("E2", 3404123456780001, "0", None), ("E2", "=A2", "General", None), ("D2", True, "General", "number-changed"), ("B2", "A 1\nA 9", "@", "number-changed"), ("D2", 45580, "General", "damaged-text"),
])
def test_a_cell_is_found_at_its_place(office, cell, value, form, rule):
    book = workbook({"Register": [office_row(1), office_row(2)]})
    book.active[cell].value = value
    book.active[cell].number_format = form
    saved(book, office.book)
    assert found(office) == ([(rule, "Register", cell)] if rule else [])


def test_a_formula_counts_by_its_result(office):
    save(office, [office_row(1)])
    changed(office.book, SHEET, lambda xml: xml.replace(
        '<c r="D2" t="inlineStr"><is><t>Siti Contoh 1</t></is></c>', '<c r="D2" t="str"><f>"Siti "&amp;"Baru"</f><v>Siti Baru</v></c>'))
    assert found(office) == []
    assert b'"holder":"Siti Baru"' in next(built(office).glob("c/*/*/record.json")).read_bytes()


def test_texts_of_several_fonts_and_with_prefixes_are_read_whole(office):
    save(office, [office_row(1)])
    changed(office.book, SHEET, lambda xml: xml.replace(
        "<is><t>Siti Contoh 1</t></is>", "<is><r><t xml:space=\"preserve\">Siti </t></r><r><rPr><b/></rPr><t>Baru</t></r></is>"))
    assert b'"holder":"Siti Baru"' in next(built(office).glob("c/*/*/record.json")).read_bytes()


def test_merged_cells_lose_values_only_where_they_are_read(office):
    book = workbook({"Register": [office_row(n) for n in range(1, 6)]})
    book.active.merge_cells("E3:E5")
    saved(book, office.book)
    assert found(office) == []
    book.active.merge_cells("J3:J5")
    saved(book, office.book)
    assert found(office) == [("merged-cells", "Register", "J3")]


def test_hidden_rows_and_columns_are_named(office):
    book = workbook({"Register": [office_row(n) for n in range(1, 9)]})
    for row in range(3, 10):
        book.active.row_dimensions[row].hidden = True
    book.active.column_dimensions["C"].hidden = True
    saved(book, office.book)
    findings = check(office)["diagnostics"]
    assert [(each["id"], each["severity"], each["cell"]) for each in findings] == [
        ("hidden-rows", "warning", "A3"), ("hidden-columns", "warning", "C1")]
    assert "7 rows are hidden in the spreadsheet and read all the same: 3, 4, 5, 6, 7 and 2 more" in findings[0]["message"]


def test_what_is_no_workbook_is_named(office):
    def only():
        [finding] = check(office)["diagnostics"]
        return finding["id"], finding["message"]

    office.book.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000))
    assert only() == ("not-a-table", "A registry is delimited text or a workbook, and this file is a workbook of Excel 97"
                      " (.xls), or one with a password")
    save(office, [office_row(n) for n in range(1, 50)])
    whole = office.book.read_bytes()
    office.book.write_bytes(whole[: len(whole) // 2])
    assert only()[0] == "unreadable-workbook"
    broken = bytearray(whole)
    at = whole.index(b"xl/worksheets/sheet1.xml") + 60
    broken[at:at + 40] = bytes(40)
    office.book.write_bytes(bytes(broken))
    assert only()[0] == "unreadable-workbook"
    with zipfile.ZipFile(office.book, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    assert only() == ("unreadable-workbook",
                      "This file is an OpenDocument file: save it as Excel workbook (.xlsx)")
    with zipfile.ZipFile(office.book, "w") as archive:
        archive.writestr("photo.jpg", b"x")
    assert only() == ("unreadable-workbook", "This file is no workbook: save it as Excel workbook (.xlsx)")


@pytest.mark.parametrize("change", [
    lambda xml: xml.replace("<worksheet", '<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1),
    lambda xml: xml.replace("</sheetData>", "", 1), lambda xml: xml.replace("</row>", "<row>", 1),
    lambda xml: xml.replace('<row r="3"', '<row r="2"', 1), lambda xml: xml.replace('<row r="3"', '<row r="9223372036854775807"', 1),
    lambda xml: xml.replace('<c r="A3"', '<c r="ZZZZZ3"', 1),
    lambda xml: xml.replace('<c r="B3" t="inlineStr">', '<c r="B3" t="s"><v>999</v></c><c r="P3" t="inlineStr">', 1),
], ids=["a document type", "no end", "nested rows", "a row twice", "a row of no number", "a column of none", "a text that is missing"])
def test_damaged_parts_are_refused(office, change):
    save(office, [office_row(n) for n in range(1, 5)])
    changed(office.book, SHEET, change)
    outcome = office.run("check")
    assert outcome.code == 1 and b"[unreadable-workbook]" in outcome.err


# Runs a command and prints its exit code and its peak memory in MB.
METER = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss / 1024)
"""


def metered(*command):
    code, peak = subprocess.run(
        [sys.executable, "-c", METER, *map(str, command)], check=True, capture_output=True, text=True).stdout.split()
    return int(code), float(peak)


def test_a_part_that_unpacks_to_more_than_any_office_has_is_not_unpacked_whole(office):
    save(office, [office_row(1)])
    shared(office.book)
    with zipfile.ZipFile(office.book) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    with zipfile.ZipFile(office.book, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            with archive.open(name, "w", force_zip64=True) as part:
                if name == "xl/sharedStrings.xml":
                    part.write(b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>')
                    for _ in range(600):
                        part.write(b"x" * (1 << 20))
                    part.write(b"</t></si></sst>")
                else:
                    part.write(content)
    assert office.book.stat().st_size < 8 << 20
    code, peak = metered(PROGRAM, "check", "--root", office.root)
    assert code == 1 and peak < 1000
    [finding] = check(office)["diagnostics"]
    assert finding["id"] == "unreadable-workbook" and "holds more" in finding["message"]


# Makes a register of many rows, as a workbook and as text; in a process of its own, since a process
# that is started begins with the peak memory of the one that starts it.
MANY = """
import csv, sys
from support.workbooks import HEADINGS, office_row, saved, shared
import openpyxl
book = openpyxl.Workbook(write_only=True)
sheet = book.create_sheet("Register")
with open(sys.argv[2], "w", encoding="utf-8", newline="") as file:
    text = csv.writer(file)
    for row in [HEADINGS, *([office_row(n, **{"Tgl Terbit": "2024-10-15"}).get(heading) for heading in HEADINGS]
                            for n in range(1, 100_001))]:
        sheet.append(row)
        text.writerow(row)
shared(saved(book, sys.argv[1]))
"""


def test_a_hundred_thousand_rows_take_little_more_memory_than_the_text(office):
    text = office.root / "seeds/register.csv"
    subprocess.run([sys.executable, "-c", MANY, office.book, text], check=True, cwd=REPOSITORY / "Tests")
    as_book = metered(PROGRAM, "check", "--root", office.root)
    office.set_site(registry={"file": "register.csv"})
    as_text = metered(PROGRAM, "check", "--root", office.root)
    assert as_book[0] == as_text[0] == 0
    assert as_book[1] < as_text[1] + 150


# Lists


def test_batches_and_exports_can_be_workbooks(office):
    save(office, [office_row(1, **{"Kab/Kota": None})])
    book = workbook({"Uji": [["2024/01", "Dinas Contoh", "Kabupaten Bantul", "Daerah Istimewa Yogyakarta", "TUK Contoh",
                              datetime.date(2024, 10, 14)]]},
                    headings=["Kode Uji", "Pemohon", "Kab/Kota", "Provinsi", "TUK", "Tanggal"])
    saved(book, office.root / "seeds/batches.xlsx")
    exports = office.root / "seeds/exports.csv"
    rows = list(csv.reader(io.StringIO(exports.read_text(encoding="utf-8"))))
    saved(workbook({"Ekspor": rows[1:]}, headings=rows[0]), office.root / "seeds/exports.xlsx")
    assert found(office) == [("list-in-two-files", None, None)]
    exports.unlink()
    assert found(office) == []
    site = built(office)
    assert (site / "batches/2024-01/index.html").exists()
    assert "17.5" in (site / "statistics/index.html").read_text(encoding="utf-8")
    book.active["D2"].value = "#N/A"
    saved(book, office.root / "seeds/batches.xlsx")
    assert found(office) == [("spreadsheet-error-value", "Uji", "D2")]


def test_a_list_of_candidates_can_be_a_workbook(office):
    save(office, [])
    names = ["No", "Nama", "Skema", "Kab/Kota", "Provinsi", "Kelompok"]
    people = [[n, f"Siti Contoh {n}", "Pembatik Tulis", "Kabupaten Bantul", "Daerah Istimewa Yogyakarta", "-"] for n in range(1, 4)]
    book = openpyxl.Workbook()
    fill(book.active, people, headings=names, titles=[["Daftar calon peserta"], []])
    list_ = saved(book, office.root / "daftar.xlsx")
    outcome = run_program("batch", "check", list_.name, "--format", "json", cwd=office.root)
    assert (outcome.code, outcome.json["result"]["candidates"]) == (0, 3)
    book.active["B4"].value = "NULL"
    book.active["F5"].value = "0812-3456-7890"
    saved(book, list_)
    outcome = run_program("batch", "check", list_.name, "--format", "json", cwd=office.root)
    assert [(each["id"], each["cell"]) for each in outcome.findings] == [
        ("word-for-nothing", "B4"), ("personal-data-in-text", "F5")]
    assert "0812" not in json.dumps(outcome.json)

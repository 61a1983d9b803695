"""Workbooks as offices keep them, made by openpyxl or by hand."""

import csv
import datetime
import io
import re
import zipfile

import openpyxl

HEADINGS = ["No", "No. Sertifikat", "No. Registrasi", "Nama Peserta", "NIK", "No. HP", "Skema", "Tgl Terbit",
            "Berlaku s.d.", "Kab/Kota", "Provinsi", "Status", "Tanggal Status", "Keterangan"]
NIK = 3404123456780001


def office_row(serial, **changes):
    """A row of a register, by heading."""
    row = {
        "No": serial, "No. Sertifikat": f"13134 7318 2 {serial:07} 2024", "No. Registrasi": f"BTK.0000.{serial:05}.2024",
        "Nama Peserta": f"Siti Contoh {serial}", "NIK": str(NIK + serial), "No. HP": "081234567890",
        "Skema": "Pembatik Tulis", "Tgl Terbit": datetime.date(2024, 10, 15), "Kab/Kota": "Kabupaten Bantul",
        "Provinsi": "Daerah Istimewa Yogyakarta",
    }
    return row | changes


def workbook(sheets, headings=HEADINGS):
    """A workbook of sheets by name, each a list of rows: rows by heading, or lists of cells as they are."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        fill(book.create_sheet(name), rows, headings)
    return book


def fill(sheet, rows, headings=HEADINGS, titles=()):
    for title in titles:
        sheet.append(title)
    sheet.append(headings)
    for row in rows:
        sheet.append(row if isinstance(row, list) else [row.get(heading) for heading in headings])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, datetime.date):
                cell.number_format = "dd/mm/yyyy"


def saved(book, path):
    book.save(path)
    return path


def as_csv(path, sheet):
    """A sheet as people turn it into CSV with openpyxl: the values, as Python writes them."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True):
        writer.writerow(["" if value is None else value for value in row])
    return text.getvalue()


def changed(path, part, change):
    """Changes a part of a workbook by a function of its text."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    before = parts[part].decode()
    parts[part] = change(before).encode()
    assert parts[part] != before.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


SHARED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"


def shared(path):
    """Writes the texts of a workbook's cells once for all of them, as Excel does; openpyxl writes each into its cell."""
    with zipfile.ZipFile(path) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    texts = []

    def share(cell):
        texts.append(cell[3])
        return f'<c {cell[1]}t="s"{cell[2]}><v>{len(texts) - 1}</v></c>'

    for name in [each for each in parts if each.startswith("xl/worksheets/sheet")]:
        parts[name] = re.sub(r'<c ([^>]*)t="inlineStr"([^>]*)><is>(.*?)</is></c>', share, parts[name].decode(), flags=re.S).encode()
    items = "".join(f"<si>{text}</si>" for text in texts)
    parts["xl/sharedStrings.xml"] = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">' + items + "</sst>").encode()
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = parts[relations].replace(
        b"</Relationships>", f'<Relationship Type="{SHARED}" Target="sharedStrings.xml" Id="rIdS"/></Relationships>'.encode())
    assert texts
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"</Types>", (
        b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument'
        b'.spreadsheetml.sharedStrings+xml"/></Types>'))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path

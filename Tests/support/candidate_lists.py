"""Lists of candidates: good ones, broken ones, hostile ones, and ones made by chance."""

import random

HEADER = ["name", "scheme", "regency", "province", "group", "certificate", "note"]
INDONESIAN = ["nama", "skema", "kabupaten", "provinsi", "kelompok", "sertifikat", "catatan"]
GOOD = ["Siti Contoh", "PBT", "Kabupaten Bantul", "Daerah Istimewa Yogyakarta", "Sekar Wiru", "", ""]


def sheet(rows, header=HEADER, delimiter=",", end="\n", start=""):
    def cell(text):
        quoted = any(each in text for each in (delimiter, '"', "\n", "\r"))
        return '"' + text.replace('"', '""') + '"' if quoted else text
    lines = [delimiter.join(map(cell, row)) for row in ([header] if header else []) + rows]
    return (start + "".join(line + end for line in lines)).encode()


def row(**changes):
    return [changes.get(name, value) for name, value in zip(HEADER, GOOD)]


def people(count, scheme="PBT"):
    return [row(name=f"Siti Contoh {number}", scheme=scheme) for number in range(count)]


# By name: a list that nothing is wrong with, but for what is worth a second look.
GOOD_LISTS = {
    "one person": sheet([row()]),
    "as Excel in Indonesia writes it": sheet([row()], INDONESIAN, ";", "\r\n", "\ufeff"),
    "with the line that Excel understands": sheet([row()], HEADER, ";", "\r\n", "sep=;\r\n"),
    "tabs": sheet([row()], delimiter="\t"),
    "old line ends": sheet(people(3), end="\r"),
    "capitals and signs in headings": sheet([row()], [
        "NAMA LENGKAP", "Skema", "Kabupaten/Kota", "PROVINSI", "Kelompok", "No. Sertifikat", "Keterangan"]),
    "numbered rows": sheet([["1", *row()], ["2", *row(name="Budi Contoh")]], ["No.", *HEADER]),
    "titles for codes": sheet([row(scheme="Pembatik Tulis"), row(scheme="stamped batik maker")]),
    "an older title": sheet([row(scheme="Natural Dyeing")]),
    "four columns alone": sheet([row()[:4]], HEADER[:4]),
    "other letters": sheet([row(name="Ni Luh Éka Ñusa"), row(name="Łucja 山田"), row(name="E\u0301ka")]),
    "commas, quotes and line ends in a field": sheet([row(note='A, "B"\nC')]),
    "empty columns at the end": sheet([[*row(), "", ""]], [*HEADER, "", ""]),
    "blank rows between": b"\n".join(sheet(people(2)).split(b"\n")[:2] + [b"", b",,,,,,", b""]),
    "ten for one assessor": sheet(people(10)),
    "eleven": sheet(people(11)),
    "two schemes": sheet(people(12) + people(9, "PBC")),
    "titles above the header": b"Kelompok Sekar Wiru, Bantul\n\nDaftar calon peserta\n" + sheet([row()]),
    "a line that Excel saved again": sheet([row()], HEADER, ";", start="sep=;;;;;;\n"),
    "empty cells behind every row": sheet([[*row(), "", ""], [*row(name="Budi Contoh"), "", ""]]),
    "dashes for nothing": sheet([row(group="-", certificate="–", note="—")]),
    "an old certificate": sheet([row(certificate="13134 7318 2 0000044 2023")]),
    "one person in two schemes": sheet([row(), row(scheme="PBC")]),
    "two people of one name": sheet([row(note="from Giriloyo"), row(note="from Wijirejo")]),
    "most": sheet(people(500)),
}

BROKEN_LISTS = {
    "empty": b"",
    "a byte order mark alone": b"\xef\xbb\xbf",
    "line ends alone": b"\n\r\n\n",
    "a header alone": sheet([]),
    "no header": sheet([row()], None),
    "UTF-16": sheet([row()]).decode().encode("utf-16"),
    "UTF-16 without a mark": sheet([row()]).decode().encode("utf-16-le"),
    "Windows-1252": sheet([row(name="Andr\u00e9")]).decode().encode("cp1252"),
    "Windows-1252 in the header": "n\u00e4me,scheme\n".encode("cp1252"),
    "an identity number": sheet([["1", *row()]], ["NIK", *HEADER]),
    "birth and telephone": sheet([[*row(), "1", "2"]], [*HEADER, "Tgl. Lahir", "No HP"]),
    "an address under another heading": sheet([[*row(), "x"]], [*HEADER, "Alamat rumah"]),
    "a column misspelled": sheet([row()], ["nmae", *HEADER[1:]]),
    "a column that nobody knows": sheet([[*row(), "1"]], [*HEADER, "warna"]),
    "a column twice": sheet([[*row(), "x"]], [*HEADER, "nama"]),
    "a column missing": sheet([row()[:3]], HEADER[:3]),
    "an invisible character in a heading": sheet([row()], ["na\u200bme", *HEADER[1:]]),
    "a scheme misspelled": sheet([row(scheme="Pembatk Cap"), row(scheme="PBX"), row(scheme="?")]),
    "nothing filled in": sheet([row(), ["", "", "", "", "x", "", ""]]),
    "spaces alone": sheet([[" ", "\u00a0", "\u2003", " ", "", "", ""]]),
    "a field too many": sheet([row(), [*row(), "x"], row(name="Budi")]),
    "a field too few": sheet([row()[:5]]),
    "a quote left open": sheet([row()]) + b'"Budi,PBT,a,b,,,\nx\n',
    "a quote left open in the header": b'"name,scheme\nx,y\n',
    "text after a quote": sheet([row()]) + b'"Budi" x,PBT,a,b,,,\n',
    "a value without a column": sheet([[*row(), "x"]], [*HEADER, ""]),
    "formulas": sheet([row(name="=cmd|'/c calc'!A0"), row(group="+62"), row(note="-1"), row(regency="@x")]),
    "formulas behind spaces": sheet([row(name="  =1+1"), row(note="\t+1")]),
    "a rounded number": sheet([row(certificate="1,31347E+21")]),
    "an identity number for a certificate": sheet([row(certificate="3402010101900001")]),
    "identity and telephone numbers in texts": sheet([
        row(note="NIK 3402010101900001"), row(note="0812-3456-7890"), row(group="+62 812 3456 789"),
        row(name="Siti 123456789"), row(note="siti@contoh.example")]),
    "as many digits as a year": sheet([row(note="2019, 2020 and 2021; 12345678")]),
    "the same row twice": sheet([row(), row(), row(name="SITI CONTOH")]),
    "directions and controls": sheet([
        row(name="Siti\u202eotnoC"), row(note="\x07"), row(group="\ufeffx"), row(note="a\x00b"), row(name="\ue000")]),
    "markup": sheet([row(name="<img src=x onerror=alert(1)>"), row(note="</script><script>alert(1)</script>")]),
    "more than most": sheet(people(501)),
    "words of errors": sheet([row(name="#N/A"), row(regency="#REF!"), row(scheme="########"), row(note="#¡VALOR!")]),
    "words for nothing": sheet([row(name="NULL"), row(group="None"), row(certificate="nan"), row(scheme="NULL"), row(name="TRUE"), row(group="xxx"),
        row(name="Nihil")]),
    "numbers that a spreadsheet changed": sheet([
        row(certificate=each) for each in ("1313473182000001.0", "'00012", "15-Okt-24", "1,234,567", "2024-10-15 00:00:00")]),
    "a long number without its last digits": sheet([row(certificate="131347318200000000000")]),
    "texts in the wrong encoding": sheet([
        row(name="Nurâ€™aini"), row(name="RÃ©na"), row(name="Ren√©"), row(name="Ren\ufffd"), row(group="Nur&#39;aini"), row(name="Nur\\'aini")]),
    "letters that look like others": sheet([
        row(name="S\u0456ti"), row(certificate="\u0410 12"), row(name="\uff33\uff49"), row(group="Sekar \U0001d40f"),
        row(certificate="A 1\uff12")]),
    "a text of many cells": sheet([row(name="Siti " * 41), row(certificate="B" * 101)]),
    "what may be damage": sheet([row(name="Siti ?"), row(name="Siti \\ Dewi"), row(name="<b>Siti</b>"), row(name="Nur''aini")]),
    "rows in a quote": sheet([row()]) + b'"Budi,PBT,a,b,,,\nAni,PBT,a,b,,,\nEko",PBT,a,b,,,\n',
    "an HTML page": b"<html><body><table><tr><th>name</th><th>scheme</th></tr></table></body></html>",
    "an old workbook": b"\xd0\xcf\x11\xe0" + bytes(600),
    "pipes": sheet([row()], delimiter="|"),
    "empty cells behind one row": sheet([row(), [*row(name="Budi"), "", ""]]),
    "a long field": sheet([row(note="x" * 100_000)]),
    "a record over many lines": sheet([row(note="a\n" * 40, certificate="1E+2")]),
}

PIECES = [
    "Siti", "PBT", "pbc", "Pembatik Cap", "Bantul", "DIY", "=", "+", "-", "@", ",", ";", "\t", '"', '""', "\n",
    "\r\n", "\r", " ", "\u00a0", "\u200b", "é", "e\u0301", "山", "😀", "12345678", "9", "0812-3456-7890", "a@b", "1E+21",
    "name", "scheme", "regency", "province", "nama", "skema", "kabupaten", "provinsi", "NIK", "note", "umur", "sep=;", "sep=;;;", "NULL", "#N/A", "Ã©", "&#39;", "\\'", "?", "|", "-", "1.0", "%20",
    "\ufeff", "\x00", "\x7f", "K", "ſ", "İ", "Σ", "\u0345", "ﬁ", "\u1e9e",
]


def by_chance(chance):
    """A list that begins as a good one and is then worked over."""
    delimiter = chance.choice(",;\t")
    header = [chance.choice(pair) for pair in zip(HEADER, INDONESIAN)]
    rows = [[chance.choice([value, value, value, piece(chance)]) for value in row(
        name=f"Siti {chance.randrange(4)}", scheme=chance.choice(["PBT", "pbc", "Pewarnaan Alam", "MDM"]))]
        for _ in range(chance.randrange(6))]
    if chance.random() < 0.3:
        chance.shuffle(header)
    if chance.random() < 0.2:
        header[chance.randrange(7)] = piece(chance)
    content = bytearray(sheet(rows, header, delimiter, chance.choice(["\n", "\r\n", "\r"]),
                              chance.choice(["", "", "\ufeff", "sep=;\n"])))
    for _ in range(chance.choice([0, 0, 0, 1, 1, 3])):
        at = chance.randrange(len(content) + 1)
        change = chance.randrange(3)
        if change == 0:
            content[at:at] = chance.choice(PIECES).encode()
        elif change == 1:
            del content[at:at + chance.randrange(4)]
        elif at < len(content):
            content[at] = chance.randrange(256)
    return bytes(content)


def piece(chance):
    return "".join(chance.choice(PIECES) for _ in range(chance.randrange(1, 4)))


def lists_by_chance(seed, count):
    chance = random.Random(seed)
    return [by_chance(chance) for _ in range(count)]

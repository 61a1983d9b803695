"""The forms in which spreadsheets and databases hand over one and the same registry."""

import csv
import datetime
import io
import json
import sqlite3
import unicodedata

import pytest

from support.output import differences, stamps, tree
from support.registry import COLUMNS, person, sheet

MONTHS = ("Januari Februari Maret April Mei Juni Juli Agustus September Oktober November"
          " Desember").split()
DATES = ("issued", "expires", "status_date")
INDONESIAN = {"valid": "berlaku", "suspended": "ditangguhkan", "revoked": "dicabut",
              "superseded": "digantikan"}


@pytest.fixture
def other_form(varied_built, varied):
    """Builds the varied registry written in another form, and tells what came out differently."""

    def build(content, **site):
        varied.registry.write_bytes(content)
        if site:
            varied.set_site(**site)
        varied.built()
        return differences(tree(varied_built.public), tree(varied.public))

    return build


@pytest.fixture(scope="module")
def rows(varied_template):
    return varied_template.rows()


def changed(rows, change, columns=COLUMNS):
    return [{**row, **{name: change(row[name]) for name in columns if row[name]}} for row in rows]


def encoded(text, encoding="utf-8"):
    return text.encode(encoding)


def test_the_varied_registry_has_every_status_and_a_second_revision(rows):
    assert {row["status"] for row in rows} == {"", "valid", "suspended", "revoked", "superseded"}
    assert "2" in {row["revision"] for row in rows}
    assert {"yes", "no"} <= {row["listed"] for row in rows}
    assert any("," in row["holder"] for row in rows)


# MARK: Delimited text


@pytest.mark.parametrize("delimiter, end, mark", [
    (",", "\n", "\ufeff"), (",", "\r\n", ""), (";", "\n", ""), (";", "\r\n", "\ufeff"),
    ("\t", "\n", "\ufeff"), ("\t", "\r\n", "")])
def test_delimiter_line_end_and_byte_order_mark_change_nothing(
        other_form, rows, delimiter, end, mark):
    assert other_form(encoded(mark + sheet(rows, delimiter=delimiter, end=end))) == []


@pytest.mark.parametrize("delimiter, mark", [
    (",", ""), (";", ""), (";", "\ufeff"), ("\t", ""), ("|", "\ufeff")])
def test_a_line_that_names_the_separator_is_not_a_row(other_form, rows, delimiter, mark):
    text = f"{mark}sep={delimiter}\r\n" + sheet(rows, delimiter=delimiter, end="\r\n")
    assert other_form(encoded(text)) == []


def test_every_field_may_be_quoted(other_form, rows):
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([row[name] for name in COLUMNS] for row in rows)
    assert other_form(encoded(text.getvalue())) == []


def test_a_last_line_without_its_end_is_read(other_form, rows):
    assert other_form(encoded(sheet(rows).rstrip("\n"))) == []


def test_blank_rows_are_passed_over(other_form, rows):
    lines = sheet(rows).splitlines()
    lines[5:5] = ["", "," * (len(COLUMNS) - 1)]
    assert other_form(encoded("\n".join(lines + ["," * (len(COLUMNS) - 1)] * 3) + "\n\n\n")) == []


def test_a_newline_in_a_quoted_field_is_a_space(other_form, rows):
    broken = changed(rows, lambda text: text.replace(" ", "\r\n", 1), ["holder", "regency"])
    assert other_form(encoded(sheet(broken))) == []


def test_stray_spaces_and_tabs_are_trimmed(other_form, rows):
    spaced = changed(rows, lambda text: f"  {text.replace(' ', '   ')} ")
    assert other_form(encoded(sheet(spaced))) == []
    tabbed = changed(rows, lambda text: f"\t{text}\t")
    assert other_form(encoded(sheet(tabbed))) == []


@pytest.mark.parametrize("space", ["\u00a0", "\u202f", "\u2007", "\u3000", " \u00a0 "])
def test_non_breaking_and_other_spaces_are_spaces(other_form, rows, space):
    spaced = changed(rows, lambda text: space + text.replace(" ", space) + space)
    assert other_form(encoded(sheet(spaced))) == []


def test_columns_may_stand_in_any_order(other_form, rows):
    assert other_form(encoded(sheet(rows, COLUMNS[::-1]))) == []


def test_header_names_may_have_capitals_and_spaces(other_form, rows):
    header, body = sheet(rows).split("\n", 1)
    names = [name.replace("_", " ").title() for name in header.split(",")]
    assert other_form(encoded(", ".join(names) + "\n" + body)) == []


def test_columns_that_are_not_required_may_be_absent(project):
    rows = [person(1), person(2)]
    project.write_rows(rows)
    project.built()
    plain = tree(project.public)
    project.start_over()
    project.write_rows(rows, ["number", "registration", "holder", "scheme", "issued"])
    project.built()
    assert differences(plain, tree(project.public)) == []


@pytest.mark.smoke
def test_doubled_quotes_stand_for_one(project):
    project.registry.write_text(
        'number,holder,scheme,issued\n'
        '"13134 7318 2 0000001 2024","Budi ""Mbah"" Santoso",PBT,2024-10-15\n', encoding="utf-8")
    project.built()
    [record] = project.public.glob("c/*/*/record.json")
    assert r'"holder":"Budi \"Mbah\" Santoso"' in record.read_text(encoding="utf-8")


# MARK: Dates


def slashed(day):
    return datetime.date.fromisoformat(day).strftime("%d/%m/%Y")


def dashed(day):
    return datetime.date.fromisoformat(day).strftime("%d-%m-%Y")


def unpadded(day):
    date = datetime.date.fromisoformat(day)
    return f"{date.day}/{date.month}/{date.year}"


def worded(day):
    date = datetime.date.fromisoformat(day)
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


@pytest.mark.parametrize("form", [slashed, dashed, unpadded, worded,
                                  lambda day: worded(day).upper(), lambda day: worded(day).lower()])
def test_dates_are_read_in_every_form_that_is_written(other_form, rows, form):
    assert other_form(encoded(sheet(changed(rows, form, DATES)))) == []


def test_dates_of_different_forms_may_stand_in_one_file(other_form, rows):
    forms = [slashed, dashed, worded, lambda day: day]
    mixed = [changed([row], forms[position % 4], DATES)[0] for position, row in enumerate(rows)]
    assert other_form(encoded(sheet(mixed))) == []


def test_every_indonesian_month_is_known(project):
    project.write_rows([person(n, issued=f"9 {month} 2023") for n, month in enumerate(MONTHS, 1)])
    project.built()
    issued = {json.loads(record.read_bytes())["issued"]
              for record in project.public.glob("c/*/*/record.json")}
    assert issued == {f"2023-{month:02}-09" for month in range(1, 13)}


def test_the_day_comes_before_the_month(project):
    project.write_rows([person(1, issued="03/04/2024")])
    project.built()
    [record] = project.public.glob("c/*/*/record.json")
    assert '"issued":"2024-04-03"' in record.read_text(encoding="utf-8")


# MARK: Words and letters


@pytest.mark.parametrize("form", [str.lower, str.upper, str.title])
def test_status_words_may_be_indonesian(other_form, rows, form):
    words = changed(rows, lambda word: form(INDONESIAN[word]), ["status"])
    assert other_form(encoded(sheet(words))) == []


def test_names_decomposed_by_the_spreadsheet_are_composed(project):
    names = ["Śrī Ayu Ñoño", "Żołądź Ćwir", "Hồ Thị Ánh", "Åsa Öberg", "각하"]
    project.write_rows([person(n, holder=name) for n, name in enumerate(names, 1)])
    project.built()
    composed = tree(project.public)
    project.start_over()
    project.write_rows(
        [person(n, holder=unicodedata.normalize("NFD", name)) for n, name in enumerate(names, 1)])
    assert project.registry.read_text("utf-8") != unicodedata.normalize(
        "NFC", project.registry.read_text("utf-8"))
    project.built()
    assert differences(composed, tree(project.public)) == []


# MARK: Encodings


def test_utf_16_is_named_as_such_with_the_way_out(project):
    text = sheet([person(1)])
    for content in (encoded(text, "utf-16"), b"\xfe\xff" + encoded(text, "utf-16-be"),
                    encoded(text, "utf-16-le"), encoded(text, "utf-16-be")):
        project.registry.write_bytes(content)
        [finding] = project.findings()
        assert (finding["id"], finding["path"]) == ("not-utf8", "seeds/registry.csv")
        assert "UTF-16" in finding["message"] and "UTF-8" in finding["hint"]
        assert not project.public.exists()


WINDOWS = {
    "in a name": (COLUMNS, {"holder": "Renée Ñoño"}, 2),
    "in a name with curly quotes": (COLUMNS, {"holder": "Budi “Mbah” S"}, 2),
    "in a column that is not printed": (COLUMNS, {"regency": "Café"}, 2),
}


@pytest.mark.parametrize("case", WINDOWS)
def test_windows_1252_is_named_as_such_with_the_way_out(project, case):
    columns, change, line = WINDOWS[case]
    project.registry.write_bytes(encoded(sheet([person(1, **change), person(2)], columns), "cp1252"))
    [finding] = project.findings()
    assert (finding["id"], finding["path"], finding["line"]) == (
        "not-utf8", "seeds/registry.csv", line)
    assert "Windows-1252" in finding["message"] and "UTF-8" in finding["hint"]
    assert not project.public.exists()


def test_windows_1252_in_the_header_is_named_as_such_too(project):
    project.set_site(registry={"file": "registry.csv", "columns": {"holder": "Nama Peserta (é)"}})
    columns = [{"holder": "Nama Peserta (é)"}.get(name, name) for name in COLUMNS]
    text = sheet([[person(1).get(name, "") for name in COLUMNS]], columns)
    project.registry.write_bytes(encoded(text, "cp1252"))
    findings = project.findings()
    assert [finding["id"] for finding in findings] == ["not-utf8"]
    assert "Windows-1252" in findings[0]["message"]


def test_an_empty_file_is_named_as_such(project):
    for content in (b"", b"\xef\xbb\xbf", b"\n\n"):
        project.registry.write_bytes(content)
        [finding] = project.findings()
        assert (finding["id"], finding["path"]) == ("empty-registry", "seeds/registry.csv")


# MARK: Header names of one's own


def test_other_header_names_are_mapped_in_the_settings(other_form, rows):
    names = {
        "number": "Nomor Sertifikat", "revision": "Revisi", "registration": "No. Registrasi",
        "holder": "Nama Lengkap", "scheme": "Skema", "issued": "Tanggal Terbit",
        "expires": "Berlaku Sampai", "status": "Keadaan", "status_date": "Tanggal Status",
        "status_reason": "Alasan", "superseded_by": "Diganti Oleh", "regency": "Kabupaten/Kota",
        "province": "Provinsi", "batch": "Angkatan", "assessor": "Asesor", "listed": "Tampil"}
    _, body = sheet(rows, delimiter=";").split("\n", 1)
    header = ";".join(names[name] for name in COLUMNS)
    assert other_form(encoded(f"{header}\n{body}"),
                      registry={"file": "registry.csv", "columns": names}) == []


def test_columns_named_in_the_settings_are_passed_over(other_form, rows):
    text = sheet([[*(row[name] for name in COLUMNS), "x", "y"] for row in rows],
                 [*COLUMNS, "Catatan", "Nilai Ujian"])
    assert other_form(encoded(text), registry={
        "file": "registry.csv", "columns": {}, "ignore": ["Catatan", "nilai ujian"]}) == []


def test_schemes_may_be_named_by_their_titles(project):
    project.built()
    plain = tree(project.public)
    titles = project.schemes[0]["editions"][0]["title"]
    assert project.schemes[0]["code"] == "PBT"
    for title in titles.values():
        project.start_over()
        project.write_rows([person(n, scheme=title) for n in (1, 2, 3)])
        project.built()
        assert differences(plain, tree(project.public)) == []


# MARK: SQLite


def write_database(file, rows, table="certificates", types=None, columns=COLUMNS):
    types = types or {}
    file.unlink(missing_ok=True)
    with sqlite3.connect(file) as database:
        declared = ", ".join(f'"{name}" {types.get(name, "TEXT")}' for name in columns)
        database.execute(f'CREATE TABLE "{table}" ({declared})')
        marks = ", ".join("?" * len(columns))
        database.executemany(
            f'INSERT INTO "{table}" VALUES ({marks})',
            [[row.get(name) for name in columns] for row in rows])
    database.close()


@pytest.fixture
def database(project):
    project.registry.unlink()
    project.set_site(registry={"file": "registry.sqlite", "table": "certificates"})
    return project.root / "seeds/registry.sqlite"


@pytest.mark.parametrize("file", ["registry.sqlite", "registry.db", "registry.sqlite3"])
def test_a_database_gives_the_same_site_as_the_text_file(varied_built, varied, rows, file):
    varied.registry.unlink()
    varied.set_site(registry={"file": file, "table": "certificates"})
    write_database(varied.root / "seeds" / file, rows)
    varied.built()
    assert differences(tree(varied_built.public), tree(varied.public)) == []


def test_integers_and_nulls_in_a_database_are_the_texts_they_stand_for(varied_built, varied, rows):
    varied.registry.unlink()
    varied.set_site(registry={"file": "registry.sqlite", "table": "certificates"})
    typed = [{name: value or None for name, value in row.items()} for row in rows]
    for row in typed:
        row["revision"] = int(row["revision"]) if row["revision"] else None
        row["listed"] = {"yes": 1, "no": 0}.get(row["listed"])
    write_database(varied.root / "seeds/registry.sqlite", typed,
                   types={"revision": "INTEGER", "listed": "INTEGER", "issued": "DATE"})
    varied.built()
    assert differences(tree(varied_built.public), tree(varied.public)) == []


def test_integer_numbers_keep_their_digits(project, database):
    write_database(database, [{**person(1), "number": 1313473182000001}], types={"number": "INTEGER"})
    project.built()
    [record] = project.public.glob("c/*/*/record.json")
    assert '"number":"1313473182000001"' in record.read_text(encoding="utf-8")


@pytest.mark.parametrize("table, number", [
    ("daftar sertifikat", "Nomor Sertifikat"), ("select", "order"),
    ('daftar "resmi"', 'Nomor "Resmi"'), ("sertifikat's", "[nomor]")])
def test_a_table_and_columns_may_have_names_that_sql_must_quote(project, table, number):
    def quoted(name):
        return '"' + name.replace('"', '""') + '"'

    project.built()
    plain = tree(project.public)
    project.start_over()
    rows = project.rows()
    columns = [number, *COLUMNS[1:]]
    project.set_site(registry={
        "file": "registry.sqlite", "table": table, "columns": {"number": number}})
    with sqlite3.connect(project.root / "seeds/registry.sqlite") as connection:
        connection.execute(f"CREATE TABLE {quoted(table)} ({', '.join(map(quoted, columns))})")
        connection.executemany(
            f"INSERT INTO {quoted(table)} VALUES ({', '.join('?' * len(columns))})",
            [[row[name] for name in COLUMNS] for row in rows])
    connection.close()
    project.built()
    assert differences(plain, tree(project.public)) == []


@pytest.mark.smoke
def test_findings_in_a_database_name_table_row_and_column(project, database):
    write_database(database, [
        person(1), person(2, scheme="XYZ"), person(3, issued="2024-02-30"), person(4),
        person(1, revision="2", issued="2023-01-01")])
    found = sorted((each["row"], each["id"], each["table"], each["column"], each["path"])
                   for each in project.findings())
    path = "seeds/registry.sqlite"
    assert found == [
        (2, "unknown-scheme", "certificates", "scheme", path),
        (3, "impossible-date", "certificates", "issued", path),
        (5, "revision-out-of-order", "certificates", "issued", path)]


def test_findings_in_a_database_read_as_a_sentence(project, database):
    write_database(database, [person(1), person(2, scheme="XYZ")])
    text = project.build().err.decode()
    assert "seeds/registry.sqlite: table certificates, row 2, column scheme: error: " in text
    assert "[unknown-scheme]" in text


def test_a_row_is_named_by_its_row_id_even_after_rows_were_deleted(project, database):
    write_database(database, [person(n) for n in range(1, 6)] + [person(6, scheme="XYZ")])
    with sqlite3.connect(database) as connection:
        connection.execute("DELETE FROM certificates WHERE rowid IN (2, 3)")
    connection.close()
    [finding] = project.findings()
    assert (finding["id"], finding["row"]) == ("unknown-scheme", 6)


# Tables that hold what a registry holds, by what is unusual about them: the definitions of their columns
# (a name alone is a text), and what follows the definitions.
ROW_ID_NAMES = ("rowid", "oid", "_rowid_")
TABLES = {
    **{f"a column {name}": ([*COLUMNS, name], "") for name in [*ROW_ID_NAMES, "RowID"]},
    "all names taken": ([*COLUMNS, *ROW_ID_NAMES], ""),
    "two names taken": (["_rowid_", "rowid", *COLUMNS], ""),
    "numbers that repeat": ([*COLUMNS, "rowid INTEGER DEFAULT 7", "oid REAL DEFAULT 7"], ""),
    "a generated column rowid": ([*COLUMNS, "rowid AS (NULL)", "oid AS (number) STORED"], ""),
    "a rowid that is one": (["rowid INTEGER PRIMARY KEY", *COLUMNS], ""),
    "an oid that is one": (["oid INTEGER PRIMARY KEY DESC", *COLUMNS, "rowid", "_rowid_"], ""),
    "without row ids": (["number PRIMARY KEY", *COLUMNS[1:]], "WITHOUT ROWID"),
    "without row ids, with the names": (
        [*COLUMNS, *(f"{name} DEFAULT 'x'" for name in ROW_ID_NAMES), "PRIMARY KEY (number)"],
        "WITHOUT ROWID"),
    "a generated number": (
        ["prefix DEFAULT '13134 7318 2'", "serial",
         "number AS (prefix || ' ' || serial) VIRTUAL", *COLUMNS[1:]], ""),
    "a stored holder": (["written", *COLUMNS, "holder AS (written) STORED"], ""),
}


@pytest.mark.parametrize("what", TABLES)
def test_every_row_of_a_table_is_read_whatever_its_columns_are_called(project, what):
    rows = project.rows()
    project.built()
    plain = tree(project.public)
    project.start_over()
    project.registry.unlink()
    definitions, after = TABLES[what]
    names = [each.split()[0] for each in definitions if not each.startswith("PRIMARY")]
    if what == "a stored holder":
        definitions = [each for each in definitions if each != "holder"]
    extra = sorted({name for name in names if name not in COLUMNS})
    project.set_site(registry={
        "file": "registry.sqlite", "table": "certificates", "ignore": extra})
    filled = {"a generated number": {"number": "serial"}, "a stored holder": {"holder": "written"}}
    into = [filled.get(what, {}).get(name, name) for name in COLUMNS]
    values = [[row[name] for name in COLUMNS] for row in rows]
    if what == "a generated number":
        values = [[value.removeprefix("13134 7318 2 ") for value in row] for row in values]
    with sqlite3.connect(project.root / "seeds/registry.sqlite") as connection:
        connection.execute(f"CREATE TABLE certificates ({', '.join(definitions)}) {after}")
        # Another order, and all that is read: what SQLite would like to read instead of the table.
        connection.execute(f"CREATE INDEX other ON certificates (holder, {', '.join(COLUMNS)})")
        connection.executemany(
            f"INSERT INTO certificates ({', '.join(into)}) VALUES ({', '.join('?' * len(into))})",
            values)
    connection.close()
    project.built()
    assert differences(plain, tree(project.public)) == []


@pytest.mark.parametrize("names", [[], ["rowid"], list(ROW_ID_NAMES)])
def test_shards_of_a_table_follow_each_other_whatever_its_columns_are_called(project, database, names):
    rows = [person(n) for n in range(1, 1101)]
    for row in rows:
        row.update({name: row["holder"] for name in names})
    write_database(database, rows, columns=[*COLUMNS, *names])
    project.set_site(registry={
        "file": "registry.sqlite", "table": "certificates", "ignore": names})
    listed = project.run("export", "--csv")
    assert listed.code == 0, listed.text
    numbers = [line.split(",")[0] for line in listed.out.decode().splitlines()[1:]]
    assert numbers == [row["number"] for row in rows]


def test_where_the_names_of_row_ids_are_taken_a_row_is_named_by_its_place(project, database):
    rows = [person(n) for n in range(1, 6)] + [person(6, scheme="XYZ")]
    write_database(database, rows, columns=[*COLUMNS, *ROW_ID_NAMES])
    project.set_site(registry={
        "file": "registry.sqlite", "table": "certificates", "ignore": list(ROW_ID_NAMES)})
    with sqlite3.connect(database) as connection:
        connection.execute("DELETE FROM certificates WHERE number = ?", [rows[1]["number"]])
    connection.close()
    [finding] = project.findings()
    assert (finding["id"], finding["row"]) == ("unknown-scheme", 5)


def test_a_table_and_its_index_that_disagree_are_no_registry(project, database):
    """Rows that are counted and not read, as in a file of which a part was overwritten."""
    rows = [person(n) for n in range(1, 4)]
    write_database(database, rows)
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE TABLE longer (number)")
        connection.executemany("INSERT INTO longer VALUES (?)", [[n] for n in range(9)])
        for table in ("certificates", "longer"):
            connection.execute(f"CREATE INDEX of_{table} ON {table} (number)")
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(
            "UPDATE sqlite_master SET rootpage ="
            " (SELECT rootpage FROM sqlite_master WHERE name = 'of_longer')"
            " WHERE name = 'of_certificates'")
    connection.close()
    [finding] = project.findings()
    assert (finding["id"], finding["path"]) == ("unreadable-database", "seeds/registry.sqlite")
    assert "3 rows were read and 9 were counted" in finding["message"]


@pytest.mark.parametrize("size, accepted", [(1 << 20, True), ((1 << 20) + 1, False)])
def test_a_value_in_a_database_has_at_most_a_mebibyte(project, database, size, accepted):
    write_database(database, [person(1, assessor="1" * size)])
    outcome = project.run("check", "--format", "json")
    assert outcome.ids == ["long-text" if accepted else "long-value"]


def test_a_view_has_to_be_copied_into_a_table(project, database):
    write_database(database, [person(1)], table="others")
    with sqlite3.connect(database) as connection:
        connection.execute("CREATE VIEW certificates AS SELECT * FROM others")
    connection.close()
    [finding] = project.findings()
    assert finding["id"] == "missing-table"
    assert "a view has to be copied into a table" in finding["hint"]


@pytest.mark.parametrize("table", ["certificate", "sertifikat"])
def test_a_table_that_is_not_there_is_named(project, database, table):
    write_database(database, [person(1)], table="certificates")
    project.set_site(registry={"file": "registry.sqlite", "table": table})
    [finding] = project.findings()
    assert (finding["id"], finding["path"]) == ("missing-table", "seeds/registry.sqlite")
    assert table in finding["hint"]


def test_a_file_that_is_no_database_is_named(project, database):
    database.write_text(sheet([person(1)]), encoding="utf-8")
    [finding] = project.findings()
    assert (finding["id"], finding["path"]) == ("unreadable-database", "seeds/registry.sqlite")


def test_an_unknown_column_of_a_database_is_named(project, database):
    write_database(database, [person(1)], columns=[*COLUMNS, "hodler"])
    [finding] = project.findings()
    assert (finding["id"], finding["table"], finding["column"]) == (
        "unknown-column", "certificates", "hodler")
    assert "`holder`" in finding["hint"]


def test_a_database_is_opened_without_leaving_a_trace(project, database):
    write_database(database, [person(1)])
    before = stamps(database)
    project.built()
    assert stamps(database) == before
    assert [file.name for file in database.parent.iterdir() if file.name.startswith("registry")] == [
        "registry.sqlite"]


def test_a_database_in_write_ahead_mode_is_read(project, database):
    write_database(database, [person(1)])
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("UPDATE certificates SET holder = 'Nama Baru'")
    connection.close()
    project.built()
    [record] = project.public.glob("c/*/*/record.json")
    assert '"holder":"Nama Baru"' in record.read_text(encoding="utf-8")


@pytest.mark.parametrize("character", ["\x07", "\u202e", "\x00"])
def test_a_forbidden_character_in_a_database_is_found(project, database, character):
    write_database(database, [person(1, holder=f"Siti{character}Aminah")])
    [finding] = project.findings()
    assert (finding["id"], finding["row"], finding["column"]) == ("forbidden-character", 1, "holder")


def test_a_blob_in_a_database_is_not_printed(project, database):
    write_database(database, [{**person(1), "holder": b"\xff\xfe\x00"}], types={"holder": "BLOB"})
    findings = project.findings()
    assert {(each["row"], each["column"]) for each in findings} == {(1, "holder")}
    assert "wrong-value-type" in [each["id"] for each in findings]


def test_invalid_utf_8_in_a_database_is_not_published(project, database):
    write_database(database, [person(1)])
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE certificates SET holder = CAST(x'53697469FFFE' AS TEXT)")
    connection.close()
    outcome = project.build("--format", "json")
    assert outcome.code == 1, outcome.text
    assert {(each["row"], each["column"]) for each in outcome.findings} == {(1, "holder")}


# MARK: A larger registry


def test_rows_and_quoted_newlines_across_the_whole_file_keep_their_places(project):
    """More than any read buffer: records straddle its ends, and the last row's place is exact."""
    rows = [person(n, holder=f"Nama {n} {'x' * (n % 97)}", batch="", assessor="a\nb" if n % 7 == 0 else "")
            for n in range(1, 4001)]
    rows.append(person(4001, scheme="XYZ"))
    project.write_rows(rows)
    [finding] = project.findings(command="check")
    lines = project.registry.read_text(encoding="utf-8").count("\n")
    assert (finding["id"], finding["line"]) == ("unknown-scheme", lines)

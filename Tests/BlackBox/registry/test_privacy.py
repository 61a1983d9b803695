"""What must reach no page, no list, no message: data about people that no certificate prints."""

import json
import re
import sqlite3

import pytest

from support.expected import expect_all
from support.output import tree
from support.pages import is_certificate
from support.registry import COLUMNS, person, sheet

# Unmistakable values: none of them, nor any half of them, stands anywhere else.
PERSONAL = {
    "NIK": "3404079911887766",
    "Tanggal Lahir": "31/12/1977",
    "Alamat": "Jalan Rahasia 987, Zzdesa",
    "No HP": "0812-9988-7766",
    "E-mail": "zzrahasia@surel.example",
}
SECRETS = ["3404079911887766", "31/12/1977", "1977-12-31", "31 December 1977", "Rahasia 987",
           "Zzdesa", "0812-9988-7766", "081299887766", "zzrahasia"]


def leaks(content):
    """Which of the unmistakable values stand in some bytes."""
    return [secret for secret in SECRETS if secret.encode() in content]


def with_personal_data(*rows, columns=None):
    return sheet([{**row, **PERSONAL} for row in rows], columns or [*COLUMNS, *PERSONAL])


@pytest.fixture
def registered(project):
    """A project whose registry has columns with personal data."""
    project.registry.write_text(
        with_personal_data(person(1), person(2), person(3)), encoding="utf-8")
    return project


def test_the_unmistakable_values_are_in_the_registry(registered):
    content = registered.registry.read_bytes()
    assert set(leaks(content)) >= {"3404079911887766", "31/12/1977", "Rahasia 987", "Zzdesa",
                                   "0812-9988-7766", "zzrahasia"}


def test_personal_columns_reach_no_file_and_no_message(registered):
    outcome = registered.built()
    assert leaks(outcome.out + outcome.err) == []
    assert {path: leaks(content) for path, content in tree(registered.public).items()
            if leaks(content) or leaks(path.encode())} == {}


@pytest.mark.parametrize("command", [["check"], ["export", "--csv"], ["build", "--format", "json"]])
def test_no_other_command_shows_personal_data(registered, command):
    outcome = registered.run(*command)
    assert outcome.code == 0 and leaks(outcome.out + outcome.err) == []


def test_the_site_is_the_same_as_without_the_columns(registered):
    registered.built()
    before = tree(registered.public)
    registered.write_rows([person(1), person(2), person(3)])
    registered.built()
    assert tree(registered.public) == before


def test_the_build_says_once_which_columns_were_left_out(registered):
    notes = registered.built("--format", "json").json["notes"]
    assert len(notes) == 1
    assert all(notes[0].count(f"`{name}`") == 1 for name in PERSONAL)
    text = registered.built().text
    assert all(text.count(name) == 1 for name in ("NIK", "Tanggal Lahir", "Alamat", "No HP", "E-mail"))


def test_nothing_is_said_where_there_is_no_such_column(project):
    assert project.built("--format", "json").json["notes"] == []


NAMES = ["nik", "NIK", "No. NIK", "Nomor Induk Kependudukan", "no_ktp", "Tgl. Lahir", "tanggal_lahir",
         "TanggalLahir", "Tempat/Tgl Lahir", "birth date", "birth_date", "Date of Birth", "DOB", "alamat",
         "Alamat Rumah", "address", "Home Address", "phone", "Phone Number", "No. HP", "no_hp",
         "Nomor Telepon", "telepon", "Telp", "WhatsApp", "email", "E-Mail", "e mail", "Alamat E-mail",
         "surel"]


def test_the_columns_are_known_by_their_names_in_both_languages(project):
    columns = [*COLUMNS, *NAMES]
    row = {**person(1), **{name: f"Zzsecret{n}" for n, name in enumerate(NAMES)}}
    project.registry.write_text(sheet([row], columns), encoding="utf-8")
    outcome = project.built("--format", "json")
    assert b"Zzsecret" not in outcome.out + outcome.err
    assert [name for name in NAMES if f"`{name}`" not in outcome.json["notes"][0]] == []
    assert [path for path, content in tree(project.public).items() if b"Zzsecret" in content] == []


@pytest.mark.parametrize("column", ["holder", "regency", "registration"])
@pytest.mark.parametrize("name", ["NIK", "Alamat"])
def test_a_personal_column_cannot_be_mapped_to_one_that_is_read(registered, column, name):
    registered.set_site(registry={"file": "registry.csv", "columns": {column: name}})
    outcome = registered.build("--format", "json")
    assert outcome.code == 1 and "personal-data-mapped" in outcome.ids
    assert leaks(outcome.out + outcome.err) == []
    assert not registered.public.exists()


# MARK: Messages about broken rows

BROKEN = [
    person(1, scheme="XYZ"), person(2, issued="2024-02-30"), person(3, holder=""),
    person(4, holder="Siti\u202eAminah"), person(5, status="revoked"), person(6, batch="1999-XX-99"),
    person(7, expires="2020-01-01"), person(8, listed="perhaps"), person(9), person(9),
    person(10, status="superseded", status_date="2025-01-01", superseded_by="13134 0"),
]

ORDERS = {
    "last": [*COLUMNS, *PERSONAL],
    "first": [*PERSONAL, *COLUMNS],
    "between": [name for pair in zip(COLUMNS, [*PERSONAL] + [None] * 20) for name in pair if name],
}


@pytest.mark.parametrize("form", [["--format", "json"], ["--format", "text"]], ids=["json", "text"])
@pytest.mark.parametrize("order", ORDERS)
def test_no_finding_about_a_broken_row_shows_personal_data(project, order, form):
    project.registry.write_text(with_personal_data(*BROKEN, columns=ORDERS[order]), "utf-8")
    outcome = project.build(*form)
    assert outcome.code == 1
    assert outcome.text.count("unknown-scheme") == 1 and "duplicate-certificate-number" in outcome.text
    assert leaks(outcome.out + outcome.err) == []


def test_the_caret_is_right_though_personal_data_before_it_is_hidden(project):
    project.registry.write_text(
        with_personal_data(BROKEN[0], columns=ORDERS["first"]), encoding="utf-8")
    lines = project.build().err.decode().splitlines()
    assert lines[1][lines[2].index("^"):].startswith("XYZ")
    source = project.registry.read_text(encoding="utf-8").splitlines()[1]
    assert lines[0].startswith(f"seeds/registry.csv:2:{source.index('XYZ') + 1}: ")


def cut(line):
    return line.rsplit(",", 1)[0]


def grown(line):
    return line + ",more"


def unquoted_address(line):
    return line.replace('"Jalan Rahasia 987, Zzdesa"', "Jalan Rahasia 987, Zzdesa")


def unclosed_address(line):
    return line.replace('Zzdesa"', "Zzdesa")


def text_after_the_address(line):
    return line.replace('Zzdesa"', 'Zzdesa" RT 05')


def not_utf_8(line):
    return line.replace("Siti", "Siti\udcff")


def address_on_two_lines(line):
    return line.replace("987, Zzdesa", "987,\nZzdesa").replace("PBT", "XYZ")


def doubled_quotes_in_the_address(line):
    return line.replace("987, Zzdesa", 'RT ""05"" 987, Zzdesa').replace("PBT", "XYZ")


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("damage", [
    cut, grown, unquoted_address, unclosed_address, text_after_the_address, not_utf_8,
    address_on_two_lines, doubled_quotes_in_the_address])
def test_no_finding_about_a_damaged_row_shows_personal_data(project, damage, order):
    header, first, second = with_personal_data(
        person(1), person(2), columns=ORDERS[order]).splitlines()
    damaged = damage(first)
    assert damaged != first
    text = "\n".join([header, damaged, second]) + "\n"
    project.registry.write_bytes(text.encode("utf-8", "surrogateescape"))
    outcome = project.build("--format", "text")
    assert outcome.code == 1
    assert leaks(outcome.out + outcome.err) == []
    # The other form quotes the same lines.
    if order == "between":
        outcome = project.build("--format", "json")
        assert outcome.code == 1 and leaks(outcome.out + outcome.err) == []


def test_no_finding_about_the_header_shows_personal_data(project):
    project.registry.write_text(
        with_personal_data(person(1), columns=["hodler", *COLUMNS, *PERSONAL]), encoding="utf-8")
    for form in ("json", "text"):
        outcome = project.build("--format", form)
        assert outcome.code == 1 and leaks(outcome.out + outcome.err) == []


def test_what_stands_in_a_personal_column_is_not_even_checked(project):
    rows = [{**person(1), "Alamat": "Jalan\u202e\x07", "Tanggal Lahir": "99/99/9999"}]
    project.registry.write_text(sheet(rows, [*COLUMNS, "Alamat", "Tanggal Lahir"]), encoding="utf-8")
    assert project.built("--format", "json").findings == []


def test_personal_columns_of_a_database_stay_in_it(project):
    project.registry.unlink()
    project.set_site(registry={"file": "registry.sqlite", "table": "certificates"})
    columns = [*COLUMNS, *PERSONAL]
    rows = [person(1), person(2)]
    with sqlite3.connect(project.root / "seeds/registry.sqlite") as database:
        database.execute("CREATE TABLE certificates (%s)" % ", ".join(f'"{name}"' for name in columns))
        database.executemany(
            f"INSERT INTO certificates VALUES ({', '.join('?' * len(columns))})",
            [[{**row, **PERSONAL}.get(name, "") for name in columns] for row in rows])
    outcome = project.built("--format", "json")
    assert all(f"`{name}`" in outcome.json["notes"][0] for name in PERSONAL)
    assert leaks(outcome.out + outcome.err) == []
    assert [path for path, content in tree(project.public).items() if leaks(content)] == []
    with sqlite3.connect(project.root / "seeds/registry.sqlite") as database:
        database.execute("UPDATE certificates SET scheme = 'XYZ'")
    database.close()
    for form in ("json", "text"):
        outcome = project.build("--format", form)
        assert outcome.code == 1 and leaks(outcome.out + outcome.err) == []


# MARK: What the registry knows and a page does not say


def test_assessor_batch_and_regency_are_on_no_certificate_page(specimen, specimen_files):
    values = {row[name] for row in specimen.rows() for name in ("assessor", "batch", "regency")} - {""}
    assert len(values) > 60
    pattern = re.compile("|".join(map(re.escape, sorted(values))).encode())
    found = {path: pattern.search(content).group() for path, content in specimen_files.items()
             if path.startswith("c/") and pattern.search(content)}
    assert found == {}


def test_assessors_are_nowhere_on_the_site(specimen, specimen_files):
    values = {row["assessor"].encode() for row in specimen.rows()} - {b""}
    assert [path for path, content in specimen_files.items()
            if any(value in content for value in values)] == []


def test_reasons_are_published_only_when_the_settings_say_so(project):
    reason = "Zzalasan dan sebab"
    row = person(1, status="revoked", status_date="2025-01-01", status_reason=reason)
    project.write_rows([row])
    project.built()
    assert [path for path, content in tree(project.public).items() if reason.encode() in content] == []
    project.set_site(publish_reasons="true")
    project.built()
    assert [is_certificate(path) for path, content in tree(project.public).items()
            if reason.encode() in content] == [True]


def test_the_record_says_nothing_of_status_place_or_list(varied_built):
    for file in varied_built.public.glob("c/*/*/record.json"):
        assert set(json.loads(file.read_bytes())) <= {
            "version", "number", "revision", "registration", "holder", "scheme", "issued", "expires",
            "issuer", "salt"}


# MARK: Who finds a page


def test_certificates_are_kept_from_search_engines_unless_listed(specimen, specimen_pages, specimen_files):
    listed = {re.search(r"/c/\S+/", url).group().strip("/") + "/index.html"
              for path, content in specimen_files.items() if path.startswith("sitemap")
              for url in re.findall(r"<loc>(.*?)</loc>", content.decode()) if "/c/" in url}
    certificates = {path: page for path, page in specimen_pages.items() if is_certificate(path)}
    hidden = {path for path, page in certificates.items()
              if any("noindex" in content for content in page.meta("robots"))}
    agreed = {each.path.strip("/") + "/index.html" for each in expect_all(specimen) if each.row["listed"] == "yes"}
    assert len(certificates) == 1200 and hidden == set(certificates) - agreed
    assert listed and listed < agreed


def test_certificates_that_are_not_listed_are_linked_from_no_page_but_their_predecessors(
        specimen, specimen_pages):
    agreed = {each.path for each in expect_all(specimen) if each.row["listed"] == "yes"}
    for path, page in specimen_pages.items():
        targets = {link.get("href", "") for link in page.all("a")}
        certificates = {target for target in targets if re.search(r"/c/[0-9a-f]{2}/", target)}
        if not is_certificate(path):
            # The verify page shows how an address is made, as text and not as a link.
            is_list = re.match(r"(id/)?(directory|batches)/.", path)
            assert certificates <= (agreed if is_list else set()), path


def test_only_holders_who_agreed_are_named_outside_their_own_pages(specimen, specimen_files):
    rows = specimen.rows()
    # Some have the name of somebody who agreed, or a part of it.
    agreed = "\n".join(row["holder"] for row in rows if row["listed"] == "yes")
    names = {row["holder"] for row in rows if row["holder"] not in agreed}
    assert len(names) > 500
    pattern = re.compile("|".join(map(re.escape, sorted(names))).encode())
    assert [path for path, content in specimen_files.items()
            if not path.startswith("c/") and pattern.search(content)] == []


def test_what_the_program_remembers_of_its_output_names_no_certificate(varied_built):
    for path, content in tree(varied_built.public).items():
        if path.startswith(".canting/"):
            text = content.decode("latin-1")
            for folder in varied_built.public.glob("c/*/*"):
                assert folder.name not in text and bytes.fromhex(folder.name) not in content

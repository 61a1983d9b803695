"""The way in: from an office's workbook to a site of its own, and what keeps a specimen from being sealed."""

import datetime
import re
import shutil
import subprocess

import openpyxl
import pytest

from support.program import PROGRAM, REPOSITORY, run_program
from support.workbooks import HEADINGS, NIK, fill, office_row, saved

NAMED = ["--domain", "sertifikat.lsp-uji.or.id", "--name", "LSP Uji *Batik*", "--licence", "BNSP-LSP-4321-ID"]
WITH_ADDRESS = [*NAMED, "--address", "Jalan Melati 5, Yogyakarta", "--email", "sertifikat@lsp-uji.or.id"]
OFFICE = [heading for heading in HEADINGS if heading != "Tanggal Status"] + ["Kode Uji", "TUK", "L/P", "Skor"]


@pytest.fixture
def here(tmp_path):
    return tmp_path


def canting(*arguments, cwd):
    return run_program(*arguments, cwd=cwd)


def register(path):
    """A workbook as an office keeps it, with what offices do to one."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    uji = book.create_sheet("Daftar Uji")
    fill(uji, [[f"{year}/0{n}", who, datetime.date(year, 2 + n, 3), "Kab. Bantul", "DI Yogyakarta"]
               for year in (2024, 2025) for n, who in ((1, "Dinas Perindustrian Kab. Bantul"), (2, "Paguyuban Sekar Wiru"))],
         headings=["Kode Uji", "Pemohon", "Tanggal", "Kab/Kota", "Provinsi"])
    serial = 0
    for year in (2024, 2025):
        sheet = book.create_sheet(f"{year}")
        rows = []
        for n in (1, 2):
            for _ in range(30):
                serial += 1
                day = datetime.date(year, 2 + n, 24)
                rows.append(office_row(serial, **{
                    "No. Sertifikat": f"13134 7318 2 {serial:07} {year}", "Tgl Terbit": day,
                    "Berlaku s.d.": day.replace(year=year + 3), "Skema": ["Pembatik Tulis", "Pewarnaan Alam"][serial % 2],
                    "Kode Uji": f"{year}/0{n}", "TUK": "TUK Bantul", "L/P": "P", "Skor": 80, "Kab/Kota": "Kab. Bantul",
                    "Provinsi": "DI Yogyakarta", "No. Registrasi": "-" if serial % 9 == 0 else f"BTK. 7519 {serial:05} {year}"}))
        rows[4]["Tgl Terbit"] = f"24/03/{year - 2000}"
        rows[7]["Status"] = "Dicabut" if year == 2024 else None
        rows[8]["Nama Peserta"] = "Siti Sari "
        fill(sheet, rows, headings=OFFICE, titles=[["LEMBAGA SERTIFIKASI PROFESI"], [f"REGISTER {year}"], []])
        sheet.append([])
        sheet.append(["", "Catatan:"])
        sheet.merge_cells("A1:N1")
        sheet.merge_cells("O9:O20")
    return saved(book, path)


@pytest.mark.smoke
def test_an_office_reaches_its_site_in_three_rounds(here):
    workbook = register(here / "register.xlsx")
    assert canting("init", "site", *WITH_ADDRESS, cwd=here).code == 0
    site = here / "site"
    outcome = canting("import", workbook, cwd=site)
    assert outcome.code == 0, outcome.text
    said = outcome.out.decode()
    assert "read   120 certificates, 2 schemes, 4 batches" in said
    assert "the column `Skor` is not known and is ignored" in said
    # The first round: what the workbook does not say, and what is wrong in it.
    first = canting("check", "--format", "json", cwd=site)
    assert first.code == 1
    assert sorted((each["id"], each.get("cell")) for each in first.findings if each["severity"] == "error") == sorted([
        ("unreadable-date", "H9"), ("unreadable-date", "H9"), ("status-without-date", "L12"),
        *[("left-to-fill-in", None)] * 8])
    # What a person does about it: nine words, two days, one column.
    schemes = site / "seeds/schemes.yml"
    text = schemes.read_text(encoding="utf-8")
    for word in ("C.13BTK01.001.2", "Menggambar Sketsa Batik", "Drawing Batik Sketches"):
        text = re.sub(r'"TODO: (the code of a unit[^"]*|its title|its English title)"', f'"{word}"', text, count=1)
    for title in ("Natural Dyer", "Hand-Drawn Batik Maker"):
        text = text.replace('"TODO: the English title"', f'"{title}"', 1)
    for word in ("C.13BTK01.002.2", "Menggambar Motif Batik", "Drawing Batik Motifs"):
        text = re.sub(r'"TODO: (the code of a unit[^"]*|its title|its English title)"', f'"{word}"', text, count=1)
    schemes.write_text(text, encoding="utf-8")
    book = openpyxl.load_workbook(site / "seeds/register.xlsx")
    for year in (2024, 2025):
        book[f"{year}"]["H9"].value = datetime.date(year, 3, 24)
        book[f"{year}"]["R4"].value = "Tanggal Status"
    book["2024"]["R12"].value = datetime.date(2024, 9, 1)
    saved(book, site / "seeds/register.xlsx")
    # The second round, and the third.
    second = canting("check", cwd=site)
    assert second.code == 0, second.text
    assert b"this begins a new log for sertifikat.lsp-uji.or.id; build with --new-log" in second.out
    assert b"seals    121 new entries: 120 issued, 1 revoked" in second.out
    third = canting("build", "--new-log", cwd=site)
    assert third.code == 0, third.text
    assert b"back up seeds/ledger" in third.out and b"are good until" in third.out
    public = site / "public"
    pages = [file.read_text(encoding="utf-8") for file in public.rglob("*.html")]
    assert len(pages) > 120
    for words in ("SPECIMEN", "lsp-batik.example", "LSP Batik Nusantara", "TODO"):
        assert not [page for page in pages if words in page], words
    about = (public / "about/index.html").read_text(encoding="utf-8")
    assert "LSP Uji *Batik* assesses the competence" in about and "sertifikat@lsp-uji.or.id" in about
    assert "sertifikat.lsp-uji.or.id" in (public / "verify/index.html").read_text(encoding="utf-8")
    for file in site.rglob("*"):
        if file.is_file() and file.suffix != ".xlsx":
            assert str(NIK + 5).encode() not in file.read_bytes(), file
    # A revocation is named before it is sealed.
    book = openpyxl.load_workbook(site / "seeds/register.xlsx")
    book["2025"]["L10"].value, book["2025"]["R10"].value = "Dicabut", datetime.date(2025, 9, 1)
    saved(book, site / "seeds/register.xlsx")
    assert b"revoked on 2025-09-01: 13134 7318 2 0000066 2025  Siti Contoh 66" in canting("check", cwd=site).out
    # The log goes on by itself from now on.
    assert canting("build", cwd=site).code == 0


def test_a_second_import_leaves_what_people_wrote(here):
    workbook = register(here / "register.xlsx")
    canting("init", "site", *WITH_ADDRESS, cwd=here)
    site = here / "site"
    assert canting("import", workbook, cwd=site).code == 0
    schemes = (site / "seeds/schemes.yml").read_bytes()
    outcome = canting("import", workbook, "--format", "json", cwd=site)
    # It says the same, so that nothing is written; where people changed something, the draft lies beside it.
    assert outcome.json["result"]["written"] == []
    settings = site / "content/site.yml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("  ignore:", "  columns: {assessor: Skor}\n  ignore:"), encoding="utf-8")
    (site / "seeds/schemes.yml").write_bytes(schemes.replace(b"TODO: the English title", b"Dyer"))
    changed = settings.read_bytes()
    outcome = canting("import", workbook, "--format", "json", cwd=site)
    assert outcome.json["result"]["written"] == ["seeds/schemes.draft.yml"]
    assert settings.read_bytes() == changed and b"Dyer" in (site / "seeds/schemes.yml").read_bytes()
    (site / "seeds/schemes.draft.yml").write_text("mine", encoding="utf-8")
    outcome = canting("import", workbook, "--format", "json", cwd=site)
    assert outcome.json["result"]["written"] == ["seeds/schemes.draft-2.yml"]


@pytest.mark.parametrize("settings", [
    "registry: {file: full.csv}\n", "registry:\n  file: \"full.csv\"\n# a comment\n  columns: {}\n",
    "\"registry\":\n  file: full.csv\n", "registry:\r\n  file: full.csv\r\n"])
def test_a_register_that_people_keep_is_never_taken_away(here, settings):
    canting("init", "site", *WITH_ADDRESS, cwd=here)
    site = here / "site"
    (site / "seeds/registry.csv").unlink()
    (site / "seeds/full.csv").write_text("number,holder,scheme,issued\rA 1,Siti,PT,2024-01-01", encoding="utf-8", newline="")
    file = site / "content/site.yml"
    text = re.sub(r"registry:\n  file: registry.csv\n", lambda _: settings, file.read_text(encoding="utf-8"))
    file.write_text(text, encoding="utf-8", newline="")
    outcome = canting("import", register(here / "register.xlsx"), "--format", "json", cwd=site)
    assert outcome.code == 0, outcome.text
    assert "content/site.draft.yml" in outcome.json["result"]["written"]
    assert file.read_bytes().decode() == text
    assert (site / "seeds/full.csv").exists()


def test_a_register_is_private_and_has_a_name_of_its_own(here):
    canting("init", "site", *WITH_ADDRESS, cwd=here)
    site = here / "site"
    source = register(here / "register.xlsx")
    source.chmod(0o444)
    assert canting("import", source, cwd=site).code == 0
    assert (site / "seeds/register.xlsx").stat().st_mode & 0o777 == 0o600
    for name in ("batches.csv", "schemes.yml"):
        shutil.copy(source, here / name)
        assert canting("import", here / name, cwd=site).code == 64
    # The empty register of a new project gives way to one of its name.
    canting("init", "other", *WITH_ADDRESS, cwd=here)
    (here / "registry.csv").write_text("No. Sertifikat;Nama Peserta;Skema;Tgl Terbit\nA 1;Siti;PT;2024-01-01\n", encoding="utf-8")
    assert canting("import", here / "registry.csv", cwd=here / "other").code == 0
    assert b"Siti" in (here / "other/seeds/registry.csv").read_bytes()


def test_what_cannot_be_imported_is_named(here):
    canting("init", "site", *WITH_ADDRESS, cwd=here)
    site = here / "site"
    for name, content, rule in (("a.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "not-a-table"),
                                ("c.xls", b"<html><table><tr><td>x</td></tr></table></html>", "not-a-table"),
                                ("d.csv", b"number|holder|scheme|issued\nA 1|Siti|PT|2024-01-01\n", "foreign-delimiter"),
                                ("b.csv", b"kota,harga\nSolo,100\n", "missing-header")):
        (here / name).write_bytes(content)
        outcome = canting("import", here / name, "--format", "json", cwd=site)
        assert (outcome.code, outcome.ids) == (1, [rule])
    assert canting("import", "none.xlsx", "--format", "json", cwd=site).ids == ["missing-file"]
    assert canting("import", here / "a.xlsx", "--format", "json", cwd=here).ids == ["missing-file"]


def test_a_new_project_is_whole_private_and_its_own(here):
    assert canting("init", "site", *NAMED, cwd=here).code == 0
    site = here / "site"
    assert {(site / f"seeds/keys/{name}").stat().st_mode & 0o77 for name in ("registry.secret", "signing.pem", "log.pem")} == {0}
    subprocess.run(["git", "init", "-q"], cwd=site, check=True)
    subprocess.run(["git", "add", "."], cwd=site, check=True)
    tracked = subprocess.run(["git", "ls-files"], cwd=site, check=True, capture_output=True, text=True).stdout.split()
    assert "content/site.yml" in tracked and "seeds/keys/history.yml" in tracked
    for name in ("sheet-2024.csv", "REGISTER.XLSX", "register.txt", "ledger/published"):
        (site / "seeds" / name).parent.mkdir(exist_ok=True)
        (site / "seeds" / name).write_text("NIK", encoding="utf-8")
    subprocess.run(["git", "add", "."], cwd=site, check=True)
    tracked = subprocess.run(["git", "ls-files"], cwd=site, check=True, capture_output=True, text=True).stdout.split()
    assert [each for each in tracked if each.startswith("seeds/")] == ["seeds/keys/history.yml", "seeds/schemes.yml"]
    outcome = canting("check", "--format", "json", cwd=site)
    assert [(each["id"], each["severity"]) for each in outcome.findings] == [
        ("left-to-fill-in", "error"), ("left-to-fill-in", "error"), ("no-certificates", "warning")]
    assert canting("init", "site", *NAMED, cwd=here).code == 64


@pytest.mark.parametrize("arguments", [
    [], NAMED[:4], ["--domain", "https://a.org", *NAMED[2:]], ["--domain", "lsp.example", *NAMED[2:]],
    ["--domain", "lsp.or.id:8080", *NAMED[2:]], [*NAMED, "--since", "yesterday"], [*NAMED, "--since", "2999-01-01"],
    ["--domain", "example.com", *NAMED[2:]], ["--domain", "127.0.0.1", *NAMED[2:]], [*NAMED[:2], "--name", "  ", *NAMED[4:]],
    [*NAMED, "--email", "not mail"], [*NAMED[:2], "--name", "A\nB", *NAMED[4:]],
])
def test_what_a_project_cannot_be_begun_with_is_said(here, arguments):
    outcome = canting("init", "site", *arguments, cwd=here)
    assert outcome.code == 64 and not (here / "site").exists()


def test_an_installed_program_finds_its_templates(here):
    prefix = here / "usr"
    (prefix / "bin").mkdir(parents=True)
    (prefix / "share/canting/content").mkdir(parents=True)
    shutil.copy(PROGRAM, prefix / "bin/canting")
    for name in ("templates", "content/pages"):
        shutil.copytree(REPOSITORY / name, prefix / "share/canting" / name)
    strings = prefix / "share/canting/templates/strings/en.yml"
    strings.write_text(strings.read_text(encoding="utf-8") + "# installed\n", encoding="utf-8")
    done = subprocess.run([prefix / "bin/canting", "init", here / "site", *NAMED], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (here / "site/templates/strings/en.yml").read_text(encoding="utf-8").endswith("# installed\n")


def test_the_obvious_wrong_way_seals_nothing(here):
    """The sources copied, the domain changed, real keys: everybody of the specimen would be sealed."""
    for folder in ("content", "templates", "seeds"):
        shutil.copytree(REPOSITORY / folder, here / "site" / folder, ignore=shutil.ignore_patterns("ledger", "keys"))
    site = here / "site"
    settings = site / "content/site.yml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("specimen: true", "specimen: false")
                        .replace("sertifikat.lsp-batik.example", "sertifikat.lsp-uji.or.id"), encoding="utf-8")
    assert canting("keys", "new", cwd=site).code == 0
    outcome = canting("build", "--new-log", "--format", "json", cwd=site)
    assert outcome.code == 1 and not (site / "public").exists() and not (site / "seeds/ledger/checkpoint").exists()
    found = {(each["id"], each["path"]) for each in outcome.findings}
    assert {("specimen-row", "seeds/registry.csv"), ("specimen-left", "content/site.yml"),
            ("specimen-left", "seeds/schemes.yml")} <= found
    assert sum(each["id"] == "specimen-row" for each in outcome.findings) > 1000


def test_a_lost_ledger_is_not_taken_for_a_first_build(here):
    canting("init", "site", *WITH_ADDRESS, cwd=here)
    site = here / "site"
    outcome = canting("build", "--format", "json", cwd=site)
    assert (outcome.code, [each["id"] for each in outcome.findings if each["severity"] == "error"]) == (1, ["new-log"])
    assert canting("build", "--new-log", cwd=site).code == 0


def test_list_new_names_every_certificate_that_would_be_sealed(here):
    for folder in ("content", "templates", "seeds"):
        shutil.copytree(REPOSITORY / folder, here / "site" / folder, ignore=shutil.ignore_patterns("ledger"))
    rows = (here / "site/seeds/registry.csv").read_text(encoding="utf-8").count("\n") - 1
    outcome = canting("check", "--list-new", "--now", "2026-11-23", cwd=here / "site")
    assert outcome.code == 0, outcome.text
    new = [line for line in outcome.out.decode().splitlines() if line.startswith("new ")]
    assert len(new) == rows
    assert re.fullmatch(r"new      13134 7318 2 0000001 2019  Rina Widowati  PBT  2019-03-15 to 2022-03-15", new[0])


def test_lists_that_are_over_are_told_of_before_and_after(here):
    canting("init", "site", *WITH_ADDRESS, cwd=here)
    site = here / "site"
    built = canting("build", "--new-log", "--now", "2026-11-23", cwd=site)
    assert b"the lists of revoked certificates are good until 2026-12-24" in built.out
    waiting = canting("list", "--now", "2026-11-23", cwd=site)
    assert b"after 2026-12-24 the signed lists of revoked and suspended certificates are over" in waiting.out

    def over(day):
        return [each["id"] for each in canting("check", "--now", day, "--format", "json", cwd=site).findings
                if each["id"] == "status-lists-over"]

    assert over("2026-12-24") == [] and over("2026-12-25") == ["status-lists-over"]

"""Records, fingerprints, codes and addresses, recomputed from the rows, the secret and the design."""

import base64
import csv
import hashlib
import hmac
import io
import json
import re
from collections import Counter

import pytest

from support.expected import expect, secret_of
from support.output import tree
from support.program import REPOSITORY
from support.project import Project
from support.registry import person

PRINTED = {"version", "number", "revision", "registration", "holder", "scheme", "issued", "expires",
           "issuer", "salt"}


def canonical(value):
    """RFC 8785 written out by hand, for the part of it that the design uses."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in keys) + "}"
    short = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
    return '"' + "".join(
        short.get(each, f"\\u{ord(each):04x}" if each < " " else each) for each in value) + '"'


def test_the_specimen_registry_has_what_the_issue_asks_for(specimen):
    rows = specimen.rows()
    assert len(rows) == 1200
    assert {row["issued"][:4] for row in rows} == {str(year) for year in range(2019, 2027)}
    assert len({row["batch"] for row in rows}) >= 40
    assert {row["status"] or "valid" for row in rows} >= {"valid", "suspended", "revoked", "superseded"}
    assert len(specimen.schemes) >= 7


def test_every_record_is_byte_for_byte_what_the_design_makes_of_its_row(specimen, expected):
    wrong = []
    for each in expected:
        file = specimen.public / each.path.strip("/") / "record.json"
        if not file.is_file() or file.read_bytes() != each.record:
            wrong.append((each.row["number"], each.row["revision"], str(file)))
    assert len(expected) == 1200 and wrong == []


def test_records_agree_with_canonical_json_written_by_hand(expected):
    assert [each.row["number"] for each in expected
            if canonical(json.loads(each.record)).encode() != each.record] == []


def test_the_hash_of_every_record_is_the_folder_it_lies_in(specimen):
    files = sorted(specimen.public.glob("c/*/*/record.json"))
    wrong = [str(file) for file in files
             if hashlib.sha256(file.read_bytes()).hexdigest()[:32]
             != file.parts[-3] + file.parts[-2]]
    assert len(files) == 1200 and wrong == []


def test_the_folder_of_certificates_holds_nothing_else(specimen, expected):
    found = {path for path in tree(specimen.public) if path.startswith("c/")}
    wanted = {each.path.lstrip("/") + name
              for each in expected for name in ("index.html", "record.json")}
    # Design, section 3.1: a credential may lie beside them.
    also = {each.path.lstrip("/") + "credential.json" for each in expected}
    assert wanted <= found <= wanted | also


def test_no_record_has_a_field_that_is_not_printed(specimen):
    names = Counter()
    for file in specimen.public.glob("c/*/*/record.json"):
        names.update(json.loads(file.read_bytes()).keys())
    assert set(names) <= PRINTED
    assert {name for name, count in names.items() if count == 1200} == PRINTED - {
        "revision", "registration"}


def test_no_two_certificates_share_a_salt(specimen):
    salts = [json.loads(file.read_bytes())["salt"]
             for file in specimen.public.glob("c/*/*/record.json")]
    assert len(set(salts)) == 1200


def test_a_fingerprint_begins_with_the_code_and_the_page_shows_both(specimen, expected):
    for each in expected[::40]:
        page = (specimen.public / each.path.strip("/") / "index.html").read_text(encoding="utf-8")
        assert f'data-fingerprint="{each.fingerprint}"' in page
        assert f'data-expires="{each.expires}"' in page


# MARK: The list for printing


def test_export_lists_every_certificate_in_the_order_of_the_registry(specimen, expected):
    outcome = specimen.run("export", "--csv")
    assert outcome.code == 0, outcome.text
    lines = list(csv.reader(io.StringIO(outcome.out.decode("utf-8"), newline="")))
    url = specimen.site["url"]
    assert lines[0][:5] == ["number", "holder", "code", "fingerprint", "address"]
    assert [line[:5] for line in lines[1:]] == [
        [json.loads(each.record)["number"], json.loads(each.record)["holder"], each.code,
         each.fingerprint, url + each.path] for each in expected]


def test_every_line_of_the_export_ends_with_carriage_return_and_newline(specimen):
    content = specimen.run("export", "--csv").out
    assert content.count(b"\r\n") == 1201
    assert content.replace(b"\r\n", b"").count(b"\n") == 0
    assert content.endswith(b"\r\n") and not content.startswith(b"\xef\xbb\xbf")


@pytest.mark.smoke
def test_export_quotes_names_with_commas_and_quotes(project):
    names = ['Budi, "Mbah" Santoso, S.Pd.', "Plain Name", "Nur'aini"]
    project.write_rows([person(n, holder=name) for n, name in enumerate(names, 1)])
    outcome = project.run("export", "--csv")
    assert outcome.code == 0, outcome.text
    assert b'"Budi, ""Mbah"" Santoso, S.Pd."' in outcome.out
    rows = list(csv.DictReader(io.StringIO(outcome.out.decode("utf-8"), newline="")))
    assert [row["holder"] for row in rows] == names


def test_export_writes_nothing_but_the_list(project):
    before = tree(project.root)
    assert project.run("export", "--csv").code == 0
    assert tree(project.root) == before


def test_export_prints_no_list_when_the_registry_has_errors(project):
    project.write_rows([person(1), person(2, scheme="NONE")])
    outcome = project.run("export", "--csv")
    assert outcome.code == 1
    assert b"fingerprint" not in outcome.out and person(1)["number"].encode() not in outcome.out


# MARK: Salts, revisions, editions


def test_the_salt_of_a_later_revision_hashes_the_revision_too(project):
    first, second = person(7), person(7, revision="2", issued="2025-01-20", holder="Siti Benar")
    project.write_rows([first, second])
    project.built()
    secret = secret_of(project.root)

    def salt(message):
        digest = hmac.new(secret, message.encode(), hashlib.sha256).digest()[:16]
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    records = {json.loads(file.read_bytes()).get("revision", 1): json.loads(file.read_bytes())
               for file in project.public.glob("c/*/*/record.json")}
    number = first["number"]
    assert records[1]["salt"] == salt(f"canting/v1/salt\n{number}")
    assert records[2]["salt"] == salt(f"canting/v1/salt\n{number}\n2")
    assert set(records) == {1, 2}
    assert "revision" not in records[1]


def test_a_row_with_revision_1_is_the_first_issue_and_has_no_revision_in_its_record(project):
    project.write_rows([person(1, revision="1")])
    project.built()
    [file] = project.public.glob("c/*/*/record.json")
    assert file.read_bytes() == expect(project, person(1)).record


@pytest.mark.smoke
def test_the_edition_in_force_on_the_issue_date_is_in_the_record(project):
    project.set_site(issuer=[
        {"from": "2019-01-01", "name": "LSP Lama", "licence": "L-1"},
        {"from": "2024-06-01", "name": "LSP Baru", "licence": "L-2"}])
    days = {"2024-05-31": "LSP Lama", "2024-06-01": "LSP Baru", "2019-01-01": "LSP Lama"}
    rows = [person(n, issued=day) for n, day in enumerate(days, 1)]
    project.write_rows(rows)
    project.built()
    for row in rows:
        each = expect(project, row)
        record = (project.public / each.path.strip("/") / "record.json").read_bytes()
        assert record == each.record
        assert json.loads(record)["issuer"]["name"] == days[row["issued"]]


def test_a_later_edition_does_not_change_records_issued_before_it(project):
    project.built()
    before = {path: content for path, content in tree(project.public).items()
              if path.endswith("record.json")}
    site = project.site
    project.set_site(issuer=site["issuer"] + [
        {"from": "2026-01-01", "name": "LSP Berganti Nama", "licence": "X"}])
    schemes = (project.root / "seeds/schemes.yml")
    text = schemes.read_text(encoding="utf-8")
    code = "- code: PBT\n"
    assert code in text
    block = text.split(code)[1].split("- code:")[0]
    assert "\n    - from: " in block
    edition = block.split("\n    - from: ")[-1].rstrip().split("\n", 1)[1]
    newer = "\n    - from: 2026-01-01\n" + edition.replace("Pembatik Tulis", "Pembatik Tulis Madya")
    schemes.write_text(text.replace(block, block.rstrip() + newer + "\n\n"), encoding="utf-8")
    project.built()
    after = {path: content for path, content in tree(project.public).items()
             if path.endswith("record.json")}
    assert after == before


def test_an_expiry_written_in_the_registry_wins_over_the_years_of_the_scheme(project):
    project.write_rows([person(1, expires="2026-01-31"), person(2)])
    project.built()
    expires = {record["number"]: record["expires"] for record in (
        json.loads(file.read_bytes()) for file in project.public.glob("c/*/*/record.json"))}
    assert expires == {person(1)["number"]: "2026-01-31", person(2)["number"]: "2027-10-15"}


def test_names_that_json_must_escape_are_escaped_as_rfc_8785_says(project):
    names = ['Mbah "Kung" \\ Santoso', "Ny. O'Brien / Ida", "Śrī Ayu Ñoño", "Dewi 𠮷野 😀",
             "À\u0338 Combining", "Slash </script>"]
    rows = [person(n, holder=name) for n, name in enumerate(names, 1)]
    project.write_rows(rows)
    project.built()
    for row in rows:
        each = expect(project, row)
        file = project.public / each.path.strip("/") / "record.json"
        assert file.is_file(), row["holder"]
        assert file.read_bytes() == each.record == canonical(json.loads(each.record)).encode()


def test_another_secret_gives_every_certificate_another_address(project):
    project.built()
    before = {file.parent for file in project.public.glob("c/*/*/record.json")}
    project.start_over()
    secret = project.root / "seeds/keys/registry.secret"
    lines = secret.read_text(encoding="utf-8").splitlines()
    lines[-1] = "00" * 32
    secret.write_text("\n".join(lines) + "\n", encoding="utf-8")
    project.built()
    after = {file.parent for file in project.public.glob("c/*/*/record.json")}
    assert len(after) == 3 and not after & before
    assert after == {project.public / expect(project, row).path.strip("/") for row in project.rows()}


# MARK: What replaces what


def status_and_links(project, each):
    page = (project.public / each.path.strip("/") / "index.html").read_text(encoding="utf-8")
    return (re.search(r'data-status="([a-z]+)"', page).group(1),
            set(re.findall(r'href="(/c/[0-9a-f]{2}/[0-9a-f]{30}/)"', page)))


def test_all_revisions_but_the_highest_are_superseded_and_point_to_it(project):
    rows = [person(1), person(1, revision="2", issued="2024-12-01", holder="Nama Dua"),
            person(1, revision="3", issued="2025-02-01", holder="Nama Tiga"), person(2)]
    project.write_rows(rows)
    project.built()
    first, second, third, other = (expect(project, row) for row in rows)
    for older in (first, second):
        assert status_and_links(project, older) == ("superseded", {third.path})
    assert status_and_links(project, third) == ("valid", set())
    assert status_and_links(project, other) == ("valid", set())


def test_a_superseded_certificate_points_to_the_last_revision_of_its_successor(project):
    rows = [person(1, status="superseded", status_date="2025-01-01", superseded_by=person(2)["number"]),
            person(2, issued="2025-01-01"),
            person(2, revision="2", issued="2025-03-01", holder="Nama Benar")]
    project.write_rows(rows)
    project.built()
    first, _, last = (expect(project, row) for row in rows)
    assert status_and_links(project, first) == ("superseded", {last.path})


def test_the_committed_specimen_secret_says_that_it_is_one():
    text = (REPOSITORY / "seeds/keys/registry.secret").read_text(encoding="utf-8")
    assert "SPECIMEN" in text


def test_a_copy_of_the_project_elsewhere_gives_the_same_addresses(tmp_path, specimen):
    copy = Project.copy(specimen.root, tmp_path / "somewhere else")
    copy.write_rows(copy.rows()[:3])
    copy.built()
    for row in copy.rows():
        assert (copy.public / expect(specimen, row).path.strip("/") / "record.json").is_file()

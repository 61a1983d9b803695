"""`canting verify`: its verdicts and exit codes."""

import hashlib
import json
import shutil

import pytest
import rfc8785

from support.expected import expect
from support.output import tree
from support.pages import said
from support.program import NOW, run_program
from support.project import Project
from support.registry import person


@pytest.fixture(scope="module")
def certificates(tmp_path_factory, varied_template):
    """A built site with one certificate of each kind, by the kind's name; tests only read it."""
    project = Project.copy(
        varied_template.root, tmp_path_factory.mktemp("verify") / "project")
    rows = {
        "valid": person(1, issued="2025-05-30"),
        "expired": person(2, issued="2020-05-30"),
        "suspended": person(3, status="suspended", status_date="2025-01-01"),
        "revoked": person(4, status="revoked", status_date="2025-01-01"),
        "superseded": person(
            5, status="superseded", status_date="2025-05-30", superseded_by=person(1)["number"]),
        "reinstated": person(6, status="valid", status_date="2025-01-01"),
        "old revision": person(7),
        "new revision": person(7, revision="2", issued="2025-01-01", holder="Nama Benar"),
        "about to end": person(9, expires="2026-11-24"),
        "revoked and past its date": person(
            8, issued="2020-05-30", status="revoked", status_date="2021-01-01"),
    }
    project.write_rows(list(rows.values()))
    project.built()
    return project, {name: expect(project, row) for name, row in rows.items()}


def verify(project, *arguments, **options):
    return project.run("verify", *arguments, **options)


def grouped(digits, size=4, by=" "):
    return by.join(digits[start:start + size] for start in range(0, len(digits), size))


# MARK: Verdicts


@pytest.mark.parametrize("kind, code, verdict", [
    ("valid", 0, "valid"),
    ("reinstated", 0, "valid"),
    ("new revision", 0, "valid"),
    ("expired", 2, "expired"),
    ("suspended", 2, "suspended"),
    ("revoked", 2, "revoked"),
    ("superseded", 2, "superseded"),
    ("old revision", 2, "superseded"),
    ("revoked and past its date", 2, "revoked"),
])
def test_the_verdict_and_the_exit_code_follow_from_what_is_true(certificates, kind, code, verdict):
    project, expected = certificates
    outcome = verify(project, expected[kind].code, "--format", "json")
    assert (outcome.code, outcome.json["verdict"]) == (code, verdict)


@pytest.mark.parametrize("kind, sentence", [
    ("valid", "valid"), ("expired", "expired"), ("suspended", "suspended"),
    ("revoked", "revoked"), ("superseded", "superseded")])
def test_the_text_form_ends_with_the_verdict(certificates, kind, sentence):
    project, expected = certificates
    outcome = verify(project, expected[kind].code)
    last = outcome.out.decode().splitlines()[-1]
    assert sentence in last and "genuine" in last and "not genuine" not in last


@pytest.mark.parametrize("now, code", [
    ("2026-11-23", 0), ("2026-11-24", 0), ("2026-11-25", 2),
    # A certificate ends with its day in Indonesia, whatever the clock says elsewhere.
    ("2026-11-24T16:59:59Z", 0), ("2026-11-24T17:00:00Z", 2),
    ("2026-11-24T23:59:59+07:00", 0), ("2026-11-25T00:00:00+07:00", 2),
])
def test_a_certificate_holds_through_its_last_day(certificates, now, code):
    project, expected = certificates
    assert verify(project, expected["about to end"].code, now=now).code == code


@pytest.mark.smoke
def test_json_tells_the_printed_fields_and_each_step(certificates):
    project, expected = certificates
    each = expected["valid"]
    outcome = verify(project, each.code, "--format", "json").json
    record = json.loads(each.record)
    assert {key: outcome[key] for key in ("number", "holder", "issued", "expires", "fingerprint")} == {
        **{key: record[key] for key in ("number", "holder", "issued", "expires")},
        "fingerprint": each.fingerprint}
    results = [step["result"] for step in outcome["steps"]]
    assert results.count("passed") >= 2 and "failed" not in results


# MARK: Ways to name a certificate


def ways(each, site_url):
    code, fingerprint = each.code, each.fingerprint
    return {
        "code": [code],
        "capitals": [code.upper()],
        "groups in one argument": [grouped(code)],
        "groups in eight arguments": grouped(code).split(),
        "groups of eight": [grouped(code, 8)],
        "dashes": [grouped(code, by="-")],
        "typographic dashes": [grouped(code, by="\u2013")],
        "non-breaking spaces": [grouped(code, by="\u00a0")],
        "spaces around": [f"  {code}\t"],
        "letter O for zero": [code.replace("0", "O")],
        "small o for zero": [code.replace("0", "o")],
        "small l for one": [code.replace("1", "l")],
        "capital I for one": [code.replace("1", "I")],
        "everything at once": [grouped(code.upper().replace("0", "O").replace("1", "l"), by=" - ")],
        "fingerprint": [fingerprint],
        "fingerprint in groups and capitals": [grouped(fingerprint.upper())],
        "address": [site_url + each.path],
        "address without slash": [(site_url + each.path).rstrip("/")],
        "address with query": [site_url + each.path + "?from=qr#code"],
        "address of the record": [site_url + each.path + "record.json"],
        "address without scheme": [site_url.split("//")[1] + each.path],
        "path": [each.path],
    }


@pytest.mark.parametrize("way", ways(
    type("Any", (), {"code": "0" * 32, "fingerprint": "0" * 64, "path": "/c/00/0/"}), "https://x"))
def test_a_certificate_is_found_however_its_code_is_written(certificates, way):
    project, expected = certificates
    for kind, code in (("valid", 0), ("revoked", 2)):
        each = expected[kind]
        assert set("01") <= set(each.code)
        outcome = verify(project, "--format", "json", *ways(each, project.site["url"])[way])
        assert outcome.code == code, outcome.text
        assert outcome.json["fingerprint"] == each.fingerprint


def test_the_official_address_is_official_however_it_is_written(certificates):
    project, expected = certificates
    host, path = project.site["url"].split("//")[1], expected["valid"].path
    for text in (f"https://{host}:443{path}", f"http://{host}:80{path}", f"https://{host}.{path}", f"https:{host}{path}",
                 f"https://{host}{path}".upper(), f"(see {host}{path}).", f"\u200bhttps://{host}{path}.",
                 f"https://user@{host}{path}", f"<a href='https://{host}{path}'>"):
        outcome = verify(project, text)
        assert outcome.code == 0, (text, outcome.text)


@pytest.mark.parametrize("url", [
    "https://sertifikat.lsp-batik.example:443", "HTTPS://Sertifikat.LSP-Batik.Example.", "https://sertifikat.lsp-batik.example.:443/",
    "https://sertifikat.lsp-batik.example:"])
def test_the_official_address_has_one_form_whatever_site_yml_writes(project, url):
    project.set_site(url=url)
    project.built()
    row = expect(project, person(1))
    page = (project.folder_of(row.fingerprint) / "index.html").read_text("utf-8")
    assert 'data-host="sertifikat.lsp-batik.example"' in page
    assert f"https://sertifikat.lsp-batik.example{row.path}" in page
    assert verify(project, f"https://sertifikat.lsp-batik.example{row.path}").code == 0
    assert (project.public / "log/checkpoint").read_text("utf-8").startswith("sertifikat.lsp-batik.example/log\n")


@pytest.mark.parametrize("url, host", [("http://localhost:8080", "localhost:8080"), ("http://LOCALHOST:80", "localhost")])
def test_a_port_that_is_not_the_usual_one_stays(project, url, host):
    project.set_site(url=url)
    project.built()
    assert (project.public / "log/checkpoint").read_text("utf-8").startswith(f"{host}/log\n")


def test_a_foreign_address_is_never_genuine_however_it_is_written(certificates):
    project, expected = certificates
    host, path = project.site["url"].split("//")[1], expected["valid"].path
    for text in (f"evil.example{path}", f" https://evil.example{path}", f"(https://evil.example{path})",
                 f"see https://evil.example{path}", f"https:evil.example{path}", f"//evil.example{path}",
                 f"{host.replace('.', '-', 1)}{path}", f"https://{host}@evil.example{path}", f"https://{host}:8443{path}",
                 f"http://{host}:443{path}", f"https://evil.example\\@{host}{path}", f"https://evil.example/{host}{path}",
                 f"https://{host}／.evil.example{path}", f"https://{host.replace('s', 'ѕ', 1)}{path}",
                 f"https://evil.example/verify/?code={expected['valid'].code}"):
        outcome = verify(project, text)
        assert outcome.code == 3, (text, outcome.text)
        assert "genuine and valid" not in outcome.text


@pytest.mark.smoke
def test_a_saved_record_is_checked_as_a_file(certificates, tmp_path):
    project, expected = certificates
    for kind, code in (("valid", 0), ("revoked", 2), ("expired", 2)):
        file = tmp_path / "saved record.json"
        file.write_bytes(expected[kind].record)
        assert verify(project, file).code == code


def test_a_saved_record_is_found_relative_to_the_working_folder(certificates, tmp_path):
    project, expected = certificates
    (tmp_path / "mine.json").write_bytes(expected["valid"].record)
    assert verify(project, "mine.json", cwd=tmp_path).code == 0


def test_the_site_may_lie_elsewhere(certificates, tmp_path):
    project, expected = certificates
    shutil.copytree(project.public, tmp_path / "site")
    outcome = run_program(
        "verify", expected["valid"].code, "--site", "site", "--now", NOW, cwd=tmp_path)
    assert outcome.code == 0, outcome.text


def test_verify_needs_no_project_around_it(certificates, tmp_path):
    project, expected = certificates
    outcome = run_program(
        "verify", expected["valid"].fingerprint, "--site", project.public, "--now", NOW,
        cwd=tmp_path)
    assert outcome.code == 0, outcome.text


def test_verify_changes_nothing(certificates):
    project, expected = certificates
    before = tree(project.root)
    verify(project, expected["valid"].code)
    verify(project, "f" * 32)
    assert tree(project.root) == before


# MARK: Not found, not genuine, not checked


@pytest.mark.parametrize("argument", ["0" * 32, "f" * 64, "/c/00/" + "0" * 30 + "/"])
def test_a_code_that_is_not_on_the_site_is_not_found(certificates, argument):
    project, _ = certificates
    outcome = verify(project, argument, "--format", "json")
    assert (outcome.code, outcome.json["verdict"]) == (3, "not found")


@pytest.mark.smoke
def test_not_found_says_that_it_is_not_revoked(certificates):
    project, _ = certificates
    text = verify(project, "0" * 32).out.decode()
    assert "not found" in text and "not the same as revoked" in text


def test_a_fingerprint_that_agrees_with_the_code_alone_is_not_genuine(certificates):
    project, expected = certificates
    false = expected["valid"].code + "0" * 32
    outcome = verify(project, false, "--format", "json")
    assert (outcome.code, outcome.json["verdict"]) == (3, "not genuine")


@pytest.mark.parametrize("argument", [
    "abc", "13134 7318 2 0000001 2024", "g" * 32, "0" * 31, "0" * 33, "https://example.com/",
    "/c/zz/" + "0" * 30 + "/", "no-such-file.json"])
def test_what_is_no_code_address_or_file_could_not_be_checked(certificates, argument):
    project, _ = certificates
    outcome = verify(project, argument, "--format", "json")
    assert (outcome.code, outcome.json["verdict"]) == (4, "could not be checked")


EXPLAINED = {
    "": "empty", "  ": "empty", "13134 7318 2 0000001 2024": "number", "BTK.0000.00123.2025": "number", "0" * 31: "one_missing",
    f"Kode: {'0' * 31}": "one_missing", "0" * 33: "one_extra", "0" * 28: "missing", "0" * 36: "extra",
    "0" * 62: "fingerprint_missing", "0" * 66: "fingerprint_extra", "0" * 31 + "x": "strange", "https://example.com/": "page",
    f"{'0' * 32} or {'1' * 32}": "several"}


@pytest.mark.parametrize("argument", EXPLAINED)
def test_what_is_no_code_is_explained_in_the_words_of_the_box(certificates, argument):
    project, _ = certificates
    outcome = verify(project, argument)
    words = said(project.strings("en"), f"check.{EXPLAINED[argument]}")
    digits = argument.count("0")
    missing = {"missing": 32 - digits, "fingerprint_missing": 64 - digits, "extra": digits - 32, "fingerprint_extra": digits - 64}
    words = words.replace("{count}", str(missing.get(EXPLAINED[argument]))).replace(
        "{found}", "x" if EXPLAINED[argument] == "strange" else str(digits))
    assert outcome.code == 4
    assert f"could not be checked: code: {words.split(' Those begin')[0]}" in outcome.out.decode()


@pytest.mark.parametrize("argument", ["no-such-file.json", "./saved.html", "public/c/7f/record.json", "certificate.tlog-proof"])
def test_a_file_that_is_missing_is_named(certificates, tmp_path, argument):
    project, _ = certificates
    outcome = verify(project, argument, cwd=tmp_path)
    assert outcome.code == 4
    assert f"there is no file {argument}" in outcome.out.decode()


def test_a_folder_is_no_file(certificates, tmp_path):
    project, expected = certificates
    (tmp_path / "saved.d").mkdir()
    for name in ("saved.d", ".", str(tmp_path)):
        outcome = verify(project, name, cwd=tmp_path)
        assert outcome.code == 4
        assert f"{name} is a folder" in outcome.out.decode()
    # A file that is there is a file, whatever it is called.
    (tmp_path / ("0" * 32)).write_bytes(expected["valid"].record)
    assert verify(project, "0" * 32, cwd=tmp_path).code == 0


def test_without_a_site_nothing_could_be_checked(certificates, tmp_path):
    project, expected = certificates
    (tmp_path / "empty").mkdir()
    for folder in ("empty", "missing"):
        outcome = verify(
            project, expected["valid"].code, "--site", tmp_path / folder, "--format", "json")
        assert (outcome.code, outcome.json["verdict"]) == (4, "could not be checked")


def test_a_saved_record_is_not_called_valid_without_a_site(certificates, tmp_path):
    project, expected = certificates
    file = tmp_path / "record.json"
    file.write_bytes(expected["valid"].record)
    outcome = verify(project, file, "--site", tmp_path / "missing")
    assert outcome.code == 4


def test_a_record_that_the_site_does_not_have_is_not_genuine_or_not_found(certificates, tmp_path):
    project, _ = certificates
    file = tmp_path / "record.json"
    file.write_bytes(expect(project, person(99)).record)
    assert verify(project, file).code == 3


# MARK: Tampering


@pytest.fixture
def forged(certificates, tmp_path):
    """A copy of the site that a test may tamper with, and its certificates."""
    project, expected = certificates
    copy = Project.copy(project.root, tmp_path / "forged")
    shutil.copytree(project.public, copy.public)
    return copy, expected


EDITS = {
    "another holder": lambda record: record.update(holder="Orang Lain"),
    "a later expiry": lambda record: record.update(expires="2099-12-31"),
    "another number": lambda record: record.update(number="13134 7318 2 0000099 2024"),
    "one unit more": lambda record: record["scheme"]["units"].append("C.13BTK01.999.2"),
    "another issuer": lambda record: record["issuer"].update(name="LSP Palsu"),
    "no registration": lambda record: record.pop("registration"),
    "another salt": lambda record: record.update(salt="A" * 22),
    "a revision": lambda record: record.update(revision=2),
    "an extra field": lambda record: record.update(photo="x"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edited_field_is_not_genuine(forged, tmp_path, edit):
    project, expected = forged
    record = json.loads(expected["valid"].record)
    EDITS[edit](record)
    content = rfc8785.dumps(record)
    saved = tmp_path / "saved.json"
    saved.write_bytes(content)
    assert verify(project, saved).code == 3
    (project.folder_of(expected["valid"].fingerprint) / "record.json").write_bytes(content)
    outcome = verify(project, expected["valid"].code, "--format", "json")
    assert (outcome.code, outcome.json["verdict"]) == (3, "not genuine")


CHANGES = {
    "a newline at the end": lambda content: content + b"\n",
    "a byte order mark": lambda content: b"\xef\xbb\xbf" + content,
    "one bit": lambda content: bytes([*content[:40], content[40] ^ 1, *content[41:]]),
    "cut": lambda content: content[:-1],
    "empty": lambda content: b"",
    "spaces between the parts": lambda content: json.dumps(json.loads(content)).encode(),
    "indented": lambda content: json.dumps(json.loads(content), indent=2).encode(),
    "keys in another order": lambda content: json.dumps(
        dict(reversed(json.loads(content).items())), separators=(",", ":")).encode(),
    "no JSON at all": lambda content: b"<html>",
}


@pytest.mark.parametrize("change", CHANGES)
def test_changed_bytes_are_not_genuine(forged, tmp_path, change):
    project, expected = forged
    content = CHANGES[change](expected["valid"].record)
    assert content != expected["valid"].record
    saved = tmp_path / "saved.json"
    saved.write_bytes(content)
    # A file that is no longer JSON may be none of this program's business.
    assert verify(project, saved).code in ((3,) if content[:1] == b"{" else (3, 4))
    (project.folder_of(expected["valid"].fingerprint) / "record.json").write_bytes(content)
    outcome = verify(project, expected["valid"].code, "--format", "json")
    assert (outcome.code, outcome.json["verdict"]) == (3, "not genuine")


def plant(project, expected, content):
    """Puts a record at the address of its own hash, with a page that says valid; returns its code."""
    fingerprint = hashlib.sha256(content).hexdigest()
    folder = project.folder_of(fingerprint)
    folder.mkdir(parents=True)
    (folder / "record.json").write_bytes(content)
    page = (project.folder_of(expected["valid"].fingerprint) / "index.html").read_text("utf-8")
    (folder / "index.html").write_text(
        page.replace(expected["valid"].fingerprint, fingerprint), "utf-8")
    return fingerprint[:32]


def without(key):
    def change(record):
        del record[key]
    return change


NOT_VERSION_1 = {
    **{f"no {key}": without(key) for key in
       ("version", "number", "holder", "scheme", "issued", "expires", "issuer", "salt")},
    "version 2": lambda record: record.update(version=2),
    "version true": lambda record: record.update(version=True),
    "revision 1": lambda record: record.update(revision=1),
    "an unknown field": lambda record: record.update(status="valid"),
    "an unknown field in the issuer": lambda record: record["issuer"].update(url="x"),
    "a day that does not exist": lambda record: record.update(expires="2027-02-30"),
    "a day with a time": lambda record: record.update(expires="2027-02-03T00:00"),
    "a number that is no text": lambda record: record.update(number=1),
    "units that are no texts": lambda record: record["scheme"].update(units=[1]),
    "a title without Indonesian": lambda record: record["scheme"]["title"].pop("id"),
    "a list": lambda record: record.update(holder=["Siti"]),
}


@pytest.mark.parametrize("change", NOT_VERSION_1)
def test_a_record_that_is_not_version_1_is_not_genuine_at_its_own_hash_either(forged, change):
    project, expected = forged
    record = json.loads(expected["valid"].record)
    NOT_VERSION_1[change](record)
    code = plant(project, expected, rfc8785.dumps(record))
    outcome = verify(project, code, "--format", "json")
    assert (outcome.code, outcome.json["verdict"]) == (3, "not genuine")


def test_a_good_record_is_read_where_the_bad_ones_are_planted(forged):
    project, expected = forged
    each = expect(project, person(77))
    outcome = verify(project, plant(project, expected, each.record), "--format", "json")
    assert outcome.json["fingerprint"] == each.fingerprint


@pytest.mark.parametrize("name, change", [
    ("spaces", lambda text: text.replace('","', '", "', 1)),
    ("escaped slash", lambda text: text.replace('"PBT"', r'"\u0050BT"')),
    ("key twice", lambda text: text.replace('"version":1', '"version":1,"version":1')),
    ("float", lambda text: text.replace('"version":1', '"version":1.0')),
    ("exponent", lambda text: text.replace('"version":1', '"version":1e0')),
    ("key order", lambda text: '{"version":1,' + text[1:].replace(',"version":1', "")),
    ("trailing text", lambda text: text + " "),
])
def test_json_that_is_not_canonical_is_not_genuine_at_its_own_hash_either(forged, name, change):
    project, expected = forged
    text = expected["valid"].record.decode()
    assert change(text) != text
    outcome = verify(project, plant(project, expected, change(text).encode()), "--format", "json")
    assert (outcome.code, outcome.json["verdict"]) == (3, "not genuine")


HOSTILE = {
    "smallest integer": b"-9223372036854775808",
    "integer beyond 64 bits": b"99999999999999999999999",
    "beyond 2^53": b"9007199254740992",
    "minus alone": b"-",
    "deep": b"[" * 100_000,
    "deep object": b'{"a":' * 100_000,
    "cut escape": b'"\\u12',
    "escape at the end": b'"\\',
    "lone surrogate": b'"\\ud800"',
    "surrogate and cut": b'"\\ud800\\u',
    "not UTF-8": b'"\xff\xfe"',
    "null bytes": b"\x00" * 50,
    "null": b"null",
    "cut word": b"tru",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("place", ["alone", "in a field"])
def test_a_hostile_file_is_never_genuine_and_never_a_crash(certificates, tmp_path, name, place):
    project, _ = certificates
    content = HOSTILE[name] if place == "alone" else b'{"revision":' + HOSTILE[name] + b"}"
    file = tmp_path / "hostile.json"
    file.write_bytes(content)
    assert verify(project, file).code in (3, 4)


def test_a_record_cut_anywhere_is_never_genuine_and_never_a_crash(certificates, tmp_path):
    project, expected = certificates
    record = expected["valid"].record
    codes = {}
    for length in range(0, len(record), 23):
        file = tmp_path / "cut.json"
        file.write_bytes(record[:length])
        codes[length] = verify(project, file).code
    assert {length: code for length, code in codes.items() if code not in (3, 4)} == {}


def test_a_missing_record_is_not_found_though_its_page_is_there(forged):
    project, expected = forged
    (project.folder_of(expected["valid"].fingerprint) / "record.json").unlink()
    outcome = verify(project, expected["valid"].code, "--format", "json")
    assert outcome.code == 3 and outcome.json["verdict"] in ("not found", "not genuine")


def test_without_the_page_nobody_can_say_whether_it_is_valid(forged):
    project, expected = forged
    if (project.public / "status").exists():
        pytest.skip("this site has status lists, which say it too")
    (project.folder_of(expected["valid"].fingerprint) / "index.html").unlink()
    outcome = verify(project, expected["valid"].code, "--format", "json")
    assert (outcome.code, outcome.json["verdict"]) == (4, "could not be checked")


def test_the_page_of_another_certificate_is_never_taken_for_this_one(forged):
    project, expected = forged
    shutil.copy(
        project.folder_of(expected["valid"].fingerprint) / "index.html",
        project.folder_of(expected["revoked"].fingerprint) / "index.html")
    assert verify(project, expected["revoked"].code).code in (2, 3, 4)


def test_a_file_is_read_even_where_its_path_looks_like_an_address(certificates, tmp_path):
    """A mirrored site keeps its folders; what the buyer holds must be checked, not the original."""
    project, expected = certificates
    each = expected["valid"]
    mirrored = tmp_path / each.path.strip("/") / "record.json"
    mirrored.parent.mkdir(parents=True)
    record = json.loads(each.record)
    record["holder"] = "Orang Lain"
    mirrored.write_bytes(rfc8785.dumps(record))
    assert verify(project, mirrored).code == 3


def test_a_folder_instead_of_a_file_could_not_be_checked(certificates, tmp_path):
    project, _ = certificates
    assert verify(project, tmp_path).code == 4

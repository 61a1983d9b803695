"""What /verify/ does beside the box: saved files, pictures of QR codes, lists."""

import csv
import io
import subprocess

import pytest
from selenium.webdriver.common.keys import Keys

from support.browser.published_site import COPY, PROGRAM, groups
from support.browser.verification import file, given, listed, replaced, rows

VERDICTS = ("valid", "expired", "suspended", "revoked", "superseded")


@pytest.fixture
def desk(visitor):
    visitor.open("/verify/")
    visitor.until(lambda: visitor.run("return document.readyState") == "complete", "the page")
    return visitor


def asked_since(visitor):
    return [address for address in visitor.requests() if not address.startswith(("blob:", "data:"))]


# MARK: Files


@pytest.mark.parametrize("kind", VERDICTS)
def test_saved_files_are_held_against_the_register(desk, site, tmp_path, kind):
    certificate = site.certificate(kind)
    proof = tmp_path / "certificate.tlog-proof"
    proof.write_bytes(subprocess.run(
        [PROGRAM, "proof", certificate.code, "--root", str(site.root), "--site", str(site.public)],
        capture_output=True, check=True).stdout)
    folder = site.public / certificate.path.strip("/")
    for each in (folder / "index.html", folder / "credential.json", folder / "record.json", proof):
        assert given(desk, each) == kind, each
        assert desk.stages["file"] == "passed"
        assert certificate.holder in desk.text(".found .who")
    assert desk.attribute(".found a.button", "href") == certificate.path


# What a page can say besides its fields, and what a browser does to a page that it saves.
OTHER_PAGES = {
    "a layer over it": lambda page: page.replace(b"<body>", b'<body><div style="position:fixed;inset:0">VALID until 2039</div>', 1),
    "a word behind it": lambda page: page + b"<!-- -->",
    "a byte less": lambda page: page[:-1],
    "another title": lambda page: page.replace(b"</title>", b" VALID</title>", 1),
    "another style": lambda page: page.replace(b'href="/assets/', b'href="https://evil.example/', 1),
    "line ends of Windows": lambda page: page.replace(b"\n", b"\r\n"),
    "another status": lambda page: page.replace(b'data-status="valid"', b'data-status="superseded"', 1),
}


@pytest.mark.parametrize("kind", OTHER_PAGES)
def test_a_saved_page_that_is_not_the_registers_to_the_byte_is_not_genuine(desk, site, tmp_path, kind):
    page = file(site, f"{site.certificate('valid').path}index.html")
    other = OTHER_PAGES[kind](page)
    assert other != page
    (tmp_path / "saved.html").write_bytes(other)
    assert given(desk, tmp_path / "saved.html") == "not_genuine"
    assert desk.stages["file"] == "failed"
    # Saving alone may have changed it: the page says what is known, and leads to the register's own.
    assert site.strings["en"]["steps"]["file"]["page"] in desk.text(".found .verdict")
    assert desk.find(".found a.button").is_displayed()


def test_what_a_browser_saves_is_told_to_be_no_evidence(desk, site, tmp_path):
    certificate = site.certificate("valid")
    assert desk.checked(certificate.path) == "valid"
    (tmp_path / "saved.html").write_text(desk.driver.page_source, encoding="utf-8")
    desk.open("/verify/")
    assert given(desk, tmp_path / "saved.html") == "not_genuine"
    assert site.strings["en"]["steps"]["file"]["page"] in desk.text(".found .verdict")


def test_what_was_checked_says_when(desk, site):
    given(desk, site.public / site.certificate("valid").path.strip("/") / "index.html")
    assert desk.text(".found .when") == "Checked on 23 November 2026, 12:00."
    listed(desk, site.certificate("valid").code)
    assert desk.text(".results .when") == "Checked on 23 November 2026, 12:00."


def test_an_edited_file_is_not_genuine_or_not_found(desk, site, tmp_path):
    certificate = site.certificate("valid")
    name = certificate.holder.replace("'", "&#39;")

    def edited(file_name, old, new):
        text = file(site, f"{certificate.path}{file_name}").decode()
        path = tmp_path / file_name
        path.write_text(text.replace(old, new) if file_name.endswith("html") else replaced(text, old, new), encoding="utf-8")
        return path

    assert given(desk, edited("index.html", name, "Somebody Else")) == "not_genuine"
    assert given(desk, edited("credential.json", certificate.holder, "Somebody Else")) == "not_genuine"
    assert given(desk, edited("record.json", certificate.holder, "Somebody Else")) == "not_found"
    proof = tmp_path / "certificate.tlog-proof"
    text = subprocess.run([PROGRAM, "proof", certificate.code, "--root", str(site.root), "--site", str(site.public)],
                          capture_output=True, check=True).stdout.decode()
    lines = text.split("\n")
    lines[3] = ("A" if lines[3][0] != "A" else "B") + lines[3][1:]
    proof.write_text("\n".join(lines), encoding="utf-8")
    assert given(desk, proof) == "not_genuine"
    assert desk.stages["file"] == "failed"


def test_a_file_of_another_kind_is_named_as_such(desk, site, tmp_path):
    for name, content in (("notes.txt", b"Batik"), ("empty", b""), ("page.html", b"<!DOCTYPE html><p>Batik"),
                          ("other.json", b'{"batik":true}'), ("broken.json", b"{")):
        (tmp_path / name).write_bytes(content)
        assert given(desk, tmp_path / name) == "unchecked", name
        assert site.strings["en"]["steps"]["file"]["unknown"] in desk.text(".found")


def test_a_saved_credential_without_a_page_is_signed_and_no_more(desk, site, tmp_path):
    certificate = site.certificate("valid")
    path = site.public / certificate.path.strip("/") / "credential.json"
    desk.changes[certificate.path] = None
    assert given(desk, path) == "unchecked"
    assert site.strings["en"]["steps"]["file"]["alone"] in desk.text(".found")
    assert given(desk, path.with_name("record.json")) == "not_found"


def test_nothing_of_a_file_is_uploaded(desk, site):
    certificate = site.certificate("valid")
    desk.requests()
    given(desk, site.public / certificate.path.strip("/") / "credential.json")
    assert all(address.startswith(f"http://{site.host}/") and "?" not in address for address in asked_since(desk))
    posted = desk.run("return performance.getEntriesByType('resource').map(({ name, initiatorType }) => [name, initiatorType])")
    assert {kind for name, kind in posted if "/c/" in name} == {"fetch"}
    assert desk.run("return violations") == []


def test_on_a_copy_of_the_site_no_file_is_valid(visitor, site):
    visitor.open("/verify/", host=COPY)
    assert given(visitor, site.public / site.certificate("valid").path.strip("/") / "credential.json") == "copy"
    assert site.strings["en"]["verdict"]["copy"]["title"] in visitor.text(".found")


def test_a_file_can_be_dropped(desk, site):
    certificate = site.certificate("revoked")
    desk.run("""
      const [name, text] = arguments, transfer = new DataTransfer();
      transfer.items.add(new File([text], name));
      document.querySelector("#files").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer }));
      """, "record.json", file(site, f"{certificate.path}record.json").decode())
    desk.until(lambda: desk.all(".found [data-verdict=revoked]"), "the verdict on the file")


# MARK: QR codes


DETECTOR = """
globalThis.BarcodeDetector = class {
  static async getSupportedFormats() { return ["qr_code"]; }
  async detect() { return globalThis.seen ? [{ rawValue: globalThis.seen }] : []; }
};
"""


def test_where_the_browser_cannot_read_qr_codes_the_page_says_so(visitor, site):
    visitor.inject("detector", "delete globalThis.BarcodeDetector;")
    visitor.open("/verify/")
    assert visitor.text(".qr-none") == site.strings["en"]["verify"]["qr_none"]
    assert not visitor.find(".qr-tools").is_displayed()


def test_a_photo_of_a_qr_code_leads_to_the_page(visitor, site):
    certificate = site.certificate("valid")
    visitor.inject("detector", DETECTOR)
    visitor.open("/verify/")
    visitor.until(lambda: visitor.find(".qr-tools").is_displayed(), "the tools")
    assert not visitor.find(".qr-none").is_displayed()
    picture = str(site.root / "templates/assets/certificate/certificate-1.png")
    visitor.find("#photo").send_keys(picture)
    visitor.until(lambda: visitor.text(".qr-answer") == site.strings["en"]["verify"]["qr_nothing"], "the answer")
    visitor.run("globalThis.seen = arguments[0]", f"{site.settings['url']}{certificate.path}")
    visitor.find("#photo").send_keys(picture)
    visitor.arrives(certificate.path)


# MARK: Lists


def test_a_list_gets_a_verdict_for_each_code(desk, site):
    kinds = [site.certificate(kind) for kind in VERDICTS]
    forged = next(each for each in site.certificates if each.code > site.certificate("valid").code and site.status(each) == "valid")
    away = next(each for each in site.certificates if each is not forged and each not in kinds and site.status(each) == "valid")
    page = file(site, f"{forged.path}index.html")
    desk.changes[forged.path] = page.replace(b'data-field="number">13134', b'data-field="number">13135')
    desk.changes[f"{away.path}credential.json"] = None
    text = "\n".join([*(each.code for each in kinds), f"<{site.settings['url']}{forged.path}>", groups(away.code).upper(), "", "7f3a", "0" * 32])
    desk.requests()
    found = listed(desk, text)
    assert [row[0] for row in found] == [*VERDICTS, "not_genuine", "unchecked", "verify.no_code", "not_found"]
    for row, certificate in zip(found, kinds):
        assert row[3:7] == [groups(certificate.code), certificate.number, certificate.holder, certificate.expires.isoformat()]
    assert "28" in found[7][7]
    # What all certificates need was asked for once.
    asked = [address for address in asked_since(desk) if "/c/" not in address]
    assert len(asked) == len(set(asked))
    assert desk.run("return violations") == []


def test_a_line_counts_to_its_last_digit_and_with_its_host(desk, site):
    certificate = site.certificate("valid")
    fingerprint = certificate.fingerprint
    other = fingerprint[:63] + ("0" if fingerprint[63] != "0" else "1")
    foreign = f"https://evil.example{certificate.path}"
    found = listed(desk, "\n".join([
        fingerprint, other, f"{certificate.code},{other}", f"{certificate.code};{fingerprint}", f"Siti;{certificate.code};{foreign}",
        foreign, f"https://{site.host}:443{certificate.path}", f"https://evil.example/c/00/{'0' * 30}/"]))
    assert [row[0] for row in found] == ["valid", "not_genuine", "not_genuine", "valid", "copy", "copy", "valid", "not_found"]
    check = site.strings["en"]["check"]
    assert found[1][7] == check["fingerprint_differs"]
    assert found[5][7] == check["foreign"].replace("{found}", "evil.example").replace("{host}", site.host)
    assert desk.run("return violations") == []


def test_a_list_is_sorted_by_every_column_with_the_keyboard(desk, site):
    found = listed(desk, "\n".join(site.certificate(kind).code for kind in VERDICTS))
    for column, head in enumerate(desk.all("thead button"), start=1):
        if column > 1:  # by line, it is sorted already
            head.send_keys(Keys.ENTER)
        ascending = [row[column] for row in rows(desk)]
        assert head.find_element("xpath", "..").get_attribute("aria-sort") == "ascending"
        head.send_keys(Keys.SPACE)
        assert head.find_element("xpath", "..").get_attribute("aria-sort") == "descending"
        descending = [row[column] for row in rows(desk)]
        assert sorted(ascending) == sorted(descending) == sorted(row[column] for row in found)
        assert ascending == descending[::-1] or len(set(ascending)) < len(ascending)
    assert len(desk.all("[aria-sort]")) == 1


def test_a_list_is_saved_as_csv_without_formulas(visitor, site):
    certificate = site.certificate("valid")
    visitor.inject("blob", "URL.createObjectURL = (blob) => { globalThis.saved = blob; return '#list'; };")
    visitor.open("/verify/")
    listed(visitor, f"{certificate.code}\n=HYPERLINK(1)")
    assert visitor.text(".results .no-code") == "Lines without a code: 1."
    visitor.find(".csv").click()
    text = visitor.awaited("() => saved.text()")
    sheet = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    assert len(sheet) == 3 and len(sheet[0]) == 7
    assert sheet[1][2:6] == [groups(certificate.code), certificate.number, certificate.holder, certificate.expires.isoformat()]
    assert sheet[2][2] == "'=HYPERLINK(1)"


def test_a_table_from_the_program_can_be_dropped(desk, site):
    export = site._run("export", "--csv", "--quiet").splitlines()[:8]
    desk.run("""
      const transfer = new DataTransfer();
      transfer.items.add(new File([arguments[0]], "list.csv"));
      document.querySelector("#list").dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: transfer }));
      """, "\n".join(export))
    desk.until(lambda: desk.find(".csv").is_displayed(), "the end of the list")
    assert [row[3] for row in rows(desk)] == [groups(each.code) for each in site.certificates[:7]]
    assert desk.text(".results .no-code") == ""
    assert "verify.waiting" not in {row[0] for row in rows(desk)}


def test_five_hundred_codes_are_taken_and_no_more(desk, site):
    found = listed(desk, "\n".join(each.code for each in site.certificates[:52] * 10))
    assert len(found) == 500
    assert {row[0] for row in found} <= set(VERDICTS)
    assert "520" in desk.text(".list-answer")


def test_a_list_without_codes_says_so(desk, site):
    desk.find("form.list button").click()
    desk.until(lambda: desk.text(".list-answer") == site.strings["en"]["verify"]["list_empty"], "the answer")
    assert not desk.find(".results").is_displayed()


def test_off_line_every_row_says_that_it_could_not_be_checked(desk, site):
    desk.network(False)
    found = listed(desk, "\n".join(site.certificate(kind).code for kind in VERDICTS))
    assert {row[0] for row in found} == {"unchecked"}


# MARK: The box


@pytest.mark.parametrize("answer, said", [("not found", "absent_title"), ("anything", "unreachable_title")])
def test_a_page_that_is_not_the_certificate_is_never_found(desk, site, answer, said):
    certificate = site.certificate("valid")
    desk.changes[certificate.path] = file(site, "/404.html") if answer == "not found" else b"<!DOCTYPE html><p>Welcome"
    desk.ask(certificate.code)
    desk.answers(site.strings["en"]["check"][said])
    assert desk.path == "/verify/"


def test_an_address_between_marks_is_read(desk, site):
    certificate = site.certificate("suspended")
    desk.ask(f"<{site.settings['url']}{certificate.path}>")
    desk.arrives(certificate.path)


def test_the_days_of_a_revoked_certificate_did_not_pass_for_its_file_either(desk, site):
    certificate = site.certificate("revoked")
    assert given(desk, site.public / certificate.path.strip("/") / "record.json") == "revoked"
    assert desk.stages["dates"] == "void"
    assert site.date(certificate.expires, "en") in desk.text(".found [data-step=dates]")

"""The check in the browser: what each tampering and each failure does to the steps and to the verdict."""

import base64
import datetime
import gzip
import json
import re

import pytest

from support.browser.published_site import COPY, INSECURE, TODAY
from support.browser.verification import STEPS, file, replaced, script, shows_sign, stages
from support.browser.visitor import NOON


@pytest.fixture
def certificate(site):
    return site.certificate("valid")


def flipped(data, at):
    """The bytes with one bit turned."""
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


# MARK: Tampering


def wrong_credential(site, certificate):
    text = file(site, f"{certificate.path}credential.json").decode()
    return f"{certificate.path}credential.json", replaced(text, certificate.holder, f"{certificate.holder}a").encode()


def signature_of_another(site, certificate):
    ours = json.loads(file(site, f"{certificate.path}credential.json"))
    other = json.loads(file(site, f"{site.certificate('revoked').path}credential.json"))
    ours["proof"]["proofValue"] = other["proof"]["proofValue"]
    return f"{certificate.path}credential.json", json.dumps(ours).encode()


def credential_of_another(site, certificate):
    return f"{certificate.path}credential.json", file(site, f"{site.certificate('revoked').path}credential.json")


def no_json(site, certificate):
    return f"{certificate.path}credential.json", b"{"


def key_twice(site, certificate):
    text = file(site, f"{certificate.path}credential.json").decode()
    return f"{certificate.path}credential.json", replaced(text, '"id":', '"id":"x","id":').encode()


def tampered_edge(site, certificate):
    edge = json.loads(file(site, "/log/edge.json"))
    name, tile = next(iter(edge["tiles"].items()))
    edge["tiles"][name] = base64.b64encode(flipped(base64.b64decode(tile), 40)).decode()
    return "/log/edge.json", json.dumps(edge).encode()


def forged_checkpoint(site, certificate):
    edge = json.loads(file(site, "/log/edge.json"))
    edge["checkpoint"] = replaced(edge["checkpoint"], "\n1", "\n2")
    return "/log/edge.json", json.dumps(edge).encode()


def unsigned_checkpoint(site, certificate):
    edge = json.loads(file(site, "/log/edge.json"))
    edge["checkpoint"] = edge["checkpoint"].split("\n\n")[0] + "\n\n"
    return "/log/edge.json", json.dumps(edge).encode()


def another_key(site, certificate):
    did = json.loads(file(site, "/.well-known/did.json"))
    did["verificationMethod"][0]["publicKeyMultibase"] = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
    return "/.well-known/did.json", json.dumps(did).encode()


def key_for_nothing(site, certificate):
    did = json.loads(file(site, "/.well-known/did.json"))
    return "/.well-known/did.json", json.dumps({**did, "assertionMethod": []}).encode()


def edited_list(site, certificate):
    other = json.loads(file(site, "/status/suspension/0"))["credentialSubject"]["encodedList"]
    ours = json.loads(file(site, "/status/revocation/0"))
    ours["credentialSubject"]["encodedList"] = other
    return "/status/revocation/0", json.dumps(ours).encode()


def swapped_list(site, certificate):
    return "/status/revocation/0", file(site, "/status/suspension/0")


@pytest.mark.parametrize("tampering, failed", [
    (wrong_credential, ["signature"]), (signature_of_another, ["signature"]), (credential_of_another, ["signature"]),
    (no_json, ["signature"]), (key_twice, ["signature"]), (tampered_edge, ["log"]), (forged_checkpoint, ["log"]),
    (unsigned_checkpoint, ["log"]), (another_key, ["signature", "status"]),
    (key_for_nothing, ["signature", "log", "status"]), (edited_list, ["status"]), (swapped_list, ["status"]),
])
def test_what_was_tampered_with_is_not_genuine(visitor, site, certificate, tampering, failed):
    path, changed = tampering(site, certificate)
    visitor.changes[path] = changed
    assert visitor.checked(certificate.path) == "not_genuine"
    assert visitor.stages == stages(**dict.fromkeys(failed, "failed"))
    assert visitor.text("h1") == " ".join(site.strings[each]["verdict"]["not_genuine"]["title"] for each in ("en", "id"))


def test_a_tampered_tile_is_not_genuine(visitor, site, certificate):
    visitor.open(certificate.path)
    index = int(visitor.attribute("main", "data-index"))
    tile = f"/log/tile/0/{index // 256:03}"
    visitor.changes[tile] = flipped(file(site, tile), (index + 5) % 256 * 32)
    visitor.forget_cache()
    assert visitor.checked(certificate.path) == "not_genuine"
    assert visitor.stages == stages(log="failed")


# Every text on the page that is printed on the certificate, or made of it.
PRINTED = re.compile(
    r'data-(?:field="[^"]*"|printed)(?: [a-z]+="[^"]*")*>([^<]+)<|datetime="([^"]+)"|data-(?:salt|issued|expires|index|fingerprint|printed)="([^"]+)"')


def other_letter(text, at):
    return text[:at] + ("7" if text[at] != "7" else "8") + text[at + 1:]


def test_a_page_with_one_character_of_a_field_edited_is_not_genuine(visitor, site):
    certificate = site.certificate("issued again")
    page = file(site, f"{certificate.path}index.html").decode()
    places = list(PRINTED.finditer(page))
    assert len(places) > 35
    believed = []
    for match in places:
        text = next(group for group in match.groups() if group)
        start = page.index(text, match.start())
        changed = page[:start] + other_letter(text, len(text) // 2) + page[start + len(text):]
        visitor.changes[certificate.path] = b"<!DOCTYPE" + changed.removeprefix("<!DOCTYPE").encode()
        if visitor.checked(certificate.path) != "not_genuine":
            believed.append(match.group())
    assert believed == []


def test_an_edited_page_is_not_genuine_elsewhere_either_and_names_the_foreign_domain(visitor, site, certificate):
    page = file(site, f"{certificate.path}index.html")
    visitor.changes["/saved.html"] = visitor.changes[certificate.path] = page.replace(certificate.holder.encode(), b"Somebody Else")
    assert visitor.checked(certificate.path, host=COPY) == "copy"
    assert visitor.stages["fields"] == "failed"
    assert COPY in visitor.text(".verdict .found")
    assert visitor.checked("/saved.html", host=COPY) == "copy"
    assert COPY in visitor.text(".verdict .found")


@pytest.mark.parametrize("claim", ["revoked", "suspended"])
def test_a_page_and_lists_that_disagree_are_not_genuine(visitor, site, certificate, claim):
    page = file(site, f"{certificate.path}index.html").decode()
    visitor.changes[certificate.path] = replaced(page, 'data-status="valid"', f'data-status="{claim}"').encode()
    assert visitor.checked(certificate.path) == "not_genuine"
    assert visitor.stages == stages(status="failed")


@pytest.mark.parametrize("kind", ["revoked", "suspended"])
def test_a_page_that_hides_a_status_is_overruled_by_the_signed_list(visitor, site, kind):
    certificate = site.certificate(kind)
    page = file(site, f"{certificate.path}index.html").decode()
    # The page of the certificate as it was before, when it was valid.
    page = replaced(page, f'data-status="{kind}"', 'data-status="valid"')
    page = re.sub(r'<p class="sentence".*?</p>', "", page)
    visitor.changes[certificate.path] = page.encode()
    assert visitor.checked(certificate.path) == kind
    assert visitor.text("h1") == " ".join(site.strings[each]["status"][kind] for each in ("en", "id"))


# MARK: What could not be checked


@pytest.mark.parametrize("missing, opened", [
    ("{certificate}credential.json", ["signature"]), ("/.well-known/did.json", ["signature", "log", "status"]),
    ("/log/edge.json", ["log"]), ("/log/tile/0/{tile}", ["log"]), ("/status/revocation/0", ["status"]),
    ("/status/suspension/0", ["status"]),
])
@pytest.mark.parametrize("answer", [None, b"<!DOCTYPE html><title>Welcome</title>"], ids=["missing", "some page"])
def test_a_missing_file_is_never_green(visitor, site, certificate, missing, opened, answer):
    index = int(re.search(rb'data-index="(\d+)"', file(site, f"{certificate.path}index.html"))[1])
    visitor.changes[missing.format(certificate=certificate.path, tile=f"{index // 256:03}")] = answer
    visitor.forget_cache()
    assert visitor.checked(certificate.path) == "unchecked"
    assert visitor.stages == stages(**dict.fromkeys(opened, "open"))
    name = site.strings["en"]["steps"]["missing"].split("{")[0]
    assert visitor.text(f"[data-step={opened[0]}] span").startswith(name)
    # What the page states is still told, as no more than that.
    assert site.verdict(certificate, "en", "title") in visitor.text(".outcome")


def test_a_file_that_never_comes_does_not_keep_the_page_waiting(visitor, site, certificate):
    visitor.inject("hurry", "const real = setTimeout; globalThis.setTimeout = (run, wait) => real(run, wait / 20);")
    visitor.changes["/log/edge.json"] = "hang"
    assert visitor.checked(certificate.path) == "unchecked"
    assert visitor.stages == stages(log="open")


def test_with_the_network_blocked_after_load_it_says_what_could_not_be_checked(visitor, site, certificate):
    visitor.block("*/credential.json", "/log/*", "/status/*", "*/did.json")
    assert visitor.checked(certificate.path) == "unchecked"
    assert visitor.stages == stages(signature="open", log="open", status="open")
    text = visitor.text(".stages")
    assert text.count(site.strings["en"]["steps"]["open"]) == 3
    assert "edge.json" in text and "credential.json" in text
    assert visitor.text("h1") == " ".join(site.strings[each]["verdict"]["unchecked"]["title"] for each in ("en", "id"))
    visitor.unblock()
    visitor.find(".verdict .outcome a").click()
    visitor.until(lambda: visitor.attribute("main", "data-verdict") == "valid", "the check, run again")


def test_without_a_secure_connection_nothing_is_hashed(visitor, site, certificate):
    assert visitor.checked(certificate.path, host=INSECURE) == "copy"
    assert visitor.stages == stages(fields="open", signature="open", log="open", status="open")
    assert visitor.text("[data-step=fields] span") == site.strings["en"]["steps"]["insecure"]


def test_status_lists_that_are_out_of_date_tell_nothing(visitor, site):
    certificate = site.certificate("issued again")
    visitor.clock(NOON + datetime.timedelta(days=31))
    assert visitor.checked(certificate.path) == "valid"
    visitor.clock(NOON + datetime.timedelta(days=32))
    assert visitor.checked(certificate.path) == "unchecked"
    assert visitor.stages == stages(status="open")
    assert site.date(TODAY + datetime.timedelta(days=31), "en") in visitor.text("[data-step=status] span")


def test_a_clock_that_is_behind_makes_no_certificate_valid(visitor, site):
    certificate = site.certificate("expired")
    visitor.clock(datetime.datetime.combine(certificate.expires, datetime.time(12)))
    assert visitor.checked(certificate.path) == "unchecked"
    assert visitor.stages == stages(status="open")


def test_a_copy_at_another_address_is_never_green(visitor, certificate):
    assert visitor.checked(certificate.path, host=COPY) == "copy"
    assert visitor.stages == stages()


# MARK: How it is shown


def test_without_script_it_says_that_nothing_was_checked(visitor, site, certificate):
    visitor.script(False)
    visitor.open(certificate.path)
    assert site.strings["en"]["steps"]["no_script"] in visitor.text(".checks")
    assert visitor.all(".checks details") == []
    words = site.strings["en"]["verdict"]
    assert visitor.text(".outcome") == f"{words['stated']} {words['not_checked']}."


def test_the_steps_are_one_line_when_all_passed_and_open_otherwise(visitor, site, certificate):
    visitor.screen(390, 844)
    words = site.strings["en"]["steps"]
    assert visitor.checked(certificate.path) == "valid"
    assert visitor.text(".checks summary") == words["all_passed"].replace("{all}", "5")
    assert not visitor.find(".stages").is_displayed()
    visitor.find(".checks summary").click()
    text = visitor.text(".stages")
    for step in STEPS:
        assert words[step]["name"] in text
    visitor.changes["/log/edge.json"] = None
    assert visitor.checked(certificate.path) == "unchecked"
    assert visitor.text(".checks summary") == words["each"]
    assert visitor.find(".stages").is_displayed()


@pytest.mark.parametrize("kind", ["suspended", "revoked", "superseded"])
def test_the_days_of_what_is_not_in_force_did_not_pass(visitor, site, kind):
    certificate = site.certificate(kind)
    assert visitor.checked(certificate.path) == kind
    line = visitor.text("[data-step=dates]")
    words = site.strings["en"]["steps"]
    assert words["void"] in line and words["passed"] not in line
    assert site.date(certificate.expires, "en") in line
    assert visitor.text(".outcome") == "Checked on 23 November 2026, 12:00."


# Where the style sheet names an attribute, Chromium tells its value and Firefox its name.
STAMP = """
const sheet = document.querySelector(".sheet");
const { content } = getComputedStyle(sheet, "::after");
return content === "attr(data-stamp)" ? sheet.dataset.stamp : content;
"""


@pytest.mark.parametrize("script", [True, False], ids=["", "without script"])
@pytest.mark.parametrize("kind", ["valid", "expired", "suspended", "revoked", "superseded"])
def test_the_sheet_of_what_is_not_in_force_is_stamped(visitor, site, kind, script):
    certificate = site.certificate(kind)
    visitor.shown(certificate.path, script)
    stamp = visitor.run(STAMP)
    if kind == "valid" or kind == "expired" and not script:
        assert stamp == "none"
    else:
        assert [site.strings[language]["status"][kind] in stamp for language in ("en", "id")] == [True, True]


def test_a_page_that_is_newer_than_the_script_says_so(visitor, site, certificate):
    page = file(site, f"{certificate.path}index.html").decode()
    visitor.changes[certificate.path] = replaced(page, 'data-page="1"', 'data-page="2"').encode()
    assert visitor.checked(certificate.path) == "unchecked"
    words = site.strings["en"]["steps"]["newer_page"].replace("{page}", "2").replace("{newest}", "1")
    assert words in visitor.text(".outcome")


def test_a_page_that_is_older_than_the_script_is_checked(visitor, site, certificate):
    path = script(site, "certificate")
    visitor.changes[path] = replaced(file(site, path).decode(), "const newestPage = 1;", "const newestPage = 2;").encode()
    assert visitor.checked(certificate.path) == "valid"


@pytest.mark.parametrize("kind", ["valid", "expired", "suspended", "revoked", "superseded", "not_genuine", "unchecked"])
def test_the_verdict_is_announced_and_told_by_more_than_colour(visitor, site, kind):
    certificate = site.certificate(kind if kind in ("expired", "suspended", "revoked", "superseded") else "valid")
    if kind == "not_genuine":
        visitor.changes["/status/revocation/0"] = b"{}"
    if kind == "unchecked":
        visitor.changes["/log/edge.json"] = None
    assert visitor.checked(certificate.path) == kind
    heading = visitor.run("return document.querySelector('h1').firstChild.data").strip()
    heard = visitor.run("return document.querySelector('.verdict [role=status][aria-atomic=true]').textContent").strip()
    assert heard.startswith(heading)
    assert visitor.attribute(".verdict", "aria-busy") == "false"
    assert shows_sign(visitor, kind)
    for stage in visitor.all(".stages li"):
        result = site.strings["en"]["steps"][stage.get_attribute("data-result")]
        if kind in ("suspended", "revoked", "superseded") and stage.get_attribute("data-step") == "dates":
            result = site.strings["en"]["steps"]["void"]
        assert kind == "valid" or result in stage.text


# MARK: How little it takes


def sizes(visitor, site):
    """Every file that the page asked for, with what it weighs on the way."""
    weights = {}
    for address in visitor.requests():
        path = address.removeprefix(f"http://{site.host}")
        data = file(site, f"{path}index.html" if path.endswith("/") else path)
        weights[path] = len(data if path.startswith("/log/tile") else gzip.compress(data, 6))
    return weights


def test_a_full_check_is_small(visitor, site, certificate):
    visitor.forget_cache()
    visitor.checked(certificate.path)
    weights = sizes(visitor, site)
    pictures = {path for path in weights if path.endswith(".svg")}
    first = [path for path in weights if path.endswith(("/", ".css"))]
    scripts = [path for path in weights if path.endswith(".js")]
    assert len(first) == 2 and sum(weights[path] for path in first) < 10 * 1024
    assert len(scripts) == 1 and weights[scripts[0]] < 20 * 1024
    assert len(weights.keys() - pictures) <= 10
    assert sum(weights.values()) < 60 * 1024


def test_files_that_every_check_needs_are_asked_for_before_any_has_come(visitor, site, certificate):
    visitor.inject("asked", """
      globalThis.asked = [];
      const real = fetch;
      globalThis.fetch = async (path, ...options) => {
        asked.push(path);
        const reply = await real(path, ...options);
        asked.push("came");
        return reply;
      };
    """)
    assert visitor.checked(certificate.path) == "valid"
    asked = visitor.run("return asked")
    assert set(asked[:asked.index("came")]) == {
        f"{certificate.path}credential.json", "/.well-known/did.json", "/log/edge.json",
        "/status/revocation/0", "/status/suspension/0"}


def test_what_hundreds_of_hashes_are_read_from_is_decoded_once(visitor, site, certificate):
    visitor.inject("decoded", """
      globalThis.decoded = [];
      const real = atob;
      globalThis.atob = (text) => { decoded.push(text); return real(text); };
    """)
    tiles = json.loads(file(site, "/log/edge.json"))["tiles"].values()
    assert max(map(len, tiles)) > 200 * 32
    assert visitor.checked(certificate.path) == "valid"
    decoded = visitor.run("return decoded")
    assert {decoded.count(tile) for tile in tiles if tile in decoded} == {1}

"""Browsers from before 2025, whose cryptography has no Ed25519: TweetNaCl checks signatures for them."""

import json
from pathlib import Path

import base58
import pytest

from support.browser.published_site import CERTIFICATES, groups
from support.browser.verification import OLD_BROWSER, file, given, is_green, listed, script, stages, without_signature_script
from support.forgeries import new_key, raw

PACKAGE = Path("/usr/share/nodejs/tweetnacl/nacl-fast.min.js")  # Debian's node-tweetnacl
GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493


@pytest.fixture
def certificate(site):
    return site.certificate("valid")


@pytest.fixture
def old(visitor):
    """A browser that is older than Ed25519 in browsers."""
    visitor.inject("old", OLD_BROWSER)
    return visitor


def signature_script(site):
    return script(site, "tweetnacl")


def asked_for_script(visitor):
    return [path for path in visitor.requests() if "tweetnacl" in path]


def test_the_site_has_the_packages_file_byte_for_byte(site):
    assert file(site, signature_script(site)) == PACKAGE.read_bytes()


@pytest.mark.parametrize("kind", CERTIFICATES)
def test_an_old_browser_reaches_every_verdict_with_all_steps(old, site, kind):
    certificate = site.certificate(kind)
    assert old.checked(certificate.path) == site.status(certificate)
    assert [old.stages[step] for step in ("fields", "signature", "log")] == ["passed"] * 3
    assert is_green(old) == (site.status(certificate) == "valid")
    assert asked_for_script(old) == [f"{old.engine.scheme}://{site.host}{signature_script(site)}"]
    assert old.run("return violations") == [] and old.console() == []


@pytest.mark.parametrize("kind", ["valid", "revoked"])
def test_a_browser_that_knows_ed25519_never_asks_for_it(visitor, site, kind):
    visitor.checked(site.certificate(kind).path)
    visitor.open("/verify/")
    given(visitor, site.public / site.certificate(kind).path.strip("/") / "record.json")
    assert visitor.requests() and asked_for_script(visitor) == []


def signed_otherwise(site, certificate, change):
    """The certificate's credential with another signature in its proof."""
    path = f"{certificate.path}credential.json"
    credential = json.loads(file(site, path))
    signature = change(base58.b58decode(credential["proof"]["proofValue"][1:]))
    credential["proof"]["proofValue"] = "z" + base58.b58encode(signature).decode()
    return path, json.dumps(credential).encode()


def plus_group_order(signature):
    """The same signature by the mathematics; only one of its forms is a signature by RFC 8032."""
    number = int.from_bytes(signature[32:], "little") + GROUP_ORDER
    return signature[:32] + number.to_bytes(32, "little")


CHANGES = {
    "as it was": lambda signature: signature, "a bit of R": lambda signature: bytes([signature[0] ^ 1]) + signature[1:],
    "a bit of S": lambda signature: signature[:40] + bytes([signature[40] ^ 4]) + signature[41:],
    "S and the group's order": plus_group_order, "too short": lambda signature: signature[:63],
    "too long": lambda signature: signature + b"\0", "none": lambda signature: b"", "zeros": lambda signature: bytes(64),
}


@pytest.mark.parametrize("age", ["new", "old"])
@pytest.mark.parametrize("change", CHANGES)
def test_old_and_new_browsers_take_and_refuse_the_same_signatures(visitor, site, certificate, change, age):
    if age == "old":
        visitor.inject("old", OLD_BROWSER)
    path, credential = signed_otherwise(site, certificate, CHANGES[change])
    visitor.changes[path] = credential
    genuine = change == "as it was"
    assert visitor.checked(certificate.path) == ("valid" if genuine else "not_genuine")
    assert visitor.stages == stages(**({} if genuine else {"signature": "failed"}))


def test_another_certificates_signature_and_a_forged_log_are_refused(old, site, certificate):
    other = json.loads(file(site, f"{site.certificate('revoked').path}credential.json"))["proof"]["proofValue"]
    path, credential = signed_otherwise(site, certificate, lambda _: base58.b58decode(other[1:]))
    old.changes[path] = credential
    edge = json.loads(file(site, "/log/edge.json"))
    edge["checkpoint"] = edge["checkpoint"].replace("\n1", "\n2", 1)
    old.changes["/log/edge.json"] = json.dumps(edge).encode()
    assert old.checked(certificate.path) == "not_genuine"
    assert old.stages == stages(signature="failed", log="failed")


RUN = """
async (path, all) => {
  const { isSigned } = await import(path);
  const bytes = (list) => new Uint8Array(list);
  return Promise.all(all.map(([key, signature, message]) => isSigned(bytes(key), bytes(signature), bytes(message))));
}
"""


def test_signatures_of_many_keys_and_lengths_are_told_apart(old, site):
    cases, expected = [], []
    for number in range(24):
        key, message = new_key(number), bytes(range(256)) * number
        signature = key.sign(message)
        for used, tried in ((signature, message), (signature, message + b"\0"), (new_key(number + 1).sign(message), message)):
            cases.append([list(raw(key)), list(used), list(tried)])
            expected.append((used, tried) == (signature, message))
    old.open("/404.html")
    assert old.awaited(RUN, script(site, "certificate"), cases) == expected
    assert len(asked_for_script(old)) == 1


def test_without_the_script_an_old_browser_is_said_to_be_too_old(old, site, certificate):
    without_signature_script(old)
    assert old.checked(certificate.path) == "unchecked"
    assert old.stages == stages(signature="open", log="open", status="open")
    words = site.strings["en"]["steps"]
    assert old.text("[data-step=signature] span") == words["ed25519"]
    assert "too old" in words["ed25519"]
    assert words["ed25519"] in old.text(".verdict")
    assert words["unreachable"].split("{")[0] not in old.text("main")


@pytest.mark.parametrize("loss", [None, "cut", b"// no such thing"], ids=["missing", "cut off", "another file"])
def test_a_script_that_does_not_come_is_a_matter_of_the_connection(old, site, certificate, loss):
    old.changes[signature_script(site)] = loss
    old.forget_cache()
    assert old.checked(certificate.path) == "unchecked"
    assert old.stages == stages(signature="open", log="open", status="open")
    assert "tweetnacl.js" in old.text("[data-step=signature] span")
    assert site.strings["en"]["steps"]["ed25519"] not in old.text("main")
    old.changes.clear()
    old.find(".verdict .outcome a").click()
    old.until(lambda: old.attribute("main", "data-verdict") == "valid", "the check, run again")


def test_verify_checks_files_and_lists_in_an_old_browser_too(old, site, certificate):
    old.open("/verify/")
    assert given(old, site.public / certificate.path.strip("/") / "credential.json") == "valid"
    kinds = [site.certificate(kind) for kind in ("valid", "suspended")]
    found = listed(old, "\n".join(each.code for each in kinds))
    assert [(row[0], row[3]) for row in found] == [("valid", groups(kinds[0].code)), ("suspended", groups(kinds[1].code))]
    assert len(asked_for_script(old)) == 1
    without_signature_script(old)
    old.open("/verify/")
    assert given(old, site.public / certificate.path.strip("/") / "credential.json") == "unchecked"
    assert site.strings["en"]["steps"]["ed25519"] in old.text(".found")

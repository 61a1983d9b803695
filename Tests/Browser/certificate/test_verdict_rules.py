"""The verdict rules as the page has them, by the vectors that browser, program and verifier share."""

import datetime
import json
import re

import pytest

from support.browser.published_site import REPOSITORY
from support.browser.verification import LATER, OLD_BROWSER, file, script, shows_sign, without_signature_script

VECTORS = json.loads((REPOSITORY / "Tests/Fixtures/verdicts.json").read_text(encoding="utf-8"))["vectors"]
WORDS = {"not_genuine": "not genuine", "unchecked": "could not be checked"}

RUN = """
async (path, vectors) => {
const { datesEnding, statusEnding, verdict } = await import(path);
return vectors.map((vector) => {
  const steps = Object.entries(vector.steps).map(([step, end]) => [step, { end }]);
  const status = statusEnding(vector.lists, vector.page.status, vector.today);
  const dates = { end: datesEnding(vector, vector.today) };
  const found = verdict({ ...Object.fromEntries(steps), status, dates }, vector.address);
  return { ...found, cause: found.cause ?? null, endings: { status: status.end, dates: dates.end } };
});
}
"""


def test_the_page_reaches_the_verdict_of_every_vector(visitor, site):
    assert len(VECTORS) >= 60
    visitor.open(site.certificate("valid").path)
    found = visitor.awaited(RUN, script(site, "certificate"), VECTORS)
    wrong = {}
    for vector, each in zip(VECTORS, found, strict=True):
        name = each.pop("name")
        expected = {part: vector[part] for part in ("verdict", "isWhole", "cause", "endings")}
        if {**each, "verdict": WORDS.get(name, name)} != expected:
            wrong[vector["name"]] = {**each, "verdict": name}
    assert wrong == {}


@pytest.mark.parametrize("kind", ["valid", "revoked", "superseded", "expired"])
def test_each_module_of_the_script_imports_what_it_needs(visitor, site, kind):
    modules = REPOSITORY / "templates/assets/certificate/certificate-1.js"
    for module in modules.glob("*.js"):
        visitor.changes[f"/modules/{module.name}"] = module.read_bytes()
    words = [line for line in file(site, script(site, "certificate")).decode().splitlines()
             if line.startswith(("export const siteWords", "export const siteLanguages", "export const signatureScript"))]
    visitor.changes["/modules/site-words.js"] = "\n".join(words).encode()
    visitor.changes[script(site, "certificate")] = b'import "/modules/page.js";'
    visitor.forget_cache()
    assert visitor.checked(site.certificate(kind).path) == kind
    assert "open" not in visitor.stages.values()
    assert any(address.endswith("/modules/tree.js") for address in visitor.requests())


# MARK: The page


def said(visitor):
    return visitor.text(".verdict")


def missing(*paths):
    return lambda visitor, certificate: visitor.changes.update({path.format(certificate.path): None for path in paths})


def blocked(visitor, certificate):
    visitor.block("*/credential.json", "/log/*", "/status/*", "*/did.json", "/keys.json")


def too_old(visitor, certificate):
    visitor.inject("old", OLD_BROWSER)
    without_signature_script(visitor)


LOSSES = {
    "no credential": missing("{}credential.json"), "no keys": missing("/.well-known/did.json"),
    "no history of keys": missing("/keys.json"), "no log": missing("/log/edge.json"),
    "no revocations": missing("/status/revocation/0"), "no suspensions": missing("/status/suspension/0"),
    "no lists": missing("/status/revocation/0", "/status/suspension/0"), "no connection": blocked,
    "a clock that is ahead": lambda visitor, certificate: visitor.clock(LATER),
    "an old browser": too_old,
    "no inflating": lambda visitor, certificate: visitor.inject("old", "delete globalThis.DecompressionStream;"),
    "no hashing": lambda visitor, certificate: visitor.inject("old", "delete Crypto.prototype.subtle;"),
}


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("kind", ["revoked", "superseded", "suspended", "expired"])
def test_bad_news_stands_whatever_could_not_run(visitor, site, kind, loss):
    certificate = site.certificate(kind)
    LOSSES[loss](visitor, certificate)
    assert visitor.checked(certificate.path) == kind
    assert visitor.text("h1") == site.heading(certificate)
    assert site.strings["en"]["verdict"]["not_all"] in visitor.text(".outcome")
    assert shows_sign(visitor, kind)


CAUSES = {
    "connection": (blocked, "unreachable"), "missing": (missing("/log/edge.json"), "missing"),
    "browser": (too_old, "ed25519"), "a browser that inflates nothing": (LOSSES["no inflating"], "gzip"),
    "insecure": (LOSSES["no hashing"], "insecure"),
    "clock": (lambda visitor, certificate: visitor.clock(
        datetime.datetime.combine(certificate.issued - datetime.timedelta(days=1), datetime.time(12))), "status.clock"),
    "outdated": (lambda visitor, certificate: visitor.clock(LATER), "status.old"),
    "unforeseen": (lambda visitor, certificate: visitor.inject(
        "odd", "SubtleCrypto.prototype.digest = async () => { throw new Error('odd'); };"), "broken"),
}


def sentence(site, key):
    words = site.strings["en"]["steps"]
    for part in key.split("."):
        words = words[part]
    return max(re.split(r"\{\w+\}", words), key=len).strip()


@pytest.mark.parametrize("path, name", [("/status/revocation/0", "revocation/0"), ("/log/edge.json", "edge.json")])
def test_the_file_that_does_not_come_is_named(visitor, site, path, name):
    visitor.block(path)
    assert visitor.checked(site.certificate("valid").path) == "unchecked"
    assert site.strings["en"]["steps"]["unreachable"].replace("{file}", name) in visitor.text(".outcome")


@pytest.mark.parametrize("cause", CAUSES)
def test_each_cause_has_its_own_sentence(visitor, site, cause):
    certificate = next(each for each in site.certificates if site.status(each) == "valid" and each.expires > LATER.date())
    bring_about, key = CAUSES[cause]
    bring_about(visitor, certificate)
    assert visitor.checked(certificate.path) == "unchecked"
    assert sentence(site, key) in visitor.text(".outcome")
    assert site.strings["en"]["verdict"]["unchecked"]["sentence"] in said(visitor)
    others = {sentence(site, other) for _, other in CAUSES.values()} - {sentence(site, key)}
    assert [each for each in others if each in said(visitor)] == []


def test_a_page_without_a_code_in_its_address_cannot_be_checked(visitor, site):
    visitor.changes["/saved.html"] = (site.public / site.certificate("valid").path.strip("/") / "index.html").read_bytes()
    assert visitor.checked("/saved.html") == "unchecked"
    assert site.strings["en"]["steps"]["fields"]["address"] in visitor.text(".outcome")


@pytest.mark.parametrize("location, official, kind", [
    ({"protocol": "https:", "host": "a.example", "hostname": "a.example"}, "a.example", "official"),
    ({"protocol": "https:", "host": "a.example.", "hostname": "a.example."}, "a.example", "official"),
    ({"protocol": "https:", "host": "a.example.:8443", "hostname": "a.example."}, "a.example:8443", "official"),
    ({"protocol": "http:", "host": "localhost:8000", "hostname": "localhost"}, "localhost:8000", "official"),
    ({"protocol": "https:", "host": "a.example:8443", "hostname": "a.example"}, "a.example", "other"),
    ({"protocol": "https:", "host": "b.example", "hostname": "b.example"}, "a.example", "other"),
    ({"protocol": "https:", "host": "localhost.example", "hostname": "localhost.example"}, "a.example", "other"),
    ({"protocol": "https:", "host": "127.0.0.1.example", "hostname": "127.0.0.1.example"}, "a.example", "other"),
    ({"protocol": "https:", "host": "notlocalhost", "hostname": "notlocalhost"}, "a.example", "other"),
    ({"protocol": "https:", "host": "128.0.0.1", "hostname": "128.0.0.1"}, "a.example", "other"),
    ({"protocol": "blob:", "host": "", "hostname": ""}, "a.example", "other"),
    ({"protocol": "http:", "host": "localhost:8000", "hostname": "localhost"}, "a.example", "loopback"),
    ({"protocol": "http:", "host": "a.localhost", "hostname": "a.localhost"}, "a.example", "loopback"),
    ({"protocol": "http:", "host": "127.0.0.1:8000", "hostname": "127.0.0.1"}, "a.example", "loopback"),
    ({"protocol": "http:", "host": "127.9.8.7", "hostname": "127.9.8.7"}, "a.example", "loopback"),
    ({"protocol": "http:", "host": "[::1]:80", "hostname": "[::1]"}, "a.example", "loopback"),
    ({"protocol": "file:", "host": "", "hostname": ""}, "a.example", "file"),
])
def test_a_place_is_official_another_this_computer_or_a_file(visitor, site, location, official, kind):
    visitor.open("/404.html")
    found = visitor.awaited(
        "async (path, location, official) => (await import(path)).addressOf(location, official)",
        script(site, "certificate"), location, official)
    assert found == kind

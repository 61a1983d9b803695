"""Ways to pass a certificate on: its address, LinkedIn's form and a calendar file, and nothing before somebody asks."""

import urllib.parse

import pytest

from support.browser.published_site import COPY

SAVED = """
URL.createObjectURL = (blob) => { globalThis.saved = blob; return '#saved'; };
"""
CLIPBOARD = """
Object.defineProperty(navigator, "share", { value: undefined });
Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => { globalThis.copied = text; } } });
"""
PHONE = """
Object.defineProperty(navigator, "share", { value: async (what) => { globalThis.shared = what; } });
"""


def address(site, certificate):
    return f"{site.settings['url']}{certificate.path}"


def test_the_address_is_copied(visitor, site):
    certificate = site.certificate("valid")
    visitor.inject("clipboard", CLIPBOARD)
    visitor.checked(certificate.path)
    assert visitor.text(".share button") == site.strings["en"]["share"]["copy"]
    visitor.find(".share button").click()
    visitor.until(lambda: visitor.text(".share [role=status]") == site.strings["en"]["share"]["copied"], "the answer")
    assert visitor.run("return copied") == address(site, certificate)


def test_a_phone_shares_it(visitor, site):
    certificate = site.certificate("revoked")
    visitor.inject("phone", PHONE)
    visitor.checked(certificate.path)
    assert visitor.text(".share button") == site.strings["en"]["share"]["send"]
    visitor.find(".share button").click()
    assert visitor.run("return shared.url") == address(site, certificate)


@pytest.mark.parametrize("kind", ["expired", "suspended", "revoked", "superseded", "copy", "unchecked"])
def test_what_is_not_in_force_goes_into_no_profile_and_no_calendar(visitor, site, kind):
    certificate = site.certificate("valid" if kind in ("copy", "unchecked") else kind)
    if kind == "unchecked":
        visitor.changes["/log/edge.json"] = None
    assert visitor.checked(certificate.path, host=COPY if kind == "copy" else None) == kind
    assert len(visitor.all(".share button")) == 1 and visitor.all(".share a") == []


def test_linkedin_is_told_what_the_page_says_it_is_told(visitor, site):
    certificate = site.certificate("valid")
    visitor.checked(certificate.path)
    linkedin = visitor.find(".share a")
    where, _, query = linkedin.get_attribute("href").partition("?")
    assert where == "https://www.linkedin.com/profile/add"
    assert dict(urllib.parse.parse_qsl(query)) == {
        "startTask": "CERTIFICATION_NAME", "name": site.scheme_title(certificate, "en"), "organizationName": site.issuer(certificate),
        "issueYear": str(certificate.issued.year), "issueMonth": str(certificate.issued.month),
        "expirationYear": str(certificate.expires.year), "expirationMonth": str(certificate.expires.month),
        "certUrl": address(site, certificate), "certId": certificate.number}
    assert linkedin.get_attribute("rel") == "noopener noreferrer"
    assert site.strings["en"]["share"]["discloses"] in visitor.text(".share")
    assert {each.split("/")[2] for each in visitor.requests()} == {site.host}


@pytest.mark.parametrize("language", ["en", "ja", "ar"])
def test_the_calendar_file_is_one_by_rfc_5545(visitor, site, language):
    certificate = max((each for each in site.certificates if site.status(each) == "valid"), key=lambda each: len(each.holder))
    visitor.inject("saved", SAVED)
    visitor.inject("languages", f"Object.defineProperty(navigator, 'languages', {{ get: () => ['{language}'] }});")
    visitor.checked(certificate.path)
    visitor.until(lambda: visitor.attribute("html", "lang") == language, "the language")
    visitor.all(".share a")[1].click()
    text = visitor.awaited("() => saved.text()")
    lines = text.split("\r\n")
    assert lines[-1] == "" and "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in lines) <= 75
    whole = text.replace("\r\n ", "").split("\r\n")
    values = dict(line.split(":", 1) for line in whole if ":" in line and not line.startswith(("BEGIN", "END")))
    assert values["DTSTART;VALUE=DATE"] == f"{certificate.expires:%Y%m%d}"
    assert values["UID"] == f"{certificate.code}@{site.host}" and values["URL"] == address(site, certificate)
    summary = values["SUMMARY"].replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\")
    assert summary == site.words(language)["share"]["ends"].replace("{title}", site.scheme_title(certificate, "en")).replace(
        "{holder}", certificate.holder).replace("{number}", certificate.number)
    assert whole[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"] and whole[-2] == "END:VCALENDAR"

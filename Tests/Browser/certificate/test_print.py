"""The certificate page on paper: one A4 sheet with all that counts."""

import io
import re
import unicodedata

import pytest
from pypdf import PdfReader

from support.browser.published_site import CERTIFICATES, COPY, groups


def printed(visitor):
    """The text of every sheet."""
    sheets = PdfReader(io.BytesIO(visitor.paper())).pages
    for sheet in sheets:
        assert [round(float(length) / 72 * 25.4) for length in (sheet.mediabox.width, sheet.mediabox.height)] == [210, 297]
    return [close(sheet.extract_text()) for sheet in sheets]


def close(text):
    """Text without white space and ligatures, which PDF makes as it likes."""
    return "".join(unicodedata.normalize("NFKC", text.replace("·", " ")).split())


def shows(sheet, text):
    """Whether a text stands on a sheet. Firefox prints letters of CFF fonts without saying which they are."""
    return re.search("".join(f"[{re.escape(letter)}\ufffd]" for letter in close(text)), sheet) is not None


@pytest.mark.both_fonts
@pytest.mark.parametrize("kind", CERTIFICATES)
@pytest.mark.parametrize("script", [True, False], ids=["", "without script"])
def test_a_certificate_of_every_status_prints_on_one_sheet(visitor, site, kind, script):
    certificate = site.certificate(kind)
    visitor.shown(certificate.path, script)
    pages = printed(visitor)
    assert len(pages) == 1
    text = pages[0]
    status = site.status(certificate)
    stated = status if script or status != "expired" else "valid"
    for language in ("en", "id"):
        assert close(site.verdict(certificate, language, "title", stated)) in text
    for label, value in site.lines(certificate):
        assert shows(text, label)
        assert shows(text, value)
    assert shows(text, groups(certificate.code))
    assert shows(text, groups(certificate.fingerprint))
    assert shows(text, f"{site.settings['url']}{certificate.path}")
    assert shows(text, site.host)
    assert site.strings["en"]["specimen"]["word"].upper() in text.upper()
    # Paper says when it was checked, or that it was not.
    assert ("Checkedon23November2026,12:00" in text) == script
    for language, words in (("en", "NOTCHECKED"), ("id", "TIDAKDIPERIKSA")):
        assert close(site.strings[language]["verdict"]["not_checked"]) == words
        assert (words in text) == (not script)


@pytest.mark.parametrize("why", ["unchecked", "copy", "running"])
def test_what_was_not_checked_to_its_end_says_so_on_paper(visitor, site, why):
    certificate = site.certificate("valid")
    if why == "copy":
        assert visitor.checked(certificate.path, host=COPY) == "copy"
    elif why == "unchecked":
        visitor.changes["/log/edge.json"] = None
        assert visitor.checked(certificate.path) == "unchecked"
    else:
        visitor.changes["/log/edge.json"] = "hang"
        visitor.open(certificate.path)
        visitor.until(lambda: visitor.stages["signature"] == "passed", "the steps that can run")
    text = "".join(printed(visitor))
    assert "NOTCHECKED" in text and "TIDAKDIPERIKSA" in text
    assert "Checkedon" not in text


@pytest.mark.both_fonts
def test_every_scheme_and_the_longest_name_print_on_one_sheet(visitor, site):
    shapes = {certificate.row["scheme"]: certificate for certificate in site.certificates}
    assert set(shapes) == set(site.schemes)
    longest = max(site.certificates, key=lambda each: len(each.holder))
    pages = {}
    for name, certificate in {**shapes, "longest name": longest}.items():
        visitor.checked(certificate.path)
        pages[name] = len(printed(visitor))
    assert pages == {name: 1 for name in [*shapes, "longest name"]}


@pytest.mark.both_fonts
def test_a_page_open_on_a_narrow_screen_prints_on_one_sheet(visitor, site):
    visitor.screen(360)
    visitor.checked(site.certificate("revoked").path)
    assert len(printed(visitor)) == 1


@pytest.mark.parametrize("page", ["home (en)", "trust (en)", "verify (en)", "scheme (en)", "not found"])
def test_other_pages_are_white_on_paper_too(visitor, site, page):
    visitor.look(dark=True, medium="print")
    visitor.open(site.path(page))
    assert visitor.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not visitor.find(".foot").is_displayed() and not visitor.find(".menu").is_displayed()


COLOURS = """
const seen = new Set();
for (const each of document.body.querySelectorAll("*")) {
  if (!each.checkVisibility({ visibilityProperty: true })) continue;
  const { color, backgroundColor, backgroundImage } = getComputedStyle(each);
  if ([...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())) seen.add(`text ${color}`);
  seen.add(`ground ${backgroundColor}`).add(`picture ${backgroundImage}`);
}
return [...seen];
"""


def contrast_with_white(colour):
    channels = [int(value) / 255 for value in re.fullmatch(r"rgb\((\d+), (\d+), (\d+)\)", colour).groups()]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


@pytest.mark.parametrize("kind", CERTIFICATES)
def test_paper_is_white_and_ink_dark_even_at_night(visitor, site, kind):
    visitor.look(dark=True, medium="print")
    visitor.checked(site.certificate(kind).path)
    colours = visitor.run(COLOURS)
    inks = [colour.removeprefix("text ") for colour in colours if colour.startswith("text ")]
    assert "rgb(0, 0, 0)" in inks
    assert [ink for ink in inks if contrast_with_white(ink) < 4.5] == []
    assert {colour for colour in colours if not colour.startswith("text ")} <= {
        "ground rgb(255, 255, 255)", "ground rgba(0, 0, 0, 0)", "picture none"}

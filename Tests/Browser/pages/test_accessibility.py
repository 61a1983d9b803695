"""axe-core on every page type, by day and by night."""

import pytest

from support.browser.accessibility import violations
from support.browser.languages import right_to_left
from support.browser.published_site import CERTIFICATES, CERTIFICATE_PAGES, COPY, PAGES, PLAIN_PAGES
from support.browser.verification import given, listed

# Every page type in light and dark; what both languages share is looked at wide in one and narrow in the other.
SCREENS = {
    "en": [(1280, "light"), (360, "dark")],
    "id": [(360, "light"), (1280, "dark")],
    "both": [(1280, "light"), (1280, "dark"), (360, "light"), (360, "dark")],
}


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing(visitor, site, page):
    visitor.open(site.path(page))
    if page in CERTIFICATE_PAGES:
        visitor.judged()
    found = {}
    for width, theme in SCREENS[page[-3:-1] if page in PLAIN_PAGES else "both"]:
        visitor.screen(width)
        visitor.look(dark=theme == "dark")
        found[width, theme] = violations(visitor)
    assert {screen: each for screen, each in found.items() if each} == {}


# Targets that stand alone and are less than 24 pixels high, or would be with another font: the height of
# an inline box is the font's own business, but for its padding; every font is as high as it is large.
LOW = """
return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].flatMap((each) => {
  const { display, clipPath, fontSize, paddingTop, paddingBottom } = getComputedStyle(each);
  if (!each.checkVisibility({ visibilityProperty: true }) || clipPath !== "none") return [];
  let block = each;
  while (getComputedStyle(block).display.startsWith("inline")) block = block.parentElement;
  const around = block.cloneNode(true);
  for (const other of around.querySelectorAll("a, button, [hidden], .away")) other.remove();
  const isInText = block !== each && /[\\p{L}\\p{N}]/u.test(around.textContent);
  const height = display === "inline" ? [fontSize, paddingTop, paddingBottom].reduce((sum, value) => sum + parseFloat(value), 0) : each.getBoundingClientRect().height;
  return isInText || height > 23.9 ? [] : [`${height}: ${each.outerHTML.slice(0, 120)}`];
});
"""


@pytest.mark.parametrize("page", PAGES)
def test_no_target_is_lower_than_a_finger_needs_with_any_font(visitor, site, page):
    visitor.screen(360)
    visitor.open(site.path(page))
    visitor.run("for (const each of document.querySelectorAll('details')) each.open = true")
    assert visitor.run(LOW) == []


def menu(visitor, site):
    visitor.screen(360)
    visitor.open("/")
    visitor.find(".menu summary").click()


def problem(visitor, site):
    visitor.open("/verify/")
    visitor.ask("7f3a")
    visitor.until(lambda: visitor.attribute("#code", "aria-invalid") == "true", "the answer")


def absent(visitor, site):
    visitor.open("/id/")
    visitor.ask("0" * 32)
    visitor.answers(site.strings["id"]["check"]["absent_title"])


def foreign(visitor, site):
    visitor.open("/")
    visitor.ask(f"https://certificates.batik-check.example{site.certificate('valid').path}")
    visitor.answers(site.strings["en"]["check"]["found_here"])


def ticked(visitor, site):
    visitor.open(site.certificate("valid").path)
    for tick in visitor.all(".tick input")[:3]:
        tick.click()


def opened(visitor, site):
    visitor.screen(360)
    visitor.open(site.certificate("valid").path)
    visitor.run("for (const each of document.querySelectorAll('main details')) each.open = true")


def elsewhere(visitor, site):
    assert visitor.checked(site.certificate("valid").path, host=COPY) == "copy"


def not_genuine(visitor, site):
    visitor.changes["/status/revocation/0"] = b"{}"
    assert visitor.checked(site.certificate("valid").path) == "not_genuine"


def unchecked(visitor, site):
    visitor.changes["/log/edge.json"] = None
    assert visitor.checked(site.certificate("valid").path) == "unchecked"


def turned(visitor, site):
    right_to_left(visitor, site)
    visitor.checked(site.certificate("valid").path)
    visitor.until(lambda: visitor.attribute("html", "dir") == "rtl", "the other direction")


def turned_desk(visitor, site):
    right_to_left(visitor, site)
    visitor.open("/verify/")
    visitor.until(lambda: visitor.attribute("html", "dir") == "rtl", "the other direction")


def examined(visitor, site):
    visitor.open("/verify/")
    given(visitor, site.public / site.certificate("expired").path.strip("/") / "record.json")
    listed(visitor, "\n".join([*(site.certificate(kind).code for kind in CERTIFICATES), "0" * 32, "7f3a"]))


@pytest.mark.parametrize("state", [menu, problem, absent, foreign, ticked, opened, elsewhere,
                                   not_genuine, unchecked, turned, turned_desk, examined],
                         ids=lambda state: state.__name__)
def test_axe_finds_nothing_in_what_appears_on_the_way(visitor, site, state):
    state(visitor, site)
    found = {}
    for dark in (False, True):
        visitor.look(dark=dark)
        found["dark" if dark else "light"] = violations(visitor)
    assert found == {"light": [], "dark": []}

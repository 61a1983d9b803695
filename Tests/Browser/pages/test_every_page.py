"""What holds for every page of the site, whoever opens it on whatever screen."""

import pytest

from support.browser.published_site import CERTIFICATE_PAGES, PAGES

# 640 is 1280 at a zoom of 200 %.
WIDTHS = (320, 360, 640, 768, 1280)

# Text that reaches past the side of the screen, but for what is kept for screen readers alone.
CUT_OFF = """
const found = [];
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const text = texts.currentNode, parent = text.parentElement;
  if (!text.data.trim() || !parent.checkVisibility({ visibilityProperty: true })) continue;
  let hidden = false;
  for (let each = parent; each; each = each.parentElement) {
    if (getComputedStyle(each).clipPath !== "none") hidden = true;
  }
  const range = document.createRange();
  range.selectNodeContents(text);
  for (const { left, right } of range.getClientRects()) {
    if (!hidden && (left < -0.5 || right > arguments[0] + 0.5)) {
      found.push(text.data.trim());
      break;
    }
  }
}
return found;
"""


@pytest.mark.parametrize("page", PAGES)
def test_a_page_raises_no_error_breaks_no_policy_and_asks_only_its_own_host(visitor, site, page):
    visitor.open(site.path(page))
    address = visitor.driver.current_url
    if page in CERTIFICATE_PAGES:
        visitor.judged()
    asked = visitor.requests()

    missing = [f"SEVERE: {address} - Failed to load resource: the server responded with a status of 404 (Not Found)"]
    assert visitor.console() == (missing if page == "not found" else [])
    assert visitor.run("return violations") == []
    assert asked.pop(address) == (404 if page == "not found" else 200)
    assert {each: status for each, status in asked.items()
            if status != 200 or not each.startswith(f"http://{site.host}/")} == {}
    assert any(each.endswith(".css") for each in asked)


@pytest.mark.both_fonts
@pytest.mark.parametrize("page", PAGES)
def test_no_page_scrolls_sideways_or_cuts_text_off(visitor, site, page):
    visitor.screen(WIDTHS[0])
    visitor.open(site.path(page))
    visitor.run("for (const each of document.querySelectorAll('main details')) each.open = true")
    found = {}
    for width in WIDTHS:
        visitor.screen(width)
        visitor.until(lambda: visitor.run("return document.documentElement.clientWidth") == width, "the new width")
        found[width] = (visitor.run("return document.scrollingElement.scrollWidth"), visitor.run(CUT_OFF, width))
    assert found == {width: (width, []) for width in WIDTHS}


def test_nothing_moves_by_itself(visitor, site):
    for page in ("home (en)", "verify (en)", "certificate: valid", "not found"):
        visitor.open(site.path(page))
        assert visitor.run("return document.getAnimations().length") == 0
        assert visitor.run("""return [...document.querySelectorAll("*")].filter((each) => {
          const { animationName, transitionDuration } = getComputedStyle(each);
          return animationName !== "none" || transitionDuration !== "0s";
        }).length""") == 0


@pytest.mark.parametrize("page", PAGES)
def test_every_page_names_its_language_its_heading_and_that_it_is_a_specimen(visitor, site, page):
    visitor.open(site.path(page))
    language = "id" if page.endswith("(id)") else "en"
    assert visitor.attribute("html", "lang") == language
    assert len(visitor.all("h1")) == 1
    assert visitor.text("h1") != ""
    words = site.strings[language]["specimen"]
    assert visitor.text(".specimen").casefold() == f"{words['word']} {words['sentence']}".casefold()


@pytest.mark.parametrize("page", ["home (en)", "home (id)"])
def test_the_menu_of_a_narrow_screen_opens_without_script(visitor, site, page):
    visitor.screen(360)
    visitor.script(False)
    visitor.open(site.path(page))
    links = visitor.all(".menu nav a")
    assert [link.is_displayed() for link in links] == [False] * len(site.settings["navigation"])
    visitor.find(".menu summary").click()
    assert [link.is_displayed() for link in links] == [True] * len(links)
    links[1].click()
    start = "/id/" if page.endswith("(id)") else "/"
    visitor.arrives(f"{start}{site.settings['navigation'][1]}/")


def test_a_page_that_is_missing_says_in_both_languages_that_not_found_is_not_revoked(visitor, site):
    visitor.open(site.path("not found"))
    words = {language: site.strings[language]["missing"] for language in ("en", "id")}
    assert visitor.text("h1") == " ".join(site.strings[each]["verdict"]["not_found"]["title"] for each in ("en", "id"))
    assert [heading.text for heading in visitor.all(".prose h2")] == [words[each]["heading"] for each in ("en", "id")]
    assert words["en"]["heading"] == "Not found is not revoked"
    text = visitor.text("main")
    for language in ("en", "id"):
        assert words[language]["certificate"] in text
        for reason in ("digit", "new", "never"):
            assert site.strings[language]["check"][f"absent_{reason}"] in text

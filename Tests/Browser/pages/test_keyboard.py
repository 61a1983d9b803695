"""The site without a mouse."""

import pytest
from selenium.webdriver.common.keys import Keys

from support.browser.published_site import PAGES, PLAIN_PAGES

# Everything that can be used, in the order of the page. All of it must be reached with the tab key.
USABLE = """
return [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled);
"""

# How the outline of the focused element stands out from what is around it: its width, whether it is
# on the screen and not covered, and the least contrast to the ground beside each of its sides.
FOCUS = """
// A file is chosen through the button around its field, and that one shows the focus.
const element = document.activeElement.type === "file" ? document.activeElement.closest("label") : document.activeElement;
const style = getComputedStyle(element);
const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
const paint = (color, under) => {
  canvas.globalCompositeOperation = "copy";
  canvas.fillStyle = under ? `rgb(${under.join()})` : "transparent";
  canvas.fillRect(0, 0, 1, 1);
  canvas.globalCompositeOperation = "source-over";
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
};
const luminance = ([r, g, b]) => [[r, 0.2126], [g, 0.7152], [b, 0.0722]].reduce((sum, [value, share]) => {
  const part = value / 255;
  return sum + share * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
}, 0);
const contrast = (a, b) => {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
};
// The colours that may lie at a point beside the element, from the topmost painted layer down.
const ground = (x, y) => {
  for (const each of document.elementsFromPoint(x, y)) {
    if (element.contains(each)) continue;
    const { backgroundColor, backgroundImage } = getComputedStyle(each);
    if (backgroundImage.includes("gradient")) return backgroundImage.match(/(?:rgba?|oklab|color)\\([^)]*\\)/g).map((color) => paint(color));
    const color = paint(backgroundColor);
    if (color[3] === 255) return [color];
  }
  return [[255, 255, 255]];
};
const [box] = element.getClientRects();
const away = parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth) / 2;
const middle = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
const sides = [[middle[0], box.top - away], [middle[0], box.bottom + away], [box.left - away, middle[1]], [box.right + away, middle[1]]]
  .filter(([x, y]) => x >= 0 && y >= 0 && x < innerWidth - 1 && y < innerHeight - 1);
const outline = paint(style.outlineColor);
const top = document.elementFromPoint(box.left + Math.min(box.width, 20) / 2, middle[1]);
return {
  element: document.activeElement,
  what: element.outerHTML.slice(0, 120),
  outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
  uncovered: top !== null && (element.contains(top) || top.contains(element)),
  contrast: sides.length ? Math.min(...sides.flatMap(([x, y]) => ground(x, y).map((color) => contrast(outline, color)))) : 0,
};
"""

TEXTS = "return arguments[0].map((each) => each.outerHTML)"

# One page of every template and verdict.
SHAPES = [page for page in PAGES if not page.endswith(("(id)", "reinstated", "issued again", "corrected"))]


def focused(visitor):
    return visitor.driver.switch_to.active_element


@pytest.mark.parametrize("page", PAGES)
def test_the_first_stop_is_the_link_past_the_menu(visitor, site, page):
    visitor.open(site.path(page))
    assert visitor.run("return document.querySelector('.skip').getBoundingClientRect().bottom") < 0
    visitor.press(Keys.TAB)
    language = "id" if page.endswith("(id)") else "en"
    assert focused(visitor).text == site.strings[language]["layout"]["skip"]
    assert visitor.run("return document.activeElement.getBoundingClientRect().top") >= 0
    visitor.press(Keys.ENTER)
    visitor.until(lambda: visitor.path.endswith("#main"), "the jump to the content")
    visitor.press(Keys.TAB)
    assert visitor.run("return document.activeElement.matches('main *, main ~ *')")
    assert not visitor.run("return document.activeElement.matches('.top *')")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("page", SHAPES)
def test_everything_usable_is_reached_in_order_and_shows_its_focus(visitor, site, page, dark):
    visitor.look(dark=dark)
    visitor.screen(360 if dark else 1280)
    visitor.open(site.path(page))
    if page.startswith("certificate"):
        visitor.judged()
    usable = visitor.run(USABLE)
    reached, faint = [], []
    for _ in usable:
        visitor.press(Keys.TAB)
        focus = visitor.run(FOCUS)
        reached.append(focus.pop("element"))
        # The link past the menu comes into sight when it is reached: no outline could say it better.
        skip = "class=\"skip\"" in focus["what"]
        if not (focus["outlined"] and focus["uncovered"] and (skip or focus["contrast"] >= 3)):
            faint.append(focus)
    assert visitor.run(TEXTS, reached) == visitor.run(TEXTS, usable)
    assert reached == usable
    assert faint == []


@pytest.mark.parametrize("page", [page for page in PLAIN_PAGES if page.startswith(("home", "verify"))])
@pytest.mark.parametrize("send", [Keys.ENTER, Keys.TAB + Keys.SPACE], ids=["enter", "button"])
def test_a_code_is_entered_and_sent_by_keyboard_alone(visitor, site, page, send):
    certificate = site.certificate("valid")
    visitor.open(site.path(page))
    visitor.press(Keys.TAB, Keys.ENTER)
    visitor.press(Keys.TAB)
    assert focused(visitor).get_attribute("name") == "code"
    visitor.press(certificate.code)
    visitor.press(*send)
    visitor.arrives(certificate.path)


def test_the_menu_opens_and_leads_on_by_keyboard(visitor, site):
    visitor.screen(360)
    visitor.open("/")
    visitor.find(".menu summary").send_keys(Keys.ENTER)
    visitor.press(Keys.TAB)
    assert focused(visitor).is_displayed()
    assert visitor.run(FOCUS)["contrast"] >= 3
    visitor.press(Keys.ENTER)
    visitor.arrives(f"/{site.settings['navigation'][0]}/")


def test_the_lines_are_ticked_by_keyboard(visitor, site):
    certificate = site.certificate("valid")
    visitor.open(certificate.path)
    visitor.find(".tick input").send_keys(Keys.SPACE)
    assert visitor.text(".tally").startswith("1 of 8 ")

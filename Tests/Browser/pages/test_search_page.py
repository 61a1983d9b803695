"""Searching announcements and pages, in the browser alone."""

import json
import re

import pytest
from selenium.webdriver.common.keys import Keys

from support.browser.accessibility import violations

PAGES = {"en": "/search/", "id": "/id/search/"}
LOADED = """
return performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname)
  .filter((path) => path.includes("/search-"));
"""
FOUND = """
return [...document.querySelectorAll(".found-pages li")].map((row) => {
  const link = row.querySelector("a");
  return [link.textContent, link.getAttribute("href"), link.lang];
});
"""


def ask(visitor, words, *, submit=False):
    field = visitor.find("#words")
    field.clear()
    field.send_keys(words)
    if submit:
        field.send_keys(Keys.ENTER)


def answered(visitor, words):
    """What stands in the list once it answers these words."""
    visitor.until(lambda: words in visitor.text(".found-count"), f"an answer about {words!r}")
    return visitor.run(FOUND)


@pytest.mark.parametrize("language, words, title, address", [
    ("en", "hang tag", "How to read the code on a hang tag", "/news/hang-tag/"),
    ("en", "TAG hang", "How to read the code on a hang tag", "/news/hang-tag/"),
    ("en", "nat dye", None, "/schemes/natural-dyeing/"),
    ("id", "label gant", None, "/id/news/label-gantung/"),
])
def test_words_lead_to_their_page_by_their_beginnings_in_any_order(visitor, site, language, words, title, address):
    visitor.open(PAGES[language])
    ask(visitor, words)
    first = answered(visitor, words)[0]
    assert first[1] == address and first[0] == (title or first[0])
    visitor.find(".found-pages a").click()
    visitor.arrives(address)


def test_nothing_is_loaded_before_somebody_asks_and_little_then(visitor, site):
    visitor.open("/search/")
    visitor.find("#words").click()
    assert visitor.run(LOADED) == []
    ask(visitor, "tag")
    answered(visitor, "tag")
    loaded = visitor.run(LOADED)
    assert len([path for path in loaded if "-words-" in path]) == 1
    assert len([path for path in loaded if "-pages-" in path]) == 1 and len(loaded) == 3
    assert visitor.console() == [] and visitor.run("return violations") == []


def test_the_address_keeps_the_words(visitor, site):
    visitor.open("/search/")
    ask(visitor, "hang tag", submit=True)
    found = answered(visitor, "hang tag")
    assert visitor.run("return location.search") == "?q=hang+tag"
    visitor.open("/search/?q=hang+tag")
    assert answered(visitor, "hang tag") == found
    assert visitor.run("return document.querySelector('#words').value") == "hang tag"
    visitor.find(".found-pages a").click()
    visitor.arrives("/news/hang-tag/")
    visitor.driver.back()
    assert answered(visitor, "hang tag") == found


def test_an_announcement_in_another_language_says_so(visitor, site):
    visitor.open("/search/?q=masa+berlaku")
    found = answered(visitor, "masa berlaku")
    assert ["id", True] == [found[0][2], found[0][1].startswith("/id/news/")]


@pytest.mark.parametrize("words, key", [("zzzz", "none"), ("hang zzzz", "none"), ("a", "short"), ("—", "short")])
def test_what_cannot_be_found_is_said(visitor, site, words, key):
    visitor.open("/search/")
    ask(visitor, words, submit=True)
    text = site.strings["en"]["search"][key].replace("{words}", words)
    visitor.until(lambda: visitor.text(".found-count") == text, text)
    assert visitor.run(FOUND) == []


def test_words_of_the_visitor_are_never_markup(visitor, site):
    visitor.open("/search/?q=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E%20%7Bcount%7D%20%24%26")
    answered(visitor, "<img src=x onerror=alert(1)> {count} $&")
    assert visitor.run("return document.querySelectorAll('main img').length") == 0
    assert visitor.run("return violations") == []


def test_without_an_answer_the_next_try_may_get_one(visitor, site):
    visitor.forget_cache()
    visitor.open("/search/")
    visitor.network(on=False)
    ask(visitor, "hang tag")
    failed = site.strings["en"]["search"]["failed"]
    visitor.until(lambda: visitor.text(".found-count") == failed, failed)
    visitor.network(on=True)
    visitor.find("#words").send_keys(Keys.ENTER)
    assert answered(visitor, "hang tag")
    visitor.console()


def test_more_than_ten_come_in_steps_and_the_keyboard_reaches_them(visitor, site):
    visitor.open("/search/")
    visitor.find("#words").send_keys("bat")
    found = answered(visitor, "bat")
    count = int(re.match(r"[0-9]+", visitor.text(".found-count"))[0])
    assert len(found) == 10 < count
    visitor.press(Keys.TAB, Keys.TAB)
    assert visitor.run("return document.activeElement.getAttribute('href')") == found[0][1]
    visitor.press(*[Keys.TAB] * 10)
    assert visitor.run("return document.activeElement.className") == "more-found"
    visitor.press(Keys.ENTER)
    visitor.until(lambda: len(visitor.run(FOUND)) == min(20, count), "ten more")
    assert visitor.run("return document.activeElement.getAttribute('href')") == visitor.run(FOUND)[10][1]


@pytest.mark.parametrize("width, dark", [(360, False), (1280, True)])
def test_axe_finds_nothing_among_the_answers(visitor, site, width, dark):
    visitor.screen(width)
    visitor.look(dark=dark)
    visitor.open("/search/?q=bat")
    answered(visitor, "bat")
    assert violations(visitor) == []


def test_without_a_script_the_lists_are_there_and_no_box_that_does_nothing(visitor, site):
    visitor.script(False)
    visitor.open("/search/")
    page = visitor.driver.page_source
    assert site.strings["en"]["search"]["script"] in page
    assert not visitor.find("form.search").is_displayed()
    assert visitor.find(".lists a[href='/about/']").is_displayed()


def test_the_browser_takes_texts_apart_as_the_program_did(visitor, site):
    samples = {
        "Élévation, l’ÉTÉ – œuvre": ["elevation", "l", "ete", "œuvre"],
        "C.13BTK01.001.2 (2026)": ["c", "13btk01", "001", "2", "2026"],
        "ﬁle ½ Ⅳ": ["file", "1", "2", "iv"],
        "İstanbul STRASSE ß": ["istanbul", "strasse", "ß"],
        "バティック 職人": ["ハティック", "職人"],
        "x" * 99: ["x" * 40],
    }
    visitor.open("/search/")
    script = visitor.attribute("script[type=module]", "src")
    visitor.driver.set_script_timeout(10)
    for text, words in samples.items():
        found = visitor.driver.execute_async_script(
            "import(arguments[0]).then(({ wordsOf }) => arguments[2](JSON.stringify(wordsOf(arguments[1]))))", script, text)
        assert json.loads(found) == words

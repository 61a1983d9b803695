"""The certificate page and /verify/ in the visitor's language."""

import json

import pytest
from selenium.webdriver.support.ui import Select

from support.browser.languages import codes, right_to_left, speaking, switched, words
from support.browser.verification import lines


def test_an_english_browser_needs_no_words(visitor, site):
    visitor.checked(site.certificate("valid").path)
    assert not any("words-" in address for address in visitor.requests())
    assert visitor.attribute("html", "lang") == "en"
    assert visitor.find(".language-picker select").accessible_name == site.strings["en"]["layout"]["language"]


def test_the_browsers_language_is_spoken(visitor, site):
    certificate = site.certificate("valid")
    speaking(visitor, "id-ID", "en")
    assert visitor.checked(certificate.path) == "valid"
    switched(visitor, "id")
    assert visitor.text("h1") == site.verdict(certificate, "id", "title")
    assert visitor.text(".outcome") == (
        "Diperiksa pada 23 November 2026, 12:00: semua 5 langkah lulus. " + site.strings["id"]["verdict"]["compare"])
    visitor.find(".checks summary").click()
    assert visitor.text("[data-step=log] span").startswith("Tercatat sebagai entri")
    assert visitor.run("return document.querySelector('.tick input').getAttribute('aria-label')").startswith(
        site.strings["id"]["certificate"]["same"].split("{")[0])


def test_every_language_of_the_switch_is_spoken_and_remembered(visitor, site):
    certificate = site.certificate("valid")
    visitor.checked(certificate.path)
    printed = visitor.run("return [...document.querySelectorAll('[data-field]')].map((each) => each.textContent)")
    for code in codes(visitor)[1:]:
        Select(visitor.find(".language-picker select")).select_by_value(code)
        switched(visitor, code)
        _, known = words(site, code)
        assert visitor.attribute("html", "dir") == known["direction"]
        title = known["words"]["verdict.valid.title"].split("{")[0].strip()
        assert title in visitor.text("h1")
        assert known["words"]["steps.signature.name"] in visitor.run("return document.querySelector('.stages').textContent")
        # Another language changes nothing that is printed, and nothing that is checked.
        assert visitor.run("return [...document.querySelectorAll('[data-field]')].map((each) => each.textContent)") == printed
        assert visitor.checked(certificate.path) == "valid"
        switched(visitor, code)
        assert visitor.driver.get_cookies() == []
    assert visitor.console() == [] and visitor.run("return violations") == []
    Select(visitor.find(".language-picker select")).select_by_value("en")
    switched(visitor, "en")
    assert visitor.text("h1") == site.heading(certificate)
    assert lines(visitor) == site.lines(certificate)


# What systems and people put where a language tag belongs.
MALFORMED = ["C", "en-US@posix", "de_DE", "", "POSIX", "x", "en--US", "i-klingon", "\u202e", "a" * 200, "zh_Hans_CN.UTF-8"]


@pytest.mark.parametrize("tag", MALFORMED)
@pytest.mark.parametrize("place", ["navigator", "storage", "nowhere"])
def test_a_malformed_language_tag_ends_nothing(visitor, site, tag, place):
    certificate = site.certificate("valid")
    if place == "navigator":
        speaking(visitor, tag, "en")
    elif place == "storage":
        visitor.inject("stored", f"try {{ localStorage.setItem('language', {json.dumps(tag)}); }} catch {{}}")
    else:
        visitor.inject("languages", "Object.defineProperty(navigator, 'languages', { get: () => undefined });")
    assert visitor.checked(certificate.path) == "valid"
    assert len(visitor.all(".tick input")) == len(site.lines(certificate))
    visitor.open("/verify/")
    visitor.ask("7f3a")
    visitor.until(lambda: "28" in visitor.text(".answer"), "the answer")
    assert visitor.console() == []


def test_a_language_named_as_systems_do_is_spoken(visitor, site):
    speaking(visitor, "de_DE.UTF-8@euro")
    assert visitor.checked(site.certificate("valid").path) == "valid"
    switched(visitor, "de")
    assert "23. November 2026, 12:00" in visitor.text(".outcome")


def test_the_check_is_asked_for_before_any_words_are(visitor, site):
    speaking(visitor, "de")
    visitor.checked(site.certificate("valid").path)
    switched(visitor, "de")
    asked = [address for address in visitor.requests() if address.endswith(".json")]
    assert "/words-de" in next(address for address in asked if "/words-" in address)
    assert asked[0].endswith("credential.json")


def test_words_that_do_not_come_leave_the_page_as_it_is(visitor, site):
    certificate = site.certificate("valid")
    path, _ = words(site, "id")
    visitor.forget_cache()
    visitor.changes[path] = None
    speaking(visitor, "id")
    assert visitor.checked(certificate.path) == "valid"
    assert visitor.text("h1") == site.heading(certificate)
    assert visitor.attribute("html", "lang") == "en"


def test_verify_speaks_the_browsers_language_too(visitor, site):
    speaking(visitor, "id")
    visitor.open("/verify/")
    switched(visitor, "id")
    assert visitor.text("#files") == site.strings["id"]["verify"]["file_heading"]
    visitor.ask("7f3a")
    visitor.answers(site.strings["id"]["check"]["missing"].replace("{count}", "28").replace("{found}", "4"))


def test_where_the_whole_page_stands_in_a_language_the_switch_leads_there(visitor, site):
    visitor.open("/verify/")
    Select(visitor.find(".language-picker select")).select_by_value("id")
    visitor.arrives("/id/verify/")
    Select(visitor.find(".language-picker select")).select_by_value("en")
    visitor.arrives("/verify/")


@pytest.mark.parametrize("language, shown, hidden", [("id", "id", "en"), ("de", "en", "id")])
def test_what_stands_in_two_languages_is_told_in_one_once_a_language_is_chosen(visitor, site, language, shown, hidden):
    speaking(visitor, language)
    visitor.open(site.path("not found"))
    switched(visitor, language)
    told = visitor.text("main")
    for key in ("heading", "certificate", "home"):
        assert site.strings[shown]["missing"][key] in told and site.strings[hidden]["missing"][key] not in told
        assert visitor.run("""return [...document.querySelectorAll("main [lang]")]
          .find((each) => each.checkVisibility() && each.textContent.includes(arguments[0])).lang""",
                           site.strings[shown]["missing"][key]) == shown


def test_in_indonesian_nothing_is_shown_or_printed_twice(visitor, site):
    certificate, words = site.certificate("valid"), site.strings["id"]["certificate"]
    speaking(visitor, "id")
    assert visitor.checked(certificate.path) == "valid"
    switched(visitor, "id")
    for medium in ("", "print"):
        visitor.look(medium=medium)
        assert visitor.text(".sheet h2") == words["heading"]
        labels = [label for label, _ in lines(visitor)]
        assert labels == [words[name] for name in ("number", "holder", "registration", "area", "qualification", "valid_for", "issuer", "units")]
        assert visitor.text("dd:has([data-field=licence])").count(words["licence"]) == 1


@pytest.mark.parametrize("page", ["certificate", "verify"])
def test_from_right_to_left_nothing_is_cut_off_or_turned_around(visitor, site, page):
    certificate = site.certificate("valid")
    right_to_left(visitor, site)
    if page == "certificate":
        assert visitor.checked(certificate.path) == "valid"
    else:
        visitor.open("/verify/")
    visitor.until(lambda: visitor.attribute("html", "dir") == "rtl", "the other direction")
    for width in (320, 360, 1280):
        visitor.screen(width)
        visitor.until(lambda: visitor.run("return document.documentElement.clientWidth") == width, "the new width")
        assert visitor.run("return document.scrollingElement.scrollWidth") == width
    for code in visitor.all(".code, #code"):
        assert code.value_of_css_property("direction") == "ltr"
    if page == "certificate":
        assert visitor.text(".verdict .who") == certificate.holder
        assert "2028" in visitor.text("h1") or str(certificate.expires.year) in visitor.text("h1")

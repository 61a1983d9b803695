"""The page of a certificate: the verdict, the printed lines, the ticks."""

import datetime

import pytest
from selenium.webdriver.common.keys import Keys

from support.browser.published_site import CERTIFICATES, COPY, TODAY, Site, groups
from support.browser.verification import is_green, lines
from support.browser.visitor import at

HOUR = datetime.timedelta(hours=1)
STAMPED = ("suspended", "revoked", "superseded")


def end_of(day):
    return datetime.datetime.combine(day, datetime.time(23, 59))


# MARK: The verdict


ANSWER = [".sign", "h1", ".who", ".what", ".by", ".outcome", ".domain .host"]
BOTTOMS = "return arguments[0].map((part) => [part, document.querySelector(part).getBoundingClientRect().bottom])"


@pytest.mark.both_fonts
@pytest.mark.parametrize("screen", [(390, 844), (360, 640)])
@pytest.mark.parametrize("kind", CERTIFICATES)
def test_the_whole_answer_stands_on_the_first_screen_of_a_phone(visitor, site, kind, screen):
    visitor.screen(*screen)
    visitor.checked(site.certificate(kind).path)
    bottoms = dict(visitor.run(BOTTOMS, ANSWER))
    assert {part: bottom for part, bottom in bottoms.items() if not 0 < bottom <= screen[1]} == {}


LARGER = """
new MutationObserver((_, observer) => {
  if (!document.documentElement) return;
  document.documentElement.style.fontSize = "200%";
  observer.disconnect();
}).observe(document, { childList: true });
"""


@pytest.mark.parametrize("screen, text", [((320, 256), ""), ((390, 844), LARGER)], ids=["zoom of 400 %", "text at 200 %"])
@pytest.mark.parametrize("kind", ["valid", "revoked", "superseded"])
def test_enlarged_the_verdict_stays_on_the_first_screen_and_nothing_scrolls_sideways(visitor, site, kind, screen, text):
    visitor.screen(*screen)
    visitor.inject("larger", text)
    visitor.checked(site.certificate(kind).path)
    assert dict(visitor.run(BOTTOMS, ["h1"]))["h1"] <= screen[1]
    assert visitor.run("return document.scrollingElement.scrollWidth") == screen[0]


def test_verdict_holder_occupation_and_issuer_take_320_pixels_of_a_phone(visitor, site):
    visitor.screen(390, 844)
    visitor.checked(site.certificate("valid").path)
    bottoms = dict(visitor.run(BOTTOMS, [".top", *ANSWER]))
    assert max(bottoms[part] for part in ("h1", ".who", ".what", ".by", ".outcome")) - bottoms[".top"] <= 320


@pytest.mark.parametrize("kind", CERTIFICATES)
def test_a_page_states_its_verdict_in_both_languages(visitor, site, kind):
    certificate = site.certificate(kind)
    status = site.status(certificate)
    assert visitor.checked(certificate.path) == status
    assert visitor.text("h1") == site.heading(certificate)
    assert visitor.text(".verdict .who") == certificate.holder
    text = visitor.text(".verdict")
    for language in ("en", "id"):
        assert (site.verdict(certificate, language, "sentence") in text) == (status != "valid")
    assert site.by(certificate, "en") in text
    for language in ("en", "id"):
        assert site.scheme_title(certificate, language) in text
    assert visitor.attribute("main", "data-status") == ("valid" if status == "expired" else status)
    assert is_green(visitor) == (status == "valid")


def test_only_a_certificate_in_force_is_shown_in_green(visitor, site):
    seen = {}
    for kind in CERTIFICATES:
        visitor.checked(site.certificate(kind).path)
        seen[kind] = visitor.run("return getComputedStyle(document.querySelector('.verdict')).backgroundColor")
    green = seen["valid"]
    assert [kind for kind, ground in seen.items() if ground == green] == ["valid", "reinstated", "issued again"]
    assert len(set(seen.values())) == 5


def test_a_certificate_holds_through_the_day_printed_on_it(visitor, site):
    certificate = site.certificate("valid")
    visitor.clock(end_of(certificate.expires))
    visitor.checked(certificate.path)
    assert visitor.stages["dates"] == "passed"
    visitor.find(".checks summary").click()
    assert visitor.text("[data-step=dates] span").startswith(
        site.strings["en"]["steps"]["dates"]["passed"].split(".")[0].replace("{expires}", site.date(certificate.expires, "en")))


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Pacific/Auckland", "America/Los_Angeles"])
def test_the_day_after_its_last_it_says_expired_in_both_languages(visitor, site, zone):
    certificate = site.certificate("valid")
    visitor.clock(end_of(certificate.expires) + HOUR, zone)
    assert visitor.checked(certificate.path) == "expired"
    assert visitor.text("h1") == site.heading(certificate, "expired")
    text = visitor.text(".verdict")
    for language in ("en", "id"):
        assert site.verdict(certificate, language, "sentence", "expired") in text
        assert site.verdict(certificate, language, "title", "valid") not in text
    assert not is_green(visitor)
    assert lines(visitor) == site.lines(certificate)


@pytest.mark.parametrize("kind", STAMPED)
def test_past_its_expiry_it_keeps_its_own_words(visitor, site, kind):
    certificate = next(each for each in site.certificates if site.status(each) == kind and each.expires < TODAY)
    assert visitor.checked(certificate.path) == kind
    assert visitor.stages["dates"] == "void"
    assert visitor.text("h1") == site.heading(certificate, kind)
    for language in ("en", "id"):
        assert site.verdict(certificate, language, "sentence", kind) in visitor.text(".verdict")
        assert site.strings[language]["status"]["expired"] not in visitor.text(".verdict")


@pytest.mark.parametrize("kind", ["superseded", "corrected"])
def test_a_replaced_certificate_leads_to_the_one_that_replaces_it(visitor, site, kind):
    certificate = site.certificate(kind)
    newer = site.successor(certificate)
    visitor.open(certificate.path)
    button = visitor.find(".verdict a.button")
    assert newer.number in button.text
    button.click()
    visitor.arrives(newer.path)
    visitor.judged()
    assert visitor.text("h1") == site.heading(newer)
    assert visitor.text("dd.holder") == newer.holder


@pytest.mark.parametrize("kind", [kind for kind in CERTIFICATES if kind not in ("superseded", "corrected")])
def test_a_certificate_that_nothing_replaced_leads_nowhere_else(visitor, site, kind):
    visitor.open(site.certificate(kind).path)
    assert [link for link in visitor.all(".verdict a") if link.is_displayed()] == []


# MARK: The address


def test_at_the_official_address_nothing_warns(visitor, site):
    visitor.open(site.certificate("valid").path)
    assert visitor.judged() == "valid"
    assert visitor.all(".verdict .found") == []
    assert visitor.text(".domain .host") == site.host


@pytest.mark.parametrize("kind", CERTIFICATES)
def test_on_any_other_host_the_page_warns_and_is_never_green(visitor, site, kind):
    certificate = site.certificate(kind)
    assert visitor.checked(certificate.path, host=COPY) == "copy"
    assert visitor.text(".verdict .found") == " ".join(
        site.strings[language]["certificate"]["elsewhere"].replace("{host}", COPY) for language in ("en", "id")
    ) + f" {site.settings['url']}{certificate.path}"
    assert visitor.attribute(".verdict .found a", "href") == f"{site.settings['url']}{certificate.path}"
    for language in ("en", "id"):
        assert site.strings[language]["verdict"]["copy"]["title"] in visitor.text("h1")
    # Nothing below it says that steps passed, or that one could not run.
    assert site.strings["en"]["verdict"]["unchecked"]["sentence"] not in visitor.text(".verdict")
    assert "Checked on" not in visitor.text(".verdict")
    assert visitor.text(".domain .host") == site.host
    assert site.verdict(certificate, "en", "title", "valid" if site.status(certificate) == "expired" else None) in visitor.text(".outcome")
    assert not is_green(visitor)


# MARK: What is printed


@pytest.mark.parametrize("kind", CERTIFICATES)
def test_every_printed_line_is_on_the_page_in_the_order_of_the_paper(visitor, site, kind):
    certificate = site.certificate(kind)
    visitor.open(certificate.path)
    assert lines(visitor) == site.lines(certificate)


@pytest.mark.parametrize("kind", CERTIFICATES)
def test_without_script_the_page_says_the_same(visitor, site, kind):
    certificate = site.certificate(kind)
    visitor.script(False)
    visitor.open(certificate.path)
    status = site.status(certificate)
    # A page cannot know the day by itself: without script, "valid until" is what stays true.
    stated = "valid" if status == "expired" else status
    assert visitor.text("h1") == site.heading(certificate, stated)
    assert lines(visitor) == site.lines(certificate)
    text = visitor.text("main")
    assert groups(certificate.code) in text
    assert groups(certificate.fingerprint) in text
    assert f"{site.settings['url']}{certificate.path}" in text
    assert site.host == visitor.text(".domain .host")
    for language in ("en", "id"):
        assert site.verdict(certificate, language, "title", stated) in text
        assert (site.verdict(certificate, language, "sentence", stated) in text) == (stated != "valid")
        assert site.scheme_title(certificate, language) in visitor.text(".verdict")
    assert site.by(certificate, "en") in text
    assert site.strings["en"]["steps"]["no_script"] in visitor.text(".checks")
    assert not is_green(visitor)
    assert visitor.all("main input") == []


def test_markup_in_a_name_is_shown_as_the_letters_it_is_made_of(tmp_path, engine):
    name = '<b>Ani</b> & "x"'

    def one(rows):
        row = next(row for row in rows if row["status"] == "" and row["expires"] > TODAY.isoformat())
        return [{**row, "holder": name}]

    site = Site(tmp_path / "project", one)
    (certificate,) = site.certificates
    assert certificate.holder == name
    with at(site, engine) as visitor:
        visitor.arrive()
        assert visitor.checked(certificate.path) == "valid"
        assert visitor.text(".verdict .who") == name
        assert visitor.text("dd.holder") == name
        assert visitor.run("return document.querySelectorAll('.who bdi *, .holder bdi *').length") == 0
        assert visitor.console() == []
        visitor.clock(end_of(certificate.expires) + HOUR)
        assert visitor.checked(certificate.path) == "expired"
        assert visitor.text(".verdict .who") == name


# MARK: The ticks


@pytest.mark.parametrize("kind", ["valid", "issued again", "revoked"])
def test_ticking_the_lines_counts_them_up_to_all(visitor, site, kind):
    certificate = site.certificate(kind)
    visitor.open(certificate.path)
    expected = [
        " ".join(site.strings[language]["certificate"]["tally"].replace("{done}", str(done)).replace(
            "{all}", str(len(site.lines(certificate)))) for language in ("en", "id"))
        for done in range(1, len(site.lines(certificate)) + 1)
    ]
    assert not visitor.find(".tally").is_displayed()
    ticks = visitor.all(".tick input")
    seen = []
    for tick in ticks:
        tick.click()
        seen.append(visitor.text(".tally"))
    assert seen == expected
    ticks[0].send_keys(Keys.SPACE)
    assert visitor.text(".tally") == expected[-2]


def test_a_tick_is_named_after_its_line(visitor, site):
    certificate = site.certificate("valid")
    visitor.open(certificate.path)
    words = site.strings["en"]["certificate"]
    names = [tick.accessible_name for tick in visitor.all(".tick input")]
    assert names == [words["same"].replace("{line}", words[name]) for name in (
        "number", "holder", "registration", "area", "qualification", "valid_for", "issuer", "units")]

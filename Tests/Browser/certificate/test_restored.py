"""A page that comes back, from the browser's memory or from a saved file, tells of no check of another time."""

import datetime

import pytest
from selenium.webdriver.support.ui import Select

from support.browser.languages import switched
from support.browser.published_site import COPY
from support.browser.verification import LATER, is_green, shows_sign
from support.browser.visitor import CLOCK, NOON, at

CHECKED = "Checked on 23 November 2026, 12:00"


@pytest.fixture
def certificate(site):
    return next(each for each in site.certificates
                if site.status(each) == "valid" and each.revision == 1 and each.expires > LATER.date())


def returns(visitor, moment=None):
    """What a browser does with a page that it kept, the device's clock having gone on."""
    if moment:
        parts = (moment.year, moment.month - 1, moment.day, moment.hour, moment.minute)
        visitor.run(CLOCK % ", ".join(map(str, parts)))
    visitor.run("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")


def test_a_restored_page_checks_anew(visitor, site, certificate):
    assert visitor.checked(certificate.path) == "valid"
    assert visitor.text(".outcome").startswith(CHECKED)
    returns(visitor, datetime.datetime(2026, 11, 29, 2, 10))
    visitor.until(lambda: visitor.text(".outcome").startswith("Checked on 29 November 2026, 02:10"), "another check")
    assert visitor.judged() == "valid"
    assert visitor.text("h1") == site.heading(certificate)
    returns(visitor, LATER)
    visitor.until(lambda: visitor.attribute("main", "data-verdict") == "unchecked", "another verdict")
    assert not is_green(visitor)
    assert "Checked on" not in visitor.text(".verdict")
    visitor.changes["/status/revocation/0"] = b"{}"
    returns(visitor)
    visitor.until(lambda: visitor.attribute("main", "data-verdict") == "not_genuine", "a third verdict")
    del visitor.changes["/status/revocation/0"]
    returns(visitor, NOON)
    visitor.until(lambda: visitor.attribute("main", "data-verdict") == "valid", "the first verdict again")
    assert visitor.text("h1") == site.heading(certificate)
    assert shows_sign(visitor, "valid")


def test_while_it_checks_anew_nothing_is_claimed(visitor, site, certificate):
    assert visitor.checked(certificate.path) == "valid"
    visitor.changes["/log/edge.json"] = "hang"
    returns(visitor)
    visitor.until(lambda: visitor.stages["signature"] == "passed", "the steps that can run")
    assert visitor.attribute("main", "data-verdict") is None
    assert not is_green(visitor)
    assert shows_sign(visitor, "stated")
    assert "Checked on" not in visitor.text(".verdict")
    assert visitor.attribute(".verdict", "aria-busy") == "true"


def test_a_page_that_goes_by_and_comes_back_is_checked_once_more(site, certificate, engine):
    with at(site, engine, keeps_pages=True) as visitor:
        assert visitor.checked(certificate.path) == "valid"
        visitor.run("globalThis.kept = true; addEventListener('pageshow', ({ persisted }) => { globalThis.persisted = persisted; });")
        visitor.changes["/status/revocation/0"] = b"{}"
        visitor.open("/verify/")
        visitor.driver.back()
        visitor.until(lambda: visitor.attribute("main", "data-verdict") == "not_genuine", "another verdict")
        # The very page that was left, not one that was loaded anew.
        assert visitor.run("return [globalThis.kept, globalThis.persisted]") == [True, True]


# MARK: Saved pages


def saved(visitor):
    return b"<!DOCTYPE html>\n" + visitor.driver.page_source.encode()


@pytest.mark.parametrize("before", ["valid", "revoked by its list", "not_genuine", "unchecked", "copy", "in German"])
def test_a_saved_page_is_checked_from_the_beginning(visitor, site, certificate, before):
    path = certificate.path
    if before == "revoked by its list":
        revoked = site.certificate("revoked")
        page = (site.public / revoked.path.strip("/") / "index.html").read_bytes()
        visitor.changes[revoked.path] = page.replace(b'data-status="revoked"', b'data-status="valid"')
        path = revoked.path
    elif before == "not_genuine":
        visitor.changes["/status/revocation/0"] = b"{}"
    elif before == "unchecked":
        visitor.changes["/log/edge.json"] = None
    first = visitor.checked(path, host=COPY if before == "copy" else None)
    if before == "in German":
        Select(visitor.find(".language-picker select")).select_by_value("de")
        switched(visitor, "de")
    visitor.all(".tick input")[0].click()
    whole = saved(visitor)
    visitor.run("localStorage.clear()")
    visitor.changes.clear()
    visitor.changes[path] = whole
    second = visitor.checked(path)
    assert second == {"revoked by its list": "revoked"}.get(before, "valid")
    assert (first == second) == (before in ("valid", "revoked by its list", "in German"))
    assert len(visitor.all(".tick input")) == len(visitor.all(".lines .line"))
    if second == "valid":
        words = site.words("de" if before == "in German" else "en")["verdict"]["valid"]["title"].split("{")[0]
        assert visitor.text("h1").startswith(words)
    # With a file that never comes, it claims nothing at all.
    visitor.changes["/log/edge.json"] = "hang"
    visitor.open(path)
    visitor.until(lambda: visitor.stages["log"] == "running" and visitor.stages["signature"] == "passed", "the steps that can run")
    assert visitor.attribute("main", "data-verdict") is None and not is_green(visitor)


def test_without_script_a_saved_page_carries_the_moment_of_its_check(visitor, site, certificate):
    visitor.checked(certificate.path)
    visitor.changes[certificate.path] = saved(visitor)
    visitor.script(False)
    visitor.clock(LATER)
    visitor.open(certificate.path)
    assert visitor.text(".outcome").startswith(CHECKED)


def test_answers_of_another_time_are_gone_from_verify(visitor, site, certificate):
    visitor.open("/verify/")
    visitor.find("#file").send_keys(str(site.public / certificate.path.strip("/") / "record.json"))
    visitor.until(lambda: visitor.all(".found [data-verdict=valid]"), "the verdict on the file")
    visitor.run("document.querySelector('#codes').value = arguments[0]", certificate.code)
    visitor.find("form.list button").click()
    visitor.until(lambda: visitor.find(".csv").is_displayed(), "the end of the list")
    returns(visitor)
    assert visitor.all(".found *") == []
    assert not visitor.find(".results").is_displayed()
    assert visitor.text(".list-answer") == ""

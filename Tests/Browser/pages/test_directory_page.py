"""The directory of artisans at work in the browser, and what is left of an erased certificate."""

import datetime
import shutil

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from support.browser.accessibility import violations
from support.browser.languages import speaking, switched
from support.browser.published_site import Site

ROWS = """
return [...document.querySelectorAll(".chosen .people li")].map((row) => [
  row.querySelector("bdi").textContent, row.querySelector("a").getAttribute("href"),
  row.querySelector(".what").textContent, row.querySelector(".meta").innerText]);
"""
LOADED = """
return performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname)
  .filter((path) => path.endsWith(".json"));
"""


def said(site, language, key, **values):
    text = site.strings[language]["directory"][key]
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def found(visitor, site, count, language="en"):
    """The names that are shown once so many were found."""
    wanted = said(site, language, "some", count=count)
    visitor.until(lambda: visitor.text(".found-count") == wanted, f"{count} found, not {visitor.text('.found-count')!r}")
    return visitor.run(ROWS)


def choose(visitor, name, value):
    visitor.until(lambda: visitor.run(
        "return [...document.querySelector(arguments[0]).options].some((o) => o.value === arguments[1])",
        f"#{name}", value), f"{value} can be chosen")
    Select(visitor.find(f"#{name}")).select_by_value(value)


@pytest.fixture(scope="module")
def people(site):
    """The listed certificates in force, by what the registry says."""
    return [each.row for each in site.certificates if each.row["listed"] == "yes" and site.status(each) == "valid"]


def test_choices_narrow_step_by_step_what_is_shown(visitor, site, people):
    visitor.open("/directory/")
    choose(visitor, "province", "jawa-tengah")
    own = [row for row in people if row["province"] == "Jawa Tengah"]
    found(visitor, site, len(own))
    visitor.until(lambda: len(visitor.run(ROWS)) == 20, "a screen full")
    choose(visitor, "regency", "kota-pekalongan")
    own = [row for row in own if row["regency"] == "Kota Pekalongan"]
    found(visitor, site, len(own))
    choose(visitor, "scheme", "stamp-making")
    own = [row for row in own if row["scheme"] == "PAC"]
    shown = found(visitor, site, len(own))
    assert sorted(name for name, *_ in shown) == sorted(row["holder"] for row in own)
    choose(visitor, "group", "kelompok-canting-cap-tembaga-rejo")
    visitor.until(lambda: "group=" in visitor.path, "the address says so")
    visitor.until(lambda: visitor.run("return document.querySelector('.found-count').textContent") ==
                  said(site, "en", "some", count=len(own)), "all are of the one group")
    name, address, *_ = visitor.run(ROWS)[0]
    visitor.find(".chosen .people a").click()
    visitor.arrives(address)
    assert name in visitor.text("main")


def test_a_link_carries_the_whole_choice_and_no_host_gets_to_know_it(visitor, site, people):
    visitor.open("/id/directory/#province=jawa-tengah&regency=kota-pekalongan&scheme=stamp-making&name=su")
    own = [row for row in people if row["regency"] == "Kota Pekalongan" and row["scheme"] == "PAC"
           and any(word.lower().startswith("su") for word in row["holder"].split())]
    assert 0 < len(own) < 20
    shown = found(visitor, site, len(own), "id")
    assert sorted(name for name, *_ in shown) == sorted(row["holder"] for row in own)
    assert visitor.run("return ['province', 'regency', 'scheme', 'name'].map((id) => document.getElementById(id).value)") == [
        "jawa-tengah", "kota-pekalongan", "stamp-making", "su"]
    assert not [address for address in visitor.requests() if "stamp-making" in address or "name=" in address]
    visitor.find("#name").clear()
    visitor.find("#name").send_keys("Su")
    visitor.until(lambda: visitor.path.endswith("name=Su"), "the address follows")


def test_a_scheme_leads_to_its_holders(visitor, site, people):
    visitor.open("/schemes/natural-dyeing/")
    visitor.find("a[href*='/directory/#']").click()
    found(visitor, site, len([row for row in people if row["scheme"] == "PWA"]))
    title = site.schemes["PWA"]["editions"][-1]["title"]["en"]
    visitor.until(lambda: {what for _, _, what, _ in visitor.run(ROWS)} == {title}, "its holders alone")


def test_more_are_shown_on_demand_and_the_focus_goes_on(visitor, site, people):
    visitor.open("/directory/#scheme=hand-drawn-batik")
    count = len([row for row in people if row["scheme"] == "PBT"])
    found(visitor, site, count)
    visitor.until(lambda: visitor.find(".more-found").is_displayed(), "there are more")
    visitor.find(".more-found").click()
    visitor.until(lambda: len(visitor.run(ROWS)) == 40, "twenty more")
    rows = visitor.run(ROWS)
    visitor.until(lambda: visitor.run("return document.activeElement.textContent") == rows[20][0], "the focus is on the first of them")
    while (before := len(visitor.run(ROWS))) < count:
        visitor.until(lambda: visitor.find(".more-found").is_displayed(), "there are more")
        visitor.find(".more-found").click()
        visitor.until(lambda: len(visitor.run(ROWS)) > before, "more")
    assert len({address for _, address, *_ in visitor.run(ROWS)}) == count
    assert not visitor.find(".more-found").is_displayed()


def test_everything_can_be_done_from_the_keyboard(visitor, site, people):
    visitor.open("/directory/")
    visitor.until(lambda: visitor.text(".found-count") == said(site, "en", "choose"), "the form is ready")
    visitor.run("document.querySelector('#province').focus()")
    visitor.press("P")  # Papua
    own = [row for row in people if row["province"] == "Papua"]
    found(visitor, site, len(own))
    visitor.press(Keys.TAB)
    visitor.until(lambda: visitor.run("return document.activeElement.id") == "regency", "the regency comes next")
    visitor.press(Keys.TAB)
    visitor.press(Keys.TAB)  # the group cannot be chosen yet
    assert visitor.run("return document.activeElement.id") == "name"
    word = own[0]["holder"].split()[0]
    visitor.press(word)
    visitor.until(lambda: visitor.run(ROWS) and all(
        word.lower() in name.lower() for name, *_ in visitor.run(ROWS)), "only such names")
    visitor.press(Keys.TAB)
    assert visitor.run("return document.activeElement.className") == "clear"
    visitor.press(Keys.ENTER)
    visitor.until(lambda: visitor.text(".found-count") == said(site, "en", "choose"), "it begins again")
    assert visitor.path == "/directory/" and visitor.run("return document.activeElement.id") == "province"


def test_the_first_answer_takes_two_small_files(visitor, site, people):
    visitor.open("/directory/")
    visitor.until(lambda: visitor.text(".found-count") == said(site, "en", "choose"), "the form is ready")
    assert visitor.run(LOADED) == []
    choose(visitor, "province", "papua")
    found(visitor, site, len([row for row in people if row["province"] == "Papua"]))
    loaded = visitor.run(LOADED)
    assert loaded[0] == "/directory/index.json" and len(loaded) == 2


def test_a_certificate_that_ended_since_the_build_is_marked(visitor, site):
    visitor.clock(datetime.datetime(2031, 1, 1, 12))
    visitor.open("/404.html")
    visitor.open("/directory/#province=papua")
    visitor.until(lambda: visitor.run(ROWS), "names")
    assert all(said(site, "en", "over") in meta for *_, meta in visitor.run(ROWS))


def test_a_name_needs_a_province_and_two_letters(visitor, site):
    for choice in ("name=Su", "province=papua&name=S"):
        visitor.open("/404.html")
        visitor.open(f"/directory/#{choice}")
        visitor.until(lambda: visitor.text(".found-count") == said(site, "en", "short"), "the reason")
        assert visitor.run(ROWS) == []


def test_what_is_nowhere_and_what_does_not_answer_are_told_apart(visitor, site):
    visitor.open("/directory/#province=papua&name=zzzz")
    visitor.until(lambda: visitor.text(".found-count") == said(site, "en", "none"), "nobody")
    visitor.open("/404.html")
    visitor.open("/directory/#province=nowhere")
    visitor.until(lambda: visitor.text(".found-count") == said(site, "en", "choose"), "no such place")
    visitor.network(False)
    choose(visitor, "province", "bali")
    visitor.until(lambda: visitor.text(".found-count") == said(site, "en", "failed"), "it says that nothing answered")
    visitor.network(True)
    choose(visitor, "province", "papua")
    visitor.until(lambda: visitor.run(ROWS), "names once the network is back")


def test_without_script_the_provinces_lead_on(visitor, site):
    visitor.script(False)
    visitor.screen(360)
    visitor.open("/id/directory/")
    assert not visitor.find("form.choose").is_displayed()
    for part in ("jawa-tengah/", "kota-pekalongan/"):
        link = visitor.find(f"main a[href$='{part}']")
        link.click()
        visitor.until(lambda: visitor.path.endswith(part), part)
    assert len(visitor.all(".people a")) > 10


@pytest.mark.parametrize("width, dark", [(1280, False), (360, True)])
def test_axe_finds_nothing_in_the_answers(visitor, site, width, dark):
    visitor.screen(width)
    visitor.look(dark=dark)
    visitor.open("/directory/#province=jawa-tengah&regency=kota-pekalongan&group=kelompok-canting-cap-tembaga-rejo")
    visitor.until(lambda: visitor.run(ROWS), "names")
    assert violations(visitor) == []
    assert visitor.run("return document.documentElement.scrollWidth <= innerWidth")
    assert visitor.run("return violations") == []


# MARK: Erased


@pytest.fixture(scope="module")
def erased(tmp_path_factory):
    """The page that is left, and the code that leads there."""
    site = Site(tmp_path_factory.mktemp("erased") / "project", rows=lambda rows: rows[:3])
    certificate = next(path for path in site.public.glob("c/*/*/index.html"))
    code = certificate.parent.parent.name + certificate.parent.name
    listing = site._run("export", "--csv")
    number = next(line.split(",")[0] for line in listing.splitlines() if code in line)
    kept = ("number", "revision")
    site._write([
        {key: row[key] if key in kept else "" for key in row} | {"status": "erased", "status_date": "2026-11-20"}
        if row["number"] == number else row for row in site._rows()])
    site._run("build", "--quiet")
    page = certificate.read_bytes()
    shutil.rmtree(site.root)
    return code, page


@pytest.fixture
def with_erased(visitor, erased):
    code, page = erased
    path = f"/c/{code[:2]}/{code[2:]}/"
    visitor.changes[path] = page
    return code, path


def test_the_old_code_leads_to_the_page_that_says_so(visitor, site, with_erased):
    code, path = with_erased
    visitor.open("/verify/")
    visitor.ask(code)
    visitor.arrives(path)
    for language in ("en", "id"):
        assert site.strings[language]["verdict"]["erased"]["title"] in visitor.text("h1")
    assert visitor.attribute("main", "data-verdict") == "erased"
    for width, dark in ((1280, False), (360, True)):
        visitor.screen(width)
        visitor.look(dark=dark)
        assert violations(visitor) == []


@pytest.mark.parametrize("language, shown", [("id", "id"), ("ja", "en")])
def test_an_erased_page_says_what_it_means_in_one_language(visitor, site, with_erased, language, shown):
    speaking(visitor, language)
    visitor.open(with_erased[1])
    switched(visitor, language)
    sections = visitor.run("""return [...document.querySelectorAll("main section[lang]")]
      .filter((each) => each.checkVisibility()).map((each) => [each.lang, each.querySelector("h2").innerText])""")
    assert sections == [[shown, site.strings[shown]["erased"]["heading"]]]


def test_a_list_of_codes_says_erased(visitor, site, with_erased):
    code, _ = with_erased
    visitor.open("/verify/")
    visitor.find("form.list textarea").send_keys(code)
    visitor.find("form.list button").click()
    title = site.strings["en"]["verdict"]["erased"]["title"]
    visitor.until(lambda: title in visitor.text(".results tbody"), "the verdict")

"""What an editor sees of `canting serve`: the page follows the files on the disk by itself.

No test reloads a page; whatever changes on the screen, the preview changed.
"""

import re

import pytest
from selenium.common.exceptions import JavascriptException, NoSuchElementException, StaleElementReferenceException
from selenium.webdriver.support.ui import WebDriverWait

from support.browser.published_site import tidy
from support.preview import Preview

NEWS = "content/news/2026-08-18-hang-tag.en.md"
PAGE = "/news/hang-tag/"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with Preview.of_specimen(tmp_path_factory.mktemp("preview") / "project") as preview:
        yield preview


@pytest.fixture
def preview(served):
    """The preview, its files as they were when the test is over."""
    before = {path: path.read_bytes() for folder in ("content", "templates", "seeds")
              for path in (served.root / folder).rglob("*") if path.is_file()}
    yield served
    for path in [path for folder in ("content", "templates", "seeds") for path in (served.root / folder).rglob("*")]:
        if path.is_file() and path not in before:
            path.unlink()
    for path, data in before.items():
        if not path.exists() or path.read_bytes() != data:
            path.write_bytes(data)


class Screen:
    """What is on the editor's screen, which may be replaced while somebody looks."""

    def __init__(self, visitor):
        self.visitor = visitor

    def comes(self, holds, what):
        wait = WebDriverWait(self.visitor.driver, 30, poll_frequency=0.05, ignored_exceptions=(
            JavascriptException, NoSuchElementException, StaleElementReferenceException))
        wait.until(lambda _: holds(), what)

    def shows(self, text, selector="body"):
        self.comes(lambda: text in self.visitor.text(selector), f"“{text}” on the page")

    def hides(self, text, selector="body"):
        self.comes(lambda: text not in self.visitor.text(selector), f"no “{text}” on the page")

    def has_no_overlay(self):
        self.comes(lambda: self.visitor.all("canting-findings") == [], "no overlay")


@pytest.fixture
def screen(visitor, preview):
    visitor.screen(360)
    visitor.driver.get(preview.address(PAGE))
    yield Screen(visitor)
    visitor.driver.get("about:blank")


def quiet(visitor):
    """Nothing that the browser would complain about."""
    assert visitor.run("return violations") == []
    assert visitor.console() == []


def test_what_is_saved_is_seen_and_the_place_on_the_page_is_kept(visitor, preview, screen):
    text = preview.read(NEWS)
    visitor.run("scrollTo(0, 700)")
    visitor.run("globalThis.before = true")
    preview.write(NEWS, text.replace("## Understanding it", "## Understanding it now"))
    screen.shows("Understanding it now")
    assert visitor.run("return globalThis.before") is None
    # The browser restores the place once the page has its height again.
    visitor.until(lambda: visitor.run("return Math.round(scrollY)") == 700, "the same place on the page")
    preview.write(NEWS, text)
    screen.hides("Understanding it now")
    visitor.until(lambda: visitor.run("return Math.round(scrollY)") == 700, "the same place on the page")
    quiet(visitor)


def test_a_mistake_lies_over_the_last_good_page_until_it_is_mended(visitor, preview, screen):
    text = preview.read(NEWS)
    line = 1 + text.split("\n").index("tags: [export, certificates]")
    visitor.run("scrollTo(0, 300)")
    preview.write(NEWS, text.replace("tags: [", "tagz: [").replace("thirty-two", "32"))
    screen.shows("tagz", "canting-findings")

    finding = visitor.run("return document.querySelector('canting-findings pre').textContent")
    place, source, caret, hint = [each for each in finding.split("\n") if each.strip()][:4]
    assert place.startswith(f"{NEWS}:{line}:1: error: ")
    assert source.strip().endswith("tagz: [export, certificates]")
    assert caret.index("^~~~") == source.index("tagz")
    assert "did you mean `tags`?" in hint

    overlay = visitor.find("canting-findings")
    assert overlay.is_displayed() and overlay.get_attribute("role") == "alert"
    assert visitor.run("""
      const box = document.querySelector("canting-findings").getBoundingClientRect();
      return box.bottom === innerHeight && box.width === document.documentElement.clientWidth && box.height < innerHeight
        && document.scrollingElement.scrollWidth <= innerWidth""")
    assert "Understanding it" in visitor.text("main")  # the last good page is still there
    assert visitor.run("return Math.round(scrollY)") == 300

    preview.write(NEWS, text.replace("## Understanding it", "## Understanding it again"))
    screen.shows("Understanding it again")
    screen.has_no_overlay()
    quiet(visitor)


def test_taking_a_mistake_back_takes_the_overlay_away(visitor, preview, screen):
    text = preview.read(NEWS)
    preview.write(NEWS, text.replace("title:", "titel:"))
    screen.shows("did you mean `title`?", "canting-findings")
    preview.write(NEWS, text)
    screen.has_no_overlay()
    assert tidy(visitor.text("h1")) == "How to read the code on a hang tag"


def test_the_overlay_is_text_and_never_markup(visitor, preview, screen):
    text = preview.read(NEWS)
    preview.write(NEWS, text.replace("tags: [", "<img src=x onerror=alert(1)>: 1\ntags: ["))
    screen.shows("<img src=x onerror=alert(1)>", "canting-findings")
    assert visitor.all("canting-findings img") == []


def test_every_mistake_is_counted(visitor, preview, screen):
    text = preview.read(NEWS)
    preview.write(NEWS, text.replace("title:", "titel:").replace("[Enter the code](../pages/verify.en.md)",
                                                                 "[Enter the code](../pages/verif.en.md)"))
    screen.shows("things to mend", "canting-findings h2")
    count = int(visitor.text("canting-findings h2").split()[0])
    assert count == len(visitor.all("canting-findings pre")) >= 2


def test_a_new_file_and_one_that_goes(visitor, preview, screen):
    visitor.driver.get(preview.address("/news/"))
    new = "content/news/2026-11-20-visit.en.md"
    assert "A visit to the dye house" not in visitor.text("main")
    preview.write(new, "---\ntitle: A visit to the dye house\ndate: 2026-11-20\n---\n\nCome and see.\n")
    screen.shows("A visit to the dye house", "main")
    visitor.driver.get(preview.address("/news/visit/"))
    assert "Come and see." in visitor.text("main")
    (preview.root / new).unlink()
    screen.hides("Come and see.")
    screen.comes(lambda: visitor.all("main.missing"), "the page that says that there is none")


# What the preview tells this page comes just after somebody has taken a way out of it.
TOLD_LATE = """
if (location.pathname === "/news/hang-tag/") {
  globalThis.received = 0;
  globalThis.EventSource = class extends EventSource {
    set onmessage(take) {
      super.onmessage = (event) => {
        received += 1;
        addEventListener("beforeunload", () => setTimeout(() => take(event)));
      };
    }
  };
}
"""


def test_whoever_goes_on_while_the_page_changes_gets_there(visitor, preview, screen):
    visitor.inject("told late", TOLD_LATE)
    text = preview.read(NEWS)
    for number in range(5):
        visitor.driver.get(preview.address(PAGE))
        screen.comes(lambda: visitor.run("return received") == 1, "what is there")
        preview.write(NEWS, text + f"\nOnce more, {number}.\n")
        screen.comes(lambda: visitor.run("return received") == 2, "that it changed")
        visitor.run("document.querySelector('header a[href$=\"/news/\"]').click()")
        screen.comes(lambda: visitor.path.endswith("/news/"), "the page that was gone to")


def test_a_template_and_a_style_sheet(visitor, preview, screen):
    template = preview.read("templates/news/announcement.mustache")
    assert "<article" in template
    preview.write("templates/news/announcement.mustache", re.sub(r"(<article[^>]*>)", r"\1<p>From the template</p>", template, count=1))
    screen.shows("From the template", "main")
    style = preview.read("templates/assets/site/site.css")
    preview.write("templates/assets/site/site.css", style + "\nh1 { letter-spacing: 7px; }\n")
    screen.comes(lambda: visitor.run("return getComputedStyle(document.querySelector('h1')).letterSpacing") == "7px",
                  "the new style")
    preview.write("templates/news/announcement.mustache", template + "{{#open}}")
    screen.shows("templates/news/announcement.mustache", "canting-findings")
    preview.write("templates/news/announcement.mustache", template)
    screen.has_no_overlay()
    screen.hides("From the template", "main")


def test_the_registry(visitor, preview, screen):
    visitor.driver.get(preview.address("/"))
    figures = ".figures"
    before = visitor.text(figures)
    registry = preview.read("seeds/registry.csv")
    preview.write("seeds/registry.csv", registry + "13134 7318 2 0009999 2026,,,Wulan Contoh,PBT,2026-11-02,2029-11-02,,,,,,,,,\n")
    screen.comes(lambda: visitor.text(figures) != before, "one certificate more")
    preview.write("seeds/registry.csv", registry + "13134 7318 2 0009999 2026,,,Wulan Contoh,PBT,2026-13-02,,,,,,,,,,\n")
    screen.shows("seeds/registry.csv", "canting-findings")
    assert visitor.text(figures) != before  # the last good page
    preview.write("seeds/registry.csv", registry)
    screen.has_no_overlay()
    screen.comes(lambda: visitor.text(figures) == before, "the figures as they were")


def test_the_policy_of_the_published_site_is_in_force(visitor, preview, screen):
    visitor.run("""
      const script = Object.assign(document.createElement("script"), { textContent: "globalThis.injected = true" });
      document.head.append(script);
      document.body.append(Object.assign(document.createElement("img"), { src: "https://elsewhere.example/x.png" }));""")
    visitor.until(lambda: len(visitor.run("return violations")) == 2, "two violations")
    assert visitor.run("return globalThis.injected") is None
    assert {each.split()[0] for each in visitor.run("return violations")} == {"script-src-elem", "img-src"}


def test_a_certificate_in_the_preview_is_said_to_be_one(visitor, site, preview):
    certificate = site.certificate("valid")
    visitor.driver.get(preview.address(certificate.path))
    assert visitor.judged() == "copy"  # 127.0.0.1 is not the official address
    assert "127.0.0.1" not in visitor.text(".verdict .found")  # no warning of a foreign host
    for language in ("en", "id"):
        assert site.strings[language]["verdict"]["copy"]["preview"] in visitor.text("h1")
    quiet(visitor)
    visitor.driver.get("about:blank")


def test_drafts_are_seen_where_they_are_asked_for(visitor, preview, screen, tmp_path):
    draft = "content/news/2026-11-21-draft.en.md"
    text = "---\ntitle: Not ready yet\ndate: 2026-11-21\ndraft: true\n---\n\nFirst words.\n"
    preview.write(draft, text)
    visitor.driver.get(preview.address("/news/draft/"))
    screen.comes(lambda: visitor.all("main.missing"), "no page of a draft")
    with Preview.of_specimen(tmp_path / "project", "--drafts") as other:
        other.write(draft, text)
        visitor.driver.get(other.address("/news/draft/"))
        screen.shows("First words.")
        other.write(draft, text.replace("First", "Second"))
        screen.shows("Second words.")
        visitor.driver.get("about:blank")


def test_a_project_that_is_broken_from_the_start_is_shown_once_it_is_mended(visitor, tmp_path):
    broken = Preview.of_specimen(tmp_path / "project")
    text = broken.read(NEWS)
    broken.write(NEWS, text.replace("title:", "titel:"))
    screen = Screen(visitor)
    with broken:
        visitor.driver.get(broken.address(PAGE))
        screen.shows("did you mean `title`?", "canting-findings")
        broken.write(NEWS, text)
        screen.shows("Understanding it", "main")
        screen.has_no_overlay()
        quiet(visitor)
        visitor.driver.get("about:blank")


def test_a_preview_that_was_started_anew_is_followed(visitor, tmp_path):
    preview = Preview.of_specimen(tmp_path / "project")
    text = preview.read(NEWS)
    screen = Screen(visitor)
    with preview:
        visitor.driver.get(preview.address(PAGE))
        screen.shows("Understanding it", "main")
    preview.write(NEWS, text.replace("## Understanding it", "## Understanding it later"))
    with preview:
        screen.shows("Understanding it later", "main")
        visitor.driver.get("about:blank")

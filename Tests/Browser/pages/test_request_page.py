"""/request/: a table of candidates that is checked in the browser, a list to download, an e-mail to send."""

import base64
import json
import subprocess
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from selenium.webdriver.common.keys import Keys

from support.browser.accessibility import violations
from support.browser.published_site import PROGRAM
from support.candidate_lists import BROKEN_LISTS, GOOD, GOOD_LISTS, HEADER, lists_by_chance, people, row, sheet

PAGES = {"en": "/request/", "id": "/id/request/"}

CHECK = """
const [path, lists, done] = arguments;
import(path).then(({ check }) => {
  const schemes = JSON.parse(document.querySelector("form.request").dataset.schemes);
  const bytes = (text) => Uint8Array.from(atob(text), (each) => each.charCodeAt(0));
  done(lists.map((list) => check(bytes(list), schemes).map(({ id, severity = "error", line, at }) => [id, severity, line, at])));
});
"""


def words(site, language="en"):
    return site.strings[language]["request"]


def command(site, folder, content, *arguments):
    file = Path(folder) / "candidates.csv"
    file.write_bytes(content)
    done = subprocess.run([PROGRAM, "batch", "check", str(file), "--root", str(site.root), *arguments],
                          capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
    assert done.returncode in (0, 1), done.stderr
    return done


def told(site, folder, content):
    """What the command finds, as the browser's check tells it."""
    report = json.loads(command(site, folder, content, "--format", "json").stdout)
    return [[each["id"], each["severity"], each.get("line"), each.get("column")] for each in report["diagnostics"]]


@pytest.fixture
def desk(visitor, site, tmp_path):
    """The form, whose downloads land in a folder of the test."""
    visitor.cdp("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    visitor.open(PAGES["en"])
    return visitor


def rows(visitor):
    return visitor.run("""return [...document.querySelectorAll(".candidates tbody tr")].map((row) =>
      [...row.querySelectorAll("input, select")].map(({ value }) => value))""")


def marks(visitor):
    """What is marked: by row and column, whether it is wrong, and the sentence."""
    return visitor.run("""return [...document.querySelectorAll(".candidates tbody tr")].flatMap((row, at) =>
      [...row.querySelectorAll("input, select")].flatMap((field) => {
        const why = document.getElementById(field.getAttribute("aria-describedby"));
        return why ? [[at + 1, field.name, field.getAttribute("aria-invalid") === "true", why.textContent]] : [];
      }))""")


def paste(visitor, text):
    visitor.run("document.querySelector('#paste').value = arguments[0]", text)
    visitor.find(".take").click()


def give(visitor, tmp_path, content, name="list.csv"):
    (tmp_path / name).write_bytes(content)
    visitor.find("#open").send_keys(str(tmp_path / name))
    visitor.until(lambda: visitor.text(".told") != "", "an answer about the file")


def saved(visitor, site, tmp_path, language="en"):
    """What the button downloads."""
    file = tmp_path / words(site, language)["file"]
    visitor.find(".save").click()
    visitor.until(lambda: file.exists() and file.stat().st_size > 0, "the download")
    return file.read_bytes()


def letter(visitor):
    """Address, subject and text of the e-mail."""
    parts = urlsplit(visitor.attribute(".mail", "href"))
    assert parts.scheme == "mailto"
    query = parse_qs(parts.query, strict_parsing=True)
    return unquote(parts.path), query["subject"][0], query["body"][0]


# MARK: The browser and the command agree


@pytest.mark.parametrize("kind", ["good", "broken", "by chance"])
def test_the_browser_finds_what_the_command_finds_at_the_same_places(visitor, site, tmp_path, kind):
    lists = {"good": GOOD_LISTS, "broken": BROKEN_LISTS,
             "by chance": dict(enumerate(lists_by_chance("request", 120)))}[kind]
    visitor.open(PAGES["en"])
    [asset] = site.public.glob("assets/candidates.*.js")
    found = visitor.driver.execute_async_script(
        CHECK, f"/assets/{asset.name}", [base64.b64encode(content).decode() for content in lists.values()])
    differing = {}
    for (name, content), there in zip(lists.items(), found):
        here = told(site, tmp_path, content)
        if sorted(map(str, here)) != sorted(map(str, there)):
            differing[name] = (content[:500], here, there)
    assert differing == {}
    # A comparison of nothing with nothing would prove nothing.
    assert sum(map(len, found)) > {"good": 2, "broken": 50, "by chance": 100}[kind]


# MARK: Writing


def test_a_list_written_by_keyboard_alone_is_accepted_by_the_command(desk, site, tmp_path):
    desk.find("[name=name]").click()
    for number in range(3):
        desk.press(f"Siti Contoh {number}", Keys.TAB, "PBT", Keys.TAB)
        if number == 0:
            desk.press("Kabupaten Bantul", Keys.TAB, "Daerah Istimewa Yogyakarta", Keys.TAB, "Sekar Wiru")
        # Enter in the last row begins another, with the same place.
        if number < 2:
            desk.run("document.activeElement.closest('tr').querySelector('[name=note]').focus()")
            desk.press(Keys.ENTER)
            assert desk.run("return document.activeElement.name") == "name"
    desk.run("document.querySelector('.save').focus()")
    desk.press(Keys.ENTER)
    file = tmp_path / "candidates.csv"
    desk.until(lambda: file.exists() and file.stat().st_size > 0, "the download")
    content = file.read_bytes()
    assert content == sheet([row(name=f"Siti Contoh {number}") for number in range(3)], end="\r\n", start="\ufeff")
    assert told(site, tmp_path / "..", content) == []
    assert words(site)["done"].split("{")[0].strip() in desk.text(".saved")


def test_a_new_row_is_left_in_peace_until_it_is_left(desk, site):
    desk.find("[name=name]").click()
    desk.press("Siti")
    assert marks(desk) == []
    desk.run("document.querySelector('#party').focus()")
    required = words(site)["rule_empty_required_field"]
    assert marks(desk) == [[1, name, True, required] for name in ("scheme", "regency", "province")]
    assert words(site)["wrong_many"].replace("{count}", "3") in desk.text(".count")
    desk.find(".go").click()
    assert desk.run("return document.activeElement.name") == "scheme"


MISTAKES = [
    ("name", "=1+1", "formula_in_text", {}),
    ("name", "Si\u200bti", "forbidden_character", {"found": "U+200B"}),
    ("note", "0812 3456 7890", "personal_data_in_text", {}),
    ("group", "a@b.example", "personal_data_in_text", {}),
    ("certificate", "1,3E+21", "rounded_number", {}),
    ("regency", " ", "empty_required_field", {}),
    ("scheme", "Pembatk Cap", "unknown_scheme_meant", {"found": "Pembatk Cap", "meant": "Pembatik Cap"}),
]


@pytest.mark.parametrize("language", PAGES)
@pytest.mark.parametrize("column, text, rule, values", MISTAKES)
def test_a_mistake_is_marked_at_its_field_in_the_pages_language(visitor, site, tmp_path, language, column, text, rule, values):
    visitor.open(PAGES[language])
    give(visitor, tmp_path, sheet([row(), row(**{"name": "Budi", column: text})]))
    sentence = words(site, language)[f"rule_{rule}"]
    for name, value in values.items():
        sentence = sentence.replace("{" + name + "}", value)
    assert marks(visitor) == [[2, column, True, sentence]]


def test_a_row_that_was_begun_and_left_is_no_obstacle(desk, site, tmp_path):
    paste(desk, "\t".join(GOOD))
    desk.find(".add").click()
    assert rows(desk)[1] == ["", "", *GOOD[2:5], "", ""]
    assert saved(desk, site, tmp_path) == sheet([row()], end="\r\n", start="\ufeff")


def test_what_is_wrong_is_not_downloaded_and_the_first_mistake_is_shown(desk, site, tmp_path):
    paste(desk, "Siti\tPBT\tx\ty\nBudi\t?\tx\ty\n")
    desk.find(".save").click()
    assert desk.text(".saved") == words(site)["blocked"]
    assert desk.run("return document.activeElement.name") == "scheme"
    assert list(tmp_path.iterdir()) == []
    desk.press("PBC")
    assert told(site, tmp_path, saved(desk, site, tmp_path)) == []


def test_nobody_is_no_list(desk, site, tmp_path):
    desk.find(".save").click()
    assert desk.text(".saved") == words(site)["nobody"]
    assert desk.run("return document.activeElement.name") == "name"


def test_two_rows_that_are_the_same_are_worth_a_look_and_no_obstacle(desk, site, tmp_path):
    paste(desk, "\n".join(["\t".join(GOOD)] * 2))
    [[at, column, is_wrong, sentence]] = marks(desk)
    assert (at, column, is_wrong) == (2, "name", False) and "1" in sentence
    assert words(site)["look_one"] in desk.text(".count")
    assert [each[0] for each in told(site, tmp_path, saved(desk, site, tmp_path))] == ["duplicate-candidate"]


def test_rows_can_be_taken_away_and_the_focus_stays_in_the_table(desk, site):
    paste(desk, "\n".join("\t".join(each) for each in people(3)))
    buttons = desk.all(".remove")
    assert buttons[1].get_attribute("aria-label") == words(site)["remove"].replace("{row}", "2")
    buttons[1].click()
    assert [each[0] for each in rows(desk)] == ["Siti Contoh 0", "Siti Contoh 2"]
    assert desk.run("return document.activeElement.ariaLabel") == words(site)["remove"].replace("{row}", "2")
    for _ in range(2):
        desk.press(Keys.ENTER)
    assert rows(desk) == [[""] * 7] and desk.run("return document.activeElement.name") == "name"


# MARK: Taking over what there is


@pytest.mark.parametrize("name", [name for name in GOOD_LISTS if name != "most"])
def test_a_good_list_can_be_opened_and_written_again(desk, site, tmp_path, name):
    give(desk, tmp_path, GOOD_LISTS[name])
    assert [each for each in marks(desk) if each[2]] == []
    content = saved(desk, site, tmp_path)
    before = json.loads(command(site, tmp_path, GOOD_LISTS[name], "--format", "json").stdout)
    after = json.loads(command(site, tmp_path, content, "--format", "json").stdout)
    assert after["ok"] and after["result"] == before["result"]


def test_columns_with_personal_data_stay_outside(desk, site, tmp_path):
    secret = "3402010101900001"
    give(desk, tmp_path, sheet([[secret, *row()]], ["NIK", *HEADER]))
    assert rows(desk) == [GOOD]
    assert "NIK" in desk.text(".told")
    content = saved(desk, site, tmp_path)
    assert secret.encode() not in content and secret not in desk.driver.page_source
    paste(desk, f"Nama\tNo HP\tSkema\tKabupaten\tProvinsi\nBudi\t{secret}\tPBC\tx\ty\n")
    assert "No HP" in desk.text(".told") and secret not in str(rows(desk))


def test_what_cannot_be_read_is_told_with_its_line(desk, site, tmp_path):
    give(desk, tmp_path, sheet([row(), row() + ["x"], row(name="Budi")]))
    assert [each[0] for each in rows(desk)] == ["Siti Contoh", "Budi"]
    assert words(site)["at"].replace("{line}", "3").strip() in desk.text(".told")
    give(desk, tmp_path, sheet([row()]).decode().encode("utf-16"), "wide.csv")
    desk.until(lambda: words(site)["rule_not_utf8"] in desk.text(".told"), "the answer")


def test_a_file_that_is_no_list_at_all_is_turned_away(desk, site, tmp_path):
    (tmp_path / "huge.csv").write_bytes(b"x" * ((1 << 20) + 1))
    desk.find("#open").send_keys(str(tmp_path / "huge.csv"))
    desk.until(lambda: "huge.csv" in desk.text(".told"), "the answer")
    assert desk.text(".told") == words(site)["too_large"].replace("{file}", "huge.csv")


def test_cells_pasted_into_a_field_go_into_the_fields_beside_and_below(desk, site):
    desk.run("""
      const data = new DataTransfer();
      data.setData("text/plain", "Kabupaten Bantul\\tDIY\\r\\nKota Solo\\tJawa Tengah\\r\\n");
      const field = document.querySelector("[name=regency]");
      field.focus();
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));""")
    assert [each[2:4] for each in rows(desk)] == [["Kabupaten Bantul", "DIY"], ["Kota Solo", "Jawa Tengah"]]


def test_a_list_ends_at_the_most(desk, site, tmp_path):
    give(desk, tmp_path, GOOD_LISTS["most"])
    assert len(rows(desk)) == 500
    desk.find(".add").click()
    assert desk.text(".told") == words(site)["full"] and len(rows(desk)) == 500
    assert words(site)["staff"].replace("{assessors}", "50") in desk.text(".count")


@pytest.mark.parametrize("text", [
    "<img src=x onerror=violations.push(1)>", "</script><script>violations.push(1)</script>", "{{name}}",
    "\"><svg onload=violations.push(1)>", "{found} {column}", "a\"b,c;d\te"])
def test_hostile_text_is_text_in_the_page_and_in_the_list(desk, site, tmp_path, text):
    give(desk, tmp_path, sheet([row(name=f"Siti {text}", scheme="PBT"), row(scheme=text), row(group=f"={text}")]))
    assert desk.run("return document.querySelectorAll('main img, .candidates svg').length") == 0
    assert desk.run("return violations") == [] and desk.console() == []
    assert rows(desk)[0][0] == " ".join(f"Siti {text}".split())
    marked = {(at, column) for at, column, is_wrong, _ in marks(desk) if is_wrong}
    assert marked == {(2, "scheme"), (3, "group")}
    for _ in range(2):
        desk.all(".remove")[-1].click()
    content = saved(desk, site, tmp_path)
    # Markup in a name is looked at, and stays what it is.
    assert {each[0] for each in told(site, tmp_path, content)} <= {"damaged-text"}
    give(desk, tmp_path, content, "again.csv")
    assert rows(desk)[0][0] == rows(desk)[1][0]


def test_no_cell_of_a_downloaded_list_is_a_formula(desk, site, tmp_path):
    for start in "=+-@":
        paste(desk, f"{start}1+1\tPBT\tx\ty\t\t\t\t\n")
        desk.find(".save").click()
        assert desk.text(".saved") == words(site)["blocked"]
        desk.all(".remove")[-1].click()
    assert list(tmp_path.iterdir()) == []


# MARK: Sending


def test_the_letter_says_who_asks_for_how_many(desk, site):
    paste(desk, "\n".join("\t".join(each) for each in people(2) + people(1, "PBC")))
    desk.find("#kind").send_keys("an artisan")
    for name, text in (("party", "Sekar & Wiru?"), ("contact", "Bu Siti"), ("place", "50% shade"), ("remarks", "a\nb")):
        desk.find(f"#{name}").send_keys(text)
    address, subject, text = letter(desk)
    assert address == site.settings["contact"]["email"]
    assert subject == words(site)["subject"].replace("{party}", "Sekar & Wiru?").replace("{count}", "3")
    said = words(site)
    for line in (f"{said['party']}: Sekar & Wiru? ({said['kind_group']})", f"{said['contact']}: Bu Siti",
                 f"{said['place']}: 50% shade", f"{said['mail_count']}: 3 (2 PBT, 1 PBC)", "a", "b"):
        assert line in text.split("\r\n") or line in text.splitlines()
    assert "Siti Contoh" not in text


def test_nothing_that_is_written_leaves_the_browser_or_stays_in_it(desk, site, tmp_path):
    desk.requests()
    give(desk, tmp_path, sheet([row(), row(scheme="?")]))
    paste(desk, "Budi\tPBT\tx\ty\n")
    desk.find("#party").send_keys("Sekar Wiru")
    desk.find(".add").click()
    desk.all(".remove")[1].click()
    saved(desk, site, tmp_path)
    assert [each for each in desk.requests() if not each.startswith("blob:")] == []
    assert desk.run("return [localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    desk.driver.refresh()
    assert rows(desk) == [[""] * 7]
    said = site.strings["en"]["request"]["private"]
    assert said in desk.text(".request")


def test_a_list_of_the_indonesian_page_has_indonesian_headings(visitor, site, tmp_path):
    visitor.cdp("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(tmp_path))
    visitor.open(PAGES["id"])
    paste(visitor, "\t".join(GOOD[:6]) + "\ta;b\n")
    content = saved(visitor, site, tmp_path, "id")
    assert content.decode("utf-8-sig").splitlines()[0] == "nama;skema;kabupaten;provinsi;kelompok;sertifikat;catatan"
    assert told(site, tmp_path, content) == []


# MARK: Without a script, and for everybody


@pytest.mark.parametrize("language", PAGES)
def test_without_script_the_page_says_how_to_write_the_list(visitor, site, language):
    visitor.script(False)
    visitor.open(PAGES[language])
    said = words(site, language)
    assert not visitor.find("form.request").is_displayed()
    assert said["script"] in visitor.text("main") and said["hand_text"] in visitor.text("main")
    assert visitor.find(".template").is_displayed()
    for scheme in site.schemes:
        assert scheme in visitor.text(".byhand")
    assert visitor.attribute(".byhand a[href^=mailto]", "href").startswith(f"mailto:{site.settings['contact']['email']}?subject=")


@pytest.mark.parametrize("width, dark", [(1280, False), (1280, True), (800, False), (360, False), (360, True)])
@pytest.mark.parametrize("language", PAGES)
def test_axe_finds_nothing_in_a_table_with_mistakes(visitor, site, tmp_path, language, width, dark):
    visitor.open(PAGES[language])
    give(visitor, tmp_path, sheet([row(), row(), row(scheme="Pembatk Cap", name="=x"), [*row(), "x"]]))
    visitor.screen(width)
    visitor.look(dark=dark)
    assert visitor.settled("return document.scrollingElement.scrollWidth") == width
    assert violations(visitor) == []


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_every_field_is_named_and_large_enough_for_a_finger(visitor, site, width):
    visitor.screen(width)
    visitor.open(PAGES["en"])
    sizes = visitor.run("""return [...document.querySelectorAll(".request :is(input[type=text], select, button, textarea)")].filter((each) => each.checkVisibility()).map((each) => {
      const { width, height } = each.getBoundingClientRect();
      return [each.name || each.id || each.className, Math.round(width), Math.round(height), each.localName === "button" || each.labels.length === 1];
    })""")
    assert [each for each in sizes if each[1] < 40 or each[2] < 40 or not each[3]] == []

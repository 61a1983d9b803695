"""The box to enter a code, on the home page, on /verify/ and where a page is missing."""

import json
import re
import time

import pytest

from support.browser.published_site import REPOSITORY, groups

FORMS = ["/", "/verify/", "/id/", "/id/verify/"]

# The same code as people copy it from paper, from a message, from a phone.
SPELLINGS = {
    "as it is": lambda code: code,
    "in groups": groups,
    "in groups with dashes": lambda code: groups(code).replace(" ", "-"),
    "in groups with long dashes": lambda code: groups(code).replace(" ", " – "),
    "in upper case": str.upper,
    "with the letter O for zero": lambda code: code.replace("0", "O"),
    "with the small letter o for zero": lambda code: code.replace("0", "o"),
    "with the letter l for one": lambda code: code.replace("1", "l"),
    "with the letter I for one": lambda code: code.replace("1", "I"),
    "with spaces around": lambda code: f"  {code}\u00a0 ",
    "all of it": lambda code: f" {groups(code).upper().replace('0', 'O').replace('1', 'l').replace(' ', ' - ')} ",
}

UNKNOWN = "0123456789abcdef" * 2


def language_of(form):
    return "id" if form.startswith("/id/") else "en"


def words(site, form):
    return site.strings[language_of(form)]["check"]


# MARK: What leads to the page


@pytest.mark.parametrize("form, spelling", [*(("/", each) for each in SPELLINGS), *((each, "all of it") for each in FORMS[1:])])
def test_a_code_leads_to_its_page_however_it_is_written(visitor, site, form, spelling):
    certificate = site.certificate("valid")
    visitor.open(form)
    visitor.ask(SPELLINGS[spelling](certificate.code))
    visitor.arrives(certificate.path)
    assert visitor.text("h1") == site.heading(certificate)


@pytest.mark.parametrize("form", FORMS)
def test_a_fingerprint_leads_to_the_page(visitor, site, form):
    certificate = site.certificate("revoked")
    visitor.open(form)
    visitor.ask(groups(certificate.fingerprint))
    visitor.arrives(certificate.path)


@pytest.mark.parametrize("form", FORMS)
def test_a_full_address_leads_to_the_page(visitor, site, form):
    certificate = site.certificate("suspended")
    visitor.open(form)
    visitor.ask(f"{site.settings['url']}{certificate.path}")
    visitor.arrives(certificate.path)


@pytest.mark.parametrize("shape", ["{host}{path}", "{path}", "{url}{bare}", "{url}{path}record.json",
                                   "{url}/verify/?code={code}", "  {url}{path} ", "{upper}"])
def test_an_address_in_another_shape_leads_to_the_page(visitor, site, shape):
    certificate = site.certificate("suspended")
    visitor.open("/verify/")
    url = site.settings["url"]
    visitor.ask(shape.format(url=url, host=site.host, path=certificate.path, bare=certificate.path.removesuffix("/"),
                             code=certificate.code, upper=f"{url}{certificate.path}".upper()))
    visitor.arrives(certificate.path)


@pytest.mark.parametrize("form", ["/verify/", "/id/verify/"])
def test_an_address_with_the_code_in_its_query_leads_to_the_page(visitor, site, form):
    certificate = site.certificate("valid")
    visitor.open(f"{form}?code={groups(certificate.code).upper().replace(' ', '+')}")
    visitor.arrives(certificate.path)


@pytest.mark.parametrize("form", ["/verify/", "/id/verify/"])
def test_a_broken_code_in_the_query_is_put_into_the_box_and_explained(visitor, site, form):
    visitor.open(f"{form}?code={UNKNOWN[1:]}")
    visitor.answers(words(site, form)["one_missing"])
    assert visitor.find("#code").get_property("value") == UNKNOWN[1:]
    assert visitor.path == f"{form}?code={UNKNOWN[1:]}"


def test_the_box_on_the_page_of_a_missing_address_works(visitor, site):
    certificate = site.certificate("valid")
    visitor.open(site.path("not found"))
    visitor.find("form.check #code").clear()
    visitor.ask(groups(certificate.code))
    visitor.arrives(certificate.path)


# MARK: What does not


@pytest.mark.parametrize("form", FORMS)
def test_thirty_one_digits_are_one_too_few(visitor, site, form):
    visitor.open(form)
    visitor.ask(groups(site.certificate("valid").code[:-1]))
    visitor.answers(words(site, form)["one_missing"])
    assert visitor.text(".answer") == words(site, form)["one_missing"]
    assert visitor.path == form
    assert visitor.attribute("#code", "aria-invalid") == "true"


@pytest.mark.parametrize("form", FORMS)
def test_a_code_that_nobody_has_is_not_found_which_is_not_revoked(visitor, site, form):
    visitor.open(form)
    visitor.ask(UNKNOWN)
    check = words(site, form)
    visitor.answers(check["absent_title"])
    contact = site.settings["contact"]["email"]
    assert visitor.text(".answer") == " ".join(
        [check[f"absent{part}"] for part in ("_title", "", "_digit", "_new", "_never", "_next")] + [contact])
    assert visitor.path == form
    assert check["absent"].startswith({
        "en": "Not found is not the same as revoked.", "id": "Tidak ditemukan tidak berarti dicabut."}[language_of(form)])


@pytest.mark.parametrize("form", FORMS)
def test_off_line_it_could_not_be_checked_and_later_it_can(visitor, site, form):
    certificate = site.certificate("valid")
    visitor.open(form)
    visitor.network(False)
    visitor.ask(certificate.code)
    check = words(site, form)
    visitor.answers(check["unreachable"])
    assert visitor.text(".answer") == f"{check['unreachable_title']} {check['unreachable']}"
    assert visitor.path == form
    visitor.network(True)
    visitor.find("form.check button").click()
    visitor.arrives(certificate.path)


@pytest.mark.parametrize("form", ["/", "/id/verify/"])
@pytest.mark.parametrize("typed, problem, values", [
    ("", "empty", {}),
    ("  - ", "empty", {}),
    ("13134 7318 2 0001234 2025", "number", {}),
    ("BTK.0000.00123.2025", "number", {}),
    (UNKNOWN[:28], "missing", {"count": 4, "found": 28}),
    (UNKNOWN + "0", "one_extra", {}),
    (UNKNOWN + "0123", "extra", {"count": 4, "found": 36}),
    (UNKNOWN + UNKNOWN[:30], "fingerprint_missing", {"count": 2}),
    (UNKNOWN + UNKNOWN + "01", "fingerprint_extra", {"count": 2, "found": 66}),
    (UNKNOWN[:31] + "g", "strange", {"found": "g"}),
    ("/schemes/", "page", {"host": "sertifikat.lsp-batik.example"}),
])
def test_what_is_no_code_is_explained_in_the_language_of_the_page(visitor, site, form, typed, problem, values):
    visitor.open(form)
    visitor.ask(typed)
    expected = words(site, form)[problem]
    for name, value in values.items():
        expected = expected.replace(f"{{{name}}}", str(value))
    visitor.answers(expected)
    assert visitor.text(".answer") == expected
    assert visitor.path == form


@pytest.mark.parametrize("form", FORMS)
def test_an_address_of_somebody_else_is_named_before_anything_opens(visitor, site, form):
    certificate = site.certificate("valid")
    visitor.open(form)
    visitor.ask(f"https://certificates.batik-check.example{certificate.path}")
    check = words(site, form)
    foreign = check["foreign"].replace("{found}", "certificates.batik-check.example").replace("{host}", site.host)
    visitor.answers(check["found_here"])
    assert visitor.text(".answer") == f"{foreign} {check['found_here']} {site.host}{certificate.path}"
    assert visitor.path == form
    visitor.find(".answer a").click()
    visitor.arrives(certificate.path)


def test_an_answer_is_text_even_when_markup_was_typed(visitor, site):
    visitor.open("/verify/?code=%3Cimg%20src%3Dx%20onerror%3Dviolations.push(1)%3E")
    visitor.answers("“")
    assert visitor.run("return document.querySelectorAll('.answer img').length") == 0
    assert visitor.run("return violations") == []


# MARK: The reading itself

CASES = json.loads((REPOSITORY / "Tests/Fixtures/addresses.json").read_text(encoding="utf-8"))["cases"]


def readings(visitor, texts):
    """What the box makes of texts, without asking for any page."""
    visitor.open("/verify/")
    source = visitor.attribute("script[type=module]", "src")
    return visitor.awaited("""async (source, texts) => {
          const text = await (await fetch(source)).text();
          const { read } = await import(new URL(/from\\s*"([^"]+)"/.exec(text)[1], new URL(source, location.href)));
          return texts.map((text) => read(text));
        }""", source, texts)


def test_every_text_is_read_as_the_program_reads_it(visitor):
    """`CodeReadingTests.swift` runs the same cases."""
    assert len(CASES) >= 250
    found = readings(visitor, [case["text"] for case in CASES])
    expected = [{name: value for name, value in case.items() if name != "text"} for case in CASES]
    assert [(case["text"], got, want) for case, got, want in zip(CASES, found, expected, strict=True) if got != want] == []


def test_a_long_text_is_read_in_no_time(visitor):
    texts = ["https://a\n" * 400, "a/" * 2048, "%41" * 1365, "(" * 4096, "http:" * 819, "é" * 4096 + "/c/", ("ab" * 16 + " ") * 124]
    started = time.monotonic()
    readings(visitor, [text * 20 for text in texts])
    assert time.monotonic() - started < 5


# MARK: Fingerprints


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("at", [32, 63])
def test_a_fingerprint_counts_to_its_last_digit(visitor, site, form, at):
    certificate = site.certificate("valid")
    digit = "0" if certificate.fingerprint[at] != "0" else "1"
    visitor.open(form)
    visitor.ask(f"{certificate.fingerprint[:at]}{digit}{certificate.fingerprint[at + 1:]}")
    visitor.answers(words(site, form)["fingerprint_differs"])
    assert visitor.text(".answer") == f"{words(site, form)['fingerprint_differs']} {site.host}{certificate.path}"
    assert visitor.path == form
    visitor.find(".answer a").click()
    visitor.arrives(certificate.path)


def test_a_text_with_two_codes_is_explained(visitor, site):
    certificate = site.certificate("valid")
    visitor.open("/verify/")
    visitor.ask(f"{site.settings['url']}{certificate.path} or https://evil.example{certificate.path}")
    visitor.answers(words(site, "/verify/")["several"])
    assert visitor.path == "/verify/"


@pytest.mark.parametrize("shape", ["{shout}", "https://{host}:443{path}", "https://{host}.{path}", "https:{host}{path}", "(see {host}{path})."])
def test_the_official_address_is_official_however_it_is_written(visitor, site, shape):
    certificate = site.certificate("valid")
    visitor.open("/")
    visitor.ask(shape.format(host=site.host, path=certificate.path, shout=f"https://{site.host}{certificate.path}".upper()))
    visitor.arrives(certificate.path)


# MARK: Without script


@pytest.mark.parametrize("form", ["/verify/", "/id/verify/"])
def test_without_script_the_page_explains_how_the_address_is_made_by_hand(visitor, site, form):
    visitor.script(False)
    visitor.open(form)
    section = visitor.text(".hand")
    for name, text in site.strings[language_of(form)]["verify"].items():
        assert text in section or not name.startswith("hand")
    assert site.strings[language_of(form)]["verify"]["script"] in visitor.text(".note")
    assert not any(tool.is_displayed() for tool in visitor.all(".tool"))
    steps = [element.text for element in visitor.all(".hand ol code")]
    # What the steps show, done with a code that exists, is the address of its page.
    example = re.sub(r"\s", "", visitor.text(".hand .code"))
    assert "".join(steps) == f"{site.settings['url']}/c/{example[:2]}/{example[2:]}/"
    certificate = site.certificate("valid")
    visitor.open("".join(steps).replace(f"{example[:2]}/{example[2:]}", f"{certificate.code[:2]}/{certificate.code[2:]}")
                 .removeprefix(site.settings["url"]))
    assert visitor.text("h1") == site.heading(certificate)


@pytest.mark.parametrize("form", FORMS)
def test_without_script_the_box_leads_to_that_explanation(visitor, site, form):
    visitor.script(False)
    visitor.open(form)
    visitor.ask("7f3a")
    target = "/id/verify/" if language_of(form) == "id" else "/verify/"
    visitor.arrives(f"{target}?code=7f3a")
    assert visitor.find(".hand").is_displayed()
    assert visitor.text("#hand") == site.strings[language_of(form)]["verify"]["hand_heading"]


# MARK: Digits that people misread


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("letters", ["5S", "5s", "2Z", "6G", "5S2Z6G"])
def test_a_letter_that_looks_like_a_digit_is_asked_about(visitor, site, form, letters):
    swaps = dict(zip(letters[::2], letters[1::2]))
    certificate = next(each for each in site.certificates if set(swaps) <= set(each.code))
    visitor.open(form)
    visitor.ask("".join(swaps.get(digit, digit) for digit in certificate.code))
    visitor.answers(words(site, form)["meant"])
    visitor.find(".answer a.code").click()
    visitor.arrives(certificate.path)


@pytest.mark.parametrize("digit, other", ["8b", "b8"])
def test_a_digit_taken_for_another_is_asked_about_where_such_a_page_is(visitor, site, digit, other):
    certificate = next(each for each in site.certificates if digit in each.code[3:])
    at = certificate.code.index(digit, 3)
    visitor.open("/")
    visitor.ask(certificate.code[:at] + other + certificate.code[at + 1:])
    visitor.answers(words(site, "/")["meant"])
    assert visitor.text(".answer a.code") == groups(certificate.code)
    visitor.open("/")
    visitor.ask(UNKNOWN)
    visitor.answers(words(site, "/")["absent_title"])
    assert visitor.all(".answer [data-when=meant]") == []


# MARK: Where there is no page


def test_where_a_page_is_missing_the_box_has_the_code_of_the_address(visitor, site):
    visitor.open(site.path("not found"))
    assert visitor.find("form.check #code").get_property("value") == " ".join(["0000"] * 8)
    assert visitor.text("h1").startswith(site.strings["en"]["verdict"]["not_found"]["title"])


@pytest.mark.parametrize("path", ["/nothing/", "/c/", "/c/12/", "/c/zz/000000000000000000000000000000/", "/news/gone.html"])
def test_an_address_that_is_no_certificates_says_that_the_page_does_not_exist(visitor, site, path):
    visitor.open(path)
    for language in ("en", "id"):
        assert site.strings[language]["verdict"]["no_page"]["title"] in visitor.text("h1")
        assert site.strings[language]["verdict"]["no_page"]["sentence"] in visitor.text("main")
        assert site.strings[language]["verdict"]["not_found"]["title"] not in visitor.text("h1")
    assert visitor.find("form.check #code").get_property("value") == ""

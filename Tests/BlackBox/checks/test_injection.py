"""Nothing that anybody writes into the registry, a text or a setting becomes more than text on a page."""

import json
import re
import urllib.parse
import xml.etree.ElementTree as ElementTree

import html5lib
import pytest

from support.expected import expect
from support.hostile import HOLDERS, NUMBERS, TITLES, quoted
from support.output import site_files
from support.project import Project
from support.registry import person

URL_ATTRIBUTES = {"href", "src", "action", "formaction", "data", "poster", "srcset", "background",
                  "cite", "ping", "manifest", "{http://www.w3.org/1999/xlink}href"}
FORBIDDEN_ELEMENTS = {"style", "iframe", "object", "embed", "base", "frame", "frameset", "applet",
                      "math", "marquee", "foreignobject", "animate", "set"}


def parse(content):
    """The tree that a browser makes of a page."""
    return html5lib.parse(content, treebuilder="etree", namespaceHTMLElements=False)


def plain_tag(element):
    return str(element.tag).rsplit("}", 1)[-1].lower()


def elements(document):
    return [element for element in document.iter() if isinstance(element.tag, str)]


def text_of(document):
    """All text of a page, with white space as it is shown."""
    return " ".join("".join(document.itertext()).split())


def scheme_of(url):
    """The scheme as browsers find it: white space and controls do not count."""
    bare = "".join(each for each in url if each > " ")
    found = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", bare)
    return found.group(1).lower() if found else None


def dangers(document, host):
    """What on a page could run, load or lead where it must not."""
    found = []
    for element in elements(document):
        tag = plain_tag(element)
        if tag in FORBIDDEN_ELEMENTS:
            found.append(f"<{tag}>")
        if tag == "script":
            source, kind = element.get("src"), element.get("type")
            content = "".join(element.itertext())
            if kind == "application/ld+json" and source is None:
                json.loads(content)
            elif not (source or "").startswith("/assets/") or content.strip():
                found.append(f"<script src={source!r} type={kind!r}>")
        if tag == "meta" and (element.get("http-equiv") or "").lower() not in (
                "", "content-security-policy"):
            found.append(f"<meta http-equiv={element.get('http-equiv')!r}>")
        for name, value in element.attrib.items():
            name = str(name).lower()
            if name.startswith("on") or name == "style" or name == "srcdoc":
                found.append(f"{tag} {name}={value!r}")
            # The QR code of a certificate's page: base64, in which no text can stand.
            is_qr = tag == "img" and name == "src" and re.fullmatch(r"data:image/png;base64,[A-Za-z0-9+/]+=*", value)
            if name in URL_ATTRIBUTES and not is_qr:
                if scheme_of(value) not in (None, "http", "https", "mailto", "tel"):
                    found.append(f"{tag} {name}={value!r}")
                loads = tag not in ("a", "area", "blockquote", "q") and not (
                    tag == "link" and element.get("rel") in ("canonical", "alternate"))
                elsewhere = urllib.parse.urlsplit(value.strip()).netloc not in ("", host)
                if loads and elsewhere:
                    found.append(f"{tag} {name}={value!r} loads from elsewhere")
    return found


def dangers_of_site(project, *addresses):
    """The dangers on every page, or on those at some addresses, by the pages' paths."""
    host = project.site["url"].split("//")[1]
    wanted = {f"{address}index.html".lstrip("/") for address in addresses}
    found = {path: dangers(parse(content), host)
             for path, content in site_files(project.public).items()
             if path.endswith(".html") and (not wanted or path in wanted)}
    assert wanted <= set(found)
    return {path: dangers for path, dangers in found.items() if dangers}


def json_ld(document):
    return [json.loads("".join(element.itertext())) for element in elements(document)
            if plain_tag(element) == "script" and element.get("type") == "application/ld+json"]


def page(project, address):
    return parse((project.public / address.strip("/") / "index.html").read_bytes())


def test_the_search_for_dangers_finds_them():
    for hostile in ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href='java\tscript:x'>x</a>",
                    "<p style='color:red'>", "<img src=//evil.example/x>", "<iframe></iframe>",
                    "<svg onload=alert(1)>", "<a href=' data:text/html,x'>x</a>",
                    "<meta http-equiv=refresh content='0;url=//evil.example'>"):
        assert dangers(parse(f"<!DOCTYPE html><title>x</title>{hostile}"), "example.org") != [], hostile
    assert dangers(parse("<a href='https://elsewhere.example'>x</a><img src='/assets/x.png'>"), "x") == []


# MARK: The registry


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, varied_template):
    """A site built from a registry in which every text is hostile, and its rows."""
    project = Project.copy(varied_template.root, tmp_path_factory.mktemp("hostile") / "project")
    rows = [person(n, holder=holder, registration=HOLDERS[-n], listed="yes" if n % 2 else "")
            for n, holder in enumerate(HOLDERS, 1)]
    rows += [person(n, number=number, holder="Siti", status="revoked", status_date="2025-01-01",
                    status_reason=HOLDERS[n % len(HOLDERS)])
             for n, number in enumerate(NUMBERS, 100)]
    rows += [person(n, status="superseded", status_date="2025-01-01", superseded_by=number)
             for n, number in enumerate(NUMBERS, 200)]
    rows += [person(300 + n, holder=name, regency=name, province=name, assessor=name)
             for n, name in enumerate(HOLDERS[:3])]
    project.write_rows(rows)
    project.set_site(publish_reasons="true")
    project.built()
    return project, rows


def test_no_registry_text_becomes_a_script_a_handler_or_an_address(hostile):
    assert dangers_of_site(hostile[0]) == {}


@pytest.mark.parametrize("position", range(len(HOLDERS)))
def test_a_hostile_name_is_shown_letter_by_letter(hostile, position):
    project, rows = hostile
    each = expect(project, rows[position])
    text = text_of(page(project, each.path))
    assert rows[position]["holder"] in text
    assert rows[position]["registration"] in text
    record = json.loads((project.public / each.path.strip("/") / "record.json").read_bytes())
    assert record["holder"] == rows[position]["holder"]


@pytest.mark.parametrize("position", range(len(NUMBERS)))
def test_a_hostile_number_and_reason_are_shown_letter_by_letter(hostile, position):
    project, rows = hostile
    row = rows[len(HOLDERS) + position]
    document = page(project, expect(project, row).path)
    assert row["number"] in text_of(document) and row["status_reason"] in text_of(document)
    title = next("".join(element.itertext()) for element in elements(document) if element.tag == "title")
    assert row["number"] in title
    older = rows[len(HOLDERS) + len(NUMBERS) + position]
    assert row["number"] in text_of(page(project, expect(project, older).path))


def test_hostile_certificates_lie_where_their_hashes_say(hostile):
    project, rows = hostile
    wanted = {expect(project, row).path.lstrip("/") for row in rows}
    found = [path for path in site_files(project.public) if path.startswith("c/")]
    assert {path.rsplit("/", 1)[0] + "/" for path in found} == wanted
    assert {path.rsplit("/", 1)[1] for path in found} - {"credential.json"} == {
        "index.html", "record.json"}


def test_the_structured_data_of_hostile_certificates_is_theirs(hostile):
    project, rows = hostile
    for row in rows:
        each = expect(project, row)
        for data in json_ld(page(project, each.path)):
            assert data["identifier"] == each.code
            assert data["url"] == project.site["url"] + each.path


def test_hostile_certificates_are_exported_and_verified_like_all_others(hostile):
    project, rows = hostile
    for row in rows[::5]:
        outcome = project.run("verify", expect(project, row).code, "--format", "json")
        assert outcome.json["holder"] == row["holder"]
        assert outcome.code in (0, 2)


# MARK: Markdown

UNSAFE = [
    "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))", "[x](javascript&#58;alert(1))",
    "[x](javascript&colon;alert(1))", "[x](java&#x73;cript:alert(1))", "[x](&#106;avascript:alert(1))",
    "[x](<java\tscript:alert(1)>)", "[x](java&#9;script:alert(1))", "[x](java&#10;script:alert(1))",
    "[x](&#1;javascript:alert(1))", "[x](<  javascript:alert(1)>)", "[x](&#32;javascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)", "[x](DATA:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))", "[x](file:///etc/passwd)", "[x](blob:https://a/b)",
    "[x](view-source:javascript:1)", "[x][r]\n\n[r]: javascript:alert(1)", "[x](jav\\ascript:alert(1))",
    "<javascript:alert(1)>", "<data:text/html,x>", "<vbscript:x>",
    "![x](javascript:alert(1))", "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "[![x](data:image/png,x)](javascript:alert(1))", "![[x](javascript:alert(1))](vbscript:y)",
    "## [x](javascript:alert(1))", "- [x](javascript:alert(1))\n- [y](data:x)",
    "> *[x](javascript:alert(1))*",
]
RAW = [
    "<script>alert(1)</script>", "a <script>alert(1)</script> b", "<img src=/assets/certificate-1.png alt=x onerror=alert(1)>",
    "a <img src=/assets/certificate-1.png alt=x onerror=alert(1)> b", "<svg onload=alert(1)>", "<a href=javascript:alert(1)>x</a>",
    "<div style=\"x\" onclick=\"y\">\n\n**bold**\n\n</div>", "<iframe src=//evil.example></iframe>",
    "<style>*{display:none}</style>", "<base href=//evil.example>", "<?php echo 1 ?>", "<![CDATA[<script>alert(1)</script>]]>",
    "<!DOCTYPE html [<!ENTITY x \"y\">]>", "<form action=//evil.example><input name=a></form>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>", "<script\n>alert(1)</script>",
    "<IMG SRC=\"/assets/certificate-1.png\" ALT=\"x\" ONERROR=\"alert(1)\">", "a <b onclick=alert(1)>b</b> c",
]
COMMENTS = [
    "<!-- --><script>alert(1)</script>", "<!--> <img src=x onerror=alert(1)> -->",
    "<!-- a note for the other editors -->", "a <!-- <img src=x onerror=alert(1)> --> b",
    "<!-- a\n\n<script>alert(1)</script>\n\n-->",
]
SHOWN = [
    ("<svg/onload=alert(1)>", "<svg/onload=alert(1)>"),
    ("< script>alert(1)</ script>", "< script>alert(1)</ script>"),
    ("`<script>alert(1)</script>`", "<script>alert(1)</script>"),
    ("```\"><script>alert(1)</script>\n<img src=x onerror=alert(1)>\n```", "<img src=x onerror=alert(1)>"),
    ("\\<script>alert(1)\\</script>", "<script>alert(1)</script>"),
    ("&lt;script&gt;alert(1)&lt;/script&gt;", "<script>alert(1)</script>"),
    ("{{holder}} {{{page.body}}} {{#site}}{{/site}}", "{{holder}} {{{page.body}}} {{#site}}{{/site}}"),
    ("[x](https://a.example \"\\\" onclick=\\\"alert(1)\")", "x"),
    ("[x](https://a.example/\"onmouseover=\"alert(1))", "x"),
    ("## Heading\" onclick=\"alert(1) <b>", "Heading\" onclick=\"alert(1)"),
    ("A & B < C > D \"E\" 'F'", "A & B < C > D \"E\" 'F'"),
    ("\ufffd x", "\ufffd x"),
]


@pytest.fixture(scope="module")
def texts(tmp_path_factory, varied_template):
    """A site with one announcement for each hostile text."""
    project = Project.copy(varied_template.root, tmp_path_factory.mktemp("texts") / "project")
    project.write_rows([person(1)])
    for kind, bodies in (("unsafe", UNSAFE), ("raw", RAW), ("comment", COMMENTS),
                         ("shown", [body for body, _ in SHOWN])):
        for number, body in enumerate(bodies):
            project.write_news(f"2026-01-02-zz-{kind}-{number}.en.md", f"Before.\n\n{body}\n\nAfter.")
    outcome = project.build("--format", "json")
    assert outcome.code == 0, outcome.text
    return project, outcome


def test_no_text_becomes_a_script_a_handler_or_a_dangerous_address(texts):
    assert dangers_of_site(texts[0]) == {}


@pytest.mark.parametrize("number", range(len(UNSAFE)))
def test_an_unsafe_link_leaves_its_text_and_a_warning(texts, number):
    project, outcome = texts
    document = page(project, f"/news/zz-unsafe-{number}/")
    links = [element for element in elements(document) if plain_tag(element) in ("a", "img")
             and re.search(r"script|data:|file:|blob:|passwd",
                           (element.get("href") or "") + (element.get("src") or ""), re.IGNORECASE)
             and not (element.get("href") or "").startswith("/")]
    assert links == []
    text = text_of(document)
    assert "Before." in text and "After." in text
    path = f"content/news/2026-01-02-zz-unsafe-{number}.en.md"
    found = [each for each in outcome.findings if each["path"] == path]
    # A link among a picture's words is said to be dropped as well.
    assert {(each["id"], each["severity"]) for each in found} - {
        ("link-in-alternative-text", "warning")} == {("unsafe-link", "warning")}


# What Markdown itself makes.
ORDINARY = {"p", "strong", "em", "a", "ul", "ol", "li", "code", "pre", "blockquote", "hr", "br",
            "div", "section", "article", "img"}


def body_of(document):
    """The smallest element that holds the whole text between `Before.` and `After.`."""
    holding = [element for element in elements(document)
               if {"Before.", "After."} <= {(inner.text or "").strip() for inner in element.iter()}]
    return holding[-1]


@pytest.mark.parametrize("number", range(len(RAW)))
def test_what_html_may_do_is_left_out_with_a_warning(texts, number):
    project, outcome = texts
    document = page(project, f"/news/zz-raw-{number}/")
    text = text_of(document)
    assert "Before." in text and "After." in text
    assert {plain_tag(element) for element in body_of(document).iter()} <= ORDINARY
    path = f"content/news/2026-01-02-zz-raw-{number}.en.md"
    # What is a link in HTML is checked as every link is.
    wanted = "unsafe-link" if "javascript:" in RAW[number] else "raw-html"
    assert [each["id"] for each in outcome.findings if each["path"] == path] == [wanted]


@pytest.mark.parametrize("number", range(len(COMMENTS)))
def test_comments_are_left_out(texts, number):
    document = page(texts[0], f"/news/zz-comment-{number}/")
    assert "Before." in text_of(document) and "After." in text_of(document)
    assert {plain_tag(element) for element in body_of(document).iter()} <= ORDINARY
    assert re.search("alert|note", "".join(body_of(document).itertext())) is None


def test_text_behind_a_comment_does_not_vanish_without_a_word(project):
    """CommonMark takes the whole line for HTML; an editor must learn that it is not on the page."""
    project.write_news("2026-01-02-zz.en.md", "<!-- checked --> The assessment is **cancelled**.")
    outcome = project.built("--format", "json")
    shown = "cancelled" in text_of(page(project, "/news/zz/"))
    assert shown or "raw-html" in outcome.ids


@pytest.mark.parametrize("number", range(len(SHOWN)))
def test_text_that_looks_like_code_is_shown_letter_by_letter(texts, number):
    assert SHOWN[number][1] in text_of(page(texts[0], f"/news/zz-shown-{number}/"))


@pytest.mark.parametrize("picture", [
    "![x](https://elsewhere.example/pixel.png)", "![x](//elsewhere.example/pixel.png)",
    "![x](HTTP://elsewhere.example/pixel.png)", "[![x](https://elsewhere.example/p.png)](/about/)",
    "![x][r]\n\n[r]: https://elsewhere.example/pixel.png"])
def test_a_picture_on_another_host_is_never_loaded_from_there(project, picture):
    """The issue allows no third-party request, and an announcement is a page like any other."""
    project.write_news("2026-01-02-zz.en.md", picture)
    outcome = project.build("--format", "json")
    if outcome.code == 0:
        assert dangers_of_site(project, "/news/zz/") == {}
    else:
        assert [each["path"] for each in outcome.findings] == ["content/news/2026-01-02-zz.en.md"]


def test_safe_links_stay_links(project):
    project.write_news("2026-01-02-zz.en.md", "\n\n".join([
        "[a](https://example.org/x?y=1&z=2#w)", "[b](mailto:a@example.org)", "[c](tel:+62274000000)",
        "[d](/verify/)", "[e](../pages/about.en.md#x)", "<https://example.org/auto>",
        "[f](../pages/about.id.md)"]))
    project.edit("content/pages/about.en.md", "\n---\n", "\n---\n\n## x\n")
    project.built()
    links = {"".join(element.itertext()): element.get("href")
             for element in elements(page(project, "/news/zz/")) if plain_tag(element) == "a"}
    assert {key: links.get(key) for key in "abcdef"} == {
        "a": "https://example.org/x?y=1&z=2#w", "b": "mailto:a@example.org",
        "c": "tel:+62274000000", "d": "/verify/", "e": "/about/#x", "f": "/id/about/"}
    assert links["https://example.org/auto"] == "https://example.org/auto"


# MARK: Front matter and settings


@pytest.mark.parametrize("title", TITLES)
def test_hostile_front_matter_is_shown_letter_by_letter(project, title):
    project.write_news("2026-01-02-zz.en.md", "Text.", title=quoted(title),
                       more=f"summary: {quoted(title + ' S')}\n")
    (project.root / "content/pages/about.en.md").write_text(
        f"---\ntitle: {quoted(title + ' P')}\ndescription: {quoted(title + ' D')}\n"
        f"navigation: {quoted(title + ' N')}\n---\nText.\n", encoding="utf-8")
    project.built()
    certificate = expect(project, person(1)).path
    assert dangers_of_site(
        project, "/", "/about/", "/news/", "/news/zz/", "/id/news/", certificate) == {}
    article = page(project, "/news/zz/")
    assert title in text_of(article)
    [data] = json_ld(article)
    assert (data["headline"], data["description"]) == (title, title + " S")
    assert title + " S" in text_of(page(project, "/news/"))
    assert title + " P" in text_of(page(project, "/about/"))
    for address in ("/", "/about/"):
        assert title + " N" in text_of(page(project, address))
    descriptions = {element.get("content") for element in elements(page(project, "/about/"))
                    if plain_tag(element) == "meta"}
    assert title + " D" in descriptions


@pytest.mark.parametrize("title", TITLES)
def test_hostile_settings_are_shown_letter_by_letter(project, title):
    contact = {"address": title + " A", "email": "a@example.org", "phone": title + " F"}
    project.set_site(
        title={"en": title + " E", "id": title + " I"},
        description={"en": title + " DE", "id": title + " DI"}, contact=contact,
        issuer=[{"from": "2019-01-01", "name": title + " Q", "licence": title + " L"}])
    schemes = project.schemes
    schemes[0]["editions"] = [{**schemes[0]["editions"][-1], "from": "2019-01-01"}]
    for key in ("title", "summary"):
        schemes[0]["editions"][0][key] = {"en": f"{title} {key} E", "id": f"{title} {key} I"}
    schemes[0]["editions"][0]["units"][0]["title"] = {"en": title + " UE", "id": title + " UI"}
    (project.root / "seeds/schemes.yml").write_text(json.dumps(schemes), encoding="utf-8")
    project.built()
    certificate = expect(project, person(1)).path
    assert dangers_of_site(
        project, "/", "/id/", "/about/", "/id/about/", "/schemes/",
        f"/schemes/{schemes[0]['slug']}/", "/news/", certificate) == {}
    document = page(project, certificate)
    for ending in (" E", " Q", " L", " title E", " title I", " UE", " UI"):
        assert title + ending in text_of(document), ending
    for ending in (" A", " F"):
        assert title + ending in text_of(page(project, "/about/")), ending
    record = json.loads((project.public / certificate.strip("/") / "record.json").read_bytes())
    assert record["issuer"] == {"name": title + " Q", "licence": title + " L"}
    assert record["scheme"]["title"] == {"en": title + " title E", "id": title + " title I"}
    home = [data for data in json_ld(page(project, "/")) if data["@type"] == "WebSite"]
    assert [data["name"] for data in home] == [title + " E"]


def test_strings_of_the_templates_are_escaped_like_everything_else(project):
    project.built()
    shown = text_of(page(project, "/trust/"))
    strings = project.strings("en")["trust"].values()
    chosen = next(text for text in strings if isinstance(text, str) and len(text) > 15 and text in shown)
    hostile = "<script>alert(1)</script> & {{site.title}}"
    project.edit("templates/strings/en.yml", chosen, hostile)
    project.built()
    assert dangers_of_site(project, "/") == {}
    assert hostile in text_of(page(project, "/trust/"))


# Private-use characters, in case the program marks places on a page with some of them.
PRIVATE = "\U000f0000\U000f0001\U000f0002\U000f0003\ue000\U00100000"


def accepted_or_shown(project, label, findings_path):
    outcome = project.build("--format", "json")
    if outcome.code == 0:
        row = project.rows()[0]
        assert label in text_of(page(project, expect(project, row).path))
    else:
        assert outcome.code == 1 and {each["path"] for each in outcome.findings} == {findings_path}


def test_a_menu_label_cannot_stand_for_something_else_on_certificates(project):
    label = f"Cek {PRIVATE} X"
    path = "content/pages/about.en.md"
    (project.root / path).write_text(
        f"---\ntitle: About\nnavigation: {quoted(label)}\n---\nText.\n", encoding="utf-8")
    accepted_or_shown(project, label, path)


def test_a_setting_cannot_stand_for_something_else_on_certificates(project):
    label = f"Situs {PRIVATE} X"
    project.edit("content/site.yml", project.site["title"]["en"], label)
    accepted_or_shown(project, label, "content/site.yml")


def test_the_title_of_a_scheme_cannot_stand_for_something_else_on_certificates(project):
    title = project.schemes[0]["editions"][0]["title"]["id"]
    project.edit("seeds/schemes.yml", f'"{title}"', f'"Pembatik {PRIVATE} X"')
    accepted_or_shown(project, f"Pembatik {PRIVATE} X", "seeds/schemes.yml")


# MARK: File names

@pytest.mark.parametrize("name", [
    "tanya & jawab", "a b", "a<b>", "a'b\"c", "a?b", "a#b", "a%2fb", "Ünï", "a;b", "-", "A"])
def test_a_page_with_a_strange_file_name_is_refused_or_comes_out_right(project, name):
    path = f"content/pages/{name}.en.md"
    (project.root / path).write_text("---\ntitle: T\n---\nText.\n", encoding="utf-8")
    outcome = project.build("--format", "json")
    if outcome.code == 0:
        url = project.site["url"]
        files = site_files(project.public)
        addresses = [element.text for element in
                     ElementTree.fromstring(files["sitemap-pages.xml"]).iter()
                     if element.tag.endswith("}loc")]
        for address in addresses:
            assert re.fullmatch(r"[!#$%&'()*+,/:;=?@\[\]A-Za-z0-9._~-]+", address), address
            parts = urllib.parse.urlsplit(address[len(url):])
            assert urllib.parse.unquote(parts.path).lstrip("/") + "index.html" in files, address
        assert dangers_of_site(project, f"/{name}/") == {}
    else:
        assert {each["path"] for each in outcome.findings} == {path}


@pytest.mark.parametrize("slug", ["../../etc", "a/b", "A", "a b", "a.b", "", "..", "é", "a\"b"])
def test_a_slug_that_is_no_part_of_an_address_is_refused(project, slug):
    project.write_news("2026-01-02-zz.en.md", "Text.", more=f"slug: {quoted(slug)}\n")
    findings = project.findings()
    assert [(each["id"], each["path"], each["line"]) for each in findings] == [
        ("bad-slug", "content/news/2026-01-02-zz.en.md", 4)]

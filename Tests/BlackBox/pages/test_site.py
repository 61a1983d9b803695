"""The published site as a visitor, a search engine and a browser's security policy see it."""

import gzip
import json
import re
import shutil
import urllib.parse
import xml.etree.ElementTree as ElementTree

import pytest

from support.directory import batches_of, listed, place_of, slug
from support.expected import expect_all
from support.output import site_files
from support.pages import address_of, in_words, is_certificate, pages_of, said
from support.program import REPOSITORY, run_program
from support.project import parsed, read_yaml

LANGUAGES = ("en", "id")


def in_language(path):
    return "id" if path.startswith("id/") else "en"


@pytest.fixture(scope="module")
def url(specimen):
    return specimen.site["url"]


def file_behind(address, files):
    """The file that a static host serves for an address within the site, or nothing."""
    path = urllib.parse.unquote(urllib.parse.urlsplit(address).path).lstrip("/")
    if path == "" or path.endswith("/"):
        path += "index.html"
    return path if path in files else None


def front_matter(file):
    return parsed(file.read_text(encoding="utf-8").split("---\n")[1])


def expected_addresses(project):
    """Every address that must be there, from the files that people wrote."""
    def below(language, path):
        return f"/{path}" if language == "en" else f"/{language}/{path}"

    found = {"standing": set(), "scheme": set(), "news": set()}
    for file in (project.root / "content/pages").glob("*.md"):
        name, language, _ = file.name.split(".")
        found["standing"].add(below(language, "" if name == "home" else f"{name}/"))
    for scheme in project.schemes:
        for language in LANGUAGES:
            found["scheme"].add(below(language, f"schemes/{scheme['slug']}/"))
    for file in (project.root / "content/news").glob("*.md"):
        name, language, _ = file.name.split(".")
        slug = front_matter(file).get("slug") or name[len("2026-01-02-"):]
        found["news"].add(below(language, f"news/{slug}/"))
    # Every list of announcements also tells those that are only in the other language.
    texts = {file.name.rsplit(".", 2)[0]: {} for file in (project.root / "content/news").glob("*.md")}
    for file in (project.root / "content/news").glob("*.md"):
        name, language, _ = file.name.split(".")
        texts[name][language] = front_matter(file)
    for language in LANGUAGES:
        shown = [matters.get(language) or next(iter(matters.values())) for matters in texts.values()]
        found["news"] |= {below(language, f"news/{matter['date'][:4]}/") for matter in shown}
        tags = {tag.replace(" ", "-") for matter in shown for tag in matter.get("tags", [])}
        found["news"] |= {below(language, f"news/tags/{tag}/") for tag in tags}
        found["news"].add(below(language, "news/tags/"))
    found["search"] = {below(language, "search/") for language in LANGUAGES}
    for language in LANGUAGES:
        found.setdefault("lists", set()).update(below(language, path) for path in expected_lists(project))
    return found


def expected_lists(project):
    """Pages of the directory and of batches; no list of the specimen is longer than a page."""
    found = {"/".join(["directory", *place[:depth], ""])
             for place in map(place_of, listed(project)) for depth in (1, 2)}
    for batch in batches_of(project):
        found |= {f"batches/{slug(batch['batch'])}/", f"batches/years/{batch['from'][:4]}/"}
    return found


# MARK: What is there


def test_the_specimen_has_the_texts_the_issue_asks_for(specimen):
    names = {language: {file.name.split(".")[0]
                        for file in (specimen.root / "content/news").glob(f"*.{language}.md")}
             for language in LANGUAGES}
    assert len(names["en"] & names["id"]) >= 6
    pages = {file.name for file in (specimen.root / "content/pages").glob("*.md")}
    assert pages >= {f"{name}.{language}.md" for language in LANGUAGES for name in (
        "home", "verify", "schemes", "how-it-works", "about", "news", "privacy")}


def test_the_site_has_exactly_the_pages_that_people_wrote(specimen, specimen_files):
    wanted = set().union(*expected_addresses(specimen).values())
    wanted |= {each.path for each in expect_all(specimen)} | {"/404.html"}
    found = {address_of(path) for path in specimen_files if path.endswith(".html")}
    assert found == wanted


def test_every_other_file_is_a_record_an_asset_or_a_list(specimen_files):
    for path in specimen_files:
        if not path.endswith(".html"):
            assert re.fullmatch(
                r"assets/[^/]+|c/[0-9a-f]{2}/[0-9a-f]{30}/(record|credential)\.json|robots\.txt"
                r"|sitemap(-[a-z0-9-]+)?\.xml"
                # Design, sections 3.3 and 3.4: the public log, status lists, the DID document.
                r"|log/.+|status/.+|\.well-known/did\.json|[a-z0-9/-]+\.(json|jsonld|xml)|_redirects"
                # Figures for spreadsheets.
                r"|statistics/[a-z]+\.csv", path), path


# MARK: Links


def test_every_address_within_the_site_leads_to_a_file_of_it(specimen_files, specimen_pages, url):
    broken = []
    for path, page in specimen_pages.items():
        base = url + address_of(path)
        for element in page.elements:
            for name in ("href", "src", "action", "srcset", "data"):
                value = element.attributes.get(name)
                if value is None or value.startswith(("mailto:", "tel:")):
                    continue
                absolute = urllib.parse.urljoin(base, value)
                if absolute.startswith(url + "/") or absolute == url:
                    if file_behind(absolute[len(url):] or "/", specimen_files) is None:
                        broken.append((path, element.tag, value))
    assert broken == []


def test_every_fragment_leads_to_an_id_of_its_page(specimen_files, specimen_pages, url):
    broken = []
    for path, page in specimen_pages.items():
        for element in page.elements:
            value = element.attributes.get("href") or ""
            if "/directory/#" in value:
                continue  # what is chosen there, which the directory's script reads
            if "#" not in value or value.startswith(("http://", "https://")) and not value.startswith(url):
                continue
            absolute = urllib.parse.urljoin(url + address_of(path), value)
            target = file_behind(absolute[len(url):], specimen_files)
            fragment = urllib.parse.unquote(urllib.parse.urlsplit(absolute).fragment)
            if target is None or fragment not in specimen_pages[target].ids:
                broken.append((path, value))
    assert broken == []


def test_no_id_stands_twice_on_a_page(specimen_pages):
    assert {path for path, page in specimen_pages.items() if len(set(page.ids)) != len(page.ids)} == set()


def test_references_within_style_sheets_and_scripts_lead_to_files(specimen_files):
    checked = 0
    for path, content in specimen_files.items():
        if path.endswith(".css"):
            references = re.findall(r"""url\(\s*['"]?([^'")]+)""", content.decode())
        elif path.endswith(".js"):
            references = re.findall(r"""(?:from|import)\s*\(?\s*["']([^"']+)["']""", content.decode())
        else:
            continue
        for reference in references:
            if reference.startswith("#"):
                continue
            checked += 1
            assert file_behind(urllib.parse.urljoin(f"/{path}", reference), specimen_files), (path, reference)
    assert checked > 0


def test_the_name_of_an_asset_changes_with_its_content(project):
    project.built()
    before = {path for path in site_files(project.public) if path.startswith("assets/")}
    project.edit("templates/assets/site/site.css", "{", "/* x */{")
    project.built()
    after = {path for path in site_files(project.public) if path.startswith("assets/")}
    assert len(before - after) == len(after - before) == 1
    [old], [new] = before - after, after - before
    for path, content in site_files(project.public).items():
        if path.startswith("c/") and path.endswith(".html"):
            assert b"/assets/certificate-1.css" in content and new.encode() not in content
        elif path.endswith(".html"):
            assert new.encode() in content and old.encode() not in content


# MARK: Scripts, styles, other hosts


def test_no_page_has_an_inline_script_or_style_or_a_handler(specimen_pages):
    for path, page in specimen_pages.items():
        for attributes, content in page.scripts:
            if "src" in attributes:
                assert "".join(content).strip() == "", path
            else:
                assert attributes.get("type") == "application/ld+json", path
                json.loads("".join(content))
        for element in page.elements:
            assert element.tag != "style", path
            for name in element.attributes:
                assert name != "style" and not name.startswith("on"), (path, name)


def test_no_page_loads_anything_from_another_host(specimen_pages, url):
    for path, page in specimen_pages.items():
        for element in page.elements:
            attributes = element.attributes
            if element.tag in ("script", "img", "source", "video", "audio", "iframe", "use", "image", "input",
                               "embed", "object", "track"):
                for name in ("src", "srcset", "href", "data", "poster", "xlink:href"):
                    value = attributes.get(name)
                    is_qr = element.tag == "img" and path.startswith("c/") and re.fullmatch(r"data:image/png;base64,[\w+/=]+", value or "")
                    assert value is None or is_qr or re.match(r"/(?!/)|#", value), (path, element.tag, value)
            if element.tag == "link":
                own = {"canonical", "alternate"}
                pattern = re.escape(url) + "/" if attributes["rel"] in own else r"/(?!/)"
                assert re.match(pattern, attributes["href"]), (path, attributes)
            if element.tag == "form":
                assert re.match(r"/(?!/)", attributes.get("action", "/")), (path, attributes)
            if element.tag == "base":
                pytest.fail(f"{path} has a base")


def test_style_sheets_and_scripts_load_nothing_from_another_host(specimen_files):
    for path, content in specimen_files.items():
        if path.endswith((".css", ".js")):
            assert re.search(rb"""@import|url\(\s*['"]?(?:https?:)?//|(?:from|import|fetch)\s*\(?\s*["'](?:https?:)?//""",
                             content) is None, path
        if path.endswith(".js"):
            assert re.search(rb"\beval\s*\(|new Function|innerHTML|outerHTML|document\.write|insertAdjacentHTML",
                             content) is None, path


# MARK: Languages


def test_every_page_says_its_language(specimen_pages):
    for path, page in specimen_pages.items():
        assert [attributes.get("lang") for attributes in page.all("html")] == [in_language(path)], path


def test_certificates_and_the_404_page_are_bilingual(specimen_pages):
    for path, page in specimen_pages.items():
        if is_certificate(path) or path == "404.html":
            assert any(element.attributes.get("lang") == "id" for element in page.elements
                       if element.tag != "html"), path


def test_every_page_names_its_own_canonical_address(specimen_pages, url):
    for path, page in specimen_pages.items():
        links = [link["href"] for link in page.links("canonical")]
        assert links == ([] if path == "404.html" else [url + address_of(path)]), path


def translations(page):
    """The links to a page's translations; feeds are alternates too."""
    return [link for link in page.links("alternate") if "hreflang" in link]


def test_translations_name_each_other(specimen_pages, url):
    alternates = {
        url + address_of(path): {(link["hreflang"], link["href"]) for link in translations(page)}
        for path, page in specimen_pages.items()}
    paired = {address: links for address, links in alternates.items() if links}
    for address, links in paired.items():
        languages = dict(links)
        assert len(languages) == len(links) and set(languages) == {"en", "id", "x-default"}, address
        assert address in (languages["en"], languages["id"])
        assert languages["x-default"] == languages["en"]
        for language in LANGUAGES:
            assert paired[languages[language]] == links
            assert in_language(languages[language][len(url) + 1:]) == language
    assert url + "/" in paired and url + "/id/privacy/" in paired


def test_a_text_without_translation_names_none(specimen, specimen_pages):
    texts = {file.name.split(".")[0]: set() for file in (specimen.root / "content/news").glob("*.md")}
    for file in (specimen.root / "content/news").glob("*.md"):
        texts[file.name.split(".")[0]].add(file.name.split(".")[1])
    alone = [(name, languages) for name, languages in texts.items() if len(languages) == 1]
    assert alone
    for name, languages in alone:
        prefix = "" if languages == {"en"} else "id/"
        page = specimen_pages[f"{prefix}news/{name[11:]}/index.html"]
        assert translations(page) == []


def test_a_visitor_can_switch_the_language_on_every_translated_page(specimen_pages, url):
    for path, page in specimen_pages.items():
        others = {link["href"][len(url):] for link in translations(page)
                  if link["hreflang"] not in (in_language(path), "x-default")}
        targets = {link.get("href") for link in page.all("a")}
        assert others <= targets, path


def flattened(value, prefix=""):
    if isinstance(value, dict):
        return {key: text for name, inner in value.items()
                for key, text in flattened(inner, f"{prefix}{name}.").items()}
    return {prefix[:-1]: value}


def test_both_languages_have_the_same_strings_with_the_same_parameters(specimen):
    english, indonesian = (flattened(specimen.strings(language)) for language in LANGUAGES)
    assert set(english) == set(indonesian) and len(english) > 50
    for key in english:
        if key == "months":
            assert len(english[key]) == len(indonesian[key]) == 12
            continue
        parameters = [set(re.findall(r"\{\w+\}", strings[key])) for strings in (english, indonesian)]
        assert parameters[0] == parameters[1], key


def test_strings_hold_neither_html_nor_template_tags(specimen):
    for language in LANGUAGES:
        for key, text in flattened(specimen.strings(language)).items():
            if key != "months":
                assert "<" not in text and "{{" not in text, (language, key)


def test_no_page_shows_an_unfilled_parameter_or_tag(specimen_pages):
    # Sentences that a script fills in stand in <template>, or in elements hidden until then.
    for path, page in specimen_pages.items():
        assert "{{" not in page.text and "}}" not in page.text, path
        for name in ("{issued}", "{expires}", "{date}", "{number}", "{holder}"):
            assert name not in page.text and name not in page.title, (path, name)


# MARK: Heads


def test_every_page_has_a_title_a_description_and_open_graph(specimen_pages, specimen_files, url):
    for path, page in specimen_pages.items():
        assert page.title.strip(), path
        assert len(page.meta("description")) == 1 and page.meta("description")[0].strip(), path
        for name in ("og:title", "og:type", "og:description", "og:image"):
            assert len(page.meta(name)) == 1 and page.meta(name)[0].strip(), (path, name)
        assert page.meta("og:image")[0].startswith(url + "/"), path
        assert file_behind(page.meta("og:image")[0][len(url):], specimen_files), path
        if path != "404.html":
            assert page.meta("og:url") == [url + address_of(path)], path


def test_articles_say_in_structured_data_what_they_are(specimen, specimen_pages, url):
    for file in (specimen.root / "content/news").glob("*.md"):
        name, language, _ = file.name.split(".")
        matter = front_matter(file)
        slug = matter.get("slug") or name[11:]
        path = f"{'id/' if language == 'id' else ''}news/{slug}/index.html"
        [data] = [json.loads("".join(content)) for attributes, content in specimen_pages[path].scripts
                  if attributes.get("type") == "application/ld+json"]
        assert data["@type"] in ("NewsArticle", "Article", "BlogPosting")
        assert data["headline"] == matter["title"]
        assert data["datePublished"] == matter["date"]
        assert data["dateModified"] == matter.get("updated", matter["date"])
        assert data["url"] == url + address_of(path)


# MARK: Certificates


def facts(project, each):
    row = each.row
    record = json.loads(each.record)
    return row, record


@pytest.fixture(scope="module")
def statuses(specimen):
    """The status of every row by the design: the registry's word, or superseded by a revision."""
    rows = specimen.rows()
    highest = {}
    for row in rows:
        highest[row["number"]] = max(highest.get(row["number"], 1), int(row["revision"] or 1))
    return [(row["status"] or "valid") if int(row["revision"] or 1) == highest[row["number"]]
            else "superseded" for row in rows]


@pytest.fixture(scope="module")
def certificates(specimen, specimen_pages, statuses):
    return [(each, status, specimen_pages[each.path.lstrip("/") + "index.html"])
            for each, status in zip(expect_all(specimen), statuses)]


def test_every_certificate_states_its_status_expiry_and_fingerprint(certificates):
    wrong = []
    for each, status, page in certificates:
        stated = {name: page.main.get(name) for name in ("data-status", "data-expires", "data-fingerprint")}
        if stated != {"data-status": status, "data-expires": each.expires,
                      "data-fingerprint": each.fingerprint}:
            wrong.append((each.row["number"], stated))
    assert wrong == []
    assert {status for _, status, _ in certificates} == {"valid", "suspended", "revoked", "superseded"}


def status_date(specimen_rows, row):
    if row["status_date"]:
        return row["status_date"]
    later = [other["issued"] for other in specimen_rows if other["number"] == row["number"]
             and int(other["revision"] or 1) == int(row["revision"] or 1) + 1]
    return later[0] if later else None


def test_a_certificates_page_has_12_kilobytes_at_most(specimen_files):
    pages = {path: content for path, content in specimen_files.items() if path.startswith("c/") and path.endswith("index.html")}
    assert len(pages) > 1000
    assert max(map(len, pages.values())) <= 12_000
    assert max(len(gzip.compress(content, 9)) for content in pages.values()) <= 4_700


def test_every_certificate_says_its_verdict_first_and_in_both_languages(specimen, certificates):
    rows = specimen.rows()
    strings = {language: specimen.strings(language) for language in LANGUAGES}
    for each, status, page in certificates:
        day = status_date(rows, each.row)
        for language in LANGUAGES:
            words = {"issued": in_words(strings[language], each.row["issued"]),
                     "expires": in_words(strings[language], each.expires)}
            if day:
                words["date"] = in_words(strings[language], day)
            title = said(strings[language], f"verdict.{status}.title", **words)
            sentence = said(strings[language], f"verdict.{status}.sentence", **words)
            assert title in page.text and (sentence in page.text) == (status != "valid"), (each.path, language)
            first = page.text.index(title)
            assert first < page.text.index(each.row["number"]), each.path
            assert first < page.text.index(each.code[:4] + " " + each.code[4:8]), each.path


def test_a_valid_certificate_says_until_when_without_any_script(specimen, certificates):
    strings = {language: specimen.strings(language) for language in LANGUAGES}
    for each, status, page in certificates:
        if status == "valid":
            for language in LANGUAGES:
                assert in_words(strings[language], each.expires) in page.text, each.path
            assert said(strings["en"], "verdict.expired.title").split("{")[0].strip() not in page.text


def test_every_printed_field_is_on_the_page_in_the_order_of_the_paper(specimen, certificates):
    strings = {language: specimen.strings(language) for language in LANGUAGES}
    for each, _, page in certificates:
        record = json.loads(each.record)
        # Design, section 6: number, holder, qualification, validity, issuer, units.
        order = [record["number"], record["holder"], record["scheme"]["title"]["en"],
                 in_words(strings["en"], record["expires"]), record["issuer"]["name"],
                 *record["scheme"]["units"]]
        position = 0
        for printed in order:
            found = page.text.find(printed, position)
            assert found >= 0, (each.path, printed)
            position = found
        for printed in (record.get("registration", ""), record["scheme"]["title"]["id"],
                        record["issuer"]["licence"], record["scheme"]["code"],
                        in_words(strings["en"], record["issued"]), in_words(strings["id"], record["issued"]),
                        in_words(strings["id"], record["expires"])):
            assert printed in page.text, (each.path, printed)


def test_every_certificate_shows_code_and_fingerprint_in_groups_and_links_its_record(certificates, url):
    for each, _, page in certificates:
        for digits in (each.code, each.fingerprint):
            assert " ".join(digits[start:start + 4] for start in range(0, len(digits), 4)) in page.text
        targets = {link.get("href") for link in page.all("a")}
        assert each.path + "record.json" in targets and url + each.path in page.text


def test_a_superseded_certificate_links_to_the_one_that_replaces_it(specimen, certificates):
    latest = {}
    for each, _, _ in certificates:
        number, revision = each.row["number"], int(each.row["revision"] or 1)
        if revision >= latest.get(number, (0, None))[0]:
            latest[number] = (revision, each)
    seen = 0
    for each, status, page in certificates:
        targets = {link.get("href") for link in page.all("a")
                   if re.fullmatch(r"/c/[0-9a-f]{2}/[0-9a-f]{30}/", link.get("href") or "")}
        if status == "superseded":
            successor = latest[each.row["superseded_by"] or each.row["number"]][1]
            assert targets == {successor.path}, each.path
            seen += 1
        else:
            assert targets == set(), each.path
    assert seen >= 10


def test_a_reinstated_certificate_says_since_when(specimen, certificates):
    english = specimen.strings("en")
    seen = 0
    for each, status, page in certificates:
        if each.row["status"] == "valid" and each.row["status_date"]:
            assert in_words(english, each.row["status_date"]) in page.text
            seen += 1
    assert seen >= 1


# MARK: Standing pages


def test_the_home_page_has_a_box_for_the_code_figures_and_the_latest_announcements(specimen, specimen_pages):
    for path in ("index.html", "id/index.html"):
        page, language = specimen_pages[path], in_language(path)
        assert any(form.get("action", "").endswith("/verify/") for form in page.all("form"))
        assert any(field.get("name") for field in page.all("input"))
        separator = specimen.strings(language)["group"]
        assert f"1{separator}200" in page.text
        newest = max(row["issued"] for row in specimen.rows())
        assert in_words(specimen.strings(language), newest) in page.text
        newest = sorted((file.name for file in (specimen.root / "content/news").glob("*.md")), reverse=True)
        assert front_matter(specimen.root / "content/news" / newest[0])["title"] in page.text


def test_the_verify_page_works_without_a_script(specimen_pages, url):
    for path in ("verify/index.html", "id/verify/index.html"):
        page = specimen_pages[path]
        [form] = [form for form in page.all("form") if form.get("action", "").endswith("/verify/")]
        assert form.get("method", "get").lower() == "get"
        assert f"{url}/c/" in page.text


def test_every_scheme_has_its_units_on_its_page_in_both_languages(specimen, specimen_pages):
    for scheme in specimen.schemes:
        edition = sorted(scheme["editions"], key=lambda each: each["from"])[-1]
        for prefix in ("", "id/"):
            text = specimen_pages[f"{prefix}schemes/{scheme['slug']}/index.html"].text
            for unit in edition["units"]:
                assert unit["code"] in text and unit["title"]["en"] in text and unit["title"]["id"] in text


def test_the_page_of_the_body_names_licence_contact_and_bnsp(specimen, specimen_pages):
    site = specimen.site
    for path in ("about/index.html", "id/about/index.html"):
        text = specimen_pages[path].text
        for edition in site["issuer"]:
            assert edition["licence"] in text and edition["name"] in text
        for name in ("address", "email", "phone"):
            assert site["contact"][name] in text
        assert "BNSP" in text


def test_every_announcement_is_listed_and_shown_with_its_day(specimen, specimen_pages):
    for file in (specimen.root / "content/news").glob("*.md"):
        name, language, _ = file.name.split(".")
        matter = front_matter(file)
        prefix = "id/" if language == "id" else ""
        slug = matter.get("slug") or name[11:]
        day = in_words(specimen.strings(language), matter["date"])
        article = specimen_pages[f"{prefix}news/{slug}/index.html"].text
        assert matter["title"] in article and day in article
        overview = specimen_pages[f"{prefix}news/index.html"]
        assert matter["title"] in overview.text and day in overview.text
        assert f"/{prefix}news/{slug}/" in {link.get("href") for link in overview.all("a")}


def test_the_404_page_says_that_not_found_is_not_revoked_in_both_languages(specimen_pages):
    text = specimen_pages["404.html"].text
    assert re.search(r"\bnot found\b[^.]{0,40}\bnot\b[^.]{0,20}\brevoked\b", text, re.IGNORECASE)
    assert re.search(r"\btidak ditemukan\b[^.]{0,40}\b(tidak|bukan)\b[^.]{0,20}\bdicabut\b", text, re.IGNORECASE)
    assert any("noindex" in content for content in specimen_pages["404.html"].meta("robots"))


# MARK: For search engines


def locations(content, element):
    root = ElementTree.fromstring(content)
    assert root.tag == "{http://www.sitemaps.org/schemas/sitemap/0.9}" + element
    return [(each.findtext("{*}loc"), each.findtext("{*}lastmod")) for each in root]


@pytest.fixture(scope="module")
def mapped(specimen_files, url):
    """Every address in the sitemaps, with the day of its last change."""
    found = []
    for address, _ in locations(specimen_files["sitemap.xml"], "sitemapindex"):
        assert address.startswith(url + "/")
        if address == f"{url}/sitemap-news.xml":
            continue  # the newest announcements once more; test_news.py looks at it
        found += locations(specimen_files[address[len(url) + 1:]], "urlset")
    return found


def test_the_sitemaps_list_exactly_the_pages_and_the_listed_certificates_in_force(specimen, mapped, url):
    wanted = set().union(*expected_addresses(specimen).values())
    wanted |= {each.path for each in listed(specimen)}
    found = [address for address, _ in mapped]
    assert len(found) == len(set(found))
    assert set(found) == {url + path for path in wanted}


def test_the_index_lists_every_sitemap_there_is(specimen_files, url):
    listed = [address for address, _ in locations(specimen_files["sitemap.xml"], "sitemapindex")]
    assert sorted(listed) == sorted(
        f"{url}/{path}" for path in specimen_files if re.fullmatch(r"sitemap-.+\.xml", path))


def test_days_in_sitemaps_are_those_of_the_content(specimen, mapped, url):
    days = dict(mapped)
    for file in (specimen.root / "content/news").glob("*.md"):
        name, language, _ = file.name.split(".")
        matter = front_matter(file)
        address = f"{url}/{'id/' if language == 'id' else ''}news/{matter.get('slug') or name[11:]}/"
        assert days[address] == matter.get("updated", matter["date"])
    rows = specimen.rows()
    for each in listed(specimen):
        assert days[url + each.path] == (status_date(rows, each.row) or each.row["issued"])


def test_robots_names_the_sitemap_and_forbids_nothing(specimen_files, url):
    lines = specimen_files["robots.txt"].decode().splitlines()
    assert f"Sitemap: {url}/sitemap.xml" in lines
    assert not any(re.match(r"Disallow:\s*\S", line) for line in lines)


def test_without_a_listed_certificate_no_sitemap_of_certificates_is_published(project):
    project.built()
    assert {path for path in site_files(project.public) if path.startswith("sitemap")} == {
        "sitemap.xml", "sitemap-pages.xml", "sitemap-news.xml", "sitemap-lists-1.xml"}
    assert b"/c/" not in site_files(project.public)["sitemap-pages.xml"]


# MARK: Specimen or real


def without_word(project):
    """Takes the word out of the settings, so that it cannot stand on pages by accident."""
    contact = {**project.site["contact"], "address": "Jalan Contoh 1, Yogyakarta"}
    project.set_site(contact=contact)
    file = project.root / "seeds/schemes.yml"
    file.write_text(file.read_text(encoding="utf-8").replace(", specimen: true", ""), encoding="utf-8")


def test_every_page_says_specimen(project):
    without_word(project)
    for file in (project.root / "content").rglob("*.md"):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub("specimen", "example", text, flags=re.IGNORECASE), encoding="utf-8")
    project.built()
    silent = [path for path, page in pages_of(site_files(project.public)).items()
              if "specimen" not in page.text.lower()]
    assert silent == []


def test_every_page_shows_the_specimen_sentence_in_its_language(specimen, specimen_pages):
    sentences = {language: said(specimen.strings(language), "specimen.sentence") for language in LANGUAGES}
    for path, page in specimen_pages.items():
        assert sentences[in_language(path)] in page.text, path


def test_a_real_site_says_specimen_nowhere(project):
    without_word(project)
    project.make_real()
    project.built("--new-log")
    banners = [said(project.strings(language), f"specimen.{key}")
               for language in LANGUAGES for key in ("sentence",)]
    for path, page in pages_of(site_files(project.public)).items():
        assert not any(banner in page.text for banner in banners), path
        if is_certificate(path) or path in ("404.html", "verify/index.html"):
            assert "specimen" not in page.text.lower(), path


def test_the_repository_commits_a_specimen_site():
    site = read_yaml(REPOSITORY / "content/site.yml")
    assert site["specimen"] is True
    assert site["url"].endswith(".example")


@pytest.mark.smoke
def test_a_site_with_no_announcements_and_no_certificates_is_whole(project):
    for file in (project.root / "content/news").glob("*.md"):
        file.unlink()
    for file in (project.root / "content/pages").glob("*.md"):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"\[([^\]]*)\]\([^)]*news/[^)]*\)", r"\1", text), encoding="utf-8")
    project.write_rows([])
    project.built()
    files = site_files(project.public)
    url = project.site["url"]
    for path, page in pages_of(files).items():
        for link in page.all("a"):
            if (link.get("href") or "").startswith("/"):
                assert file_behind(link["href"], files), (path, link)
        assert url
    assert [path for path in files if path.startswith("c/")] == []

"""Announcements as their readers find them: lists, tags, years, neighbours, pictures, old addresses."""

import re
import xml.etree.ElementTree as ElementTree

import pytest

from support.expected import expect_all
from support.output import site_files
from support.pages import Page
from support.png import png
from support.program import NOW

NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def empty(newsless):
    """A project whose only announcements are those of the test."""
    return newsless


def page(project, path):
    return Page((project.public / path.lstrip("/") / "index.html").read_bytes())


def linked(document, prefix="/"):
    return [link["href"] for link in document.all("a") if link.get("href", "").startswith(prefix)]


# MARK: What appears


@pytest.mark.parametrize("more, shown", [
    ("", True), ("draft: true\n", False), ("publish: 2026-11-23 00:00\n", True),
    ("publish: 2026-11-23 00:01\n", False), ("expires: 2026-11-23\n", False),
    ("expires: 2026-11-24\n", True),
])
def test_an_announcement_is_there_from_its_moment_to_its_end(empty, more, shown):
    empty.write_news("2026-01-02-zz.en.md", "Text", more=more)
    empty.built()
    assert (empty.public / "news/zz/index.html").exists() == shown
    assert any("zz" in path for path in site_files(empty.public)) == shown


def test_the_moment_decides_and_a_later_build_takes_it_away_again(empty):
    empty.write_news("2026-01-02-zz.en.md", "Text", more="expires: 2026-11-23 09:00\n")
    empty.built(now="2026-11-23T08:59:59+07:00")
    assert (empty.public / "news/zz/index.html").exists()
    empty.built(now="2026-11-23T09:00:00+07:00")
    assert not (empty.public / "news/zz").exists()


@pytest.mark.smoke
def test_new_makes_a_draft_that_the_next_build_leaves_out(empty):
    outcome = empty.run("new", 'Jadwal "uji" & kabar: 2027', "--tags", "Uji, Jadwal")
    assert (outcome.code, outcome.out.decode()) == (0, f"content/news/{NOW}-jadwal-uji-kabar-2027.id.md\n")
    empty.built()
    assert not (empty.public / "id/news/jadwal-uji-kabar-2027").exists()
    empty.edit(outcome.out.decode().strip(), "draft: true\n", "")
    empty.edit(outcome.out.decode().strip(), "]\n---\n", "]\n---\nIsi.\n")
    empty.built()
    made = page(empty, "/id/news/jadwal-uji-kabar-2027/")
    assert 'Jadwal "uji" & kabar: 2027' in made.text
    assert {"/id/news/tags/uji/", "/id/news/tags/jadwal/"} <= set(linked(made))
    again = empty.run("new", 'Jadwal "uji" & kabar: 2027', "--format", "json")
    assert (again.code, again.ids) == (1, ["file-exists"])


# MARK: Lists


def test_lists_are_paginated_and_say_so(empty):
    for day in range(1, 24):
        empty.write_news(f"2026-02-{day:02}-item-{day}.en.md", "Text", title=f"Item {day}",
                         date=f"2026-02-{day:02}", more="tags: [All, Even]\n" if day % 2 == 0 else "tags: [All]\n")
    empty.built()
    def items(path):
        return [link.rsplit("-", 1)[1].strip("/") for link in linked(page(empty, path), "/news/item-")]
    newest = [str(day) for day in range(23, 0, -1)]
    assert items("/news/") == newest[:10]
    assert items("/news/page/2/") == newest[10:20]
    assert items("/news/page/3/") == newest[20:]
    assert not (empty.public / "news/page/1").exists() and not (empty.public / "news/page/4").exists()
    assert items("/news/tags/even/") == [str(day) for day in range(22, 2, -2)]
    assert items("/news/tags/even/page/2/") == ["2"]
    assert items("/news/2026/page/3/") == newest[20:]
    # The other language lists what it has no text of.
    assert items("/id/news/") == newest[:10]
    assert "/news/tags/all/" in linked(page(empty, "/news/tags/"))
    second = page(empty, "/news/page/2/")
    assert {"/news/", "/news/page/3/"} <= set(linked(second))
    assert [link["rel"] for link in second.all("a") if link.get("rel") in ("prev", "next")] == ["prev", "next"]


def test_what_is_pinned_comes_first_in_the_list_alone(empty):
    empty.write_news("2026-01-01-old.en.md", "Text", title="Old", date="2026-01-01", more="pinned: true\n")
    empty.write_news("2026-02-01-new.en.md", "Text", title="New", date="2026-02-01")
    empty.built()
    assert [link for link in linked(page(empty, "/news/")) if re.match("/news/(old|new)/", link)] == [
        "/news/old/", "/news/new/"]
    assert [link for link in linked(page(empty, "/news/2026/")) if re.match("/news/(old|new)/", link)] == [
        "/news/new/", "/news/old/"]


def test_neighbours_and_related_announcements(empty):
    for day, tags in ((1, "a, b"), (2, "b"), (3, "c"), (4, "a, b")):
        empty.write_news(f"2026-01-0{day}-n{day}.en.md", "Text", date=f"2026-01-0{day}", more=f"tags: [{tags}]\n")
    empty.built()
    document = page(empty, "/news/n2/")
    turns = {link["rel"]: link["href"] for link in document.all("a") if link.get("rel") in ("prev", "next")}
    assert turns == {"prev": "/news/n1/", "next": "/news/n3/"}
    related = [link for link in linked(page(empty, "/news/n1/"), "/news/n")]
    assert related[-2:] == ["/news/n4/", "/news/n2/"]
    assert "/news/n3/" not in linked(page(empty, "/news/n1/"))


@pytest.mark.smoke
def test_translations_pair_up_by_name_or_by_key(empty):
    empty.write_news("2026-01-01-a.en.md", "Text", more="translationKey: same\n")
    empty.write_news("2026-01-01-b.id.md", "Teks", more="translationKey: same\n")
    empty.write_news("2026-01-02-c.id.md", "Teks", title="Hanya Indonesia")
    empty.built()
    assert {link["hreflang"] for link in page(empty, "/news/a/").links("alternate")
            if "hreflang" in link} == {"en", "id", "x-default"}
    listed = page(empty, "/news/")
    assert "/id/news/c/" in linked(listed) and "/id/news/b/" not in linked(listed)
    foreign = [link for link in listed.all("a") if link.get("href") == "/id/news/c/"]
    assert foreign[0]["lang"] == "id" and "Bahasa Indonesia" in listed.text


# MARK: Pictures and links


def test_pictures_are_copied_with_their_size(empty):
    (empty.root / "content/news/kain batik.png").write_bytes(png(7, 3))
    empty.write_news("2026-01-02-zz.en.md", "![A cloth](<kain batik.png>)\n\n[as file](<kain batik.png>)",
                     more="image: kain batik.png\nimageAlt: The cloth\n")
    empty.built()
    document = page(empty, "/news/zz/")
    above, inside = document.all("img")
    assert (above["alt"], inside["alt"]) == ("The cloth", "A cloth")
    for image in (above, inside):
        assert (image["width"], image["height"]) == ("7", "3")
        assert re.fullmatch(r"/assets/kain-batik\.[0-9a-f]{10}\.png", image["src"])
        assert (empty.public / image["src"][1:]).read_bytes() == png(7, 3)
    assert "loading" not in inside and inside["src"] in linked(document)


@pytest.mark.parametrize("body, identifier, column", [
    ("![x](none.png)", "missing-image", 1), ("![](a.png)", "missing-alternative-text", 1),
    ("a [b](../pages/about.en.md#nothing)", "broken-link", 3),
    ("[a](cert:13134 7318 2 0009999 2024)", "broken-link", 1), ("[a](cert:)", "broken-link", 1),
    ("[a](2026-01-02-draft.en.md)", "link-to-unpublished", 1), ("[a](other.exe)", "broken-link", 1),
    ("[a](../../seeds/registry.pdf)", "broken-link", 1),
])
def test_links_that_lead_nowhere_are_named_with_their_place(empty, body, identifier, column):
    if "a.png" in body:
        (empty.root / "content/news/a.png").write_bytes(png(1, 1))
    empty.write_news("2026-01-02-draft.en.md", "Text", more="draft: true\n")
    empty.write_news("2026-01-02-zz.en.md", body)
    [finding] = empty.findings(command="check")
    assert (finding["id"], finding["path"]) == (identifier, "content/news/2026-01-02-zz.en.md")
    assert (finding["line"], finding["column"]) == (6, column)


def test_a_link_to_a_certificate_by_number_or_code(empty):
    first, second, _ = expect_all(empty)
    empty.write_news("2026-01-02-zz.en.md",
                     f"[a](cert:{first.row['number']}) [b](cert:{second.code}) [c](https://other.example/)")
    empty.built()
    document = page(empty, "/news/zz/")
    assert [first.path, second.path] == linked(document, "/c/")
    [outside] = [link for link in document.all("a") if link.get("href") == "https://other.example/"]
    assert set(outside["rel"].split()) == {"noopener", "noreferrer"}


def test_a_template_shows_what_the_designer_asked_editors_for(empty):
    template = empty.root / "templates/news/announcement.mustache"
    template.write_text(template.read_text(encoding="utf-8") + """{{#announcement}}<ul id="asked">
<li>{{extra.place}}</li>{{#extra.seats}}<li>{{.}}</li>{{/extra.seats}}{{#extra.teachers}}<li>{{name}}: {{craft}}</li>{{/extra.teachers}}
<li>{{#extra.fee}}{{amount}} {{unit}}{{/extra.fee}}</li><li>{{extra.fee}}</li><li>{{extra.nothing}}</li>
{{#extra.nothing}}<li>nothing</li>{{/extra.nothing}}{{^extra.nothing}}<li>else</li>{{/extra.nothing}}<li>{{extra.teachers}}</li>
{{#sorted(extra.fee)}}<li>{{key}}={{value}}</li>{{/sorted(extra.fee)}}<li>{{count(extra.fee)}}</li>
</ul>{{/announcement}}""", encoding="utf-8")
    empty.write_news("2026-01-02-zz.en.md", "Text", more="""extra:
  place: "<b>Solo</b> & around"
  seats: [1, 2]
  teachers: [{name: Siti, craft: wax}, {name: Budi, craft: dye}]
  fee: {amount: 5, unit: USD, note: a, other: b}
""")
    empty.built()
    text = (empty.public / "news/zz/index.html").read_text(encoding="utf-8").partition('<ul id="asked">')[2]
    shown = re.findall("<li>(.*?)</li>", text)
    # A group has no text of its own.
    assert shown == ["&lt;b&gt;Solo&lt;/b&gt; &amp; around", "1", "2", "Siti: wax", "Budi: dye", "5 USD", "", "", "else", "[, ]",
                     "amount=5", "note=a", "other=b", "unit=USD", "4"]


def test_headings_link_to_themselves(empty):
    empty.write_news("2026-01-02-zz.en.md", "## Where to go")
    empty.built()
    document = page(empty, "/news/zz/")
    assert "where-to-go" in document.ids and "#where-to-go" in linked(document, "#")


# MARK: Old addresses


@pytest.mark.smoke
def test_an_old_address_leads_to_the_new_one(empty):
    empty.write_news("2026-01-02-zz.id.md", "Teks", more="aliases: [/news/old/, /berita/lama.html]\n")
    empty.built()
    url = empty.site["url"]
    for path in ("news/old/index.html", "berita/lama.html"):
        document = Page((empty.public / path).read_bytes())
        assert [attributes["content"] for attributes in document.all("meta")
                if attributes.get("http-equiv") == "refresh"] == ["0; url=/id/news/zz/"]
        assert [link["href"] for link in document.links("canonical")] == [f"{url}/id/news/zz/"]
        assert document.meta("robots") == ["noindex"]
    assert (empty.public / "_redirects").read_text() == (
        "/berita/lama.html /id/news/zz/ 301\n/news/old/ /id/news/zz/ 301\n")
    assert "/news/old/" not in (empty.public / "sitemap-pages.xml").read_text()


@pytest.mark.parametrize("alias, identifier", [
    ("/about/", "duplicate-address"), ("/404.html", "duplicate-address"), ("/c/aa/", "reserved-alias"),
    ("/assets/x/", "reserved-alias"), ("/robots.txt/", "bad-alias"),
])
def test_an_old_address_takes_none_that_is_in_use(empty, alias, identifier):
    empty.write_news("2026-01-02-zz.en.md", "Text", more=f"aliases: [{alias}]\n")
    [finding] = empty.findings(command="check")
    assert (finding["id"], finding["path"]) == (identifier, "content/news/2026-01-02-zz.en.md")


# MARK: Sitemaps


def test_the_news_sitemap_calls_news_what_is_two_days_old(empty):
    empty.write_news("2026-11-22-new.en.md", "Text", title="A & B", date="2026-11-22")
    empty.write_news("2026-11-01-old.en.md", "Text", date="2026-11-01")
    empty.built()
    tree = ElementTree.parse(empty.public / "sitemap-news.xml")
    entries = {each.findtext(f"{SITEMAP}loc").rsplit("/", 2)[1]: each.find(f"{NEWS}news")
               for each in tree.getroot()}
    assert list(entries) == ["new", "old"] and entries["old"] is None
    assert entries["new"].findtext(f"{NEWS}title") == "A & B"
    assert entries["new"].findtext(f"{NEWS}publication_date") == "2026-11-22T00:00:00+07:00"
    assert entries["new"].findtext(f"{NEWS}publication/{NEWS}language") == "en"


def test_a_site_without_announcements_has_no_feeds(empty):
    empty.built()
    assert not [path for path in site_files(empty.public)
                if re.search(r"(atom|rss|sitemap-news)\.xml|feed\.json|_redirects", path)]


# MARK: What waits


def test_list_names_what_readers_do_not_see_and_the_next_change(empty):
    empty.write_news("2026-01-02-d.en.md", "Text", more="draft: true\n")
    empty.write_news("2026-12-01-f.en.md", "Text", title="Pendaftaran dibuka", date="2026-12-01")
    empty.write_news("2026-01-03-e.en.md", "Text", more="expires: 2026-06-01\n")
    empty.write_news("2026-01-04-p.en.md", "Text", more="expires: 2027-06-01\n")
    states = {item["path"][-7:]: item["state"]
              for item in empty.run("list", "--format", "json").json["result"]["announcements"]}
    assert states == {"-d.en.md"[-7:]: "draft", "-f.en.md"[-7:]: "future", "-e.en.md"[-7:]: "expired"}
    for choice, name in (("--drafts", "-d"), ("--future", "-f"), ("--expired", "-e")):
        lines = empty.run("list", choice).out.decode().splitlines()
        assert len(lines) == 2 and f"{name}.en.md" in lines[0]
        assert lines[1] == "next change: 2026-12-01 00:00 WIB, 'Pendaftaran dibuka' appears"


def test_findings_are_annotations_of_a_workflow(empty):
    empty.write_news("2026-01-02-zz.en.md", "a [b](100%,nothing.md)")
    outcome = empty.run("check", "--format", "github")
    [line] = [line for line in outcome.out.decode().splitlines() if line.startswith("::error ")]
    assert line.startswith("::error file=content/news/2026-01-02-zz.en.md,line=6,col=3,title=broken-link::")
    assert "100%25,nothing.md" in line and "%0A" in line and outcome.code == 1

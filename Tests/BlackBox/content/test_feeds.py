"""The feeds, read by an independent parser."""

import json
import re

import feedparser
import pytest

FORMATS = {"atom.xml": "atom10", "rss.xml": "rss20"}


@pytest.fixture
def news(newsless):
    """A project with announcements of the test alone."""
    return newsless


def feed(project, name, language="en"):
    folder = project.public / ("news" if language == "en" else "id/news")
    parsed = feedparser.parse((folder / name).read_bytes())
    assert not parsed.bozo, parsed.get("bozo_exception")
    return parsed


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("name", FORMATS)
def test_the_specimens_feeds_are_well_formed_and_agree_with_the_site(specimen, name, language):
    parsed = feed(specimen, name, language)
    assert parsed.version == FORMATS[name]
    url = specimen.site["url"]
    assert parsed.feed.link == url + ("/news/" if language == "en" else "/id/news/")
    files = {file.name for file in (specimen.root / "content/news").glob(f"*.{language}.md")}
    assert len(parsed.entries) == len(files)
    for entry in parsed.entries:
        assert entry.link.startswith(parsed.feed.link)
        page = specimen.public / entry.link[len(url) + 1:] / "index.html"
        assert entry.title in page.read_text(encoding="utf-8").replace("&amp;", "&").replace("&#39;", "'")
        content = entry.content[0].value
        assert re.findall(r'(?:href|src)="(?!https?://|mailto:|tel:)', content) == []
        assert "<p>" in content


@pytest.mark.parametrize("name", FORMATS)
def test_entries_keep_their_ids_and_are_the_newest_thirty(news, name):
    for day in range(1, 29):
        for month in (1, 2):
            news.write_news(f"2026-0{month}-{day:02}-n{month}-{day}.en.md", "Text", date=f"2026-0{month}-{day:02}")
    news.built()
    before = feed(news, name)
    assert len(before.entries) == 30 == len({entry.id for entry in before.entries})
    assert before.entries[0].link.endswith("/news/n2-28/")
    assert [entry.published_parsed for entry in before.entries] == sorted(
        (entry.published_parsed for entry in before.entries), reverse=True)
    path = "content/news/2026-02-28-n2-28.en.md"
    news.edit(path, "title: A title", "title: Another\nslug: moved\nupdated: 2026-03-05")
    news.built()
    after = feed(news, name)
    assert after.entries[0].id == before.entries[0].id
    assert after.entries[0].link.endswith("/news/moved/")
    assert after.feed.updated_parsed[:3] == (2026, 3, 4)  # midnight in Jakarta is the day before in UTC


def test_json_feed_says_the_same(news):
    news.write_news("2026-01-02-zz.en.md", "See [there](/verify/) and [below](#below).\n\n## Below",
                    title="A & <b>", more="tags: [x]\nauthors: [Sari, Budi]\nsummary: S\n")
    news.built()
    document = json.loads((news.public / "news/feed.json").read_text())
    url = news.site["url"]
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    assert document["feed_url"] == f"{url}/news/feed.json" and document["home_page_url"] == f"{url}/news/"
    [item] = document["items"]
    assert item["title"] == "A & <b>" and item["tags"] == ["x"] and item["summary"] == "S"
    assert item["date_published"] == item["date_modified"] == "2026-01-02T00:00:00+07:00"
    assert [author["name"] for author in item["authors"]] == ["Sari", "Budi"]
    assert f'href="{url}/verify/"' in item["content_html"]
    assert f'href="{url}/news/zz/#below"' in item["content_html"]
    assert item["id"] == feed(news, "atom.xml").entries[0].id == feed(news, "rss.xml").entries[0].id


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_text_stays_text(news, name):
    news.write_news("2026-01-02-zz.en.md", "a ]]> <b>x</b> &amp;amp; &lt;script&gt;",
                    title="'<script>alert(1)</script> ]]> &amp;'", more="tags: ['a<&>']\n")
    news.built()
    [entry] = feed(news, name).entries
    assert "<script>" not in entry.content[0].value


def test_pages_name_the_feeds_of_their_language(specimen):
    for path, prefix in (("news", "/news/"), ("id/news", "/id/news/"), ("id/news/masa-berlaku", "/id/news/")):
        text = (specimen.public / path / "index.html").read_text(encoding="utf-8")
        for name in ("atom.xml", "rss.xml", "feed.json"):
            assert f'href="{specimen.site["url"]}{prefix}{name}"' in text

"""A site in more languages than two: whole in English and Indonesian, and in others what somebody wrote."""

import json
import re

import pytest

from support.program import REPOSITORY
from support.project import bare_project

OTHERS = ["ar", "ja", "zh-Hans"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    project = bare_project(tmp_path_factory.mktemp("languages") / "project")
    project.set_site(languages=["en", "id", *OTHERS], title={"en": "Register", "id": "Register", "ja": "登録簿"})
    for language in OTHERS:
        words = f"templates/strings/{language}.yml"
        (project.root / words).write_bytes((REPOSITORY / words).read_bytes())
    for name, title in {"home": "確認", "news": "お知らせ", "about": "機関"}.items():
        (project.root / f"content/pages/{name}.ja.md").write_text(f"---\ntitle: {title}\n---\n\n本文。\n", encoding="utf-8")
    (project.root / "content/pages/about.ar.md").write_text("---\ntitle: عن الجهة\n---\n\nنص.\n", encoding="utf-8")
    (project.root / "content/news").mkdir()
    project.write_news("2026-01-02-fair.en.md", "Text.")
    project.write_news("2026-01-02-fair.ja.md", "本文。", title="見本市", more="tags: [輸出]\n")
    project.write_news("2026-01-03-only.ar.md", "نص.", title="إعلان", more="tags: [export]\n")
    project.built()
    return project


def page(site, path):
    return (site.public / path).read_text(encoding="utf-8")


def links(text, part):
    """The links of a part of a page: their attributes and their words."""
    inside = re.search(rf"<{part}.*?</{part.split()[0]}>", text, re.S).group(0)
    return re.findall(r"<a ([^>]*)>([^<]*)", inside)


def test_a_language_has_the_texts_that_were_written_in_it(site):
    for path in ("ja/index.html", "ja/about/index.html", "ja/news/index.html", "ja/news/fair/index.html", "ar/about/index.html"):
        assert (site.public / path).exists(), path
    for path in ("ar/index.html", "ar/news/index.html", "zh-Hans/index.html", "ja/schemes", "ja/directory", "ja/batches"):
        assert not (site.public / path).exists(), path


def test_every_language_has_a_search(site):
    for language in OTHERS:
        assert (site.public / language / "search/index.html").exists()


def test_links_to_missing_pages_lead_to_the_english_ones_and_say_so(site):
    menu = dict((href, attributes) for attributes, _ in links(page(site, "ja/about/index.html"), "footer")
                for href in re.findall(r'href="([^"]*)"', attributes))
    assert 'lang="en" hreflang="en"' in menu["/verify/"]
    assert "/ja/news/" in menu and "hreflang" not in menu["/ja/news/"]
    assert 'hreflang="en"' in menu["/directory/"] and 'hreflang="en"' in menu["/privacy/"]


def test_no_link_of_such_a_page_is_dead(site):
    for path in [*site.public.glob("ja/**/*.html"), *site.public.glob("ar/**/*.html"), *site.public.glob("zh-Hans/**/*.html")]:
        for href in re.findall(r'(?:href|action)="(/[^"#?]*)', path.read_text(encoding="utf-8")):
            target = site.public / href.lstrip("/")
            assert (target / "index.html").exists() or target.is_file(), (path, href)


@pytest.mark.parametrize("path, start", [
    ("ar/about/index.html", '<html lang="ar" dir="rtl">'),
    ("ja/about/index.html", '<html lang="ja" dir="ltr">'),
    ("about/index.html", '<html lang="en" dir="ltr">'),
])
def test_a_page_is_laid_out_in_the_direction_of_its_language(site, path, start):
    assert start in page(site, path)


def test_what_stays_english_is_marked(site):
    arabic, japanese = page(site, "ar/about/index.html"), page(site, "ja/about/index.html")
    assert '<span lang="en">Register</span>' in arabic
    assert '<span lang="ja">登録簿</span>' in japanese


def test_days_are_written_as_the_language_does(site):
    assert "2026年1月2日" in page(site, "ja/news/fair/index.html")
    assert "2 يناير 2026" in page(site, "ar/news/only/index.html")
    assert "2 January 2026" in page(site, "news/fair/index.html")


def test_translations_know_each_other(site):
    for path in ("news/fair/index.html", "ja/news/fair/index.html"):
        text = page(site, path)
        for language in ("en", "ja", "x-default"):
            assert f'<link rel="alternate" hreflang="{language}"' in text, (path, language)


def test_a_text_without_translation_is_listed_with_its_language(site):
    for path in ("news/index.html", "ja/news/index.html"):
        assert 'href="/ar/news/only/" lang="ar" dir="rtl"' in page(site, path), path


def test_a_tag_in_another_script_has_a_list(site):
    (tag,) = [attributes for attributes, label in links(page(site, "ja/news/fair/index.html"), "article") if label == "輸出"]
    address = re.search(r'href="(/ja/news/tags/[0-9a-f]{10}/)"', tag).group(1)
    assert (site.public / address.strip("/") / "index.html").exists()
    # Where a language has no lists, a tag has no place to lead to.
    assert 'rel="tag"' not in page(site, "ar/news/only/index.html")


def test_feeds_are_those_of_the_languages_with_announcements(site):
    feed = json.loads(page(site, "ar/news/feed.json"))
    assert [item["title"] for item in feed["items"]] == ["إعلان"] and feed["language"] == "ar"
    assert not (site.public / "zh-Hans/news").exists()


def test_titles_of_schemes_travel_with_the_words_of_a_language(site):
    (words,) = site.public.glob("assets/words-ar.*.json")
    terms = json.loads(words.read_text(encoding="utf-8"))["terms"]
    titles = [edition["title"]["en"] for scheme in site.schemes for edition in scheme["editions"]]
    assert set(titles) <= set(terms) and all(terms.values())


def test_certificates_pages_are_the_same_whatever_further_languages_a_site_has(site):
    pages = {path.relative_to(site.public): path.read_bytes() for path in site.public.glob("c/*/*/index.html")}
    site.set_site(languages=["en", "id"], title={"en": "Register", "id": "Register"})
    for path in [*site.root.glob("content/**/*.ja.md"), *site.root.glob("content/**/*.ar.md")]:
        path.unlink()
    site.built()
    assert pages == {path.relative_to(site.public): path.read_bytes() for path in site.public.glob("c/*/*/index.html")}

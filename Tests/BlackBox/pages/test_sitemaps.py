"""Sitemaps against schemas: those of Tests/Fixtures/sitemaps, whose README says what they are."""

import xml.etree.ElementTree as ElementTree

import pytest
import xmlschema

from support.program import REPOSITORY
from support.project import Project
from support.registry import person

SCHEMAS = REPOSITORY / "Tests" / "Fixtures" / "sitemaps"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


@pytest.fixture(scope="session")
def urlsets():
    return xmlschema.XMLSchema(
        str(SCHEMAS / "sitemap.xsd"),
        locations={NEWS.strip("{}"): str(SCHEMAS / "news.xsd")}, use_location_hints=False)


@pytest.fixture(scope="session")
def indexes():
    return xmlschema.XMLSchema(str(SCHEMAS / "siteindex.xsd"))


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """A small site with listed certificates and an announcement of today with hostile words."""
    project = Project.copy(REPOSITORY, tmp_path_factory.mktemp("sitemaps") / "project")
    project.write_rows([person(1, listed="yes"), person(2), person(3, listed="yes")])
    project.write_news(
        "2026-11-22-new.en.md", "Text.", title='"A & B <c> ]]> é"', date="2026-11-22T09:30")
    project.built()
    return project


def test_the_index_is_valid_and_names_every_sitemap(site, indexes):
    file = site.public / "sitemap.xml"
    indexes.validate(str(file))
    host = site.site["url"]
    named = {each.text.removeprefix(host + "/")
             for each in ElementTree.parse(file).iter(SITEMAP + "loc")}
    assert named == {each.name for each in site.public.glob("sitemap-*.xml")}
    assert {"sitemap-pages.xml", "sitemap-news.xml", "sitemap-certificates-1.xml"} <= named


def test_every_sitemap_is_valid(site, urlsets):
    files = sorted(site.public.glob("sitemap-*.xml"))
    assert len(files) >= 3
    for file in files:
        urlsets.validate(str(file))


def test_every_sitemap_of_the_specimen_is_valid(specimen, urlsets, indexes):
    indexes.validate(str(specimen.public / "sitemap.xml"))
    for file in specimen.public.glob("sitemap-*.xml"):
        urlsets.validate(str(file))


def test_the_news_sitemap_has_the_announcement_of_today(site, urlsets):
    tree = ElementTree.parse(site.public / "sitemap-news.xml")
    [news] = tree.iter(NEWS + "news")
    assert news.find(NEWS + "title").text == "A & B <c> ]]> é"
    assert news.find(NEWS + "publication_date").text == "2026-11-22T09:30:00+07:00"
    assert news.find(f"{NEWS}publication/{NEWS}language").text == "en"


@pytest.mark.parametrize("old, new", [
    ("<loc>https://", "<loc>"), ("<loc>", "<lok>"), ("+07:00<", "<!-- -->yesterday<"),
    ("<news:language>en</news:language>", ""), ("<news:language>en<", "<news:language>English<"),
    ("<url>", "<url><priority>2</priority>"),
], ids=["no host", "no such element", "no date", "no language", "language in words", "disorder"])
def test_the_schemas_refuse_what_is_wrong(site, urlsets, old, new):
    text = (site.public / "sitemap-news.xml").read_text(encoding="utf-8")
    assert old in text
    broken = text.replace(old, new)
    with pytest.raises((xmlschema.XMLSchemaException, ElementTree.ParseError)):
        urlsets.validate(broken)

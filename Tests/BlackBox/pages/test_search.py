"""The search index, read as a browser would, and held against the texts."""

import json
import re
import unicodedata

import pytest

from support.output import site_files, tree
from support.pages import Page
from support.project import Project


def words(text):
    """Letters and digits without case and accents; a second opinion on the program's own rule."""
    folded = "".join(each.lower() for each in unicodedata.normalize("NFKD", text))
    plain = "".join(each for each in folded if not unicodedata.category(each).startswith("M"))
    return re.findall(r"[^\W_]+", plain)


class Index:
    def __init__(self, files, language):
        start = "" if language == "en" else "id/"
        page = Page(files[f"{start}search/index.html"])
        form = next(each for each in page.all("form") if each.get("role") == "search")
        self.files = files
        self.root = self.load(form["data-index"])

    def load(self, address):
        assert re.fullmatch(r"/assets/search-[a-z]+(-(words|pages)-\d+)?\.[0-9a-f]{10}\.json", address)
        return json.loads(self.files[address.lstrip("/")])

    @property
    def pages(self):
        return [page for file in self.root["pages"] for page in self.load(file)]

    @property
    def words(self):
        found = {}
        for first, file in self.root["words"]:
            shard = self.load(file)
            assert min(shard) == first and not set(found) & set(shard)
            found.update(shard)
        return found


@pytest.fixture(scope="module")
def index(specimen_files):
    return {language: Index(specimen_files, language) for language in ("en", "id")}


@pytest.mark.parametrize("language", ["en", "id"])
def test_every_word_of_every_announcement_leads_to_it(specimen, index, language):
    addresses = [page[0] for page in index[language].pages]
    found = index[language].words
    for file in (specimen.root / "content/news").glob(f"*.{language}.md"):
        _, front, body = file.read_text(encoding="utf-8").split("---\n", 2)
        title = re.search(r"^title: (.*)$", front, re.MULTILINE)[1].strip('"')
        # What is no word for readers: targets of links, notes to editors, numbers of lists.
        body = re.sub(r"^\d+\. ", "", body, flags=re.MULTILINE)
        body = re.sub(r"<!--.*?-->", "", re.sub(r"\]\([^)]*\)", "]", body), flags=re.DOTALL)
        page = next(place for place, each in enumerate(index[language].pages) if each[1] == title)
        for word in words(title) + words(body):
            assert page in found[word][::2], (file.name, word)
    assert len(addresses) == len(set(addresses))


def test_pages_and_schemes_are_found_and_an_announcement_in_one_language_by_both(index):
    addresses = {language: {page[0] for page in index[language].pages} for language in index}
    assert {"/", "/about/", "/trust/", "/schemes/hand-drawn-batik/", "/news/hang-tag/"} <= addresses["en"]
    assert {"/id/", "/id/about/", "/id/schemes/hand-drawn-batik/"} <= addresses["id"]
    foreign = [page for page in index["en"].pages if page[4]]
    assert foreign and all(page[4] == "id" and page[0].startswith("/id/news/") for page in foreign)
    assert not [page for page in index["id"].pages if page[4]]


def test_titles_are_worth_more_than_texts(index):
    pages, found = index["en"].pages, index["en"].words
    place = next(place for place, page in enumerate(pages) if page[0] == "/news/hang-tag/")
    posting = found["tag"]
    worth = dict(zip(posting[::2], posting[1::2]))
    assert worth[place] == max(worth.values()) and worth[place] >= 10


def test_no_certificate_is_in_it(specimen, specimen_files, index):
    files = [content.decode() for path, content in specimen_files.items()
             if path.startswith("assets/search-") and path.endswith(".json")]
    text = "\n".join(files)
    assert "/c/" not in text
    known = set(index["en"].words) | set(index["id"].words)
    texts = " ".join(file.read_text(encoding="utf-8") for file in (specimen.root / "content").rglob("*.md"))
    for row in specimen.rows():
        for name in ("number", "registration", "holder"):
            assert not row[name] or row[name] not in text or row[name] in texts
    # Serial numbers stand in no text of the editors', so none of them may be a word.
    serials = {row["number"].split()[3] for row in specimen.rows()}
    assert not {serial for serial in serials & known if serial not in texts}


def test_the_page_works_without_a_script(specimen, specimen_files):
    for start in ("", "id/"):
        page = Page(specimen_files[f"{start}search/index.html"])
        links = {link.get("href") for link in page.all("a")}
        language = "id" if start else "en"
        for file in (specimen.root / "content/pages").glob(f"*.{language}.md"):
            name = file.name.split(".")[0]
            assert f"/{start}" + ("" if name == "home" else f"{name}/") in links
        assert f"/{start}news/2026/" in links
        assert any("hidden" in form for form in page.all("form"))
        assert f"/{start}search/" in {
            link.get("href") for link in Page(specimen_files[f"{start}news/index.html"]).all("a")}


def test_many_announcements_are_kept_in_small_files_and_two_builds_are_equal(newsless, tmp_path):
    for number in range(120):
        text = " ".join(f"kata{(number * 37 + each) % 4000:04}" for each in range(90)) + " semua"
        newsless.write_news(f"2026-01-02-zz{number:03}.id.md", text, title=f"Judul {number:03}")
    newsless.built()
    files = {path: content for path, content in site_files(newsless.public).items() if "assets/search-id" in path}
    assert max(map(len, files.values())) < 25_000 and len(files) > 8
    index = Index(site_files(newsless.public), "id")
    assert len(index.pages) >= 120
    assert len(index.words["semua"]) >= 240
    other = Project.copy(newsless.root, tmp_path / "other")
    other.built("--jobs", "1")
    assert tree(other.public) == tree(newsless.public)

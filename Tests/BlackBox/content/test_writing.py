"""What editors write and bring along, as readers of the site find it."""

import re

import pytest

from support.html_checker import check, errors
from support.output import site_files

TEXT = """Lihat [formulir](formulir.docx) dan https://kemenperin.go.id/batik[^1].

| Kota | Harga |
|------|------:|
| Solo | 100   |

~~Senin~~ Selasa<br>Rabu

[![Kawung](kawung.svg "Film kawung")](https://video.example/k)

<details><summary>Lagi</summary>

Isi.

</details>

[^1]: Harga tahun lalu.
"""


@pytest.fixture
def desk(newsless):
    (newsless.root / "content/news/formulir.docx").write_bytes(b"PK\3\4" + b"x" * 1_549_996)
    (newsless.root / "content/news/kawung.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>', encoding="utf-8")
    newsless.write_news("2026-01-02-zz.id.md", TEXT)
    return newsless


def body(desk, name):
    page = (desk.public / name).read_text(encoding="utf-8")
    return page[page.index("<article"):page.index("</article>")]


def test_tables_notes_and_html_are_good_html_and_in_the_feeds(desk):
    desk.built()
    html = body(desk, "id/news/zz/index.html")
    for part in ('<td class="number">100</td>', "<del>Senin</del> Selasa<br />", '<li id="note_1">',
                 "<figcaption>Film kawung</figcaption>", "<details>", 'href="https://kemenperin.go.id/batik"'):
        assert part in html, part
    assert errors(check(desk.public / "id/news/zz")) == []
    feed = site_files(desk.public)["id/news/feed.json"].decode()
    assert "#note_1" in feed and 'href=\\"#' not in feed


def test_a_document_has_its_kind_and_size_and_its_own_type(desk):
    desk.built()
    html = body(desk, "id/news/zz/index.html")
    path, details = re.search(r'href="/(assets/formulir\.[0-9a-f]+\.docx)">formulir</a> <span class="file">\((.*?)\)<', html).groups()
    assert details == "DOCX, 1,6\u00a0MB"
    assert (desk.public / path).stat().st_size == 1_550_000


def test_an_arabic_announcement_runs_from_the_right(desk):
    desk.write_news("2026-01-03-ar.en.md", "نص الإعلان عن الباتيك.", title="إعلان")
    desk.built()
    assert body(desk, "news/ar/index.html").startswith('<article dir="rtl">')
    assert body(desk, "id/news/zz/index.html").startswith("<article>")
    assert '<h3 dir="rtl">' in (desk.public / "news/index.html").read_text(encoding="utf-8")


def test_without_extensions_a_text_is_plain_commonmark(desk):
    settings = desk.root / "content/site.yml"
    settings.write_text(settings.read_text(encoding="utf-8") + "\nextensions: []\n", encoding="utf-8")
    desk.built()
    html = body(desk, "id/news/zz/index.html")
    assert "| Kota | Harga |" in html and "~~Senin~~" in html and "[^1]" in html
    assert "<table" not in html and "<figure" not in html


@pytest.mark.parametrize("link", ["[x](/id/news/zz/#tiada)", "[x](2026-01-02-zz.id.md#tiada)"])
def test_a_heading_is_looked_for_behind_an_address_as_behind_a_file(desk, link):
    desk.write_news("2026-01-04-b.id.md", link)
    found = desk.findings(command="check")
    assert [(each["id"], each["path"]) for each in found if each["severity"] == "error"] == [
        ("broken-link", "content/news/2026-01-04-b.id.md")]


@pytest.mark.parametrize("name", ["2026-01-05-c.id.md.txt", "2026-01-05-c.id.MD", "2026-01-05-c.id.markdown"])
def test_a_build_says_which_text_nobody_sees(desk, name):
    (desk.root / "content/news" / name).write_text("---\ntitle: C\n---\nIsi\n", encoding="utf-8")
    for command in ("build", "check"):
        found = [each for each in desk.run(command, "--format", "json").findings if each["id"] == "misnamed-text"]
        assert [(each["path"], each["hint"]) for each in found] == [
            (f"content/news/{name}", "rename it to 2026-01-05-c.id.md")]

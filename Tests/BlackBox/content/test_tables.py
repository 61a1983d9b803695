"""Tables from CSV files, as readers of pages and of feeds find them."""

import json

import html5lib
import pytest

from support.html_checker import check, errors
from support.output import site_files

PRICES = "Kain;Hari;Harga\nBatik tulis;30;Rp 1.250.000\n\"Batik \"\"cap\"\" <b>\";2;Rp 150.000\n"


@pytest.fixture
def desk(newsless):
    (newsless.root / "content/news/prices.csv").write_text(PRICES, encoding="utf-8")
    newsless.write_news("2026-01-02-zz.id.md", "Sebelum\n\n![Harga kain](prices.csv)\n\nSesudah")
    return newsless


def read(html):
    """Caption, headings, rows and the numbers among the columns, as a browser would see them."""
    tree = html5lib.parseFragment(html, namespaceHTMLElements=False)
    table = tree.find(".//table")
    def text(cell):
        return "".join(cell.itertext())
    rows = [[text(cell) for cell in row] for row in table.find("tbody")]
    heads = table.findall("thead/tr/th")
    assert [each.get("scope") for each in heads] == ["col"] * len(heads)
    assert all(row[0].get("scope") == "row" for row in table.find("tbody"))
    return (text(table.find("caption")), [text(each) for each in heads], rows,
            [each.get("class") == "number" for each in heads])


WANTED = ("Harga kain", ["Kain", "Hari", "Harga"],
          [["Batik tulis", "30", "Rp 1.250.000"], ['Batik "cap" <b>', "2", "Rp 150.000"]], [False, True, True])


def test_page_and_feeds_have_the_table(desk):
    desk.built()
    files = site_files(desk.public)
    page = files["id/news/zz/index.html"].decode()
    assert read(page[page.index('<div class="prose">'):]) == WANTED
    items = json.loads(files["id/news/feed.json"])["items"]
    assert read(items[0]["content_html"]) == WANTED
    for feed in ("atom.xml", "rss.xml"):
        assert "Batik tulis" in files[f"id/news/{feed}"].decode()
    # The file itself is not published: it is the editors' source, like the Markdown.
    assert not [path for path in files if path.endswith(".csv") and not path.startswith(("statistics/", "assets/candidates-"))]
    assert errors(check(desk.public / "id/news/zz")) == []


def test_a_standing_page_may_show_a_table_too(desk):
    file = desk.root / "content/pages/about.en.md"
    file.write_text(file.read_text(encoding="utf-8") + "\n![Prices](../news/prices.csv)\n", encoding="utf-8")
    desk.built()
    page = (desk.public / "about/index.html").read_text(encoding="utf-8")
    assert read(page[page.index('<div class="table"'):])[1] == WANTED[1]


@pytest.mark.parametrize("csv, text, id, place", [
    (None, "![Harga](prices.csv)", "missing-table-file", "content/news/2026-01-02-zz.id.md:6:1"),
    ("A;B\n1\n", "![Harga](prices.csv)", "wrong-field-count", "content/news/prices.csv:2:1"),
    ("A;\xe9\n1;2\n", "![Harga](prices.csv)", "not-utf8", "content/news/prices.csv:1:3"),
    (PRICES, "Kata ![Harga](prices.csv)", "table-in-text", "content/news/2026-01-02-zz.id.md:6:6"),
    (PRICES, "![](prices.csv)", "missing-alternative-text", "content/news/2026-01-02-zz.id.md:6:1"),
])
def test_mistakes_are_said_once_and_where_they_are(desk, csv, text, id, place):
    table = desk.root / "content/news/prices.csv"
    table.unlink()
    if csv is not None:
        table.write_bytes(csv.encode("latin-1"))
    desk.write_news("2026-01-02-zz.id.md", text)
    outcome = desk.run("check")
    assert outcome.code == 1
    assert [line for line in outcome.text.splitlines() if ": error: " in line] == [
        line for line in outcome.text.splitlines() if line.startswith(f"{place}: error: ") and line.endswith(f"[{id}]")]
    assert f"{place}: error: " in outcome.text and f"[{id}]" in outcome.text


@pytest.mark.smoke
def test_a_picture_above_the_text_is_no_table(desk):
    desk.write_news("2026-01-03-yy.id.md", "Isi", more="image: prices.csv\nimageAlt: Harga\n")
    assert [each["id"] for each in desk.findings(command="check")] == ["bad-image"]

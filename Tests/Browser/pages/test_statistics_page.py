"""The page of figures as it is drawn: on every screen, by day and by night, on paper, and without a script."""

import io

import pytest
from pypdf import PdfReader

PAGES = ("/statistics/", "/id/statistics/")
WIDTHS = (320, 360, 768, 1280)

# Shapes that stand for something and are not to be seen, or have the colour of what is behind them.
UNSEEN = """
const ground = getComputedStyle(document.body).backgroundColor;
return [...document.querySelectorAll(".chart .amount, .chart .track, .map .tile rect")].filter((shape) => {
  const { fill, stroke, display } = getComputedStyle(shape);
  const { width, height } = shape.getBoundingClientRect();
  const isNothing = shape.getAttribute("width") === "0.00%" || shape.getAttribute("height") === "0";
  return !isNothing && (display === "none" || !shape.checkVisibility() || width < 1 || height < 1
    || (stroke === "none" && (fill === ground || fill === "none")));
}).map((shape) => shape.outerHTML);
"""

# Texts of one picture that lie on each other, reach out of it, or out of their tile.
COLLISIONS = """
const found = [];
const box = (each) => each.getBoundingClientRect();
for (const chart of document.querySelectorAll(".chart")) {
  const whole = box(chart);
  const texts = [...chart.querySelectorAll("text")].filter((each) => each.checkVisibility());
  for (const [position, text] of texts.entries()) {
    const one = box(text);
    const room = text.closest(".tile") ? box(text.closest(".tile").querySelector("rect")) : whole;
    if (one.left < room.left - 1 || one.right > room.right + 1 || one.top < room.top - 2 || one.bottom > room.bottom + 2) {
      found.push(`${text.textContent} leaves its place`);
    }
    for (const other of texts.slice(position + 1)) {
      const two = box(other);
      // Boxes of letters are higher than the letters.
      if (one.left < two.right - 0.5 && two.left < one.right - 0.5 && one.top + 3 < two.bottom - 3 && two.top + 3 < one.bottom - 3) {
        found.push(`${text.textContent} | ${other.textContent}`);
      }
    }
  }
}
return found;
"""

CONTRASTS = """
const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
const luminance = (colour) => {
  const [red, green, blue] = colour.match(/[\\d.]+/g).map(Number);
  return 0.2126 * channel(red) + 0.7152 * channel(green) + 0.0722 * channel(blue);
};
const contrast = (one, two) => {
  const [dark, light] = [luminance(one), luminance(two)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};
const tile = document.querySelector(".map .tile");
return [0, 1, 2, 3, 4, 5].map((shade) => {
  tile.setAttribute("class", `tile shade-${shade}`);
  return contrast(getComputedStyle(tile.querySelector("text")).fill, getComputedStyle(tile.querySelector("rect")).fill);
});
"""


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
def test_everything_that_stands_for_something_is_seen(visitor, path, dark):
    visitor.look(dark=dark)
    visitor.open(path)
    assert len(visitor.all(".chart .amount")) > 20
    assert visitor.run(UNSEEN) == []


@pytest.mark.parametrize("path", PAGES)
def test_no_letters_lie_on_each_other_on_any_screen(visitor, path):
    visitor.open(path)
    found = {}
    for width in WIDTHS:
        visitor.screen(width)
        visitor.until(lambda: visitor.run("return document.documentElement.clientWidth") == width, "the new width")
        found[width] = visitor.run(COLLISIONS)
    assert found == {width: [] for width in WIDTHS}


def test_bars_are_as_long_as_what_they_stand_for(visitor):
    visitor.open("/statistics/")
    drawn = visitor.run("""return [...document.querySelectorAll('[aria-labelledby="figure-years-title"] .amount')]
      .map((bar) => bar.getBoundingClientRect().height)""")
    values = [int(text.replace(",", "")) for text in visitor.run(
        """return [...document.querySelectorAll('[aria-labelledby="figure-years-title"] .value')]
        .map((text) => text.textContent)""")]
    assert len(drawn) == len(values) > 5
    for height, value in zip(drawn, values):
        assert abs(height / max(drawn) - value / max(values)) < 0.02


@pytest.mark.parametrize("dark", [False, True], ids=["day", "night"])
def test_letters_stand_out_from_every_shade_of_the_map(visitor, dark):
    visitor.look(dark=dark)
    visitor.open("/statistics/")
    assert [round(contrast, 1) for contrast in visitor.run(CONTRASTS) if contrast < 4.5] == []


def test_a_table_opens_without_a_script(visitor):
    visitor.script(False)
    visitor.open("/statistics/")
    table = visitor.find("#figure-years ~ .data table")
    assert not table.is_displayed()
    visitor.find("#figure-years ~ .data summary").click()
    assert table.is_displayed() and "2025" in table.text


def test_paper_has_every_table(visitor, site):
    visitor.open("/id/statistics/")
    text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(visitor.paper())).pages)
    for word in ("Papua Pegunungan", "Kabupaten Bantul", "Desember 2026", "Rp1,6 triliun"):
        assert word in text
    assert "CSV" not in text.split("Menggunakan datanya")[0]


def test_the_files_are_there_to_be_saved(visitor, site):
    visitor.open("/statistics/")
    links = visitor.run("return [...document.querySelectorAll('.files a')].map((a) => [a.getAttribute('href'), a.download])")
    assert len(links) == 18
    assert all((site.public / address.lstrip("/")).is_file() for address, _ in links)

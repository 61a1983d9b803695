"""Labels: what is on them, that a scanner reads them, and that nobody's name is."""

import csv
import io
import re
import subprocess
from xml.etree import ElementTree

import pytest

from support.program import run_program

SVG = "{http://www.w3.org/2000/svg}"


def labels(project, *arguments):
    return run_program("labels", "--root", project.root, "--now", "2026-11-23", *arguments)


def codes_in(*pictures):
    """What zbar, somebody else's scanner, reads in pictures, in their order."""
    found = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", *pictures],
        capture_output=True, text=True, check=False)
    return found.stdout.split()


@pytest.fixture(scope="module")
def sheets(specimen, tmp_path_factory):
    folder = tmp_path_factory.mktemp("labels") / "sheets"
    outcome = labels(specimen, "--svg", "--output", folder, "--select", "issued=2025-0")
    assert outcome.code == 0, outcome.text
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def addresses(specimen):
    """Every certificate's number by its address, by `canting export`."""
    text = run_program("export", "--csv", "--root", specimen.root).out.decode()
    return {row["address"]: row["number"] for row in csv.DictReader(io.StringIO(text, newline=""))}


def test_every_label_has_number_code_domain_and_specimen_and_no_name(specimen, addresses, sheets):
    names = {row["holder"] for row in specimen.rows()}
    count = 0
    for sheet in sheets:
        root = ElementTree.parse(sheet).getroot()
        assert root.get("width") == "210mm" and root.get("height") == "297mm"
        for label in root.findall(f"{SVG}g"):
            texts = [text.text for text in label.findall(f"{SVG}text")]
            code = "".join(line.replace(" ", "") for line in texts if re.fullmatch(
                "([0-9a-f]{4} ){3}[0-9a-f]{4}", line))
            assert addresses[f"{specimen.site['url']}/c/{code[:2]}/{code[2:]}/"] in texts
            assert specimen.site["url"].removeprefix("https://") in texts and "SPECIMEN" in texts
            assert not names & set(texts)
            count += 1
    assert count > 5


def test_only_certificates_in_force_get_a_label(specimen, addresses, tmp_path):
    outcome = labels(specimen, "--svg", "--output", tmp_path / "all")
    assert outcome.code == 0
    texts = "".join(page.read_text() for page in (tmp_path / "all").iterdir())
    count = texts.count("<g ")
    left_out = int(re.search(r"([\d,]+) certificates that are not", outcome.text)[1].replace(",", ""))
    assert count + left_out == len(addresses) and left_out > 100
    revoked = {row["number"] for row in specimen.rows() if row["status"] in ("revoked", "dicabut")}
    assert revoked and not any(number in texts for number in revoked)


@pytest.mark.parametrize("kind, sheet", [
    ("sticker", "a4"), ("sticker", "a3"), ("sticker", "a4-21"), ("sticker", "a4-24"),
    ("sticker", "a4-14"), ("tag", "a4"), ("tag", "a3")])
def test_a_scanner_reads_every_code_of_the_pdf(specimen, addresses, tmp_path, kind, sheet):
    wanted = ("--kind", kind, "--sheet", sheet, "--select", "scheme=PBT", "--select", "issued=2025")
    pdf = tmp_path / "labels.pdf"
    assert labels(specimen, "--pdf", "--output", pdf, *wanted).code == 0
    assert labels(specimen, "--svg", "--output", tmp_path / "svg", *wanted).code == 0
    subprocess.run(["pdftoppm", "-r", "150", "-gray", "-l", "1", pdf, tmp_path / "page"], check=True)
    (picture,) = tmp_path.glob("page*.pgm")
    first = ElementTree.parse(tmp_path / "svg/sheet-0001.svg").getroot()
    shown = [label.findall(f"{SVG}text") for label in first.findall(f"{SVG}g")]
    for number, label in enumerate(first.findall(f"{SVG}g")):
        # As a phone would frame it: one label, by where the sheet says that it lies.
        x, y = map(float, re.fullmatch(r"translate\((\S+) (\S+)\)", label.get("transform")).groups())
        code = label.find(f"{SVG}svg")
        cut(picture, tmp_path / f"label-{number:02}.pgm", 150 / 25.4, x + float(code.get("x")),
            y + float(code.get("y")), float(code.get("width")))
    found = codes_in(*sorted(tmp_path.glob("label-*.pgm")))
    assert len(found) == len(shown) > 3
    for address, texts in zip(found, shown):
        assert addresses[address] in [text.text for text in texts]


def cut(picture, target, scale, x, y, side):
    """Cuts a square, in millimetres, out of a PGM picture."""
    content = picture.read_bytes()
    header = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", content)
    width, pixels = int(header[1]), content[header.end():]
    left, top, size = (round(length * scale) for length in (x, y, side))
    rows = [pixels[row * width + left:row * width + left + size] for row in range(top, top + size)]
    target.write_bytes(b"P5 %d %d 255\n" % (size, size) + b"".join(rows))


def test_a_code_of_18_millimetres_can_be_scanned(sheets, tmp_path):
    """Printed at 300 dots an inch, as a page's own print style makes it at the smallest."""
    code = ElementTree.parse(sheets[0]).getroot().find(f"{SVG}g").find(f"{SVG}svg")
    code.set("width", "18mm")
    code.set("height", "18mm")
    ElementTree.register_namespace("", SVG.strip("{}"))
    (tmp_path / "code.svg").write_bytes(ElementTree.tostring(code))
    subprocess.run(["rsvg-convert", "--dpi-x", "300", "--dpi-y", "300", "--background-color", "white",
                    "-o", tmp_path / "code.png", tmp_path / "code.svg"], check=True)
    assert len(codes_in(tmp_path / "code.png")) == 1


def test_html_has_one_page_for_each_sheet(specimen, tmp_path):
    file = tmp_path / "labels.html"
    assert labels(specimen, "--html", "--output", file, "--kind", "tag", "--sheet", "a3",
                  "--select", "issued=2025").code == 0
    text = file.read_text(encoding="utf-8")
    assert "size: A3" in text and text.count('width="297mm"') > 1


def test_a_batch_and_a_condition_must_both_be_met(specimen, tmp_path):
    batch = next(row["batch"] for row in reversed(specimen.rows()) if row["batch"])
    numbers = {row["number"] for row in specimen.rows() if row["batch"] == batch}
    assert labels(specimen, "--svg", "--output", tmp_path / "one", "--batch", batch).code == 0
    shown = set(re.findall(r">(\d{5} \d{4} \d \d{7} \d{4})<",
                           "".join(page.read_text() for page in (tmp_path / "one").iterdir())))
    assert shown and shown <= numbers
    outcome = labels(specimen, "--svg", "--output", tmp_path / "none", "--batch", batch,
                     "--select", "scheme=NONE")
    assert outcome.code == 1 and "no certificate" in outcome.text


@pytest.mark.parametrize("arguments", [
    ("--svg", "--sheet", "a5"), ("--svg", "--kind", "tag", "--sheet", "a4-21"),
    ("--svg", "--select", "holder=Siti"), ("--svg", "--select", "scheme"),
    ("--svg", "--language", "fr"), ()])
def test_wrong_usage_says_so(specimen, tmp_path, arguments):
    assert labels(specimen, "--output", tmp_path / "x", *arguments).code == 64


def test_a_folder_with_files_is_left_alone(specimen, tmp_path):
    (tmp_path / "mine").write_text("mine")
    outcome = labels(specimen, "--svg", "--output", tmp_path)
    assert outcome.code == 70 and [file.name for file in tmp_path.iterdir()] == ["mine"]

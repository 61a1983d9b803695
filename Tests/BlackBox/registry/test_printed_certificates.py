"""Printed certificates: what is on them, that nothing is cut, and that a scanner reads them."""

import collections
import json
import re
import subprocess
import unicodedata

import pypdf
import pytest
import yaml

from support.program import WITHOUT_PICTURES
from support.project import Project
from support.registry import person

CODE = re.compile("^" + " ".join(["[0-9a-f]{4}"] * 4) + "$", re.MULTILINE)
#: Names that are long, of other scripts, or written to break a drawing.
NAMES = [
    "ꦱꦶꦠꦶꦫꦲꦪꦸꦥꦿꦩꦸꦢꦮꦂꦢꦤꦶ", "ᬲᬶᬢᬶᬭᬳᬬᬸ", "سيتي رهايو بنت عبد الرحمن", "王小明 Budi",
    "Raden Ajeng Kusumawardhani Retno Dewati Sulistyaningsih Prabandari Hadiningrat, S.Sn., M.Hum.",
    "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft", "Nur'aini O’Brien & <Co>",
    "\"Siti\"</text><script>", "&amp; {{site.host}}", "Æther Ñandú Przybylski", "I",
]


def printed(project, *arguments, **options):
    # librsvg draws some 40 pages a second; a busy machine may take long for hundreds.
    return project.run("print", *arguments, timeout=900, **options)


def pdf(project, folder, *arguments):
    """Prints into a PDF; the file, and the text of each of its pages."""
    file = folder / "certificates.pdf"
    outcome = printed(project, "--pdf", "--output", file, *arguments)
    assert outcome.code == 0, outcome.text
    return file, texts(file)


def texts(file, *options):
    done = subprocess.run(["pdftotext", *options, file, "-"], capture_output=True, check=True)
    return done.stdout.decode().split("\f")[:-1]


def letters(text):
    """The letters of a text in no order: readers of PDF turn words of some scripts around, and part them by spaces."""
    plain = unicodedata.normalize("NFKC", text)
    return sorted(each for each in plain if not each.isspace() and unicodedata.category(each) != "Cf")


def record_of(project, page):
    """The published record of the certificate whose code is on a page."""
    code = "".join(CODE.findall(page)).replace(" ", "")
    return json.loads((project.public / "c" / code[:2] / code[2:] / "record.json").read_bytes())


def day(project, language, iso):
    year, month, number = map(int, iso.split("-"))
    return f"{number} {project.strings(language)['months'][month - 1]} {year}"


def edition_of(project, record):
    scheme = next(each for each in project.schemes if each["code"] == record["scheme"]["code"])
    return [each for each in scheme["editions"] if str(each["from"]) <= record["issued"]][-1]


@pytest.fixture(scope="module")
def overlay(specimen, tmp_path_factory):
    """What is printed onto blank forms: the certificates' own words and no others."""
    return pdf(specimen, tmp_path_factory.mktemp("overlay"), "--overlay", "--select", "issued=2025")


@pytest.fixture(scope="module")
def odd(specimen, tmp_path_factory):
    project = Project.copy(specimen.root, tmp_path_factory.mktemp("odd") / "project")
    project.write_rows([person(number, holder=name) for number, name in enumerate(NAMES, start=1)])
    return project


def test_what_is_printed_is_what_is_in_the_record(specimen, overlay):
    _, pages = overlay
    words = {language: specimen.strings(language) for language in ("en", "id")}
    fixed = [f"SPECIMEN · {words['id']['specimen']['sentence']}"]
    assert len(pages) > 400 and len(pages) % 2 == 0
    for front, back in zip(pages[::2], pages[1::2]):
        record = record_of(specimen, front)
        scheme, edition = record["scheme"], edition_of(specimen, record)
        days = [" – ".join(day(specimen, language, record[name]) for name in ("issued", "expires"))
                for language in ("en", "id")]
        years = [f"{edition['years']} {words[language]['certificate']['years']}" for language in ("en", "id")]
        if int(record["expires"][:4]) - int(record["issued"][:4]) != int(edition["years"]) \
                or record["expires"][4:] != record["issued"][4:]:
            years = []
        revised = [" / ".join(f"{words[language]['certificate']['revision']} {record['revision']}"
                              for language in ("id", "en"))] if "revision" in record else []
        expected = [
            record["number"], record["holder"], *([record["registration"]] if "registration" in record else []),
            *scheme["title"].values(), scheme["code"], *days, *years, *revised, *record["issuer"].values(),
            *CODE.findall(front), specimen.site["url"].removeprefix("https://"), *fixed]
        assert collections.Counter(" ".join(expected).split()) == collections.Counter(front.split())
        units = [(str(number), unit["code"], unit["title"]["id"], unit["title"]["en"])
                 for number, unit in enumerate(edition["units"], start=1)]
        assert [unit[1] for unit in units] == scheme["units"]
        expected = [
            f"{scheme['title']['id']} · {record['number']}", " · ".join(record["issuer"].values()),
            *CODE.findall(front), *fixed, *(text for unit in units for text in unit)]
        assert collections.Counter(" ".join(expected).split()) == collections.Counter(back.split())


def test_a_whole_certificate_has_the_words_that_are_printed_in_both_languages(specimen, tmp_path):
    _, (front, back) = pdf(specimen, tmp_path, "--select", "number=13134 7318 2 0000001 2025")
    assert record_of(specimen, front)["holder"] in front
    for language in ("en", "id"):
        words = specimen.strings(language)
        for name in ("heading", "holder", "registration", "area", "area_value", "qualification", "valid_for", "issuer"):
            assert words["certificate"][name] in front
        assert words["certificate"]["units"] in back
    assert "SPECIMEN" in front and "SPECIMEN" in back
    real = Project.copy(specimen.root, tmp_path / "real")
    real.make_real()
    _, pages = pdf(real, tmp_path, "--select", "issued=2025-01")
    assert len(pages) > 10 and "SPECIMEN" not in "".join(pages)


def test_the_document_has_title_language_outline_by_name_and_its_fonts(specimen, overlay):
    file, pages = overlay
    document = pypdf.PdfReader(file)
    assert document.metadata.title == "Sertifikat Kompetensi – LSP Batik Nusantara"
    assert document.trailer["/Root"]["/Lang"] == "id"
    titles = [entry.title for entry in document.outline]
    assert len(titles) == len(pages) / 2 and titles == sorted(titles, key=str.lower)
    for entry in document.outline:
        page = pages[document.get_destination_page_number(entry)]
        record = record_of(specimen, page)
        assert entry.title == f"{record['holder']} · {record['number']}"
    fonts = subprocess.run(["pdffonts", file], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert fonts and all(line.split()[-5] == "yes" and line.split()[-3] == "yes" for line in fonts), fonts
    assert subprocess.run(["qpdf", "--check", file], capture_output=True, check=False).returncode == 0


def test_the_same_certificates_give_the_same_document(specimen, tmp_path):
    wanted = ("--select", "scheme=PBT", "--select", "issued=2025-0")
    first = pdf(specimen, tmp_path, *wanted)[0].read_bytes()
    assert first == pdf(specimen, tmp_path, *wanted)[0].read_bytes()


def test_names_of_any_length_and_script_stay_whole_and_inside_the_frame(odd, tmp_path):
    file, pages = pdf(odd, tmp_path, "--overlay")
    boxes = subprocess.run(["pdftotext", "-bbox", file, "-"], capture_output=True, text=True, check=True).stdout
    for name, page, box in zip(NAMES, pages[::2], boxes.split("<page ")[1::2]):
        blank = [line for line in page.splitlines() if line]
        start = next(number for number, line in enumerate(blank) if line.startswith("13134")) + 1
        end = next(number for number, line in enumerate(blank) if line.startswith("BTK."))
        assert letters("".join(blank[start:end])) == letters(name)
        # 22 mm from either edge, in points.
        for left, right in re.findall(r'xMin="(\S+)" yMin="\S+" xMax="(\S+)"', box):
            assert 22 < float(left) * 25.4 / 72 and float(right) * 25.4 / 72 < 188, (name, left, right)


def test_a_name_that_is_long_gets_smaller_and_then_two_lines(odd, tmp_path):
    assert printed(odd, "--output", tmp_path / "pages").code == 0
    pages = [file.read_text() for file in sorted((tmp_path / "pages").iterdir())][::2]
    long = next(page for page in pages if "Kusumawardhani" in page)
    lines = re.search(r'<text[^>]*font-size="([\d.]+)"><tspan [^>]*>(Raden[^<]*)</tspan>\n<tspan [^>]*>([^<]*)</tspan>', long)
    assert f"{lines[2]} {lines[3]}" == NAMES[4] and 5 < float(lines[1]) < 10
    short = next(page for page in pages if ">I</text>" in page)
    assert re.search(r'font-size="10">I</text>', short)


def test_a_machine_without_the_letters_of_a_name_prints_nothing(odd, tmp_path):
    project = Project.copy(odd.root, tmp_path / "project")
    project.write_rows([person(1, holder="𐎠𐎡𐎢 Siti"), person(2)])
    outcome = printed(project, "--pdf", "--output", tmp_path / "x.pdf", env={
        "FONTCONFIG_FILE": str(fonts_without_others(tmp_path))})
    assert outcome.code == 70 and "13134 7318 2 0000001 2024" in outcome.text and "font" in outcome.text
    assert not (tmp_path / "x.pdf").exists()


def fonts_without_others(folder):
    """Settings of fontconfig that know DejaVu and nothing else."""
    file = folder / "fonts.conf"
    file.write_text('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
                    f"<dir>/usr/share/fonts/truetype/dejavu</dir><cachedir>{folder}/fonts</cachedir></fontconfig>")
    return file


def test_a_scanner_reads_the_code_of_a_printed_page(specimen, tmp_path):
    file, pages = pdf(specimen, tmp_path, "--select", "issued=2025-01", "--select", "scheme=PBC")
    subprocess.run(["pdftoppm", "-r", "150", "-gray", file, tmp_path / "page"], check=True)
    fronts = sorted(tmp_path.glob("page*.pgm"))[::2]
    found = subprocess.run(["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", *fronts],
                           capture_output=True, text=True, check=False).stdout.split()
    codes = ["".join(CODE.findall(page)).replace(" ", "") for page in pages[::2]]
    assert codes and found == [f"{specimen.site['url']}/c/{code[:2]}/{code[2:]}/" for code in codes]


def test_more_units_than_fit_go_on_on_another_page(project, tmp_path):
    schemes = yaml.safe_load((project.root / "seeds/schemes.yml").read_text(encoding="utf-8"))
    unit = schemes[0]["editions"][-1]["units"][0]
    schemes[0]["editions"][-1]["units"] = [{**unit, "code": f"C.13BTK01.{number}.2"} for number in range(901, 940)]
    # Plain JSON is YAML without aliases.
    (project.root / "seeds/schemes.yml").write_text(json.dumps(schemes, default=str), encoding="utf-8")
    _, pages = pdf(project, tmp_path, "--select", "number=13134 7318 2 0000001 2024")
    found = [re.findall(r"C\.13BTK01\.(\d+)\.2", page) for page in pages]
    assert [len(codes) for codes in found] == [0, 18, 18, 3]
    assert sum(found, []) == [str(number) for number in range(901, 940)]
    assert re.search(r"^39$", pages[3], re.MULTILINE)


def test_pages_can_be_moved_cropped_and_repeated(project, tmp_path):
    file, pages = pdf(project, tmp_path, "--crop", "--copies", "2")
    assert len(pages) == 12 and pages[0] == pages[2] != pages[4]
    document = pypdf.PdfReader(file)
    assert [round(float(length) * 25.4 / 72) for length in document.pages[0].mediabox[2:]] == [230, 317]
    assert len(document.outline) == 3
    assert printed(project, "--output", tmp_path / "moved", "--offset", "-1.5,2").code == 0
    moved = (tmp_path / "moved/page-0001.svg").read_text()
    assert '<g transform="translate(-1.5 2)">' in moved and 'width="210mm"' in moved


def test_new_prints_what_was_not_printed_before(project, tmp_path):
    assert len(pdf(project, tmp_path, "--new")[1]) == 6
    assert printed(project, "--pdf", "--output", tmp_path / "x.pdf", "--new").code == 1
    project.write_rows([*project.rows(), person(4)])
    (tmp_path / "more").mkdir()
    assert len(pdf(project, tmp_path / "more", "--new")[1]) == 2
    assert len(pdf(project, tmp_path / "more")[1]) == 8


def test_only_certificates_in_force_are_printed(specimen, tmp_path):
    revoked = {row["number"] for row in specimen.rows() if row["status"] in ("revoked", "dicabut")}
    outcome = printed(specimen, "--output", tmp_path / "all", "--select", "issued=2025,2026")
    texts_of_all = "".join(file.read_text() for file in (tmp_path / "all").glob("page-*.svg"))
    assert outcome.code == 0 and "not in force" in outcome.text
    assert revoked and not any(number in texts_of_all for number in revoked)


@pytest.mark.parametrize("old, new, word", [
    ('width="210mm"', 'width="210"', "millimetres"),
    ('viewBox="0 0 210 297"', 'viewBox="0 0 595 842"', 'viewBox="0 0 210 297"'),
    ('data-fit="158"', 'data-fit="wide"', "data-fit"),
    ("{{certificate.holder}}</text>", "<tspan>{{certificate.holder}}</tspan></text>", "a text alone"),
    ("<svg", "<picture", "An SVG|is an SVG")])
def test_a_template_that_is_no_page_is_explained(project, tmp_path, old, new, word):
    file = "templates/print/certificate.svg.mustache"
    text = (project.root / file).read_text()
    assert old in text
    (project.root / file).write_text(text.replace(old, new) if old != "<svg" else "<p>nothing</p>\n")
    findings = project.findings("--output", tmp_path / "x", command="print")
    assert [(each["id"], each["path"]) for each in findings] == [("bad-print-template", file)]
    assert re.search(word, findings[0]["message"] + findings[0]["hint"])
    assert not (tmp_path / "x").exists() or not any((tmp_path / "x").iterdir())


def test_without_its_programs_it_says_what_to_install(project, tmp_path):
    outcome = printed(project, "--pdf", "--output", tmp_path / "x.pdf", env={"PATH": WITHOUT_PICTURES["PATH"]})
    assert outcome.code == 70 and "install qpdf" in outcome.text
    assert printed(project, "--output", tmp_path / "svg", env={"PATH": WITHOUT_PICTURES["PATH"]}).code == 0


def test_a_project_without_the_template_says_so(project, tmp_path):
    (project.root / "templates/print/certificate.svg.mustache").unlink()
    findings = project.findings("--output", tmp_path / "x", command="print")
    assert [each["id"] for each in findings] == ["missing-template"]


@pytest.mark.parametrize("arguments", [
    ("--offset", "1"), ("--offset", "a,b"), ("--offset", "1,2000"), ("--copies", "0"), ("--select", "holder=Siti")])
def test_wrong_usage_says_so(project, tmp_path, arguments):
    assert printed(project, "--output", tmp_path / "x", *arguments).code == 64

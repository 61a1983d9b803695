"""Phones get small pictures, upright and in their own colours; where libvips is missing, the picture as it is."""

import io
import re

import pytest
from PIL import Image, ImageCms, ImageOps
import pillow_heif

from support.project import bare_project

SECRET = "Jalan-Rahasia-17"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
CORNERS = ("red", "lime", "blue", "yellow")


def photograph(width, height, grain=0.25):
    """Four large areas with something of a photograph's grain, so that size, shape and sides can be told."""
    image = Image.new("RGB", (width, height))
    for number, colour in enumerate(CORNERS):
        left, top = number % 2 * width // 2, number // 2 * height // 2
        image.paste(colour, (left, top, left + width // 2 + 1, top + height // 2 + 1))
    if not grain:
        return image
    noise = Image.effect_noise((width // 3, height // 3), 60).resize((width, height), Image.BICUBIC)
    return Image.blend(image, Image.merge("RGB", [noise] * 3), grain)


def exif(orientation):
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010F] = f"Camera of {SECRET}"
    made.get_ifd(0x8825).update({1: "S", 2: (7.0, 48.0, 20.5), 3: "E", 4: (110.0, 22.0, 12.5)})
    return made


def encoded(image, form, **options):
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def heic(image, **options):
    file = pillow_heif.from_pillow(image)
    out = io.BytesIO()
    file.save(out, quality=80, **options)
    return out.getvalue()


def seen_through(width, height):
    image = photograph(width, height, grain=0).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize((width, height)))
    return image


PHONE = encoded(ImageOps.exif_transpose(photograph(4000, 3000)), "JPEG", quality=92, exif=exif(6), icc_profile=PROFILE)
PICTURES = {
    "phone.jpg": PHONE,
    "narrow.jpg": encoded(photograph(400, 300), "JPEG", icc_profile=PROFILE),
    "middle.jpg": encoded(photograph(800, 600), "JPEG", exif=exif(3), icc_profile=PROFILE),
    "wide.jpg": encoded(photograph(2400, 300), "JPEG"),
    "tall.jpg": encoded(photograph(500, 3000), "JPEG"),
    "drawn.png": encoded(photograph(1200, 900, grain=0), "PNG"),
    "glass.png": encoded(seen_through(1000, 500), "PNG"),
    "heavy.png": encoded(photograph(1400, 1000), "PNG"),
    "photo.webp": encoded(photograph(1800, 1200), "WEBP", quality=90, icc_profile=PROFILE),
    "moving.webp": encoded(photograph(600, 400), "WEBP", save_all=True, append_images=[photograph(600, 400, 0.5)], duration=80),
    "moving.gif": encoded(photograph(600, 400, 0), "GIF", save_all=True, append_images=[photograph(600, 400, 0.5)], duration=80),
    "iphone.heic": heic(photograph(3000, 2000), exif=exif(1).tobytes()),
    "renamed.jpg": heic(photograph(700, 500)),
}
#: What a page offers, by width; None stands for the picture as it was, without its metadata.
OFFERED = {
    "phone.jpg": {480: "webp", 960: "webp", 1600: "jpg"}, "narrow.jpg": {}, "middle.jpg": {480: "webp", 800: None},
    "wide.jpg": {480: "webp", 960: "webp", 1600: "jpg"}, "tall.jpg": {480: "webp", 500: None},
    "drawn.png": {480: "webp", 960: "webp", 1200: None}, "glass.png": {480: "webp", 960: "webp", 1000: None},
    "heavy.png": {480: "webp", 960: "webp", 1400: "webp"}, "photo.webp": {480: "webp", 960: "webp", 1600: "webp"},
    "moving.webp": {}, "moving.gif": {}, "iphone.heic": {480: "webp", 960: "webp", 1600: "jpg"},
    "renamed.jpg": {480: "webp", 700: "jpg"},
}
IMAGE = re.compile(r'<img src="(?P<src>/[^"]*)"(?: srcset="(?P<srcset>[^"]*)" sizes="(?P<sizes>[^"]*)")? alt="(?P<alt>[^"]*)"'
                   r'[^>]* width="(?P<width>\d+)" height="(?P<height>\d+)"(?P<lazy> loading="lazy")?')


def project_with(folder, pictures, name="2026-01-02-all.en.md"):
    project = bare_project(folder)
    (project.root / "content/news").mkdir()
    for file, data in pictures.items():
        (project.root / "content/news" / file).write_bytes(data)
    project.write_news(name, "\n\n".join(f"![{file}]({file})" for file in pictures))
    return project


def images(project):
    text = (project.public / "news/all/index.html").read_text(encoding="utf-8")
    return {match["alt"]: match for match in IMAGE.finditer(text)}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    project = project_with(tmp_path_factory.mktemp("sizes") / "project", PICTURES)
    project.built(pictures=True)
    return project, images(project)


def opened(project, address):
    return Image.open(project.public / address.lstrip("/"))


@pytest.mark.parametrize("name", PICTURES)
def test_each_width_is_what_it_says(site, name):
    project, shown = site
    image = shown[name]
    offered = {}
    for part in (image["srcset"] or "").split(", "):
        if part:
            address, width = part.split(" ")
            offered[int(width.removesuffix("w"))] = address
    assert list(offered) == sorted(OFFERED[name])
    for width, address in offered.items():
        with opened(project, address) as picture:
            assert ImageOps.exif_transpose(picture).width == width
            ending = OFFERED[name][width]
            if ending:
                assert address.endswith(f"-{width}.{ending}") and picture.format == {"webp": "WEBP", "jpg": "JPEG"}[ending]
    if offered:
        assert offered[max(offered)] == image["src"]


@pytest.mark.parametrize("name", PICTURES)
def test_it_is_upright_and_has_its_shape(site, name):
    project, shown = site
    with Image.open(io.BytesIO(PICTURES[name])) if not PICTURES[name][4:8] == b"ftyp" else \
            pillow_heif.open_heif(io.BytesIO(PICTURES[name])).to_pillow() as source:
        upright = ImageOps.exif_transpose(source).convert("RGB")
    addresses = {shown[name]["src"], *(part.split(" ")[0] for part in (shown[name]["srcset"] or "").split(", ") if part)}
    for address in addresses:
        with opened(project, address) as picture:
            made = ImageOps.exif_transpose(picture).convert("RGB")
        assert abs(made.height - upright.height * made.width / upright.width) <= 1
        for x in (0.25, 0.75):
            for y in (0.25, 0.75):
                def colour(of):
                    box = of.resize((40, 40), Image.BOX, (of.width * (x - .1), of.height * (y - .1), of.width * (x + .1), of.height * (y + .1)))
                    return box.resize((1, 1), Image.BOX).getpixel((0, 0))
                assert max(abs(a - b) for a, b in zip(colour(made), colour(upright))) < 24, (address, x, y)
    assert (int(shown[name]["width"]) / int(shown[name]["height"])) == pytest.approx(upright.width / upright.height, rel=0.01)


@pytest.mark.parametrize("name", PICTURES)
def test_no_size_tells_where_it_was_taken(site, name):
    project, shown = site
    stem = name.split(".")[0]
    files = list((project.public / "assets").glob(f"{stem}.*"))
    assert files
    for file in files:
        data = file.read_bytes()
        assert SECRET.encode() not in data and b"Camera" not in data, file
        with Image.open(file) as picture:
            assert set(picture.getexif()) <= {0x0112} and not picture.getexif().get_ifd(0x8825)


def test_colours_stay_those_of_the_profile(site):
    project, shown = site
    for name in ("phone.jpg", "middle.jpg", "photo.webp"):
        for part in shown[name]["srcset"].split(", "):
            with opened(project, part.split(" ")[0]) as picture:
                assert picture.info.get("icc_profile") == PROFILE, part


def test_what_is_seen_through_stays_so(site):
    project, shown = site
    for part in shown["glass.png"]["srcset"].split(", "):
        with opened(project, part.split(" ")[0]) as picture:
            assert picture.mode == "RGBA" and picture.getchannel("A").getextrema()[0] < 16


def test_a_photograph_costs_a_phone_little(site):
    """A phone of 390 px and three dots a pixel takes 960 by `sizes`; the original has megabytes."""
    project, shown = site
    assert len(PHONE) > 2_500_000
    image = shown["phone.jpg"]
    assert image["sizes"].endswith(", 20rem")
    taken = next(part for part in image["srcset"].split(", ") if part.endswith(" 960w")).split(" ")[0]
    assert (project.public / taken.lstrip("/")).stat().st_size < 120_000
    assert all(file.stat().st_size < 1_000_000 for file in (project.public / "assets").glob("phone.*"))


def test_the_first_picture_is_not_lazy(site):
    _, shown = site
    assert [bool(shown[name]["lazy"]) for name in PICTURES] == [False] + [True] * (len(PICTURES) - 1)


def test_two_builds_are_one(site, tmp_path):
    project, _ = site
    again = project_with(tmp_path / "project", PICTURES)
    again.built(pictures=True)
    pictures = sorted(file.name for file in (project.public / "assets").glob("*.*") if file.name.split(".")[0] in
                      {name.split(".")[0] for name in PICTURES})
    assert len(pictures) == sum(max(1, len(each)) for each in OFFERED.values())
    for name in pictures:
        assert (again.public / "assets" / name).read_bytes() == (project.public / "assets" / name).read_bytes(), name


def test_a_picture_is_made_smaller_once(site, tmp_path):
    """The second build runs with a program of libvips that would spoil every picture."""
    project = project_with(tmp_path / "project", {"phone.jpg": PHONE})
    project.built(pictures=True)
    before = {file.name: file.read_bytes() for file in (project.public / "assets").glob("phone.*")}
    false = tmp_path / "bin"
    false.mkdir()
    (false / "vipsthumbnail").write_text("#!/bin/sh\nexit 1\n")
    (false / "vipsthumbnail").chmod(0o755)
    project.write_news("2026-01-03-more.en.md", "Another text.")
    project.built(env={"PATH": str(false)})
    assert {file.name: file.read_bytes() for file in (project.public / "assets").glob("phone.*")} == before


def test_the_lead_picture_and_the_feed(tmp_path):
    project = bare_project(tmp_path / "project")
    (project.root / "content/news").mkdir()
    (project.root / "content/news/phone.jpg").write_bytes(PHONE)
    project.write_news("2026-01-02-all.en.md", "Text.", more='image: phone.jpg\nimageAlt: A phone\n')
    project.built(pictures=True)
    page = (project.public / "news/all/index.html").read_text(encoding="utf-8")
    lead = IMAGE.search(page)
    assert lead["alt"] == "A phone" and lead["srcset"].endswith("-1600.jpg 1600w")
    shared = re.search(r'<meta property="og:image" content="https://[^/]+(/[^"]+)"', page)[1]
    assert shared == lead["src"] and (project.public / shared.lstrip("/")).exists()


def test_without_libvips_the_picture_stays_and_the_build_says_so(tmp_path):
    project = project_with(tmp_path / "project", {"middle.jpg": PICTURES["middle.jpg"], "narrow.jpg": PICTURES["narrow.jpg"]})
    outcome = project.built()
    assert "1 picture has one size" in outcome.text and "libvips-tools" in outcome.text
    shown = images(project)
    assert not shown["middle.jpg"]["srcset"] and shown["middle.jpg"]["src"].endswith(".jpg")


@pytest.mark.parametrize("name", ["iphone.heic", "renamed.jpg"])
def test_without_libvips_heic_has_a_way_out(tmp_path, name):
    project = project_with(tmp_path / "project", {name: PICTURES[name]})
    finding, = project.findings(env={"PATH": "/nowhere"})
    assert (finding["id"], finding["path"]) == ("bad-image", f"content/news/{name}")
    assert "HEIC" in finding["message"] and "libvips-tools" in finding["hint"] and "JPEG" in finding["hint"]


@pytest.mark.parametrize("command", ["check", "build"])
def test_a_damaged_picture_is_the_inputs_fault(tmp_path, command):
    webp = bytearray(encoded(photograph(900, 600), "WEBP", lossless=True))
    webp[40:len(webp) - 10] = bytes(len(webp) - 50)
    project = project_with(tmp_path / "project", {
        "b.webp": bytes(webp), "c.jpg": PICTURES["middle.jpg"]})
    findings = project.findings(command=command)
    assert [(each["id"], each["path"]) for each in findings if each["severity"] == "error"] == [
        ("bad-image", "content/news/b.webp")], findings
    assert not list(project.public.glob("assets/b.*"))
    assert not (project.root / "seeds/ledger/checkpoint").exists()

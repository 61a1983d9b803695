"""No published picture tells where, when, by whom or with what it was taken; how it looks stays as it was."""

import io
import re
import struct

import pytest
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from support.project import bare_project

# Stands in every kind of metadata, so that none can hide.
SECRET = "Jalan-Rahasia-17"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><r>{SECRET}</r></x:xmpmeta>'.encode()


def exif(orientation):
    made = Image.Exif()
    if orientation > 1:
        made[0x0112] = orientation
    made[0x010E] = SECRET
    made[0x010F] = f"Camera of {SECRET}"
    made.get_ifd(0x8825).update({1: "S", 2: (7.0, 48.0, 20.5), 3: "E", 4: (110.0, 22.0, 12.5)})
    return made


def drawing(mode="RGB"):
    """A picture whose every corner is another one, so that a turn is seen."""
    image = Image.new(mode, (40, 20), "white")
    for at, colour in (((0, 0), "red"), ((20, 0), "green"), ((0, 10), "blue")):
        image.paste(colour, (*at, at[0] + 20, at[1] + 10))
    return image


def encoded(image, form, **options):
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def jpeg(orientation=1, **options):
    plain = encoded(drawing(), "JPEG", quality=95, exif=exif(orientation), icc_profile=PROFILE,
                    comment=SECRET, xmp=XMP, **options)
    # What cameras append: IPTC, a preview, and a film behind the end of the picture.
    iptc = b"Photoshop 3.0\0" + SECRET.encode()
    segments = b"".join(struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data
                        for marker, data in ((0xED, iptc), (0xE2, b"MPF\0" + SECRET.encode()), (0xE5, SECRET.encode())))
    return plain[:2] + segments + plain[2:] + b"\0\0\0\x18ftypmp42" + SECRET.encode()


def png(orientation=1):
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Author", SECRET)
    texts.add_text("Comment", SECRET, zip=True)
    texts.add_itxt("XML:com.adobe.xmp", XMP.decode())
    texts.add(b"tIME", b"\x07\xea\x0b\x14\x09\x0b\x0c")
    texts.add(b"prVt", SECRET.encode())
    return encoded(drawing("RGBA"), "PNG", pnginfo=texts, exif=exif(orientation), icc_profile=PROFILE) + SECRET.encode()


def webp(**options):
    return encoded(drawing("RGBA"), "WEBP", lossless=True, exif=exif(1), xmp=XMP, icc_profile=PROFILE, **options) + SECRET.encode()


def gif():
    frames = [drawing(), ImageOps.flip(drawing())]
    made = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:], comment=SECRET.encode(), duration=80, loop=0)
    data = b"".join(bytes([len(part)]) + part for part in (XMP[:200],)) + b"\0"
    header = 13 + (3 << ((made[10] & 7) + 1) if made[10] & 0x80 else 0)
    return made[:header] + b"\x21\xff\x0bXMP DataXMP" + data + made[header:] + SECRET.encode()


PICTURES = {
    "plain.jpg": jpeg(), "progressive.jpg": jpeg(progressive=True), "plain.png": png(), "plain.webp": webp(),
    "moving.webp": webp(save_all=True, append_images=[drawing("RGBA").rotate(180)], duration=80), "moving.gif": gif(),
    **{f"turned-{way}.jpg": jpeg(way) for way in range(2, 9)}, **{f"turned-{way}.png": png(way) for way in (3, 6, 8)},
    "capitals.JPG": jpeg(6),
}


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    project = bare_project(tmp_path_factory.mktemp("pictures") / "project")
    news = project.root / "content/news"
    news.mkdir()
    for name, data in PICTURES.items():
        (news / name).write_bytes(data)
    project.write_news("2026-01-02-all.en.md", "\n\n".join(f"![{name}]({name})" for name in PICTURES))
    project.built()
    text = (project.public / "news/all/index.html").read_text(encoding="utf-8")
    images = {match["alt"]: match for match in re.finditer(
        r'<img src="(?P<src>/[^"]*)" alt="(?P<alt>[^"]*)"[^>]* width="(?P<width>\d+)" height="(?P<height>\d+)"', text)}
    return {name: (images[name], (project.public / images[name]["src"].lstrip("/")).read_bytes()) for name in PICTURES}


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_of_the_metadata_is_published(published, name):
    _, data = published[name]
    assert SECRET.encode() in PICTURES[name] and SECRET.encode() not in data and b"Camera" not in data
    with Image.open(io.BytesIO(data)) as image:
        assert set(image.getexif()) <= {0x0112}, dict(image.getexif())
        assert not image.getexif().get_ifd(0x8825)
        left = set(image.info) - {"icc_profile", "jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi", "progressive",
                                  "progression", "adobe", "adobe_transform", "exif", "loop", "duration", "background", "version",
                                  "extension", "timestamp", "transparency", "gamma", "srgb"}
        assert not left, left


@pytest.mark.parametrize("name", PICTURES)
def test_it_looks_as_it_did(published, name):
    _, data = published[name]
    with Image.open(io.BytesIO(PICTURES[name])) as before, Image.open(io.BytesIO(data)) as after:
        assert before.info.get("icc_profile") == after.info.get("icc_profile")
        assert before.getexif().get(0x0112, 1) == after.getexif().get(0x0112, 1)
        frames = getattr(before, "n_frames", 1)
        assert frames == getattr(after, "n_frames", 1)
        for frame in range(frames):
            before.seek(frame)
            after.seek(frame)
            assert before.convert("RGBA").tobytes() == after.convert("RGBA").tobytes(), frame


@pytest.mark.parametrize("name", PICTURES)
def test_the_page_says_how_large_it_is_shown(published, name):
    image, data = published[name]
    with Image.open(io.BytesIO(data)) as picture:
        width, height = ImageOps.exif_transpose(picture).size
    assert (image["width"], image["height"]) == (str(width), str(height))


def test_its_address_follows_from_what_is_published(published):
    first, second = jpeg(), encoded(drawing(), "JPEG", quality=95, icc_profile=PROFILE)
    assert published["plain.jpg"][1] != first and second[:2] == published["plain.jpg"][1][:2]


@pytest.mark.parametrize("name, data, finding", [
    ("cut.png", png()[:150], "bad-image"),
    ("bomb.png", b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBB", 13, b"IHDR", 60000, 60000, 8, 2, 0, 0, 0) + bytes(4)
     + struct.pack(">I4s", 0, b"IEND") + bytes(4), "huge-image"),
    ("text.jpg", b"\xff\xd8 no picture", "bad-image"),
    ("cut.webp", webp()[:60], "bad-image"),
    ("cut.gif", gif()[:40], "bad-image"),
])
def test_what_is_no_whole_picture_is_refused(tmp_path, name, data, finding):
    project = bare_project(tmp_path / "project")
    (project.root / "content/news").mkdir()
    (project.root / "content/news" / name).write_bytes(data)
    project.write_news("2026-01-02-bad.en.md", f"![x]({name})")
    findings = project.findings()
    assert [(each["id"], each["path"]) for each in findings] == [(finding, f"content/news/{name}")], findings

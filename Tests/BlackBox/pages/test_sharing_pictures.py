"""Pictures for sharing: one for each announcement, made of its title, and made once."""

import json
import re
import shutil
import struct
import xml.etree.ElementTree as ElementTree
import zlib

import pytest

from support.output import site_files, tree
from support.pages import Page
from support.png import png
from support.preview import Preview
from support.program import REPOSITORY
from support.project import Project

pytestmark = pytest.mark.skipif(
    shutil.which("rsvg-convert") is None, reason="needs rsvg-convert; bin/test installs it")

# What a YAML text in double quotes and an XML parser must both survive.
HOSTILE = "</text><script>&amp;\\\"'<!-- ]]> {{page.url}} %s \U0001F600"


def meta(document, name):
    found = [each["content"] for each in document.all("meta") if each.get("property") == name]
    return found[0] if found else None


def page(project, slug):
    return Page((project.public / "news" / slug / "index.html").read_bytes())


def picture(project, slug):
    """The address of an announcement's picture below the site's root."""
    address = meta(page(project, slug), "og:image")
    assert address.startswith(project.site["url"] + "/assets/")
    return address.removeprefix(project.site["url"] + "/")


def made(project):
    return sorted(path for path in site_files(project.public) if path.startswith("assets/share-"))


def pixels(content):
    """Width, height and the raw rows of a PNG."""
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    position, data, size = 8, b"", None
    while position < len(content):
        length, kind = struct.unpack(">I4s", content[position:position + 8])
        body = content[position + 8:position + 8 + length]
        assert zlib.crc32(kind + body) == struct.unpack(">I", content[position + 8 + length:position + 12 + length])[0]
        if kind == b"IHDR":
            size = struct.unpack(">II", body[:8])
        if kind == b"IDAT":
            data += body
        position += 12 + length
    return size, zlib.decompress(data)


@pytest.fixture
def desk(newsless):
    """Two announcements, and nothing else to be told."""
    newsless.write_news("2026-01-02-one.en.md", "Text", title="One")
    newsless.write_news("2026-01-03-two.en.md", "Text", title="Two")
    return newsless


def test_every_announcement_has_a_picture_of_its_own_that_pages_name(desk):
    desk.built(pictures=True)
    paths = [picture(desk, slug) for slug in ("one", "two")]
    assert made(desk) == sorted(paths) and len(set(paths)) == 2
    for slug, path in zip(("one", "two"), paths):
        assert re.fullmatch(rf"assets/share-{slug}\.[0-9a-f]{{12}}\.png", path)
        size, rows = pixels((desk.public / path).read_bytes())
        assert size == (1200, 630) and len(set(rows)) > 10
        document = page(desk, slug)
        assert (meta(document, "og:image:width"), meta(document, "og:image:height")) == ("1200", "630")
        assert meta(document, "og:image:alt") == slug.capitalize()
        assert f'"image":"{desk.site["url"]}/{path}"' in (desk.public / f"news/{slug}/index.html").read_text()
    # Other pages keep the common one.
    assert re.search(r"/assets/certificate-1.png$", meta(Page((desk.public / "index.html").read_bytes()), "og:image"))


def test_two_builds_are_equal_byte_by_byte(desk, tmp_path):
    other = Project.copy(desk.root, tmp_path / "other")
    desk.built("--jobs", "1", pictures=True)
    other.built("--jobs", "7", pictures=True, env={"LC_ALL": "ar_SA.UTF-8", "LANG": "ja_JP.UTF-8"})
    assert tree(desk.public) == tree(other.public)


def test_a_picture_is_made_once_and_again_only_when_it_would_be_another(desk):
    desk.built(pictures=True)
    first = {path: (desk.public / path).stat().st_ino for path in made(desk)}
    # Whoever made them again would need the program.
    counter = desk.root / "counter"
    counter.mkdir()
    program = counter / "rsvg-convert"
    program.write_text(f'#!/bin/sh\necho x >>"{counter}/runs"\nexec {shutil.which("rsvg-convert")} "$@"\n')
    program.chmod(0o755)
    env = {"PATH": f"{counter}:/usr/bin:/bin"}

    def runs():
        return len((counter / "runs").read_text().split()) if (counter / "runs").exists() else 0

    desk.built(pictures=True, env=env)
    assert runs() == 0 and {path: (desk.public / path).stat().st_ino for path in made(desk)} == first
    desk.edit("content/news/2026-01-02-one.en.md", "Text", "Another text")
    desk.built(pictures=True, env=env)
    assert runs() == 0
    desk.edit("content/news/2026-01-02-one.en.md", "title: One", "title: Uno")
    old = picture(desk, "one")
    desk.built(pictures=True, env=env)
    assert runs() == 1 and picture(desk, "one") != old and not (desk.public / old).exists()
    # What somebody changed is no longer what was made.
    path = desk.public / picture(desk, "two")
    good = path.read_bytes()
    for wrong in (b"", good[:-1] + b"x", png(2, 2)):
        path.write_bytes(wrong)
        desk.built(pictures=True, env=env)
        assert path.read_bytes() == good
    assert runs() == 4
    shutil.rmtree(desk.root / ".canting-cache")
    desk.built(pictures=True, env=env)
    assert runs() == 6 and path.read_bytes() == good


def test_without_the_program_the_common_picture_is_used_and_the_publisher_is_told(desk):
    outcome = desk.built()
    assert "note   2 announcements are shared with the common picture" in outcome.text
    assert "librsvg2-bin" in outcome.text and made(desk) == []
    assert re.search(r"/assets/certificate-1.png$", meta(page(desk, "one"), "og:image"))
    assert "note" not in desk.built(pictures=True).text
    assert len(made(desk)) == 2


def test_a_program_that_fails_is_said_and_leaves_the_old_site(desk):
    desk.built()
    before = tree(desk.public)
    broken = desk.root / "broken"
    broken.mkdir()
    (broken / "rsvg-convert").write_text("#!/bin/sh\necho 'no such thing \033[31m' >&2\nexit 1\n")
    (broken / "rsvg-convert").chmod(0o755)
    outcome = desk.build(pictures=True, env={"PATH": f"{broken}:/usr/bin:/bin"})
    assert outcome.code == 70 and "rsvg-convert failed: no such thing" in outcome.text
    assert "\033" not in outcome.text
    assert {path: content for path, content in tree(desk.public).items() if not path.startswith(".canting")} == {
        path: content for path, content in before.items() if not path.startswith(".canting")}


def test_the_editors_own_picture_comes_first(desk):
    (desk.root / "content/news/own.png").write_bytes(png(600, 315))
    desk.write_news("2026-01-04-own.en.md", "Text", more="image: own.png\nimageAlt: A canting\n")
    desk.built(pictures=True)
    document = page(desk, "own")
    assert re.search(r"/assets/own\.[0-9a-f]+\.png$", meta(document, "og:image"))
    assert (meta(document, "og:image:width"), meta(document, "og:image:height")) == ("600", "315")
    assert meta(document, "og:image:alt") == "A canting"
    assert len(made(desk)) == 2


@pytest.mark.parametrize("title", [
    HOSTILE, "x" * 300, " ".join(["panjang"] * 60), "é" * 80, "W", "\u0007bell".replace("\u0007", ""),
], ids=["hostile", "one long word", "many words", "accents", "one letter", "plain"])
def test_any_title_makes_a_picture(desk, title, tmp_path):
    # The program that draws is handed well-formed XML with the title's words as text.
    keeper = tmp_path / "keeper"
    keeper.mkdir()
    (keeper / "rsvg-convert").write_text(
        f'#!/bin/sh\ncat >"{keeper}/$$.svg"\nexec {shutil.which("rsvg-convert")} "$@" <"{keeper}/$$.svg"\n')
    (keeper / "rsvg-convert").chmod(0o755)
    desk.write_news("2026-01-04-zz.en.md", "Text", title=f'"{title}"')
    desk.built(pictures=True, env={"PATH": f"{keeper}:/bin:/usr/bin/nothing"})
    assert len(made(desk)) == 3
    drawings = [ElementTree.parse(file) for file in keeper.glob("*.svg")]
    assert len(drawings) == 3
    texts = ["".join(each.itertext()) for drawing in drawings for each in drawing.iter("{http://www.w3.org/2000/svg}text")]
    assert not any(each.tag.endswith("script") for drawing in drawings for each in drawing.iter())
    words = json.loads(f'"{title}"').split()[0][:5]
    assert any(words in text for text in texts)


@pytest.mark.skipif(shutil.which("fc-list") is None, reason="needs fontconfig")
def test_a_title_that_no_font_can_write_is_not_made_into_boxes(desk):
    # Egyptian hieroglyphs, which hardly a machine can write; an empty answer stands for that.
    desk.write_news("2026-01-04-zz.en.md", "Text", title="\U00013000\U00013001")
    none = desk.root / "none"
    none.mkdir()
    (none / "fc-list").write_text("#!/bin/sh\nexit 0\n")
    (none / "fc-list").chmod(0o755)
    (none / "rsvg-convert").symlink_to(shutil.which("rsvg-convert"))
    outcome = desk.built(pictures=True, env={"PATH": str(none)})
    assert "no font here has all letters of the title in content/news/2026-01-04-zz.en.md" in outcome.text
    assert len(made(desk)) == 2
    assert re.search(r"/assets/certificate-1.png$", meta(page(desk, "zz"), "og:image"))


def test_specimens_are_marked_and_real_sites_are_not(desk, tmp_path):
    svg = (REPOSITORY / "templates/news/share.mustache").read_text(encoding="utf-8")
    assert re.search(r"\{\{#site\.specimen\}\}.*SPECIMEN.*\{\{/site\.specimen\}\}", svg, re.DOTALL)
    desk.built(pictures=True)
    specimen = pixels((desk.public / picture(desk, "one")).read_bytes())[1]
    desk.edit("templates/news/share.mustache", "SPECIMEN</text>", "</text>")
    desk.built(pictures=True)
    assert pixels((desk.public / picture(desk, "one")).read_bytes())[1] != specimen


def test_the_preview_makes_the_same_picture(desk):
    desk.built(pictures=True)
    path = picture(desk, "one")
    with Preview(desk.root) as running:
        answer, body = running.ask(f"/{path}")
        assert answer.status == 200 and answer.headers["Content-Type"] == "image/png"
        assert body == (desk.public / path).read_bytes()
        assert running.ask(f"/{path.replace('one', 'none')}")[0].status == 404

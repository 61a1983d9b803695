"""The pictures of docs/pictures/, made from the real site. bin/pictures runs it.

    PYTHONPATH=Tests python -m support.browser.pictures FOLDER

The guides' pictures show the example that stands in the guides; that of the README a certificate.
"""

import base64
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

from support.browser.editor_guide import GUIDES, PICTURE
from support.browser.published_site import REPOSITORY, Site
from support.browser.visitor import at
from support.preview import Preview

LARGEST = 100_000  # bytes
DESK = (1000, 720)  # what an editor's window shows

# A window and a phone, side by side.
FRAME = """<!DOCTYPE html><style>
body { margin: 0; width: 1280px; height: 960px; overflow: hidden; position: relative; background: #e9e1d3; }
img { position: absolute; display: block; object-fit: cover; object-position: top; }
.desk { left: 24px; top: 36px; width: 1000px; height: 924px; border-radius: 8px 8px 0 0; box-shadow: 0 10px 40px #0003; }
.phone { right: 24px; top: 246px; width: 308px; height: 660px; border: 10px solid #171a2b; border-top-width: 14px;
  border-bottom-width: 14px; border-radius: 26px; box-shadow: 0 10px 30px #0005; }
</style><img class="desk" src="%s"><img class="phone" src="%s">"""


def snap(visitor):
    """What the window shows, as PNG."""
    visitor.settled("return document.fonts.status")
    return base64.b64decode(visitor.cdp("Page.captureScreenshot", format="png")["data"])


def keep(folder, name, picture):
    """Writes a picture with as few colours as do it justice."""
    small = subprocess.run(["pngquant", "--speed", "1", "--strip", "--quality", "60-95", "-"],
                           input=picture, stdout=subprocess.PIPE, check=True).stdout
    assert len(small) < LARGEST, f"{name} has {len(small)} bytes"
    (folder / name).write_bytes(small)
    print(f"{folder / name}: {len(small)} bytes")


def picture_guides(visitor, folder, work):
    with Preview.of_specimen(work / "preview", "--drafts") as preview:
        for guide in GUIDES:
            preview.write(guide.file, guide.example)
        (preview.root / PICTURE[0]).write_bytes((REPOSITORY / PICTURE[1]).read_bytes())
        visitor.screen(*DESK)
        for guide in GUIDES:
            name = guide.language
            visitor.driver.get(preview.address(guide.address))
            visitor.until(lambda: visitor.all("main .prose img"), "the example")
            keep(folder, f"editor-page.{name}.png", snap(visitor))
            preview.write(guide.file, guide.mistaken)
            visitor.until(lambda: visitor.all("canting-findings"), "the overlay")
            keep(folder, f"editor-mistake.{name}.png", snap(visitor))
            preview.write(guide.file, guide.example)
            visitor.until(lambda: not visitor.all("canting-findings"), "no overlay")
            visitor.driver.get(preview.address("/news/" if name == "en" else "/id/news/"))
            visitor.until(lambda: visitor.all("main .news"), "the list")
            visitor.run("scrollBy(0, document.querySelector('main .news').getBoundingClientRect().top)")
            keep(folder, f"editor-list.{name}.png", snap(visitor))
        visitor.driver.get("about:blank")


def picture_certificate(visitor, folder, site):
    def address(picture):
        return f"data:image/png;base64,{base64.b64encode(picture).decode()}"

    path = site.certificate("valid").path
    shown = []
    for width, height in ((1000, 924), (360, 740)):
        visitor.screen(width, height)
        assert visitor.checked(path) == "valid"
        shown.append(address(snap(visitor)))
    visitor.screen(1280, 960)
    frame = Path(tempfile.mkdtemp()) / "frame.html"
    frame.write_text(FRAME % tuple(shown), encoding="utf-8")
    visitor.driver.get(f"file://{quote(str(frame))}")
    keep(folder, "certificate.png", snap(visitor))
    frame.unlink()
    frame.parent.rmdir()


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        site = Site(work / "site")
        with at(site) as visitor:
            visitor.arrive()
            picture_certificate(visitor, folder, site)
            picture_guides(visitor, folder, work)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

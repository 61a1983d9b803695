"""Pictures of the site for people to look at, in .build/screenshots/."""

import struct

from published_site import REPOSITORY

FOLDER = REPOSITORY / ".build" / "screenshots"
VERDICTS = ("valid", "expired", "suspended", "revoked", "superseded")


def size(picture):
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", picture[16:24])


def test_home_and_every_verdict_are_pictured_by_day_and_by_night(visitor, site):
    FOLDER.mkdir(parents=True, exist_ok=True)
    pictured = {}
    for name in ("home", *VERDICTS):
        visitor.open("/" if name == "home" else site.certificate(name).path)
        for width in (360, 1280):
            for theme in ("light", "dark"):
                visitor.screen(width)
                visitor.look(dark=theme == "dark")
                height = visitor.run("return document.scrollingElement.scrollHeight")
                picture = visitor.picture()
                assert size(picture) == (width, height)
                (FOLDER / f"{name}-{width}-{theme}.png").write_bytes(picture)
                pictured[name, width, theme] = picture
    assert len(set(pictured.values())) == len(pictured) == 24

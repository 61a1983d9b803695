"""Pictures of the site for people to look at, in .build/screenshots/."""

import struct

from support.browser.published_site import REPOSITORY

FOLDER = REPOSITORY / ".build" / "screenshots"
VERDICTS = ("valid", "expired", "suspended", "revoked", "superseded", "not genuine", "not found", "could not be checked")
# What the host serves to bring about the verdicts that no certificate of the site has.
CHANGES = {"not genuine": {"/status/revocation/0": b"{}"}, "could not be checked": {"/log/edge.json": None}}


def size(picture):
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    return struct.unpack(">II", picture[16:24])


def test_home_verify_and_every_verdict_are_pictured_by_day_and_by_night(visitor, site):
    FOLDER.mkdir(parents=True, exist_ok=True)
    pictured = {}
    for name in ("home", "verify", *VERDICTS):
        visitor.changes.clear()
        visitor.changes.update(CHANGES.get(name, {}))
        if name in ("home", "verify"):
            visitor.open("/" if name == "home" else "/verify/")
        elif name == "not found":
            visitor.open(site.path("not found"))
        else:
            visitor.checked(site.certificate("valid" if name in CHANGES else name).path)
        for width, theme in ((360, "light"), (1280, "light"), (1280, "dark")):
            visitor.screen(width)
            visitor.look(dark=theme == "dark")
            height = visitor.run("return document.scrollingElement.scrollHeight")
            picture = visitor.picture()
            assert size(picture) == (width, height)
            (FOLDER / f"{name.replace(' ', '-')}-{width}-{theme}.png").write_bytes(picture)
            pictured[name, width, theme] = picture
    assert len(set(pictured.values())) == len(pictured) == 30

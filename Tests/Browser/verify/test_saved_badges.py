"""A saved badge in /verify/: a browser cannot check its signature, so only the register's own one counts."""

import json

import pytest

from support.badges import FILES
from support.browser.published_site import Site
from support.browser.verification import given
from support.browser.visitor import at


@pytest.fixture(scope="module")
def badged(tmp_path_factory, engine):
    """The specimen with badges, and somebody who visits it."""
    settings = f"certificate_files: [{', '.join(FILES)}]\n"
    with at(Site(tmp_path_factory.mktemp("badged") / "project", settings=settings), engine) as visitor:
        yield visitor


def saved(badged, kind):
    badged.arrive()
    badged.open("/verify/")
    badged.until(lambda: badged.run("return document.readyState") == "complete", "the page")
    return badged.site.public / badged.site.certificate(kind).path.strip("/") / "badge.json"


@pytest.mark.parametrize("kind", ["valid", "suspended", "revoked"])
def test_the_registers_own_badge_ends_as_its_certificate_does(badged, kind):
    assert given(badged, saved(badged, kind)) == kind
    assert badged.stages["file"] == "passed"


def test_a_badge_that_says_something_else_is_never_valid(badged, tmp_path):
    badge = json.loads(saved(badged, "valid").read_text())
    badge["credentialSubject"]["identifier"][0]["identityHash"] = "Somebody Else"
    (tmp_path / "badge.json").write_text(json.dumps(badge))
    assert given(badged, tmp_path / "badge.json") not in ("valid", "expired")
    assert badged.stages["file"] != "passed"

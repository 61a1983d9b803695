"""A site that gives each certificate a page and nothing else: checked in the browser all the same."""

import pytest

from support.browser.published_site import Site
from support.browser.visitor import at


@pytest.fixture(scope="module")
def sparing(tmp_path_factory, engine):
    """The specimen with pages alone, and somebody who visits it."""
    site = Site(tmp_path_factory.mktemp("sparing") / "project", settings="certificate_files: [page]\n")
    with at(site, engine) as visitor:
        yield visitor


@pytest.mark.parametrize("kind", ["valid", "revoked", "suspended", "superseded", "expired"])
def test_each_verdict_is_reached_without_a_credential(sparing, kind):
    sparing.arrive()
    assert sparing.checked(sparing.site.certificate(kind).path) == kind
    assert {sparing.stages[step] for step in ("fields", "signature", "log")} == {"passed"}


@pytest.mark.parametrize("loss", [b"{}", None])
def test_without_the_signed_log_nothing_was_signed(sparing, loss):
    sparing.arrive()
    sparing.changes["/log/edge.json"] = loss
    assert sparing.checked(sparing.site.certificate("valid").path) != "valid"
    assert "passed" not in (sparing.stages["signature"], sparing.stages["log"])


def test_a_page_that_names_another_place_in_the_log_is_not_genuine(sparing):
    sparing.arrive()
    certificate = sparing.site.certificate("valid")
    page = (sparing.site.public / certificate.path.strip("/") / "index.html").read_text(encoding="utf-8")
    index = page.split('data-index="')[1].split('"')[0]
    other = page.replace(f'data-index="{index}"', f'data-index="{int(index) + 1}"').replace(
        f'data-field="index">{index}<', f'data-field="index">{int(index) + 1}<')
    assert other.count(str(int(index) + 1)) > page.count(str(int(index) + 1)) + 1
    sparing.changes[certificate.path] = other.encode()
    assert sparing.checked(certificate.path) == "not_genuine"
    assert sparing.stages["log"] == "failed" and sparing.stages["signature"] == "failed"


def test_the_record_can_be_saved_from_the_page(sparing):
    sparing.arrive()
    sparing.checked(sparing.site.certificate("valid").path)
    link = sparing.find(".proof a[download]").get_attribute("href")
    assert link.startswith("data:application/json;base64,")
    assert sparing.run("return [...document.querySelectorAll('.proof a[download]')].every(({ href }) => href.startsWith('data:'))")

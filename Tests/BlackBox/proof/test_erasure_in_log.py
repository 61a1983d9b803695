"""Erased certificates in the log: what stays, and what may still happen to them."""

import json

import pytest

from support.expected import expect_all, expect_rows
from support.output import refused, tree
from support.project import ledger_of
from support.proof import NUMBER, addresses_in, certificate_files, events_in, site_of, verdicts_of
from support.registry import COLUMNS, erase_row, person, row_of, set_row
from support.verifier import entry_bytes, log_id


@pytest.mark.smoke
def test_an_erased_certificate_leaves_the_site_and_stays_in_the_log(published):
    row = row_of(published, NUMBER["valid"])[1]
    erased = expect_rows(published, [row])[0]
    old = site_of(published).log()
    erase_row(published, NUMBER["valid"])
    published.built()
    log = site_of(published).log()
    log.check_extends(old.checkpoint)
    assert log.contents[old.size:] == [
        entry_bytes("erased", log_id(erased.fingerprint), "2026-10-01")]
    left = published.public / erased.path.strip("/")
    assert [file.name for file in left.iterdir()] == ["index.html"]  # which says so and nothing else
    words = ["Zulfanida", "Kartaredjasa", row["registration"], row["number"], erased.fingerprint]
    files = {path: content for path, content in tree(published.public).items()}
    assert [(path, word) for path, content in files.items() for word in words
            if word.encode() in content or word in path] == []
    assert {path for path, content in files.items()
            if addresses_in(content, {erased.code})} == set()
    assert erased.fingerprint not in certificate_files(published)
    verdicts_of(published)


def test_what_the_institution_keeps_of_an_erased_certificate_names_nobody(published):
    row = row_of(published, NUMBER["valid"])[1]
    erase_row(published, NUMBER["valid"])
    published.built()
    kept = b"".join(tree(ledger_of(published)).values())
    for word in ("Zulfanida", "Kartaredjasa", row["number"], row["registration"]):
        assert word.encode() not in kept


def test_an_erasure_is_sealed_once(published):
    erase_row(published, NUMBER["valid"])
    published.built()
    assert published.built("--format", "json").json["result"]["sealed"] == 0


def test_erasure_clears_no_revocation(published):
    erased = expect_rows(published, [row_of(published, NUMBER["revoked"])[1]])[0]
    saved, _ = certificate_files(published)[erased.fingerprint]
    site = site_of(published)
    assert site.statuses(json.loads(saved), site.issuer) == {"revocation"}
    erase_row(published, NUMBER["revoked"])
    published.built()
    site = site_of(published)
    assert site.statuses(json.loads(saved), site.issuer) >= {"revocation"}


def test_an_erasure_and_other_changes_stand_in_the_order_of_their_dates(published):
    size = site_of(published).log().size
    erase_row(published, NUMBER["valid"], date="2026-02-01")
    set_row(published, NUMBER["other"], status="revoked", status_date="2026-03-01")
    published.built()
    events, dates = events_in(site_of(published).log().contents[size:])
    assert len(events) == 2 and dates == sorted(dates)


def test_an_erased_certificate_whose_row_comes_back_does_not_spoil_the_log(published):
    rows = published.rows()
    erase_row(published, NUMBER["valid"])
    published.built()
    old = site_of(published).log()
    published.write_rows(rows)
    outcome = published.build()
    assert outcome.code in (0, 1), outcome.text
    site_of(published).log().check_extends(old.checkpoint)
    erase_row(published, NUMBER["valid"])
    published.built()
    site_of(published).log().check_extends(old.checkpoint)


@pytest.mark.parametrize("name, revision", [
    ("valid", ""), ("suspended", ""), ("revoked", ""), ("reinstated", ""), ("superseded", ""),
    ("successor", ""), ("other", "")])
def test_whatever_became_of_a_certificate_it_can_be_erased(published, name, revision):
    """Also one that replaced another, which then stays replaced."""
    before = {each.fingerprint for each in expect_all(published)}
    (erased,) = [each for each in expect_all(published)
                 if (each.row["number"], each.row["revision"]) == (NUMBER[name], revision)]
    old = site_of(published).log()
    erase_row(published, NUMBER[name], revision)
    published.built()
    log = site_of(published).log()
    log.check_extends(old.checkpoint)
    assert log.contents[old.size:] == [
        entry_bytes("erased", log_id(erased.fingerprint), "2026-10-01")]
    assert set(verdicts_of(published)) == before - {erased.fingerprint}


@pytest.mark.parametrize("name", ["revoked", "valid", "suspended", "reinstated"])
@pytest.mark.parametrize("erased", ["other", "successor"])
def test_nothing_becomes_superseded_by_an_erased_certificate(published, name, erased):
    """The log would have to name it; without an entry, the page would say what the log does not."""
    erase_row(published, NUMBER[erased])
    published.built()
    set_row(published, NUMBER[name], status="superseded", status_date="2026-10-02",
            superseded_by=NUMBER[erased])
    (finding,) = refused(published, "successor-erased")
    assert finding["line"] == row_of(published, NUMBER[name])[0]


def test_a_certificate_is_not_published_first_as_superseded_by_an_erased_one(published):
    erase_row(published, NUMBER["other"])
    published.write_rows(published.rows() + [
        person(41, issued="2024-06-01", status="superseded", status_date="2026-10-02",
               superseded_by=NUMBER["other"])])
    refused(published, "successor-erased")


@pytest.mark.parametrize("build_between", [True, False])
def test_the_date_of_a_succession_stays_when_the_successor_is_erased(published, build_between):
    erase_row(published, NUMBER["successor"])
    if build_between:
        published.built()
    set_row(published, NUMBER["superseded"], status_date="2025-05-05")
    (finding,) = refused(published, "status-date-changed")
    assert finding["line"] == row_of(published, NUMBER["superseded"])[0]


def test_an_erased_certificate_does_not_take_the_place_of_a_successor_that_stands(published):
    erase_row(published, NUMBER["other"])
    published.built()
    set_row(published, NUMBER["superseded"], superseded_by=NUMBER["other"])
    refused(published, "successor-erased")


@pytest.mark.parametrize("revision, other", [("", "2"), ("2", "")])
def test_a_person_is_erased_with_every_revision(published, revision, other):
    """Else the name stays on-line under the revision that was forgotten."""
    old = site_of(published).log()
    erase_row(published, NUMBER["corrected"], revision)
    (finding,) = refused(published, "erased-in-part")
    assert finding["line"] == row_of(published, NUMBER["corrected"], other)[0]
    erase_row(published, NUMBER["corrected"], other)
    published.built()
    log = site_of(published).log()
    log.check_extends(old.checkpoint)
    assert len(log.contents) == old.size + 2
    verdicts_of(published)


def test_a_row_that_is_left_beside_its_erasure_is_refused(published):
    """Else the name stays on-line, and the registry says that it was erased."""
    row = {name: "" for name in COLUMNS} | {
        "number": NUMBER["valid"], "status": "erased", "status_date": "2026-10-01"}
    published.write_rows(published.rows() + [row])
    outcome = published.build()
    assert outcome.code == 1, outcome.text


def test_an_erasure_is_not_dated_before_what_the_log_already_has(published):
    erase_row(published, NUMBER["revoked"], date="2025-05-31")
    outcome = published.build()
    assert outcome.code == 1, outcome.text

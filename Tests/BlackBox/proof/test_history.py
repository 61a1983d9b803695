"""History is not rewritten: what a build refuses once certificates are published, and what it appends."""

import json
import shutil

import pytest

from support.expected import expect_all, expect_rows, secret_of
from support.output import refused, tree
from support.project import ledger_of
from support.proof import NUMBER, flipped, site_of, verdicts_of
from support.registry import column_of, person, row_of, set_row
from support.verifier import entry_bytes, history_of, log_id


@pytest.mark.smoke
def test_what_was_published_verifies_with_every_status(published):
    found = {(verdict.record["number"], verdict.record.get("revision", 1)): verdict.event["type"]
             for verdict in verdicts_of(published).values()}
    assert found == {
        (NUMBER["valid"], 1): "issued", (NUMBER["suspended"], 1): "suspended",
        (NUMBER["revoked"], 1): "revoked", (NUMBER["reinstated"], 1): "reinstated",
        (NUMBER["superseded"], 1): "superseded", (NUMBER["successor"], 1): "issued",
        (NUMBER["corrected"], 1): "superseded", (NUMBER["corrected"], 2): "issued",
        (NUMBER["other"], 1): "issued"}


EDITS = [
    ("holder", "Zulfanida Kartaredja"), ("registration", "BTK.0000.99999.2024"),
    ("registration", ""), ("issued", "2024-10-16"), ("expires", "2029-10-15"), ("scheme", "PWA")]


@pytest.mark.parametrize("column, value, is_at_hand", [
    *[(column, value, True) for column, value in EDITS],
    # Before the issuer's present edition.
    ("issued", "2023-10-15", True),
    *[(column, value, False) for column, value in EDITS],
])
def test_a_published_certificate_that_was_edited_is_refused_at_its_row(
        published, column, value, is_at_hand):
    line, row = row_of(published, NUMBER["valid"])
    old = expect_rows(published, [row])[0].fingerprint
    set_row(published, NUMBER["valid"], **{column: value})
    new = expect_rows(published, [row_of(published, NUMBER["valid"])[1]])[0].fingerprint
    assert old != new
    if not is_at_hand:
        shutil.rmtree(published.public)
    (finding,) = refused(published, "published-certificate-changed")
    assert (finding["path"], finding["line"]) == ("seeds/registry.csv", line)
    assert old in finding["message"] and new in finding["message"]
    assert "correction" in finding["hint"] and "supersedes" in finding["hint"]
    assert is_at_hand or not published.public.exists()


def test_the_finding_points_at_the_field_that_was_edited_and_says_what_it_was(published):
    set_row(published, NUMBER["valid"], holder="Zulfanida Kartaredja")
    (finding,) = refused(published, "published-certificate-changed")
    assert finding["column"] == column_of(row_of(published, NUMBER["valid"])[1], "holder")
    assert "`Zulfanida Kartaredjasa`" in finding["message"]
    assert "`Zulfanida Kartaredja`" in finding["message"]


@pytest.mark.smoke
def test_every_edited_row_is_reported_in_one_run(published):
    set_row(published, NUMBER["valid"], holder="Somebody Else")
    set_row(published, NUMBER["other"], holder="Somebody Else Again")
    findings = refused(published, "published-certificate-changed")
    assert [finding["line"] for finding in findings] == [
        row_of(published, NUMBER[name])[0] for name in ("valid", "other")]


@pytest.mark.smoke
def test_a_correction_under_the_next_revision_is_accepted(published):
    rows = published.rows()
    rows.append(person(1, revision="2", holder="Zulfanida Kartaredja", issued="2026-01-10"))
    published.write_rows(rows)
    size = site_of(published).log().size
    published.built()
    old, new = (log_id(each.fingerprint) for each in expect_all(published)
                if each.row["number"] == NUMBER["valid"])
    assert site_of(published).log().contents[size:] == [
        entry_bytes("issued", new), entry_bytes("superseded", old, "2026-01-10", new)]


@pytest.mark.parametrize("changes", [
    {"status": "", "status_date": ""}, {"status": "valid", "status_date": "2026-01-01"},
    {"status": "suspended", "status_date": "2026-01-01"},
    {"status": "superseded", "status_date": "2026-01-01", "superseded_by": NUMBER["other"]},
], ids=["as if never", "reinstated", "suspended", "superseded"])
def test_a_revoked_certificate_stays_revoked(published, changes):
    set_row(published, NUMBER["revoked"], **changes)
    (finding,) = refused(published, "status-back-from-revoked")
    assert finding["line"] == row_of(published, NUMBER["revoked"])[0]
    assert "2025-06-01" in finding["message"]


@pytest.mark.parametrize("changes", [
    {"status": "", "status_date": "", "superseded_by": ""},
    {"status": "valid", "status_date": "2026-01-01", "superseded_by": ""},
    {"status": "suspended", "status_date": "2026-01-01", "superseded_by": ""},
], ids=["as if never", "reinstated", "suspended"])
def test_a_superseded_certificate_stays_superseded(published, changes):
    set_row(published, NUMBER["superseded"], **changes)
    (finding,) = refused(published, "status-back-from-superseded")
    assert finding["line"] == row_of(published, NUMBER["superseded"])[0]


def test_the_log_and_the_page_name_the_same_successor_when_it_is_edited_later(published):
    set_row(published, NUMBER["superseded"], superseded_by=NUMBER["other"])
    outcome = published.build()
    assert outcome.code in (0, 1)
    if outcome.code == 1:
        return
    names = {each.row["number"]: log_id(each.fingerprint) for each in expect_all(published)}
    event = site_of(published).log().last[names[NUMBER["superseded"]]]
    assert event["by"] == names[NUMBER["other"]]


@pytest.mark.parametrize("name", ["revoked", "superseded"])
@pytest.mark.parametrize("date", ["2025-01-01", "2026-01-01"])
def test_the_date_of_a_final_status_does_not_change(published, name, date):
    set_row(published, NUMBER[name], status_date=date)
    (finding,) = refused(published, "status-date-changed")
    assert finding["line"] == row_of(published, NUMBER[name])[0]


@pytest.mark.parametrize("changes", [
    {"status": "revoked", "status_date": "2025-04-30"},
    {"status": "suspended", "status_date": "2025-04-30"},
    {"status": "valid", "status_date": "2025-04-30"},
    {"status": "superseded", "status_date": "2025-04-30", "superseded_by": NUMBER["other"]},
], ids=["revoked", "suspended", "reinstated", "superseded"])
def test_nothing_is_dated_before_what_the_log_already_has(published, changes):
    set_row(published, NUMBER["suspended"], **changes)
    (finding,) = refused(published, "back-dated-status")
    assert finding["line"] == row_of(published, NUMBER["suspended"])[0]
    assert "2025-05-01" in finding["message"]


def test_a_suspension_does_not_vanish_without_a_date(published):
    set_row(published, NUMBER["suspended"], status="", status_date="")
    (finding,) = refused(published, "reinstatement-without-date")
    assert finding["line"] == row_of(published, NUMBER["suspended"])[0]


@pytest.mark.parametrize("name, changes", [
    ("suspended", {"status": "valid", "status_date": "2025-05-01"}),
    ("suspended", {"status": "revoked", "status_date": "2025-05-02"}),
    ("reinstated", {"status": "suspended", "status_date": "2026-03-01"}),
    ("superseded", {"status": "revoked", "status_date": "2026-03-01", "superseded_by": ""}),
    ("valid", {"status": "superseded", "status_date": "2026-03-01",
               "superseded_by": NUMBER["corrected"]}),
])
def test_what_may_happen_to_a_certificate_is_appended(published, name, changes):
    old = site_of(published).log()
    set_row(published, NUMBER[name], **changes)
    published.built()
    log = site_of(published).log()
    log.check_extends(old.checkpoint)
    (wanted,) = [each.event for each in history_of(expect_all(published))
                 if each.event and each.number == NUMBER[name]]
    assert log.contents[old.size:] == [wanted]
    verdicts_of(published)


@pytest.mark.parametrize("name, revision", [("valid", ""), ("revoked", ""), ("corrected", "2")])
def test_a_certificate_that_vanished_from_the_registry_is_refused(published, name, revision):
    published.write_rows([row for row in published.rows()
                          if (row["number"], row["revision"]) != (NUMBER[name], revision)])
    findings = published.findings()
    (finding,) = [each for each in findings if each["id"] == "published-certificate-missing"]
    assert finding["path"] == "seeds/registry.csv" and NUMBER[name] in finding["message"]
    assert "erased" in finding["hint"]


def test_another_secret_is_refused_before_it_is_called_anything_else(published):
    file = published.root / "seeds/keys/registry.secret"
    secret = secret_of(published.root).hex()
    published.edit("seeds/keys/registry.secret", secret, secret[::-1])
    (finding,) = refused(published, "secret-changed")
    assert finding["path"] == "seeds/keys/registry.secret"
    assert secret[::-1] in file.read_text()
    assert secret not in json.dumps(finding) and secret[::-1] not in json.dumps(finding)


@pytest.mark.parametrize("old, new", [
    ('{en: "Stamped Batik Maker", id: "Pembatik Cap"',
     '{en: "Stamped Batik Master", id: "Pembatik Cap"'),
    ('{en: "Stamped Batik Maker", id: "Pembatik Cap"',
     '{en: "Stamped Batik Maker", id: "Pembatik  Cap"'),
    ("{code: C.13BTK01.914.2,", "{code: C.13BTK01.915.2,"),
], ids=["title", "white space in a title", "unit"])
def test_a_scheme_edited_under_published_certificates_is_refused(published, old, new):
    before = {each.fingerprint for each in expect_all(published)}
    published.edit("seeds/schemes.yml", old, new)
    assert {each.fingerprint for each in expect_all(published)} != before
    (finding,) = refused(published, "published-scheme-changed")
    assert finding["path"] == "seeds/schemes.yml" and "PBC" in finding["message"]


@pytest.mark.parametrize("old, new", [
    ('"LSP Batik Nusantara", licence: "BNSP-LSP-0000.1-ID"',
     '"LSP Batik Nusantara Raya", licence: "BNSP-LSP-0000.1-ID"'),
    ("BNSP-LSP-0000.1-ID", "BNSP-LSP-0000.2-ID"),
], ids=["name", "licence"])
def test_an_issuer_edited_under_published_certificates_is_refused(published, old, new):
    published.edit("content/site.yml", old, new)
    (finding,) = refused(published, "published-issuer-changed")
    assert finding["path"] == "content/site.yml"


def test_a_new_edition_under_no_published_certificate_is_accepted(published):
    published.edit(
        "content/site.yml", "\ncontact:",
        '  - {from: 2026-06-01, name: "LSP Batik Raya", licence: "BNSP-LSP-0000.2-ID"}\n\ncontact:')
    published.write_rows(published.rows() + [person(20, issued="2026-06-01")])
    size = site_of(published).log().size
    published.built()
    assert site_of(published).log().size == size + 1
    names = {verdict.record["issuer"]["name"] for verdict in verdicts_of(published).values()}
    assert names == {"LSP Batik Nusantara", "LSP Batik Raya"}


def test_an_edition_that_reaches_back_under_published_certificates_is_refused(published):
    published.edit(
        "content/site.yml", "\ncontact:",
        '  - {from: 2024-06-01, name: "LSP Batik Raya", licence: "BNSP-LSP-0000.2-ID"}\n\ncontact:')
    refused(published, "published-issuer-changed")


def test_an_edited_row_does_not_speak_for_the_others_that_an_edition_moved(published):
    """Where the edited one comes first in the log, too."""
    moved = [row for row in published.rows() if row["issued"] >= "2024-06-01"]
    first = min(moved, key=lambda row: (row["issued"], row["number"], row["revision"]))
    assert len(moved) > 2
    set_row(published, first["number"], first["revision"], holder="Somebody Else")
    published.edit(
        "content/site.yml", "\ncontact:",
        '  - {from: 2024-06-01, name: "LSP Batik Raya", licence: "BNSP-LSP-0000.2-ID"}\n\ncontact:')
    found = published.findings()
    assert sorted(finding["id"] for finding in found) == [
        "published-certificate-changed", "published-issuer-changed"], found
    assert next(finding for finding in found if "line" in finding)["line"] == row_of(
        published, first["number"], first["revision"])[0]


def test_no_new_log_is_begun_over_tiles_however_few(published):
    shutil.rmtree(published.public)
    for name in ("checkpoint", "published"):
        (ledger_of(published) / name).unlink()
    refused(published, "ledger-damaged")


@pytest.mark.parametrize("damage", ["emptied", "cut", "signature"])
def test_a_damaged_checkpoint_of_the_site_is_not_blamed_on_the_ledger(published, damage):
    file = published.public / "log/checkpoint"
    content = file.read_bytes()
    file.write_bytes({
        "emptied": b"", "cut": content[:len(content) // 2],
        "signature": flipped(content, len(content) - 20, 1)}[damage])
    (finding,) = refused(published, "published-checkpoint-damaged")
    assert finding["path"] == "public/log/checkpoint"
    assert "seeds/ledger is the newest" in finding["hint"]
    file.unlink()  # which is the way out that it names
    published.built()
    assert file.read_bytes() == content


@pytest.mark.parametrize("name", ["tile/0/x999/x999/x999/x999/x999/999", "tile/entries/x999/x999/x999/999"])
def test_a_stray_tile_beyond_all_logs_is_passed_by(published, name):
    stray = ledger_of(published) / name
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"")
    published.built()
    assert not (published.public / "log" / name).exists()


@pytest.mark.parametrize("remains", ["nothing", "empty folder"])
def test_no_new_log_is_begun_beside_a_published_one(published, remains):
    shutil.rmtree(ledger_of(published))
    if remains == "empty folder":
        ledger_of(published).mkdir()
    before = tree(published.public)
    (finding,) = published.findings()
    assert (finding["id"], finding["path"]) == ("ledger-missing", "seeds/ledger")
    assert "backup" in finding["hint"]
    assert tree(published.public) == before
    assert not tree(ledger_of(published))


def test_no_log_is_begun_beside_one_published_elsewhere(published, tmp_path):
    output = tmp_path / "www"
    shutil.move(published.public, output)
    shutil.rmtree(ledger_of(published))
    (finding,) = published.findings("--output", output)
    assert finding["id"] == "ledger-missing"


def test_a_ledger_from_an_old_backup_does_not_fork_the_published_log(published, tmp_path):
    """The backup lacks two builds; what it would seal in one stands in another order on-line."""
    backup = shutil.copytree(ledger_of(published), tmp_path / "backup")
    for row in (person(31, issued="2025-11-01"), person(30, issued="2024-11-01")):
        published.write_rows(published.rows() + [row])
        published.built()
    newest = site_of(published).log()
    shutil.rmtree(ledger_of(published))
    shutil.copytree(backup, ledger_of(published))
    before = tree(published.public)
    outcome = published.build("--format", "json")
    if outcome.code == 0:
        site_of(published).log().check_extends(newest.checkpoint)
    else:
        assert outcome.code == 1 and tree(published.public) == before


def test_a_log_is_not_continued_under_another_domain(published):
    published.edit("content/site.yml", "sertifikat.lsp-batik.example", "other.lsp-batik.example")
    before = tree(published.public)
    findings = published.findings()
    assert {finding["id"] for finding in findings} == {"ledger-of-another-site"}
    assert "sertifikat.lsp-batik.example/log" in findings[0]["message"]
    assert tree(published.public) == before

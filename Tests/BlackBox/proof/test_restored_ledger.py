"""`canting ledger restore`: a lost ledger made again from the published log, the registry and the secret."""

import shutil

import pytest

from support.expected import expect_all
from support.output import tree
from support.project import bare_project, ledger_of
from support.registry import COLUMNS, person


def erase(project, serial):
    number = person(serial)["number"]
    project.write_rows([
        {name: row[name] if name in ("number", "revision") else "" for name in COLUMNS}
        | {"status": "erased", "status_date": "2026-11-20"} if row["number"] == number else row for row in project.rows()])


@pytest.fixture
def lost(tmp_path):
    """A project whose log grew in three builds, its site on a host, and its ledger gone."""
    project = bare_project(tmp_path / "project")
    people = [person(serial) for serial in range(1, 12)]
    project.write_rows(people[:3])
    project.built()
    project.write_rows([{**people[0], "status": "revoked", "status_date": "2026-10-01"}, *people[1:8]])
    project.built()
    project.write_rows([*project.rows(), *people[8:]])
    project.built()
    project.kept = tree(ledger_of(project))
    project.host = shutil.copytree(project.public, tmp_path / "host")
    lose(project)
    return project


def lose(project):
    shutil.rmtree(ledger_of(project))
    shutil.rmtree(project.public)


def restore(project, *arguments, site=None):
    return project.run("ledger", "restore", "--site", site or project.host, *arguments)


@pytest.mark.smoke
def test_it_is_the_same_ledger_byte_for_byte(lost):
    outcome = restore(lost)
    assert outcome.code == 0, outcome.text
    assert "12 entries, 11 certificates that stand" in outcome.text
    assert tree(ledger_of(lost)) == lost.kept
    lost.built()
    assert tree(lost.public) == {path: content for path, content in tree(lost.host).items()}


def test_rows_that_are_new_since_then_are_sealed_by_the_next_build(lost):
    lost.write_rows([*lost.rows(), person(20)])
    assert restore(lost).code == 0
    lost.built("--site", lost.host)
    assert len(expect_all(lost)) == 12


def test_what_was_erased_is_in_the_log_and_not_in_the_index(lost):
    assert restore(lost).code == 0
    erase(lost, 5)
    lost.built()
    shutil.rmtree(lost.host)
    shutil.copytree(lost.public, lost.host)
    lose(lost)
    outcome = restore(lost, "--format", "json")
    assert outcome.json["result"] == {"entries": 13, "certificates": 10, "erased": 1}
    lost.built("--site", lost.host)
    # It stays erased, also for whoever fills the row in again.
    lost.write_rows([person(5) if row["number"] == person(5)["number"] else row for row in lost.rows()])
    assert [each["id"] for each in lost.findings()] == ["erased-certificate-restored"]
    # And the log goes on.
    erase(lost, 5)
    lost.write_rows([*lost.rows(), person(20)])
    lost.built("--site", lost.host)


def edited(project):
    project.write_rows([{**row, "holder": "Somebody Else"} if row["number"] == person(4)["number"] else row
                        for row in project.rows()])


def shortened(project):
    project.write_rows([row for row in project.rows() if row["number"] not in (person(2)["number"], person(7)["number"])])


def of_another_secret(project):
    file = project.root / "seeds/keys/registry.secret"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines[:-1], lines[-1][::-1]]) + "\n", encoding="utf-8")


def of_other_keys(project):
    shutil.rmtree(project.root / "seeds/keys")
    assert project.run("keys", "new").code == 0


def cut(project):
    (project.host / "log/tile/entries/000.p/12").unlink()


def changed(project):
    file = project.host / "log/tile/0/000.p/12"
    content = bytearray(file.read_bytes())
    content[40] ^= 1
    file.write_bytes(content)


def changed_earlier(project):
    file = project.host / "log/tile/0/000.p/3"
    content = bytearray(file.read_bytes())
    content[40] ^= 1
    file.write_bytes(content)


def forged(project):
    file = project.host / "log/tile/entries/000.p/12"
    file.write_bytes(file.read_bytes().replace(b"2026-10-01", b"2026-10-02"))


def unsigned(project):
    file = project.host / "log/checkpoint"
    file.write_text(file.read_text(encoding="utf-8").replace("\n12\n", "\n11\n"), encoding="utf-8")


def elsewhere(project):
    shutil.rmtree(project.host)


def not_lost(project):
    assert restore(project).code == 0


@pytest.mark.parametrize("damage, finding, words", [
    (edited, "ledger-without-rows", f"1 of 11 have none|does not have {person(4)['number']}"),
    (shortened, "ledger-without-rows", "2 of 11 have none|taken out since'"),
    (of_another_secret, "ledger-without-rows", "11 of 11 have none|restore the registry secret"),
    (of_other_keys, "published-log-damaged", "no known key signed the note"),
    (cut, "published-log-damaged", "log/tile/entries/000.p/12 is missing"),
    (changed, "published-log-damaged", "hashes are not those of the entries"),
    (changed_earlier, "published-log-damaged", "not the beginning of the tile"),
    (forged, "published-log-damaged", "not those that were hashed"),
    (unsigned, "published-log-damaged", ""),
    (elsewhere, "site-without-log", "there is none"),
    (not_lost, "ledger-exists", "never overwritten"),
])
def test_what_cannot_be_restored_is_said_and_nothing_is_written(lost, damage, finding, words):
    damage(lost)
    before = tree(lost.root)
    outcome = restore(lost, "--format", "json")
    assert outcome.code == 1 and outcome.ids == [finding], outcome.text
    said = str(outcome.findings)
    assert all(word in said for word in words.split("|")), said
    assert tree(lost.root) == before


def test_a_killed_attempt_is_passed_over_by_the_next(lost):
    rest = lost.root / "seeds/ledger.restoring/tile"
    rest.mkdir(parents=True)
    (rest / "rest").write_text("rest", encoding="utf-8")
    assert restore(lost).code == 0
    assert tree(ledger_of(lost)) == lost.kept and not rest.parent.exists()

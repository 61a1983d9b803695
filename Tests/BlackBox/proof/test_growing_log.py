"""A log that grows from build to build."""

import shutil

import pytest

from support.expected import expect_all
from support.output import changed, differences, site_files, stamps, states_the_day, tree
from support.project import ledger_of, bare_project, with_everything
from support.proof import certificate_files, events_in, site_of, verdicts_of
from support.registry import person, registered
from support.verifier import EMPTY_ROOT, expected_tiles, history_of, sealed_together


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A project built at several sizes, and what each build published."""
    project = bare_project(tmp_path_factory.mktemp("grown") / "project")
    rows, stages = [], []
    # The new rows of each build, and the status changes that go with them.
    for count, changes in ((40, []), (60, [(3, "suspended")]), (150, [(5, "revoked")]),
                           (12, [(3, "valid"), (7, "suspended")])):
        # Newer rows come first: neither their place in the file nor their date moves older entries.
        rows = registered(count, first=len(rows) + 1) + rows
        for serial, status in changes:
            for row in rows:
                if row["number"] == person(serial)["number"]:
                    row.update(status=status, status_date=f"2026-{len(stages) + 1:02}-15")
        project.write_rows(rows)
        outcome = project.built("--format", "json")
        log = site_of(project).log()
        log.check_tiles()
        stages.append({
            "log": log, "files": tree(project.public / "log"), "expected": expect_all(project),
            "certificates": certificate_files(project), "result": outcome.json["result"]})
    return project, stages


def test_the_log_grows_past_a_full_tile(grown):
    _, stages = grown
    assert [stage["log"].size for stage in stages] == [40, 101, 252, 266]
    assert [stage["result"]["sealed"] for stage in stages] == [40, 61, 151, 14]
    assert [stage["result"]["logSize"] for stage in stages] == [40, 101, 252, 266]


def test_every_checkpoint_extends_all_that_were_published_before(grown):
    project, stages = grown
    last = site_of(project).log()
    for number, stage in enumerate(stages):
        last.check_extends(stage["log"].checkpoint)
        for later in stages[number:]:
            assert later["log"].contents[:stage["log"].size] == stage["log"].contents


def test_what_is_appended_is_what_is_new_in_its_order(grown):
    _, stages = grown
    known, events = set(), {}
    for stage in stages:
        history = history_of(stage["expected"])
        new = [each for each in history if each.certificate not in known]
        appended = stage["log"].contents[len(known) + len(events):]
        found, _ = events_in(appended)
        assert appended == sealed_together(new, found)
        wanted = {each.event for each in history if each.event and each.event not in events}
        assert set(found) == wanted and len(found) == len(wanted)
        known |= {each.certificate for each in new}
        events.update(dict.fromkeys(found))
    assert len(events) == 4


def test_tiles_of_earlier_checkpoints_are_served_until_their_full_tile_is(grown):
    _, stages = grown
    for number, stage in enumerate(stages):
        owned = set(expected_tiles(stage["log"].contents)) | {"checkpoint", "edge.json"}
        kept = {}
        for earlier in stages[:number]:
            for path, content in expected_tiles(earlier["log"].contents).items():
                full = path.partition(".p/")[0]
                if path != full and full not in stage["files"]:
                    kept[path] = content
        assert {path: stage["files"].get(path) for path in kept} == kept
        assert set(stage["files"]) - owned == set(kept) - owned
    # The parts of the first tile were there until the tile was full.
    assert {"tile/0/000.p/40", "tile/0/000.p/101", "tile/0/000.p/252"} <= set(stages[2]["files"])
    assert "tile/0/000" in stages[3]["files"]


def test_no_position_in_the_log_or_the_status_lists_ever_changes(grown):
    _, stages = grown
    for before, after in zip(stages, stages[1:]):
        assert before["log"].positions.items() <= after["log"].positions.items()
        assert before["certificates"].items() <= after["certificates"].items()


def test_status_lists_follow_the_log(grown):
    project, stages = grown
    found = {verdict.record["number"]: (verdict.event["type"], verdict.statuses)
             for verdict in verdicts_of(project).values()}
    assert found[person(3)["number"]] == ("reinstated", set())
    assert found[person(5)["number"]] == ("revoked", {"revocation"})
    assert found[person(7)["number"]] == ("suspended", {"suspension"})
    assert sum(bool(statuses) for _, statuses in found.values()) == 2


def test_a_build_without_news_appends_nothing_and_signs_nothing_anew(grown, tmp_path):
    project = with_everything(grown[0], tmp_path / "project")
    before = stamps(ledger_of(project)), tree(project.public)
    outcome = project.built("--format", "json", now="2026-11-24")
    assert outcome.json["result"]["sealed"] == 0
    assert (changed(before[0], stamps(ledger_of(project))) == []
            and {path for path in changed(before[1], tree(project.public))
                 if not states_the_day(path)} <= {"status/revocation/0", "status/suspension/0"})


def test_a_lost_site_is_built_again_from_the_ledger(grown, tmp_path):
    project = with_everything(grown[0], tmp_path / "project")
    before = site_files(project.public)
    shutil.rmtree(project.public)
    project.built()
    assert differences(site_files(project.public), before) == []


def test_check_says_what_a_build_would_seal_and_writes_nothing(grown, tmp_path):
    project = with_everything(grown[0], tmp_path / "project")
    rows = project.rows() + [person(900), person(901)]
    rows[0].update(status="revoked", status_date="2026-11-01")
    project.write_rows(rows)
    before = stamps(project.root)
    outcome = project.run("check", "--format", "json")
    assert outcome.code == 0
    would_seal = outcome.json["result"]["wouldSeal"]
    assert sorted(would_seal) == ["issued", "issued", "revoked"]
    assert changed(before, stamps(project.root)) == []
    size = site_of(project).log().size
    project.built()
    log = site_of(project).log()
    assert [entry["type"] for entry in log.entries[size:]] == would_seal


def test_check_begins_no_log(tmp_path):
    project = bare_project(tmp_path / "project")
    project.write_rows([person(1)])
    outcome = project.run("check", "--format", "json")
    assert outcome.json["result"]["wouldSeal"] == ["issued"]
    assert not ledger_of(project).exists() and not project.public.exists()


def test_an_empty_registry_has_an_empty_log(tmp_path):
    project = bare_project(tmp_path / "project")
    project.write_rows([])
    project.built()
    log = site_of(project).log()
    assert (log.size, log.checkpoint.root) == (0, EMPTY_ROOT)
    assert list(tree(log.folder)) == ["checkpoint", "edge.json"]

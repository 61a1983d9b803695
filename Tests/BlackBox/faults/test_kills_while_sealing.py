"""Builds that are killed while they seal: the ledger is always whole, and the next build completes."""

import os
import random
import shutil
import signal
import subprocess
import time

import pytest

from support.expected import expect_rows
from support.output import differences, site_files, tree
from support.program import NOW, PROGRAM, WITHOUT_PICTURES
from support.project import ledger_of, bare_project, with_everything
from support.proof import ADDRESS, events_in, site_of, verdicts_of
from support.registry import person, registered
from support.verifier import (
    Checkpoint, Log, Site, canonical, entry_bytes, expected_tiles, history_of, log_id, sealed_together)

KILLS = 20


class Registry:
    """A project's registry, to which something happens between builds."""

    def __init__(self, project, chance):
        self.project = project
        self.chance = chance
        self.rows = project.rows()
        self.serial = len(self.rows)
        self.day = 0
        self.erased = {}

    def pick(self, *statuses):
        """A certificate of its number's only revision that nothing else leans on."""
        leant_on = {row["superseded_by"] for row in self.rows} | {
            row["number"] for row in self.rows if row["revision"]}
        return self.chance.choice([row for row in self.rows if row["status"] in statuses
                                   and row["number"] not in leant_on])

    def news(self):
        """Adds certificates, and changes what is true of some."""
        self.day += 1
        date = f"2026-{self.day // 28 + 1:02}-{self.day % 28 + 1:02}"
        # As many as the changes below use up, however many rounds it takes to kill enough builds.
        for _ in range(self.chance.randint(2, 4)):
            self.serial += 1
            issued = f"2024-{self.chance.randint(1, 12):02}-{self.chance.randint(1, 28):02}"
            self.rows.insert(self.chance.randrange(len(self.rows) + 1),
                             person(self.serial, revision="", status="", superseded_by="",
                                    issued=issued))
        for kind in self.chance.sample(["suspended", "revoked", "valid", "superseded", "corrected",
                                        "erased"], 3):
            self.change(kind, date)
        self.project.write_rows(self.rows)

    def change(self, kind, date):
        if kind == "valid":
            if any(row["status"] == "suspended" for row in self.rows):
                self.pick("suspended").update(status="valid", status_date=date)
            return
        row = self.pick("")
        if kind == "corrected":
            self.rows.append({**row, "revision": "2", "holder": "Siti Benar", "issued": date})
        elif kind == "superseded":
            successor = self.pick("")
            if successor is not row:
                row.update(status=kind, status_date=date, superseded_by=successor["number"])
        elif kind == "erased":
            self.erased[row["number"]] = log_id(self.expected([row])[0].fingerprint)
            self.rows[self.rows.index(row)] = {
                "number": row["number"], "revision": "", "status": kind, "status_date": date,
                "superseded_by": ""}
        else:
            row.update(status=kind, status_date=date)

    def expected(self, rows):
        return expect_rows(self.project, rows)

    def appended(self, log):
        """What a build must append to a log."""
        history = history_of(self.expected([row for row in self.rows if row["status"] != "erased"]))
        new = [each for each in history if each.certificate not in log.positions]
        changes = {each.event for each in history if each.event
                   and canonical(log.last.get(each.certificate, {})) != each.event}
        erasures = {entry_bytes("erased", self.erased[row["number"]], row["status_date"])
                    for row in self.rows if row["status"] == "erased"
                    # What was erased before it was ever sealed leaves no trace.
                    and log.last.get(self.erased[row["number"]], {"type": "erased"})["type"]
                    != "erased"}
        return sealed_together(new, changes | erasures)


def insist_on_growth(old, new, registry):
    """The newer log is the older one and what the registry has beyond it, each thing once."""
    new.check_tiles()
    new.check_extends(old.checkpoint)
    assert new.contents[old.size:] == registry.appended(old)


def ledger_files(project):
    """What is in the ledger, by path, with what changes when it is written."""
    found = {}
    for folder, _, names in os.walk(ledger_of(project)):
        for name in names:
            path = os.path.join(folder, name)
            try:
                found[path] = os.stat(path).st_mtime_ns
            except FileNotFoundError:
                found[path] = None
    return found


def killed(project, moment):
    """Starts a build and kills it at a moment; whether it was killed before it ended.

    A moment is called with the build's process when that starts, and returns when it is time.
    """
    build = subprocess.Popen(
        [PROGRAM, "build", "--quiet", "--root", project.root, "--now", NOW],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True, env=WITHOUT_PICTURES)
    moment(build)
    try:
        os.killpg(build.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    _, problem = build.communicate(timeout=120)
    assert build.returncode in (0, -signal.SIGKILL), problem.decode()
    return build.returncode == -signal.SIGKILL


def after(seconds):
    def moment(build):
        try:
            build.wait(seconds)
        except subprocess.TimeoutExpired:
            pass
    return moment


def when_the_ledger_is_written(project, seconds):
    """Some time after the first file of the ledger has changed."""
    before = ledger_files(project)

    def moment(build):
        while ledger_files(project) == before and build.poll() is None:
            time.sleep(0.0005)
        after(seconds)(build)
    return moment


def timed(project):
    """Builds, and says how long it took."""
    start = time.monotonic()
    project.built()
    return time.monotonic() - start


def keys_of(project):
    return Site(project.public, ADDRESS).verifier_keys


def test_after_many_kills_the_log_is_what_it_would_have_been(tmp_path):
    project = bare_project(tmp_path / "project")
    project.write_rows([{"revision": "", "status": "", "superseded_by": "", **row}
                        # So many that the log outgrows its first tile on the way.
                        for row in registered(130)])
    duration = timed(project)
    chance = random.Random(20261123)
    registry = Registry(project, chance)
    log = site_of(project).log()
    kills, rounds = 0, 0
    while kills < KILLS:
        rounds += 1
        assert rounds <= 2 * KILLS, "too few of the builds could be killed before they ended"
        registry.news()
        if rounds % 2:
            moment = after(chance.uniform(0, duration))
        else:
            moment = when_the_ledger_is_written(project, chance.uniform(0, duration / 10))
        kills += killed(project, moment)
        # What is on the disk now is whole, and is either the old log or the new one.
        kept = Log.read(ledger_of(project), keys_of(project))
        kept.check_tiles()
        kept.check_extends(log.checkpoint)
        assert kept.size == log.size or registry.appended(kept) == []
        # Nobody was shown what the institution might have lost.
        shown = Checkpoint.open((project.public / "log/checkpoint").read_bytes(), keys_of(project))
        kept.check_extends(shown)
        duration = timed(project)
        newer = site_of(project).log()
        newer.check_extends(kept.checkpoint)
        insist_on_growth(log, newer, registry)
        log = newer
    assert log.size > 256 and {entry["type"] for entry in log.entries} == {
        "issued", "suspended", "revoked", "reinstated", "superseded", "erased"}
    verdicts_of(project)
    clean = with_everything(project, tmp_path / "clean")
    shutil.rmtree(clean.public)
    assert clean.built("--format", "json").json["result"]["sealed"] == 0
    assert differences(site_files(project.public), site_files(clean.public)) == []
    assert [path for path in tree(ledger_of(project)) if path.endswith(".new")] == []


def test_a_first_build_that_was_killed_begins_one_log_all_the_same(tmp_path):
    template = bare_project(tmp_path / "template")
    template.write_rows(
        registered(30) + [person(31, status="revoked", status_date="2026-01-01")])
    whole = with_everything(template, tmp_path / "whole")
    duration = timed(whole)
    chance = random.Random(1)
    for number in range(4):
        project = with_everything(template, tmp_path / f"killed-{number}")
        killed(project, after(chance.uniform(0, duration)) if number % 2 else
               when_the_ledger_is_written(project, chance.uniform(0, duration / 10)))
        project.built()
        assert differences(site_files(project.public), site_files(whole.public)) == []
        assert differences(tree(ledger_of(project)), tree(ledger_of(whole))) == []


@pytest.fixture(scope="module")
def sealed(tmp_path_factory):
    """A project before and after a build that seals something of every kind."""
    folder = tmp_path_factory.mktemp("sealed")
    before = bare_project(folder / "before")
    before.write_rows(registered(20))
    before.built()
    after = with_everything(before, folder / "after")
    rows = after.rows() + registered(5, first=21)
    rows[3].update(status="revoked", status_date="2026-10-01")
    rows[4].update(status="suspended", status_date="2026-10-01")
    after.write_rows(rows)
    shutil.copy(after.registry, before.registry)
    after.built()
    assert events_in(site_of(after).log().contents[20:])[1] == ["2026-10-01"] * 2
    return before, after


def writes_of(before, after):
    """The files that a build wrote into the ledger, in the order in which it did."""
    old, new = tree(ledger_of(before)), tree(ledger_of(after))
    return sorted((path for path in new if old.get(path) != new[path]),
                  key=lambda path: (ledger_of(after) / path).stat().st_mtime_ns)


def test_the_checkpoint_is_written_after_all_that_it_covers(sealed):
    before, after = sealed
    writes = writes_of(before, after)
    log = Log.read(ledger_of(after), keys_of(after))
    assert {path for path in expected_tiles(log.contents)} | {"checkpoint"} <= set(writes)
    times = {path: (ledger_of(after) / path).stat().st_mtime_ns for path in writes}
    assert all(times[path] <= times["checkpoint"] for path in writes)


@pytest.mark.parametrize("count", range(4))
def test_a_build_that_was_killed_between_two_writes_to_the_ledger_is_completed(
        sealed, tmp_path, count):
    before, after = sealed
    writes = writes_of(before, after)
    writes.remove("checkpoint")
    assert len(writes) == 3
    project = with_everything(before, tmp_path / "project")
    for path in writes[:count]:
        target = ledger_of(project) / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ledger_of(after) / path, target)
    project.built()
    assert differences(tree(ledger_of(project)), tree(ledger_of(after))) == []
    assert differences(site_files(project.public), site_files(after.public)) == []

"""Two deploys to one target at once: the second one runs whole, at one point of the first after the other."""

import json
import os
import shutil
import stat

import pytest

from support.stores import deploy, deployed, files_at, site_files_of
from support.output import differences, stamps
from support.program import NOW, PROGRAM
from support.project import bare_project, with_everything
from support.registry import person

# Counts rclone's runs in a file; before the one with a certain number, something else happens.
WRAPPER = """#!/bin/sh
count=$(($(cat "{folder}/count") + 1))
echo $count > "{folder}/count"
if [ "$count" = "$(cat "{folder}/point")" ]; then sh "{folder}/other"; fi
exec "{rclone}" "$@"
"""


class Interleaving:
    """A deploy during which another one runs."""

    def __init__(self, folder, www):
        self.folder, self.www = folder, www
        folder.mkdir()
        wrapper = folder / "rclone"
        wrapper.write_text(WRAPPER.format(folder=folder, rclone=shutil.which("rclone")))
        wrapper.chmod(wrapper.stat().st_mode | stat.S_IXUSR)

    def run(self, first, second, point):
        """How the two ended; nothing of the second where the first one has fewer steps."""
        answer = self.folder / "answer"
        answer.unlink(missing_ok=True)
        (self.folder / "count").write_text("0")
        (self.folder / "point").write_text(str(point))
        (self.folder / "other").write_text(
            f'PATH="{os.environ["PATH"]}" "{PROGRAM}" deploy "{self.www}" --format json'
            f' --root "{second.root}" --now {NOW} > "{answer}.new"\n'
            f'mv "{answer}.new" "{answer}"\n')
        outcome = deploy(first, self.www, "--format", "json",
                         env={"PATH": f"{self.folder}:{os.environ['PATH']}"})
        return outcome, json.loads(answer.read_text()) if answer.exists() else None


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A site at a target, and two that go on from it: each has something that the other has not."""
    folder = tmp_path_factory.mktemp("two")
    start = bare_project(folder / "start")
    start.write_rows([person(1), person(2), person(3)])
    (start.root / "content/news").mkdir()
    start.write_news("2026-11-01-old.en.md", "Something old.", date="2026-11-01")
    start.built()
    www = folder / "www"
    deployed(start, www)

    def continued(name, rows, body):
        project = with_everything(start, folder / name)
        (project.root / "content/news/2026-11-01-old.en.md").unlink()
        project.write_news(f"2026-11-02-{name}.en.md", body, date="2026-11-02")
        project.write_rows(start.rows() + rows)
        project.built()
        return project
    return www, continued


def points(published, tmp_path, first, second, step):
    """What happened at some points of the first deploy, a step apart, with the target that it left."""
    original, _ = published
    for point in range(1, 200, step):
        folder = tmp_path / str(point)
        folder.mkdir()
        www = folder / "www"
        shutil.copytree(original, www)
        outcome, answer = Interleaving(folder / "bin", www).run(first, second, point)
        if answer is None:
            assert outcome.code == 0 and point > 10
            return
        yield point, www, outcome, answer
        shutil.rmtree(folder)
    pytest.fail("the first deploy does not end")


def check_that_deploys_settle(project, www, point):
    """One plain deploy makes the target what the site is, and the next has nothing to do."""
    deployed(project, www)
    assert not differences(site_files_of(project), files_at(www)), point
    again = deployed(project, www)
    assert again["added"] + again["changed"] + again["deleted"] + again["compared"] == 0, point


def test_of_two_logs_one_wins_whole(published, tmp_path):
    _, continued = published
    first = continued("first", [person(4)], "Of the first.")
    second = continued("second", [person(5), person(6)], "Of the second.")
    winners = set()
    for point, www, outcome, answer in points(published, tmp_path, first, second, 3):
        ends = [outcome.code == 0, answer["ok"]]
        assert sorted(ends) == [False, True], (point, outcome.text, answer)
        winner, loser = (first, second) if ends[0] else (second, first)
        winners.add(winner)
        lost = answer if ends[0] else outcome.json
        assert [each["id"] for each in lost["diagnostics"]] in (
            [["target-log-ahead"], ["target-log-differs"], ["target-changed"]]), point
        if lost["diagnostics"][0]["id"] == "target-changed":
            told = lost.get("result")
            words = lost["diagnostics"][0]["message"]
            sent = told["added"] + told["changed"] if told else 0
            assert (f"uploaded {sent} of" if sent else "uploaded and deleted nothing") in words
        check_that_deploys_settle(winner, www, point)
        before = stamps(www)
        assert deploy(loser, www, "--format", "json").ids in (
            [["target-log-ahead"], ["target-log-differs"]]), point
        assert stamps(www) == before, point
    assert winners == {first, second}


def test_two_sites_of_one_log_are_told_apart(published, tmp_path):
    _, continued = published
    first = continued("one", [], "Of the first.")
    second = continued("other", [], "Of the second, which has more to say.")
    for point, www, outcome, answer in points(published, tmp_path, first, second, 5):
        assert answer["ok"], (point, answer)
        assert outcome.code == 0 or outcome.ids == ["target-changed"], (point, outcome.text)
        check_that_deploys_settle(second, www, point)
        check_that_deploys_settle(first, www, point)

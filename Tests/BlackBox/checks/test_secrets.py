"""What an institution keeps to itself stays out of git, and is readable by its owner alone."""

import os
import re
import shutil
import stat
import subprocess

import pytest

from support.program import REPOSITORY, run_program
from support.project import Project
from support.registry import person

SECRETS = ["seeds/keys/registry.secret", "seeds/keys/signing.pem", "seeds/keys/log.pem"]


def git(root, *arguments):
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null",
                   **{f"GIT_{who}_{what}": "a@b.example" for who in ("AUTHOR", "COMMITTER")
                      for what in ("NAME", "EMAIL")}}
    return subprocess.run(["git", "-C", root, *arguments], check=True, capture_output=True,
                          text=True, env=environment).stdout


@pytest.fixture
def office(tmp_path):
    """A copy of this repository that an office makes its own."""
    project = Project.copy(REPOSITORY, tmp_path / "office")
    shutil.copy(REPOSITORY / ".gitignore", project.root)
    git(project.root, "init", "-q")
    return project


def made_real(project):
    for name in ("registry.secret", "signing.pem", "log.pem", "history.yml"):
        (project.root / "seeds/keys" / name).unlink()
    project.edit("content/site.yml", "specimen: true", "specimen: false")
    return project.run("keys", "new", "--format", "json")


def test_the_ignore_file_keeps_everything_secret_out(office):
    outcome = made_real(office)
    assert (outcome.code, outcome.ids) == (0, [])
    for name in ("seeds/ledger/published", "seeds/registry.xlsx", "seeds/keys/retired-2026-11-23-abcdefgh.pem",
                 "receipt.json", "codes.csv", ".canting-cache/build"):
        (office.root / name).parent.mkdir(parents=True, exist_ok=True)
        (office.root / name).write_text("private", encoding="utf-8")
    git(office.root, "add", "-A")
    tracked = git(office.root, "ls-files").splitlines()
    assert "content/site.yml" in tracked and "seeds/keys/history.yml" in tracked
    private = re.compile(r"seeds/(keys/(?!history)|ledger|registry)|receipt|codes|canting-cache")
    assert [name for name in tracked if private.search(name)] == []


def test_new_keys_in_a_tracked_folder_are_warned_of_with_the_way_out(office):
    git(office.root, "add", "-f", ".")
    git(office.root, "commit", "-qm", "As it was copied")
    outcome = made_real(office)
    (finding,) = outcome.findings
    assert (outcome.code, finding["id"], finding["severity"]) == (0, "secret-in-git", "warning")
    for name in [*SECRETS, "seeds/registry.csv"]:
        assert name in finding["message"] and name in finding["hint"]
    assert "history.yml" not in finding["message"]
    command = re.search(r"`(git rm [^`]*)`", finding["hint"])[1]
    git(office.root, *command.split()[1:])
    git(office.root, "add", "-A")
    assert not set(git(office.root, "ls-files").splitlines()) & {*SECRETS, "seeds/registry.csv"}
    assert office.run("keys", "rotate", "--format", "json").ids == []


def test_the_specimens_own_keys_are_nobody_s_secret(office):
    git(office.root, "add", "-f", ".")
    (office.root / "seeds/keys/log.pem").unlink()
    outcome = office.run("keys", "new", "--format", "json")
    assert [name for name in SECRETS if name in str(outcome.findings)] == ["seeds/keys/log.pem"]


def test_without_git_nothing_is_said(tmp_path):
    outcome = run_program("keys", "new", "--root", tmp_path, "--format", "json")
    assert (outcome.code, outcome.ids) == (0, [])


def test_receipts_are_readable_by_their_owner_alone(project, tmp_path):
    receipt = tmp_path / "receipt.json"
    for older in (None, 0o644):
        if older:
            receipt.chmod(older)
        project.write_rows([person(number) for number in range(1, 4 if older else 3)])
        project.built("--receipt", receipt)
        assert stat.S_IMODE(receipt.stat().st_mode) == 0o600


def test_labels_are_readable_by_their_owner_alone(project, tmp_path):
    project.built()
    assert project.run("labels", "--html", "--output", tmp_path / "labels.html").code == 0
    assert stat.S_IMODE((tmp_path / "labels.html").stat().st_mode) == 0o600

"""The workflows that publishers copy: what can be known of them without the services that run them."""

import json
import os
import re
import shutil
import subprocess

import pytest
import yaml

from support.program import NOW, PROGRAM, REPOSITORY, run_program
from support.project import bare_project
from support.registry import person

FOLDER = REPOSITORY / "docs/workflows"


def scripts(workflow):
    """Jobs by name, each with its commands in order and all else that it says."""
    if "jobs" in workflow:
        return {name: ([line for step in job["steps"] for line in step.get("run", "").splitlines()], job)
                for name, job in workflow["jobs"].items()}
    return {name: (job["script"], job) for name, job in workflow.items() if isinstance(job, dict) and "script" in job}


@pytest.fixture(params=["github.yml", "gitlab-ci.yml"])
def jobs(request):
    return scripts(yaml.safe_load((FOLDER / request.param).read_text(encoding="utf-8")))


def test_they_use_commands_and_options_that_there_are(jobs):
    used = [re.findall(r"bin/canting (\S+)(.*)", line) for lines, _ in jobs.values() for line in lines]
    used = [each for found in used for each in found]
    assert {command for command, _ in used} == {"keys", "check", "build", "cosign", "deploy"}
    for command, rest in used:
        told = run_program("help", command, *(["new"] if command == "keys" else [])).out.decode()
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in told, (command, option)


def test_the_ledger_is_pushed_before_anything_is_published(jobs):
    lines = jobs["publish"][0]
    at = {what: next(number for number, line in enumerate(lines) if what in line)
          for what in ("canting build", "canting cosign", "git add --force seeds/ledger", "git push", "canting deploy")}
    assert list(at.values()) == sorted(at.values())
    # Each ends the job if it fails: nothing is tried on after it.
    assert not re.search(r"\|\| true|continue-on-error|allow_failure", str(jobs["publish"]))


def test_the_check_of_a_merge_request_runs_without_any_key_of_the_institution(jobs, tmp_path):
    place = tmp_path / "repository"
    for name in ("content", "templates", "seeds"):
        shutil.copytree(REPOSITORY / name, place / name)
    (place / "bin").mkdir()
    (place / "bin/canting").symlink_to(PROGRAM)
    for secret in ("registry.secret", "signing.pem", "log.pem"):
        (place / "seeds/keys" / secret).unlink()

    def run():
        lines = [line.replace("/tmp/copy", str(tmp_path / "copy")) for line in jobs["check"][0]]
        return subprocess.run(["bash", "-e", "-c", "\n".join(lines)], cwd=place, capture_output=True, text=True, timeout=120)
    done = run()
    assert done.returncode == 0, done
    shutil.rmtree(tmp_path / "copy")
    news = place / "content/news/2026-01-02-wrong.en.md"
    news.write_text("---\ndate: 2026-01-02\n---\n\nText.\n", encoding="utf-8")
    done = run()
    assert done.returncode == 1 and "content/news/2026-01-02-wrong.en.md" in done.stdout + done.stderr


def test_a_merge_request_gets_no_secret_and_publishes_nothing(jobs):
    lines, job = jobs["check"]
    assert not re.search(r"secrets\.|REGISTRY_SECRET|SIGNING_KEY|TOKEN", str(job))
    assert not any("deploy" in line or "build" in line or "push" in line for line in lines)
    assert "pull_request" in str(jobs["publish"][1].get("if", "")) or "merge_request" in str(jobs["publish"][1])


def test_keys_are_for_their_owner_alone(jobs):
    text = "\n".join(jobs["publish"][0])
    assert "umask 077" in text or text.count("install -m 600") == 3


# MARK: Witnesses


@pytest.fixture(params=["witness-github.yml", "witness-gitlab-ci.yml"])
def witness(request):
    return next(iter(scripts(yaml.safe_load((FOLDER / request.param).read_text(encoding="utf-8"))).values()))


def test_a_witness_keeps_its_memory_before_anybody_sees_its_signature(witness):
    lines, job = witness
    at = [next(number for number, line in enumerate(lines) if what in line)
          for what in ("canting monitor", "git add --force witness", "git push")]
    assert at == sorted(at) and not re.search(r"\|\| true|continue-on-error|allow_failure", str(job))
    uses = [str(step) for step in job.get("steps", [])]
    if uses:
        assert "git push" in uses[-3] and "upload-pages-artifact" in uses[-2] and "deploy-pages" in uses[-1]
    else:
        assert "cp -r witness/public public" in lines[-1] and job["artifacts"]["paths"] == ["public"]


def test_a_witness_s_job_runs_from_its_first_day_on(witness, tmp_path):
    lines, _ = witness
    project = bare_project(tmp_path / "project")
    project.write_rows([person(1), person(2)])
    project.built(now=NOW)
    place = tmp_path / "repository"
    (place / "bin").mkdir(parents=True)
    (place / "bin/canting").write_text(f'#!/bin/sh\nexec {PROGRAM} "$@" --now {NOW}\n', encoding="utf-8")
    (place / "bin/canting").chmod(0o755)
    made = run_program("keys", "witness", "watch.example/w", "--output", tmp_path / "key")
    assert made.code == 0
    log = json.loads((project.public / "keys.json").read_bytes())["log"]["key"]
    wanted = [line.replace("/tmp/witness.pem", str(tmp_path / "in-the-job.pem")) for line in lines
              if not line.startswith(("git ", "rm ", "- git"))]
    environment = {**os.environ, "SITE": str(project.public), "INSTITUTION_KEY": log,
                   "WITNESS_KEY": str(tmp_path / "key") if "install -m 600" in str(lines) else (tmp_path / "key").read_text()}
    for _ in range(2):
        done = subprocess.run(["bash", "-e", "-c", "\n".join(wanted)], cwd=place, env=environment,
                              capture_output=True, text=True, timeout=120)
        assert done.returncode == 0 and "cosigned in" in done.stdout, done
    assert len(list((place / "witness/public").glob("*/checkpoint"))) == 1

"""The workflows that publishers copy: what can be known of them without the services that run them."""

import re
import shutil
import subprocess

import pytest
import yaml

from support.program import PROGRAM, REPOSITORY, run_program

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
    assert {command for command, _ in used} == {"keys", "check", "build", "deploy"}
    for command, rest in used:
        told = run_program("help", command, *(["new"] if command == "keys" else [])).out.decode()
        for option in re.findall(r"--[a-z-]+", rest):
            assert option in told, (command, option)


def test_the_ledger_is_pushed_before_anything_is_published(jobs):
    lines = jobs["publish"][0]
    at = {what: next(number for number, line in enumerate(lines) if what in line)
          for what in ("canting build", "git add --force seeds/ledger", "git push", "canting deploy")}
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

"""Broken projects, and the exact words that `canting check` has for each.

Tests/Fixtures/broken/README.md tells how a case is made. After a change of wording, run these tests
with CANTING_ACCEPT=1, read what became different, and commit it.
"""

import os
import re
import shutil

import pytest
import yaml

from support.program import REPOSITORY, run_program

BROKEN = REPOSITORY / "Tests" / "Fixtures" / "broken"
CASES = sorted(folder.name for folder in BROKEN.iterdir() if (folder / "case.yml").exists())
SMOKE = {"expiry-before-issue", "link-to-no-file", "name-corrected-in-place", "partial-misspelled", "unknown-setting"}
MARKED_CASES = [pytest.param(name, marks=pytest.mark.smoke if name in SMOKE else ()) for name in CASES]
NOW = "2026-11-23"

# Seen only when the disk or its permissions fail under a running preview.
NOWHERE = {"machine-failure"}

# Diagnostics that no `canting check` of a folder of texts can show, and where they are tested.
ELSEWHERE = {
    "keys-exist": "`canting keys new`: test_diagnostics.py",
    "secret-in-git": "`canting keys new` in a repository: test_secrets.py",
    "missing-log-key": "a log that begins without its key: test_forgeries.py",
    "ledger-of-other-keys": "a log's key that was lost: test_forgeries.py",
    "log-key-signs-documents": "one key for both: test_forgeries.py",
    "too-many-deletions": "`canting build`: test_no_false_alarms.py",
    "bad-print-template": "`canting print`: test_printed_certificates.py",
    "file-exists": "`canting new`: test_news.py",
    "too-many-candidates": "a list of 501: test_candidates.py",
    "wrong-value-type": "a blob in a database: test_registry_input.py",
    "long-value": "a value of more than 1 MiB in a database: test_registry_input.py",
    "not-a-file": "a named pipe, a socket, a device: test_inputs.py",
    "huge-image": "a picture of 60,000 × 60,000: test_picture_metadata.py",
    "large-file": "several gigabytes: test_inputs.py",
    "link-out-of-project": "a symbolic link: test_inputs.py",
    "unreadable-workbook": "a workbook that is cut: test_workbooks.py",
    "missing-sheet": "a workbook: test_workbooks.py",
    "sheet-not-read": "a workbook: test_workbooks.py",
    "status-lists-over": "a site that was built long ago: test_first_site.py",
    "merged-cells": "a workbook: test_workbooks.py",
    "hidden-rows": "a workbook: test_workbooks.py",
    "hidden-columns": "a workbook: test_workbooks.py",
    "hidden-sheet": "a workbook: test_workbooks.py",
    "formula-without-result": "a workbook: test_workbooks.py",
    "list-in-two-files": "a list as text and as workbook: test_workbooks.py",
    "site-without-log": "`canting build --site`: test_recipes.py",
    "ledger-exists": "`canting ledger restore`: test_restored_ledger.py",
    "ledger-without-rows": "`canting ledger restore`: test_restored_ledger.py",
    "published-log-damaged": "`canting ledger restore`: test_restored_ledger.py",
    "new-log": "`canting build` of a real site: test_first_site.py",
    "dead-link": "`--external`: test_outside_links.py",
    "unchecked-link": "`--external`: test_outside_links.py",
    "missing-link-checker": "`--external`: test_outside_links.py",
    "unknown-target": "`canting deploy`: test_deploy.py",
    "target-is-site": "`canting deploy`: test_deploy.py",
    "foreign-target": "`canting deploy`: test_deploy.py",
    "missing-rclone": "`canting deploy`: test_deploy.py",
    "unfinished-build": "`canting deploy`: test_deploy.py",
    "site-not-built": "`canting deploy`: test_deploy.py",
    "site-changed": "`canting deploy`: test_deploy.py",
    "site-and-ledger-differ": "`canting deploy`: test_deploy.py",
    "target-of-another-site": "`canting deploy`: test_deploy.py",
    "target-log-unsigned": "`canting deploy`: test_deploy.py",
    "target-log-ahead": "`canting deploy`: test_deploy.py",
    "target-log-differs": "`canting deploy`: test_deploy.py",
    "target-changed": "`canting deploy`: test_deploy.py",
    **{f"policy-{name}": "policies: test_policies.py" for name in (
        "character", "key-twice", "name-twice", "unknown-name", "member-twice", "threshold", "address", "quorum",
        "of-another-log")},
    "policy-missing": "`canting cosign`: test_cosign.py",
    "witness-without-address": "`canting cosign`: test_cosign.py",
    "witness-behind": "`canting cosign`: test_static_witness.py",
    "witness-refused": "`canting cosign`: test_cosign.py",
    "witness-silent": "`canting cosign`: test_cosign.py",
    "witness-saw-another-log": "`canting cosign`: test_cosign.py",
    "quorum-missing": "`canting cosign`: test_cosign.py",
}


@pytest.fixture(scope="session")
def built_base(tmp_path_factory):
    """The project that every case begins with, built once."""
    root = tmp_path_factory.mktemp("broken") / "base"
    shutil.copytree(BROKEN / "base", root)
    (root / "seeds/keys/registry.secret").chmod(0o600)
    (root / "seeds/keys/signing.pem").chmod(0o600)
    outcome = run_program("build", "--root", root, "--now", NOW, "--warnings-as-errors")
    assert outcome.code == 0, outcome.text
    return root


@pytest.fixture
def broken(request, built_base, tmp_path):
    """The project of a case, what the case says of itself, and its folder."""
    folder = BROKEN / request.param
    case = yaml.safe_load((folder / "case.yml").read_text(encoding="utf-8"))
    root = tmp_path / "project"
    left_out = [] if case.get("published") else ["public", "ledger"]
    shutil.copytree(built_base, root, ignore=shutil.ignore_patterns(*left_out))
    if (folder / "before").exists():
        shutil.copytree(folder / "before", root, dirs_exist_ok=True)
        outcome = run_program("build", "--root", root, "--now", NOW)
        assert outcome.code == 0, outcome.text
    if case.get("old_ledger"):
        shutil.rmtree(root / "seeds/ledger")
        shutil.copytree(built_base / "seeds/ledger", root / "seeds/ledger")
    for path in case.get("without", []):
        target = root / path
        shutil.rmtree(target) if target.is_dir() else target.unlink()
    if (folder / "files").exists():
        shutil.copytree(folder / "files", root, dirs_exist_ok=True)
    for path, mode in case.get("modes", {}).items():
        (root / path).chmod(int(mode, 8))
    return root, case, folder


def check(root, case, *more):
    command = case.get("command", "check").split()
    return run_program(*command, "--root", root, "--now", NOW, *more, cwd=root)


@pytest.mark.parametrize("broken", MARKED_CASES, indirect=True)
def test_says_what_is_wrong_where_and_what_to_do(broken):
    root, case, folder = broken
    outcome = check(root, case)
    said = f"{outcome.err.decode()}exit code {outcome.code}\n"
    expected = folder / "expected.txt"
    if os.environ.get("CANTING_ACCEPT"):
        expected.write_text(said, encoding="utf-8")
    # On purpose without a message: pytest shows the two texts side by side.
    assert said == expected.read_text(encoding="utf-8")
    assert f"[{case['id']}]" in said
    assert outcome.code == (1 if ": error: " in said else 0)


@pytest.mark.parametrize("broken", CASES, indirect=True)
def test_says_the_same_as_json_and_as_annotations(broken):
    root, case, folder = broken
    outcome = check(root, case, "--format", "json")
    report = outcome.json
    text = ""
    for finding in report["diagnostics"]:
        place = finding["path"]
        if "table" in finding:
            place += f": table {finding['table']}, row {finding['row']}"
            place += f", column {finding['column']}" if "column" in finding else ""
        elif "line" in finding:
            place += f":{finding['line']}:{finding['column']}"
        text += f"{place}: {finding['severity']}: {finding['message']} [{finding['id']}]\n"
        text += f"  hint: {finding['hint']}\n"
    expected = (folder / "expected.txt").read_text(encoding="utf-8").splitlines()
    heads = [line for line in expected if re.search(r": (error|warning|note): .* \[[a-z0-9-]+\]$", line)
             or line.startswith("  hint: ")]
    assert text.splitlines() == heads
    assert f"exit code {outcome.code}" == expected[-1]
    severities = [finding["severity"] for finding in report["diagnostics"]]
    assert (report["errors"], report["warnings"]) == (
        severities.count("error"), severities.count("warning"))
    assert report["ok"] == (outcome.code == 0)
    lines = check(root, case, "--format", "github").out.decode().splitlines()
    assert [(re.match(r"::(\w+) ", line)[1], re.search(r"title=([a-z0-9-]+)::", line)[1])
            for line in lines] == [
        (finding["severity"].replace("note", "notice"), finding["id"])
        for finding in report["diagnostics"]]


@pytest.mark.smoke
def test_a_project_without_mistakes_is_told_nothing(built_base, tmp_path):
    root = tmp_path / "project"
    shutil.copytree(built_base, root)
    outcome = check(root, {}, "--warnings-as-errors")
    assert (outcome.code, outcome.err) == (0, b"")


def test_every_diagnostic_is_documented_and_has_its_case():
    formats = (REPOSITORY / "docs/formats.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([a-z0-9-]+)` \|", formats[formats.index("## 17."):], re.M)
    assert len(listed) == len(set(listed))
    shown = set()
    for name in CASES:
        shown |= set(re.findall(
            r": (?:error|warning|note): .* \[([a-z0-9-]+)\]$",
            (BROKEN / name / "expected.txt").read_text(encoding="utf-8"), re.M))
    assert shown - set(listed) == set()
    assert set(listed) - shown == set(ELSEWHERE) | NOWHERE
    tests = {file.name: file.read_text(encoding="utf-8") for file in (REPOSITORY / "Tests/BlackBox").rglob("test_*.py")}
    for identifier, where in ELSEWHERE.items():
        assert identifier in tests[where.split(": ")[1]], identifier

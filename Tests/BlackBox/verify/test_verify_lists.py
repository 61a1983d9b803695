"""`canting verify --batch`: a list of codes, checked one by one."""

import csv
import io
import json
import shutil

import pytest

from support.project import Project
from support.program import NOW, run_program

FALSE_CODE = "ffff ffff ffff ffff ffff ffff ffff ffff"


def verify(project, name, *arguments):
    return run_program("verify", "--batch", name, "--site", project.public, "--now", NOW, *arguments)


@pytest.fixture(scope="module")
def exported(varied_built):
    """What `export` says of each certificate, by its code."""
    text = run_program("export", "--csv", "--root", varied_built.root, "--now", NOW).out.decode()
    return {row["code"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def table(outcome):
    return list(csv.DictReader(io.StringIO(outcome.out.decode(), newline="")))


def test_each_line_has_the_verdict_that_its_certificate_has_alone(varied_built, exported, tmp_path):
    forms = {code: (code, row["code_in_groups"].upper(), row["fingerprint"], row["address"])[number % 4]
             for number, (code, row) in enumerate(exported.items())}
    file = tmp_path / "codes.csv"
    file.write_text("order;certificate;note\n" + "".join(f'7;"{each}";"a ""b""; c"\n' for each in forms.values()))
    outcome = verify(varied_built, file, "--format", "csv")
    rows = table(outcome)
    assert [row["certificate"] for row in rows] == list(forms.values())
    assert [int(row["line"]) for row in rows] == list(range(2, len(forms) + 2))
    codes = []
    for row, (code, certificate) in zip(rows, exported.items()):
        alone = run_program("verify", forms[code], "--site", varied_built.public, "--now", NOW, "--format", "json")
        codes.append(alone.code)
        assert row["verdict"] == alone.json["verdict"]
        assert [row[name] for name in ("number", "holder", "issued", "expires", "fingerprint")] == [
            certificate[name] for name in ("number", "holder", "issued", "expires", "fingerprint")]
    assert outcome.code == max(codes) == 2 and len(set(row["verdict"] for row in rows)) >= 4


def test_a_false_code_and_what_is_none_are_told_apart(varied_built, exported, tmp_path):
    file = tmp_path / "codes.csv"
    file.write_text(f"\ufeffcode\r\n{FALSE_CODE}\r\n\r\n=HYPERLINK(1)\r\n{next(iter(exported))}\r\n")
    outcome = verify(varied_built, file, "--format", "csv")
    rows = table(outcome)
    assert outcome.code == 4
    assert [(row["line"], row["verdict"]) for row in rows][:2] == [("2", "not found"), ("4", "could not be checked")]
    assert rows[1]["certificate"] == "'=HYPERLINK(1)" and rows[2]["number"]


def test_a_changed_record_is_not_genuine_in_a_list_either(varied_built, exported, tmp_path):
    changed = Project(tmp_path / "changed")
    code, row = next((code, row) for code, row in exported.items())
    file = varied_built.public / "c" / code[:2] / code[2:] / "record.json"
    shutil.copytree(varied_built.public, changed.public)
    (changed.public / file.relative_to(varied_built.public)).write_bytes(
        file.read_bytes().replace(row["holder"].encode(), b"Somebody Else"))
    (tmp_path / "codes.csv").write_text("code\n" + "\n".join(exported) + "\n")
    outcome = verify(changed, tmp_path / "codes.csv", "--format", "json")
    verdicts = [each["outcome"]["verdict"] for each in json.loads(outcome.out)]
    assert outcome.code == 3 and verdicts[0] == "not genuine" and verdicts.count("not genuine") == 1


def test_as_text_it_says_a_sentence_for_each_and_counts(varied_built, exported, tmp_path):
    (tmp_path / "codes.csv").write_text("code\n" + "\n".join(exported) + "\n")
    lines = verify(varied_built, tmp_path / "codes.csv").text.splitlines()
    assert len(lines) == len(exported) + 1
    valid = sum("genuine and valid" in line for line in lines[:-1])
    assert valid and lines[-1] == f"{valid} of {len(exported)} are genuine and valid"


@pytest.mark.parametrize("arguments", [
    ("verify",), ("verify", "--batch", "x.csv", "7f3a"), ("verify", FALSE_CODE, "--format", "csv"),
    ("verify", "--batch", "x.csv", "--proof", "p"), ("check", "--format", "csv")])
def test_wrong_usage_says_so(arguments):
    assert run_program(*arguments).code == 64


def test_a_list_that_is_not_there_could_not_be_checked(varied_built, tmp_path):
    assert verify(varied_built, tmp_path / "none.csv").code == 4

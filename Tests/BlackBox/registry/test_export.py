"""`canting export`: the list that printing needs."""

import csv
import datetime
import io
import os
import pty
import subprocess
import zipfile

import openpyxl
import pytest

from support.program import PROGRAM
from support.project import bare_project
from support.registry import COLUMNS, person

HEADING = ("number holder code fingerprint address code_in_groups revision scheme title_en title_id issued expires"
           " batch").split()


@pytest.fixture
def office(tmp_path):
    project = bare_project(tmp_path / "project")
    batches = [row.split(",")[0] for row in (project.root / "seeds/batches.csv").read_text(encoding="utf-8").splitlines()[1:3]]
    project.batches = batches
    project.people = [
        person(1, issued="2019-06-01", batch=batches[0]), person(2, issued="2019-06-02", batch=batches[0], holder='Ani "Mbah", S.Pd.'),
        person(3, issued="2019-08-01", batch=batches[1]), person(4, issued="2024-01-05")]
    write(project, project.people)
    return project


def write(project, rows):
    project.write_rows([{name: "" for name in COLUMNS} | row for row in rows])


def listed(project, *arguments):
    outcome = project.run("export", "--csv", *arguments)
    assert outcome.code == 0, outcome.text
    assert outcome.out.endswith(b"\r\n")
    rows = list(csv.DictReader(io.StringIO(outcome.out.decode(), newline="")))
    assert not rows or list(rows[0]) == HEADING
    return rows


def numbers(rows):
    return [int(row["number"].split()[3]) for row in rows]


def test_the_list_has_what_a_certificate_prints(office):
    rows = listed(office)
    assert numbers(rows) == [1, 2, 3, 4]
    second = rows[1]
    assert (second["holder"], second["scheme"], second["issued"], second["expires"], second["batch"], second["revision"]) == (
        'Ani "Mbah", S.Pd.', "PBT", "2019-06-02", "2022-06-02", office.batches[0], "1")
    assert second["title_en"] == "Hand-Drawn Batik Maker" and second["title_id"] == "Pembatik Tulis"
    assert second["code_in_groups"].replace(" ", "") == second["code"] == second["fingerprint"][:32]
    assert [len(group) for group in second["code_in_groups"].split()] == [4] * 8


def test_a_batch_or_days_choose_from_it(office):
    assert numbers(listed(office, "--batch", office.batches[0])) == [1, 2]
    assert numbers(listed(office, "--batch", office.batches[0], "--batch", office.batches[1])) == [1, 2, 3]
    assert numbers(listed(office, "--since", "2019-06-02")) == [2, 3, 4]
    assert numbers(listed(office, "--since", "2019-06-02", "--batch", office.batches[0])) == [2]
    assert listed(office, "--batch", "none") == []
    assert office.run("export", "--csv", "--since", "yesterday").code == 64
    assert office.run("export").code == 64


def test_what_was_listed_is_not_listed_again(office):
    assert numbers(listed(office, "--new", "--batch", office.batches[0])) == [1, 2]
    assert numbers(listed(office, "--new")) == [3, 4]
    assert listed(office, "--new") == []
    write(office, [*office.people, person(5), person(1, revision="2", holder="Siti Baru", issued="2020-01-01")])
    assert [(row["number"].split()[3], row["revision"]) for row in listed(office, "--new")] == [
        ("0000005", "1"), ("0000001", "2")]
    # Without --new, it is the whole list as ever.
    assert len(listed(office)) == 6


def workbook(project, *arguments):
    outcome = project.run("export", "--xlsx", *arguments)
    assert outcome.code == 0, outcome.text
    return outcome.out


def test_a_workbook_says_the_same_as_the_text(office):
    write(office, [*office.people, person(6, holder="Ani & Budi's “Sekar”", issued="2024-02-29")])
    content = workbook(office)
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["certificates"]
    heading, *rows = sheet.iter_rows()
    assert [cell.value for cell in heading] == HEADING and heading[0].font.bold and sheet.freeze_panes == "A2"

    def text(cell):
        if isinstance(cell.value, datetime.datetime):
            assert cell.is_date and cell.value.time() == datetime.time()
            return cell.value.date().isoformat()
        assert cell.data_type == "s" or cell.value is None
        return cell.value or ""

    assert [[text(cell) for cell in row] for row in rows] == [list(row.values()) for row in listed(office)]
    # Days are days: a spreadsheet shows them as its settings have them.
    assert {sheet.cell(2, HEADING.index(name) + 1).number_format for name in ("issued", "expires")} == {"mm-dd-yy"}
    assert sheet["A2"].number_format == "@"
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    assert workbook(office) == content


def test_a_workbook_is_chosen_from_in_the_same_way(office):
    def serials(content):
        rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(min_row=2, max_col=1, values_only=True))
        return [int(number.split()[3]) for (number,) in rows]

    assert serials(workbook(office, "--since", "2019-06-02", "--batch", office.batches[0])) == [2]
    assert serials(workbook(office, "--new", "--batch", office.batches[0])) == [1, 2]
    assert serials(workbook(office, "--new")) == [3, 4]
    assert serials(workbook(office, "--new")) == []
    assert office.run("export", "--xlsx", "--csv").code == 64


def test_a_workbook_is_not_written_onto_a_terminal(office):
    leader, follower = pty.openpty()
    done = subprocess.run([PROGRAM, "export", "--xlsx", "--root", office.root], stdout=follower, stderr=subprocess.PIPE,
                          timeout=60)
    os.close(follower)
    os.close(leader)
    assert done.returncode == 64 and b"> codes.xlsx" in done.stderr

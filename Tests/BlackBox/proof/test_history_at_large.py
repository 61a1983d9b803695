"""What is said of history when much of it is concerned at once."""

import pytest

from support.project import bare_project
from support.registry import COLUMNS, person


@pytest.fixture
def office(tmp_path):
    project = bare_project(tmp_path / "project")
    project.people = [{name: "" for name in COLUMNS} | person(n, issued=f"2024-02-{1 + n % 20:02}") for n in range(1, 41)]
    project.write_rows(project.people)
    project.built()
    return project


def test_an_export_that_is_not_whole_is_one_finding(office):
    office.write_rows(office.people[:25])
    [finding] = office.findings()
    assert finding["id"] == "published-certificate-missing"
    assert finding["message"] == (
        "15 of 40 published certificates are missing, from 13134 7318 2 0000026 2024 to 13134 7318 2 0000040 2024:"
        " is this the whole export?") or "15 of 40 published certificates are missing" in finding["message"]


def test_single_rows_that_are_missing_are_named(office):
    office.write_rows(office.people[:38])
    assert [each["id"] for each in office.findings()] == ["published-certificate-missing"] * 2


@pytest.mark.parametrize("file, rule", [
    ("content/site.yml", "published-issuer-changed"), ("seeds/schemes.yml", "published-scheme-changed")])
def test_an_edition_that_is_dated_back_is_told_its_first_possible_day(office, file, rule):
    if file == "content/site.yml":
        site = office.site
        issuer = site["issuer"] + [{"from": "2024-02-11", "name": site["issuer"][-1]["name"], "licence": "BNSP-LSP-0000.2-ID"}]
        office.set_site(issuer=issuer)
    else:
        office.edit(file, "    - from: 2023-01-01\n      title: {en: \"Hand-Drawn Batik Maker\"",
                    "    - from: 2024-02-11\n      title: {en: \"Hand-Drawn Batik Maker\"")
    findings = office.findings()
    [finding] = [each for each in findings if each["id"] == rule]
    assert finding["path"] == file
    if file == "content/site.yml":
        assert finding["hint"] == (
            "certificates up to 2024-02-20 were published with the edition before, so that this one begins on 2024-02-21 at"
            " the earliest: correct its `from`")

"""`certificate_files`: sites that give each certificate fewer files prove the same."""

import base64
import hashlib
import re
import shutil

import pytest

from support.expected import expect_all
from support.output import site_files
from support.pages import Page
from support.project import bare_project
from support.registry import registered

KINDS = {"page": {"index.html"}, "page, record": {"index.html", "record.json"},
         "page, credential": {"index.html", "credential.json"},
         "page, record, credential": {"index.html", "record.json", "credential.json"},
         "page, badge": {"index.html", "badge.json"},
         "page, record, credential, badge": {"index.html", "record.json", "credential.json", "badge.json"}}


def folder_of(project, certificate):
    return project.public / certificate.path.strip("/")


def choose(project, kinds):
    site = project.root / "content" / "site.yml"
    text = re.sub(r"\ncertificate_files:.*", "", site.read_text())
    site.write_text(f"{text}\ncertificate_files: [{kinds}]\n")


@pytest.fixture(scope="module", params=KINDS)
def sparing(request, tmp_path_factory):
    project = bare_project(tmp_path_factory.mktemp("sparing") / "project")
    project.write_rows(registered(6))
    choose(project, request.param)
    project.built()
    return project, request.param


def test_each_certificate_has_just_the_files_that_were_chosen(sparing):
    project, kinds = sparing
    for certificate in expect_all(project):
        names = {path.name for path in folder_of(project, certificate).iterdir()}
        assert names == KINDS[kinds]


def test_the_page_leads_to_the_very_bytes_of_the_record(sparing):
    project, kinds = sparing
    for certificate in expect_all(project):
        page = Page((folder_of(project, certificate) / "index.html").read_bytes())
        saved = [each["href"] for each in page.all("a") if "download" in each]
        target = saved[0]
        names = [each.rpartition("/")[2] for each in saved[1:]]
        assert names == [f"{kind}.json" for kind in ("credential", "badge") if kind in kinds]
        if "record" in kinds:
            record = (project.public / target.lstrip("/")).read_bytes()
        else:
            record = base64.b64decode(target.removeprefix("data:application/json;base64,"))
        assert hashlib.sha256(record).hexdigest() == certificate.fingerprint


def test_verify_audit_and_proof_find_it_genuine(sparing, tmp_path):
    project, _ = sparing
    for certificate in expect_all(project):
        assert project.run("verify", certificate.code).code == 0
    assert project.run("audit").code == 0
    proof = tmp_path / "proof"
    saved = project.run("proof", certificate.code)
    assert saved.code == 0
    proof.write_bytes(saved.out)
    assert "passed" in project.run("verify", proof).text


def test_a_page_that_lies_about_its_place_in_the_log_is_not_genuine(tmp_path):
    project = bare_project(tmp_path / "project")
    project.write_rows(registered(6))
    choose(project, "page")
    project.built()
    certificate = expect_all(project)[0]
    page = folder_of(project, certificate) / "index.html"
    text = page.read_text()
    index = re.search(r'data-index="(\d+)"', text).group(1)
    page.write_text(text.replace(f'data-index="{index}"', f'data-index="{(int(index) + 1) % 6}"'))
    assert project.run("verify", certificate.code).code == 3
    assert project.run("audit").code == 3


def test_a_credential_that_was_taken_away_is_missed_where_there_should_be_one(tmp_path):
    project = bare_project(tmp_path / "project")
    project.write_rows(registered(6))
    project.built()
    certificate = expect_all(project)[0]
    (folder_of(project, certificate) / "credential.json").unlink()
    assert project.run("verify", certificate.code).code == 4
    assert project.run("audit").code == 3


def test_files_come_and_go_with_the_choice(tmp_path):
    project = bare_project(tmp_path / "project")
    project.write_rows(registered(6))
    project.built()
    whole = site_files(project.public)
    for kinds in ("page", "page, record", "page, record, badge", "page, record, credential"):
        choose(project, kinds)
        project.built()
        clean = bare_project(tmp_path / "clean")
        shutil.rmtree(clean.root)
        shutil.copytree(project.root, clean.root, ignore=shutil.ignore_patterns("public", ".canting-cache"))
        clean.built()
        assert site_files(project.public) == site_files(clean.public)
        shutil.rmtree(clean.root)
    assert site_files(project.public) == whole


def test_a_choice_without_a_page_is_refused_where_it_stands(project):
    choose(project, "record, credential")
    found = project.findings()
    assert [each["id"] for each in found] == ["bad-certificate-files"]

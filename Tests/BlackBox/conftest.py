import os
import re
import shutil
import tempfile
from pathlib import Path

import pytest

from support.output import site_files
from support.pages import pages_of
from support.program import REPOSITORY
from support.project import Project
from support.registry import person


@pytest.fixture(scope="session")
def specimen(tmp_path_factory):
    """The whole specimen, its log begun by one build; tests only read it."""
    project = Project.copy(REPOSITORY, tmp_path_factory.mktemp("specimen") / "project")
    project.built()
    return project


@pytest.fixture(scope="session")
def specimen_files(specimen):
    return site_files(specimen.public)


@pytest.fixture(scope="session")
def specimen_pages(specimen_files):
    return pages_of(specimen_files)


@pytest.fixture
def project(tmp_path):
    """A project with three certificates."""
    copy = Project.copy(REPOSITORY, tmp_path / "project")
    copy.write_rows([person(1), person(2), person(3)])
    return copy


@pytest.fixture
def newsless(project):
    """A project without announcements, and without links to them."""
    for file in (project.root / "content/news").glob("*.md"):
        file.unlink()
    for file in (project.root / "content/pages").glob("*.md"):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"\[([^]]*)\]\(\.\./news/[^)]*\)", r"\1", text), encoding="utf-8")
    return project


@pytest.fixture(scope="session")
def varied_template(tmp_path_factory):
    """A project with a few of the specimen's certificates, of every status and shape."""
    copy = Project.copy(REPOSITORY, tmp_path_factory.mktemp("varied") / "project")
    rows = copy.rows()
    kinds = {
        **{status: lambda row, status=status: row["status"] == status
           for status in ("valid", "suspended", "revoked", "superseded")},
        "listed": lambda row: row["listed"] == "yes",
        "unlisted": lambda row: row["listed"] == "no",
        "comma": lambda row: "," in row["holder"],
        "no expiry": lambda row: not row["expires"],
        "revised": lambda row: row["revision"],
    }
    chosen = [row for fits in kinds.values() for row in list(filter(fits, rows))[:2]]
    numbers = {number for row in chosen for number in (row["number"], row["superseded_by"])}
    copy.write_rows([row for row in rows if row["number"] in numbers])
    return copy


@pytest.fixture
def varied(varied_template, tmp_path):
    return Project.copy(varied_template.root, tmp_path / "project")


@pytest.fixture(scope="session")
def varied_built(varied_template, tmp_path_factory):
    """The varied project, built once; tests only read it."""
    copy = Project.copy(varied_template.root, tmp_path_factory.mktemp("varied-built") / "project")
    copy.built()
    return copy


@pytest.fixture
def open_folder():
    """A folder that every user of the machine may enter, which pytest's own folders are not."""
    folder = Path(tempfile.mkdtemp(prefix="canting-"))
    os.chmod(folder, 0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)

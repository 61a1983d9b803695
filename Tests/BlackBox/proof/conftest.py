"""The proof of the specimen, and a project that was published with a certificate of every status."""

import pytest

from support.expected import expect_all
from support.project import bare_project, with_everything
from support.proof import certificate_files, published_rows, site_of, verdicts_of
from support.verifier import history_of


@pytest.fixture(scope="session")
def site(specimen):
    return site_of(specimen)


@pytest.fixture(scope="session")
def log(site):
    return site.log()


@pytest.fixture(scope="session")
def expected(specimen):
    return expect_all(specimen)


@pytest.fixture(scope="session")
def history(expected):
    return history_of(expected)


@pytest.fixture(scope="session")
def verdicts(specimen):
    return verdicts_of(specimen)


@pytest.fixture(scope="session")
def one(specimen):
    """Credential and record of a certificate that was revoked and has a registration number."""
    expected = next(each for each in expect_all(specimen) if each.row["status"] == "revoked"
                    and each.row["registration"])
    return certificate_files(specimen)[expected.fingerprint]


@pytest.fixture(scope="session")
def published_template(tmp_path_factory):
    project = bare_project(tmp_path_factory.mktemp("published") / "project")
    project.write_rows(published_rows())
    project.built()
    return project


@pytest.fixture
def published(published_template, tmp_path):
    """A project that was published with a certificate of every status."""
    return with_everything(published_template, tmp_path / "project")

"""The log in the eyes of the Go team's packages for notes and transparency logs."""

import base64
import os
import shutil
import subprocess

import pytest
from cryptography.hazmat.primitives import serialization

from support.output import tree
from support.program import REPOSITORY
from support.project import ledger_of, bare_project
from support.proof import site_of
from support.registry import person, registered
from support.verifier import VerifierKey

SOURCE = REPOSITORY / "Tests/Go/log_check.go"
# Where Debian puts the libraries of golang-golang-x-mod-dev.
ENVIRONMENT = {**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": ""}


def go(*arguments):
    return subprocess.run(["go", *arguments], env=ENVIRONMENT, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=300)


@pytest.fixture(scope="module")
def log_check(tmp_path_factory):
    """The compiled program."""
    if shutil.which("go") is None:
        pytest.skip("Go is not installed (Debian: golang-go)")
    if go("list", "golang.org/x/mod/sumdb/tlog").returncode != 0:
        pytest.skip("golang.org/x/mod is not installed (Debian: golang-golang-x-mod-dev)")
    program = tmp_path_factory.mktemp("go") / "log_check"
    built = go("build", "-o", program, SOURCE)
    assert built.returncode == 0, built.stderr

    def check(folder, key, *old):
        return subprocess.run([program, folder, str(key), *old], capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=60)

    return check


@pytest.fixture(scope="module")
def twice_built(tmp_path_factory):
    """A project with more entries than a tile has, and the checkpoint from before it grew."""
    folder = tmp_path_factory.mktemp("go-log")
    project = bare_project(folder / "project")
    project.write_rows(registered(90))
    project.built()
    old = shutil.copy(project.public / "log/checkpoint", folder / "old-checkpoint")
    project.write_rows(
        registered(265)[::-1] + [person(300, status="revoked", status_date="2026-01-01")])
    project.built()
    return project, old


@pytest.fixture
def public_log(twice_built, tmp_path):
    """A copy of the public log, with its key."""
    project, old = twice_built
    return (shutil.copytree(project.public / "log", tmp_path / "log"),
            site_of(project).verifier_keys[0], old)


def test_go_opens_the_checkpoint_and_computes_its_root_from_the_entries(log_check, twice_built):
    project, _ = twice_built
    log = site_of(project).log()
    (key,) = site_of(project).verifier_keys
    for folder in (project.public / "log", ledger_of(project)):
        done = log_check(folder, key)
        assert done.returncode == 0, done.stderr
        size, root = done.stdout.split()
        assert int(size) == log.size == 267
        assert root == (project.public / "log/checkpoint").read_text().split("\n")[2]


def test_go_proves_that_the_log_extends_a_saved_checkpoint(log_check, public_log):
    folder, key, old = public_log
    done = log_check(folder, key, old)
    assert done.returncode == 0, done.stderr


def test_go_refuses_another_key(log_check, public_log):
    folder, key, _ = public_log
    done = log_check(folder, VerifierKey(key.name, bytes(32)))
    assert done.returncode == 1 and "no verifiable signatures" in done.stderr


@pytest.mark.parametrize("size, root, reason", [
    (90, b"\x07" * 32, "invalid transparency proof"), (268, b"\x07" * 32, "the log had 268")])
def test_go_refuses_a_log_that_a_saved_checkpoint_contradicts(
        log_check, public_log, twice_built, tmp_path, size, root, reason):
    """The institution signed something else before: the specimen's key is everybody's."""
    folder, key, _ = public_log
    pem = (twice_built[0].root / "seeds/keys/log.pem").read_bytes()
    text = f"{key.name}\n{size}\n{base64.b64encode(root).decode()}\n"
    signature = serialization.load_pem_private_key(
        pem[pem.index(b"-----"):], None).sign(text.encode())
    line = base64.b64encode(key.id + signature).decode()
    saved = tmp_path / "saved"
    saved.write_text(f"{text}\n\u2014 {key.name} {line}\n", encoding="utf-8")
    done = log_check(folder, key, saved)
    assert done.returncode == 1 and reason in done.stderr


def test_go_refuses_a_log_with_any_file_changed(log_check, public_log):
    folder, key, _ = public_log
    files = [name for name in tree(folder) if name in (
        "checkpoint", "tile/0/000", "tile/0/001.p/11", "tile/1/000.p/1", "tile/entries/000",
        "tile/entries/001.p/11")]
    assert len(files) == 6
    for name in files:
        content = (folder / name).read_bytes()
        middle = len(content) // 2
        (folder / name).write_bytes(
            content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1:])
        assert log_check(folder, key).returncode == 1, name
        (folder / name).write_bytes(content)
    assert log_check(folder, key).returncode == 0

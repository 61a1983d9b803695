"""Cosigned checkpoints before programs that share nothing with this one: Go's package for notes, aics-tlog, and a
witness of somebody else's, aics-witness."""

import base64
import datetime
import os
import re
import shutil
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from support.program import REPOSITORY, run_program
from support.project import bare_project
from support.proof import ADDRESS
from support.registry import registered
from support.verifier import Site
from support.witnesses import Signer, Witness, cosigners, split, write_policy

ORIGIN = ADDRESS.split("://")[1] + "/log"
TODAY = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
GO = {**os.environ, "GO111MODULE": "off", "GOPATH": "/usr/share/gocode", "GOFLAGS": ""}


def built(target):
    project = bare_project(target)
    project.write_rows(registered(20))
    project.built(now=TODAY)
    return project


@pytest.fixture(scope="module")
def cosigned(tmp_path_factory):
    """A checkpoint with three cosignatures, one with one, the log's key, and those of the witnesses."""
    project = built(tmp_path_factory.mktemp("cosigned") / "project")
    log = Site(project.public, ADDRESS).verifier_keys[0]
    witnesses = [Witness(f"w-{letter}.example/w", {ORIGIN: [log]}) for letter in "abc"]
    signers = [each.signer for each in witnesses]
    write_policy(project, signers, "all", [each.url for each in witnesses])
    project.built(now=TODAY)
    done = project.run("cosign", "--require-quorum", now=TODAY)
    for each in witnesses:
        each.close()
    assert done.code == 0, done.text
    file = project.public / "log/checkpoint"
    text, lines = split(file.read_bytes())
    few = project.root / "few"
    few.write_text(text + "\n" + "".join(line + "\n" for line in lines[:2]), encoding="utf-8")
    assert len(lines) == 4
    return file, few, str(log), [each.vkey for each in signers]


@pytest.fixture(scope="module")
def quorum_check(tmp_path_factory):
    if shutil.which("go") is None:
        pytest.skip("Go is not installed (Debian: golang-go)")
    if subprocess.run(["go", "list", "golang.org/x/mod/sumdb/note"], env=GO, capture_output=True).returncode != 0:
        pytest.skip("golang.org/x/mod is not installed (Debian: golang-golang-x-mod-dev)")
    program = tmp_path_factory.mktemp("go") / "quorum_check"
    made = subprocess.run(["go", "build", "-o", program, REPOSITORY / "Tests/Go/quorum_check.go"], env=GO,
                          capture_output=True, text=True, timeout=300)
    assert made.returncode == 0, made.stderr
    return lambda *arguments: subprocess.run([program, *map(str, arguments)], capture_output=True, text=True, timeout=60)


def test_go_takes_three_cosignatures_and_refuses_a_quorum_of_two_with_one(quorum_check, cosigned):
    file, few, log, keys = cosigned
    three = quorum_check(file, 3, log, *keys)
    assert three.returncode == 0 and three.stdout == "3 witnesses\n", three.stderr
    one = quorum_check(few, 2, log, *keys)
    assert one.returncode == 1 and "1 of 2 witnesses" in one.stderr
    assert quorum_check(few, 1, log, *keys).returncode == 0
    # Nor does it take another witness's line for its own.
    stranger = Signer("stranger.example/w").vkey
    assert quorum_check(file, 1, log, stranger).returncode == 1


def test_aics_tlog_takes_three_cosignatures_and_refuses_a_quorum_of_two_with_one(cosigned):
    aics = pytest.importorskip("aics_tlog", reason="aics-tlog needs Python 3.12")
    file, few, log, keys = cosigned

    def verified(path, quorum):
        return aics.verify_checkpoint(
            aics.parse_note(path.read_bytes()), aics.parse_vkey(log), [aics.parse_vkey(key) for key in keys],
            quorum=quorum, expected_origin=ORIGIN)
    assert verified(file, 3).ok and verified(file, 2).ok and verified(few, 1).ok
    assert not verified(few, 2).ok
    note = file.read_bytes()
    spoiled = file.with_name("spoiled")
    spoiled.write_bytes(note[:-8] + (b"A" if note[-8:-7] != b"A" else b"B") + note[-7:])
    assert not aics.verify_checkpoint(
        aics.parse_note(spoiled.read_bytes()), aics.parse_vkey(log), [aics.parse_vkey(key) for key in keys], quorum=2).ok
    spoiled.unlink()


def test_a_witness_of_somebody_else_s_cosigns_a_log_that_grows(tmp_path):
    """aics-witness speaks tlog-witness; it was written by others, from the same specification."""
    pytest.importorskip("aics_witness", reason="aics-witness needs Python 3.12")
    project = built(tmp_path / "project")
    log = str(Site(project.public, ADDRESS).verifier_keys[0])
    config = tmp_path / "witness.json"

    def aics(*arguments):
        done = subprocess.run([sys.executable, "-m", "aics_witness", *arguments, "--config", config],
                              capture_output=True, text=True, timeout=60, cwd=tmp_path)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout
    aics("init", "--name", "aics.example/w1", "--listen", "127.0.0.1:0")
    aics("add-log", "--origin", ORIGIN, "--vkey", log)
    key = re.search(r"aics\.example/w1\+[0-9a-f]{8}\+[\w+/=]+", aics("status"))[0]
    server = subprocess.Popen([sys.executable, "-u", "-m", "aics_witness", "serve", "--config", config], cwd=tmp_path,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        url = next(found[0] for line in server.stdout if (found := re.search(r"http://[\w.:]+", line)))
        (project.root / "seeds/witnesses.policy").write_text(f"witness aics {key} {url}\nquorum aics\n")
        signer = type("Key", (), {"name": "aics.example/w1", "id": bytes.fromhex(key.split("+")[1])})
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key.split("+", 2)[2])[1:])
        signer.key = type("Half", (), {"public_key": staticmethod(lambda: public)})
        for count in (20, 33, 300):
            project.write_rows(registered(count))
            project.built(now=TODAY)
            done = project.run("cosign", "--require-quorum", "--format", "json", now=TODAY)
            assert done.code == 0 and done.findings == [], done.text
            assert cosigners((project.public / "log/checkpoint").read_bytes(), [signer]) == ["aics.example/w1"]
    finally:
        server.kill()
        server.wait()
    assert run_program("audit", "--site", project.public, "--policy", "published", "--now", TODAY).code == 0

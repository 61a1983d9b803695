"""Keys: made, read, refused and rotated."""

import re
import shutil
import stat
import subprocess

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from support.expected import secret_of
from support.output import refused, tree
from support.program import REPOSITORY, run_program
from support.project import ledger_of, bare_project
from support.proof import certificate_files, site_of, verdicts_of
from support.registry import person
from support.verifier import Checkpoint, Refused, VerifierKey, check_proof, public_key_of, read_json, verify


def real(tmp_path, name="project"):
    """A project with keys of its own and two certificates."""
    project = bare_project(tmp_path / name)
    shutil.rmtree(project.root / "seeds/keys")
    project.write_rows([person(1), person(2)])
    outcome = run_program("keys", "new", "--root", project.root, "--now", "2024-01-01")
    assert outcome.code == 0, outcome.text
    return project


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def openssl_key(file):
    """The public key of a private key file, as openssl sees it."""
    der = subprocess.run(["openssl", "pkey", "-in", file, "-pubout", "-outform", "DER"],
                         capture_output=True, check=True).stdout
    text = subprocess.run(["openssl", "pkey", "-in", file, "-noout", "-text"],
                          capture_output=True, check=True).stdout.decode()
    assert text.upper().startswith("ED25519 PRIVATE-KEY")
    return der[-32:]


@pytest.mark.smoke
def test_new_keys_are_the_owners_alone_and_openssl_reads_them(tmp_path):
    project = real(tmp_path)
    keys = project.root / "seeds/keys"
    assert {path.name: mode_of(path) for path in keys.iterdir() if path.name != "history.yml"} == {
        "registry.secret": 0o600, "signing.pem": 0o600, "log.pem": 0o600}
    project.built()
    site = site_of(project)
    assert list(site.issuer.keys.values()) == [openssl_key(keys / "signing.pem")]
    assert {verdict.record["number"] for verdict in verdicts_of(project).values()} == {
        person(1)["number"], person(2)["number"]}
    assert mode_of(ledger_of(project) / "published") & 0o077 == 0


def test_keys_are_made_of_chance_and_never_overwritten(tmp_path):
    first, second = real(tmp_path), real(tmp_path, "other")
    before = tree(first.root / "seeds/keys")
    assert secret_of(first.root) != secret_of(second.root)
    assert openssl_key(first.root / "seeds/keys/signing.pem") != openssl_key(
        second.root / "seeds/keys/signing.pem")
    outcome = run_program("keys", "new", "--root", first.root)
    assert outcome.code == 1 and "keys-exist" in outcome.text
    assert tree(first.root / "seeds/keys") == before


@pytest.mark.parametrize("name", ["registry.secret", "signing.pem", "log.pem"])
@pytest.mark.parametrize("mode", [0o644, 0o620])
def test_a_real_key_that_others_can_read_is_refused_with_the_command_that_mends_it(
        tmp_path, name, mode):
    project = real(tmp_path)
    project.built()
    file = project.root / "seeds/keys" / name
    file.chmod(mode)
    (finding,) = refused(project, "key-readable-by-others")
    assert finding["path"] == f"seeds/keys/{name}"
    assert f"chmod 600 seeds/keys/{name}" in finding["hint"]
    file.chmod(0o600)
    project.built()


@pytest.mark.parametrize("name", ["registry.secret", "signing.pem", "log.pem"])
def test_specimen_keys_are_refused_on_a_real_site(tmp_path, name):
    project = real(tmp_path)
    project.make_real()
    project.built("--new-log")
    shutil.rmtree(project.public)
    shutil.rmtree(ledger_of(project))
    shutil.copy(REPOSITORY / "seeds/keys" / name, project.root / "seeds/keys" / name)
    if name == "signing.pem":
        shutil.copy(REPOSITORY / "seeds/keys/history.yml", project.root / "seeds/keys/history.yml")
    findings = project.findings()
    assert "specimen-keys" in {finding["id"] for finding in findings}


@pytest.mark.parametrize("damage", ["other key", "no key", "half a key", "a public key"])
def test_a_signing_key_that_is_not_the_institutions_is_refused(tmp_path, damage):
    project = real(tmp_path)
    project.built()
    file = project.root / "seeds/keys/signing.pem"
    other = Ed25519PrivateKey.generate()
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    content = {
        "other key": other.private_bytes(encoding, form, serialization.NoEncryption()),
        "no key": None,
        "half a key": file.read_bytes()[:60],
        "a public key": other.public_key().public_bytes(
            encoding, serialization.PublicFormat.SubjectPublicKeyInfo)}[damage]
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
        file.chmod(0o600)
    findings = project.findings()
    assert {finding["path"] for finding in findings} <= {
        "seeds/keys/signing.pem", "seeds/keys/history.yml"}


@pytest.mark.smoke
def test_a_rotated_key_keeps_the_old_one_for_what_it_signed(tmp_path):
    project = real(tmp_path)
    project.built()
    old_site, old_files = site_of(project), certificate_files(project)
    ((old_name, old_key),) = old_site.issuer.keys.items()
    old_log = old_site.log()
    old_note = (project.public / "log/checkpoint").read_bytes()
    outcome = run_program("keys", "rotate", "--root", project.root, "--now", "2026-06-01")
    assert outcome.code == 0, outcome.text
    new_key = openssl_key(project.root / "seeds/keys/signing.pem")
    assert new_key != old_key
    assert [mode_of(path) for path in (project.root / "seeds/keys").glob("*.pem")] == [0o600] * 3
    project.write_rows(project.rows() + [person(3)])
    project.built()
    site = site_of(project)
    issuer, log = site.issuer, site.log()
    assert set(issuer.keys.values()) == {old_key, new_key} and issuer.keys[old_name] == old_key
    # What a buyer saved before still verifies, and so does all that is new, by the new key.
    for credential, record in old_files.values():
        assert verify(site, issuer, log, credential, record).key == old_name
    new_names = {verdict.key for verdict in verdicts_of(project).values()}
    assert {issuer.keys[name] for name in new_names} == {new_key}
    for purpose in ("revocation", "suspension"):
        document = read_json((project.public / f"status/{purpose}/0").read_bytes())
        assert issuer.keys[check_proof(document, issuer)] == new_key
    log.check_extends(old_log.checkpoint)
    note = (project.public / "log/checkpoint").read_bytes()
    # The log keeps its key.
    log_key = openssl_key(project.root / "seeds/keys/log.pem")
    for each in (note, old_note):
        Checkpoint.open(each, [VerifierKey(site.origin, log_key)])
        with pytest.raises(Refused):
            Checkpoint.open(each, [VerifierKey(site.origin, key) for key in (old_key, new_key)])


def test_the_key_history_says_when_each_key_was_in_use(tmp_path):
    project = real(tmp_path)
    for day in ("2025-03-01", "2026-06-01"):
        assert run_program("keys", "rotate", "--root", project.root, "--now", day).code == 0
    text = (project.root / "seeds/keys/history.yml").read_text()
    assert re.findall(r"^ *(?:- )?(from|until): (\S+)$", text, re.MULTILINE) == [
        ("from", "2024-01-01"), ("until", "2025-03-01"), ("from", "2025-03-01"),
        ("until", "2026-06-01"), ("from", "2026-06-01")]
    keys = re.findall(r"key: (z6Mk\w+)", text)
    assert len(set(keys)) == 3
    assert public_key_of(keys[-1]) == openssl_key(project.root / "seeds/keys/signing.pem")
    project.built()
    assert set(site_of(project).issuer.keys.values()) == {public_key_of(key) for key in keys}


def test_a_rotation_leaves_the_checkpoint_as_it_is(tmp_path):
    project = real(tmp_path)
    project.built()
    old = (project.public / "log/checkpoint").read_bytes()
    assert run_program("keys", "rotate", "--root", project.root, "--now", "2026-06-01").code == 0
    project.built()
    assert (project.public / "log/checkpoint").read_bytes() == old


@pytest.mark.parametrize("state", ["new key", "history", "old key aside"])
def test_a_rotation_that_was_killed_is_completed_by_the_next(tmp_path, state):
    """The states between the steps that `keys rotate --help` promises to complete."""
    project = real(tmp_path)
    keys = project.root / "seeds/keys"
    before = tree(keys)
    assert run_program("keys", "rotate", "--root", project.root, "--now", "2026-06-01").code == 0
    after = tree(keys)
    (retired,) = set(after) - set(before)
    assert after[retired] == before["signing.pem"]
    shutil.rmtree(keys)
    keys.mkdir(0o700)
    states = {
        "new key": {**before, "next.pem": after["signing.pem"]},
        "history": {**before, "next.pem": after["signing.pem"], "history.yml": after["history.yml"]},
        "old key aside": {"registry.secret": before["registry.secret"], "log.pem": before["log.pem"], retired: after[retired],
                          "history.yml": after["history.yml"], "next.pem": after["signing.pem"]},
    }
    for name, content in states[state].items():
        (keys / name).write_bytes(content)
        (keys / name).chmod(0o600)
    outcome = run_program("keys", "rotate", "--root", project.root, "--now", "2026-06-01")
    assert outcome.code == 0, outcome.text
    assert tree(keys) == after
    project.built()
    verdicts_of(project)

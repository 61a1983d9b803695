"""Credentials, lists and keys that are signed and wrong: the independent verifier and the program refuse each."""

import base64
import json
import shutil
from pathlib import Path

import pytest

from support import forgeries
from support.forgeries import (
    CREDENTIALS, LISTS, LOW_ORDER, checkpoint, key_of, mixed_order, multikey, new_key, raw, signed, with_keys)
from support.program import NOW, REPOSITORY, run_program
from support.project import Project
from support.proof import ADDRESS, certificate_files
from support.verifier import (
    Checkpoint, Issuer, Refused, Site, VerifierKey, canonical, is_sound, public_key_of, sha256, verify)

TODAY = NOW[:10]


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    project = Project.copy(REPOSITORY, tmp_path_factory.mktemp("forgeries") / "project")
    project.built()
    return project


@pytest.fixture
def site(published):
    return Site(published.public, ADDRESS, TODAY)


@pytest.fixture
def key(published):
    return key_of(published.root / "seeds/keys/signing.pem")


@pytest.fixture(scope="module")
def one(published):
    """Credential and record of a certificate in force, of a scheme with several units."""
    return next(files for files in certificate_files(published).values()
                if b'"revision"' not in files[1] and b'"issued":"2026' in files[1])


@pytest.fixture(scope="module")
def log(published):
    return Site(published.public, ADDRESS).log()


def test_a_credential_signed_anew_as_it_was_is_genuine(site, log, key, one):
    verify(site, site.issuer, log, signed(json.loads(one[0]), key), one[1])


@pytest.mark.parametrize("name", CREDENTIALS)
def test_a_credential_that_says_anything_else_is_refused(site, log, key, one, name):
    forged = forgeries.credential(one[0], key, name)
    assert json.loads(forged) != json.loads(one[0])
    with pytest.raises(Refused):
        verify(site, site.issuer, log, forged, one[1])


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_says_anything_else_is_refused(published, site, log, key, one, tmp_path, name):
    copied = tmp_path / "public"
    copied.mkdir()
    for part in (".well-known", "status"):
        shutil.copytree(published.public / part, copied / part)
    path = copied / "status/revocation/0"
    path.write_bytes(forgeries.status_list(path.read_bytes(), key, name))
    with pytest.raises(Refused):
        Site(copied, ADDRESS, TODAY).statuses(json.loads(one[0]), site.issuer)


# MARK: Keys


def test_a_key_of_prime_order_is_sound():
    assert all(is_sound(raw(new_key(seed))) for seed in range(1, 20))
    assert is_sound(public_key_of("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"))


def test_there_are_fourteen_ways_to_write_a_point_of_low_order():
    assert len(LOW_ORDER) == 14


@pytest.mark.parametrize("content", [
    *LOW_ORDER, *(mixed_order(raw(new_key(seed))) for seed in range(1, 5)),
    forgeries.NOT_CANONICAL, b"\x02" + bytes(31)], ids=lambda content: content.hex()[:16])
def test_a_key_for_which_anybody_can_sign_is_refused(content):
    assert not is_sound(content)
    with pytest.raises(Refused):
        public_key_of(multikey(content))
    with pytest.raises(Refused):
        VerifierKey.parse(str(VerifierKey("example.org/log", content)))


# MARK: Who signs what


def test_the_logs_own_key_signs_checkpoints_and_nothing_else(site, one):
    signing, log = new_key(1), new_key(2)
    issuer = Issuer.of(with_keys(site.did, signing, log=log), site.did)
    assert [each.public_key for each in issuer.verifier_keys(site.origin)] == [raw(log)]
    assert list(issuer.keys.values()) == [raw(signing)]
    method = f"{site.did}#log"
    with pytest.raises(Refused, match="not listed"):
        verify(site, issuer, None, signed(json.loads(one[0]), log, verificationMethod=method), one[1])
    listed = with_keys(site.did, signing, log=log)
    listed["assertionMethod"].append(method)
    with pytest.raises(Refused, match="signs more"):
        Issuer.of(listed, site.did)
    with pytest.raises(Refused, match="signs more"):
        Issuer.of(with_keys(site.did, signing, log=signing), site.did)


def test_without_one_the_newest_key_signs_the_checkpoint(site):
    new, old = new_key(1), new_key(2)
    issuer = Issuer.of(with_keys(site.did, new, old), site.did)
    assert [each.public_key for each in issuer.verifier_keys(site.origin)] == [raw(new)]


@pytest.mark.parametrize("size", [str(2 ** 53), str(2 ** 62), str(2 ** 63 - 1), "9" * 5000, "-1"])
def test_a_checkpoint_of_a_size_that_no_log_has_is_refused(site, size):
    log = new_key(2)
    verifier = VerifierKey(site.origin, raw(log))
    note = checkpoint(site.origin, size, log)
    with pytest.raises(Refused, match="no number of leaves"):
        Checkpoint.open(note.encode(), [verifier])


# MARK: The program


@pytest.fixture
def copied(published, tmp_path):
    """A copy of the site that a test may forge."""
    return Path(shutil.copytree(published.public, tmp_path / "site"))


@pytest.fixture
def code(one):
    return sha256(one[1]).hex()[:32]


def ask(*arguments):
    return run_program(*arguments, "--now", NOW, "--format", "json")


@pytest.mark.parametrize("name", CREDENTIALS)
def test_the_program_refuses_the_same_credentials(published, key, one, tmp_path, name):
    saved = tmp_path / "credential.json"
    saved.write_bytes(forgeries.credential(one[0], key, name))
    outcome = ask("verify", saved, "--site", published.public)
    # One that names another record names none that the site has.
    wanted = "not found" if name == "another digest" else "not genuine"
    assert (outcome.code, outcome.json["verdict"]) == (3, wanted), outcome.text


@pytest.mark.parametrize("name", LISTS)
def test_the_program_takes_none_of_the_same_lists(copied, key, code, name):
    path = copied / "status/revocation/0"
    path.write_bytes(forgeries.status_list(path.read_bytes(), key, name))
    outcome = ask("verify", code, "--site", copied)
    assert outcome.code in (3, 4), outcome.text


@pytest.mark.parametrize("size", [2 ** 32, 2 ** 40, 2 ** 53, 2 ** 62, 2 ** 63 - 1, 10 ** 400])
@pytest.mark.parametrize("command", ["audit", "monitor", "verify"])
def test_a_checkpoint_of_any_size_is_refused_at_once(published, copied, code, tmp_path, command, size):
    log = key_of(published.root / "seeds/keys/log.pem")
    (copied / "log/checkpoint").write_bytes(
        checkpoint(ADDRESS.partition("://")[2] + "/log", size, log).encode())
    outcome = ask(*{
        "audit": ("audit", "--site", copied), "verify": ("verify", code, "--site", copied),
        "monitor": ("monitor", copied, "--since", tmp_path / "saved", "--first")}[command])
    assert outcome.code == 3, outcome.text
    assert not (tmp_path / "saved").exists()


def test_a_checkpoint_that_the_tiles_do_not_lead_to_is_not_saved(published, copied, tmp_path):
    log = key_of(published.root / "seeds/keys/log.pem")
    (copied / "log/checkpoint").write_bytes(
        checkpoint(ADDRESS.partition("://")[2] + "/log", 1100, log).encode())
    outcome = ask("monitor", copied, "--since", tmp_path / "saved", "--first")
    assert outcome.code in (3, 4) and not (tmp_path / "saved").exists(), outcome.text


@pytest.mark.parametrize("content", [*LOW_ORDER, mixed_order(raw(new_key(1))), forgeries.NOT_CANONICAL],
                         ids=lambda content: content.hex()[:16])
def test_a_key_for_which_anybody_can_sign_is_none_to_name(published, copied, code, content):
    verifier = str(VerifierKey("a.example/log", content))
    for name in (multikey(content), verifier):
        assert run_program("verify", code, "--site", copied, "--key", name).code == 64
    path = copied / ".well-known/did.json"
    did = json.loads(path.read_bytes())
    did["verificationMethod"][-1]["publicKeyMultibase"] = multikey(content)
    path.write_bytes(canonical(did))
    assert ask("verify", code, "--site", copied).code == 3


@pytest.mark.parametrize("site_too", [True, False])
def test_a_proof_of_another_log_is_none_of_ours(published, key, one, code, tmp_path, site_too):
    """Signed by our keys, with a path that leads to its root."""
    log = key_of(published.root / "seeds/keys/log.pem")
    proof = run_program("proof", code, "--site", published.public).out
    head, _, note = proof.partition(b"\n\n")
    _, size, root = note.decode().split("\n")[:3]
    keys = [each for name in (key, log) for each in ("--key", multikey(raw(name)))]
    place = ["--site", published.public] if site_too else []
    (tmp_path / "credential.json").write_bytes(one[0])
    for origin, code_wanted in ((ADDRESS.partition("://")[2] + "/log", {0, 4}), ("evil.example/log", {3})):
        (tmp_path / "proof").write_bytes(
            head + b"\n\n" + checkpoint(origin, size, log, base64.b64decode(root)).encode())
        outcome = ask("verify", tmp_path / "credential.json", "--proof", tmp_path / "proof", *keys, *place)
        assert outcome.code in code_wanted, outcome.text


def test_each_key_speaks_for_its_time(published, one, code, tmp_path):
    project = Project(shutil.copytree(published.root, tmp_path / "project", symlinks=True))
    old_files = shutil.copytree(project.public, tmp_path / "old")
    old = multikey(raw(key_of(project.root / "seeds/keys/signing.pem")))
    log = multikey(raw(key_of(project.root / "seeds/keys/log.pem")))
    assert project.run("keys", "rotate").code == 0
    new = multikey(raw(key_of(project.root / "seeds/keys/signing.pem")))
    project.built()
    site = ("--site", project.public, "--since", old_files / "log/checkpoint")
    (tmp_path / "credential.json").write_bytes(one[0])
    for argument in (code, tmp_path / "credential.json"):
        for keys in ((), ("--key", new), ("--key", new, "--key", log), ("--key", log)):
            outcome = ask("verify", argument, *keys, *site)
            assert outcome.json["verdict"] == "valid", (argument, keys, outcome.text)
    # Who knows the old key alone knows nothing of the new one: neither good nor bad.
    outcome = ask("verify", code, "--key", old, *site)
    assert (outcome.code, outcome.json["cause"]) == (4, "key"), outcome.text
    assert ask("audit", *site, "--key", new).code == 0
    # What the old key signed is of its time, and says nothing of today.
    for name in ("status/revocation/0", "status/suspension/0"):
        kept = (project.public / name).read_bytes()
        (project.public / name).write_bytes((old_files / name).read_bytes())
        for keys in ((), ("--key", new), ("--key", old), ("--key", new, "--key", log)):
            assert ask("verify", code, *keys, *site).code == 3, keys
        (project.public / name).write_bytes(kept)


def test_a_log_that_began_without_a_key_keeps_its_signing_keys(published, one, tmp_path):
    project = Project.copy(REPOSITORY, tmp_path / "project")
    project.built()
    project.start_over()
    (project.root / "seeds/keys/log.pem").unlink()
    (finding,) = project.findings()
    assert finding["id"] == "missing-log-key"
    # As an earlier version began it.
    made = project.run("keys", "new")
    assert made.code == 0 and "log.pem" in made.text
    project.built()
    (project.root / "seeds/keys/log.pem").unlink()
    (finding,) = project.findings()
    assert finding["id"] == "ledger-of-other-keys" and "log.pem" in finding["hint"]
    assert project.run("keys", "new").code == 1  # No second key for a log that has one.


def test_bad_news_stands_whatever_does_not_come(published, copied):
    rows = {"revoked": [], "suspended": [], "superseded": []}
    for page in copied.glob("c/*/*/index.html"):
        status = page.read_text(encoding="utf-8").partition('data-status="')[2].partition('"')[0]
        rows.setdefault(status, []).append(page.parent)
    for status in ("revoked", "suspended", "superseded"):
        folder = rows[status][0]
        code = "".join(folder.parts[-2:])
        for lost in ("credential.json", "record.json", "../../../keys.json", "../../../log/checkpoint",
                     "../../../status/revocation/0", "../../../status/suspension/0",
                     "../../../.well-known/did.json"):
            path = (folder / lost).resolve()
            content = path.read_bytes()
            path.unlink()
            outcome = ask("verify", code, "--site", copied)
            assert outcome.code == 2 and outcome.json["verdict"] == status, (lost, outcome.text)
            assert outcome.json["isWhole"] is False, lost
            path.write_bytes(content)


def test_a_wrong_clock_is_no_verdict(published, one, code):
    record = json.loads(one[1])
    for day in ("2021-01-01", "1999-12-31"):
        outcome = run_program("verify", code, "--site", published.public, "--now", day, "--format", "json")
        assert (outcome.code, outcome.json["cause"]) == (4, "clock"), (record["issued"], outcome.text)


def test_the_logs_key_is_no_signing_key(tmp_path):
    project = Project.copy(REPOSITORY, tmp_path / "project")
    keys = project.root / "seeds/keys"
    shutil.copy(keys / "signing.pem", keys / "log.pem")
    (finding,) = project.findings()
    assert finding["id"] == "log-key-signs-documents"

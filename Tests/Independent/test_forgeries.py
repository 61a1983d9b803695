"""Credentials, lists and keys that are signed and wrong: the independent verifier refuses each."""

import json
import shutil

import pytest

import forgeries
from forgeries import (
    CREDENTIALS, LISTS, LOW_ORDER, checkpoint, key_of, mixed_order, multikey, new_key, raw, signed,
    with_keys)
from support import NOW, REPOSITORY, Project
from test_proof import ADDRESS, certificate_files
from verifier import (
    Checkpoint, Issuer, Refused, Site, VerifierKey, is_sound, public_key_of, verify)

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

"""The independent verifier itself, held against the standards' vectors."""

import base64
import gzip

import base58
import pytest

from support import verifier
from support.verifier import (
    EMPTY_ROOT, Leaves, Refused, VerifierKey, bits_of, canonical, check_consistency, check_inclusion, consistency_path,
    expected_tiles, hashes_of, inclusion_path, leaf_hash, open_note, public_key_of, read_json, set_bits, tile_path,
    tree_root)

VECTOR_LEAVES = [bytes.fromhex(leaf) for leaf in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f")]
VECTOR_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
VECTOR_NOTE = (
    "This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppz"
    "i2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n").encode()
ALUMNI_KEY = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
ALUMNI = {
    "@context": ["https://www.w3.org/ns/credentials/v2",
                 "https://www.w3.org/ns/credentials/examples/v2"],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
ALUMNI_OPTIONS = {
    "type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022",
    "created": "2023-02-24T23:36:38Z",
    "verificationMethod": f"did:key:{ALUMNI_KEY}#{ALUMNI_KEY}",
    "proofPurpose": "assertionMethod", "@context": ALUMNI["@context"],
}


def test_the_verifier_computes_the_root_of_the_published_tree():
    root = tree_root([leaf_hash(leaf) for leaf in VECTOR_LEAVES])
    assert root.hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    assert tree_root([]) == EMPTY_ROOT


def test_the_verifier_opens_the_published_note_and_no_other():
    key = VerifierKey.parse(VECTOR_KEY)
    assert str(key) == VECTOR_KEY
    assert open_note(VECTOR_NOTE, [key]) == "This is an example message.\n"
    for at in range(len(VECTOR_NOTE)):
        for bit in range(8):
            with pytest.raises(Refused):
                open_note(VECTOR_NOTE[:at] + bytes([VECTOR_NOTE[at] ^ 1 << bit])
                          + VECTOR_NOTE[at + 1:], [key])


def test_the_verifier_hashes_and_accepts_the_published_credential():
    options, document = hashes_of(ALUMNI, ALUMNI_OPTIONS)
    assert options.hex() == "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
    assert document.hex() == "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
    signature = base58.b58decode(
        "2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX")
    verifier.check_signature(public_key_of(ALUMNI_KEY), signature, options + document)


def test_the_verifier_inflates_the_published_status_list():
    encoded = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
    assert bits_of(encoded) == bytes(16_384)
    assert set_bits(b"\x80\x01\x00\x10") == {0, 15, 27}


def test_the_verifier_refuses_a_status_list_that_inflates_without_end():
    for length, holds in ((8 << 20, True), ((8 << 20) + 1, False), (16_383, False)):
        packed = base64.urlsafe_b64encode(gzip.compress(bytes(length))).decode().rstrip("=")
        if holds:
            assert len(bits_of("u" + packed)) == length
        else:
            with pytest.raises(Refused):
                bits_of("u" + packed)


def test_the_verifier_names_tiles_as_the_standard_does():
    assert tile_path(0, 1_234_067) == "tile/0/x001/x234/067"
    tiles = expected_tiles([number.to_bytes(2, "big") for number in range(15_000)])
    assert [path for path in tiles if not path.startswith("tile/entries/")] == [
        *(f"tile/0/{index:03}" for index in range(58)), "tile/0/058.p/152", "tile/1/000.p/58"]
    assert "tile/entries/058.p/152" in tiles and len(tiles) == 58 + 1 + 1 + 58 + 1


def test_the_verifier_proves_inclusion_and_refuses_what_is_not_included():
    for size in range(1, 40):
        tree = Leaves([leaf_hash(bytes([number])) for number in range(size)])
        root = tree.hash(0, size)
        for index, leaf in enumerate(tree.leaves):
            path = inclusion_path(tree, index)
            check_inclusion(leaf, index, size, path, root)
            for wrong in ((leaf, (index + 1) % (size + 1), size, path, root),
                          (leaf_hash(b"other"), index, size, path, root),
                          (leaf, index, size, path + [EMPTY_ROOT], root),
                          (leaf, index, size, path, EMPTY_ROOT)):
                with pytest.raises(Refused):
                    check_inclusion(*wrong)


def test_the_verifier_proves_growth_and_refuses_rewritten_history():
    leaves = [leaf_hash(bytes([number])) for number in range(40)]
    for size in range(1, 41):
        tree = Leaves(leaves[:size])
        root = tree.hash(0, size)
        for old in range(1, size):
            path = consistency_path(tree, old)
            old_root = tree_root(leaves[:old])
            check_consistency(old, old_root, size, root, path)
            rewritten = tree_root([leaf_hash(b"other")] + leaves[1:old])
            for wrong in ((old, rewritten, size, root, path), (old, old_root, size, root, path[:-1]),
                          (old, old_root, size, EMPTY_ROOT, path), (old, old_root, size, root, [])):
                with pytest.raises(Refused):
                    check_consistency(*wrong)


@pytest.mark.parametrize("text", [
    '{"a":1,"a":2}', '{"a":1.5}', '{"a":NaN}', '{"a":"\\ud800"}', "[" * 65 + "]" * 65, '{"a":1'])
def test_the_verifier_reads_no_json_that_could_be_read_in_two_ways(text):
    with pytest.raises(Refused):
        canonical(read_json(text.encode()))

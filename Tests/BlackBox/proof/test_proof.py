"""Signatures, status lists and the log, seen by a verifier that shares no code with the program."""

import base64
import datetime
import gzip
import json
import os
import random
import re
import shutil
import signal
import stat
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import base58
import jsonschema
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from support import verifier
from support.expected import expect_all, expect_rows, secret_of
from support.output import changed, differences, site_files, stamps, states_the_day, tree
from support.program import NOW, PROGRAM, REPOSITORY, WITHOUT_PICTURES, run_program
from support.project import ledger_of, slim, with_everything, without_ledger
from support.proof import ADDRESS, certificate_files, events_in, site_of, verdicts_of
from support.registry import COLUMNS, column_of, erase_row, person, registered, row_of, set_row
from support.verifier import (
    EMPTY_ROOT, Checkpoint, Issuer, Leaves, Log, Refused, VerifierKey, bits_of, canonical, check_consistency,
    check_inclusion, check_proof, consistency_path, entry_bytes, expected_tiles, hashes_of, history_of, inclusion_path,
    leaf_hash, log_id, moment, open_note, public_key_of, read_json, sealed_together, set_bits, tile_path, tree_root,
    verify)


# MARK: Projects


def refused(project, identifier):
    """The findings of a build that must be refused for one reason, and write nothing."""
    before = stamps(project.root)
    findings = project.findings()
    assert {finding["id"] for finding in findings} == {identifier}, findings
    assert changed(before, stamps(project.root)) == []
    return findings


# MARK: The verifier against the standards' vectors


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


# MARK: The specimen


@pytest.fixture(scope="module")
def proved(tmp_path_factory):
    """The whole specimen, its log begun by one build; tests only read it."""
    project = without_ledger(REPOSITORY, tmp_path_factory.mktemp("proved") / "project")
    project.built()
    return project


@pytest.fixture(scope="module")
def site(proved):
    return site_of(proved)


@pytest.fixture(scope="module")
def log(site):
    return site.log()


@pytest.fixture(scope="module")
def expected(proved):
    return expect_all(proved)


@pytest.fixture(scope="module")
def history(expected):
    return history_of(expected)


@pytest.fixture(scope="module")
def verdicts(proved):
    return verdicts_of(proved)


@pytest.fixture(scope="module")
def one(proved):
    """Credential and record of a certificate that was revoked and has a registration number."""
    expected = next(each for each in expect_all(proved) if each.row["status"] == "revoked"
                    and each.row["registration"])
    return certificate_files(proved)[expected.fingerprint]


def test_every_credential_verifies_and_agrees_with_its_record_and_its_row(verdicts, expected, log):
    assert set(verdicts) == {each.fingerprint for each in expected}
    for each in expected:
        verdict = verdicts[each.fingerprint]
        assert canonical(verdict.record) == each.record
        assert log.contents[verdict.position] == entry_bytes("issued", log_id(each.fingerprint))


def test_every_status_is_that_of_the_registry(verdicts, history):
    by_certificate = {log_id(verdict.fingerprint): verdict for verdict in verdicts.values()}
    assert len(by_certificate) == len(history)
    purposes = {"revoked": {"revocation"}, "suspended": {"suspension"}}
    for each in history:
        verdict = by_certificate[each.certificate]
        if each.event is None:
            assert verdict.event["type"] == "issued" and verdict.statuses == set()
        else:
            assert canonical(verdict.event) == each.event
            assert verdict.statuses == purposes.get(verdict.event["type"], set())
    assert {kind for verdict in by_certificate.values() for kind in [verdict.event["type"]]} >= {
        "issued", "revoked", "suspended", "superseded"}


def test_no_byte_of_a_credential_can_be_changed_unnoticed(site, log, one):
    credential, record = one
    issuer = site.issuer
    verify(site, issuer, log, credential, record)
    for at in range(len(credential)):
        with pytest.raises(Refused):
            verify(site, issuer, log,
                   credential[:at] + bytes([credential[at] ^ 1]) + credential[at + 1:], record)


def test_no_byte_of_a_record_can_be_changed_unnoticed(site, log, one):
    credential, record = one
    issuer = site.issuer
    for at in range(len(record)):
        with pytest.raises(Refused):
            verify(site, issuer, log, credential,
                   record[:at] + bytes([record[at] ^ 1]) + record[at + 1:])


@pytest.mark.parametrize("change", [
    {"proofPurpose": "authentication"}, {"cryptosuite": "eddsa-rdfc-2022"},
    {"type": "Ed25519Signature2020"}, {"created": "yesterday"}, {"@context": []},
    {"verificationMethod": "did:web:elsewhere.example#key"}, {"domain": "elsewhere.example"}])
def test_a_proof_with_another_purpose_suite_or_key_is_refused(site, one, change):
    document = json.loads(one[0])
    document["proof"].update(change)
    with pytest.raises(Refused):
        check_proof(document, site.issuer)


def test_a_key_that_is_not_listed_for_assertions_signs_nothing(site, one):
    document = read_json((site.folder / ".well-known/did.json").read_bytes())
    document["assertionMethod"] = []
    with pytest.raises(Refused, match="not listed for assertions"):
        check_proof(json.loads(one[0]), Issuer.of(document, site.did))


def test_the_key_of_another_issuer_signs_nothing(site, one):
    issuer = site.issuer
    (key, content), = issuer.keys.items()
    document = json.loads(one[0])
    with pytest.raises(Refused, match="issuer is not"):
        check_proof({**document, "issuer": {**document["issuer"], "id": "did:web:other.example"}},
                    issuer)
    with pytest.raises(Refused, match="issuer is not"):
        check_proof(document, replace(issuer, did="did:web:other.example"))


# MARK: The specimen's log


def test_every_certificate_is_issued_in_the_log_exactly_once(log, expected):
    issued = [entry["certificate"] for entry in log.entries if entry["type"] == "issued"]
    assert len(issued) == len(set(issued)) == len(expected)
    assert set(issued) == {log_id(each.fingerprint) for each in expected}


def test_entries_stand_in_the_order_of_their_log_ids(log, history):
    events, dates = events_in(log.contents)
    assert sorted(events) == sorted(each.event for each in history if each.event)
    assert len(dates) > 30
    assert log.contents == sealed_together(history, events)


def test_no_number_or_date_predicts_a_place_in_the_log(log, history):
    """Sorting what is printed on certificates says nothing of where they stand."""
    for printed in (lambda each: each.number, lambda each: (each.date, each.number)):
        order = {each.certificate: rank for rank, each in enumerate(sorted(history, key=printed))}
        ranks = [order[entry["certificate"]] for entry in log.entries if entry["type"] == "issued"]
        guessed = sum(rank == place for place, rank in enumerate(ranks))
        near = sum(abs(rank - place) < len(ranks) // 100 for place, rank in enumerate(ranks))
        assert guessed < 10 and near < len(ranks) // 20


def test_the_checkpoint_is_that_of_the_entries_and_of_this_site(site, log):
    assert log.checkpoint.origin == "sertifikat.lsp-batik.example/log"
    assert log.checkpoint.size == len(log.contents)
    assert log.checkpoint.root == tree_root([leaf_hash(content) for content in log.contents])


def test_the_checkpoint_opens_with_the_key_of_the_did_document_alone(site):
    note = (site.folder / "log/checkpoint").read_bytes()
    (key,) = site.verifier_keys
    checkpoint = Checkpoint.open(note, [VerifierKey.parse(str(key))])
    assert note.decode().count("\n\u2014 ") == 1
    other = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    for wrong in (replace(key, public_key=other), replace(key, name="elsewhere.example/log")):
        with pytest.raises(Refused):
            Checkpoint.open(note, [wrong])
    larger = note.replace(f"\n{checkpoint.size}\n".encode(), f"\n{checkpoint.size + 1}\n".encode())
    assert larger != note
    with pytest.raises(Refused):
        Checkpoint.open(larger, [key])


def test_every_tile_is_there_with_the_bytes_it_must_have_and_no_other(site, log):
    tiles = expected_tiles(log.contents)
    assert len(log.contents) > 256 and any(path.startswith("tile/1/") for path in tiles)
    assert all(tiles.values())
    found = tree(site.folder / "log")
    del found["checkpoint"], found["edge.json"]
    assert differences(found, tiles) == []


def test_the_edge_of_the_log_is_its_checkpoint_and_its_partial_hash_tiles(site, log):
    """One file for browsers, with nothing in it that the log does not have beside it."""
    edge = json.loads((site.folder / "log/edge.json").read_bytes())
    assert edge == {
        "checkpoint": (site.folder / "log/checkpoint").read_text(encoding="utf-8"),
        "tiles": {path: base64.b64encode(content).decode()
                  for path, content in expected_tiles(log.contents).items()
                  if ".p/" in path and "entries" not in path}}
    assert len(edge["tiles"]) > 1


def test_the_ledger_that_is_backed_up_holds_the_public_log(proved, log):
    kept = tree(ledger_of(proved))
    assert differences({path: content for path, content in kept.items()
                        if path == "checkpoint" or path.startswith("tile/")},
                       {path: content for path, content in tree(log.folder).items()
                        if path != "edge.json"}) == []


def test_the_log_has_neither_names_nor_numbers_nor_fingerprints(log, expected):
    public = b"".join(content for path, content in tree(log.folder).items()
                      if not path.startswith("tile/0") and not path.startswith("tile/1"))
    fingerprints = {each.fingerprint[:32] for each in expected}
    digits = {match[at:at + 32] for match in re.findall("[0-9a-f]{32,}", public.decode("latin-1"))
              for at in range(len(match) - 31)}
    assert len(digits) > len(expected) and fingerprints & digits == set()
    words = {word for each in expected for word in (
        *each.row["holder"].split(), each.row["number"], each.row["registration"]) if len(word) > 3}
    assert len(words) > 500 and [word for word in words if word.encode() in public] == []
    assert {key for entry in log.entries for key in entry} == {"certificate", "type", "date", "by"}


# MARK: Who can find the pages


LISTED = re.compile(rb"/c/([0-9a-f]{2})/([0-9a-f]{30})/")


def addresses_in(content, codes):
    """Codes that can be read out of some bytes: as digits, as an address, as base64, as bytes."""
    starts = {bytes.fromhex(code): code for code in codes}
    found = set()
    digits = re.sub(rb"(?<=[0-9a-fA-F]{2})[/ -](?=[0-9a-fA-F])", b"", content).lower()
    for text in (content.lower(), digits):
        for match in re.finditer(rb"(?=([0-9a-f]{32}))", text):
            if match[1].decode() in codes:
                found.add(match[1].decode())
    # 20 characters of base64 hold 15 bytes.
    packed = {base64.b64encode(start)[:20]: code for start, code in starts.items()}
    plain = content.replace(b"-", b"+").replace(b"_", b"/")
    for match in re.finditer(rb"(?=([A-Za-z0-9+/]{20}))", plain):
        if match[1] in packed:
            found.add(packed[match[1]])
    for at in range(len(content) - 15):
        if content[at:at + 16] in starts:
            found.add(starts[content[at:at + 16]])
    return found


def test_the_search_for_addresses_finds_them_in_every_form():
    code = "0123456789abcdef0123456789abcdef"
    grouped = " ".join(code[at:at + 4] for at in range(0, 32, 4))
    raw = bytes.fromhex(code)
    for content in (code.encode(), f"x/c/{code[:2]}/{code[2:]}/".encode(), grouped.upper().encode(),
                    b"--" + raw + b"--", base64.b64encode(raw + raw),
                    base64.urlsafe_b64encode(raw)):
        assert addresses_in(content, {code}) == {code}, content
    assert addresses_in(code[1:].encode() + raw[1:], {code}) == set()


def test_nothing_public_outside_the_pages_themselves_leads_to_a_page(proved, expected):
    codes = {each.code for each in expected}
    agreed = {each.code for each in expected if each.row["listed"] == "yes"}
    over = {each.certificate for each in history_of(expected)
            if each.event and json.loads(each.event)["type"] != "reinstated"}
    told = {each.code for each in expected if each.code in agreed and each.expires >= NOW
            and log_id(each.fingerprint) not in over}
    assert told and told < agreed and agreed != codes
    found = {path: addresses_in(content, codes) for path, content in tree(proved.public).items()
             if not path.startswith("c/")}
    sitemaps = {path for path in found if re.fullmatch(r"sitemap-certificates-\d+\.xml", path)}
    assert set().union(*(found[path] for path in sitemaps)) == told
    lists = {path for path in found if re.match(r"(id/)?(directory|batches)/", path)}
    named = set().union(*(found[path] for path in lists))
    assert named and named <= agreed
    assert {path: codes for path, codes in found.items()
            if codes and path not in sitemaps | lists} == {}


def test_a_certificates_folder_leads_to_no_other_but_what_replaces_it(proved, expected):
    codes = {each.code for each in expected}
    superseded = {log_id(each.fingerprint) for each in expected}
    replacements = {}
    for each in history_of(expected):
        if each.event and b'"superseded"' in each.event:
            replacements[each.certificate] = json.loads(each.event)["by"]
    by_name = {log_id(each.fingerprint): each.code for each in expected}
    assert replacements.keys() <= superseded
    for each in expected[::10] + [each for each in expected
                                  if log_id(each.fingerprint) in replacements]:
        allowed, name = {each.code}, log_id(each.fingerprint)
        while name in replacements:
            name = replacements[name]
            allowed.add(by_name[name])
        for path, content in tree(proved.public / each.path.strip("/")).items():
            assert addresses_in(content, codes) <= allowed, (each.row["number"], path)


# MARK: Status lists


@pytest.mark.parametrize("purpose, kind", [("revocation", "revoked"), ("suspension", "suspended")])
def test_the_status_lists_have_a_bit_for_each_certificate_and_no_other(
        site, log, history, purpose, kind):
    bits = site.status_list(f"{ADDRESS}/status/{purpose}/0", purpose, site.issuer)
    assert len(bits) * 8 >= 131_072
    wanted = {log.positions[each.certificate] for each in history
              if each.event and json.loads(each.event)["type"] == kind}
    assert wanted and set_bits(bits) == wanted
    assert sorted(path.name for path in (site.folder / "status" / purpose).iterdir()) == ["0"]


def test_every_certificate_has_an_index_of_its_own_in_the_status_lists(proved):
    indices = []
    for credential, _ in certificate_files(proved).values():
        entries = json.loads(credential)["credentialStatus"]
        assert len({entry["statusListIndex"] for entry in entries}) == 1
        assert len({entry["id"] for entry in entries}) == 2
        indices.append((entries[0]["statusListCredential"], entries[0]["statusListIndex"]))
    assert len(set(indices)) == len(indices)


def test_a_status_list_with_a_flipped_bit_is_refused(site):
    document = json.loads((site.folder / "status/revocation/0").read_bytes())
    check_proof(document, site.issuer)
    bits = bytearray(bits_of(document["credentialSubject"]["encodedList"]))
    bits[0] ^= 0x80
    packed = base64.urlsafe_b64encode(gzip.compress(bytes(bits))).decode().rstrip("=")
    document["credentialSubject"]["encodedList"] = "u" + packed
    with pytest.raises(Refused):
        check_proof(document, site.issuer)


# MARK: What the documents look like


URL = {"type": "string", "pattern": "^https?://[^\\s#]+(#[^\\s]+)?$"}
MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"}
DAY = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
TEXT = {"type": "string", "minLength": 1}


def an_object(required, optional=None):
    return {"type": "object", "required": sorted(required), "additionalProperties": False,
            "properties": {**required, **(optional or {})}}


def contexts(*more):
    """The `@context` of a credential: the standard's first, in this order."""
    wanted = ["https://www.w3.org/ns/credentials/v2", *more]
    return {"type": "array", "minItems": len(wanted), "maxItems": len(wanted),
            "prefixItems": [{"const": each} for each in wanted]}


def proof(context):
    return an_object({
        "@context": context, "type": {"const": "DataIntegrityProof"},
        "cryptosuite": {"const": "eddsa-jcs-2022"}, "created": MOMENT,
        "proofPurpose": {"const": "assertionMethod"},
        "verificationMethod": {"type": "string", "pattern": "^did:web:[^#]+#z6Mk"},
        "proofValue": {"type": "string", "pattern": "^z[1-9A-HJ-NP-Za-km-z]+$"}})


OWN_CONTEXT = contexts(f"{ADDRESS}/contexts/certificate-v1.jsonld")
CREDENTIAL = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **an_object({
        "@context": OWN_CONTEXT,
        "id": URL,
        "type": {"type": "array", "contains": {"const": "VerifiableCredential"}, "minItems": 2,
                 "uniqueItems": True, "items": TEXT},
        "issuer": an_object({"id": {"type": "string", "pattern": "^did:web:"}, "name": TEXT}),
        "validFrom": MOMENT,
        "validUntil": MOMENT,
        "credentialSubject": an_object({
            "type": {"const": "Person"}, "name": TEXT,
            "certificate": an_object({
                "type": {"const": "CompetencyCertificate"}, "number": TEXT, "licence": TEXT,
                "issued": DAY, "expires": DAY,
                "scheme": an_object({
                    "code": TEXT, "title": an_object({"en": TEXT, "id": TEXT}),
                    "units": {"type": "array", "minItems": 1, "items": TEXT}}),
            }, {"registration": TEXT, "revision": {"type": "integer", "minimum": 2}})}),
        "credentialStatus": {"type": "array", "minItems": 2, "maxItems": 2, "items": an_object({
            "id": URL, "type": {"const": "BitstringStatusListEntry"},
            "statusPurpose": {"enum": ["revocation", "suspension"]},
            "statusListIndex": {"type": "string", "pattern": "^(0|[1-9][0-9]*)$"},
            "statusListCredential": URL})},
        "relatedResource": {"type": "array", "minItems": 1, "maxItems": 1, "items": an_object({
            "id": URL, "mediaType": {"const": "application/json"},
            "digestSRI": {"type": "string", "pattern": "^sha256-[A-Za-z0-9+/]{43}=$"}})},
        "proof": proof(OWN_CONTEXT),
    }),
}
STATUS_LIST = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    **an_object({
        "@context": contexts(), "id": URL,
        "type": {"const": ["VerifiableCredential", "BitstringStatusListCredential"]},
        "issuer": {"type": "string", "pattern": "^did:web:"},
        "validFrom": MOMENT, "validUntil": MOMENT,
        "credentialSubject": an_object({
            "id": URL, "type": {"const": "BitstringStatusList"},
            "statusPurpose": {"enum": ["revocation", "suspension"]},
            "encodedList": {"type": "string", "pattern": "^u[A-Za-z0-9_-]+$"}}),
        "proof": proof(contexts()),
    }),
}


def test_every_credential_has_the_structure_of_vc_2_0(proved):
    schema = jsonschema.Draft202012Validator(CREDENTIAL)
    found = {problem.message for credential, _ in certificate_files(proved).values()
             for problem in schema.iter_errors(json.loads(credential))}
    assert found == set()


def test_the_schema_refuses_a_credential_without_any_of_its_members(one):
    schema = jsonschema.Draft202012Validator(CREDENTIAL)
    document = json.loads(one[0])
    assert schema.is_valid(document)
    for key in document:
        assert not schema.is_valid({name: document[name] for name in document if name != key}), key


@pytest.mark.parametrize("purpose", ["revocation", "suspension"])
def test_status_lists_have_the_structure_of_their_standard(site, purpose):
    document = read_json((site.folder / f"status/{purpose}/0").read_bytes())
    jsonschema.Draft202012Validator(STATUS_LIST).validate(document)
    assert document["credentialSubject"]["id"].startswith(document["id"] + "#")
    start, end = moment(document["validFrom"]), moment(document["validUntil"])
    today = datetime.date.fromisoformat(NOW)
    assert start.date() == today == moment(document["proof"]["created"]).date()
    assert start < end


def test_no_credential_is_signed_before_it_is_valid_or_in_the_future(proved):
    for credential, _ in certificate_files(proved).values():
        document = json.loads(credential)
        assert (moment(document["validFrom"]) <= moment(document["proof"]["created"])
                <= datetime.datetime.fromisoformat(f"{NOW}T23:59:59+07:00"))
        assert moment(document["validFrom"]) < moment(document["validUntil"])


# Terms of https://www.w3.org/ns/credentials/v2 that credentials use.
STANDARD_TERMS = {
    "@context", "id", "type", "name", "issuer", "validFrom", "validUntil", "credentialSubject",
    "credentialStatus", "relatedResource", "digestSRI", "mediaType", "proof", "VerifiableCredential",
    "BitstringStatusListEntry", "statusPurpose", "statusListIndex", "statusListCredential"}


def test_the_sites_own_context_defines_every_term_that_the_standard_does_not(site, proved):
    context = read_json((site.folder / "contexts/certificate-v1.jsonld").read_bytes())["@context"]
    scheme = context["scheme"]["@context"]
    used, within_scheme = set(), set()
    for credential, _ in certificate_files(proved).values():
        document = json.loads(credential)
        certificate = document["credentialSubject"]["certificate"]
        used |= {*document, *document["type"], *document["credentialSubject"],
                 document["credentialSubject"]["type"], *certificate, certificate["type"]}
        within_scheme |= set(certificate["scheme"])
    assert used - STANDARD_TERMS == set(context) - {"@protected"}
    assert within_scheme == set(scheme)
    assert not STANDARD_TERMS & set(context)
    for name, meaning in [*context.items(), *scheme.items()]:
        if name != "@protected":
            address = meaning["@id"] if isinstance(meaning, dict) else meaning
            assert re.match("https?://", address), name
    assert scheme["title"]["@container"] == "@language" and scheme["units"]["@container"] == "@list"


def test_the_did_document_names_the_institution_and_its_key(proved, site):
    document = read_json((site.folder / ".well-known/did.json").read_bytes())
    did = "did:web:sertifikat.lsp-batik.example"

    def method(name, fragment=None):
        pem = (proved.root / "seeds/keys" / name).read_bytes()
        key = serialization.load_pem_private_key(pem[pem.index(b"-----"):], None).public_key()
        multikey = "z" + base58.b58encode(b"\xed\x01" + key.public_bytes_raw()).decode()
        return {"id": f"{did}#{fragment or multikey}", "type": "Multikey", "controller": did,
                "publicKeyMultibase": multikey}

    signing, log = method("signing.pem"), method("log.pem", "log")
    assert document == {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did, "verificationMethod": [signing, log], "assertionMethod": [signing["id"]]}


# MARK: The same input, the same proof


def test_two_builds_in_different_folders_are_the_same_to_the_byte(varied_template, tmp_path):
    one = without_ledger(varied_template.root, tmp_path / "here")
    one.built()
    other = without_ledger(varied_template.root, tmp_path / "elsewhere" / "a folder")
    other.built("--jobs", "1", env={"TZ": "America/New_York", "LC_ALL": "C", "LANG": "tr_TR"})
    assert site_of(one).log().size > 20
    assert differences(site_files(one.public), site_files(other.public)) == []
    assert differences(tree(ledger_of(one)), tree(ledger_of(other))) == []


# MARK: A log that grows


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A project built at several sizes, and what each build published."""
    project = slim(tmp_path_factory.mktemp("grown") / "project")
    rows, stages = [], []
    # The new rows of each build, and the status changes that go with them.
    for count, changes in ((40, []), (60, [(3, "suspended")]), (150, [(5, "revoked")]),
                           (12, [(3, "valid"), (7, "suspended")])):
        # Newer rows come first: neither their place in the file nor their date moves older entries.
        rows = registered(count, first=len(rows) + 1) + rows
        for serial, status in changes:
            for row in rows:
                if row["number"] == person(serial)["number"]:
                    row.update(status=status, status_date=f"2026-{len(stages) + 1:02}-15")
        project.write_rows(rows)
        outcome = project.built("--format", "json")
        log = site_of(project).log()
        log.check_tiles()
        stages.append({
            "log": log, "files": tree(project.public / "log"), "expected": expect_all(project),
            "certificates": certificate_files(project), "result": outcome.json["result"]})
    return project, stages


def test_the_log_grows_past_a_full_tile(grown):
    _, stages = grown
    assert [stage["log"].size for stage in stages] == [40, 101, 252, 266]
    assert [stage["result"]["sealed"] for stage in stages] == [40, 61, 151, 14]
    assert [stage["result"]["logSize"] for stage in stages] == [40, 101, 252, 266]


def test_every_checkpoint_extends_all_that_were_published_before(grown):
    project, stages = grown
    last = site_of(project).log()
    for number, stage in enumerate(stages):
        last.check_extends(stage["log"].checkpoint)
        for later in stages[number:]:
            assert later["log"].contents[:stage["log"].size] == stage["log"].contents


def test_what_is_appended_is_what_is_new_in_its_order(grown):
    _, stages = grown
    known, events = set(), {}
    for stage in stages:
        history = history_of(stage["expected"])
        new = [each for each in history if each.certificate not in known]
        appended = stage["log"].contents[len(known) + len(events):]
        found, _ = events_in(appended)
        assert appended == sealed_together(new, found)
        wanted = {each.event for each in history if each.event and each.event not in events}
        assert set(found) == wanted and len(found) == len(wanted)
        known |= {each.certificate for each in new}
        events.update(dict.fromkeys(found))
    assert len(events) == 4


def test_tiles_of_earlier_checkpoints_are_served_until_their_full_tile_is(grown):
    _, stages = grown
    for number, stage in enumerate(stages):
        owned = set(expected_tiles(stage["log"].contents)) | {"checkpoint", "edge.json"}
        kept = {}
        for earlier in stages[:number]:
            for path, content in expected_tiles(earlier["log"].contents).items():
                full = path.partition(".p/")[0]
                if path != full and full not in stage["files"]:
                    kept[path] = content
        assert {path: stage["files"].get(path) for path in kept} == kept
        assert set(stage["files"]) - owned == set(kept) - owned
    # The parts of the first tile were there until the tile was full.
    assert {"tile/0/000.p/40", "tile/0/000.p/101", "tile/0/000.p/252"} <= set(stages[2]["files"])
    assert "tile/0/000" in stages[3]["files"]


def test_no_position_in_the_log_or_the_status_lists_ever_changes(grown):
    _, stages = grown
    for before, after in zip(stages, stages[1:]):
        assert before["log"].positions.items() <= after["log"].positions.items()
        assert before["certificates"].items() <= after["certificates"].items()


def test_status_lists_follow_the_log(grown):
    project, stages = grown
    found = {verdict.record["number"]: (verdict.event["type"], verdict.statuses)
             for verdict in verdicts_of(project).values()}
    assert found[person(3)["number"]] == ("reinstated", set())
    assert found[person(5)["number"]] == ("revoked", {"revocation"})
    assert found[person(7)["number"]] == ("suspended", {"suspension"})
    assert sum(bool(statuses) for _, statuses in found.values()) == 2


def test_a_build_without_news_appends_nothing_and_signs_nothing_anew(grown, tmp_path):
    project = with_everything(grown[0], tmp_path / "project")
    before = stamps(ledger_of(project)), tree(project.public)
    outcome = project.built("--format", "json", now="2026-11-24")
    assert outcome.json["result"]["sealed"] == 0
    assert (changed(before[0], stamps(ledger_of(project))) == []
            and {path for path in changed(before[1], tree(project.public))
                 if not states_the_day(path)} <= {"status/revocation/0", "status/suspension/0"})


def test_a_lost_site_is_built_again_from_the_ledger(grown, tmp_path):
    project = with_everything(grown[0], tmp_path / "project")
    before = site_files(project.public)
    shutil.rmtree(project.public)
    project.built()
    assert differences(site_files(project.public), before) == []


def test_check_says_what_a_build_would_seal_and_writes_nothing(grown, tmp_path):
    project = with_everything(grown[0], tmp_path / "project")
    rows = project.rows() + [person(900), person(901)]
    rows[0].update(status="revoked", status_date="2026-11-01")
    project.write_rows(rows)
    before = stamps(project.root)
    outcome = project.run("check", "--format", "json")
    assert outcome.code == 0
    would_seal = outcome.json["result"]["wouldSeal"]
    assert sorted(would_seal) == ["issued", "issued", "revoked"]
    assert changed(before, stamps(project.root)) == []
    size = site_of(project).log().size
    project.built()
    log = site_of(project).log()
    assert [entry["type"] for entry in log.entries[size:]] == would_seal


def test_check_begins_no_log(tmp_path):
    project = slim(tmp_path / "project")
    project.write_rows([person(1)])
    outcome = project.run("check", "--format", "json")
    assert outcome.json["result"]["wouldSeal"] == ["issued"]
    assert not ledger_of(project).exists() and not project.public.exists()


def test_an_empty_registry_has_an_empty_log(tmp_path):
    project = slim(tmp_path / "project")
    project.write_rows([])
    project.built()
    log = site_of(project).log()
    assert (log.size, log.checkpoint.root) == (0, EMPTY_ROOT)
    assert list(tree(log.folder)) == ["checkpoint", "edge.json"]


# MARK: History is not rewritten


NUMBER = {name: person(serial)["number"] for serial, name in enumerate(
    ("valid", "suspended", "revoked", "reinstated", "superseded", "successor", "corrected", "other"),
    start=1)}


def published_rows():
    return [
        person(1, holder="Zulfanida Kartaredjasa", listed="yes"),
        person(2, status="suspended", status_date="2025-05-01"),
        person(3, status="revoked", status_date="2025-06-01"),
        person(4, status="valid", status_date="2025-07-01"),
        person(5, status="superseded", status_date="2025-08-01", superseded_by=NUMBER["successor"]),
        person(6, issued="2025-08-01"),
        person(7),
        person(7, revision="2", holder="Siti Contoh Benar", issued="2025-09-01"),
        person(8, scheme="PBC"),
    ]


@pytest.fixture(scope="module")
def published_template(tmp_path_factory):
    project = slim(tmp_path_factory.mktemp("published") / "project")
    project.write_rows(published_rows())
    project.built()
    return project


@pytest.fixture
def published(published_template, tmp_path):
    """A project that was published with a certificate of every status."""
    return with_everything(published_template, tmp_path / "project")


def test_what_was_published_verifies_with_every_status(published):
    found = {(verdict.record["number"], verdict.record.get("revision", 1)): verdict.event["type"]
             for verdict in verdicts_of(published).values()}
    assert found == {
        (NUMBER["valid"], 1): "issued", (NUMBER["suspended"], 1): "suspended",
        (NUMBER["revoked"], 1): "revoked", (NUMBER["reinstated"], 1): "reinstated",
        (NUMBER["superseded"], 1): "superseded", (NUMBER["successor"], 1): "issued",
        (NUMBER["corrected"], 1): "superseded", (NUMBER["corrected"], 2): "issued",
        (NUMBER["other"], 1): "issued"}


EDITS = [
    ("holder", "Zulfanida Kartaredja"), ("registration", "BTK.0000.99999.2024"),
    ("registration", ""), ("issued", "2024-10-16"), ("expires", "2029-10-15"), ("scheme", "PWA")]


@pytest.mark.parametrize("column, value, is_at_hand", [
    *[(column, value, True) for column, value in EDITS],
    # Before the issuer's present edition.
    ("issued", "2023-10-15", True),
    *[(column, value, False) for column, value in EDITS],
])
def test_a_published_certificate_that_was_edited_is_refused_at_its_row(
        published, column, value, is_at_hand):
    line, row = row_of(published, NUMBER["valid"])
    old = expect_rows(published, [row])[0].fingerprint
    set_row(published, NUMBER["valid"], **{column: value})
    new = expect_rows(published, [row_of(published, NUMBER["valid"])[1]])[0].fingerprint
    assert old != new
    if not is_at_hand:
        shutil.rmtree(published.public)
    (finding,) = refused(published, "published-certificate-changed")
    assert (finding["path"], finding["line"]) == ("seeds/registry.csv", line)
    assert old in finding["message"] and new in finding["message"]
    assert "correction" in finding["hint"] and "supersedes" in finding["hint"]
    assert is_at_hand or not published.public.exists()


def test_the_finding_points_at_the_field_that_was_edited_and_says_what_it_was(published):
    set_row(published, NUMBER["valid"], holder="Zulfanida Kartaredja")
    (finding,) = refused(published, "published-certificate-changed")
    assert finding["column"] == column_of(row_of(published, NUMBER["valid"])[1], "holder")
    assert "`Zulfanida Kartaredjasa`" in finding["message"]
    assert "`Zulfanida Kartaredja`" in finding["message"]


def test_every_edited_row_is_reported_in_one_run(published):
    set_row(published, NUMBER["valid"], holder="Somebody Else")
    set_row(published, NUMBER["other"], holder="Somebody Else Again")
    findings = refused(published, "published-certificate-changed")
    assert [finding["line"] for finding in findings] == [
        row_of(published, NUMBER[name])[0] for name in ("valid", "other")]


def test_a_correction_under_the_next_revision_is_accepted(published):
    rows = published.rows()
    rows.append(person(1, revision="2", holder="Zulfanida Kartaredja", issued="2026-01-10"))
    published.write_rows(rows)
    size = site_of(published).log().size
    published.built()
    old, new = (log_id(each.fingerprint) for each in expect_all(published)
                if each.row["number"] == NUMBER["valid"])
    assert site_of(published).log().contents[size:] == [
        entry_bytes("issued", new), entry_bytes("superseded", old, "2026-01-10", new)]


@pytest.mark.parametrize("changes", [
    {"status": "", "status_date": ""}, {"status": "valid", "status_date": "2026-01-01"},
    {"status": "suspended", "status_date": "2026-01-01"},
    {"status": "superseded", "status_date": "2026-01-01", "superseded_by": NUMBER["other"]},
], ids=["as if never", "reinstated", "suspended", "superseded"])
def test_a_revoked_certificate_stays_revoked(published, changes):
    set_row(published, NUMBER["revoked"], **changes)
    (finding,) = refused(published, "status-back-from-revoked")
    assert finding["line"] == row_of(published, NUMBER["revoked"])[0]
    assert "2025-06-01" in finding["message"]


@pytest.mark.parametrize("changes", [
    {"status": "", "status_date": "", "superseded_by": ""},
    {"status": "valid", "status_date": "2026-01-01", "superseded_by": ""},
    {"status": "suspended", "status_date": "2026-01-01", "superseded_by": ""},
], ids=["as if never", "reinstated", "suspended"])
def test_a_superseded_certificate_stays_superseded(published, changes):
    set_row(published, NUMBER["superseded"], **changes)
    (finding,) = refused(published, "status-back-from-superseded")
    assert finding["line"] == row_of(published, NUMBER["superseded"])[0]


def test_the_log_and_the_page_name_the_same_successor_when_it_is_edited_later(published):
    set_row(published, NUMBER["superseded"], superseded_by=NUMBER["other"])
    outcome = published.build()
    assert outcome.code in (0, 1)
    if outcome.code == 1:
        return
    names = {each.row["number"]: log_id(each.fingerprint) for each in expect_all(published)}
    event = site_of(published).log().last[names[NUMBER["superseded"]]]
    assert event["by"] == names[NUMBER["other"]]


@pytest.mark.parametrize("name", ["revoked", "superseded"])
@pytest.mark.parametrize("date", ["2025-01-01", "2026-01-01"])
def test_the_date_of_a_final_status_does_not_change(published, name, date):
    set_row(published, NUMBER[name], status_date=date)
    (finding,) = refused(published, "status-date-changed")
    assert finding["line"] == row_of(published, NUMBER[name])[0]


@pytest.mark.parametrize("changes", [
    {"status": "revoked", "status_date": "2025-04-30"},
    {"status": "suspended", "status_date": "2025-04-30"},
    {"status": "valid", "status_date": "2025-04-30"},
    {"status": "superseded", "status_date": "2025-04-30", "superseded_by": NUMBER["other"]},
], ids=["revoked", "suspended", "reinstated", "superseded"])
def test_nothing_is_dated_before_what_the_log_already_has(published, changes):
    set_row(published, NUMBER["suspended"], **changes)
    (finding,) = refused(published, "back-dated-status")
    assert finding["line"] == row_of(published, NUMBER["suspended"])[0]
    assert "2025-05-01" in finding["message"]


def test_a_suspension_does_not_vanish_without_a_date(published):
    set_row(published, NUMBER["suspended"], status="", status_date="")
    (finding,) = refused(published, "reinstatement-without-date")
    assert finding["line"] == row_of(published, NUMBER["suspended"])[0]


@pytest.mark.parametrize("name, changes", [
    ("suspended", {"status": "valid", "status_date": "2025-05-01"}),
    ("suspended", {"status": "revoked", "status_date": "2025-05-02"}),
    ("reinstated", {"status": "suspended", "status_date": "2026-03-01"}),
    ("superseded", {"status": "revoked", "status_date": "2026-03-01", "superseded_by": ""}),
    ("valid", {"status": "superseded", "status_date": "2026-03-01",
               "superseded_by": NUMBER["corrected"]}),
])
def test_what_may_happen_to_a_certificate_is_appended(published, name, changes):
    old = site_of(published).log()
    set_row(published, NUMBER[name], **changes)
    published.built()
    log = site_of(published).log()
    log.check_extends(old.checkpoint)
    (wanted,) = [each.event for each in history_of(expect_all(published))
                 if each.event and each.number == NUMBER[name]]
    assert log.contents[old.size:] == [wanted]
    verdicts_of(published)


@pytest.mark.parametrize("name, revision", [("valid", ""), ("revoked", ""), ("corrected", "2")])
def test_a_certificate_that_vanished_from_the_registry_is_refused(published, name, revision):
    published.write_rows([row for row in published.rows()
                          if (row["number"], row["revision"]) != (NUMBER[name], revision)])
    findings = published.findings()
    (finding,) = [each for each in findings if each["id"] == "published-certificate-missing"]
    assert finding["path"] == "seeds/registry.csv" and NUMBER[name] in finding["message"]
    assert "erased" in finding["hint"]


def test_another_secret_is_refused_before_it_is_called_anything_else(published):
    file = published.root / "seeds/keys/registry.secret"
    secret = secret_of(published.root).hex()
    published.edit("seeds/keys/registry.secret", secret, secret[::-1])
    (finding,) = refused(published, "secret-changed")
    assert finding["path"] == "seeds/keys/registry.secret"
    assert secret[::-1] in file.read_text()
    assert secret not in json.dumps(finding) and secret[::-1] not in json.dumps(finding)


@pytest.mark.parametrize("old, new", [
    ('{en: "Stamped Batik Maker", id: "Pembatik Cap"}',
     '{en: "Stamped Batik Master", id: "Pembatik Cap"}'),
    ('{en: "Stamped Batik Maker", id: "Pembatik Cap"}',
     '{en: "Stamped Batik Maker", id: "Pembatik  Cap"}'),
    ("{code: C.13BTK01.914.2,", "{code: C.13BTK01.915.2,"),
], ids=["title", "white space in a title", "unit"])
def test_a_scheme_edited_under_published_certificates_is_refused(published, old, new):
    before = {each.fingerprint for each in expect_all(published)}
    published.edit("seeds/schemes.yml", old, new)
    assert {each.fingerprint for each in expect_all(published)} != before
    (finding,) = refused(published, "published-scheme-changed")
    assert finding["path"] == "seeds/schemes.yml" and "PBC" in finding["message"]


@pytest.mark.parametrize("old, new", [
    ('"LSP Batik Nusantara", licence: "BNSP-LSP-0000.1-ID"',
     '"LSP Batik Nusantara Raya", licence: "BNSP-LSP-0000.1-ID"'),
    ("BNSP-LSP-0000.1-ID", "BNSP-LSP-0000.2-ID"),
], ids=["name", "licence"])
def test_an_issuer_edited_under_published_certificates_is_refused(published, old, new):
    published.edit("content/site.yml", old, new)
    (finding,) = refused(published, "published-issuer-changed")
    assert finding["path"] == "content/site.yml"


def test_a_new_edition_under_no_published_certificate_is_accepted(published):
    published.edit(
        "content/site.yml", "\ncontact:",
        '  - {from: 2026-06-01, name: "LSP Batik Raya", licence: "BNSP-LSP-0000.2-ID"}\n\ncontact:')
    published.write_rows(published.rows() + [person(20, issued="2026-06-01")])
    size = site_of(published).log().size
    published.built()
    assert site_of(published).log().size == size + 1
    names = {verdict.record["issuer"]["name"] for verdict in verdicts_of(published).values()}
    assert names == {"LSP Batik Nusantara", "LSP Batik Raya"}


def test_an_edition_that_reaches_back_under_published_certificates_is_refused(published):
    published.edit(
        "content/site.yml", "\ncontact:",
        '  - {from: 2024-06-01, name: "LSP Batik Raya", licence: "BNSP-LSP-0000.2-ID"}\n\ncontact:')
    refused(published, "published-issuer-changed")


def test_an_edited_row_does_not_speak_for_the_others_that_an_edition_moved(published):
    """Where the edited one comes first in the log, too."""
    moved = [row for row in published.rows() if row["issued"] >= "2024-06-01"]
    first = min(moved, key=lambda row: (row["issued"], row["number"], row["revision"]))
    assert len(moved) > 2
    set_row(published, first["number"], first["revision"], holder="Somebody Else")
    published.edit(
        "content/site.yml", "\ncontact:",
        '  - {from: 2024-06-01, name: "LSP Batik Raya", licence: "BNSP-LSP-0000.2-ID"}\n\ncontact:')
    found = published.findings()
    assert sorted(finding["id"] for finding in found) == [
        "published-certificate-changed", "published-issuer-changed"], found
    assert next(finding for finding in found if "line" in finding)["line"] == row_of(
        published, first["number"], first["revision"])[0]


def test_no_new_log_is_begun_over_tiles_however_few(published):
    shutil.rmtree(published.public)
    for name in ("checkpoint", "published"):
        (ledger_of(published) / name).unlink()
    refused(published, "ledger-damaged")


@pytest.mark.parametrize("damage", ["emptied", "cut", "signature"])
def test_a_damaged_checkpoint_of_the_site_is_not_blamed_on_the_ledger(published, damage):
    file = published.public / "log/checkpoint"
    content = file.read_bytes()
    file.write_bytes({
        "emptied": b"", "cut": content[:len(content) // 2],
        "signature": flipped(content, len(content) - 20, 1)}[damage])
    (finding,) = refused(published, "published-checkpoint-damaged")
    assert finding["path"] == "public/log/checkpoint"
    assert "seeds/ledger is the newest" in finding["hint"]
    file.unlink()  # which is the way out that it names
    published.built()
    assert file.read_bytes() == content


@pytest.mark.parametrize("name", ["tile/0/x999/x999/x999/x999/x999/999", "tile/entries/x999/x999/x999/999"])
def test_a_stray_tile_beyond_all_logs_is_passed_by(published, name):
    stray = ledger_of(published) / name
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"")
    published.built()
    assert not (published.public / "log" / name).exists()


@pytest.mark.parametrize("remains", ["nothing", "empty folder"])
def test_no_new_log_is_begun_beside_a_published_one(published, remains):
    shutil.rmtree(ledger_of(published))
    if remains == "empty folder":
        ledger_of(published).mkdir()
    before = tree(published.public)
    (finding,) = published.findings()
    assert (finding["id"], finding["path"]) == ("ledger-missing", "seeds/ledger")
    assert "backup" in finding["hint"]
    assert tree(published.public) == before
    assert not tree(ledger_of(published))


def test_no_log_is_begun_beside_one_published_elsewhere(published, tmp_path):
    output = tmp_path / "www"
    shutil.move(published.public, output)
    shutil.rmtree(ledger_of(published))
    (finding,) = published.findings("--output", output)
    assert finding["id"] == "ledger-missing"


def test_a_ledger_from_an_old_backup_does_not_fork_the_published_log(published, tmp_path):
    """The backup lacks two builds; what it would seal in one stands in another order on-line."""
    backup = shutil.copytree(ledger_of(published), tmp_path / "backup")
    for row in (person(31, issued="2025-11-01"), person(30, issued="2024-11-01")):
        published.write_rows(published.rows() + [row])
        published.built()
    newest = site_of(published).log()
    shutil.rmtree(ledger_of(published))
    shutil.copytree(backup, ledger_of(published))
    before = tree(published.public)
    outcome = published.build("--format", "json")
    if outcome.code == 0:
        site_of(published).log().check_extends(newest.checkpoint)
    else:
        assert outcome.code == 1 and tree(published.public) == before


def test_a_log_is_not_continued_under_another_domain(published):
    published.edit("content/site.yml", "sertifikat.lsp-batik.example", "other.lsp-batik.example")
    before = tree(published.public)
    findings = published.findings()
    assert {finding["id"] for finding in findings} == {"ledger-of-another-site"}
    assert "sertifikat.lsp-batik.example/log" in findings[0]["message"]
    assert tree(published.public) == before


# MARK: Erasure


def test_an_erased_certificate_leaves_the_site_and_stays_in_the_log(published):
    row = row_of(published, NUMBER["valid"])[1]
    erased = expect_rows(published, [row])[0]
    old = site_of(published).log()
    erase_row(published, NUMBER["valid"])
    published.built()
    log = site_of(published).log()
    log.check_extends(old.checkpoint)
    assert log.contents[old.size:] == [
        entry_bytes("erased", log_id(erased.fingerprint), "2026-10-01")]
    left = published.public / erased.path.strip("/")
    assert [file.name for file in left.iterdir()] == ["index.html"]  # which says so and nothing else
    words = ["Zulfanida", "Kartaredjasa", row["registration"], row["number"], erased.fingerprint]
    files = {path: content for path, content in tree(published.public).items()}
    assert [(path, word) for path, content in files.items() for word in words
            if word.encode() in content or word in path] == []
    assert {path for path, content in files.items()
            if addresses_in(content, {erased.code})} == set()
    assert erased.fingerprint not in certificate_files(published)
    verdicts_of(published)


def test_what_the_institution_keeps_of_an_erased_certificate_names_nobody(published):
    row = row_of(published, NUMBER["valid"])[1]
    erase_row(published, NUMBER["valid"])
    published.built()
    kept = b"".join(tree(ledger_of(published)).values())
    for word in ("Zulfanida", "Kartaredjasa", row["number"], row["registration"]):
        assert word.encode() not in kept


def test_an_erasure_is_sealed_once(published):
    erase_row(published, NUMBER["valid"])
    published.built()
    assert published.built("--format", "json").json["result"]["sealed"] == 0


def test_erasure_clears_no_revocation(published):
    erased = expect_rows(published, [row_of(published, NUMBER["revoked"])[1]])[0]
    saved, _ = certificate_files(published)[erased.fingerprint]
    site = site_of(published)
    assert site.statuses(json.loads(saved), site.issuer) == {"revocation"}
    erase_row(published, NUMBER["revoked"])
    published.built()
    site = site_of(published)
    assert site.statuses(json.loads(saved), site.issuer) >= {"revocation"}


def test_an_erasure_and_other_changes_stand_in_the_order_of_their_dates(published):
    size = site_of(published).log().size
    erase_row(published, NUMBER["valid"], date="2026-02-01")
    set_row(published, NUMBER["other"], status="revoked", status_date="2026-03-01")
    published.built()
    events, dates = events_in(site_of(published).log().contents[size:])
    assert len(events) == 2 and dates == sorted(dates)


def test_an_erased_certificate_whose_row_comes_back_does_not_spoil_the_log(published):
    rows = published.rows()
    erase_row(published, NUMBER["valid"])
    published.built()
    old = site_of(published).log()
    published.write_rows(rows)
    outcome = published.build()
    assert outcome.code in (0, 1), outcome.text
    site_of(published).log().check_extends(old.checkpoint)
    erase_row(published, NUMBER["valid"])
    published.built()
    site_of(published).log().check_extends(old.checkpoint)


@pytest.mark.parametrize("name, revision", [
    ("valid", ""), ("suspended", ""), ("revoked", ""), ("reinstated", ""), ("superseded", ""),
    ("successor", ""), ("other", "")])
def test_whatever_became_of_a_certificate_it_can_be_erased(published, name, revision):
    """Also one that replaced another, which then stays replaced."""
    before = {each.fingerprint for each in expect_all(published)}
    (erased,) = [each for each in expect_all(published)
                 if (each.row["number"], each.row["revision"]) == (NUMBER[name], revision)]
    old = site_of(published).log()
    erase_row(published, NUMBER[name], revision)
    published.built()
    log = site_of(published).log()
    log.check_extends(old.checkpoint)
    assert log.contents[old.size:] == [
        entry_bytes("erased", log_id(erased.fingerprint), "2026-10-01")]
    assert set(verdicts_of(published)) == before - {erased.fingerprint}


@pytest.mark.parametrize("name", ["revoked", "valid", "suspended", "reinstated"])
@pytest.mark.parametrize("erased", ["other", "successor"])
def test_nothing_becomes_superseded_by_an_erased_certificate(published, name, erased):
    """The log would have to name it; without an entry, the page would say what the log does not."""
    erase_row(published, NUMBER[erased])
    published.built()
    set_row(published, NUMBER[name], status="superseded", status_date="2026-10-02",
            superseded_by=NUMBER[erased])
    (finding,) = refused(published, "successor-erased")
    assert finding["line"] == row_of(published, NUMBER[name])[0]


def test_a_certificate_is_not_published_first_as_superseded_by_an_erased_one(published):
    erase_row(published, NUMBER["other"])
    published.write_rows(published.rows() + [
        person(41, issued="2024-06-01", status="superseded", status_date="2026-10-02",
               superseded_by=NUMBER["other"])])
    refused(published, "successor-erased")


@pytest.mark.parametrize("build_between", [True, False])
def test_the_date_of_a_succession_stays_when_the_successor_is_erased(published, build_between):
    erase_row(published, NUMBER["successor"])
    if build_between:
        published.built()
    set_row(published, NUMBER["superseded"], status_date="2025-05-05")
    (finding,) = refused(published, "status-date-changed")
    assert finding["line"] == row_of(published, NUMBER["superseded"])[0]


def test_an_erased_certificate_does_not_take_the_place_of_a_successor_that_stands(published):
    erase_row(published, NUMBER["other"])
    published.built()
    set_row(published, NUMBER["superseded"], superseded_by=NUMBER["other"])
    refused(published, "successor-erased")


@pytest.mark.parametrize("revision, other", [("", "2"), ("2", "")])
def test_a_person_is_erased_with_every_revision(published, revision, other):
    """Else the name stays on-line under the revision that was forgotten."""
    old = site_of(published).log()
    erase_row(published, NUMBER["corrected"], revision)
    (finding,) = refused(published, "erased-in-part")
    assert finding["line"] == row_of(published, NUMBER["corrected"], other)[0]
    erase_row(published, NUMBER["corrected"], other)
    published.built()
    log = site_of(published).log()
    log.check_extends(old.checkpoint)
    assert len(log.contents) == old.size + 2
    verdicts_of(published)


def test_a_row_that_is_left_beside_its_erasure_is_refused(published):
    """Else the name stays on-line, and the registry says that it was erased."""
    row = {name: "" for name in COLUMNS} | {
        "number": NUMBER["valid"], "status": "erased", "status_date": "2026-10-01"}
    published.write_rows(published.rows() + [row])
    outcome = published.build()
    assert outcome.code == 1, outcome.text


def test_an_erasure_is_not_dated_before_what_the_log_already_has(published):
    erase_row(published, NUMBER["revoked"], date="2025-05-31")
    outcome = published.build()
    assert outcome.code == 1, outcome.text


# MARK: Damage


def copies_of(project, folder):
    """As many copies of a project as can be built at a time."""
    return [with_everything(project, folder / f"copy-{number}")
            for number in range(max(2, os.cpu_count() or 2))]


@pytest.fixture(scope="module")
def few(published_template, tmp_path_factory):
    """Copies of a project with a handful of certificates."""
    return copies_of(published_template, tmp_path_factory.mktemp("few"))


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Copies of a project whose ledger has full tiles, partial ones, and those of old checkpoints."""
    folder = tmp_path_factory.mktemp("many")
    project = slim(folder / "project")
    for count in (250, 258, 263):
        project.write_rows(registered(count))
        project.built()
    assert {"tile/0/000", "tile/0/001.p/2", "tile/0/001.p/7", "tile/1/000.p/1", "tile/entries/000",
            "tile/entries/001.p/2", "tile/entries/001.p/7"} <= set(tree(ledger_of(project)))
    return copies_of(project, folder)


def insist_on_refusal(projects, damages):
    """Builds once for each damaged file, and fails with those of which the outcome was wrong.

    A damage is a file of the ledger, a word for what is done to it, and its bytes then, or None.
    """
    free = list(projects)
    public = {project.root: stamps(project.public) for project in projects}
    good = tree(ledger_of(projects[0]))

    def outcome(damage):
        name, what, content = damage
        project = free.pop()
        file = ledger_of(project) / name
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content)
        run = project.build("--format", "json")
        problem = judged(name, run)
        damaged = {path: content if path == name else kept for path, kept in good.items()
                   if path != name or content is not None}
        if tree(ledger_of(project)) != damaged:
            problem = problem or "the ledger was written"
            shutil.rmtree(ledger_of(project))
            shutil.copytree(pristine, ledger_of(project))
        file.write_bytes(good[name])
        free.append(project)
        return problem and f"{name}, {what}: {problem}"

    pristine = projects[0].root.parent / "pristine"
    shutil.copytree(ledger_of(projects[0]), pristine, dirs_exist_ok=True)
    with ThreadPoolExecutor(len(projects)) as pool:
        problems = [problem for problem in pool.map(outcome, damages) if problem]
    for project in projects:
        if changed(public[project.root], stamps(project.public)):
            problems.append(f"{project.root.name}: the site was written")
    assert not problems, "\n".join(["", *problems])


def judged(name, run):
    """What is wrong with how the program took a damaged file."""
    if run.code != 1:
        return f"exit {run.code}"
    if name == "published":
        # It is no part of the tree: what it says is held against the registry and the keys, too.
        return None if run.findings else "nothing found"
    # A signature that no key made is told as that: other keys and a damaged line look alike.
    if set(run.ids) != {"ledger-damaged"} and (name, set(run.ids)) != ("checkpoint", {"ledger-of-other-keys"}):
        return f"found {run.ids}"
    if not any(finding["path"] == f"seeds/ledger/{name}" or name in finding["message"]
               for finding in run.findings):
        return f"blamed {[finding['path'] for finding in run.findings]}"
    return None


def flipped(content, at, mask):
    return content[:at] + bytes([content[at] ^ mask]) + content[at + 1:]


def test_every_flipped_byte_of_the_checkpoint_is_refused(few):
    content = (ledger_of(few[0]) / "checkpoint").read_bytes()
    chance = random.Random(20261123)
    damages = [("checkpoint", f"byte {at}", flipped(content, at, 1 << chance.randrange(8)))
               for at in range(len(content))]
    insist_on_refusal(few, damages)


def test_base64_in_another_form_than_its_one_is_refused(few):
    """The last digit before the padding has bits that mean nothing, and must be zero."""
    content = (ledger_of(few[0]) / "checkpoint").read_bytes()
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    damages = []
    for at in [match.start() for match in re.finditer(rb"[^=]=\n", content)]:
        other = alphabet[alphabet.index(content[at]) ^ 1]
        damages.append(("checkpoint", f"byte {at}", flipped(content, at, content[at] ^ other)))
    assert len(damages) == 2
    insist_on_refusal(few, damages)


def test_flipped_bytes_of_the_tiles_are_refused(many):
    chance = random.Random(15000)
    files = {name: content for name, content in tree(ledger_of(many[0])).items()
             if name.startswith("tile/")}
    # As many of each small file as of the large ones, so that none is left out.
    names = sorted(files) * (110 // len(files) + 1)
    damages = []
    for name in names[:110]:
        at, mask = chance.randrange(len(files[name])), chance.randrange(1, 256)
        damages.append((name, f"byte {at} ^ {mask}", flipped(files[name], at, mask)))
    insist_on_refusal(many, damages)


def test_flipped_bytes_of_the_private_index_are_refused(few):
    chance = random.Random(2024)
    content = (ledger_of(few[0]) / "published").read_bytes()
    damages = []
    for _ in range(40):
        at, mask = chance.randrange(len(content)), chance.randrange(1, 256)
        damages.append(("published", f"byte {at} ^ {mask}", flipped(content, at, mask)))
    insist_on_refusal(few, damages)


def test_an_index_that_forgot_a_number_is_refused(few):
    """It says so of erased certificates alone; another would be issued a second time."""
    content = (ledger_of(few[0]) / "published").read_bytes()
    damages = [("published", f"without {name}", content.replace(NUMBER[name].encode(), b""))
               for name in ("valid", "revoked", "successor")]
    assert content not in [damage[2] for damage in damages]
    insist_on_refusal(few, damages)


def test_files_of_the_ledger_that_were_cut_or_lost_or_grew_are_refused(many):
    files = tree(ledger_of(many[0]))
    log = Log.read(ledger_of(many[0]), site_of(many[0]).verifier_keys)
    # Without the checkpoint, or a tile of an old one, nobody can say that they were there.
    needed = {*expected_tiles(log.contents), "published"}
    damages = []
    for name, content in files.items():
        if content:
            damages += [(name, "cut", content[:len(content) // 2]), (name, "longer", content + b"\0")]
        if name in needed:
            damages.append((name, "lost", None))
    assert len(damages) > 20
    insist_on_refusal(many, damages)


# MARK: Two builds at once


def test_a_second_build_is_refused_while_the_first_one_runs(tmp_path):
    project = slim(tmp_path / "project")
    project.write_rows(registered(150))
    first = subprocess.Popen(
        [PROGRAM, "build", "--root", project.root, "--now", NOW], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        env=WITHOUT_PICTURES)
    try:
        # It is held in the middle of its writing, so nothing here depends on how fast it is.
        # A first site is built beside its place.
        while not (project.root / ".public.canting-new/c").exists():
            assert first.poll() is None, "the first build ended before it was held"
            time.sleep(0.001)
        os.killpg(first.pid, signal.SIGSTOP)
        assert os.WIFSTOPPED(os.waitpid(first.pid, os.WUNTRACED)[1])
        before = tree(project.root)
        second = project.build()
        other = project.build("--output", tmp_path / "www")
        assert (second.code, other.code) == (70, 70), second.text + other.text
        assert b"another build" in second.err
        assert differences(tree(project.root), before) == []
        assert not (tmp_path / "www").exists()
        assert first.poll() is None
    finally:
        os.killpg(first.pid, signal.SIGCONT)
        out, err = first.communicate(timeout=120)
    assert first.returncode == 0, (out + err).decode()
    verdicts_of(project)
    project.built()


# MARK: Keys


def real(tmp_path, name="project"):
    """A project with keys of its own and two certificates."""
    project = slim(tmp_path / name)
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
    project.edit("content/site.yml", "specimen: true", "specimen: false")
    project.built()
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

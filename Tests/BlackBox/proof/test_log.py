"""The log and the status lists of the specimen, and who can find a page through them."""

import base64
import gzip
import json
import re
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from support.output import differences, tree
from support.program import NOW
from support.project import ledger_of
from support.proof import ADDRESS, addresses_in, certificate_files, events_in
from support.verifier import (
    Checkpoint, Refused, VerifierKey, bits_of, check_proof, expected_tiles, history_of, leaf_hash, log_id,
    sealed_together, set_bits, tree_root)


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


def test_the_ledger_that_is_backed_up_holds_the_public_log(specimen, log):
    kept = tree(ledger_of(specimen))
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


def test_the_search_for_addresses_finds_them_in_every_form():
    code = "0123456789abcdef0123456789abcdef"
    grouped = " ".join(code[at:at + 4] for at in range(0, 32, 4))
    raw = bytes.fromhex(code)
    for content in (code.encode(), f"x/c/{code[:2]}/{code[2:]}/".encode(), grouped.upper().encode(),
                    b"--" + raw + b"--", base64.b64encode(raw + raw),
                    base64.urlsafe_b64encode(raw)):
        assert addresses_in(content, {code}) == {code}, content
    assert addresses_in(code[1:].encode() + raw[1:], {code}) == set()


def test_nothing_public_outside_the_pages_themselves_leads_to_a_page(specimen, expected):
    codes = {each.code for each in expected}
    agreed = {each.code for each in expected if each.row["listed"] == "yes"}
    over = {each.certificate for each in history_of(expected)
            if each.event and json.loads(each.event)["type"] != "reinstated"}
    told = {each.code for each in expected if each.code in agreed and each.expires >= NOW
            and log_id(each.fingerprint) not in over}
    assert told and told < agreed and agreed != codes
    found = {path: addresses_in(content, codes) for path, content in tree(specimen.public).items()
             if not path.startswith("c/")}
    sitemaps = {path for path in found if re.fullmatch(r"sitemap-certificates-\d+\.xml", path)}
    assert set().union(*(found[path] for path in sitemaps)) == told
    lists = {path for path in found if re.match(r"(id/)?(directory|batches)/", path)}
    named = set().union(*(found[path] for path in lists))
    assert named and named <= agreed
    assert {path: codes for path, codes in found.items()
            if codes and path not in sitemaps | lists} == {}


def test_a_certificates_folder_leads_to_no_other_but_what_replaces_it(specimen, expected):
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
        for path, content in tree(specimen.public / each.path.strip("/")).items():
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


def test_every_certificate_has_an_index_of_its_own_in_the_status_lists(specimen):
    indices = []
    for credential, _ in certificate_files(specimen).values():
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

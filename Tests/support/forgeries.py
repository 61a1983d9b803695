"""What a holder of the signing key could sign, and nobody may take for genuine.

The tests' verifier and the page are both held against these tables.
"""

import base64
import copy
import gzip
import json

import base58
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from support.verifier import VerifierKey, canonical, hashes_of

GONE = object()
EVIL = "https://evil.example"


def key_of(path):
    return serialization.load_pem_private_key(path.read_bytes(), password=None)


def raw(key):
    return key.public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def checkpoint(origin, size, key, root=bytes(32)):
    """A signed checkpoint of any size."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    packed = VerifierKey(origin, raw(key)).id + key.sign(text.encode())
    return f"{text}\n\u2014 {origin} {base64.b64encode(packed).decode()}\n"


def with_keys(did, *keys, log=None):
    """A DID document with these signing keys, newest first, and the log's own."""
    def method(name, key):
        return {"id": f"{did}#{name}", "type": "Multikey", "controller": did,
                "publicKeyMultibase": multikey(raw(key))}

    signing = [method(multikey(raw(key)), key) for key in keys]
    return {"@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            "id": did, "assertionMethod": [each["id"] for each in signing],
            "verificationMethod": [*signing, *([method("log", log)] if log else [])]}


def multikey(content):
    return "z" + base58.b58encode(b"\xed\x01" + content).decode()


def new_key(seed):
    return Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)


def signed(document, key, **proof):
    """The bytes of a document with a proof of its own, changed as asked for."""
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    options = {name: value for name, value in {**document["proof"], **proof}.items()
               if name != "proofValue" and value is not GONE}
    if "@context" not in unsecured:
        options.pop("@context", None)
    elif "@context" in options and "@context" not in proof:
        options["@context"] = unsecured["@context"]
    signature = key.sign(b"".join(hashes_of(unsecured, options)))
    value = "z" + base58.b58encode(signature).decode()
    return canonical({**unsecured, "proof": {**options, "proofValue": value}})


def edited(document, edits):
    """A copy with the value at each path replaced, or taken away."""
    document = copy.deepcopy(document)
    for path, value in edits.items():
        *way, last = path
        place = document
        for step in way:
            place = place[step]
        if value is GONE:
            del place[last]
        else:
            place[last] = value(place.get(last) if isinstance(place, dict) else place[last]) \
                if callable(value) else value
    return document


def case(*path_and_value, **proof):
    """Edits of the document by path, and of its proof by name."""
    return dict(zip(path_and_value[::2], path_and_value[1::2])), proof


SUBJECT = ("credentialSubject",)
CERTIFICATE = ("credentialSubject", "certificate")
FIRST = ("credentialStatus", 0)

# Each credential says something that does not follow from its record, its place and its host.
CREDENTIALS = {
    "no context": case(("@context",), GONE),
    "a foreign context": case(("@context", 1), f"{EVIL}/contexts/certificate-v1.jsonld"),
    "contexts in another order": case(("@context",), lambda old: old[::-1]),
    "one context": case(("@context",), lambda old: old[:1]),
    "a third context": case(("@context",), lambda old: [*old, f"{EVIL}/context"]),
    "no id": case(("id",), GONE),
    "the id of another": case(("id",), lambda old: old.replace("/c/", "/c/00/")),
    "an id on another host": case(("id",), f"{EVIL}/credential.json"),
    "an id by http": case(("id",), lambda old: old.replace("https:", "http:")),
    "no type": case(("type",), GONE),
    "another type": case(("type",), ["VerifiablePresentation"]),
    "one type": case(("type",), lambda old: old[:1]),
    "types in another order": case(("type",), lambda old: old[::-1]),
    "no issuer's name": case(("issuer", "name"), GONE),
    "another issuer's name": case(("issuer", "name"), "LSP Palsu"),
    "an issuer who says more": case(("issuer", "url"), EVIL),
    "an issuer as text": case(("issuer",), lambda old: old["id"]),
    "a foreign issuer": case(("issuer", "id"), "did:web:evil.example"),
    "a claim about the person": case((*SUBJECT, "award"), "best of all"),
    "an id of the person": case((*SUBJECT, "id"), "did:example:mallory"),
    "another person": case((*SUBJECT, "name"), "Mallory"),
    "a claim in the certificate": case((*CERTIFICATE, "level"), "master"),
    "revision 1": case((*CERTIFICATE, "revision"), 1),
    "a revision as text": case((*CERTIFICATE, "revision"), "2"),
    "another licence": case((*CERTIFICATE, "licence"), "BNSP-LSP-9999-ID"),
    "no licence": case((*CERTIFICATE, "licence"), GONE),
    "another title": case((*CERTIFICATE, "scheme", "title", "en"), "Master of everything"),
    "a title in a third language": case((*CERTIFICATE, "scheme", "title", "de"), "Meister"),
    "units in another order": case((*CERTIFICATE, "scheme", "units"), lambda old: old[::-1]),
    "another certificate's type": case((*CERTIFICATE, "type"), "Diploma"),
    "valid from a later day": case(("validFrom",), "2030-01-01T00:00:00+07:00"),
    "valid from another hour": case(("validFrom",), lambda old: old.replace("T00", "T01")),
    "no first day": case(("validFrom",), GONE),
    "no last day": case(("validUntil",), GONE),
    "an end before the beginning": case(("validUntil",), "2001-01-01T23:59:59+07:00"),
    "an end that is not the record's": case(("validUntil",), "2039-01-01T23:59:59+07:00"),
    "an end without its offset": case(("validUntil",), lambda old: old[:19]),
    "two offsets": case(("validUntil",), lambda old: old[:19] + "+09:00"),
    "the offset of nowhere in Indonesia": case(
        ("validFrom",), lambda old: old[:19] + "+05:30",
        ("validUntil",), lambda old: old[:19] + "+05:30"),
    "no status": case(("credentialStatus",), GONE),
    "an empty status": case(("credentialStatus",), []),
    "one status": case(("credentialStatus",), lambda old: old[:1]),
    "a status that is no list": case(("credentialStatus",), lambda old: old[0]),
    "a third status": case(("credentialStatus",), lambda old: [*old, old[0]]),
    "statuses in another order": case(("credentialStatus",), lambda old: old[::-1]),
    "the bit of another": case((*FIRST, "statusListIndex"), lambda old: str(int(old) + 1)),
    "a bit with a sign": case((*FIRST, "statusListIndex"), lambda old: "+" + old),
    "a bit with zeros": case((*FIRST, "statusListIndex"), lambda old: "00" + old),
    "a bit as a number": case((*FIRST, "statusListIndex"), int),
    "a list on another host": case((*FIRST, "statusListCredential"), f"{EVIL}/status/revocation/0"),
    "a list by another number": case(
        (*FIRST, "statusListCredential"), lambda old: old[:-1] + "00"),
    "a purpose that says nothing": case((*FIRST, "statusPurpose"), "message"),
    "another status's id": case((*FIRST, "id"), lambda old: old + "0"),
    "a status that says more": case((*FIRST, "statusSize"), 1),
    "another kind of status": case((*FIRST, "type"), "StatusList2021Entry"),
    "no record": case(("relatedResource",), GONE),
    "a record elsewhere": case(("relatedResource", 0, "id"), f"{EVIL}/record.json"),
    "a record of another kind": case(("relatedResource", 0, "mediaType"), "text/html"),
    "two records": case(("relatedResource",), lambda old: old * 2),
    "another digest": case(("relatedResource", 0, "digestSRI"), "sha256-" + "A" * 43 + "="),
    "evidence": case(("evidence",), [{"type": "Evidence"}]),
    "terms of use": case(("termsOfUse",), {"type": "IssuerPolicy"}),
    "a schema": case(("credentialSchema",), {"id": f"{EVIL}/schema", "type": "JsonSchema"}),
    # The proof.
    "a proof without a day": case(created=GONE),
    "a proof dated by a number": case(created=5),
    "a proof dated in words": case(created="yesterday"),
    "a proof dated without an hour": case(created="2026-04-20"),
    "a proof dated without an offset": case(created="2026-04-20T00:00:00"),
    "a proof dated on no day": case(created="2026-02-30T00:00:00+07:00"),
    "a proof dated ahead": case(created="2099-01-01T00:00:00+07:00"),
    "a proof older than its key": case(created="2001-01-01T00:00:00+07:00"),
    "a proof that expired": case(expires="2019-04-01T00:00:00Z"),
    "a proof for a domain": case(domain="evil.example"),
    "a proof for a challenge": case(challenge="1"),
    "a proof with an id": case(id="urn:uuid:1"),
    "a proof after another": case(previousProof="urn:uuid:1"),
    "a proof for signing in": case(proofPurpose="authentication"),
    "a proof of another suite": case(cryptosuite="eddsa-rdfc-2022"),
    "a proof of another type": case(type="Ed25519Signature2020"),
    "a proof without its context": case(**{"@context": GONE}),
    "a proof with another context": case(**{"@context": ["https://www.w3.org/ns/credentials/v2"]}),
    "a proof by another's key": case(verificationMethod="did:web:evil.example#key"),
}


def credential(text, key, name):
    """A certificate's credential, changed and signed anew."""
    edits, proof = CREDENTIALS[name]
    return signed(edited(json.loads(text), edits), key, **proof)


# A list that is wrong, whatever its days are.
LISTS = {
    "another list's id": case(("id",), lambda old: old[:-1] + "1"),
    "an id on another host": case(("id",), f"{EVIL}/status/revocation/0"),
    "no context": case(("@context",), GONE),
    "another context": case(("@context",), ["https://www.w3.org/ns/credentials/v2", EVIL]),
    "another type": case(("type",), ["VerifiableCredential"]),
    "a foreign issuer": case(("issuer",), "did:web:evil.example"),
    "an issuer as an object": case(("issuer",), lambda old: {"id": old}),
    "no id of the subject": case(("credentialSubject", "id"), GONE),
    "another subject": case(("credentialSubject", "id"), lambda old: old + "2"),
    "another purpose": case(("credentialSubject", "statusPurpose"), "message"),
    "another kind of list": case(("credentialSubject", "type"), "StatusList2021"),
    "a time to live": case(("credentialSubject", "ttl"), 1),
    "a claim": case(("name",), "List"),
    "bits that are no text": case(("credentialSubject", "encodedList"), 5),
    "bits that are no gzip": case(("credentialSubject", "encodedList"), "uAAAA"),
    "too few bits": case(
        ("credentialSubject", "encodedList"),
        "u" + base64.urlsafe_b64encode(gzip.compress(bytes(16_383))).decode().rstrip("=")),
    "a first day that is none": case(("validFrom",), "today"),
    "a last day that is none": case(("validUntil",), "2026-02-30T23:59:59+07:00"),
    "a proof without a day": case(created=GONE),
    "a proof for a domain": case(domain="evil.example"),
    "a proof dated ahead": case(created="2099-01-01T00:00:00+07:00"),
}


def status_list(text, key, name):
    edits, proof = LISTS[name]
    return signed(edited(json.loads(text), edits), key, **proof)


# MARK: Keys for which anybody can sign

PRIME = 2 ** 255 - 19
Y8 = int.from_bytes(bytes.fromhex(
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")


def _encodings():
    """Every way to write the eight points of low order, canonical or not: 14 in all."""
    found = set()
    for y in (0, 1, PRIME - 1, Y8, PRIME - Y8):
        for value in (y, y + PRIME):
            if value < 2 ** 255:
                found |= {(value + (sign << 255)).to_bytes(32, "little") for sign in (0, 1)}
    return sorted(found)


LOW_ORDER = _encodings()
# y = p + 3, which is 3.
NOT_CANONICAL = (PRIME + 3).to_bytes(32, "little")


def mixed_order(content):
    """A sound key's point with the point of order two added: x becomes -x, and y becomes -y."""
    number = int.from_bytes(content, "little")
    y, sign = number % 2 ** 255, number >> 255
    return (PRIME - y + ((1 - sign) << 255)).to_bytes(32, "little")

"""The world of badges: what a verifier of Open Badges 3.0 reads, which knows no canonical JSON, no record and no log.

`BadgeVerifier` is made of pyld, which turns JSON-LD into RDF and puts it into the form of RDFC-1.0, and of Ed25519.
The two JSON-LD contexts are the copies that openbadgeslib (PyPI) carries; nothing is asked of the network.
"""

import datetime
import hashlib
import importlib
import json
import os

import base58
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from openbadgeslib.ob3.contexts import document_loader
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError
from pyld import jsonld

from support.program import NOW
from support.verifier import bit, bits_of

#: Where the JSON Schema of 1EdTech lies, for those who have it: `ob_v3p0_achievementcredential_schema.json`.
SCHEMA = os.environ.get("CANTING_OB3_SCHEMA")
FILES = ["page", "record", "credential", "badge"]


def badges_of(project):
    """Every badge of a site, by the folder of its certificate."""
    return {path.parent.relative_to(project.public).as_posix(): json.loads(path.read_bytes())
            for path in sorted(project.public.glob("c/*/*/badge.json"))}


def nquads(document):
    """The canonical N-Quads of a document, as RDFC-1.0 (there called URDNA2015) has them."""
    return jsonld.normalize(document, {
        "algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": document_loader()})


class BadgeVerifier:
    """Checks badges with the keys of `did.json` and the list that a badge names, and with nothing else."""

    def __init__(self, site):
        self.site = site
        document = json.loads(site.get(f"{site.address}/.well-known/did.json"))
        self.keys = {
            each["id"]: Ed25519PublicKey.from_public_bytes(base58.b58decode(each["publicKeyMultibase"][1:])[2:])
            for each in document["verificationMethod"] if each["id"] in document["assertionMethod"]}
        self._lists = {}

    def is_signed(self, document):
        """Whether the proof of VC-DI-EDDSA, section 3.2, holds, and is the issuer's."""
        unsecured = {key: value for key, value in document.items() if key != "proof"}
        proof = document["proof"][0] if isinstance(document["proof"], list) else document["proof"]
        options = {key: value for key, value in proof.items() if key != "proofValue"}
        issuer = document.get("issuer")
        issuer = issuer.get("id") if isinstance(issuer, dict) else issuer
        method = options.get("verificationMethod", "")
        if (options.get("cryptosuite") != "eddsa-rdfc-2022" or options.get("proofPurpose") != "assertionMethod"
                or method not in self.keys or method.partition("#")[0] != issuer):
            return False
        options["@context"] = document["@context"]
        try:
            signed = b"".join(hashlib.sha256(nquads(each).encode()).digest() for each in (options, unsecured))
            self.keys[method].verify(base58.b58decode(proof["proofValue"][1:]), signed)
        except (InvalidSignature, jsonld.JsonLdError, ValueError):
            return False
        return True

    def is_withdrawn(self, badge):
        """Whether the bit of a badge is set in the signed list that it names."""
        entry = badge["credentialStatus"]
        address = entry["statusListCredential"]
        if address not in self._lists:
            document = json.loads(self.site.get(address))
            assert self.is_signed(document) and document["id"] == address
            assert document["validFrom"][:10] <= NOW <= document["validUntil"][:10]
            assert document["credentialSubject"]["statusPurpose"] == entry["statusPurpose"]
            self._lists[address] = bits_of(document["credentialSubject"]["encodedList"])
        return bit(self._lists[address], int(entry["statusListIndex"]))


# MARK: The structure


TEXT = {"type": "string", "minLength": 1}
NODE = {"type": "object", "required": ["id", "type"]}
#: What Open Badges 3.0 demands, as far as a badge here has it (1EdTech, section B).
DEMANDED = {
    "type": "object", "required": ["@context", "id", "type", "credentialSubject", "issuer", "validFrom", "proof"],
    "properties": {
        "@context": {"type": "array", "minItems": 2, "items": {"type": "string"}}, "id": TEXT, "name": TEXT,
        "type": {"type": "array", "contains": {"const": "OpenBadgeCredential"}},
        "issuer": {**NODE, "properties": {"type": {"type": "array", "contains": {"const": "Profile"}}}},
        "credentialSubject": {
            "type": "object", "required": ["type", "achievement"],
            "properties": {
                "identifier": {"type": "array", "items": {
                    "type": "object", "additionalProperties": False,
                    "required": ["type", "hashed", "identityHash", "identityType"],
                    "properties": {"type": {"const": "IdentityObject"}, "hashed": {"type": "boolean"},
                                   "identityHash": TEXT, "identityType": TEXT}}},
                "achievement": {
                    "type": "object", "required": ["id", "type", "criteria", "description", "name"],
                    "properties": {
                        "type": {"type": "array", "contains": {"const": "Achievement"}},
                        "alignment": {"type": "array", "minItems": 1, "items": {
                            "type": "object", "required": ["type", "targetName", "targetUrl"],
                            "properties": {"type": {"type": "array", "contains": {"const": "Alignment"}}}}}}}}},
        "credentialStatus": NODE,
        "proof": {"type": "array", "minItems": 1, "maxItems": 1, "items": {
            "type": "object", "required": ["type", "created", "proofValue", "verificationMethod"]}}}}


# MARK: openbadgeslib


@pytest.fixture
def openbadges(monkeypatch):
    """A way to ask openbadgeslib, on the day of the tests.

    It finds keys by did:web and asks the status list; that version takes no other list than a JWT for signed, so the
    list's own proof is looked at by `BadgeVerifier`.
    """

    class Clock(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromisoformat(f"{NOW}T12:00:00+07:00").astimezone(tz)

    for name in ("verifier", "status"):
        monkeypatch.setattr(importlib.import_module(f"openbadgeslib.ob3.{name}"), "datetime", Clock)

    def ask(site, badge):
        """None where it holds, or why it does not."""
        try:
            OB3LdpVerifier.for_issuer_did(site.did).verify(
                badge, check_status=True, download=site.get, verify_status_list=False)
        except OB3VerificationError as failure:
            return str(failure)

    return ask

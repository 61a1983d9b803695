"""Credentials of the specimen, seen by a verifier that shares no code with the program."""

import datetime
import json
import re
from dataclasses import replace

import base58
import jsonschema
import pytest
from cryptography.hazmat.primitives import serialization

from support.output import differences, site_files, tree
from support.program import NOW
from support.project import ledger_of, without_ledger
from support.proof import ADDRESS, certificate_files, site_of
from support.verifier import Issuer, Refused, canonical, check_proof, entry_bytes, log_id, moment, read_json, verify


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


def test_every_credential_has_the_structure_of_vc_2_0(specimen):
    schema = jsonschema.Draft202012Validator(CREDENTIAL)
    found = {problem.message for credential, _ in certificate_files(specimen).values()
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


def test_no_credential_is_signed_before_it_is_valid_or_in_the_future(specimen):
    for credential, _ in certificate_files(specimen).values():
        document = json.loads(credential)
        assert (moment(document["validFrom"]) <= moment(document["proof"]["created"])
                <= datetime.datetime.fromisoformat(f"{NOW}T23:59:59+07:00"))
        assert moment(document["validFrom"]) < moment(document["validUntil"])


# Terms of https://www.w3.org/ns/credentials/v2 that credentials use.
STANDARD_TERMS = {
    "@context", "id", "type", "name", "issuer", "validFrom", "validUntil", "credentialSubject",
    "credentialStatus", "relatedResource", "digestSRI", "mediaType", "proof", "VerifiableCredential",
    "BitstringStatusListEntry", "statusPurpose", "statusListIndex", "statusListCredential"}


def test_the_sites_own_context_defines_every_term_that_the_standard_does_not(site, specimen):
    context = read_json((site.folder / "contexts/certificate-v1.jsonld").read_bytes())["@context"]
    scheme = context["scheme"]["@context"]
    used, within_scheme = set(), set()
    for credential, _ in certificate_files(specimen).values():
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


def test_the_did_document_names_the_institution_and_its_key(specimen, site):
    document = read_json((site.folder / ".well-known/did.json").read_bytes())
    did = "did:web:sertifikat.lsp-batik.example"

    def method(name, fragment=None):
        pem = (specimen.root / "seeds/keys" / name).read_bytes()
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

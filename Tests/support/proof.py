"""The published proof of a project, in the hands of the independent verifier."""

import base64
import json
import re

from support import verifier
from support.registry import person
from support.verifier import Site, verify

ADDRESS = "https://sertifikat.lsp-batik.example"


def site_of(project):
    return Site(project.public, ADDRESS)


def certificate_files(project):
    """Credential and record of every certificate, by fingerprint."""
    found = {}
    for record in sorted(project.public.glob("c/*/*/record.json")):
        content = record.read_bytes()
        found[verifier.sha256(content).hex()] = (
            (record.parent / "credential.json").read_bytes(), content)
    return found


def verdicts_of(project):
    """The verdict on every certificate of a project, by fingerprint."""
    site = site_of(project)
    issuer, log = site.issuer, site.log()
    return {fingerprint: verify(site, issuer, log, *files)
            for fingerprint, files in certificate_files(project).items()}


def events_in(contents):
    """The entries that are no issuances, and their dates in the log's order."""
    entries = [json.loads(content) for content in contents]
    return ([content for content, entry in zip(contents, entries) if entry["type"] != "issued"],
            [entry["date"] for entry in entries if entry["type"] != "issued"])


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


def flipped(content, at, mask):
    """The bytes with some bits of one turned."""
    return content[:at] + bytes([content[at] ^ mask]) + content[at + 1:]

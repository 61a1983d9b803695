"""The published proof of a project, in the hands of the independent verifier."""

import json

from support import verifier
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

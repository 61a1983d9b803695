"""What the written formats make of a row: its record, its fingerprint, its address."""

import base64
import datetime
import hashlib
import hmac
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import rfc8785


@dataclass
class Expected:
    """What the design makes of one row."""

    row: dict
    record: bytes
    fingerprint: str
    expires: str

    @property
    def code(self):
        return self.fingerprint[:32]

    @property
    def path(self):
        return f"/c/{self.code[:2]}/{self.code[2:]}/"


def normal(text):
    """NFC, trimmed, single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def in_force(editions, day):
    return [edition for edition in sorted(editions, key=lambda each: each["from"])
            if edition["from"] <= day][-1]


def years_later(day, years):
    date = datetime.date.fromisoformat(day)
    try:
        return date.replace(year=date.year + years).isoformat()
    except ValueError:
        return date.replace(year=date.year + years, day=28).isoformat()


def secret_of(root):
    """The last line of the secret file: 64 hexadecimal digits."""
    text = (Path(root) / "seeds/keys/registry.secret").read_text(encoding="utf-8")
    return bytes.fromhex(text.split()[-1])


def expect(project, row):
    """Recomputes a record from its row, the secret and the design."""
    return expect_rows(project, [row])[0]


def expect_all(project):
    return expect_rows(project, project.rows())


def expect_rows(project, rows):
    schemes = {scheme["code"]: scheme["editions"] for scheme in project.schemes}
    issuers = project.site["issuer"]
    secret = secret_of(project.root)
    return [expect_row(row, schemes, issuers, secret) for row in rows]


def expect_row(row, schemes, issuers, secret):
    issued = row["issued"]
    scheme = in_force(schemes[row["scheme"]], issued)
    issuer = in_force(issuers, issued)
    number = normal(row["number"])
    revision = int(row.get("revision") or 1)
    message = f"canting/v1/salt\n{number}" + (f"\n{revision}" if revision >= 2 else "")
    salt = hmac.new(secret, message.encode(), hashlib.sha256).digest()[:16]
    record = {
        "version": 1,
        "number": number,
        "holder": normal(row["holder"]),
        "scheme": {
            "code": row["scheme"],
            "title": {"en": scheme["title"]["en"], "id": scheme["title"]["id"]},
            "units": [unit["code"] for unit in scheme["units"]],
        },
        "issued": issued,
        "expires": row.get("expires") or years_later(issued, int(scheme["years"])),
        "issuer": {"name": issuer["name"], "licence": issuer["licence"]},
        "salt": base64.urlsafe_b64encode(salt).decode().rstrip("="),
    }
    if revision >= 2:
        record["revision"] = revision
    if row.get("registration"):
        record["registration"] = normal(row["registration"])
    content = rfc8785.dumps(record)
    return Expected(row, content, hashlib.sha256(content).hexdigest(), record["expires"])

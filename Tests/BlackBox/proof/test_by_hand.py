"""docs/verify-by-hand.md: every step run from its words on the specimen's site."""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from support.program import NOW, PROGRAM, REPOSITORY

DOCUMENT = (REPOSITORY / "docs/verify-by-hand.md").read_text(encoding="utf-8")
# Blocks of Python, and blocks that a person types.
BLOCK = re.compile(r"^```python\n(.*?)^```$|((?:^    [^\n]*\n)+)", re.M | re.S)
# What a person types begins so; curl asks a host that exists on paper alone.
TYPED = re.compile(r"echo|sha256sum|head|pem\(\)|\{|printf|bin/canting|sed")
CLOCK = "datetime.datetime.now(datetime.timezone.utc)"


def cosigned(checkpoint):
    """A witness's key as policies write it, and the checkpoint with its line (C2SP tlog-cosignature)."""
    key, name, moment = Ed25519PrivateKey.generate(), "watch.example/w1", 1_764_000_000
    packed = b"\x04" + key.public_key().public_bytes_raw()
    key_id = hashlib.sha256(name.encode() + b"\n" + packed).digest()[:4]
    body = checkpoint.rpartition("\n\n")[0] + "\n"
    signature = key.sign(f"cosignature/v1\ntime {moment}\n{body}".encode())
    value = base64.b64encode(key_id + moment.to_bytes(8, "big") + signature).decode()
    return (f"{name}+{key_id.hex()}+{base64.b64encode(packed).decode()}", f"{checkpoint}\u2014 {name} {value}\n",
            f"{name} cosigned it at {moment}\n")


def test_every_step_prints_what_the_document_says(specimen, tmp_path):
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/canting").symlink_to(Path(PROGRAM).resolve())
    (tmp_path / "seeds").symlink_to(specimen.root / "seeds")
    for name in ("public", "content", "templates"):
        (tmp_path / name).symlink_to(specimen.root / name)
    code = re.search(r"sha256sum public/c/(\S+)/record\.json", DOCUMENT)[1]
    for name in (f"c/{code}/record.json", f"c/{code}/credential.json", "log/checkpoint"):
        shutil.copy(specimen.public / name, tmp_path)
    for purpose in ("revocation", "suspension"):
        shutil.copy(specimen.public / "status" / purpose / "0", tmp_path / purpose)
    printed, functions, told, ran = "", "", "no witness", 0
    for python, typed in BLOCK.findall(DOCUMENT):
        typed = re.sub(r"^    curl .*\n", "", typed, flags=re.M)
        if "openbadgeslib" in python or not (python or TYPED.match(typed.strip())):
            continue
        if "def signed(" in python:
            (tmp_path / "signed.py").write_text(python, encoding="utf-8")
            continue
        if "NAME+KEY ID+BASE64" in python:
            # The specimen has no witness; this one has signed the checkpoint that the steps are about.
            witness, text, told = cosigned((tmp_path / "checkpoint").read_text(encoding="utf-8"))
            python = python.replace("NAME+KEY ID+BASE64", witness)
            (tmp_path / "checkpoint").write_text(text, encoding="utf-8")
        if python:
            python = python.replace(CLOCK, f'datetime.datetime.fromisoformat("{NOW}T12:00:00+07:00")')
            command = [sys.executable, "-c", python]
        else:
            typed = re.sub(r"^    ", "", typed, flags=re.M)
            functions += "".join(re.findall(r"^pem\(\).*\n", typed, re.M))
            command = ["bash", "-eu", "-o", "pipefail", "-c", functions + typed]
        done = subprocess.run(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True,
                              text=True, timeout=120)
        assert done.returncode == 0, f"{python or typed}\n{done.stdout}{done.stderr}"
        printed += done.stdout
        ran += 1
    assert ran > 15 and told in printed
    assert "False" not in printed.replace("revocation: False", "").replace("suspension: False", "")
    claims = re.findall(r"prints\s+`([^`]+)`", DOCUMENT)
    claims += [line.strip() for block in re.findall(r"(?:prints|prints `True` and)\n\n((?:    .+\n)+)", DOCUMENT)
               for line in block.splitlines()]
    assert len(claims) > 8
    for claim in claims:
        assert claim in printed, claim

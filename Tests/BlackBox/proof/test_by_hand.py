"""docs/verify-by-hand.md: every step run from its words on the specimen's site."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from support.program import NOW, PROGRAM, REPOSITORY

DOCUMENT = (REPOSITORY / "docs/verify-by-hand.md").read_text(encoding="utf-8")
# Blocks of Python, and blocks that a person types.
BLOCK = re.compile(r"^```python\n(.*?)^```$|((?:^    [^\n]*\n)+)", re.M | re.S)
# What a person types begins so; curl asks a host that exists on paper alone.
TYPED = re.compile(r"echo|sha256sum|head|pem\(\)|\{|printf|bin/canting|sed")
CLOCK = "datetime.datetime.now(datetime.timezone.utc)"


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
    printed, functions, ran = "", "", 0
    for python, typed in BLOCK.findall(DOCUMENT):
        typed = re.sub(r"^    curl .*\n", "", typed, flags=re.M)
        if "openbadgeslib" in python or not (python or TYPED.match(typed.strip())):
            continue
        if "def signed(" in python:
            (tmp_path / "signed.py").write_text(python, encoding="utf-8")
            continue
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
    assert ran > 15
    assert "False" not in printed.replace("revocation: False", "").replace("suspension: False", "")
    claims = re.findall(r"prints\s+`([^`]+)`", DOCUMENT)
    claims += [line.strip() for block in re.findall(r"(?:prints|prints `True` and)\n\n((?:    .+\n)+)", DOCUMENT)
               for line in block.splitlines()]
    assert len(claims) > 8
    for claim in claims:
        assert claim in printed, claim

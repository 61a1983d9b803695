"""The program under test, and how a run of it ended."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("CANTING") or str(REPOSITORY / "bin" / "canting")
# The day on which the specimen data is complete; no test depends on the day it runs.
NOW = "2026-11-23"


@dataclass
class Outcome:
    """How a run of the program ended."""

    code: int
    out: bytes
    err: bytes

    @property
    def text(self):
        return self.out.decode() + self.err.decode()

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def findings(self):
        return self.json["diagnostics"]

    @property
    def ids(self):
        return [finding["id"] for finding in self.findings]


#: For builds that a test starts by itself: what makes pictures for sharing is out of the way.
WITHOUT_PICTURES = {**os.environ, "PATH": "/nowhere"}


def run_program(*arguments, cwd=None, env=None, timeout=120, **options):
    environment = {**os.environ, **(env or {})}
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)], cwd=cwd, env=environment, capture_output=True,
        stdin=subprocess.DEVNULL, timeout=timeout, **options)
    return Outcome(done.returncode, done.stdout, done.stderr)

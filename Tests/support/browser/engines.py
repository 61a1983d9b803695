"""The table engine × step in the documentation."""

import re

from support.program import REPOSITORY

DOCUMENT = REPOSITORY / "docs/architecture.md"
TABLE = re.compile(r"(?<=<!-- engines -->\n).*?(?=<!-- /engines -->)", re.DOTALL)
HEAD = ["engine", "text and code", "signature", "log", "status", "dates"]


def documented():
    """Its rows, the head and the line below it included."""
    lines = TABLE.search(DOCUMENT.read_text(encoding="utf-8"))[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def write(lines):
    text = DOCUMENT.read_text(encoding="utf-8")
    DOCUMENT.write_text(TABLE.sub(lambda _: "".join(f"{line}\n" for line in lines), text), encoding="utf-8")

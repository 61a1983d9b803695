"""The directory of artisans, worked out from the registry."""

import csv
import re
import unicodedata

from support.expected import expect_all
from support.program import NOW


def slug(text):
    """ASCII letters and digits, what lies between them a dash."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", text.lower())
                    if unicodedata.category(letter) != "Mn" and letter not in "'’")
    return re.sub("[^a-z0-9]+", "-", plain).strip("-")


def batches_of(project):
    with open(project.root / "seeds/batches.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def certificates_in_force(project, today=NOW):
    """The certificates that hold on a day: neither ended, nor replaced, nor taken back."""
    everything = expect_all(project)
    latest = {}
    for each in everything:
        number = each.row["number"]
        if number not in latest or int(each.row["revision"] or 1) > int(latest[number].row["revision"] or 1):
            latest[number] = each
    return [each for each in latest.values()
            if each.row.get("status", "") in ("", "valid") and each.expires >= today]


def listed(project, today=NOW):
    return [each for each in certificates_in_force(project, today) if each.row.get("listed") == "yes"]


def place_of(each):
    return slug(each.row["province"]) or "not-stated", slug(each.row["regency"]) or "not-stated"

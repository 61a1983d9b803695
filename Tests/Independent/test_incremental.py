"""Builds after builds: only what changed is written, and the site is that of a clean build."""

import csv
import io
import json
import os
import random
import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from receipts import Mirror, clean_site, insist_on_receipt, rank, read_receipt
from support import (
    COLUMNS, NOW, Project, differences, expect_all, is_certificate, person, run_program, sheet,
    site_files, stamps, tree)
from test_news import png
from test_proof import erase_row, registered, slim, with_everything


def cache_of(project):
    """The file that says what the last build was made from."""
    files = [file for file in (project.root / ".canting-cache").iterdir()
             if file.name.startswith("build-")]
    assert len(files) == 1
    return files[0]


def receipt_of(project, *arguments, **options):
    """Builds, and gives the receipt; what it says is held against what became of the site."""
    file = project.root.parent / f"{project.root.name}.receipt.json"
    before = site_files(project.public) if project.public.exists() else {}
    outcome = project.built("--receipt", file, "--format", "json", *arguments, **options)
    receipt = read_receipt(file)
    insist_on_receipt(receipt, before, site_files(project.public))
    result = outcome.json["result"]
    for kind, name in ("added", "added"), ("changed", "changed"), ("deleted", "removed"):
        assert len([each for each in receipt["files"] if each["change"] == kind]) == result[name]
    assert result["logSize"] == receipt["logSize"]
    return receipt


def paths_of(receipt):
    return [entry["path"] for entry in receipt["files"]]


def is_of_certificate(path):
    return path.startswith("c/")


# MARK: A long life


class Publisher:
    """An institution in which something happens every day."""

    def __init__(self, project, seed):
        self.project = project
        self.chance = random.Random(seed)
        self.serial = 0
        self.words = 0
        self.minutes = 0
        self.key_day = 0
        self.news = project.root / "content/news"
        self.news.mkdir()

    @property
    def now(self):
        day, minute = divmod(self.minutes, 24 * 60)
        return f"2026-{11 + (22 + day) // 30:02}-{(22 + day) % 30 + 1:02}T{minute // 60:02}:{minute % 60:02}:00+07:00"

    @property
    def today(self):
        return self.now[:10]

    def word(self):
        self.words += 1
        return f"word{self.words}"

    def append(self, path, text):
        with open(self.project.root / path, "a", encoding="utf-8") as file:
            file.write(text)

    def pick(self, *statuses):
        rows = self.project.rows()
        leant_on = {row["superseded_by"] for row in rows} | {
            row["number"] for row in rows if row["revision"]}
        return self.chance.choice([row["number"] for row in rows if row["status"] in statuses
                                   and row["number"] not in leant_on])

    def set(self, number, **changes):
        self.project.write_rows([{**row, **changes} if row["number"] == number else row
                                 for row in self.project.rows()])

    # What happens in the registry.

    def certificates_are_added(self):
        rows = self.project.rows()
        for _ in range(self.chance.randint(1, 3)):
            self.serial += 1
            rows.insert(self.chance.randrange(len(rows) + 1), person(
                500 + self.serial, listed=self.chance.choice(["", "yes", "no"]),
                issued=f"2026-{self.chance.randint(1, 10):02}-{self.chance.randint(1, 28):02}"))
        self.project.write_rows(rows)

    def a_certificate_is_suspended(self):
        self.set(self.pick(""), status="suspended", status_date=self.today, status_reason="A reason")

    def a_certificate_is_revoked(self):
        self.set(self.pick("", "suspended"), status="revoked", status_date=self.today,
                 status_reason="Another")

    def a_certificate_is_superseded(self):
        old, new = self.pick(""), self.pick("")
        if old != new:
            self.set(old, status="superseded", status_date=self.today, superseded_by=new)

    def a_name_is_corrected(self):
        number = self.pick("")
        row = next(row for row in self.project.rows() if row["number"] == number)
        self.project.write_rows(self.project.rows() + [
            {**row, "revision": "2", "holder": "Siti Benar", "issued": self.today}])

    def a_certificate_is_erased(self):
        erase_row(self.project, self.pick("", "suspended", "revoked"), date=self.today)

    def a_certificate_is_listed(self):
        self.set(self.pick(""), listed=self.chance.choice(["yes", "no"]))

    def a_reason_is_worded_otherwise(self):
        rows = [row for row in self.project.rows() if row["status_reason"]]
        if rows:
            self.set(self.chance.choice(rows)["number"], status_reason=self.word())

    def rows_are_sorted_otherwise(self):
        rows = self.project.rows()
        self.chance.shuffle(rows)
        self.project.write_rows(rows)

    # What happens in the texts.

    def announcements(self):
        return sorted(self.news.glob("*.md"))

    def an_announcement_is_added(self):
        name = self.word()
        more = self.chance.choice(["", "tags: [export]\n", "pinned: true\n"])
        self.project.write_news(f"{self.today}-{name}.en.md", f"Text {name}.", date=self.today,
                                title=f"About {name}", more=more)

    def an_announcement_waits(self):
        name = self.word()
        self.project.write_news(
            f"{self.today}-{name}.id.md", f"Teks {name}.", date=self.today,
            more=f"publish: {self.today} 23:30\nexpires: {self.today} 23:59\n")

    def an_announcement_is_edited(self):
        if self.announcements():
            self.append(self.chance.choice(self.announcements()), f"\nMore {self.word()}.\n")

    def an_announcement_is_deleted(self):
        if self.announcements():
            self.chance.choice(self.announcements()).unlink()

    def an_announcement_gets_another_name(self):
        if self.announcements():
            file = self.chance.choice(self.announcements())
            file.rename(file.with_name(f"{file.name[:10]}-{self.word()}{file.name[-6:]}"))

    def a_picture_changes(self):
        name = self.word()
        (self.news / f"{name}.png").write_bytes(png(self.chance.randint(1, 9), 3))
        self.project.write_news(f"{self.today}-{name}.en.md", f"![Cloth]({name}.png)",
                                date=self.today, more=f"image: {name}.png\nimageAlt: Cloth\n")
        for file in list(self.news.glob("*.png"))[:2]:
            file.write_bytes(png(self.chance.randint(1, 9), self.chance.randint(1, 9)))

    def a_page_gets_another_title(self):
        self.project.set_page("about.en.md", navigation=self.word())

    def a_page_gets_more_text(self):
        self.append("content/pages/privacy.en.md", f"\nMore {self.word()}.\n")

    # What happens to the looks and the settings.

    def the_certificate_template_changes(self):
        self.append("templates/certificate.mustache", f"<!-- {self.word()} -->\n")

    def the_announcement_template_changes(self):
        self.append("templates/announcement.mustache", f"<!-- {self.word()} -->\n")

    def the_foot_changes(self):
        self.append("templates/foot.mustache", f"<!-- {self.word()} -->\n")

    def the_style_changes(self):
        self.append("templates/assets/site.css", f"/* {self.word()} */\n")

    def a_month_is_called_otherwise(self):
        file = self.project.root / "templates/strings/en.yml"
        text = file.read_text(encoding="utf-8")
        month = "  - October" if "  - October\n" in text else "  - Oktober"
        other = "  - Oktober" if month == "  - October" else "  - October"
        file.write_text(text.replace(month + "\n", other + "\n"), encoding="utf-8")

    def a_string_changes(self):
        file = self.project.root / "templates/strings/id.yml"
        file.write_text(re.sub(r"(\n  record_link: \"?)", rf"\g<1>{self.word()} ",
                               file.read_text(encoding="utf-8")), encoding="utf-8")

    def a_scheme_gets_an_edition(self):
        file = self.project.root / "seeds/schemes.yml"
        first, mark, rest = file.read_text(encoding="utf-8").partition("\n- code: PBC")
        last = first.rstrip("\n").rpartition("\n    - from: ")[2]
        edition = last.split("\n", 1)[1].replace("Hand-Drawn", f"Hand-Drawn {self.word()}", 1)
        # Certificates of this year may have been issued under the edition before.
        file.write_text(f"{first.rstrip()}\n    - from: {2027 + self.words}-01-01\n{edition}\n{mark}{rest}",
                        encoding="utf-8")

    def a_scheme_is_described_otherwise(self):
        file = self.project.root / "seeds/schemes.yml"
        file.write_text(re.sub(r'en: "Makes ', f'en: "Makes {self.word()} ',
                               file.read_text(encoding="utf-8")), encoding="utf-8")

    def the_menu_changes(self):
        navigation = self.project.site["navigation"]
        self.chance.shuffle(navigation)
        self.project.set_site(navigation=navigation)

    def reasons_are_published_or_not(self):
        self.project.set_site(publish_reasons=not self.project.site["publish_reasons"])

    def certificates_get_other_files(self):
        files = [["page"], ["page", "record"], ["page", "record", "credential"]]
        files.remove(self.project.site.get("certificate_files", files[-1]))
        self.project.set_site(certificate_files=self.chance.choice(files))

    def the_address_changes(self):
        contact = self.project.site["contact"]
        self.project.set_site(contact={**contact, "address": f"Jalan {self.word()}"})

    def exports_are_counted(self):
        self.append("seeds/exports.csv", f"{2023 + self.words},actual,18.5,{self.word()}\n")

    def the_key_is_rotated(self):
        if self.today > "2026-11-23" and self.key_day != self.today:
            self.key_day = self.today
            outcome = run_program(
                "keys", "rotate", "--root", self.project.root, "--now", self.today)
            assert outcome.code == 0, outcome.text

    # What happens to what the program keeps.

    def the_cache_is_lost(self):
        shutil.rmtree(self.project.root / ".canting-cache")

    def files_of_the_site_are_damaged(self):
        files = sorted(path for path in site_files(self.project.public) if path != "log/checkpoint")
        one, two, three = self.chance.sample(files, 3)
        (self.project.public / one).unlink()
        with open(self.project.public / two, "r+b") as file:
            file.write(b"#")
        os.truncate(self.project.public / three, 1)

    def hours_pass(self):
        self.minutes += self.chance.choice([1, 60, 8 * 60])

    def a_day_passes(self):
        self.minutes += 24 * 60

    def nothing_happens(self):
        pass

    @classmethod
    def events(cls):
        return sorted(name for name in vars(cls) if not name.startswith("_") and name not in (
            "now", "today", "word", "append", "pick", "set", "announcements", "events"))


def set_page(project, name, **changes):
    file = project.root / "content/pages" / name
    text = file.read_text(encoding="utf-8")
    head, _, body = text.partition("\n---\n")
    lines = [line for line in head.split("\n") if line.partition(":")[0] not in changes]
    lines += [f"{key}: {value}" for key, value in changes.items()]
    file.write_text("\n".join(lines) + f"\n---\n{body}", encoding="utf-8")


Project.set_page = set_page


@pytest.mark.parametrize("at_once, rounds", [(1, 1), (3, 2)])
def test_after_every_change_the_site_is_that_of_a_clean_build_and_the_receipt_tells_it(
        tmp_path, at_once, rounds):
    project = slim(tmp_path / "project")
    project.write_rows([{name: "" for name in COLUMNS} | row for row in registered(24)])
    publisher = Publisher(project, seed=at_once)
    mirror = Mirror()
    events = rounds * publisher.events()
    publisher.chance.shuffle(events)
    happened = []
    while True:
        receipt = receipt_of(project, now=publisher.now)
        mirror.take(receipt, project.public)
        mirror.insist_on(project.public)
        clean = clean_site(project, tmp_path / "clean", now=publisher.now)
        assert differences(clean, tree(project.public)) == [], happened[-3:]
        if not events:
            break
        happened.append([events.pop() for _ in range(min(at_once, len(events)))])
        for event in happened[-1]:
            getattr(publisher, event)()
    assert receipt_of(project, now=publisher.now)["files"] == []

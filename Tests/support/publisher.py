"""An institution whose registry, texts, looks and settings change from build to build."""

import datetime
import os
import random
import re
import shutil

from support.output import site_files
from support.png import png
from support.program import run_program
from support.registry import erase_row, person


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
        moment = datetime.datetime(2026, 11, 23) + datetime.timedelta(minutes=self.minutes)
        return moment.isoformat() + "+07:00"

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
                5000 + self.serial, listed=self.chance.choice(["", "yes", "no"]),
                issued=f"2026-{self.chance.randint(1, 10):02}-{self.chance.randint(1, 28):02}"))
        self.project.write_rows(rows)

    def a_certificate_is_suspended(self):
        self.set(self.pick(""), status="suspended", status_date=self.today,
                 status_reason="A reason")

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
        file = self.project.root / "content/pages/about.en.md"
        file.write_text(re.sub(r"(?m)^navigation: .*$", f"navigation: {self.word()}",
                               file.read_text(encoding="utf-8"), count=1), encoding="utf-8")

    def a_page_gets_more_text(self):
        self.append("content/pages/privacy.en.md", f"\nMore {self.word()}.\n")

    # What happens to the looks and the settings.

    def the_certificate_template_changes(self):
        self.append("templates/certificate/certificate.mustache", f"<!-- {self.word()} -->\n")

    def the_announcement_template_changes(self):
        self.append("templates/news/announcement.mustache", f"<!-- {self.word()} -->\n")

    def the_foot_changes(self):
        self.append("templates/layout/foot.mustache", f"<!-- {self.word()} -->\n")

    def the_style_changes(self):
        self.append("templates/assets/site/site.css", f"/* {self.word()} */\n")

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
        # Issued certificates keep the edition before.
        year = 2027 + self.words
        file.write_text(f"{first.rstrip()}\n    - from: {year}-01-01\n{edition}\n{mark}{rest}",
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
        self.append("seeds/exports.csv", f"{1000 + self.words},actual,18.5,{self.word()},\n")

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

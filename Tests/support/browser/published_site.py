"""The site under test: a copy of the project, built once, and what its pages have to say.

What is expected is worked out from the registry, the schemes, site.yml and the strings, never read
off the pages.
"""

import csv
import datetime
import io
import shutil
import subprocess
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import yaml

from support.program import NOW, PROGRAM, REPOSITORY

# The day on which the specimen data is complete. Program and browser both take it for today.
TODAY = datetime.date.fromisoformat(NOW)

# A host that shows the same files under a name that is not the official one.
COPY = "certificates.copied.example"

# The same files without a secure connection.
INSECURE = "insecure.example"

LANGUAGES = ("en", "id")
STANDING = sorted({path.name.split(".")[0] for path in (REPOSITORY / "content/pages").glob("*.en.md")} - {"home"})

# Every page type, in both languages where it has two.
PLAIN_PAGES = [
    f"{name} ({language})"
    for name in ("home", *STANDING, "search", "scheme", "announcement", "province", "place", "batch", "year")
    for language in LANGUAGES
]
CERTIFICATES = ["valid", "reinstated", "issued again", "expired", "suspended", "revoked", "superseded", "corrected"]
CERTIFICATE_PAGES = [f"certificate: {kind}" for kind in CERTIFICATES]
PAGES = [*PLAIN_PAGES, *CERTIFICATE_PAGES, "not found"]


def tidy(text):
    """Text with its white space as a reader sees it."""
    return " ".join(unicodedata.normalize("NFC", text or "").replace("\u2060", "").split())


def groups(digits):
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


@dataclass
class Certificate:
    """A row of the registry with the code that the program gave it."""

    row: dict
    code: str
    fingerprint: str
    expires: datetime.date

    @property
    def path(self):
        return f"/c/{self.code[:2]}/{self.code[2:]}/"

    @property
    def number(self):
        return tidy(self.row["number"])

    @property
    def revision(self):
        return int(self.row["revision"] or 1)

    @property
    def holder(self):
        return tidy(self.row["holder"])

    @property
    def issued(self):
        return datetime.date.fromisoformat(self.row["issued"])


class Site:
    """A project folder and the site that Canting made of it."""

    def __init__(self, folder, rows=None, settings=""):
        self.root = Path(folder)
        for name in ("content", "templates", "seeds"):
            shutil.copytree(REPOSITORY / name, self.root / name)
        if rows is not None:
            # Another registry has a history of its own: none yet.
            shutil.rmtree(self.root / "seeds" / "ledger", ignore_errors=True)
            self._write(rows(self._rows()))
        with open(self.root / "content" / "site.yml", "a", encoding="utf-8") as file:
            file.write(settings)
        self._run("build", "--quiet")

    @property
    def public(self):
        return self.root / "public"

    def _run(self, command, *arguments):
        done = subprocess.run(
            [PROGRAM, command, *arguments, "--root", str(self.root), "--now", TODAY.isoformat()],
            stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
        assert done.returncode == 0, (done.stdout + done.stderr).decode()
        return done.stdout.decode()

    def _rows(self):
        with open(self.root / "seeds" / "registry.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def _write(self, rows):
        with open(self.root / "seeds" / "registry.csv", "w", encoding="utf-8", newline="") as file:
            sheet = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
            sheet.writeheader()
            sheet.writerows(rows)

    # What people wrote

    def _yaml(self, path):
        return yaml.safe_load((self.root / path).read_text(encoding="utf-8"))

    @cached_property
    def settings(self):
        return self._yaml("content/site.yml")

    @cached_property
    def strings(self):
        return {language: self._yaml(f"templates/strings/{language}.yml") for language in LANGUAGES}

    def words(self, language):
        """The strings of any language that the site has, also of one that only buyers see."""
        return self._yaml(f"templates/strings/{language}.yml")

    @cached_property
    def schemes(self):
        return {scheme["code"]: scheme for scheme in self._yaml("seeds/schemes.yml")}

    @property
    def host(self):
        return self.settings["url"].removeprefix("https://")

    # Certificates

    @cached_property
    def certificates(self):
        codes = list(csv.DictReader(io.StringIO(self._run("export", "--csv", "--quiet"))))
        rows = self._rows()
        assert [tidy(row["number"]) for row in rows] == [code["number"] for code in codes]
        return [Certificate(row, code["code"], code["fingerprint"], self._expires(row))
                for row, code in zip(rows, codes)]

    def _expires(self, row):
        if row["expires"]:
            return datetime.date.fromisoformat(row["expires"])
        issued = datetime.date.fromisoformat(row["issued"])
        return issued.replace(year=issued.year + self._scheme(row)["years"])

    def _scheme(self, row):
        """The edition of its scheme that a row was issued under."""
        return self._in_force(self.schemes[row["scheme"]]["editions"], datetime.date.fromisoformat(row["issued"]))

    @cached_property
    def _newest(self):
        newest = {}
        for each in self.certificates:
            if each.number not in newest or newest[each.number].revision < each.revision:
                newest[each.number] = each
        return newest

    def status(self, certificate):
        """The word for it in the verdict, today."""
        if self._newest[certificate.number] is not certificate:
            return "superseded"
        if certificate.row["status"] in ("", "valid"):
            return "valid" if certificate.expires >= TODAY else "expired"
        return certificate.row["status"]

    def successor(self, certificate):
        return self._newest[tidy(certificate.row["superseded_by"]) or certificate.number]

    def certificate(self, kind):
        """The first of a kind; those with a status of their own are still within their term."""
        def fits(each):
            status, changed = self.status(each), each.row["status_date"] != ""
            if kind == "corrected":
                return status == "superseded" and not each.row["status"]
            if kind == "issued again":
                return status == "valid" and each.revision > 1
            if kind == "reinstated":
                return status == "valid" and changed
            if kind == "valid":  # with digits that people misread
                return status == kind and each.revision == 1 and not changed and {"0", "1"} <= set(each.code)
            if kind == "superseded":
                return status == kind and each.row["status"]
            return status == kind and (kind == "expired" or each.expires > TODAY)

        return next(each for each in self.certificates if fits(each))

    def path(self, page):
        """Where one of `PAGES` is."""
        if page == "not found":
            return "/c/00/000000000000000000000000000000/"
        if page.startswith("certificate: "):
            return self.certificate(page.removeprefix("certificate: ")).path
        name, language = page.removesuffix(")").split(" (")
        start = "/" if language == "en" else "/id/"
        if name == "home":
            return start
        if name == "scheme":
            return f"{start}schemes/{next(iter(self.schemes.values()))['slug']}/"
        lists = {"province": "directory/jawa-tengah", "place": "directory/jawa-tengah/kota-pekalongan",
                 "batch": "batches/2024-pk-09", "year": "batches/years/2024"}
        if name in lists:
            return f"{start}{lists[name]}/"
        if name == "announcement":
            # The newest one that stands in both languages, under the slug of this one.
            newest = max(path.name for path in (self.root / "content/news").glob("*.en.md")).replace(".en.", f".{language}.")
            front = yaml.safe_load((self.root / "content/news" / newest).read_text(encoding="utf-8").split("---\n")[1])
            return f"{start}news/{front.get('slug') or newest.split('.')[0][len('2000-00-00-'):]}/"
        return f"{start}{name}/"

    # What the pages have to say

    def date(self, day, language):
        return f"{day.day} {self.strings[language]['months'][day.month - 1]} {day.year}"

    def verdict(self, certificate, language, part, status=None):
        """`title` or `sentence` of the verdict, with its dates."""
        status = status or self.status(certificate)
        changed = certificate.row["status_date"]
        if status == "superseded" and not certificate.row["status"]:
            following = [each for each in self.certificates
                         if each.number == certificate.number and each.revision > certificate.revision]
            changed = min(following, key=lambda each: each.revision).row["issued"]
        text = self.strings[language]["verdict"][status][part]
        for name, day in (("issued", certificate.issued), ("expires", certificate.expires)):
            text = text.replace(f"{{{name}}}", self.date(day, language))
        return text if not changed else text.replace(
            "{date}", self.date(datetime.date.fromisoformat(changed), language))

    def by(self, certificate, language):
        """Who certified, as the verdict says it."""
        return self.strings[language]["certificate"]["by"].replace("{issuer}", self.issuer(certificate))

    def issuer(self, certificate):
        return self._in_force(self.settings["issuer"], certificate.issued)["name"]

    def scheme_title(self, certificate, language):
        return self._scheme(certificate.row)["title"][language]

    def heading(self, certificate, status=None):
        """The verdict's heading, in both languages."""
        return " ".join(self.verdict(certificate, language, "title", status) for language in LANGUAGES)

    @staticmethod
    def _in_force(editions, day):
        return max((each for each in editions if each["from"] <= day), key=lambda each: each["from"])

    def lines(self, certificate):
        """What is printed, line by line: label and value, both languages of each."""
        en, id = (self.strings[language]["certificate"] for language in LANGUAGES)
        row, scheme = certificate.row, self._scheme(certificate.row)
        issuer = self._in_force(self.settings["issuer"], certificate.issued)
        days = {language: (self.date(certificate.issued, language), self.date(certificate.expires, language))
                for language in LANGUAGES}
        whole = certificate.issued.replace(year=certificate.issued.year + scheme["years"]) == certificate.expires
        again = f" {en['revision']} {certificate.revision} {id['revision']} {certificate.revision}"
        values = {
            "number": certificate.number + (again if certificate.revision > 1 else ""),
            "holder": certificate.holder,
            "registration": tidy(row["registration"]),
            "area": f"{en['area_value']} {id['area_value']}",
            "qualification": f"{scheme['title']['en']} ({row['scheme']}) {scheme['title']['id']}",
            "valid_for": (f"{scheme['years']} {en['years']} " if whole else "")
            + f"{en['issued']} {days['en'][0]} {en['expires']} {days['en'][1]} "
            + (f"{scheme['years']} {id['years']}: " if whole else "") + f"{days['id'][0]} – {days['id'][1]}",
            "issuer": f"{issuer['name']} {en['licence']} {id['licence']} {issuer['licence']}",
            "units": " ".join(f"{unit['code']} {unit['title']['en']} {unit['title']['id']}" for unit in scheme["units"]),
        }
        return [(f"{en[name]} {id[name]}", value) for name, value in values.items() if value]

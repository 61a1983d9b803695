"""What all black-box tests share: a project on disk, the program run on it, and readers of its output.

Nothing here knows how the program is made. What it should produce is worked out from the design alone.
"""

import base64
import copy
import csv
import datetime
import functools
import hashlib
import hmac
import html.parser
import io
import json
import os
import re
import shutil
import subprocess
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import rfc8785
import yaml

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("CANTING") or str(REPOSITORY / "bin" / "canting")

# The day on which the specimen data is complete; no test depends on the day it runs.
NOW = "2026-11-23"

COLUMNS = (
    "number revision registration holder scheme issued expires status status_date status_reason"
    " superseded_by regency province batch assessor listed"
).split()


# MARK: Running the program


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


def run_program(*arguments, cwd=None, env=None, **options):
    environment = {**os.environ, **(env or {})}
    done = subprocess.run(
        [PROGRAM, *map(str, arguments)], cwd=cwd, env=environment, capture_output=True,
        stdin=subprocess.DEVNULL, timeout=120, **options)
    return Outcome(done.returncode, done.stdout, done.stderr)


class Project:
    """A copy of the project that a test may change."""

    def __init__(self, root):
        self.root = Path(root)

    @classmethod
    def copy(cls, source, target, with_history=False):
        """Copies what people wrote; what was published before is left behind unless asked for."""
        target = Path(target)
        target.mkdir(parents=True, exist_ok=True)
        for folder in ("content", "templates", "seeds"):
            shutil.copytree(Path(source) / folder, target / folder)
        copied = cls(target)
        if not with_history:
            copied.start_over()
        return copied

    def start_over(self):
        """Forgets everything that was built, as if nothing had ever been published."""
        shutil.rmtree(self.public, ignore_errors=True)
        shutil.rmtree(self.root / "seeds/ledger", ignore_errors=True)

    def take_out(self, *rows):
        """Takes certificates out of the registry; where a ledger remembers them, as erased ones."""
        numbers = {row["number"] for row in rows}
        remembered = (self.root / "seeds/ledger").exists()
        kept = [row for row in self.rows() if row["number"] not in numbers]
        erased = [{"number": row["number"], "status": "erased", "status_date": NOW}
                  for row in self.rows() if row["number"] in numbers]
        self.write_rows(kept + (erased if remembered else []))

    @property
    def public(self):
        return self.root / "public"

    @property
    def registry(self):
        return self.root / "seeds" / "registry.csv"

    def run(self, command, *arguments, now=NOW, **options):
        return run_program(command, *arguments, "--root", self.root, "--now", now, **options)

    def build(self, *arguments, pictures=False, env=None, **options):
        """Builds; pictures for sharing take time, so the program that makes them is out of the way
        unless a test asks for them."""
        hidden = {} if pictures else {"PATH": WITHOUT_PICTURES["PATH"]}
        return self.run("build", *arguments, env={**hidden, **(env or {})}, **options)

    def built(self, *arguments, **options):
        """Builds, and insists that it worked."""
        outcome = self.build(*arguments, **options)
        assert outcome.code == 0, outcome.text
        return outcome

    def findings(self, *arguments, command="build", **options):
        """The findings of a run that must fail because of the input."""
        outcome = self.run(command, "--format", "json", *arguments, **options)
        assert outcome.code == 1, (outcome.code, outcome.text)
        return outcome.findings

    def edit(self, path, old, new):
        """Replaces text in a file that must hold it."""
        file = self.root / path
        text = file.read_text(encoding="utf-8")
        assert old in text, f"{path} does not contain {old!r}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    @property
    def site(self):
        return read_yaml(self.root / "content/site.yml")

    def set_site(self, **changes):
        """Rewrites site.yml with some keys changed."""
        site = {**self.site, **changes}
        (self.root / "content/site.yml").write_text(
            yaml.safe_dump(site, allow_unicode=True, sort_keys=False), encoding="utf-8")

    @property
    def schemes(self):
        return read_yaml(self.root / "seeds/schemes.yml")

    def strings(self, language):
        return read_yaml(self.root / "templates" / "strings" / f"{language}.yml")

    def rows(self):
        with open(self.registry, encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def write_rows(self, rows, columns=COLUMNS):
        self.registry.write_text(sheet(rows, columns), encoding="utf-8", newline="")

    def write_news(self, name, body, title="A title", date="2026-01-02", more=""):
        (self.root / "content/news" / name).write_text(
            f"---\ntitle: {title}\ndate: {date}\n{more}---\n\n{body}\n", encoding="utf-8")

    def folder_of(self, fingerprint):
        return self.public / "c" / fingerprint[:2] / fingerprint[2:32]


class Plain(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Reads every scalar as the text that stands there, but for true and false."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:bool"
                and first in "tTfF"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


@functools.lru_cache(maxsize=64)
def parsed(text):
    return yaml.load(text, Loader=Plain)


def read_yaml(file):
    """What a YAML file says; the caller may change it."""
    return copy.deepcopy(parsed(Path(file).read_text(encoding="utf-8")))


# MARK: Registries


def sheet(rows, columns=COLUMNS, delimiter=",", end="\n"):
    """Rows as delimited text; lists are taken as they are."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(row if isinstance(row, list) else [row.get(name, "") for name in columns])
    return text.getvalue()


def person(serial, **changes):
    """A row that nothing is wrong with."""
    row = {
        "number": f"13134 7318 2 {serial:07} 2024",
        "registration": f"BTK.0000.{serial:05}.2024",
        "holder": f"Siti Contoh {chr(65 + serial % 26)}",
        "scheme": "PBT",
        "issued": "2024-10-15",
    }
    return {**row, **changes}


def column_of(row, name, columns=COLUMNS):
    """Where a value begins in the line of an unquoted row, counted from 1."""
    before = [row.get(column, "") for column in columns[: columns.index(name)]]
    return sum(len(value) + 1 for value in before) + 1


# MARK: What the design says


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


# MARK: Reading the output


def tree(folder):
    """Every file below a folder with its bytes."""
    folder = Path(folder)
    return {str(file.relative_to(folder)): file.read_bytes()
            for file in sorted(folder.rglob("*")) if file.is_file()}


def differences(left, right):
    """Paths that are in one tree alone or differ; short enough to read in a failure."""
    paths = sorted(path for path in {*left, *right} if left.get(path) != right.get(path))
    return paths[:20] + ([f"and {len(paths) - 20} more"] if len(paths) > 20 else [])


def stamps(folder):
    """What would change if anything below a folder were written, replaced or removed."""
    folder = Path(folder)
    found = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        status = path.lstat()
        found[str(path.relative_to(folder))] = (
            status.st_ino, status.st_mtime_ns, status.st_size, status.st_mode)
    return found


def states_the_day(path):
    """Whether a file says what holds on the day of the build, and so names the day."""
    return re.match(
        r"(id/)?(statistics|directory|batches|schemes)/|sitemap-(lists|certificates)-\d+\.xml$|(id/)?index\.html$", path) is not None


def site_files(folder):
    """The files of the site without what the program keeps for itself."""
    return {path: content for path, content in tree(folder).items()
            if not path.startswith(".canting/")}


@dataclass
class Element:
    tag: str
    attributes: dict


class Page(html.parser.HTMLParser):
    """The elements of a page in their order, its visible text, and its scripts' contents."""

    silent = {"script", "style", "template", "title"}

    def __init__(self, content):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.scripts = []
        self.title = ""
        self._text = []
        self._open = []
        self.feed(content.decode("utf-8") if isinstance(content, bytes) else content)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append(Element(tag, dict(attributes)))
        if tag in self.silent:
            self._open.append(tag)
        if tag == "script":
            self.scripts.append((dict(attributes), []))
        self._text.append(" ")

    def handle_endtag(self, tag):
        if tag in self._open:
            self._open.remove(tag)
        self._text.append(" ")

    def handle_data(self, data):
        if "script" in self._open:
            self.scripts[-1][1].append(data)
        elif "title" in self._open and "template" not in self._open:
            self.title += data
        elif not self._open:
            self._text.append(data)

    @property
    def text(self):
        return " ".join("".join(self._text).split())

    @property
    def ids(self):
        return [element.attributes["id"] for element in self.elements if "id" in element.attributes]

    def all(self, tag):
        return [element.attributes for element in self.elements if element.tag == tag]

    def meta(self, name):
        return [attributes.get("content") for attributes in self.all("meta")
                if name in (attributes.get("name"), attributes.get("property"))]

    def links(self, relation):
        return [attributes for attributes in self.all("link")
                if relation in (attributes.get("rel") or "").split()]

    @property
    def main(self):
        """The element that states what is true of the certificate."""
        stating = [element.attributes for element in self.elements
                   if "data-status" in element.attributes]
        assert len(stating) == 1
        return stating[0]


def pages_of(files):
    """The parsed HTML pages of a tree, by path."""
    return {path: Page(content) for path, content in files.items() if path.endswith(".html")}


def is_certificate(path):
    return re.fullmatch(r"c/[0-9a-f]{2}/[0-9a-f]{30}/index\.html", path) is not None


def address_of(path):
    """The address under which a static host serves a file."""
    return "/" + (path[: -len("index.html")] if path.endswith("index.html") else path)


def said(strings, key, **parameters):
    """A string of the templates with its parameters filled in."""
    value = strings
    for part in key.split("."):
        value = value[part]
    for name, text in parameters.items():
        value = value.replace("{" + name + "}", text)
    return value


def in_words(strings, day):
    date = datetime.date.fromisoformat(day)
    return f"{date.day} {strings['months'][date.month - 1]} {date.year}"

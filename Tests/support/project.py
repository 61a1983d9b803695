"""A project on disk that a test may change.

Nothing in this package knows how the program is made. What it should produce is worked out from the written formats.
"""

import copy
import csv
import functools
import re
import shutil
from pathlib import Path

import yaml

from support.program import NOW, REPOSITORY, WITHOUT_PICTURES, run_program
from support.registry import COLUMNS, registered, sheet


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

    def make_real(self):
        """Takes out what is of the specimen, so that the project is that of an institution."""
        words = [(r"(?im)^specimen: true.*$", "specimen: false"), (r", specimen: true", ""),
                 (r"(?i)(?<!^)\b(specimens?|spesimen)\b(?!: )", "sample"), (r"\.example\b", ".or.id"),
                 (r"BNSP-LSP-0000", "BNSP-LSP-1234"), (r"BTK\.0000\.", "BTK.1234."),
                 (r"LSP Batik Nusantara", "LSP Uji"), (r"C\.13BTK01\.9", "C.13BTK01.8"), (r"274 000 0000", "274 111 1111")]
        files = [self.root / "content/site.yml", self.root / "seeds/schemes.yml", self.registry,
                 *(self.root / "content").rglob("*.md")]
        for file in files:
            text = file.read_text(encoding="utf-8")
            for pattern, word in words:
                text = re.sub(pattern, word, text)
            file.write_text(text, encoding="utf-8", newline="")
        shutil.rmtree(self.root / "seeds/keys")
        assert run_program("keys", "new", "--root", self.root).code == 0

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


def without_ledger(source, target):
    """A copy of a project whose log has not begun."""
    copy = Project.copy(source, target)
    shutil.rmtree(copy.root / "seeds/ledger", ignore_errors=True)
    return copy


def bare_project(target):
    """A project with a log that has not begun, and texts of a word each, which is built in no time."""
    project = without_ledger(REPOSITORY, target)
    shutil.rmtree(project.root / "content/news")
    for page in (project.root / "content/pages").iterdir():
        settings, _, _ = page.read_text(encoding="utf-8").partition("\n---\n")
        page.write_text(f"{settings}\n---\n\nWords.\n", encoding="utf-8")
    for words in (project.root / "templates/strings").iterdir():
        if words.stem not in ("en", "id", "ar"):
            words.unlink()
    schemes = project.root / "seeds/schemes.yml"
    schemes.write_text(re.sub(r', de: "[^}]*', "", schemes.read_text(encoding="utf-8")), encoding="utf-8")
    return project


def small_project(target):
    """A small project in which something of every kind is published."""
    project = bare_project(target)
    # Two batches are a kind of page as well as sixty.
    batches = project.root / "seeds/batches.csv"
    batches.write_text("".join(batches.read_text(encoding="utf-8").splitlines(True)[:3]), encoding="utf-8")
    for page in (project.root / "content/pages").glob("statistics.*"):
        page.unlink()
    (project.root / "content/news").mkdir()
    project.write_news("2026-01-02-gone.en.md", "Text.")
    project.write_news("2026-01-02-stays.en.md", "Text.")
    project.write_rows([{name: "" for name in COLUMNS} | row for row in registered(5)])
    return project


def with_everything(source, target):
    """A copy of a project with what was built."""
    shutil.copytree(source.root, target, symlinks=True)
    return Project(target)


def ledger_of(project):
    return project.root / "seeds/ledger"

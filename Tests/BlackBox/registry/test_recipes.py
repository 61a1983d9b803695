"""docs/when-something-happens.md: every recipe run from its words, on a site that lies on a host already."""

import csv
import functools
import http.server
import io
import os
import re
import shutil
import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.program import PROGRAM, REPOSITORY, run_program
from support.stores import WITHOUT_CONFIGURATION

DOCUMENT = (REPOSITORY / "docs/when-something-happens.md").read_text(encoding="utf-8")
INTRODUCTION, *SECTIONS = re.split(r"^## ", DOCUMENT, flags=re.MULTILINE)
RECIPES = {text.split("\n", 1)[0]: text for text in SECTIONS}
BLOCK = re.compile(r"(?:^In `([^`]+)`:\n\n)?^```(sh|diff)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SCHEMES = """\
- code: PT
  slug: pt
  editions:
    - from: 2020-01-01
      title: {en: "Hand-Drawn Batik Maker", id: "Pembatik Tulis"}
      level: 3
      years: 3
      standard: SKKNI 104/2018
      summary: {en: "Draws batik by hand.", id: "Menggambar batik dengan tangan."}
      units:
        - {code: C.13BTK01.002.2, title: {en: "Drawing Batik Motifs", id: "Menggambar Motif Batik"}}
"""
DEWI, SARI, WAHYU, RATNA = (f"13134 7318 2 000000{serial} 2025" for serial in (1, 2, 3, 4))


@dataclass
class Office:
    """A project, its backup, and the host where its site lies."""

    folder: Path

    @property
    def root(self):
        return self.folder / "site"

    @property
    def host(self):
        return self.folder / "host"

    @property
    def registry(self):
        return self.root / "seeds/registry.csv"

    def __call__(self, *arguments):
        return run_program(*arguments, cwd=self.root, env=WITHOUT_CONFIGURATION)

    def done(self, *arguments):
        outcome = self(*arguments)
        assert outcome.code == 0, outcome.text
        return outcome.text

    def back_up(self):
        backup = self.folder / "backup"
        shutil.rmtree(backup, ignore_errors=True)
        backup.mkdir()
        for name in ("keys", "ledger"):
            shutil.copytree(self.root / "seeds" / name, backup / name)
        shutil.copy(self.registry, backup)

    def shell(self, commands):
        """Runs a block as a person would who types it line by line and stops at an error."""
        tools = self.folder / "tools"
        tools.mkdir(exist_ok=True)
        if not (tools / "canting").exists():
            (tools / "canting").symlink_to(Path(PROGRAM).resolve())
        done = subprocess.run(
            ["bash", "-eu", "-c", commands], cwd=self.root, capture_output=True, text=True, timeout=120,
            env={**os.environ, **WITHOUT_CONFIGURATION, "PATH": f"{tools}:{os.environ['PATH']}",
                 "BACKUP": str(self.folder / "backup"), "HOST": str(self.host), "SITE": str(self.host), "NEW_HOST": str(self.folder / "new-host")})
        assert done.returncode == 0, f"{commands}\n{done.stdout}{done.stderr}"
        return done.stdout

    def edit(self, name, change):
        lines = change.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        text = (self.root / name).read_text(encoding="utf-8")
        assert not old or text.count(old) == 1, f"{name} does not have once: {old}"
        (self.root / name).write_text(text.replace(old, new) if old else text + new, encoding="utf-8")

    def follow(self, heading):
        """Does what a recipe says, in its order, and gives what it printed."""
        printed = []
        for name, kind, block in BLOCK.findall(RECIPES[heading]):
            if kind == "sh":
                printed.append(self.shell(block))
            else:
                assert name, f"a change without a file in “{heading}”"
                self.edit(name, block)
        return "".join(printed)

    def page(self, number, revision=1, folder=None):
        """The text of a certificate's page on the host."""
        return ((folder or self.host) / self.addresses[number, revision] / "index.html").read_text(encoding="utf-8")

    def learn_addresses(self):
        """Where pages lie, from the list for printing; those of before stay known."""
        self.addresses = getattr(self, "addresses", {})
        for row in csv.DictReader(io.StringIO(self.done("export", "--csv").lstrip("\ufeff"))):
            self.addresses[row["number"], int(row["revision"] or 1)] = row["address"].split("/", 3)[3].split("#")[0].strip("/")


def verdict(page):
    return re.search(r'data-status="([a-z]+)"', page)[1]


@pytest.fixture(scope="module")
def uploaded(tmp_path_factory):
    office = Office(tmp_path_factory.mktemp("uploaded"))
    made = run_program(
        "init", "site", "--domain", "sertifikat.lsp-contoh.or.id", "--name", "LSP Batik Contoh", "--licence",
        "BNSP-LSP-4321-ID", "--address", "Jalan Contoh 1, Yogyakarta", "--email", "sertifikat@lsp-contoh.or.id", cwd=office.folder)
    assert made.code == 0, made.text
    (office.root / "seeds/schemes.yml").write_text(SCHEMES, encoding="utf-8")
    office.registry.write_text(re.search(r"```csv\n(.*?)```", INTRODUCTION, re.DOTALL)[1], encoding="utf-8")
    office.done("build", "--new-log")
    office.done("deploy", office.host)
    office.back_up()
    return office


@pytest.fixture
def office(uploaded, tmp_path):
    office = Office(shutil.copytree(uploaded.folder, tmp_path / "office", symlinks=True))
    office.learn_addresses()
    return office


def test_a_name_is_wrong(office):
    printed = office.follow("A name is wrong")
    office.learn_addresses()
    old, new = office.page(DEWI), office.page(DEWI, 2)
    assert verdict(old) == "superseded" and office.addresses[DEWI, 2] in old
    assert verdict(new) == "valid" and "Dewi Contoh Lestari" in new and "10 March 2028" in new
    assert "1 issued, 1 superseded" in printed
    codes = (office.root / "codes.csv").read_text(encoding="utf-8")
    assert "Dewi Contoh Lestari" in codes and "Sari" not in codes


@pytest.fixture
def mistyped(office):
    with office.registry.open("a", encoding="utf-8") as file:
        file.write(f"{RATNA},,Ratna Cotnoh,PT,2025-04-02,,,,\n")
    office.done("build")
    return office


def test_a_wrong_row_was_sealed_and_not_uploaded_yet(mistyped):
    mistyped.follow("A wrong row was sealed, and not uploaded yet")
    mistyped.learn_addresses()
    assert "Ratna Contoh" in mistyped.page(RATNA)
    assert not [file for file in mistyped.host.rglob("*") if file.is_file() and b"Cotnoh" in file.read_bytes()]


def test_a_wrong_row_that_was_uploaded_after_all_is_not_taken_back(mistyped):
    mistyped.done("deploy", mistyped.host)
    before = (mistyped.host / "log/checkpoint").read_bytes()
    with pytest.raises(AssertionError, match="The log at the target is the beginning"):
        mistyped.follow("A wrong row was sealed, and not uploaded yet")
    assert (mistyped.host / "log/checkpoint").read_bytes() == before


def test_a_wrong_row_was_uploaded(office):
    office.follow("A wrong row was uploaded")
    office.learn_addresses()
    right = "13134 7318 2 0000033 2025"
    assert verdict(office.page(WAHYU)) == "superseded" and office.addresses[right, 1] in office.page(WAHYU)
    assert verdict(office.page(right)) == "valid"


def test_a_certificate_is_revoked(office):
    printed = office.follow("A certificate is revoked")
    assert f"revoked on 2025-04-02: {SARI}  Sari Contoh" in printed
    assert verdict(office.page(SARI)) == "revoked"


def test_somebody_asks_to_be_forgotten(office):
    assert "Sari Contoh" in office.page(SARI)
    office.follow("Somebody asks to be forgotten")
    assert "erased" in office.page(SARI)
    for folder in (office.host, office.root / "public"):
        assert not [file for file in folder.rglob("*") if file.is_file() and b"Sari Contoh" in file.read_bytes()]


@pytest.fixture
def new_machine(office):
    """What git has of the project, and nothing else."""
    for name in ("seeds/keys", "seeds/ledger", "public", ".canting", ".canting-cache"):
        shutil.rmtree(office.root / name, ignore_errors=True)
    office.registry.unlink()
    (office.root / "seeds/keys").mkdir(mode=0o700)
    shutil.copy(office.folder / "backup/keys/history.yml", office.root / "seeds/keys")
    return office


def test_the_laptop_is_lost(new_machine):
    checkpoint = (new_machine.host / "log/checkpoint").read_bytes()
    assert "nothing new" in new_machine.follow("The laptop is lost")
    assert (new_machine.host / "log/checkpoint").read_bytes() == checkpoint


def test_an_older_backup_does_not_go_over_a_newer_site(office, request):
    with office.registry.open("a", encoding="utf-8") as file:
        file.write(f"{RATNA},,Ratna Contoh,PT,2025-04-02,,,,\n")
    office.done("build")
    office.done("deploy", office.host)
    checkpoint = (office.host / "log/checkpoint").read_bytes()
    request.getfixturevalue("new_machine")
    with pytest.raises(AssertionError, match="The published log grew from the ledger, and this one has fewer entries"):
        office.follow("The laptop is lost")
    # Without the site, the build cannot know, and the upload refuses.
    office.done("build")
    assert "The log at the target is the beginning of this one" in office("deploy", office.host).text
    assert (office.host / "log/checkpoint").read_bytes() == checkpoint


def test_the_site_is_asked_on_the_web_as_well(office):
    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=office.host))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    for command in ("check", "build"):
        office.done(command, "--site", address)
    stored = office.root / "seeds/ledger/checkpoint"
    sealed = stored.read_bytes()
    with office.registry.open("a", encoding="utf-8") as file:
        file.write(f"{RATNA},,Ratna Contoh,PT,2025-04-02,,,,\n")
    shutil.rmtree(office.root / "seeds/ledger")
    lost = office("build", "--new-log", "--site", address, "--format", "json")
    assert lost.code == 1 and "ledger-missing" in lost.ids
    shutil.copytree(office.folder / "backup/ledger", office.root / "seeds/ledger")
    server.shutdown()
    server.server_close()
    silent = office("build", "--site", address)
    assert silent.code == 70 and address in silent.text
    assert stored.read_bytes() == sealed


def test_a_site_without_a_log_is_said(office):
    for name in ("nowhere", "site/content"):
        outcome = office("build", "--site", office.folder / name, "--format", "json")
        assert outcome.code == 1 and outcome.ids == ["site-without-log"], outcome.text


@pytest.mark.parametrize("is_lost", [True, False])
def test_the_signing_key_is_lost_or_stolen(office, is_lost):
    if is_lost:
        (office.root / "seeds/keys/signing.pem").unlink()
        assert "canting keys rotate" in office("check").text
    history = (office.root / "seeds/keys/history.yml").read_text(encoding="utf-8")
    checkpoint = (office.host / "log/checkpoint").read_bytes()
    office.follow("The signing key is lost or stolen")
    assert (office.root / "seeds/keys/history.yml").read_text(encoding="utf-8").count("key:") == history.count("key:") + 1
    assert len(list((office.root / "seeds/keys").glob("retired-*.pem"))) == (0 if is_lost else 1)
    assert (office.host / "log/checkpoint").read_bytes() == checkpoint
    office.done("audit", "--site", office.host)


def test_the_licence_was_renewed_late(office):
    office.edit("content/site.yml", '   - {from: 2000-01-01, name: "LSP Batik Contoh", licence: "BNSP-LSP-4321-ID"}\n'
                '+  - {from: 2025-03-01, name: "LSP Batik Contoh", licence: "BNSP-LSP-5678-ID"}\n')
    assert "begins on 2025-03-11 at the earliest" in office("check").text
    office.edit("content/site.yml", '-  - {from: 2025-03-01, name: "LSP Batik Contoh", licence: "BNSP-LSP-5678-ID"}\n')
    office.follow("The licence was renewed late")
    with office.registry.open("a", encoding="utf-8") as file:
        file.write(f"{RATNA},,Ratna Contoh,PT,2025-04-02,,,,\n")
    office.done("build")
    office.learn_addresses()
    public = office.root / "public"
    assert "BNSP-LSP-5678-ID" in office.page(RATNA, folder=public)
    assert 'data-field="licence">BNSP-LSP-4321-ID<' in office.page(DEWI, folder=public)


def test_a_scheme_has_changed(office):
    office.follow("A scheme has changed")
    with office.registry.open("a", encoding="utf-8") as file:
        file.write(f"{RATNA},,Ratna Contoh,PT,2025-04-02,,,,\n")
    office.done("build")
    office.learn_addresses()
    page = office.page(RATNA, folder=office.root / "public")
    assert "C.13BTK01.002.3" in page and "2 April 2029" in page


def test_the_domain_must_change(office):
    printed = office.follow("The domain must change")
    assert "this begins a new log for sertifikat.lsp-baru.or.id" in printed
    before = dict(office.addresses)
    office.learn_addresses()
    assert office.addresses == before
    assert verdict(office.page(DEWI, folder=office.folder / "new-host")) == "valid"
    office.done("audit", "--site", office.host)


def test_the_host_changes(office):
    assert "everything published agree" in office.follow("The host changes")


def test_every_recipe_is_run():
    functions = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    headings = {re.sub(r"\W+", "_", heading.lower()) for heading in RECIPES}
    assert headings and headings <= functions, headings - functions

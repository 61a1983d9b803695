"""What a project and a published site may be made of: ordinary files, none too large, none from elsewhere.

Everything else is refused at its place, soon, and without filling the memory.
"""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from support.expected import expect
from support.output import tree
from support.png import png
from support.program import NOW, PROGRAM, REPOSITORY, WITHOUT_PICTURES, Outcome
from support.project import Project
from support.registry import person

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30

#: The most time and memory that anything here may take.
SECONDS, MEMORY = 30, 400 * MIB


def bounded(*arguments, root=None, most=MEMORY, cwd=None):
    """Runs the program, and insists that it ends soon and stays small."""
    arguments = [PROGRAM, *map(str, arguments)]
    if root is not None:
        arguments += ["--root", str(root), "--now", NOW]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = subprocess.Popen(
            arguments, env=WITHOUT_PICTURES, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=cwd)
        end = time.monotonic() + SECONDS
        while True:
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            if time.monotonic() > end:
                process.kill()
                os.wait4(process.pid, 0)
                raise AssertionError(f"it does not end: {arguments}")
            time.sleep(0.02)
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        outcome = Outcome(process.returncode, out.read(), err.read())
    assert usage.ru_maxrss * 1024 < most, (usage.ru_maxrss, arguments)
    return outcome


# MARK: Things that are no files


def named_pipe(path):
    os.mkfifo(path)


def bound_socket(path):
    with socket.socket(socket.AF_UNIX) as each:
        # A socket's path has at most a hundred bytes or so.
        before = os.getcwd()
        os.chdir(path.parent)
        try:
            each.bind(path.name)
        finally:
            os.chdir(before)


def endless(path):
    path.symlink_to("/dev/zero")


def sparse(size):
    def make(path):
        with path.open("wb") as file:
            file.truncate(size)

    return make


def linked_pipe(path):
    os.mkfifo(path.parent / ".pipe")
    path.symlink_to(".pipe")


STRANGE = {"named pipe": named_pipe, "socket": bound_socket, "device": endless, "folder": Path.mkdir,
           "link to a pipe": linked_pipe, "many gigabytes": sparse(3 * GIB)}

#: Every kind of file that a build reads, and the most that it may have.
INPUTS = {
    "content/site.yml": 4 * MIB,
    "content/pages/about.en.md": 4 * MIB,
    "content/news/2026-01-02-a.en.md": 4 * MIB,
    "content/news/prices.csv": 4 * MIB,
    "content/news/cloth.png": 64 * MIB,
    "templates/standing/page.mustache": 4 * MIB,
    "templates/strings/en.yml": 4 * MIB,
    "templates/strings/ja.yml": 4 * MIB,
    "templates/assets/site/site.css": 64 * MIB,
    "seeds/schemes.yml": 4 * MIB,
    "seeds/batches.csv": 16 * MIB,
    "seeds/exports.csv": 16 * MIB,
    "seeds/registry.csv": GIB,
    "seeds/registry.sqlite": GIB,
    "seeds/keys/registry.secret": 64 * KIB,
    "seeds/keys/signing.pem": 64 * KIB,
    "seeds/keys/history.yml": 4 * MIB,
}


@pytest.fixture
def fed(project):
    """A project that reads a file of every kind."""
    news = project.root / "content/news"
    (news / "prices.csv").write_text("Cloth,Price\nKawung,5\n", encoding="utf-8")
    (news / "cloth.png").write_bytes(png(3, 3))
    project.write_news("2026-01-02-a.en.md", "![Cloth](cloth.png)\n\n![Prices](prices.csv)")
    return project


def put(project, path, make):
    if path.endswith(".sqlite"):
        project.set_site(registry={"file": "registry.sqlite", "table": "certificates"})
    file = project.root / path
    file.unlink(missing_ok=True)
    make(file)


def findings_at(project, path, command="check"):
    outcome = bounded(command, "--format", "json", root=project.root)
    assert outcome.code == 1, outcome.text
    assert not project.public.exists() and not (project.root / "seeds/ledger").exists()
    found = [each for each in outcome.findings if each["severity"] == "error"]
    assert [each["path"] for each in found] == [path], outcome.text
    return found[0]


@pytest.mark.parametrize("kind", STRANGE)
@pytest.mark.parametrize("path", INPUTS)
def test_what_is_no_ordinary_file_is_refused_at_its_place(fed, path, kind):
    put(fed, path, STRANGE[kind])
    if kind == "folder" and path in ("content/news/cloth.png", "templates/assets/site/site.css"):
        # Then there is no such file, which the text or template that names it is told.
        assert bounded("check", root=fed.root).code == 1
        return
    found = findings_at(fed, path)
    if kind == "many gigabytes":
        assert found["id"] == "large-file"
    elif kind == "device":
        assert found["id"] == ("not-a-file" if "/keys/" in path else "link-out-of-project")
    else:
        assert found["id"] == "not-a-file"
    assert found["hint"]


@pytest.mark.parametrize("path", ["content/site.yml", "templates/assets/site/site.css", "seeds/registry.csv"])
@pytest.mark.parametrize("command", ["build", "export --csv"])
def test_every_command_that_reads_a_project_refuses_it(fed, path, command):
    put(fed, path, named_pipe)
    outcome = bounded(*command.split(), "--format", "json", root=fed.root)
    assert outcome.code == 1, outcome.text
    assert [each["path"] for each in outcome.findings] == [path]


@pytest.mark.parametrize("path, more", [
    (path, more) for path, limit in INPUTS.items() if limit < GIB
    # What is just not too large is read whole, which takes a while.
    for more in ([0, 1] if limit <= 4 * MIB else [1])])
def test_the_limit_of_a_file_is_the_one_that_is_stated(fed, path, more):
    file = fed.root / path
    bytes_ = file.read_bytes() if file.exists() else b""
    with file.open("wb") as opened:
        opened.write(bytes_)
        opened.truncate(INPUTS[path] + more)
    outcome = bounded("check", "--format", "json", root=fed.root, most=2 * GIB)
    large = [each["path"] for each in outcome.findings if each["id"] == "large-file"]
    assert large == ([path] if more else [])


def test_what_nothing_reads_may_be_anything_in_seeds(fed):
    named_pipe(fed.root / "seeds/pipe")
    sparse(3 * GIB)(fed.root / "seeds/backup.tar")
    (fed.root / "seeds/elsewhere").symlink_to("/dev")
    (fed.root / "content/news/.#2026-01-02-a.en.md").symlink_to("editor@host.1:2")
    assert bounded("build", root=fed.root).code == 0


@pytest.mark.parametrize("kind", ["named pipe", "device", "many gigabytes"])
def test_a_list_of_candidates_is_an_ordinary_file(project, tmp_path, kind):
    STRANGE[kind](tmp_path / "list.csv")
    outcome = bounded("batch", "check", tmp_path / "list.csv", root=project.root)
    assert outcome.code == 70
    assert b"cannot read" in outcome.err and b"list.csv: it " in outcome.err


# MARK: Links


def elsewhere(project, tmp_path, path):
    """A copy of a file or folder outside of the project, and a link in its place."""
    place = project.root / path
    copy = tmp_path / "elsewhere" / place.name
    copy.parent.mkdir(exist_ok=True)
    (shutil.copytree if place.is_dir() else shutil.copy2)(place, copy)
    (shutil.rmtree if place.is_dir() else os.unlink)(place)
    place.symlink_to(copy)


@pytest.mark.parametrize("path", [
    "content", "content/site.yml", "content/pages", "content/pages/about.en.md", "content/news",
    "content/news/cloth.png", "content/news/prices.csv", "templates", "templates/standing/page.mustache",
    "templates/strings", "templates/strings/ja.yml", "templates/assets", "templates/assets/site/site.css",
    "seeds/schemes.yml", "seeds/batches.csv", "seeds/exports.csv", "seeds/registry.csv"])
def test_a_link_that_leads_out_of_the_project_is_refused(fed, tmp_path, path):
    elsewhere(fed, tmp_path, path)
    assert findings_at(fed, path)["id"] == "link-out-of-project"
    assert findings_at(fed, path, command="build")["id"] == "link-out-of-project"


@pytest.mark.parametrize("target", [
    "seeds/keys/signing.pem", "seeds/keys", "seeds", ".", "seeds/registry.csv", ".git/config",
    "nowhere", "{itself}"])
@pytest.mark.parametrize("link", ["templates/assets/x.pem", "content/news/x.svg"])
def test_nothing_private_is_published_through_a_link(fed, link, target):
    (fed.root / ".git").mkdir()
    (fed.root / ".git/config").write_text("secret", encoding="utf-8")
    (fed.root / link).symlink_to(fed.root / target.format(itself=link))
    assert findings_at(fed, link, command="build")["id"] == "link-out-of-project"


def test_links_within_a_project_are_followed_and_may_run_in_circles(fed):
    fed.built()
    plain = tree(fed.public)
    fed.start_over()
    for path, target in {
            "content/pages/about.en.md": "content/about.md",
            "content/news/cloth.png": "content/pictures/cloth.png",
            "templates/assets/site/site.css": "looks/site.css",
            "seeds/registry.csv": "data/registry.csv"}.items():
        (fed.root / target).parent.mkdir(exist_ok=True)
        (fed.root / path).rename(fed.root / target)
        (fed.root / path).symlink_to(fed.root / target)
    for number in range(4):
        (fed.root / f"content/news/again{number}").symlink_to(".")
        (fed.root / f"content/pages/up{number}").symlink_to("..")
    outcome = bounded("build", root=fed.root)
    assert outcome.code == 0, outcome.text
    assert tree(fed.public) == plain


def test_keys_and_ledger_may_lie_on_another_disk(fed, tmp_path):
    elsewhere(fed, tmp_path, "seeds/keys")
    ledger = tmp_path / "ledger"
    ledger.mkdir()
    (fed.root / "seeds/ledger").symlink_to(ledger)
    assert bounded("build", root=fed.root).code == 0
    assert (ledger / "checkpoint").exists()
    fed.write_rows([*fed.rows(), person(4)])
    assert bounded("build", root=fed.root).code == 0


@pytest.mark.parametrize("file", [
    "../../outside.csv", "/etc/passwd", "../..", "..", "x/../../../outside.csv", "/", "//outside.csv",
    "../../{name}/../outside.csv"])
def test_the_registry_is_named_within_the_project(fed, tmp_path, file):
    shutil.copy2(fed.registry, fed.root.parent / "outside.csv")
    fed.set_site(registry={"file": file.format(name=fed.root.name)})
    found = findings_at(fed, "seeds/.." if file == ".." else "content/site.yml")
    if file != "..":
        text = (fed.root / "content/site.yml").read_text(encoding="utf-8").splitlines()
        assert found["id"] == "registry-outside-project"
        assert text[found["line"] - 1].strip().startswith("file:")


# MARK: YAML


def laughs(start, depth=30):
    rows = [f"{start}a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    rows += [f"{start}a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, depth)]
    return "\n".join(rows)


YAML = {
    "values that multiply": (laughs("  "), "yaml-alias"),
    "a key that multiplies": (laughs("  ") + "\n  ? *a29\n  : 1", "yaml-alias"),
    "an anchor alone": ("  a: &a 1", "yaml-alias"),
    "an alias to nothing": ("  a: *a", "yaml-alias"),
    "a merge": ("  a: &a {x: 1}\n  b: {<<: *a}", "yaml-alias"),
    "an anchor of a mapping below": ("  a: &a\n    x: 1", "yaml-alias"),
    "lists in lists": ("  a: " + "[" * 100_000 + "]" * 100_000, "yaml-syntax"),
    "lists that do not end": ("  a: " + "[" * 1_000_000, "yaml-syntax"),
    "mappings in mappings": ("  a: " + "{a: " * 100_000 + "}" * 100_000, "yaml-syntax"),
    "dashes": ("  a:\n    " + "- " * 100_000 + "1", "yaml-syntax"),
    "marks of keys": ("  a:\n    " + "? " * 100_000 + "1", "yaml-syntax"),
    "indentation": ("  a:\n" + "\n".join(" " * n + "a:" for n in range(3, 1500)), "yaml-syntax"),
    # Nearest to these, and good.
    "stars in texts": ("  a: 'x &a *b'\n  b: x & y * z\n  c: \"*\"\n  d: |\n    *bold* &amp;", None),
    "lists in lists, some": ("  a: " + "[" * 200 + "]" * 200, None),
}


@pytest.mark.parametrize("what", YAML)
def test_yaml_that_grows_when_it_is_read_is_refused(project, what):
    text, expected = YAML[what]
    project.write_news("2026-01-02-a.en.md", "Text.", more=f"extra:\n{text}\n")
    outcome = bounded("check", "--format", "json", root=project.root)
    found = [(each["id"], each["path"]) for each in outcome.findings if each["severity"] == "error"]
    assert found == ([(expected, "content/news/2026-01-02-a.en.md")] if expected else [])


@pytest.mark.parametrize("path", [
    "content/site.yml", "templates/strings/en.yml", "templates/strings/ja.yml", "seeds/schemes.yml",
    "seeds/keys/history.yml"])
def test_every_yaml_file_is_read_alike(project, path):
    (project.root / path).write_text(laughs(""), encoding="utf-8")
    outcome = bounded("check", "--format", "json", root=project.root)
    found = [each for each in outcome.findings if each["path"] == path]
    assert [(each["id"], each["line"], each["column"]) for each in found] == [("yaml-alias", 1, 5)]


# MARK: A published site, and saved files


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A built site of three certificates, which every test leaves as it was."""
    project = Project.copy(REPOSITORY, tmp_path_factory.mktemp("published") / "project")
    project.write_rows([person(1), person(2), person(3)])
    project.built()
    return project


AFAR = {"named pipe": named_pipe, "device": endless, "many gigabytes": sparse(3 * GIB),
        "folder": Path.mkdir, "socket": bound_socket}

#: Files of a site, and which commands miss them.
OF_A_SITE = {
    "log/checkpoint": ["audit", "verify", "monitor"],
    "log/tile/entries/000.p/3": ["audit"],
    "log/tile/0/000.p/3": ["audit", "verify"],
    ".well-known/did.json": ["audit", "verify", "monitor"],
    "keys.json": ["audit", "monitor"],
    "status/revocation/0": ["audit", "verify", "monitor"],
    "RECORD": ["audit", "verify"],
    "CREDENTIAL": ["audit", "verify"],
    "PAGE": ["audit"],
}


def commands(published, tmp_path):
    code = expect(published, published.rows()[0]).code
    return {"audit": ["audit", "--site", published.public],
            "verify": ["verify", code, "--site", published.public],
            "monitor": ["monitor", published.public, "--since", tmp_path / "seen", "--first"]}


def test_the_whole_site_passes(published, tmp_path):
    for words in commands(published, tmp_path).values():
        outcome = bounded(*words, "--now", NOW, cwd=tmp_path)
        assert outcome.code == 0, outcome.text


@pytest.mark.parametrize("path", OF_A_SITE)
def test_who_looks_at_a_site_reads_ordinary_files_up_to_a_limit(published, tmp_path, path):
    certificate = published.folder_of(expect(published, published.rows()[0]).fingerprint)
    place = {"RECORD": certificate / "record.json", "CREDENTIAL": certificate / "credential.json",
             "PAGE": certificate / "index.html"}.get(path, published.public / path)
    place.rename(tmp_path / "kept")
    try:
        for kind, make in AFAR.items():
            make(place)
            for command in OF_A_SITE[path]:
                outcome = bounded(
                    *commands(published, tmp_path)[command], "--now", NOW, cwd=tmp_path)
                assert outcome.code == 4, (kind, command, outcome.text)
            place.rmdir() if kind == "folder" else place.unlink()
    finally:
        (tmp_path / "kept").rename(place)


@pytest.mark.parametrize("command", [
    "verify CODE --since FILE", "verify FILE", "verify CREDENTIAL --proof FILE",
    "audit --since FILE", "audit --list FILE", "monitor public --since FILE --save"])
def test_saved_files_are_ordinary_files_up_to_a_limit(published, tmp_path, command):
    certificate = expect(published, published.rows()[0])
    file = tmp_path / "saved"
    credential = published.folder_of(certificate.fingerprint) / "credential.json"
    names = {"CODE": certificate.code, "FILE": file, "CREDENTIAL": credential,
             "public": published.public}
    words = [names.get(word, word) for word in command.split()]
    for kind, make in AFAR.items():
        make(file)
        outcome = bounded(*words, "--now", NOW, cwd=published.root)
        assert outcome.code == 4, (kind, outcome.text)
        file.rmdir() if kind == "folder" else file.unlink()

"""A witness without a server: `canting monitor --cosign`, and what `canting cosign` makes of its folder."""

import base64
import functools
import hashlib
import http.server
import json
import shutil
import threading
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from support.output import differences, tree
from support.program import run_program
from support.project import bare_project, with_everything
from support.proof import ADDRESS
from support.registry import person, registered
from support.verifier import Checkpoint, Site
from support.witnesses import moments, split

ORIGIN = ADDRESS.split("://")[1] + "/log"
FILE = hashlib.sha256(ORIGIN.encode()).hexdigest() + "/checkpoint"
DAYS = [f"2026-11-{day}" for day in (23, 24, 25, 26)]


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """One log at four sizes, and another one of its key that left it at the first."""
    folder = tmp_path_factory.mktemp("static-witness")
    project = bare_project(folder / "project")
    found = {}
    for day, count in zip(DAYS, (5, 8, 8, 13)):
        project.write_rows(registered(count))
        project.built(now=day)
        found[len(found)] = with_everything(project, folder / f"site-{len(found)}")
    fork = with_everything(found[0], folder / "fork")
    fork.write_rows(registered(5) + [person(serial) for serial in range(900, 903)])
    fork.built(now=DAYS[1])
    found["fork"] = fork
    longer = with_everything(fork, folder / "longer-fork")
    longer.write_rows(registered(5) + [person(serial) for serial in range(900, 910)])
    longer.built(now=DAYS[3])
    found["longer fork"] = longer
    return found


class Watcher:
    def __init__(self, folder, sites):
        self.folder, self.sites = folder, sites
        self.state, self.output, self.key = folder / "log.checkpoint", folder / "out", folder / "witness.pem"
        made = run_program("keys", "witness", "watch.example/w1", "--output", self.key, "--format", "json")
        assert made.code == 0, made.text
        self.vkey = made.json["result"]["verifierKey"]
        self.signer = SimpleNamespace(name="watch.example/w1", id=bytes.fromhex(self.vkey.split("+")[1]),
                                      key=SimpleNamespace(public_key=self.public_key))

    def public_key(self):
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(self.vkey.split("+", 2)[2])[1:])

    def look(self, site, *arguments, day=None):
        first = [] if self.state.with_name("log.checkpoint.seen").exists() else ["--first"]
        day = day or DAYS[site if isinstance(site, int) else 3]
        return run_program("monitor", self.sites[site].public, "--since", self.state, "--cosign", self.key,
                           "--output", self.output, "--now", f"{day}T05:00:00Z", *first, *arguments)

    @property
    def note(self):
        return (self.output / FILE).read_bytes()

    def published(self):
        keys = Site(self.sites[0].public, ADDRESS).verifier_keys
        return Checkpoint.open(self.note, keys)


@pytest.fixture
def watcher(tmp_path, sites):
    return Watcher(tmp_path, sites)


def test_each_day_it_publishes_the_log_s_checkpoint_with_its_own_line(watcher, sites):
    for day, size in enumerate((5, 8, 8, 13)):
        outcome = watcher.look(day)
        assert outcome.code == 0, outcome.text
        assert watcher.published().size == size
        text, lines = split(watcher.note)
        assert [line.split(" ")[1] for line in lines] == [ORIGIN, "watch.example/w1"]
        # 05:00 UTC of the day.
        assert moments(watcher.note, watcher.signer) == [1_795_410_000 + day * 86_400]
        assert text == "\n".join((sites[day].public / "log/checkpoint").read_text().split("\n")[:3]) + "\n"
    assert set(tree(watcher.output)) == {FILE}


def test_its_key_is_its_own_and_is_never_overwritten(watcher):
    assert watcher.key.stat().st_mode & 0o077 == 0
    before = watcher.key.read_bytes()
    again = run_program("keys", "witness", "watch.example/w1", "--output", watcher.key, "--format", "json")
    assert again.code == 1 and again.ids == ["keys-exist"] and watcher.key.read_bytes() == before
    assert run_program("keys", "witness", "two words", "--output", watcher.folder / "other.pem").code == 64
    watcher.key.chmod(0o644)
    assert "[key-readable-by-others]" in watcher.look(0).text
    assert not watcher.output.exists()


def test_a_fork_is_not_signed_whatever_its_size(watcher):
    """Two logs of one key, and one witness."""
    assert watcher.look(0).code == 0 and watcher.look(1).code == 0
    before, state = watcher.note, tree(watcher.folder)
    for site in ("fork", "longer fork", 0):
        outcome = watcher.look(site)
        assert outcome.code == 3 and "CONTRADICTION" in outcome.text, outcome.text
        assert watcher.note == before and differences(state, tree(watcher.folder)) == []
    assert watcher.look(3).code == 0


def test_a_memory_that_was_rolled_back_does_not_sign_a_second_history(watcher):
    assert watcher.look(0).code == 0
    old = {path: path.read_bytes() for path in watcher.folder.glob("log.checkpoint*")}
    assert watcher.look(3).code == 0
    signed = watcher.note
    for path, content in old.items():
        path.write_bytes(content)
    for site in (1, "fork", "longer fork"):
        outcome = watcher.look(site, day=DAYS[3])
        assert outcome.code == 3 and "witness" in outcome.text, outcome.text
        assert watcher.note == signed
    # The log that it signed is still good.
    assert watcher.look(3).code == 0
    # Nor does a lost memory help.
    for path in old:
        path.unlink()
    assert watcher.look("longer fork").code == 3 and watcher.note == signed


def test_a_witness_that_forgot_everything_is_caught_by_those_who_compare(watcher, sites, tmp_path):
    """Memory and folder from an old backup: it signs the fork, and both signatures are there to be shown."""
    assert watcher.look(0).code == 0
    shutil.copytree(watcher.folder, tmp_path / "backup", ignore=shutil.ignore_patterns("backup"))
    assert watcher.look(3).code == 0
    shutil.copytree(watcher.output, tmp_path / "seen-by-one")
    for path in ("log.checkpoint", "log.checkpoint.seen", f"out/{FILE}"):
        shutil.copy(tmp_path / "backup" / path, watcher.folder / path)
    assert watcher.look("longer fork").code == 0
    outcome = run_program("audit", "--site", sites["longer fork"].public, "--against", tmp_path / "seen-by-one",
                          "--now", DAYS[3], "--format", "json")
    assert outcome.code == 3
    step = next(step for step in outcome.json["steps"] if step["name"] == "other log")
    assert step["result"] == "failed" and "SPLIT VIEW" in step["reason"]


@pytest.mark.parametrize("other, site, result", [
    (1, 3, "passed"), (3, 1, "passed"), (1, 2, "passed"), ("fork", 1, "failed"), ("longer fork", 1, "failed"),
    (1, "longer fork", "failed"), ("fork", 0, "passed"),
])
def test_two_people_compare_what_they_are_shown(sites, other, site, result):
    outcome = run_program("audit", "--site", sites[site].public, "--against", sites[other].public,
                          "--now", DAYS[3], "--format", "json")
    step = next(step for step in outcome.json["steps"] if step["name"] == "other log")
    assert step["result"] == result, outcome.text


def test_a_newer_checkpoint_without_its_log_cannot_be_compared(watcher, sites):
    assert watcher.look(3).code == 0
    outcome = run_program("audit", "--site", sites[1].public, "--against", watcher.output, "--now", DAYS[3],
                          "--format", "json")
    step = next(step for step in outcome.json["steps"] if step["name"] == "other log")
    assert step["result"] == "could not be checked", step


def test_what_was_published_and_then_damaged_is_not_signed_over(watcher):
    assert watcher.look(0).code == 0
    (watcher.output / FILE).write_bytes(watcher.note.replace(b"\n5\n", b"\n6\n"))
    damaged = watcher.note
    assert watcher.look(1).code == 3 and watcher.note == damaged


@pytest.mark.parametrize("arguments", [["--cosign", "key"], ["--output", "folder"]])
def test_a_key_needs_a_folder_and_a_folder_a_key(sites, tmp_path, arguments):
    assert run_program("monitor", sites[0].public, "--since", tmp_path / "log", "--first", *arguments).code == 64


def test_lists_out_of_date_are_not_vouched_for(watcher):
    assert watcher.look(0).code == 0
    before = watcher.note
    assert watcher.look(0, day="2027-02-01").code == 4 and watcher.note == before


# MARK: Fetched by the institution


@pytest.fixture
def host(watcher):
    """The folder on a static host, which answers POST with 501."""
    watcher.output.mkdir(exist_ok=True)
    handler = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(handler, directory=watcher.output))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def with_policy(site, watcher, host, target):
    project = with_everything(site, target)
    (project.root / "seeds/witnesses.policy").write_text(
        f"witness watcher {watcher.vkey} {host}\nquorum watcher\n")
    project.built(now=DAYS[3])
    return project


def test_the_institution_fetches_it_by_get(watcher, host, sites, tmp_path):
    project = with_policy(sites[3], watcher, host, tmp_path / "project")
    cosign = functools.partial(project.run, "cosign", "--format", "json", now=DAYS[3])
    assert cosign().ids == ["witness-refused", "quorum-missing"]
    watcher.look(1)
    behind = cosign()
    assert behind.code == 0 and behind.ids == ["witness-behind", "quorum-missing"]
    assert "8 entries" in behind.findings[0]["message"]
    assert cosign("--require-quorum").code == 1
    watcher.look(3)
    done = cosign("--require-quorum")
    assert done.code == 0 and done.findings == [], done.text
    note = (project.public / "log/checkpoint").read_bytes()
    assert len(moments(note, watcher.signer)) == 1
    # The witness looks again: its memory is of the log, not of the lines below it.
    watcher.sites = {**sites, 3: project}
    assert watcher.look(3).code == 0


def test_the_institution_sees_that_a_witness_was_shown_another_log(watcher, host, sites, tmp_path):
    watcher.look(0)
    watcher.look("longer fork")
    project = with_policy(sites[3], watcher, host, tmp_path / "project")
    done = project.run("cosign", "--format", "json", now=DAYS[3])
    assert done.code == 1 and "witness-saw-another-log" in done.ids
    assert json.loads((project.public / "log/edge.json").read_bytes())["checkpoint"].count("\u2014") == 1


def test_growth_between_what_was_published_is_proved(watcher, sites):
    """What the tests' own verifier says of two of its checkpoints."""
    watcher.look(1)
    old = watcher.published()
    watcher.look(3)
    new = watcher.published()
    log = Site(sites[3].public, ADDRESS).log()
    log.check_extends(old)
    assert (log.checkpoint.size, log.checkpoint.root) == (new.size, new.root)

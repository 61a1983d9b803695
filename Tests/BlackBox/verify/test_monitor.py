"""`canting monitor`: what a watcher outside the institution is told, by a site that may lie in every way."""

import http.server
import json
import random
import shutil
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from support import verifier
from support.output import tree
from support.program import NOW, run_program
from support.project import Project, bare_project
from support.registry import person

LATER = "2026-11-25"
STALE = "2026-12-27"


class Host:
    """A web server on this machine that serves one folder after the other, with changes."""

    def __init__(self):
        self.folder = None
        # By path: other bytes, None for a missing file, a status, or "endless".
        self.changes = {}
        self.sent = 0
        host = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path = self.path.lstrip("/")
                file = Path(host.folder, path)
                change = host.changes.get(path, file.read_bytes() if file.is_file() else None)
                if change == "endless":
                    return self.answer_without_end()
                status = change if isinstance(change, int) else 404 if change is None else 200
                body = change if isinstance(change, bytes) else b"<!DOCTYPE html><p>Nothing here.</p>"
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def answer_without_end(self):
                self.send_response(200)
                self.end_headers()
                try:
                    while host.sent < 1 << 30:
                        self.wfile.write(b" " * 65_536)
                        host.sent += 65_536
                        # As fast as a very good line.
                        time.sleep(0.001)
                except OSError:
                    pass

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def copy_of(project, target):
    shutil.copytree(project.root, target, symlinks=True)
    return Project(target)


def key_of(site):
    return json.loads((site / "keys.json").read_bytes())["keys"][0]["key"]


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Sites of one institution, and of others that claim to be it, behind one address."""
    root = tmp_path_factory.mktemp("monitor")
    host = Host()
    project = bare_project(root / "project")
    project.set_site(url=host.url)
    project.write_rows([person(1), person(2), person(3)])
    project.built(now=NOW)
    sites = {"start": project.public}
    later = copy_of(project, root / "later")
    later.built(now=LATER)
    sites["later"] = later.public
    grown = copy_of(project, root / "grown")
    grown.write_rows([person(1), person(2), person(3), person(4), person(5)])
    grown.built(now=LATER)
    sites["grown"] = grown.public
    rotated = copy_of(grown, root / "rotated")
    assert run_program("keys", "rotate", "--root", rotated.root, "--now", LATER).code == 0
    rotated.built(now=LATER)
    sites["rotated"] = rotated.public
    # The same keys, and another past.
    for name, serials in (("forked", (1, 2, 6)), ("forked and longer", (1, 2, 6, 4, 5))):
        fork = Project.copy(project.root, root / name)
        fork.write_rows([person(serial) for serial in serials])
        fork.built(now=LATER)
        sites[name] = fork.public
    # The same certificates, and other keys.
    robbed = copy_of(grown, root / "robbed")
    for name in ("signing.pem", "history.yml"):
        (robbed.root / "seeds/keys" / name).unlink()
    assert run_program("keys", "new", "--root", robbed.root, "--now", NOW).code == 0
    shutil.rmtree(robbed.root / "seeds/ledger")
    shutil.rmtree(robbed.public)
    robbed.built(now=LATER)
    sites["robbed"] = robbed.public
    yield SimpleNamespace(host=host, sites=sites, folder=root)
    host.server.shutdown()
    host.server.server_close()


@pytest.fixture
def watcher(story, tmp_path):
    """Somebody who looked at the site's beginning, and saved it."""
    story.host.changes.clear()
    story.host.folder = story.sites["start"]
    watcher = Watcher(story, tmp_path)
    assert watcher.look("--first").code == 0
    return watcher


class Watcher:
    def __init__(self, story, folder):
        self.story, self.folder = story, folder
        self.file = folder / "site.checkpoint"
        self.memory = folder / "site.checkpoint.seen"

    def look(self, *arguments, at=None, now=LATER, site=None):
        if at:
            self.story.host.folder = self.story.sites[at]
        return run_program("monitor", site or self.story.host.url, "--since", self.file,
                           "--now", now, *arguments)

    def serve(self, path, content):
        self.story.host.changes[path] = content

    def site(self, name):
        return self.story.sites[name]

    def edit(self, path, change, at="start"):
        document = json.loads((self.site(at) / path).read_bytes())
        change(document)
        self.serve(path, verifier.canonical(document))

    @property
    def saved(self):
        return tree(self.folder)


def one_line(outcome):
    lines = outcome.out.decode().splitlines()
    assert len(lines) == 1, outcome.text
    return lines[0]


def refuses(watcher, word, *arguments, code=3, **options):
    """A look that must find something, told in one line, with nothing saved."""
    before = watcher.saved
    outcome = watcher.look("--save", *arguments, **options)
    assert outcome.code == code, outcome.text
    line = one_line(outcome)
    assert line.startswith("CONTRADICTION: " if code == 3 else "not checked: "), line
    assert word in line
    assert watcher.saved == before
    return outcome


def checkpoint_of(content, site):
    """A checkpoint as another verifier reads it, with the keys that the site states."""
    log = json.loads((site / "keys.json").read_bytes())["log"]
    keys = [verifier.VerifierKey.parse(log["verifierKey"])]
    return verifier.Checkpoint.open(content, keys), keys


def only_grew(old, site):
    """Whether the log of a site extends a saved checkpoint, as another verifier sees it."""
    try:
        checkpoint, keys = checkpoint_of(old, site)
        verifier.Log.read(site / "log", keys).check_extends(checkpoint)
        return True
    except verifier.Refused:
        return False


# MARK: All is well


def test_the_first_look_saves_what_the_site_says(watcher):
    assert watcher.file.read_bytes() == (watcher.site("start") / "log/checkpoint").read_bytes()
    seen = json.loads(watcher.memory.read_bytes())
    assert seen["keys"] == json.loads((watcher.site("start") / "keys.json").read_bytes())
    assert (seen["version"], seen["lists"]) == (2, NOW)
    assert seen["issuer"] == "did:web:" + watcher.story.host.url[7:].replace(":", "%3A")


def test_a_site_on_which_nothing_happened_is_well(watcher):
    outcome = watcher.look("--save")
    assert outcome.code == 0 and outcome.err == b""
    line = one_line(outcome)
    assert line.startswith("ok: ") and "3 entries, as before" in line
    assert f"good until 2026-12-24; key {key_of(watcher.site('start'))}" in line


@pytest.mark.smoke
def test_a_log_that_grew_is_well_and_takes_the_place_of_the_saved_one(watcher):
    old = watcher.file.read_bytes()
    outcome = watcher.look("--save", at="grown")
    assert outcome.code == 0 and "grew from 3 to 5 entries" in one_line(outcome)
    assert watcher.file.read_bytes() == (watcher.site("grown") / "log/checkpoint").read_bytes()
    assert only_grew(old, watcher.site("grown"))
    assert json.loads(watcher.memory.read_bytes())["lists"] == LATER


def test_without_save_nothing_is_written(watcher):
    before = watcher.saved
    assert watcher.look(at="grown").code == 0
    assert watcher.saved == before


def test_quiet_says_nothing_while_all_is_well_and_speaks_up_otherwise(watcher):
    outcome = watcher.look("--quiet")
    assert (outcome.code, outcome.text) == (0, "")
    assert "CONTRADICTION" in one_line(watcher.look("--quiet", at="forked"))


def test_verbose_tells_every_step_on_standard_error(watcher):
    outcome = watcher.look("--verbose")
    steps = [line.split(": ")[1] for line in outcome.err.decode().splitlines()]
    assert steps == ["keys", "checkpoint", "consistency", "revocation list 0", "suspension list 0"]
    one_line(outcome)


def test_json_tells_everything(watcher):
    outcome = watcher.look("--save", "--format", "json", at="grown")
    result = outcome.json
    assert result["saved"] is True and result["summary"].startswith("ok: ")
    assert {step["result"] for step in result["look"]["steps"]} == {"passed"}
    assert (result["look"]["sizeBefore"], result["look"]["size"]) == (3, 5)
    assert result["look"]["listsUntil"] == "2026-12-26"


def test_a_folder_is_watched_like_an_address(watcher):
    assert "grew from 3 to 5" in one_line(watcher.look("--save", site=watcher.site("grown")))
    assert watcher.look(site=watcher.site("start")).code == 3


def test_the_saved_checkpoint_serves_audit_and_verify_too(watcher):
    outcome = run_program("audit", "--site", watcher.site("grown"), "--since", watcher.file,
                          "--now", LATER, "--format", "json")
    assert outcome.code == 0, outcome.text
    assert "consistency" in [step["name"] for step in outcome.json["steps"]]


# MARK: The saved files


def test_without_a_saved_checkpoint_the_way_to_begin_is_told(watcher):
    for file in (watcher.file, watcher.memory):
        content = file.read_bytes()
        file.unlink()
        outcome = watcher.look("--save")
        assert outcome.code == 4
        assert file.name in one_line(outcome) and "--first" in one_line(outcome)
        file.write_bytes(content)


def test_first_never_replaces_what_was_seen(watcher):
    before = watcher.saved
    outcome = watcher.look("--first", at="robbed")
    assert outcome.code == 64 and b"--first" in outcome.err
    assert watcher.saved == before


def test_first_takes_a_checkpoint_that_was_saved_by_other_means(watcher):
    watcher.memory.unlink()
    assert watcher.look("--first", at="forked").code == 3
    assert not watcher.memory.exists()
    outcome = watcher.look("--first", at="grown")
    assert outcome.code == 0 and "grew from 3 to 5" in one_line(outcome)


@pytest.mark.parametrize("content", [b"", b"{}", b"\x00\xff", b"[" * 9999])
def test_a_damaged_memory_is_said_and_left_alone(watcher, content):
    watcher.memory.write_bytes(content)
    outcome = watcher.look("--save")
    assert outcome.code == 4 and "damaged" in one_line(outcome)
    assert watcher.memory.read_bytes() == content


def test_a_saved_checkpoint_that_was_changed_is_no_checkpoint(watcher):
    watcher.file.write_bytes(watcher.file.read_bytes().replace(b"\n3\n", b"\n2\n"))
    refuses(watcher, "consistency")


# MARK: The log


def test_a_log_that_was_cut_is_a_contradiction(watcher):
    assert watcher.look("--save", at="grown").code == 0
    saved = watcher.file.read_bytes()
    # The site of the day before, made anew, so that only the log can tell.
    refuses(watcher, "shrunk", at="later")
    assert not only_grew(saved, watcher.site("later"))


@pytest.mark.parametrize("site", ["forked", "forked and longer"])
def test_a_log_with_another_past_is_a_contradiction(watcher, site):
    refuses(watcher, "rewritten", at=site)
    assert not only_grew(watcher.file.read_bytes(), watcher.site(site))


def test_tiles_that_are_gone_leave_the_log_unchecked(watcher):
    watcher.serve("log/tile/0/000.p/5", None)
    refuses(watcher, "log/tile/0/000.p/5 is missing", at="grown", code=4)


def test_tiles_of_another_log_are_a_contradiction(watcher):
    name = "log/tile/0/000.p/5"
    watcher.serve(name, (watcher.site("forked and longer") / name).read_bytes())
    refuses(watcher, "checkpoint", at="grown")


# MARK: The keys


def test_a_key_that_the_history_tells_of_is_well_and_named(watcher):
    outcome = watcher.look("--save", at="rotated")
    assert outcome.code == 0
    key = key_of(watcher.site("rotated"))
    assert f"NEW KEY {key}" in one_line(outcome) and key != key_of(watcher.site("start"))
    again = watcher.look("--save")
    assert again.code == 0 and "NEW KEY" not in one_line(again)


def test_a_key_that_was_named_must_be_the_one_in_use(watcher):
    old, new = (key_of(watcher.site(name)) for name in ("start", "rotated"))
    assert watcher.look("--key", old, at="grown").code == 0
    refuses(watcher, "keys", "--key", new, at="grown")
    refuses(watcher, "keys", "--key", old, at="rotated")
    assert watcher.look("--key", new, at="rotated").code == 0


def test_keys_that_were_replaced_without_history_are_a_contradiction(watcher):
    refuses(watcher, "keys", at="robbed")


def test_a_retired_key_signs_nothing_any_more(watcher):
    path = "status/revocation/0"
    watcher.serve(path, (watcher.site("grown") / path).read_bytes())
    refuses(watcher, "revocation", at="rotated")


def other_key(watcher):
    return json.loads((watcher.site("robbed") / "keys.json").read_bytes())["keys"][0]


def foreign_method(watcher, did):
    foreign = json.loads((watcher.site("robbed") / ".well-known/did.json").read_bytes())
    did["verificationMethod"] += foreign["verificationMethod"]
    did["assertionMethod"] += foreign["assertionMethod"]


DID_CHANGES = {
    "a foreign key": foreign_method,
    "a foreign key that is not for assertions": lambda watcher, did: did.update(
        authentication=["did:web:elsewhere.example#key"]),
    "a service": lambda watcher, did: did.update(
        service=[{"id": "#s", "type": "LinkedDomains", "serviceEndpoint": "https://evil.example"}]),
    "another name besides": lambda watcher, did: did.update(alsoKnownAs=["did:web:evil.example"]),
    "another controller": lambda watcher, did: did.update(controller="did:web:evil.example"),
    "another issuer": lambda watcher, did: did.update(id="did:web:evil.example"),
    "no keys": lambda watcher, did: did.update(assertionMethod=[]),
}


@pytest.mark.parametrize("change", DID_CHANGES)
def test_did_json_changes_with_the_history_alone(watcher, change):
    watcher.edit(".well-known/did.json", lambda did: DID_CHANGES[change](watcher, did))
    refuses(watcher, "keys")


def with_foreign_key(watcher, at, **days):
    """Puts another institution's key into both files, so that they agree with each other."""
    foreign = {**other_key(watcher), **days}
    watcher.edit("keys.json", lambda keys: keys["keys"].insert(at, foreign))

    def insert(did):
        key = {**did["verificationMethod"][0], "publicKeyMultibase": foreign["key"],
               "id": f"{did['id']}#{foreign['key']}"}
        did["verificationMethod"].insert(at, key)
        did["assertionMethod"].insert(at, key["id"])
    watcher.edit(".well-known/did.json", insert)


def test_a_past_that_the_history_did_not_have_is_a_contradiction(watcher):
    first = json.loads((watcher.site("start") / "keys.json").read_bytes())["keys"][-1]["from"]
    with_foreign_key(watcher, 1, **{"from": "2018-01-01", "until": first})
    refuses(watcher, "rewritten")
    # To a newcomer, who saw nothing before, it is a history like any other.
    for file in (watcher.file, watcher.memory):
        file.unlink()
    assert watcher.look("--first").code == 0


@pytest.mark.parametrize("days", [{}, {"until": "2026-11-24"}, {"from": "2026-11-31"}])
def test_a_history_in_which_keys_do_not_follow_each_other_is_none(watcher, days):
    with_foreign_key(watcher, 0, **days)
    refuses(watcher, "keys")


def test_a_history_with_other_days_is_a_contradiction(watcher):
    watcher.edit("keys.json", lambda keys: keys["keys"][-1].update({"from": "2019-02-02"}))
    refuses(watcher, "other days")


def test_a_history_that_lost_keys_is_a_contradiction(watcher):
    assert watcher.look("--save", at="rotated").code == 0
    refuses(watcher, "lost keys", at="grown")


def test_a_site_at_anothers_address_is_not_the_issuers(watcher):
    other = Host()
    try:
        other.folder = watcher.site("start")
        refuses(watcher, "not the issuer's site", site=other.url)
    finally:
        other.server.shutdown()
        other.server.server_close()


# MARK: The status lists


def test_lists_that_are_out_of_date_leave_the_status_unchecked(watcher):
    refuses(watcher, "out of date", now=STALE, code=4)
    assert watcher.look(now="2026-12-24").code == 0
    assert watcher.look(now="2026-12-25").code == 4


def test_lists_older_than_those_that_were_seen_are_a_contradiction(watcher):
    assert watcher.look("--save", at="later").code == 0
    for purpose in ("revocation", "suspension"):
        watcher.story.host.changes.clear()
        path = f"status/{purpose}/0"
        watcher.serve(path, (watcher.site("start") / path).read_bytes())
        refuses(watcher, f"{purpose} list 0: it is of {NOW}", at="later")


def test_lists_of_a_day_to_come_are_a_contradiction(watcher):
    refuses(watcher, "a day to come", at="later", now=NOW[:8] + "20")


def test_a_list_of_another_purpose_or_with_other_bits_is_a_contradiction(watcher):
    other = (watcher.site("start") / "status/suspension/0").read_bytes()
    watcher.serve("status/revocation/0", other)
    refuses(watcher, "revocation list 0")
    watcher.edit("status/revocation/0", lambda document: document.update(
        validUntil="2036-12-24T23:59:59+07:00"))
    refuses(watcher, "revocation list 0")


# MARK: A site that does not answer, or too much

ASKED = [".well-known/did.json", "keys.json", "log/checkpoint", "status/revocation/0",
         "status/suspension/0"]


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize("answer", [None, 403, 500, 503])
def test_what_the_site_does_not_answer_could_not_be_checked(watcher, path, answer):
    watcher.serve(path, answer)
    refuses(watcher, path, code=4)


@pytest.mark.parametrize("path", ASKED)
@pytest.mark.parametrize("answer", [
    b"", b"<!DOCTYPE html><p>Under construction", b"\x00\xff\xfe", b"{}", b"[" * 50_000,
    b"null", b"{\"id\":\"did:web:\"}\n\n\xe2\x80\x94 a b\n"])
def test_garbage_is_a_contradiction(watcher, path, answer):
    watcher.serve(path, answer)
    refuses(watcher, "", code=3)


@pytest.mark.parametrize("path", ASKED)
def test_an_answer_without_end_is_cut_off(watcher, path):
    watcher.story.host.sent = 0
    watcher.serve(path, "endless")
    refuses(watcher, "longer than it can be", code=4)
    assert watcher.story.host.sent < 100 << 20


def test_an_unreachable_site_could_not_be_checked(watcher):
    gone = Host()
    gone.server.shutdown()
    gone.server.server_close()
    refuses(watcher, "cannot read", site=gone.url, code=4)
    refuses(watcher, "did.json", site=watcher.folder / "nothing", code=4)


def test_a_contradiction_is_told_although_something_else_is_missing(watcher):
    watcher.serve("status/revocation/0", None)
    outcome = refuses(watcher, "rewritten", at="forked")
    assert b"status/revocation/0 is missing" in outcome.err


def test_a_site_with_strange_keys_is_still_held_against_those_that_were_seen(watcher):
    watcher.serve("keys.json", None)
    refuses(watcher, "rewritten", at="forked")


def test_no_change_of_any_signed_byte_passes(watcher):
    chance = random.Random(7)
    for _ in range(40):
        path = chance.choice(ASKED)
        content = bytearray((watcher.site("start") / path).read_bytes())
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(7)
        watcher.story.host.changes = {path: bytes(content)}
        outcome = watcher.look("--save")
        assert outcome.code in (3, 4), (path, bytes(content))
    watcher.story.host.changes = {}
    assert watcher.look().code == 0


def test_what_a_site_says_cannot_write_to_the_terminal(watcher):
    watcher.edit(".well-known/did.json", lambda did: did.update(id="did:web:\x1b[2J\u202eevil\r\n"))
    outcome = refuses(watcher, "keys")
    assert b"\x1b" not in outcome.out + outcome.err and "\u202e" not in outcome.text


def test_a_file_that_cannot_be_written_is_said_and_the_saved_ones_stay(watcher):
    watcher.memory.with_name(watcher.memory.name + ".new").mkdir()
    before = watcher.file.read_bytes()
    outcome = watcher.look("--save", at="grown")
    assert outcome.code == 70 and b"cannot write" in outcome.err
    assert watcher.file.read_bytes() == before

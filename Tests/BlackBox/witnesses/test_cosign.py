"""`canting cosign` and `deploy` before online witnesses, honest ones and others."""

import base64
import datetime
import json
import shutil

import pytest

from support.output import differences, tree
from support.program import NOW, run_program
from support.project import bare_project, ledger_of, with_everything
from support.proof import ADDRESS, site_of
from support.registry import person, registered
from support.verifier import Site
from support.witnesses import Witness, cosigners, moments, split, write_policy

ORIGIN = ADDRESS.split("://")[1] + "/log"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    project = bare_project(tmp_path_factory.mktemp("cosign") / "project")
    project.write_rows(registered(9))
    project.built()
    return project


@pytest.fixture
def logs(built):
    return {ORIGIN: Site(built.public, ADDRESS).verifier_keys}


@pytest.fixture
def witnesses(logs):
    made = [Witness(f"witness-{letter}.example/w", logs) for letter in "abc"]
    yield made
    for each in made:
        each.close()


@pytest.fixture
def site(built, witnesses, tmp_path):
    """A site with a policy that two of three witnesses suffice for."""
    project = with_everything(built, tmp_path / "project")
    write_policy(project, [each.signer for each in witnesses], 2, [each.url for each in witnesses])
    project.built()
    return project


def checkpoint(project):
    return (project.public / "log/checkpoint").read_bytes()


def real_today():
    """Witnesses cosign with the clock of this machine."""
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")


def cosign(project, *arguments, now=None):
    today = now or real_today()
    return project.run("cosign", "--format", "json", *arguments, now=today)


def names(witnesses):
    return [each.signer.name for each in witnesses]


def signers(witnesses):
    return [each.signer for each in witnesses]


def grow(project, count):
    project.write_rows(registered(count))
    project.built()


def test_three_cosignatures_are_kept_in_ledger_and_site_and_a_rebuild_gives_the_same_bytes(site, witnesses):
    before = checkpoint(site)
    done = cosign(site)
    assert done.code == 0 and done.json["result"]["hasQuorum"] is True and done.findings == []
    note = checkpoint(site)
    assert note.startswith(before) and cosigners(note, signers(witnesses)) == names(witnesses)
    assert (ledger_of(site) / "checkpoint").read_bytes() == note
    edge = json.loads((site.public / "log/edge.json").read_bytes())
    assert edge["checkpoint"] == note.decode()
    assert edge["policy"] == (site.public / "log/witnesses.policy").read_text(encoding="utf-8")
    site_of(site).log().check_tiles()
    files = tree(site.public)
    site.built()
    assert differences(files, tree(site.public)) == []
    shutil.rmtree(site.public)
    site.built()
    assert differences({path: each for path, each in files.items() if not path.startswith(".canting")},
                       {path: each for path, each in tree(site.public).items() if not path.startswith(".canting")}) == []


def test_who_has_cosigned_is_not_asked_again(site, witnesses):
    assert cosign(site).code == 0
    asked = [len(each.requests) for each in witnesses]
    again = cosign(site)
    assert again.json["result"]["added"] == 0 and [len(each.requests) for each in witnesses] == asked


def test_lines_of_an_older_checkpoint_go_with_it_and_a_proof_leads_from_the_witness_s_own_size(site, witnesses):
    for count in (12, 40, 300):
        assert cosign(site).code == 0
        grow(site, count)
        assert cosigners(checkpoint(site), signers(witnesses)) == []
    done = cosign(site)
    assert done.code == 0 and cosigners(checkpoint(site), signers(witnesses)) == names(witnesses)
    # Nothing, an answer with the size, and a proof from there: no request in vain.
    assert [len(each.requests) for each in witnesses] == [1 + 3 * 2] * 3
    assert all(each.latest[ORIGIN][0].size == 300 for each in witnesses)


def test_a_policy_without_change_of_the_checkpoint_changes_nothing_of_the_log(built, site):
    """The log's own files are those of a site without witnesses."""
    for path in ("log/checkpoint", "log/tile/0/000.p/9", "keys.json", ".well-known/did.json"):
        assert (site.public / path).read_bytes() == (built.public / path).read_bytes()
    assert not (built.public / "log/witnesses.policy").exists()
    assert sorted(json.loads((built.public / "log/edge.json").read_bytes())) == ["checkpoint", "tiles"]


REFUSALS = {
    "400": ((400, b""), "malformed"),
    "401": ((401, b""), "it answered 401"),
    "403": ((403, b""), "another key"),
    "404": ((404, b""), "does not know this log"),
    "409 without a size": ((409, b"many\n"), "without the size"),
    "409 with a signed size": ((409, b"+3\n"), "without the size"),
    "409 with a negative size": ((409, b"-3\n"), "without the size"),
    "409 with what it was told": ((409, b"0\n"), "the size that it was told"),
    "409 with more than there is": ((409, b"4000000\n"), "it says that it has 4000000 entries"),
    "422": ((422, b""), "not what grew from the one that it knows"),
    "an empty answer": ((200, b""), "no line of its key"),
    "an answer that is no line": ((200, b"thank you\n"), "no line of its key"),
    "a line without its end": ((200, b"\xe2\x80\x94 a b"), "no line of its key"),
    "an answer without end": ((200, b"x" * 100_000), "longer than it can be"),
    "bytes that are no text": ((200, b"\xff\xfe\n"), "no line of its key"),
}


@pytest.mark.parametrize("answer, reason", REFUSALS.values(), ids=REFUSALS)
def test_a_witness_that_refuses_is_named_and_the_others_decide(site, witnesses, answer, reason):
    witnesses[0].rule = lambda number, body: answer
    done = cosign(site)
    assert done.code == 0 and done.ids == ["witness-refused"], done.text
    assert "`w1`" in done.findings[0]["message"] and reason in done.findings[0]["message"]
    assert done.json["result"]["hasQuorum"] is True
    assert cosigners(checkpoint(site), signers(witnesses)) == names(witnesses[1:])
    assert len(witnesses[0].requests) <= 4


@pytest.mark.parametrize("status", [429, 500, 502, 503, "hang up"])
def test_a_witness_that_stumbles_is_asked_again_and_not_for_ever(site, witnesses, status):
    witnesses[0].rule = lambda number, body: (status, b"") if number < 3 else None
    assert cosign(site).findings == []
    grow(site, 11)
    witnesses[0].requests.clear()
    witnesses[0].rule = lambda number, body: (status, b"")
    done = cosign(site)
    assert done.code == 0 and done.ids == ["witness-silent"]
    assert cosigners(checkpoint(site), signers(witnesses)) == names(witnesses[1:])
    assert len(witnesses[0].requests) == 4


def lie_about_text(witness, body):
    return witness.signer.line("another.example/log\n1\n" + "A" * 43 + "=\n")


def lie_about_key(witness, body):
    text, _ = split(body.split(b"\n\n", 1)[1])
    other = Witness("stranger.example/w", {})
    other.close()
    other.signer.name = witness.signer.name
    return other.signer.line(text).replace(other.signer.id.hex(), witness.signer.id.hex())


def lie_about_id(witness, body):
    """The right name and id, and nothing behind them that holds."""
    content = witness.signer.id + (1_900_000_000).to_bytes(8, "big") + bytes(64)
    return f"\u2014 {witness.signer.name} {base64.b64encode(content).decode()}\n"


def sign_without_moment(witness, body):
    text, _ = split(body.split(b"\n\n", 1)[1])
    return witness.signer.line(text, moment=0)


def sign_tomorrow(witness, body):
    text, _ = split(body.split(b"\n\n", 1)[1])
    return witness.signer.line(text, moment=4_102_444_800)


def sign_another_heading(witness, body):
    text, _ = split(body.split(b"\n\n", 1)[1])
    return witness.signer.line(text, heading="cosignature/v2")


@pytest.mark.parametrize("lie", [
    lie_about_text, lie_about_key, lie_about_id, sign_without_moment, sign_tomorrow, sign_another_heading])
def test_a_line_that_does_not_hold_is_never_kept(site, witnesses, lie):
    before = checkpoint(site)
    for each in witnesses:
        each.rule = lambda number, body, each=each: (200, lie(each, body).encode())
    done = cosign(site)
    assert done.code == 0 and done.ids == ["witness-refused"] * 3 + ["quorum-missing"], done.text
    assert checkpoint(site) == before == (ledger_of(site) / "checkpoint").read_bytes()


def test_lines_of_others_in_an_answer_are_not_kept(site, witnesses):
    strangers = Witness("stranger.example/w", {})
    strangers.close()

    def answer(number, body):
        status, line = witnesses[0].add(body)
        text, _ = split(body.split(b"\n\n", 1)[1])
        return status, strangers.signer.line(text).encode() + line if status == 200 else line

    witnesses[0].rule = answer
    assert cosign(site).findings == []
    assert b"stranger" not in checkpoint(site)
    assert cosigners(checkpoint(site), signers(witnesses)) == names(witnesses)


def test_an_endless_disagreement_about_the_size_ends(site, witnesses):
    sizes = iter([3, 4, 5, 6, 7, 8, 2, 1] * 10)
    witnesses[0].rule = lambda number, body: (409, f"{next(sizes)}\n".encode())
    done = cosign(site)
    assert done.ids == ["witness-refused"] and "again and again" in done.findings[0]["message"]
    assert len(witnesses[0].requests) == 4


def test_nobody_at_the_address(site, witnesses):
    witnesses[2].close()
    done = cosign(site, "--require-quorum")
    assert done.code == 0 and done.ids == ["witness-silent"] and done.json["result"]["hasQuorum"] is True
    witnesses[1].close()
    grow(site, 10)
    done = cosign(site, "--require-quorum")
    assert done.code == 1 and done.ids == ["witness-silent", "witness-silent", "quorum-missing"]
    # What was collected stays.
    assert cosigners(checkpoint(site), signers(witnesses)) == names(witnesses[:1])
    assert cosign(site).code == 0


def test_a_history_that_the_log_s_key_signed_and_this_log_did_not_grow_from_is_an_error(
        built, site, witnesses, tmp_path):
    """The ledger came from an old backup, and the witness knows better."""
    old = with_everything(site, tmp_path / "old")
    grow(site, 15)
    assert cosign(site).code == 0
    for fork, count in ((old, 12), (with_everything(old, tmp_path / "longer"), 20)):
        fork.write_rows(registered(9) + [person(100 + serial) for serial in range(count - 9)])
        fork.built()
        before = checkpoint(fork)
        done = cosign(fork)
        assert done.code == 1 and set(done.ids) == {"witness-saw-another-log", "quorum-missing"}, done.text
        assert "publish nothing" in done.findings[0]["hint"]
        assert checkpoint(fork) == before
        refused = fork.run("deploy", tmp_path / "www", "--format", "json", now=NOW)
        assert refused.code == 1 and "witness-saw-another-log" in refused.ids
        assert not (tmp_path / "www").exists()


def test_an_accusation_that_nobody_signed_is_no_error(site, witnesses):
    """A witness that only says that it saw more stops nobody."""
    witnesses[0].rule = lambda number, body: (409, b"1000\n")
    done = cosign(site)
    assert done.code == 0 and done.ids == ["witness-refused"]


def test_deploy_cosigns_before_anything_travels(site, witnesses, tmp_path):
    today = real_today()
    www = tmp_path / "www"
    assert site.run("deploy", www, "--dry-run", now=today).code == 0
    assert [len(each.requests) for each in witnesses] == [0, 0, 0]
    done = site.run("deploy", www, "--require-quorum", now=today)
    assert done.code == 0, done.text
    assert cosigners((www / "log/checkpoint").read_bytes(), signers(witnesses)) == names(witnesses)
    assert (www / "log/edge.json").read_bytes() == (site.public / "log/edge.json").read_bytes()
    again = site.run("deploy", www, "--require-quorum", now=today)
    assert again.code == 0 and b"nothing to do" in again.out
    grow(site, 12)
    for each in witnesses:
        each.rule = lambda number, body: (404, b"")
    before = tree(www)
    refused = site.run("deploy", www, "--require-quorum", "--format", "json", now=today)
    assert refused.code == 1 and "quorum-missing" in refused.ids and differences(before, tree(www)) == []
    assert site.run("deploy", www, now=today).code == 0
    assert cosigners((www / "log/checkpoint").read_bytes(), signers(witnesses)) == []


def test_without_a_policy_nothing_is_asked(built, tmp_path):
    project = with_everything(built, tmp_path / "project")
    assert project.findings(command="cosign")[0]["id"] == "policy-missing"
    assert project.run("deploy", tmp_path / "www").code == 0


def test_a_line_that_was_changed_in_the_ledger_is_found(site, witnesses):
    assert cosign(site).code == 0
    file = ledger_of(site) / "checkpoint"
    note = file.read_text(encoding="utf-8")
    text, lines = split(note.encode())
    other = lines[1].split(" ")
    flipped = other[2][:30] + ("A" if other[2][30] != "A" else "B") + other[2][31:]
    file.write_text(note.replace(other[2], flipped), encoding="utf-8")
    assert [each["id"] for each in site.findings()] == ["ledger-damaged"]


def test_a_lost_ledger_comes_back_with_its_cosignatures(site, witnesses):
    assert cosign(site).code == 0
    files = tree(site.public)
    shutil.rmtree(ledger_of(site))
    assert site.run("ledger", "restore", "--site", site.public).code == 0
    assert cosigners((ledger_of(site) / "checkpoint").read_bytes(), signers(witnesses)) == names(witnesses)
    site.built()
    assert differences(files, tree(site.public)) == []


def test_a_rotated_key_keeps_the_cosignatures(site, witnesses):
    """The log has a key of its own: its checkpoint does not change when the other is replaced."""
    assert cosign(site).code == 0
    before = checkpoint(site)
    assert run_program("keys", "rotate", "--root", site.root, "--now", NOW).code == 0
    site.built()
    assert checkpoint(site) == before


def test_moments_are_those_of_the_witness(site, witnesses):
    assert cosign(site).code == 0
    shown = cosign(site).json["result"]["witnesses"]
    for each, line in zip(witnesses, shown):
        moment = datetime.datetime.fromtimestamp(moments(checkpoint(site), each.signer)[0], datetime.timezone.utc)
        assert line["cosigned"] == moment.strftime("%Y-%m-%d %H:%M UTC")


def test_a_witness_without_an_address_is_a_note(site, witnesses):
    write_policy(site, signers(witnesses), "all", [each.url for each in witnesses[:2]])
    site.built()
    done = cosign(site)
    assert done.code == 0 and done.ids == ["witness-without-address", "quorum-missing"]
    assert done.findings[0]["severity"] == "note"
    assert cosigners(checkpoint(site), signers(witnesses)) == names(witnesses[:2])

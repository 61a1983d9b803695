"""Policies: what is wrong with one, what a quorum is, and what those who ask for one are told."""

import base64
import itertools
import json
import random

import pytest

from support.program import run_program
from support.project import bare_project, with_everything
from support.proof import ADDRESS
from support.registry import person
from support.verifier import Site, VerifierKey
from support.witnesses import Signer, split

ORIGIN = ADDRESS.split("://")[1] + "/log"
DAY = "2026-11-23"
NOON = 1_795_435_200
SIGNERS = [Signer(f"w{number}.example/w") for number in range(1, 6)]
KEYS = {f"w{number}": signer.vkey for number, signer in enumerate(SIGNERS, 1)}
ALONE = "shown to you alone, for all that can be told"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    project = bare_project(tmp_path_factory.mktemp("policies") / "project")
    project.write_rows([person(1), person(2)])
    project.built(now=DAY)
    return project


@pytest.fixture(scope="module")
def code(built):
    pages = list((built.public / "c").glob("*/*/index.html"))
    return pages[0].parent.parent.name + pages[0].parent.name


def sign(site, signers, moment=NOON):
    """The site's checkpoint with some lines below it."""
    file = site / "log/checkpoint"
    text, lines = split(file.read_bytes())
    note = f"{text}\n{lines[0]}\n" + "".join(signer.line(text, moment) for signer in signers)
    file.write_text(note, encoding="utf-8")
    return note


@pytest.fixture
def site(built, tmp_path):
    return with_everything(built, tmp_path / "site").public


def asked(command, site, policy, code, tmp_path, *arguments):
    file = tmp_path / "buyer.policy"
    file.write_bytes(policy if isinstance(policy, bytes) else policy.encode())
    target = {"verify": ["verify", code, "--site"], "proof": ["proof", code, "--site"],
              "audit": ["audit", "--site"]}[command]
    return run_program(*target, site, "--policy", file, "--now", DAY, *arguments)


def evaluate(policy, cosigned):
    """The quorum by the words of tlog-policy, written a second time."""
    met = {}
    for line in policy.splitlines():
        words = line.split()
        if words[:1] == ["witness"]:
            met[words[1]] = words[1] in cosigned
        elif words[:1] == ["group"]:
            members = [met[name] for name in words[3:]]
            need = {"any": 1, "all": len(members)}.get(words[2]) or int(words[2])
            met[words[1]] = sum(members) >= need
        elif words[:1] == ["quorum"]:
            return words[1] == "none" or met[words[1]]
    raise AssertionError("no quorum")


def lines_of(names):
    return "".join(f"witness {name} {KEYS[name]}\n" for name in names)


POLICIES = [
    lines_of(["w1", "w2", "w3"]) + "group g 2 w1 w2 w3\nquorum g\n",
    lines_of(["w1", "w2", "w3"]) + "group g any w1 w2 w3\nquorum g\n",
    lines_of(["w1", "w2", "w3"]) + "group g all w1 w2 w3\nquorum g\n",
    lines_of(["w1"]) + "quorum w1\n",
    lines_of(["w1", "w2"]) + "quorum none\n",
    "quorum none\n",
    # The example of tlog-policy, with a log, comments and white space.
    "# a policy\n\n" + lines_of(["w1", "w2", "w3", "w4", "w5"])
    + "group X\t2  w1 w2 w3 \n  group Y any w4 w5\ngroup X-and-Y all X Y\nquorum X-and-Y\n",
]


@pytest.mark.parametrize("number", range(len(POLICIES)))
def test_a_quorum_is_what_tlog_policy_says(site, code, tmp_path, number):
    policy = POLICIES[number]
    chance = random.Random(number)
    subsets = [set(subset) for size in range(6) for subset in itertools.combinations(KEYS, size)]
    for cosigned in chance.sample(subsets, 8):
        sign(site, [SIGNERS[int(name[1]) - 1] for name in sorted(cosigned)])
        outcome = asked("verify", site, policy, code, tmp_path, "--format", "json")
        step = next(step for step in outcome.json["steps"] if step["name"] == "witnesses")
        if evaluate(policy, cosigned):
            assert outcome.code == 0 and step["result"] == "passed", (cosigned, outcome.text)
            named = [name for name in KEYS if name in cosigned and f"witness {name} " in policy]
            assert all(f"{name} (2026-11-23 12:00 UTC)" in step["reason"] for name in named)
        else:
            assert outcome.code == 4 and ALONE in step["reason"], (cosigned, outcome.text)
            assert outcome.json["verdict"] == "could not be checked"


def test_every_command_that_is_asked_says_so(site, code, tmp_path):
    policy = POLICIES[0]
    sign(site, SIGNERS[:1])
    for command in ("verify", "audit", "proof"):
        outcome = asked(command, site, policy, code, tmp_path)
        assert outcome.code == 4 and ALONE in outcome.text, (command, outcome.text)
    assert asked("proof", site, policy, code, tmp_path).out == b""
    monitor = ["monitor", site, "--since", tmp_path / "log", "--first", "--now", DAY, "--policy", tmp_path / "buyer.policy"]
    looked = run_program(*monitor)
    assert looked.code == 4 and ALONE in looked.text and not (tmp_path / "log").exists()
    sign(site, SIGNERS[:2])
    for command in ("verify", "audit", "proof"):
        assert asked(command, site, policy, code, tmp_path).code == 0, command
    assert run_program(*monitor).code == 0


def test_a_proof_file_carries_the_lines_and_is_checked_without_a_network(built, site, code, tmp_path):
    note = sign(site, SIGNERS[:3])
    proof = tmp_path / "certificate.tlog-proof"
    proof.write_bytes(asked("proof", site, POLICIES[0], code, tmp_path).out)
    assert proof.read_text(encoding="utf-8").endswith("\n\n" + note)
    keys = json.loads((site / "keys.json").read_bytes())
    named = ["--key", keys["keys"][0]["key"], "--key", keys["log"]["key"]]
    credential = site / "c" / code[:2] / code[2:] / "credential.json"
    for policy, result in ((POLICIES[0], "passed"), (POLICIES[3].replace(KEYS["w1"], KEYS["w5"]), "could not be checked")):
        (tmp_path / "policy").write_text(policy)
        outcome = run_program("verify", credential, "--proof", proof, *named, "--policy", tmp_path / "policy",
                              "--now", DAY, "--format", "json")
        steps = {step["name"]: step["result"] for step in outcome.json["steps"]}
        assert steps["log"] == "passed" and steps["witnesses"] == result, outcome.text


def test_the_published_policy_is_taken_by_its_name(built, tmp_path, code):
    project = with_everything(built, tmp_path / "project")
    without = run_program("verify", code, "--site", project.public, "--policy", "published", "--now", DAY)
    assert without.code == 4 and "publishes no log/witnesses.policy" in without.text
    (project.root / "seeds/witnesses.policy").write_text(POLICIES[0])
    project.built(now=DAY)
    sign(project.public, SIGNERS[1:3])
    assert run_program("verify", code, "--site", project.public, "--policy", "published", "--now", DAY).code == 0


def test_a_policy_that_names_another_log_counts_for_nothing(site, code, tmp_path):
    log = str(Site(site, ADDRESS).verifier_keys[0])
    sign(site, SIGNERS[:2])
    assert asked("verify", site, f"log {log}\n" + POLICIES[0], code, tmp_path).code == 0
    name, _, packed = log.split("+", 2)
    other = VerifierKey("other.example/log", base64.b64decode(packed)[1:])
    outcome = asked("verify", site, f"log {other}\n" + POLICIES[0], code, tmp_path)
    assert outcome.code == 3 and "does not name this log" in outcome.text


@pytest.mark.parametrize("spoil", [
    lambda note: note.replace("\u2014 w1.example/w ", "\u2014 w1.example/w A"),
    lambda note: note[:-6] + ("A" if note[-6] != "A" else "B") + note[-5:],
])
def test_a_line_of_a_known_witness_that_does_not_hold_is_a_contradiction(site, code, tmp_path, spoil):
    note = sign(site, SIGNERS[:1])
    spoiled = spoil(note)
    (site / "log/checkpoint").write_text(spoiled, encoding="utf-8")
    outcome = asked("verify", site, POLICIES[3], code, tmp_path)
    assert outcome.code in (3, 4) and outcome.code != 0, outcome.text


def test_a_cosignature_of_a_day_to_come_does_not_count(site, code, tmp_path):
    sign(site, SIGNERS[:1], moment=NOON + 3 * 86_400)
    assert asked("verify", site, POLICIES[3], code, tmp_path).code == 4
    sign(site, SIGNERS[:1], moment=NOON + 86_400)
    assert asked("verify", site, POLICIES[3], code, tmp_path).code == 0


def test_one_key_under_another_name_is_another_witness(site, code, tmp_path):
    """The key id is made of name and key."""
    twin = Signer("twin.example/w")
    twin.key = SIGNERS[0].key
    sign(site, [twin])
    assert asked("verify", site, POLICIES[3], code, tmp_path).code == 4


W1, W2 = f"witness w1 {KEYS['w1']}", f"witness w2 {KEYS['w2']}"
ML_DSA = "witness m m.example/w+00000000+" + base64.b64encode(b"\x06" + bytes(1312)).decode()
MISTAKES = {
    "policy-character": [W1 + "\r\nquorum w1\r\n", W1 + "\nquorum w1\x00\n", "#\x7f\nquorum none\n"],
    "policy-line": ["quorom none\nquorum none\n", "quorum\nquorum none\n", "witness w1\nquorum none\n",
                    "log\nquorum none\n", W1 + "\ngroup g 1\nquorum w1\n", W1 + " http://a b\nquorum w1\n"],
    "policy-key": [W1.replace("+04", "+05", 1).replace(KEYS["w1"].split("+")[1], "00000000") + "\nquorum w1\n",
                   "witness w1 no-key\nquorum w1\n", ML_DSA + "\nquorum m\n",
                   f"log {KEYS['w1']}\nquorum none\n"],
    "policy-key-twice": [W1 + "\n" + W1.replace("w1 ", "w2 ", 1) + "\nquorum w1\n"],
    "policy-name-twice": [W1 + "\n" + W2.replace("w2 ", "w1 ", 1) + "\nquorum w1\n",
                          W1.replace("w1 ", "none ", 1) + "\nquorum none\n"],
    "policy-unknown-name": [W1 + "\nquorum w9\n", "quorum w1\n" + W1 + "\n", W1 + "\ngroup g any w1 w2\nquorum g\n",
                            W1 + "\ngroup g any g\nquorum g\n", W1 + "\ngroup g any none\nquorum g\n"],
    "policy-member-twice": [W1 + "\ngroup g any w1 w1\nquorum g\n",
                            W1 + "\n" + W2 + "\ngroup g any w1 w2\ngroup h any g w1\nquorum h\n"],
    "policy-threshold": [W1 + "\ngroup g 0 w1\nquorum g\n", W1 + "\ngroup g 2 w1\nquorum g\n",
                         W1 + "\ngroup g some w1\nquorum g\n", W1 + "\ngroup g -1 w1\nquorum g\n",
                         W1 + "\ngroup g 99999999999999999999 w1\nquorum g\n"],
    "policy-quorum": [W1 + "\n", "", W1 + "\nquorum w1\nquorum w1\n"],
    "policy-address": [W1 + " ftp://host/\nquorum w1\n", W1 + " host\nquorum w1\n", W1 + " https://\nquorum w1\n"],
}
CASES = [(rule, text) for rule, texts in MISTAKES.items() for text in texts]


@pytest.fixture(scope="module")
def draft(built, tmp_path_factory):
    return with_everything(built, tmp_path_factory.mktemp("draft") / "project")


@pytest.mark.parametrize("rule, text", CASES)
def test_a_mistake_is_named_at_its_place(draft, rule, text):
    (draft.root / "seeds/witnesses.policy").write_bytes(text.encode())
    # A line that cannot be read leaves what it would have named undefined.
    ids = [each["id"] for each in draft.findings(command="check", now=DAY)]
    assert ids[0] == rule and set(ids) <= {rule, "policy-quorum", "policy-unknown-name"}


def test_all_mistakes_of_a_policy_are_said_at_once(draft):
    (draft.root / "seeds/witnesses.policy").write_text(
        W1 + "\n" + W1 + "\nquorom w1\ngroup g 7 w1\nquorum w3\n")
    assert [each["id"] for each in draft.findings(command="check", now=DAY)] == [
        "policy-name-twice", "policy-key-twice", "policy-line", "policy-threshold", "policy-unknown-name"]


def test_the_published_policy_is_about_the_site_s_own_log(draft, built):
    log = Site(built.public, ADDRESS).verifier_keys[0]
    file = draft.root / "seeds/witnesses.policy"
    file.write_text(f"log {VerifierKey('other.example/log', log.public_key)}\nquorum none\n")
    assert [each["id"] for each in draft.findings(command="check", now=DAY)] == ["policy-of-another-log"]
    file.write_text(f"log {log}\nquorum none\n")
    assert draft.run("check", now=DAY).code == 0
    file.write_bytes(b"# \xff\nquorum none\n")
    assert [each["id"] for each in draft.findings(command="check", now=DAY)] == ["not-utf8"]


def test_the_trust_page_names_the_witnesses_and_the_rule(built, tmp_path):
    project = with_everything(built, tmp_path / "project")
    before = (project.public / "trust/index.html").read_text(encoding="utf-8")
    (project.root / "seeds/witnesses.policy").write_text(POLICIES[6].rstrip("\n"))
    project.built(now=DAY)
    after = (project.public / "trust/index.html").read_text(encoding="utf-8")
    assert "witnesses.policy" not in before and after.count("example/w+") == 5
    assert "group X-and-Y all X Y" in after and 'href="/log/witnesses.policy"' in after
    assert (project.public / "log/witnesses.policy").read_text() == POLICIES[6]
    assert "grep &#39;^\u2014 " in after or "grep '^\u2014 " in after
    (project.root / "seeds/witnesses.policy").unlink()
    project.built(now=DAY)
    assert (project.public / "trust/index.html").read_text(encoding="utf-8") == before
    assert not (project.public / "log/witnesses.policy").exists()

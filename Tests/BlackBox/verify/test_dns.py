"""`--dns`: the keys in the institution's DNS, asked through this machine's resolver, by answers of every kind."""

import json
import subprocess
import sys

import pytest

from support.program import NOW, PROGRAM, run_program
from support.project import bare_project
from support.registry import person

NAME = "_canting.sertifikat.lsp-batik.example"

# Runs in a network of its own, with a resolver that answers what a file says: by name, records, or a raw answer.
INSIDE = """
import json, socket, struct, subprocess, sys, tempfile, threading
answers, command = json.loads(sys.argv[1]), sys.argv[2:]
subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
file = tempfile.NamedTemporaryFile("w"); file.write("nameserver 127.0.0.1\\noptions timeout:1 attempts:1\\n"); file.flush()
subprocess.run(["mount", "--bind", file.name, "/etc/resolv.conf"], check=True)
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))

def encoded(name):
    return b"".join(bytes([len(each)]) + each.encode() for each in name.split(".")) + b"\\0"

def serve():
    while True:
        question, sender = server.recvfrom(4096)
        name, at = [], 12
        while question[at]:
            name.append(question[at + 1:at + 1 + question[at]].decode()); at += 1 + question[at]
        asked = question[12:at + 5]
        found = answers.get(".".join(name))
        if found == "silence":
            continue
        if isinstance(found, str):
            body, code, count = bytes.fromhex(found), 0, 1
        else:
            code, count, body = (3, 0, b"") if found is None else (0, len(found), b"")
            for kind, parts in found or []:
                data = encoded(parts) if kind == 5 else b"".join(bytes([len(p.encode())]) + p.encode() for p in parts)
                body += b"\\xc0\\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data
        server.sendto(question[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, count, 0, 0) + asked + body, sender)

threading.Thread(target=serve, daemon=True).start()
done = subprocess.run(command, capture_output=True)
sys.stdout.buffer.write(done.stdout); sys.stderr.buffer.write(done.stderr)
sys.exit(done.returncode)
"""


def isolated(answers, *command):
    return subprocess.run(
        ["unshare", "--user", "--map-root-user", "--net", "--mount", sys.executable, "-c", INSIDE, json.dumps(answers),
         *map(str, command)], capture_output=True, timeout=120)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if isolated({}, "true").returncode != 0:
        pytest.skip("this machine gives no namespace of its own")
    project = bare_project(tmp_path_factory.mktemp("dns") / "project")
    project.write_rows([person(1)])
    project.built()
    return project


@pytest.fixture(scope="module")
def code(site):
    page = next((site.public / "c").glob("*/*/index.html"))
    return page.parent.parent.name + page.parent.name


@pytest.fixture(scope="module")
def records(site):
    printed = site.run("keys", "dns", "--format", "json").json["result"]
    assert printed["name"] == NAME
    return printed["texts"]


def txt(*texts):
    # A string of a record has 255 bytes at most; longer texts come in several.
    return [(16, [text[at:at + 60] for at in range(0, len(text), 60)]) for text in texts]


def verified(site, code, answers):
    done = isolated(answers, PROGRAM, "verify", code, "--site", site.public, "--dns", "--now", NOW, "--format", "json")
    document = json.loads(done.stdout)
    return done.returncode, {step["name"]: step for step in document["steps"]}["dns"]


def test_it_prints_records_for_a_zone(site, records):
    lines = site.run("keys", "dns").out.decode().splitlines()
    keys = json.loads((site.public / "keys.json").read_bytes())
    assert lines == [f'{NAME}. 3600 IN TXT "{text}"' for text in records]
    assert records == [f"canting1 log={keys['log']['verifierKey']}", f"canting1 key={keys['keys'][0]['key']}"]


def test_the_same_keys_pass(site, code, records):
    for answer in (txt(*records), txt(*reversed(records)), txt("v=spf1 -all", *records, records[1][:-4] + "abcd"),
                   [(5, "other.example"), *txt(*records)]):
        assert verified(site, code, {NAME: answer}) == (0, {"name": "dns", "result": "passed",
                                                            "reason": f"the DNS has the same keys at {NAME}"})


def test_other_keys_are_a_contradiction(site, code, records):
    for answer in (txt(records[0]), txt(records[1]), txt(records[0], records[1][:-2] + "aa"),
                   txt(records[0].replace("log=", "log=x"), records[1])):
        ending, step = verified(site, code, {NAME: answer})
        assert ending == 3 and step["result"] == "failed" and "the DNS does not have" in step["reason"]


@pytest.mark.parametrize("answer", [
    None, [], txt("v=spf1 -all"), "silence", "00", "c00c0010000100000e10ffff", "c00c0010000100000e10000504616263",
    "c0", "3f", "40" * 20, "c00c00",
])
def test_no_answer_no_record_and_an_answer_that_is_none_leave_it_open(site, code, answer):
    ending, step = verified(site, code, {NAME: answer})
    assert ending == 4 and step["result"] == "could not be checked", step


def test_monitor_asks_too(site, records, tmp_path):
    def looked(answer, name):
        done = isolated({NAME: answer}, PROGRAM, "monitor", site.public, "--since", tmp_path / name, "--first", "--dns",
                        "--now", NOW, "--format", "json")
        steps = {step["name"]: step["result"] for step in json.loads(done.stdout)["look"]["steps"]}
        return done.returncode, steps["dns"]
    assert looked(txt(*records), "a") == (0, "passed")
    assert looked(txt(records[0]), "b") == (3, "failed")
    assert looked(None, "c") == (4, "could not be checked")


def test_without_the_flag_nobody_is_asked(site, code):
    assert run_program("verify", code, "--site", site.public, "--now", NOW).code == 0

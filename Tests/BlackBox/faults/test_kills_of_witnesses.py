"""`canting cosign` and `canting monitor --cosign`, killed at any moment: no fork is signed, nothing is lost."""

import datetime
import hashlib
import os
import random
import signal
import subprocess
import time

from support.output import tree
from support.program import PROGRAM, WITHOUT_PICTURES, run_program
from support.project import bare_project, ledger_of, with_everything
from support.proof import ADDRESS
from support.registry import person, registered
from support.verifier import Checkpoint, Site
from support.witnesses import Witness, cosigners, split, write_policy

KILLS = 100
ORIGIN = ADDRESS.split("://")[1] + "/log"
FILE = hashlib.sha256(ORIGIN.encode()).hexdigest() + "/checkpoint"
TODAY = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")


def stamps(*folders):
    """What changes when something below some folders is written."""
    found = {}
    for top in folders:
        for folder, _, names in os.walk(top):
            for name in names:
                path = os.path.join(folder, name)
                try:
                    found[path] = os.stat(path).st_mtime_ns
                except FileNotFoundError:
                    found[path] = None
    return found


class Killer:
    """Runs a command and kills it: some time after its start, or after the first change in some folders."""

    def __init__(self, seed, *folders):
        self.chance = random.Random(seed)
        self.folders = folders
        self.duration = 0.3
        self.kills = self.rounds = 0

    def run(self, *arguments):
        """How it ended."""
        self.rounds += 1
        before = stamps(*self.folders)
        start = time.monotonic()
        program = subprocess.Popen([PROGRAM, *map(str, arguments)], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   start_new_session=True, env=WITHOUT_PICTURES)
        patience = self.chance.uniform(0, self.duration)
        if self.rounds % 2:
            while stamps(*self.folders) == before and program.poll() is None:
                time.sleep(0.0005)
            patience = self.chance.uniform(0, 0.01)
        try:
            program.wait(patience)
        except subprocess.TimeoutExpired:
            pass
        try:
            os.killpg(program.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        code = program.wait(timeout=120)
        if code == -signal.SIGKILL:
            self.kills += 1
        else:
            # The next ones are killed before they end.
            self.duration = time.monotonic() - start
        return code


def test_a_witness_that_is_killed_signs_one_history(tmp_path):
    project = bare_project(tmp_path / "project")
    honest, forks = [], []
    for count in (3, 5, 8, 9, 14, 20):
        project.write_rows(registered(count))
        project.built(now=TODAY)
        honest.append(with_everything(project, tmp_path / f"site-{count}").public)
    for at, count in ((0, 8), (1, 14), (2, 20)):
        fork = bare_project(tmp_path / f"fork-{at}")
        fork.write_rows(registered(3) + [person(serial) for serial in range(500, 500 + count - 3)])
        fork.built(now=TODAY)
        forks.append(fork.public)
    keys = Site(honest[0], ADDRESS).verifier_keys
    assert run_program("keys", "witness", "watch.example/w", "--output", tmp_path / "key").code == 0
    home = tmp_path / "witness"
    home.mkdir()
    state, output = home / "log", home / "out"

    def arguments(site):
        first = [] if (home / "log.seen").exists() else ["--first"]
        return ["monitor", site, "--since", state, "--cosign", tmp_path / "key", "--output", output,
                "--now", TODAY, *first]

    killer = Killer(23, home)
    signed = {}
    largest = step = 0
    while killer.kills < KILLS:
        assert killer.rounds < 4 * KILLS, "too few could be killed before they ended"
        # The log grows slowly; forks and old states are shown in between, but not before there is a memory.
        if killer.rounds % (KILLS // 4) == KILLS // 4 - 1:
            step = min(step + 1, len(honest) - 1)
        shown = killer.chance.choice([honest[step]] * 3 + honest[:step] + forks) if signed else honest[step]
        killer.run(*arguments(shown))
        if (output / FILE).exists():
            published = Checkpoint.open((output / FILE).read_bytes(), keys)
            assert published.size >= largest, "a smaller checkpoint was signed after a larger one"
            assert signed.setdefault(published.size, published.root) == published.root, "a fork was signed"
            largest = published.size
            # What is signed was remembered first.
            assert Checkpoint.open(state.read_bytes(), keys).size >= published.size
    honest_roots = {site: Checkpoint.open((site / "log/checkpoint").read_bytes(), keys) for site in honest}
    assert {(each.size, each.root) for each in honest_roots.values()} >= set(signed.items())
    for fork in forks:
        assert run_program(*arguments(fork)).code == 3
    assert run_program(*arguments(honest[-1])).code == 0
    assert Checkpoint.open((output / FILE).read_bytes(), keys) == honest_roots[honest[-1]]
    assert [path for path in tree(output) if path.endswith(".new")] == []


def test_a_log_that_is_cosigned_under_kills_loses_nothing(tmp_path):
    project = bare_project(tmp_path / "project")
    project.write_rows(registered(5))
    project.built(now=TODAY)
    witnesses = [Witness(f"w-{letter}.example/w", {ORIGIN: Site(project.public, ADDRESS).verifier_keys})
                 for letter in "abc"]
    signers = [each.signer for each in witnesses]
    write_policy(project, signers, "all", [each.url for each in witnesses])
    project.built(now=TODAY)
    killer = Killer(32, ledger_of(project), project.public / "log")
    command = ["cosign", "--root", project.root, "--now", TODAY]
    count = 5
    kept = set()

    def note():
        return (ledger_of(project) / "checkpoint").read_bytes()

    while killer.kills < KILLS:
        assert killer.rounds < 4 * KILLS, "too few could be killed before they ended"
        text = split(note())[0]
        killer.run(*command)
        # Every line holds, and those that were kept are kept.
        now = set(split(note())[1])
        cosigners(note(), signers)
        assert split(note())[0] == text and now >= kept
        shown = (project.public / "log/checkpoint").read_bytes()
        assert split(shown)[0] == text and set(split(shown)[1]) <= now
        Checkpoint.open(shown, Site(project.public, ADDRESS).verifier_keys)
        kept = now
        if len(now) == 4:
            # All have signed: the next state of the log.
            count += 1
            project.write_rows(registered(count))
            project.built(now=TODAY)
            kept = set(split(note())[1])
            assert len(kept) == 1
    assert project.run("cosign", "--require-quorum", now=TODAY).code == 0
    assert cosigners(note(), signers) == [each.name for each in signers]
    assert (project.public / "log/checkpoint").read_bytes() == note()
    project.built(now=TODAY)
    assert (project.public / "log/checkpoint").read_bytes() == note()
    assert project.run("deploy", tmp_path / "www", "--require-quorum", now=TODAY).code == 0
    for each in witnesses:
        each.close()

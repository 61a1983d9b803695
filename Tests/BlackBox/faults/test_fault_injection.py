"""Builds that are killed or hindered: the old site serves, the next build repairs."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest

from support.faults import add_rows, edit_everything, leftovers
from support.output import differences, site_files, tree
from support.program import NOW, PROGRAM, REPOSITORY, WITHOUT_PICTURES
from support.project import small_project
from support.receipts import Mirror, clean_site, read_receipt
from support.registry import erase_row, person, registered

KILLS = 60
SOURCE = REPOSITORY / "Tests/support/fault_injection.c"


@pytest.fixture(scope="session")
def faults(tmp_path_factory):
    """A library that ends or hinders a program at any of its calls that change the disk."""
    compiler = shutil.which("cc") or shutil.which("clang") or shutil.which("gcc")
    if sys.platform != "linux" or not compiler:
        pytest.skip("needs Linux and a C compiler")
    library = tmp_path_factory.mktemp("library") / "fault_injection.so"
    subprocess.run([compiler, "-O1", "-fPIC", "-shared", "-o", library, SOURCE, "-ldl"], check=True)
    return library


class RestorableProject:
    """A project at one place, in a state that can be had again and again, its stamps the same."""

    def __init__(self, folder, edit, build_first=True):
        self.kept = folder / "kept"
        self.project = small_project(folder / "project")
        self.receipt = folder / "receipt.json"
        self.log = folder / "calls"
        self.mirror = {}
        if build_first:
            self.project.built("--receipt", self.receipt)
            mirror = Mirror()
            mirror.take(read_receipt(self.receipt), self.project.public)
            mirror.check_against(self.project.public)
            self.mirror = mirror.files
        self.old = site_files(self.project.public)
        self.earlier = folder / "earlier"
        for name in ("content", "templates"):
            shutil.copytree(self.project.root / name, self.earlier / name)
        edit(self.project)
        self.project.root.rename(self.kept)
        self.reset()

    def reset(self):
        shutil.rmtree(self.project.root, ignore_errors=True)
        self.receipt.unlink(missing_ok=True)
        # Linked files keep what a build remembers of them; no build writes into a file that is there.
        shutil.copytree(self.kept, self.project.root, copy_function=os.link, symlinks=True)

    def build(self, library, at=None, how=None, **options):
        environment = {"LD_PRELOAD": str(library), "FAULT_LOG": str(self.log)}
        if how:
            environment |= {"FAULT_AT": str(at), "FAULT_HOW": how}
        self.log.unlink(missing_ok=True)
        return self.project.build(
            "--jobs", 1, "--receipt", self.receipt, env=environment, **options)

    def measure(self, library):
        """Every call that changes the disk in a build to which nothing happens, and its site."""
        outcome = self.build(library)
        assert outcome.code == 0, outcome.text
        self.calls = self.log.read_text(encoding="utf-8").splitlines()
        self.new = site_files(self.project.public)
        self.whole = tree(self.project.public)
        assert self.whole == clean_site(self.project, self.kept.parent / "clean")

    def check_whole_files(self):
        """What has a name is whole, old or new; nothing of the old site that stays is missing."""
        now = site_files(self.project.public)
        for path, content in now.items():
            assert content in (self.old.get(path), self.new.get(path)), path
        assert set(self.old) & set(self.new) <= set(now)
        if any(content == self.old.get(path) != self.new.get(path) for path, content in now.items()
               if path in self.new):
            assert set(self.old) <= set(now), "something was deleted before all was written"

    def check_repair(self):
        """The next build completes the site, says what it did, and leaves nothing lying about."""
        mirror = Mirror()
        mirror.files = dict(self.mirror)
        if self.receipt.exists():
            # A receipt gets its name when it is whole, whatever became of the build then.
            mirror.take(read_receipt(self.receipt), self.project.public)
            self.receipt.unlink()
        outcome = self.project.build("--receipt", self.receipt)
        assert outcome.code == 0, outcome.text
        assert differences(tree(self.project.public), self.whole) == [], "not as a clean build"
        mirror.take(read_receipt(self.receipt), self.project.public)
        missed = differences(mirror.files, site_files(self.project.public))
        assert missed == [], f"no receipt told of {missed}"
        assert leftovers(self.kept.parent) == []


def fail_with(problems):
    """Says all that is wrong at once: each line names a moment."""
    assert not problems, "\n".join(problems[:40]) + f"\n{len(problems)} in all"


@pytest.fixture(scope="module")
def restorable(tmp_path_factory, faults):
    made = RestorableProject(tmp_path_factory.mktemp("restorable"), edit_everything)
    made.measure(faults)
    return made


def said(problem):
    """What is wrong, in a line."""
    return str(problem).strip().partition("\n")[0][:300] or repr(problem)


def inject(restorable, library, how, numbers, check):
    """Lets something happen at each of some calls, and insists on what must hold then."""
    problems = []
    for number in numbers:
        restorable.reset()
        outcome = restorable.build(library, number, how)
        try:
            check(outcome, number)
            restorable.check_whole_files()
            restorable.check_repair()
        except AssertionError as problem:
            problems.append(f"{number}. {restorable.calls[number - 1]}: {said(problem)}")
    fail_with(problems)


def chosen_calls(restorable, step):
    """Numbers of calls: every one, but of the many files that are written or removed alike one in some."""
    chosen, files, assets = [], 0, 0
    for number, call in enumerate(restorable.calls, 1):
        if re.match(r"(unlink|rmdir) .*/assets\b", call):
            assets += 1
            if assets > 3:
                continue
        if re.fullmatch(r"open \.canting/new-\d+", call):
            files += 1
        page = re.search(r"new-\d+$|^(rename|mkdir) [^/]|^write", call)
        if not page or "tile/" in call or files % step == 0 or files == 0:
            chosen.append(number)
    return chosen


def calls_before_receipt(restorable):
    """The calls after the site is complete, up to the one that gives the receipt its name."""
    done = max(number for number, call in enumerate(restorable.calls, 1)
               if call.startswith("rename ") and call.endswith("/.canting/manifest"))
    named = max(number for number, call in enumerate(restorable.calls, 1)
                if call == f"rename {restorable.receipt}")
    return range(done + 1, named + 1)


def was_killed(outcome, number):
    assert outcome.code == -signal.SIGKILL


def test_a_build_that_is_killed_before_any_of_its_changes_to_the_disk_is_completed_by_the_next(
        restorable, faults):
    assert len(restorable.calls) > 100
    numbers = [number for number in chosen_calls(restorable, 20) if number not in calls_before_receipt(restorable)]
    assert len(numbers) > 40
    inject(restorable, faults, "kill", numbers, was_killed)


def test_a_build_that_is_killed_between_the_site_and_its_receipt_is_told_of_by_the_next(
        restorable, faults):
    assert len(calls_before_receipt(restorable)) > 0
    inject(restorable, faults, "kill", calls_before_receipt(restorable), was_killed)


def test_a_build_that_is_killed_in_the_middle_of_a_write_leaves_no_half_file(restorable, faults):
    writes = [number for number in chosen_calls(restorable, 12)
              if restorable.calls[number - 1].startswith("write ") and number not in calls_before_receipt(restorable)]
    assert len(writes) > 8
    inject(restorable, faults, "half", writes, was_killed)


def test_what_a_killed_build_left_in_the_folder_of_the_cache_goes_with_the_next(restorable, faults):
    last = next(number for number, call in enumerate(restorable.calls, 1)
                if call.startswith("rename ") and "/.canting-cache/" in call)
    restorable.reset()
    assert restorable.build(faults, last, "kill").code == -signal.SIGKILL
    restorable.project.built()
    assert sorted(path.name[:6] for path in (restorable.project.root / ".canting-cache").iterdir()) == [
        ".gitig", "build-"]


@pytest.fixture(scope="module")
def first_build(tmp_path_factory, faults):
    made = RestorableProject(tmp_path_factory.mktemp("first"), lambda project: None, build_first=False)
    made.measure(faults)
    return made


def moved(restorable):
    """The call that gives a first site its place."""
    return max(number for number, call in enumerate(restorable.calls, 1)
               if call == f"rename {restorable.project.public}")


def test_a_first_build_that_is_killed_leaves_no_site_or_a_whole_one(first_build, faults):
    first = range(1, moved(first_build) + 1)
    inject(first_build, faults, "kill", [*first[::60], *first[-4:]], was_killed)


def test_a_first_build_that_is_killed_before_its_receipt_is_there_is_told_of_by_the_next(
        first_build, faults):
    numbers = range(moved(first_build) + 1, named(first_build) + 1)
    inject(first_build, faults, "kill", numbers, was_killed)


def test_deletions_of_a_killed_build_are_told_although_the_cache_was_lost(restorable, faults):
    numbers = [number for number, call in enumerate(restorable.calls, 1)
               if call.startswith("rmdir ") and "/c/" in call]

    def check(outcome, number):
        was_killed(outcome, number)
        shutil.rmtree(restorable.project.root / ".canting-cache")
    inject(restorable, faults, "kill", numbers[:4], check)


def test_what_a_killed_build_left_goes_although_its_input_was_taken_back(restorable, faults):
    """The site is that of the input as it was, and nothing of the other build is left."""
    numbers = chosen_calls(restorable, 12)
    first = next(number for number in numbers if "unfinished" in restorable.calls[number - 1])
    early = [number for number in range(first, first + 4)]
    problems = []
    for number in early + [number for number in numbers if number > first + 4][::8]:
        restorable.reset()
        if restorable.build(faults, number, "kill").code != -signal.SIGKILL:
            continue
        # The texts and templates as they were; what the ledger sealed stays sealed.
        for name in ("content", "templates"):
            shutil.rmtree(restorable.project.root / name)
            shutil.copytree(restorable.earlier / name, restorable.project.root / name)
        outcome = restorable.project.build("--receipt", restorable.receipt)
        found = leftovers(restorable.kept.parent)
        whole = clean_site(restorable.project, restorable.kept.parent / "clean")
        if outcome.code or found or differences(tree(restorable.project.public), whole):
            problems.append(f"{number}. {restorable.calls[number - 1]}: {outcome.text[:200]} {found}")
    fail_with(problems)


def test_what_a_killed_build_left_goes_with_a_build_that_has_nothing_to_do(tmp_path, faults):
    project = small_project(tmp_path / "project")
    project.built()
    template = project.root / "templates/certificate/certificate.mustache"
    kept = template.read_bytes()
    template.write_bytes(kept + b"<!-- another -->\n")
    calls = tmp_path / "calls"
    environment = {"LD_PRELOAD": str(faults), "FAULT_AT": "4", "FAULT_HOW": "half",
                   "FAULT_LOG": str(calls)}
    assert project.build("--jobs", 1, env=environment).code == -signal.SIGKILL
    assert calls.read_text(encoding="utf-8").splitlines()[2] == "open .canting/new-0"
    template.write_bytes(kept)
    project.built()
    assert leftovers(tmp_path) == []


def named(restorable):
    """The call that gives the receipt its name; after it, only the cache is written."""
    return max(number for number, call in enumerate(restorable.calls, 1)
               if call == f"rename {restorable.receipt}")


@pytest.mark.parametrize("how, reason", [
    ("full", "No space left on device"), ("readonly", "Read-only file system"),
    ("denied", "Permission denied")])
def test_a_disk_that_takes_no_more_from_some_moment_on_costs_nothing_but_the_news(
        restorable, faults, how, reason):
    def check(outcome, number):
        # What is remembered of a build may be lost; that it is complete must be said.
        if how == "full" and number > named(restorable):
            assert outcome.code == 0, outcome.text
            return
        assert outcome.code == 70, outcome.text
        message = outcome.err.decode()
        assert re.fullmatch(r"canting: cannot \w+ .+: .*\n", message), message
        assert reason in message or "ermission" in message or "space" in message, message
    kinds = ("open", "write", "mkdir") if how == "full" else (
        "open", "rename", "unlink", "rmdir", "mkdir")
    numbers = [number for number in chosen_calls(restorable, 20)
               if restorable.calls[number - 1].split()[0] in kinds and number not in calls_before_receipt(restorable)]
    inject(restorable, faults, how, numbers[::4], check)


# MARK: Any moment at all


class Editor:
    """Somebody who changes the project again and again."""

    def __init__(self, project, chance):
        self.project = project
        self.chance = chance
        self.serial = 100
        self.day = 0

    def edit(self):
        """Something is added, something changed and something deleted."""
        self.day += 1
        self.serial += 1
        date = f"2026-{self.day // 28 + 1:02}-{self.day % 28 + 1:02}"
        add_rows(self.project, person(self.serial))
        rows = self.project.rows()
        row = self.chance.choice([row for row in rows if row["status"] in ("", "suspended")])
        self.project.write_rows([
            {**each, "status": "suspended" if not row["status"] else "revoked", "status_date": date}
            if each is row else each for each in rows])
        erase_row(self.project, self.chance.choice(
            [row["number"] for row in rows if row["status"] != "erased"]), date=date)
        news = sorted((self.project.root / "content/news").glob("*.md"))
        self.chance.choice(news).unlink()
        for number in range(2):
            self.project.write_news(f"{date}-w{self.serial}-{number}.en.md", "Text.", date=date)
        if self.day % 2:
            with open(self.project.root / "templates/certificate/certificate.mustache", "a") as file:
                file.write(f"<!-- {self.day} -->\n")
        if self.day % 5 == 0:
            files = ["page"] if self.day % 10 else ["page", "record", "credential"]
            self.project.set_site(certificate_files=files)


def killed(project, receipt, seconds):
    """Starts a build and kills it after some seconds; whether it was killed before it ended."""
    build = subprocess.Popen(
        [PROGRAM, "build", "--quiet", "--root", project.root, "--now", NOW, "--receipt", receipt,
         "--max-deletes", "1000"],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        start_new_session=True, env=WITHOUT_PICTURES)
    try:
        build.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(build.pid, signal.SIGKILL)
    _, problem = build.communicate(timeout=120)
    assert build.returncode in (0, -signal.SIGKILL), problem.decode()
    return build.returncode == -signal.SIGKILL


def test_after_many_kills_the_site_is_that_of_a_clean_build_and_no_receipt_missed_a_file(
        tmp_path):
    chance = random.Random(20261124)
    project = small_project(tmp_path / "project")
    add_rows(project, *registered(60, first=10))
    editor = Editor(project, chance)
    receipt = tmp_path / "receipt.json"
    mirror = Mirror()

    def take():
        if receipt.exists():
            mirror.take(read_receipt(receipt), project.public)
            receipt.unlink()

    project.built("--receipt", receipt)
    take()
    kills, rounds, duration = 0, 0, 0.3
    old = site_files(project.public)
    while kills < KILLS:
        rounds += 1
        assert rounds < KILLS, "too few of the builds could be killed before they ended"
        states = [old]
        # In some rounds the input changes again before a build is finished.
        for turn in range(1 + rounds % 2):
            editor.edit()
            states.append({path: content for path, content in
                           clean_site(project, tmp_path / "clean").items()
                           if not path.startswith(".canting/")})
            for _ in range(8):
                kills += killed(project, receipt, chance.uniform(0.1, 1) * duration)
                now = site_files(project.public)
                for path, content in now.items():
                    assert any(content == state.get(path) for state in states), path
                assert set.intersection(*(set(state) for state in states)) <= set(now)
                take()
        start = time.monotonic()
        project.built("--receipt", receipt, "--max-deletes", "1000")
        duration = min(duration, time.monotonic() - start)
        take()
        assert differences(tree(project.public), clean_site(project, tmp_path / "clean")) == []
        mirror.check_against(project.public)
        assert leftovers(tmp_path) == []
        old = site_files(project.public)

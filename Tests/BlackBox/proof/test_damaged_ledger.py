"""A ledger of which a file was damaged is refused, and nothing is written."""

import os
import random
import re
import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest

from support.output import changed, stamps, tree
from support.project import ledger_of, bare_project, with_everything
from support.proof import NUMBER, flipped, site_of
from support.registry import registered
from support.verifier import Log, expected_tiles


def copies_of(project, folder):
    """As many copies of a project as can be built at a time."""
    return [with_everything(project, folder / f"copy-{number}")
            for number in range(max(2, os.cpu_count() or 2))]


@pytest.fixture(scope="module")
def few(published_template, tmp_path_factory):
    """Copies of a project with a handful of certificates."""
    return copies_of(published_template, tmp_path_factory.mktemp("few"))


@pytest.fixture(scope="module")
def many(tmp_path_factory):
    """Copies of a project whose ledger has full tiles, partial ones, and those of old checkpoints."""
    folder = tmp_path_factory.mktemp("many")
    project = bare_project(folder / "project")
    for count in (250, 258, 263):
        project.write_rows(registered(count))
        project.built()
    assert {"tile/0/000", "tile/0/001.p/2", "tile/0/001.p/7", "tile/1/000.p/1", "tile/entries/000",
            "tile/entries/001.p/2", "tile/entries/001.p/7"} <= set(tree(ledger_of(project)))
    return copies_of(project, folder)


def insist_on_refusal(projects, damages):
    """Builds once for each damaged file, and fails with those of which the outcome was wrong.

    A damage is a file of the ledger, a word for what is done to it, and its bytes then, or None.
    """
    free = list(projects)
    public = {project.root: stamps(project.public) for project in projects}
    good = tree(ledger_of(projects[0]))

    def outcome(damage):
        name, what, content = damage
        project = free.pop()
        file = ledger_of(project) / name
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content)
        run = project.build("--format", "json")
        problem = judged(name, run)
        damaged = {path: content if path == name else kept for path, kept in good.items()
                   if path != name or content is not None}
        if tree(ledger_of(project)) != damaged:
            problem = problem or "the ledger was written"
            shutil.rmtree(ledger_of(project))
            shutil.copytree(pristine, ledger_of(project))
        file.write_bytes(good[name])
        free.append(project)
        return problem and f"{name}, {what}: {problem}"

    pristine = projects[0].root.parent / "pristine"
    shutil.copytree(ledger_of(projects[0]), pristine, dirs_exist_ok=True)
    with ThreadPoolExecutor(len(projects)) as pool:
        problems = [problem for problem in pool.map(outcome, damages) if problem]
    for project in projects:
        if changed(public[project.root], stamps(project.public)):
            problems.append(f"{project.root.name}: the site was written")
    assert not problems, "\n".join(["", *problems])


def judged(name, run):
    """What is wrong with how the program took a damaged file."""
    if run.code != 1:
        return f"exit {run.code}"
    if name == "published":
        # It is no part of the tree: what it says is held against the registry and the keys, too.
        return None if run.findings else "nothing found"
    # A signature that no key made is told as that: other keys and a damaged line look alike.
    if set(run.ids) != {"ledger-damaged"} and (name, set(run.ids)) != ("checkpoint", {"ledger-of-other-keys"}):
        return f"found {run.ids}"
    if not any(finding["path"] == f"seeds/ledger/{name}" or name in finding["message"]
               for finding in run.findings):
        return f"blamed {[finding['path'] for finding in run.findings]}"
    return None


def test_flipped_bytes_of_the_checkpoint_are_refused(few):
    """Some of each line; SignedNoteTests.swift flips every byte of a note, without starting a program for each."""
    content = (ledger_of(few[0]) / "checkpoint").read_bytes()
    chance = random.Random(20261123)
    damages, start = [], 0
    for line in content.splitlines(keepends=True):
        places = sorted({0, len(line) - 1, *chance.sample(range(len(line)), min(8, len(line)))})
        damages += [("checkpoint", f"byte {start + at}", flipped(content, start + at, 1 << chance.randrange(8)))
                    for at in places]
        start += len(line)
    assert len(damages) > 30
    insist_on_refusal(few, damages)


def test_base64_in_another_form_than_its_one_is_refused(few):
    """The last digit before the padding has bits that mean nothing, and must be zero."""
    content = (ledger_of(few[0]) / "checkpoint").read_bytes()
    alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    damages = []
    for at in [match.start() for match in re.finditer(rb"[^=]=\n", content)]:
        other = alphabet[alphabet.index(content[at]) ^ 1]
        damages.append(("checkpoint", f"byte {at}", flipped(content, at, content[at] ^ other)))
    assert len(damages) == 2
    insist_on_refusal(few, damages)


def test_flipped_bytes_of_the_tiles_are_refused(many):
    chance = random.Random(15000)
    files = {name: content for name, content in tree(ledger_of(many[0])).items()
             if name.startswith("tile/")}
    # As many of each small file as of the large ones, so that none is left out.
    damages = []
    for name in sorted(files) * 3:
        at, mask = chance.randrange(len(files[name])), chance.randrange(1, 256)
        damages.append((name, f"byte {at} ^ {mask}", flipped(files[name], at, mask)))
    insist_on_refusal(many, damages)


def test_flipped_bytes_of_the_private_index_are_refused(few):
    chance = random.Random(2024)
    content = (ledger_of(few[0]) / "published").read_bytes()
    damages = []
    for _ in range(15):
        at, mask = chance.randrange(len(content)), chance.randrange(1, 256)
        damages.append(("published", f"byte {at} ^ {mask}", flipped(content, at, mask)))
    insist_on_refusal(few, damages)


def test_an_index_that_forgot_a_number_is_refused(few):
    """It says so of erased certificates alone; another would be issued a second time."""
    content = (ledger_of(few[0]) / "published").read_bytes()
    damages = [("published", f"without {name}", content.replace(NUMBER[name].encode(), b""))
               for name in ("valid", "revoked", "successor")]
    assert content not in [damage[2] for damage in damages]
    insist_on_refusal(few, damages)


def test_files_of_the_ledger_that_were_cut_or_lost_or_grew_are_refused(many):
    files = tree(ledger_of(many[0]))
    log = Log.read(ledger_of(many[0]), site_of(many[0]).verifier_keys)
    # Without the checkpoint, or a tile of an old one, nobody can say that they were there.
    needed = {*expected_tiles(log.contents), "published"}
    damages = []
    for name, content in files.items():
        if content:
            damages += [(name, "cut", content[:len(content) // 2]), (name, "longer", content + b"\0")]
        if name in needed:
            damages.append((name, "lost", None))
    assert len(damages) > 20
    insist_on_refusal(many, damages)

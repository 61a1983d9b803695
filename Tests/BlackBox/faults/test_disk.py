"""Disks that are full, read-only or closed to the publisher: small file systems of the tests' own."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.faults import edit_everything, leftovers
from support.output import differences, site_files, stamps, tree
from support.program import NOW, PROGRAM, WITHOUT_PICTURES
from support.project import ledger_of, small_project
from support.receipts import Mirror, clean_site, read_receipt

FULL = "No space left on device"
READ_ONLY = "Read-only file system"


class Mounts:
    """A process that sees file systems which nobody else sees."""

    def __init__(self):
        for way in (["unshare", "-m"], ["unshare", "-Urm"]):
            self.holder = subprocess.Popen(
                [*way, "sh", "-c", "mount --make-rprivate / && echo ready && exec sleep 600"],
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            if self.holder.stdout.readline() == b"ready\n":
                self.enter = ["nsenter", "-t", str(self.holder.pid), "-m"]
                if way[1] != "-m":
                    self.enter += ["-U", "--preserve-credentials"]
                return
            self.holder.wait()
        self.holder = None

    def run(self, *command):
        """Runs a command that sees them."""
        return subprocess.run([*self.enter, *map(str, command)], capture_output=True, timeout=120)

    def insist(self, *command):
        done = self.run(*command)
        assert done.returncode == 0, done.stderr.decode()

    def small(self, folder, size="16m"):
        """A file system of its own in a folder, with what was there."""
        kept = folder.with_name(f"{folder.name}.kept")
        folder.rename(kept)
        folder.mkdir()
        self.insist("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder)
        self.insist("cp", "-a", f"{kept}/.", folder)
        shutil.rmtree(kept)

    def seen(self, folder):
        """The folder as the process sees it."""
        return Path(f"/proc/{self.holder.pid}/root{folder}")

    def fill(self, folder, free):
        """Leaves room for some bytes and no more."""
        self.insist(sys.executable, "-c", f"""
import os
place = os.statvfs({str(folder)!r})
with open({str(folder / 'filler')!r}, 'wb') as file:
    file.write(bytes(place.f_bavail * place.f_frsize - {free}))
""")

    def build(self, project, *arguments):
        return self.run("env", "PATH=/nowhere", PROGRAM, "build", "--root", project.root, "--now", NOW, *arguments)

    def end(self):
        if self.holder:
            self.holder.kill()
            self.holder.wait()


@pytest.fixture
def mounts():
    made = Mounts() if sys.platform == "linux" and shutil.which("unshare") else None
    if made is None or made.holder is None:
        pytest.skip("needs Linux and the right to mount a file system in a namespace")
    yield made
    made.end()


@pytest.fixture(scope="module")
def states(tmp_path_factory):
    """A project that was built, edited since, and the site before and after."""
    folder = tmp_path_factory.mktemp("states")
    project = small_project(folder / "project")
    project.built("--receipt", folder / "receipt.json")
    old = site_files(project.public)
    edit_everything(project)
    return project, old, clean_site(project, folder / "clean")


def project_in(states, target):
    project, old, new = states
    shutil.copytree(project.root, target, symlinks=True)
    return type(project)(target), old, new


def insist_on_message(done, reason, start):
    assert done.returncode == 70, (done.returncode, done.stderr)
    message = done.stderr.decode()
    assert re.fullmatch(rf"canting: cannot \w+ (to )?{start}.*: .*{reason}\n", message), message


def insist_on_old_site(now, old, new):
    """Each file is whole, old or new, and none is missing."""
    for path, content in now.items():
        assert content in (old.get(path), new.get(path)), path
    assert set(old) <= set(now)


@pytest.mark.parametrize("free", [0, 4096, 20_000, 60_000, 100_000])
def test_a_full_disk_under_the_site_leaves_the_old_one_and_the_next_build_completes_it(
        states, mounts, tmp_path, free):
    project, old, new = project_in(states, tmp_path / "project")
    mounts.small(project.public)
    mounts.fill(project.public, free)
    done = mounts.build(project, "--receipt", tmp_path / "none.json")
    insist_on_message(done, FULL, "public")
    now = site_files(mounts.seen(project.public))
    now.pop("filler")
    insist_on_old_site(now, old, new)
    assert not (tmp_path / "none.json").exists()
    (mounts.seen(project.public) / "filler").unlink()
    done = mounts.build(project, "--receipt", tmp_path / "receipt.json")
    assert done.returncode == 0, done.stderr
    assert differences(tree(mounts.seen(project.public)), new) == []
    receipt = read_receipt(tmp_path / "receipt.json")
    assert receipt["followsInterruption"] is True
    mirror = Mirror()
    mirror.files = dict(old)
    mirror.take(receipt, mounts.seen(project.public))
    mirror.check_against(mounts.seen(project.public))


@pytest.mark.parametrize("free", [0, 4096, 8192])
def test_a_full_disk_under_the_ledger_seals_nothing_and_shows_nothing(
        states, mounts, tmp_path, free):
    project, old, new = project_in(states, tmp_path / "project")
    before = stamps(project.public)
    sealed = tree(ledger_of(project))
    mounts.small(ledger_of(project))
    mounts.fill(ledger_of(project), free)
    insist_on_message(mounts.build(project), FULL, "seeds/ledger")
    assert stamps(project.public) == before
    kept = tree(mounts.seen(ledger_of(project)))
    assert {path: kept[path] for path in sealed} == sealed
    (mounts.seen(ledger_of(project)) / "filler").unlink()
    assert mounts.build(project).returncode == 0
    assert differences(tree(project.public), new) == []


@pytest.mark.parametrize("free", [0, 16_384, 90_000])
def test_a_full_disk_under_everything_is_survived(states, mounts, tmp_path, free):
    project, old, new = project_in(states, tmp_path / "project")
    mounts.small(project.root)
    mounts.fill(project.root, free)
    done = mounts.build(project, "--receipt", project.root / "receipt.json")
    assert done.returncode == 70 and FULL in done.stderr.decode(), done.stderr
    insist_on_old_site(site_files(mounts.seen(project.public)), old, new)
    (mounts.seen(project.root) / "filler").unlink()
    assert mounts.build(project).returncode == 0
    assert differences(tree(mounts.seen(project.public)), new) == []


@pytest.mark.parametrize("place, free", [("public", 0), ("seeds/ledger", 4096), (".", 90_000)])
def test_a_full_disk_gets_back_what_could_not_be_written_whole(
        states, mounts, tmp_path, place, free):
    project, _, _ = project_in(states, tmp_path / "project")
    mounts.small(project.root / place)
    mounts.fill(project.root / place, free)
    assert mounts.build(project, "--receipt", project.root / "receipt.json").returncode == 70
    # The mark stays until a build was finished.
    assert [path for path in leftovers(mounts.seen(project.root))
            if not path.endswith("unfinished")] == []


@pytest.mark.parametrize("free", [0, 4096, 200_000])
def test_a_first_site_that_finds_no_room_leaves_nothing_behind(states, mounts, tmp_path, free):
    project, _, new = project_in(states, tmp_path / "project")
    shutil.rmtree(project.public)
    place = tmp_path / "place"
    place.mkdir()
    mounts.small(place)
    mounts.fill(place, free)
    done = mounts.build(project, "--output", place / "site")
    assert done.returncode == 70 and FULL in done.stderr.decode(), done.stderr
    assert str(place / "site") in done.stderr.decode()
    assert [path.name for path in mounts.seen(place).iterdir()] == ["filler"]
    (mounts.seen(place) / "filler").unlink()
    assert mounts.build(project, "--output", place / "site").returncode == 0
    assert differences(tree(mounts.seen(place / "site")), new) == []
    assert [path.name for path in mounts.seen(place).iterdir()] == ["site"]


@pytest.mark.parametrize("place", ["public", "."])
def test_a_folder_that_became_read_only_is_told_of_and_stays_as_it_is(
        states, mounts, tmp_path, place):
    project, old, new = project_in(states, tmp_path / "project")
    folder = project.root / place
    before = stamps(project.public)
    mounts.insist("mount", "--bind", folder, folder)
    mounts.insist("mount", "-o", "remount,ro,bind", folder)
    insist_on_message(mounts.build(project), READ_ONLY, "public")
    assert stamps(project.public) == before
    # Outside of the namespace, the folder can still be written.
    project.built()
    assert differences(tree(project.public), new) == []


def test_a_project_that_cannot_be_written_is_built_into_another_place(states, mounts, tmp_path):
    project, _, new = project_in(states, tmp_path / "project")
    project.built()
    mounts.insist("mount", "--bind", project.root, project.root)
    mounts.insist("mount", "-o", "remount,ro,bind", project.root)
    for _ in range(2):
        done = mounts.build(project, "--output", tmp_path / "site")
        assert done.returncode == 0, done.stderr
        assert differences(tree(tmp_path / "site"), new) == []
    # And where there is nothing to do, nothing need be written.
    assert mounts.build(project).returncode == 0


@pytest.mark.skipif(
    os.geteuid() != 0, reason="takes root, who can be somebody else")
@pytest.mark.parametrize("place", ["c", "folder", "news", ".canting", "log"])
def test_a_folder_that_may_not_be_written_any_more_is_told_of(states, tmp_path, place):
    """Somebody who is not root builds, and a part of the old site has become somebody else's."""
    project, old, new = project_in(states, tmp_path / "project")
    somebody = 65534
    for folder in (tmp_path, *tmp_path.parents):
        # Others may pass, as they may in any home.
        if folder.stat().st_uid == os.geteuid() and len(folder.parts) > 2:
            folder.chmod(folder.stat().st_mode | 0o011)
    for path in (project.root, *project.root.rglob("*")):
        os.chown(path, somebody, somebody)
    changed = next(path for path in sorted(new) if path.startswith("c/") and new[path] != old.get(path))
    locked = project.public / (str(Path(changed).parent) if place == "folder" else place)
    for path in (locked, *locked.rglob("*")):
        os.chown(path, 0, 0)

    def build():
        return subprocess.run(
            [PROGRAM, "build", "--quiet", "--root", project.root, "--now", NOW],
            user=somebody, group=somebody, extra_groups=[], env=WITHOUT_PICTURES, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    outcome = build()
    assert outcome.returncode == 70, outcome
    message = outcome.stderr.decode()
    assert re.fullmatch(r"canting: cannot \w+ public/.+: Permission denied\n", message), message
    insist_on_old_site(site_files(project.public), old, new)
    for path in (locked, *locked.rglob("*")):
        os.chown(path, somebody, somebody)
    outcome = build()
    assert outcome.returncode == 0, outcome
    assert differences(tree(project.public), new) == []


def test_a_page_that_cannot_be_replaced_is_named_and_nothing_is_deleted(states, tmp_path):
    project, old, new = project_in(states, tmp_path / "project")
    page = next(path for path in old if path.startswith("c/") and path.endswith("index.html")
                and path in new)
    (project.public / page).unlink()
    (project.public / page).mkdir()
    (project.public / page / "mine").write_text("mine", encoding="utf-8")
    outcome = project.build()
    assert outcome.code == 70
    assert outcome.err.decode() == (
        f"canting: cannot write public/{page}: a folder with files lies in its place; move that out of public\n")
    now = site_files(project.public)
    assert now.pop(f"{page}/mine") == b"mine"
    insist_on_old_site(now, {path: content for path, content in old.items() if path != page}, new)
    shutil.rmtree(project.public / page)
    project.built()
    assert differences(tree(project.public), new) == []


@pytest.mark.parametrize("linked", [False, True])
@pytest.mark.parametrize("dangling", [False, True])
def test_what_is_in_the_place_of_a_folder_is_named(states, tmp_path, linked, dangling):
    """And nothing else: links to folders are somebody's way to keep certificates elsewhere."""
    project, old, new = project_in(states, tmp_path / "project")
    if linked:
        (project.public / "c").rename(tmp_path / "elsewhere")
        (project.public / "c").symlink_to(tmp_path / "elsewhere")
    page = next(path for path in old if path.startswith("c/") and path in new)
    folder = (project.public / page).parent
    shutil.rmtree(folder)
    if dangling:
        folder.symlink_to("nowhere")
    else:
        folder.write_text("mine", encoding="utf-8")
    place = folder.relative_to(project.root)
    outcome = project.build()
    assert outcome.code == 70
    message = outcome.err.decode()
    assert message.startswith(f"canting: cannot write {place}/"), message
    assert message.endswith(f": {place} is no folder; move it out of public\n"), message
    assert folder.is_symlink() if dangling else folder.read_text(encoding="utf-8") == "mine"
    folder.unlink()
    project.built()
    if linked:
        (project.public / "c").unlink()
        (tmp_path / "elsewhere").rename(project.public / "c")
    assert differences(tree(project.public), new) == []


def test_a_file_in_the_place_of_the_published_log_is_named_and_kept(states, tmp_path):
    project, _, new = project_in(states, tmp_path / "project")
    log = project.public / "log"
    log.rename(tmp_path / "log")
    log.write_text("mine", encoding="utf-8")
    outcome = project.build()
    assert outcome.code == 70
    assert outcome.err.decode() == (
        "canting: cannot read public/log/checkpoint: a file lies where a folder belongs; move it away\n")
    assert log.read_text(encoding="utf-8") == "mine"
    log.unlink()
    (tmp_path / "log").rename(log)
    project.built()
    assert differences(tree(project.public), new) == []


def test_a_folder_in_the_place_of_a_page_that_goes_is_kept(project):
    project.write_news("2026-01-02-zz-kabar.en.md", "Text.")
    project.built()
    page = project.public / "news/zz-kabar/index.html"
    page.unlink()
    page.mkdir()
    (page / "mine").write_text("mine", encoding="utf-8")
    (project.root / "content/news/2026-01-02-zz-kabar.en.md").unlink()
    project.built()
    assert (page / "mine").read_text(encoding="utf-8") == "mine"

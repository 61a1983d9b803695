"""The rooms of Sources/: what each may import, how many files a folder has, and the picture of them all."""

import shutil
import subprocess
import sys

import pytest

from support.program import REPOSITORY


def checked(root):
    done = subprocess.run([sys.executable, root / "bin/rooms", "--check"], capture_output=True, text=True)
    return done.returncode, done.stdout.strip().splitlines()


@pytest.mark.smoke
def test_the_rooms_are_as_they_are_drawn():
    assert checked(REPOSITORY)[0] == 0, checked(REPOSITORY)[1]


@pytest.fixture
def copy(tmp_path):
    for name in ("Sources", "templates"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    for name in ("Package.swift", "bin/rooms", "docs/pictures/rooms.svg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, tmp_path / name)
    return tmp_path


def test_an_import_of_what_a_room_may_not_know_is_found(copy):
    file = copy / "Sources/Verification/Verification.swift"
    file.write_text("package import Pages\n" + file.read_text(encoding="utf-8"), encoding="utf-8")
    assert checked(copy) == (1, ["Sources/Verification/Verification.swift imports Pages, which Verification may not know"])


def test_a_folder_with_too_many_files_is_found(copy):
    for number in range(26):
        (copy / f"Sources/Proof/Log/More{number}.swift").touch()
    code, lines = checked(copy)
    assert code == 1 and lines[0].startswith("Sources/Proof/Log has ")


def test_a_picture_that_is_out_of_date_is_found(copy):
    with open(copy / "docs/pictures/rooms.svg", "a", encoding="utf-8") as file:
        file.write("<!-- another -->")
    assert checked(copy) == (1, ["docs/pictures/rooms.svg is out of date: run bin/rooms"])

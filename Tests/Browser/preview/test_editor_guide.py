"""What the guides for editors tell is what happens."""

import re
import shutil
import struct
import subprocess

import pytest

from support.browser.editor_guide import GUIDES, PICTURE
from support.browser.published_site import PROGRAM, REPOSITORY, TODAY


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    root = tmp_path_factory.mktemp("guide") / "project"
    for name in ("content", "templates", "seeds"):
        shutil.copytree(REPOSITORY / name, root / name)
    return root


def run(project, *arguments):
    done = subprocess.run([PROGRAM, *arguments, "--root", str(project), "--now", TODAY.isoformat()],
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=600)
    return done.returncode, done.stdout.decode() + done.stderr.decode()


def commands(guide, name):
    return re.findall(rf"^    canting ({name}.*)$", guide.text, re.M)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.language)
def test_the_example_begins_grows_fails_waits_and_is_mended_as_told(project, guide):
    file = project / guide.file
    (beginning,) = commands(guide, "new")
    title, options = re.fullmatch(r'new "([^"]+)"(.*)', beginning).groups()
    assert run(project, "new", title, *options.split()) == (0, guide.file + "\n")
    begun = file.read_text(encoding="utf-8")
    # What the program filled in is still there in the finished example.
    assert [line for line in begun.splitlines() if line not in guide.example.splitlines()] == ["summary:"]
    (project / PICTURE[0]).write_bytes((REPOSITORY / PICTURE[1]).read_bytes())
    finding, waiting = guide.printed
    try:
        file.write_text(guide.example, encoding="utf-8")
        code, said = run(project, "check")
        assert code == 0 and guide.file not in said
        file.write_text(guide.mistaken, encoding="utf-8")
        code, said = run(project, "check", "--quiet")
        assert code == 1 and finding in said
        file.write_text(guide.example.replace("draft: true", "publish: 2026-12-01T09:00"), encoding="utf-8")
        assert run(project, "list") == (0, waiting)
    finally:
        file.unlink()
        (project / PICTURE[0]).unlink()


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.language)
def test_every_setting_is_in_the_table_and_every_picture_in_its_folder(project, guide):
    known = re.search(r"error: Keys here are (.+) \[", guide.printed[0])[1].split(", ")
    assert sorted(re.findall(r"^\| `(\w+)` \|", guide.text, re.M)) == sorted(known)
    for name in guide.pictures:
        picture = (REPOSITORY / "docs" / name).read_bytes()
        assert picture.startswith(b"\x89PNG") and len(picture) < 100_000
        assert struct.unpack(">II", picture[16:24]) == (1000, 720)


def mistake(number, wrong):
    """A file with a mistake of the guide's table, by its first cell."""
    code = re.search(r"`(\S.*?)`", wrong)[1]
    if re.match(r"hari\.", code):
        return code, "Text.\n"
    name, settings, text = f"2026-01-02-mistake-{number}.en.md", 'title: "A"', "Text."
    if re.match(r"\w+: ", code):
        settings = code if code.startswith("title") else f"{settings}\n{code}"
    elif code != "---":
        text = code
    return name, f"---\n{settings}\n{'' if code == '---' else '---'}\n\n{text}\n"


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.language)
def test_every_mistake_is_said_in_the_words_of_the_table(project, guide):
    table = re.split(r"^### (?:Mistakes|Kesalahan), .*$", guide.text, flags=re.M)[1].split("\n## ")[0]
    rows = [re.split(r" \| ", row)[:2] for row in re.findall(r"^\| (.+) \|$", table, re.M)[1:]]
    assert len(rows) == 17
    files = {}
    news = project / "content/news"
    try:
        (news / "kawung.svg").write_bytes((REPOSITORY / PICTURE[1]).read_bytes())
        (news / "scan.tif").write_bytes(b"II*\0")
        for number, (wrong, says) in enumerate(rows):
            name, text = mistake(number, wrong)
            files[name] = re.sub(r" \([^()]*\)$", "", says)
            (news / name).write_text(text, encoding="utf-8")
        code, said = run(project, "check", "--texts", "--quiet")
        assert code == 1
        for name, says in files.items():
            lines = [line for line in said.splitlines() if line.startswith(f"content/news/{name}:")]
            assert any(says in line for line in lines), f"{name}: {says}\n" + "\n".join(lines)
    finally:
        for name in (*files, "kawung.svg", "scan.tif"):
            (news / name).unlink(missing_ok=True)


def test_both_guides_tell_the_same():
    english, indonesian = GUIDES
    for pattern in (r"^#+ ", r"^\| ", r"^    ", r"^```", r"^- ", r"^\d\. "):
        assert len(re.findall(pattern, english.text, re.M)) == len(re.findall(pattern, indonesian.text, re.M)), pattern

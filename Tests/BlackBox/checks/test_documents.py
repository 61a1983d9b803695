"""What the documents name is there: files, chapters, commands and their options."""

import functools
import re

import pytest

from support.program import REPOSITORY, run_program

DOCUMENTS = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])
NAMES = [str(document.relative_to(REPOSITORY)) for document in DOCUMENTS]
#: Folders whose files are in the repository, whoever builds a site with it.
FOLDERS = ("bin/", "docs/", "Sources/", "Tests/")
#: Words behind `canting` that are no command: lines of files, and what people mistype.
NO_COMMANDS = {"registry", "published", "output", "deployed", "deploy,", "proof,", "help"}


def texts(document):
    """A document, and the same without what is shown as an example."""
    whole = document.read_text(encoding="utf-8")
    return whole, re.sub(r"^```.*?^```$", "", whole, flags=re.M | re.S)


def anchors(document):
    """The chapters of a document, as they are named in addresses."""
    headings = re.findall(r"^#+ (.+)$", texts(document)[1], re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def commands(text):
    """Command lines and their beginnings, in blocks and in lines of text."""
    blocks = re.findall(r"^```(?:sh)?\n(.*?)^```$", text, re.M | re.S)
    blocks += re.findall(r"(?:^    .*\n)+", text, re.M)
    lines = [line for block in blocks for line in block.replace("\\\n", "").splitlines()]
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.M | re.S))
    for line in lines + spans:
        line = re.sub(r"#.*$", "", line.strip().removeprefix("$ "))
        for part in re.split(r" [|>;] | && |  +", line):
            words = part.split()
            if len(words) > 1 and words[0] in ("canting", "bin/canting") and ", version" not in line:
                yield words[1:]


@functools.cache
def help_of(*names):
    return run_program("help", *names).out.decode()


@pytest.mark.smoke
@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_files_and_chapters(name):
    document = REPOSITORY / name
    prose = re.sub(r"`[^`\n]*`|^    .*$", "", texts(document)[1], flags=re.M)
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"https?:|mailto:", target):
            continue
        path, _, chapter = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        assert file.exists(), target
        if chapter and file.suffix == ".md":
            assert chapter in anchors(file), target


@pytest.mark.smoke
@pytest.mark.parametrize("name", NAMES)
def test_files_of_the_repository_are_there(name):
    for path in re.findall(r"`((?:\w|\.)[^`\s]*)`", texts(REPOSITORY / name)[1]):
        path = path.rstrip("/")
        if path.startswith(FOLDERS) and not re.search(r"[…*<>{}]|[A-Z]{4}|-N\b", path.removesuffix("README.md")):
            assert (REPOSITORY / path).exists(), path


@pytest.mark.smoke
@pytest.mark.parametrize("name", [name for name in NAMES if name != "CHANGELOG.md"])
def test_commands_and_options_are_known(name):
    known = set(re.findall(r"^  ([a-z-]+)  ", help_of().split("SUBCOMMANDS:")[1], re.M))
    named = 0
    for words in commands((REPOSITORY / name).read_text(encoding="utf-8")):
        command = words[0].rstrip(",.")
        if command in NO_COMMANDS or not re.fullmatch(r"[a-z][a-z-]*", command):
            continue
        assert command in known, words
        names = [command]
        if "SUBCOMMANDS:" in help_of(command) and len(words) > 1:
            names.append(words[1].rstrip(",."))
            assert re.search(rf"^  {re.escape(names[1])}  ", help_of(command), re.M), words
        for option in re.findall(r"--[a-z-]+", " ".join(words)):
            assert re.search(rf"(?:^|[ /]){option}\b", help_of(*names), re.M), f"{option} of {words}"
        named += 1
    assert named or name not in ("README.md", "docs/publisher.md", "docs/editor.en.md", "docs/deploy.md")


def test_every_command_is_in_the_readme():
    known = set(re.findall(r"^  ([a-z-]+)  ", help_of().split("SUBCOMMANDS:")[1], re.M))
    assert known <= {words[0] for words in commands((REPOSITORY / "README.md").read_text(encoding="utf-8"))}

"""The tests' own order: what they share is in Tests/support, and no test imports another."""

import ast

import pytest

from support.program import REPOSITORY

TESTS = REPOSITORY / "Tests"
FILES = sorted(file.relative_to(TESTS) for folder in ("BlackBox", "Browser", "support")
               for file in (TESTS / folder).rglob("*.py"))


def imported(file):
    """The modules that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse((TESTS / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from [node.module or "", *(f"{node.module}.{each.name}" for each in node.names)]


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_file_imports_no_test_file(file):
    names = {other.stem for other in FILES if other.name.startswith("test_")} | {"BlackBox", "Browser", "conftest"}
    assert [module for module in imported(file) if names & set(module.split("."))] == []
    assert file.stem == "test_layout_of_tests" or "sys.path" not in (TESTS / file).read_text(encoding="utf-8")


@pytest.mark.smoke
def test_every_test_file_has_a_name_of_its_own():
    names = [file.name for file in FILES if file.name.startswith("test_")]
    assert len(names) == len(set(names))


@pytest.mark.smoke
def test_a_folder_has_at_most_some_twenty_files():
    folders = {file.parent for file in FILES}
    assert {str(folder) for folder in folders if len(list((TESTS / folder).glob("*.py"))) > 22} == set()

"""The step of the log where the site publishes a policy of witnesses: who cosigned, when, and what cannot be told."""

import json

import pytest

from support.browser.published_site import tidy
from support.browser.verification import file, stages
from support.witnesses import Signer, split

NOON = 1_795_435_200  # of the day that the browser takes for today
WITNESSES = [Signer(f"w{number}.example/w") for number in (1, 2, 3)]
STRANGER = Signer("stranger.example/w")


def policy(rule):
    lines = "".join(f"witness Name-{number} {each.vkey} https://w.example/\n" for number, each in enumerate(WITNESSES, 1))
    return f"# who watches\n{lines}{rule}\n"


TWO = policy("group two 2 Name-1 Name-2 Name-3\nquorum two")


@pytest.fixture
def page(visitor, site):
    certificate = site.certificate("valid")
    edge = json.loads(file(site, "/log/edge.json"))
    text, _ = split(edge["checkpoint"].encode())

    def show(rule, lines):
        edge_with = {**edge, "checkpoint": edge["checkpoint"] + "".join(lines), "policy": rule}
        visitor.changes["/log/edge.json"] = json.dumps(edge_with).encode()
        assert visitor.checked(certificate.path) == "valid"
        assert visitor.stages == stages()
        visitor.run("document.querySelector('.checks details').open = true")
        index = visitor.attribute("main", "data-index")
        said = tidy(visitor.text('[data-step="log"] span')).replace("\u00a0", " ")
        assert f"{int(index):,}" in said
        return said
    show.text = text
    show.line = lambda signer, moment=NOON, heading="cosignature/v1": signer.line(text, moment, heading)
    return show


def test_it_names_who_cosigned_and_when(page, visitor):
    said = page(TWO, [page.line(WITNESSES[0]), page.line(WITNESSES[2], NOON - 86_400)])
    assert "Name-1 (23 November 2026), Name-3 (22 November 2026)" in said and "witnessed by" in said
    assert "Name-2" not in said
    # No file is asked for that a site without witnesses has not got.
    assert not any("policy" in address for address in visitor.requests())


def test_too_few_are_named_and_what_cannot_be_told_is_said(page):
    said = page(TWO, [page.line(WITNESSES[1])])
    assert "Name-2 (23 November 2026)" in said and "cannot be told" in said and "more witnesses" in said


@pytest.mark.parametrize("case", ["nobody", "a stranger", "another text", "another heading", "of a day to come",
                                  "without a moment", "cut", "another key's name"])
def test_a_line_that_does_not_hold_names_nobody(page, case):
    line = page.line(WITNESSES[0])
    lines = {
        "nobody": [], "a stranger": [page.line(STRANGER)],
        "another text": [WITNESSES[0].line(page.text.replace("\n", "0\n", 1), NOON)],
        "another heading": [page.line(WITNESSES[0], heading="cosignature/v2")],
        "of a day to come": [page.line(WITNESSES[0], NOON + 3 * 86_400)],
        "without a moment": [page.line(WITNESSES[0], 0)],
        "cut": [line[:60] + "=\n"],
        "another key's name": [line.replace("w1.example", "w2.example")],
    }[case]
    said = page(policy("quorum Name-1"), lines)
    assert "No witness has cosigned" in said and "cannot be told" in said and "Name-1" not in said


@pytest.mark.parametrize("rule, signed, enough", [
    ("quorum none", [], True), ("quorum Name-2", [0], False), ("quorum Name-2", [1], True),
    ("group a any Name-1 Name-2\ngroup b all a Name-3\nquorum b", [1, 2], True),
    ("group a any Name-1 Name-2\ngroup b all a Name-3\nquorum b", [0, 1], False),
    ("group a all Name-1 Name-2 Name-3\nquorum a", [0, 1, 2], True),
    ("group a 3 Name-1 Name-2 Name-3\nquorum a", [0, 1], False),
])
def test_a_quorum_is_that_of_the_policy(page, rule, signed, enough):
    said = page(policy(rule), [page.line(WITNESSES[number]) for number in signed])
    assert ("cannot be told" not in said) == enough
    assert all(f"Name-{number + 1} (" in said for number in signed)


def test_a_policy_that_cannot_be_read_takes_nothing_from_the_log(page):
    for broken in ("witness\n", "witness x\nquorum x\n", "quorum\n", "group g 1\nquorum g", "\u0000"):
        assert "cannot be told" in page(broken, [page.line(WITNESSES[0])])

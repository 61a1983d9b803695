"""The preview's page for editors: every announcement with its state, and a form that begins a new one."""

import http.client
import os
import re
import signal
import socket
import subprocess
import time
import urllib.parse

import html5lib
import pytest

from support.output import tree
from support.preview import Preview
from support.program import NOW, PROGRAM

TEXT = "---\ntitle: {title}\n{more}---\n\nWords.\n"


@pytest.fixture(scope="module")
def preview(tmp_path_factory):
    made = Preview.of_specimen(tmp_path_factory.mktemp("desk"))
    for name, title, more in (
        ("2026-01-02-draft.id.md", "Naskah <b>awal</b>", "draft: true\n"),
        ("2031-05-06-later.en.md", "Later", ""),
        ("2020-01-02-over.en.md", "Over", "expires: 2021-03-04\n"),
        ("2026-01-03-one.en.md", "One language", ""),
    ):
        made.write(f"content/news/{name}", TEXT.format(title=title, more=more))
    with made:
        yield made


def desk(preview, language="en", path="/.canting/"):
    answer, body = preview.ask(path, Accept_Language=language)
    assert answer.status == 200
    return body.decode("utf-8")


def rows(page):
    return {re.search(r"content/news/[^<]+", row)[0].removeprefix("content/news/"): row
            for row in re.findall(r"<tr class=.*?</tr>", page, re.S)}


def post(preview, fields, **headers):
    body = urllib.parse.urlencode(fields)
    connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=30)
    connection.request("POST", "/.canting/new", body, {
        "Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://127.0.0.1:{preview.port}", **headers})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_every_announcement_has_its_state(preview):
    shown = rows(desk(preview))
    assert "draft</td>" in shown["2026-01-02-draft.id.md"] and "appears 2031-05-06" in shown["2031-05-06-later.en.md"]
    assert "over since 2021-03-04" in shown["2020-01-02-over.en.md"] and "published 2026-01-03" in shown["2026-01-03-one.en.md"]
    assert sorted(shown) == sorted(path.name for path in (preview.root / "content/news").glob("*.md"))


def test_what_is_shown_can_be_opened_and_what_is_not_has_no_link(preview):
    shown = rows(desk(preview))
    assert "<a" not in shown["2026-01-02-draft.id.md"] and "<a" not in shown["2031-05-06-later.en.md"]
    address = re.search(r'href="([^"]+)"', shown["2026-01-03-one.en.md"])[1]
    assert preview.ask(address)[0].status == 200


def test_it_says_in_which_languages_a_text_is_missing(preview):
    shown = rows(desk(preview))
    assert shown["2026-01-03-one.en.md"].endswith("<td>en</td><td>id</td></tr>")
    assert shown["2026-01-02-draft.id.md"].endswith("<td>id</td><td>en</td></tr>")


def test_a_title_is_text_and_the_page_is_whole(preview):
    page = desk(preview)
    assert "Naskah &lt;b&gt;awal" in page and "<b>" not in page
    html5lib.HTMLParser(strict=True).parse(page)
    assert '<html lang="en">' in page and '<meta name="canting-version"' in page


def test_it_speaks_indonesian_to_whom_reads_it(preview):
    page = desk(preview, "id-ID,id;q=0.9,en;q=0.8")
    assert '<html lang="id">' in page and "<h1>Pengumuman</h1>" in page and "akan terbit 2031-05-06" in page


def test_a_new_announcement_is_a_draft_that_the_check_accepts(preview):
    before = set((preview.root / "content/news").iterdir())
    answer = post(preview, {"title": 'Jadwal "uji": #1 & <kompetensi>', "language": "id"})
    assert answer.status == 303
    made, = set((preview.root / "content/news").iterdir()) - before
    assert made.name == f"{NOW[:10]}-jadwal-uji-1-kompetensi.id.md"
    assert answer.headers["Location"] == f"/.canting/?made=content/news/{made.name}"
    page = desk(preview, path=answer.headers["Location"])
    assert f"<code>content/news/{made.name}</code> is there now" in page
    text = made.read_text(encoding="utf-8")
    assert 'title: "Jadwal \\"uji\\": #1 & <kompetensi>"' in text and "draft: true" in text
    again = post(preview, {"title": 'Jadwal "uji": #1 & <kompetensi>', "language": "id"})
    assert again.headers["Location"].startswith("/.canting/?exists=") and made.read_text(encoding="utf-8") == text
    made.write_text(text.replace("draft: true\n", ""), encoding="utf-8")
    done = subprocess.run([PROGRAM, "check", "--texts", "--root", preview.root, "--now", NOW], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made.unlink()


@pytest.mark.parametrize("fields, headers, status", [
    ({"title": "A", "language": "xx"}, {}, 303), ({"title": "…", "language": "en"}, {}, 303), ({}, {}, 303),
    ({"title": "A", "language": "../../x"}, {}, 303), ({"title": "../../../etc/passwd", "language": "en"}, {}, 303),
    ({"title": "A", "language": "en"}, {"Origin": "http://evil.example"}, 403),
    ({"title": "A", "language": "en"}, {"Origin": "null"}, 403),
    ({"title": "A", "language": "en"}, {"Host": "evil.example", "Origin": "http://evil.example"}, 421),
])
def test_nothing_else_can_be_written(preview, fields, headers, status):
    before = tree(preview.root)
    assert post(preview, fields, **headers).status == status
    after = tree(preview.root)
    new = set(after) - set(before)
    assert all(re.fullmatch(r"content/news/\d{4}-\d\d-\d\d-[a-z0-9-]+\.en\.md", str(path)) for path in new), new
    assert {path: after[path] for path in before} == before
    for path in new:
        assert fields["title"] == "../../../etc/passwd"
        (preview.root / path).unlink()


def test_what_the_address_says_is_shown_as_text(preview):
    page = desk(preview, path="/.canting/?made=%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_a_taken_port_is_passed_over_where_nobody_asked_for_it(preview):
    """Whichever of the usual ports are free here, at least the one that is taken now is not used."""
    with socket.socket() as other:
        try:
            other.bind(("127.0.0.1", 4000))
            other.listen()
        except OSError:
            pass  # Somebody else has it already: all the same to the program.
        process = subprocess.Popen(
            [PROGRAM, "serve", "--root", preview.root, "--now", NOW], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, env={**os.environ, "DISPLAY": ""},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
        try:
            lines = [process.stdout.readline() for _ in range(3)]
        finally:
            process.send_signal(signal.SIGINT)
            _, told = process.communicate(timeout=30)
    serving = next(line for line in lines if line.startswith("serving"))
    assert 4001 <= int(re.search(r":(\d+)/", serving)[1]) <= 4019
    assert "port 4000 is another program's; trying 4001" in told


def test_the_browser_is_opened_where_it_was_asked_for(preview, tmp_path):
    """A program in the browser's place writes down what it was given."""
    opener = tmp_path / "xdg-open"
    opener.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/opened\n')
    opener.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for option in ("--no-open", "--open"):
        process = subprocess.Popen(
            [PROGRAM, "serve", option, "--port", str(port), "--root", preview.root, "--now", NOW], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
        while not process.stdout.readline().startswith("texts"):
            assert process.poll() is None
        deadline = 200
        while option == "--open" and not (tmp_path / "opened").exists() and deadline:
            deadline -= 1
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=30)
        assert (tmp_path / "opened").exists() == (option == "--open")
    assert (tmp_path / "opened").read_text() == f"http://localhost:{port}/\n"

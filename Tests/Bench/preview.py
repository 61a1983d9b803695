#!/usr/bin/env python3
"""From saving a file to the answer with the page that shows it, in `canting serve`.

    Tests/Bench/preview.py CANTING PROJECT
"""
import http.client
import json
import pathlib
import socket
import statistics
import subprocess
import sys
import time


def states(port):
    """What the preview tells an open browser, one state after the other."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/.canting/events")
    answer = connection.getresponse()
    while line := answer.readline():
        if line.startswith(b"data: "):
            yield json.loads(line.removeprefix(b"data: "))


def ask(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    body = connection.getresponse().read()
    connection.close()
    return body


def preview(canting, root):
    """Milliseconds from saving to the answer with the page, for each kind of file."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    serve = subprocess.Popen(
        [canting, "serve", "--root", root, "--now", "2026-11-23", "--port", str(port)],
        stdout=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                ask(port, "/.canting/preview.js")
                break
            except OSError:
                time.sleep(0.05)
        told = states(port)
        version = next(told)["version"]
        for label, name in (
            ("text", "content/news/2025-10-02-national-batik-day.en.md"),
            ("template", "templates/news/announcement.mustache"), ("words", "templates/strings/en.yml"),
            ("schemes", "seeds/schemes.yml"),
        ):
            file = root / name
            good = file.read_text(encoding="utf-8")
            times = []
            for turn in range(11):
                # At another moment between two looks at the files each time.
                time.sleep(0.1 + 0.013 * turn)
                start = time.monotonic()
                file.write_text(good + "\n" * (turn % 2 + 1), encoding="utf-8")
                while (state := next(told))["version"] == version:
                    assert not state["findings"], state
                version = state["version"]
                ask(port, "/news/national-batik-day/")
                times.append((time.monotonic() - start) * 1000)
            print(f"{label:>12} {statistics.median(times):>8.0f} ms, at most {max(times):.0f}", flush=True)
    finally:
        serve.kill()
        serve.wait()


if __name__ == "__main__":
    preview(sys.argv[1], pathlib.Path(sys.argv[2]))

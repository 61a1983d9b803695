"""`canting serve`, running on a project."""

import http.client
import json
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from support.program import NOW, PROGRAM, REPOSITORY

PATIENCE = 60  # seconds after which a preview that does not answer is taken to have failed


class Preview:
    """A project folder, and the program that shows it while the `with` block runs."""

    def __init__(self, root, *options):
        self.root, self._options = Path(root), options
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    @classmethod
    def of_specimen(cls, folder, *options):
        """A preview of a copy of the specimen."""
        for name in ("content", "templates", "seeds"):
            shutil.copytree(REPOSITORY / name, Path(folder) / name)
        return cls(folder, *options)

    def address(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def read(self, path):
        return (self.root / path).read_text(encoding="utf-8")

    def write(self, path, text):
        (self.root / path).write_text(text, encoding="utf-8")

    def __enter__(self):
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--quiet", "--root", self.root, "--now", NOW, "--port", str(self.port), *self._options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            # A shell's background job would pass on that it ignores Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
        until = time.monotonic() + PATIENCE
        while not self._answers():
            assert self.process.poll() is None and time.monotonic() < until, "the preview does not answer"
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _answers(self):
        try:
            return self.ask("/.canting/preview.js", "HEAD")[0].status == 200
        except OSError:
            return False

    def ask(self, path, method="GET", host="127.0.0.1", **headers):
        connection = http.client.HTTPConnection(host, self.port, timeout=30)
        connection.putrequest(method, path, skip_host="Host" in headers)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return answer, body

    def events(self, seen=None):
        """What an open browser is told, one state after the other, over one connection."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(
                "GET", "/.canting/events", headers={} if seen is None else {"Last-Event-ID": str(seen)})
            answer = connection.getresponse()
            assert answer.headers["Content-Type"] == "text/event-stream"
            while line := answer.readline():
                if line.startswith(b"data: "):
                    yield json.loads(line.removeprefix(b"data: "))
        finally:
            connection.close()

    def event(self, seen=None):
        return next(self.events(seen))

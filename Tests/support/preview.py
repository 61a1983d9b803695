"""`canting serve`, running on a copy of the project."""

import http.client
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from published_site import PROGRAM, REPOSITORY, TODAY

PATIENCE = 60  # seconds after which a preview that does not answer is taken to have failed


class Preview:
    """A copy of the project, and the program that shows it while the `with` block runs."""

    def __init__(self, folder, *options):
        self.root, self._options = Path(folder), options
        for name in ("content", "templates", "seeds"):
            shutil.copytree(REPOSITORY / name, self.root / name)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def address(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def read(self, path):
        return (self.root / path).read_text(encoding="utf-8")

    def write(self, path, text):
        (self.root / path).write_text(text, encoding="utf-8")

    def __enter__(self):
        self._process = subprocess.Popen(
            [PROGRAM, "serve", "--quiet", "--root", str(self.root), "--now", TODAY.isoformat(), "--port", str(self.port),
             *self._options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            # A shell's background job would pass on that it ignores Ctrl-C.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
        until = time.monotonic() + PATIENCE
        while not self._answers():
            assert self._process.poll() is None and time.monotonic() < until, "the preview does not answer"
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _answers(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("HEAD", "/.canting/preview.js")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

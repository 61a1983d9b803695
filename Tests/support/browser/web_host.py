"""A static host as a careful publisher would set one up: plain files, strict headers, 404.html."""

import datetime
import ssl
import tempfile
import threading
import time
from fnmatch import fnmatch
from functools import cache, partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}

# Where a page says that it was painted.
PAINTED = "/painted"


class Held:
    """A file that is sent once the page that asked for it says that it was painted."""

    def __init__(self, data):
        self.data, self._painted = data, threading.Event()

    def open(self):
        self._painted.set()

    def wait(self):
        self._painted.wait(60)
        self._painted.clear()
        return self.data


@cache
def secure_context():
    """TLS with a certificate that is signed by its own key; the browser that uses it is told to take any."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now - datetime.timedelta(days=1),
        now + datetime.timedelta(days=1)).sign(key, hashes.SHA256())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM))
        file.flush()
        context.load_cert_chain(file.name)
    return context


class Files(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments, changes, **names):
        self.changes = changes
        super().__init__(*arguments, **names)

    def do_CONNECT(self):
        """Takes the browser's way through a proxy: this host is every host, with a certificate that nobody vouches for."""
        self.send_response_only(200)
        BaseHTTPRequestHandler.end_headers(self)
        self.connection = secure_context().wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
        self.close_connection = False

    def do_GET(self):
        path = self.path.split("?")[0]
        if path == PAINTED:
            for each in [*self.changes.values()]:
                if isinstance(each, Held):
                    each.open()
            self.send_response(204)
            self.end_headers()
            return
        matching = [each for each in (path, *self.changes) if each in self.changes and fnmatch(path, each)]
        if not matching:
            super().do_GET()
            return
        change = self.changes[matching[0]]
        if isinstance(change, Held):
            change = change.wait()
        if change is None:
            self.send_error(404)
        elif change == "hang":
            time.sleep(60)
        elif change == "cut":
            self.close_connection = True
        else:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8" if change[:9] == b"<!DOCTYPE" else self.guess_type(path))
            self.send_header("Content-Length", str(len(change)))
            self.end_headers()
            self.wfile.write(change)

    def end_headers(self):
        for name, value in HEADERS.items():
            self.send_header(name, value)
        # Assets carry the hash of their bytes in their names; pages are asked for anew every time.
        kept = self.path.startswith("/assets/") and self.path not in self.changes
        self.send_header("Cache-Control", "max-age=31536000, immutable" if kept else "no-cache")
        super().end_headers()

    def send_error(self, code, message=None, explain=None):
        if code != 404:
            super().send_error(code, message, explain)
            return
        body = Path(self.directory, "404.html").read_bytes()
        self.send_response(404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def list_directory(self, path):
        self.send_error(404)

    def guess_type(self, path):
        kind = super().guess_type(path)
        return f"{kind}; charset=utf-8" if kind in ("text/html", "text/css", "text/javascript") else kind

    def log_message(self, *_):
        pass


class WebHost:
    """Serves a folder on a free port of this machine while the `with` block runs.

    What stands in `changes`, under a path or a pattern of paths, is served in place of the files: other bytes, `None`
    for a missing file, `"hang"` for one that never comes, `"cut"` for a connection that ends without an answer, or
    `Held` for a file that comes after the page was painted.
    """

    def __init__(self, folder):
        self.changes = {}
        self.server = ThreadingHTTPServer(
            ("127.0.0.1", 0), partial(Files, directory=str(folder), changes=self.changes))
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

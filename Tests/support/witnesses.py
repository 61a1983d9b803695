"""Witnesses of a log, written from C2SP tlog-witness, tlog-cosignature and tlog-policy: none of the program's code."""

import base64
import hashlib
import http.server
import threading
import time

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from support.verifier import Checkpoint, Refused, check_consistency, insist

COSIGNATURE = 4


def raw(key):
    return key.public_key().public_bytes_raw()


def key_id(name, kind, public):
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + public).digest()[:4]


class Signer:
    """The key of a witness."""

    def __init__(self, name, seed=None):
        self.name = name
        seed = seed or hashlib.sha256(name.encode()).digest()
        self.key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def id(self):
        return key_id(self.name, COSIGNATURE, raw(self.key))

    @property
    def vkey(self):
        packed = base64.b64encode(bytes([COSIGNATURE]) + raw(self.key)).decode()
        return f"{self.name}+{self.id.hex()}+{packed}"

    def line(self, text, moment=None, heading="cosignature/v1"):
        moment = int(time.time()) if moment is None else moment
        message = f"{heading}\ntime {moment}\n".encode() + text.encode()
        content = self.id + moment.to_bytes(8, "big") + self.key.sign(message)
        return f"\u2014 {self.name} {base64.b64encode(content).decode()}\n"


def moments(note, signer):
    """When a witness cosigned a note, by its lines that hold; a line that does not ends in an error."""
    text, lines = split(note)
    found = []
    for line in lines:
        _, name, packed = line.split(" ")
        content = base64.b64decode(packed, validate=True)
        if name != signer.name or content[:4] != signer.id:
            continue
        moment = int.from_bytes(content[4:12], "big")
        signer.key.public_key().verify(content[12:], f"cosignature/v1\ntime {moment}\n{text}".encode())
        found.append(moment)
    return found


def split(note):
    text, _, rest = note.decode().rpartition("\n\n")
    return text + "\n", rest.splitlines()


def cosigners(note, signers):
    return [signer.name for signer in signers if moments(note, signer)]


def write_policy(project, signers, quorum, addresses=(), more=""):
    """A policy whose witnesses are named w1, w2, … in their order."""
    lines = []
    for number, signer in enumerate(signers, 1):
        address = addresses[number - 1] if number <= len(addresses) and addresses[number - 1] else ""
        lines.append(f"witness w{number} {signer.vkey} {address}".rstrip())
    names = " ".join(f"w{number}" for number in range(1, len(signers) + 1))
    lines.append(f"group all-of-them {quorum} {names}" if quorum else "")
    lines.append("quorum all-of-them" if quorum else "quorum none")
    path = project.root / "seeds/witnesses.policy"
    path.write_text(more + "\n".join(lines) + "\n", encoding="utf-8")
    return path


class Witness:
    """An online witness on this machine; `rule` answers in its place, where a test wants it to misbehave."""

    def __init__(self, name, logs):
        """`logs`: by origin, the verifier keys of the logs that it knows."""
        self.signer = Signer(name)
        self.logs = logs
        # By origin: the newest checkpoint that was cosigned, and its published note.
        self.latest = {}
        self.requests = []
        # Given a request's number and its body, an answer (status, bytes), or None for the honest one.
        self.rule = lambda number, body: None
        self.lock = threading.Lock()
        witness = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                with witness.lock:
                    witness.requests.append(body)
                    answer = witness.rule(len(witness.requests), body)
                    if answer is None:
                        answer = witness.add(body) if self.path == "/add-checkpoint" else (404, b"")
                self.answer(*answer)

            def do_GET(self):
                note = next((note for origin, (_, note) in witness.latest.items()
                             if self.path == f"/{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint"), None)
                self.answer(*((404, b"") if note is None else (200, note)))

            def answer(self, status, body):
                if status == "hang up":
                    self.close_connection = True
                    return self.connection.close()
                self.send_response(status)
                self.send_header("Content-Type", "text/x.tlog.size" if status == 409 else "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def add(self, body):
        """What tlog-witness says of `add-checkpoint`, sentence by sentence."""
        try:
            head, note = body.split(b"\n\n", 1)
            first, *proof = head.decode().split("\n")
            word, digits = first.split(" ")
            insist(word == "old" and digits == str(int(digits)) and len(proof) <= 63, "no old size")
            old = int(digits)
            proof = [base64.b64decode(line, validate=True) for line in proof]
            origin, size = note.decode().split("\n")[:2]
            size = int(size)
        except (ValueError, Refused):
            return 400, b""
        if origin not in self.logs:
            return 404, b""
        try:
            checkpoint = Checkpoint.open(note, self.logs[origin])
        except Refused:
            return 403, b""
        if old > size:
            return 400, b""
        latest, _ = self.latest.get(origin, (None, None))
        known = latest.size if latest else 0
        if old != known:
            return 409, f"{known}\n".encode()
        try:
            if old == 0:
                insist(not proof, "a proof from the empty tree is empty")
            else:
                check_consistency(old, latest.root, size, checkpoint.root, proof)
        except Refused:
            return 422, b""
        text, lines = split(note)
        line = self.signer.line(text)
        own = [each for each in lines if each.split(" ")[1] == origin]
        self.latest[origin] = (checkpoint, (text + "\n" + "".join(each + "\n" for each in own) + line).encode())
        return 200, line.encode()

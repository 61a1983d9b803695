"""A verifier of certificates, status lists and the log, written from the standards alone.

It shares no code with the program and knows nothing of how it is made: RFC 8785, RFC 6962, C2SP
signed-note, tlog-checkpoint and tlog-tiles, W3C Data Integrity `eddsa-jcs-2022`, Controlled
Identifiers (Multikey), Bitstring Status List and the project's own page of frozen formats are all
it was made from. Whatever does not hold raises `Refused`, with the reason in words.
"""

import base64
import binascii
import datetime
import hashlib
import json
import re
import zlib
from dataclasses import dataclass, field
from pathlib import Path

import base58
import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


class Refused(Exception):
    """Something does not hold."""


def insist(holds, reason):
    if not holds:
        raise Refused(reason)


# MARK: JSON


def read_json(content):
    """Reads JSON without floats, twice-named keys, lone surrogates or more than 64 levels."""

    def members(pairs):
        found = dict(pairs)
        insist(len(found) == len(pairs), "an object names a key twice")
        return found

    def refuse(text):
        raise Refused(f"the number {text} is no integer")

    try:
        value = json.loads(content.decode("utf-8", errors="strict"), object_pairs_hook=members,
                           parse_float=refuse, parse_constant=refuse)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as failure:
        raise Refused(f"it is not JSON: {failure}") from failure
    insist(depth_of(value) <= 64, "it is nested deeper than 64 levels")
    return value


def depth_of(value):
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [inner for each in level if isinstance(each, (dict, list))
                 for inner in (each.values() if isinstance(each, dict) else each)]
    return depth


def canonical(value):
    """The one form that RFC 8785 gives a value."""
    try:
        return rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as failure:
        raise Refused(f"it has no canonical form: {failure}") from failure


def read_canonical(content):
    value = read_json(content)
    insist(canonical(value) == content, "its bytes are not in canonical form")
    return value


def sha256(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


def strict_base64(text):
    """Decodes padded base64 in its one form."""
    try:
        content = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as failure:
        raise Refused(f"it is not base64: {failure}") from failure
    insist(base64.b64encode(content).decode() == text, "it is not base64 in its one form")
    return content


# MARK: The tree (RFC 6962, section 2.1)

EMPTY_ROOT = sha256(b"")


def leaf_hash(entry):
    return sha256(b"\x00", entry)


def node_hash(left, right):
    return sha256(b"\x01", left, right)


def split(size):
    """The largest power of two below a size."""
    return 1 << ((size - 1).bit_length() - 1)


class Leaves:
    """A tree of which every leaf is at hand."""

    def __init__(self, leaves):
        self.leaves = list(leaves)
        self._known = {}

    @property
    def size(self):
        return len(self.leaves)

    def hash(self, start, end):
        """The hash of the tree over some leaves."""
        if start == end:
            return EMPTY_ROOT
        if end - start == 1:
            return self.leaves[start]
        known = self._known.get((start, end))
        if known is None:
            middle = start + split(end - start)
            known = node_hash(self.hash(start, middle), self.hash(middle, end))
            self._known[start, end] = known
        return known


class Tiles:
    """A tree of which only the tiles below a folder are at hand, as a client of the log has it."""

    def __init__(self, folder, size):
        self.folder = Path(folder)
        self.size = size
        self._tiles = {}

    def hash(self, start, end):
        length = end - start
        if length & (length - 1) == 0 and start % length == 0:
            return self.complete(length.bit_length() - 1, start // length)
        middle = start + split(length)
        return node_hash(self.hash(start, middle), self.hash(middle, end))

    def complete(self, height, index):
        """The hash of a complete subtree, from the one tile that has what is below it."""
        level, rest = divmod(height, 8)
        first = index << rest
        hashes = self.tile(level, first // 256)[first % 256:first % 256 + (1 << rest)]
        insist(len(hashes) == 1 << rest, "a tile is too short for the tree")
        while len(hashes) > 1:
            hashes = [node_hash(*hashes[at:at + 2]) for at in range(0, len(hashes), 2)]
        return hashes[0]

    def tile(self, level, index):
        if (level, index) not in self._tiles:
            width = min(256, (self.size >> (8 * level)) - 256 * index)
            path = tile_path(level, index, width)
            content = read_file(self.folder / path)
            insist(len(content) == 32 * width, f"{path} does not have {width} hashes")
            self._tiles[level, index] = [
                content[at:at + 32] for at in range(0, len(content), 32)]
        return self._tiles[level, index]


def tree_root(leaves):
    return Leaves(leaves).hash(0, len(leaves))


def inclusion_path(tree, index, size=None):
    """The hashes beside the way from a leaf to the root, the leaf's sibling first."""
    start, end, path = 0, tree.size if size is None else size, []
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(tree.hash(middle, end))
            end = middle
        else:
            path.append(tree.hash(start, middle))
            start = middle
    return path[::-1]


def check_inclusion(leaf, index, size, path, root):
    """RFC 9162, section 2.1.3.2."""
    insist(0 <= index < size, "the position lies outside the tree")
    at, last, found = index, size - 1, leaf
    for sibling in path:
        insist(last != 0, "the inclusion path is too long")
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    insist(last == 0, "the inclusion path is too short")
    insist(found == root, "the inclusion path does not lead to the root")


def consistency_path(tree, old, size=None):
    """RFC 6962, section 2.1.2: what shows that the first `old` leaves were not touched since."""

    def proof(old, start, end, is_whole):
        if old == end:
            return [] if is_whole else [tree.hash(start, end)]
        middle = start + split(end - start)
        if old <= middle:
            return proof(old, start, middle, is_whole) + [tree.hash(middle, end)]
        return proof(old, middle, end, False) + [tree.hash(start, middle)]

    size = tree.size if size is None else size
    return proof(old, 0, size, True) if 0 < old < size else []


def check_consistency(old_size, old_root, size, root, path):
    """RFC 9162, section 2.1.4.2."""
    insist(0 <= old_size <= size, "the tree has become smaller")
    if old_size == size:
        insist(old_root == root and not path, "two trees of one size differ")
        return
    if old_size == 0:
        insist(old_root == EMPTY_ROOT and not path, "the old tree was not the empty one")
        return
    insist(path, "the consistency proof is empty")
    path = list(path)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    at, last = old_size - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    old_found = found = path[0]
    for each in path[1:]:
        insist(last != 0, "the consistency proof is too long")
        if at & 1 or at == last:
            old_found, found = node_hash(each, old_found), node_hash(each, found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = node_hash(found, each)
        at, last = at >> 1, last >> 1
    insist(last == 0, "the consistency proof is too short")
    insist(old_found == old_root, "the log's old entries were changed")
    insist(found == root, "the consistency proof does not lead to the root")


# MARK: Tiles (C2SP tlog-tiles)


def tile_path(level, index, width=256):
    """The path below the log's prefix; the level is a number or `entries`."""
    groups = [f"{index % 1000:03}"]
    while index >= 1000:
        index //= 1000
        groups.insert(0, f"x{index % 1000:03}")
    return f"tile/{level}/{'/'.join(groups)}" + ("" if width == 256 else f".p/{width}")


def expected_tiles(entries):
    """Every tile and bundle that a log of some entries has, by path."""
    tiles = {}
    for start in range(0, len(entries), 256):
        part = entries[start:start + 256]
        tiles[tile_path("entries", start // 256, len(part))] = b"".join(
            len(entry).to_bytes(2, "big") + entry for entry in part)
    level, hashes = 0, [leaf_hash(entry) for entry in entries]
    while hashes:
        parts = [hashes[start:start + 256] for start in range(0, len(hashes), 256)]
        for index, part in enumerate(parts):
            tiles[tile_path(level, index, len(part))] = b"".join(part)
        hashes = [tree_root(part) for part in parts if len(part) == 256]
        level += 1
    return tiles


def entries_in(bundle, count):
    """The entries of a bundle: each two bytes of length, then as many bytes."""
    entries, at = [], 0
    while at < len(bundle):
        length = int.from_bytes(bundle[at:at + 2], "big")
        insist(at + 2 + length <= len(bundle), "a bundle of entries was cut")
        entries.append(bundle[at + 2:at + 2 + length])
        at += 2 + length
    insist(len(entries) == count, f"a bundle has {len(entries)} entries instead of {count}")
    return entries


def read_file(path):
    try:
        return Path(path).read_bytes()
    except OSError as failure:
        raise Refused(f"{path} cannot be read: {failure.strerror}") from failure


# MARK: Signed notes and checkpoints (C2SP signed-note, tlog-checkpoint)


@dataclass(frozen=True)
class VerifierKey:
    name: str
    public_key: bytes

    @property
    def id(self):
        return sha256(self.name.encode(), b"\n\x01", self.public_key)[:4]

    @classmethod
    def parse(cls, text):
        """Reads `name+hex(key id)+base64(01 ‖ public key)`."""
        parts = text.split("+", 2)
        insist(len(parts) == 3, "a verifier key has three parts")
        content = strict_base64(parts[2])
        insist(len(content) == 33 and content[0] == 1, "the verifier key is not of Ed25519")
        insist(is_sound(content[1:]), "anybody can sign for the verifier key")
        key = cls(parts[0], content[1:])
        insist(key.id.hex() == parts[1], "the verifier key's id does not fit its key")
        return key

    def __str__(self):
        content = base64.b64encode(b"\x01" + self.public_key).decode()
        return f"{self.name}+{self.id.hex()}+{content}"


SIGNATURE_LINE = re.compile("\u2014 ([^\\s+]+) ([A-Za-z0-9+/]+={0,2})")


def open_note(content, keys):
    """The text of a note that one of some keys signed.

    Signatures of other keys say nothing; a wrong one of a known key spoils the note.
    """
    insist(len(content) <= 64 * 1024, "the note is longer than 64 KiB")
    try:
        note = content.decode("utf-8")
    except UnicodeDecodeError as failure:
        raise Refused("the note is not UTF-8") from failure
    insist(all(character >= " " or character == "\n" for character in note),
           "the note has control characters")
    text, blank, signatures = note.rpartition("\n\n")
    insist(blank and signatures.endswith("\n"), "the note has no signatures")
    text += "\n"
    opened = False
    for line in signatures[:-1].split("\n"):
        match = SIGNATURE_LINE.fullmatch(line)
        insist(match, "a signature line of the note is malformed")
        value = strict_base64(match[2])
        insist(len(value) > 4, "a signature of the note is too short")
        for key in keys:
            if (key.name, key.id) == (match[1], value[:4]):
                check_signature(key.public_key, value[4:], text.encode())
                opened = True
    insist(opened, "the note is signed by nobody known")
    return text


def check_signature(public_key, signature, message):
    insist(len(signature) == 64, "the signature does not have 64 bytes")
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError) as failure:
        raise Refused("the signature does not fit") from failure


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes

    @classmethod
    def open(cls, note, keys):
        lines = open_note(note, keys).split("\n")
        insist(len(lines) == 4 and lines[3] == "", "a checkpoint has three lines")
        origin, size, root = lines[:3]
        # JavaScript counts no further without loss; a tree has no more leaves than that.
        insist(re.fullmatch("0|[1-9][0-9]{0,14}", size), "the size is no number of leaves")
        insist(any(key.name == origin for key in keys), "the checkpoint is of another log")
        root = strict_base64(root)
        insist(len(root) == 32, "the root does not have 32 bytes")
        return cls(origin, int(size), root)


# MARK: The log


LOG_ID = re.compile("[0-9a-f]{64}")
ENTRY_KEYS = {
    "issued": {"certificate", "type"},
    **{kind: {"certificate", "date", "type"}
       for kind in ("revoked", "suspended", "reinstated", "erased")},
    "superseded": {"by", "certificate", "date", "type"},
}


def log_id(fingerprint):
    """What the log calls a certificate."""
    return sha256(b"canting/v1/log\n", fingerprint.encode()).hex()


def entry_bytes(kind, certificate, date=None, by=None):
    members = {"certificate": certificate, "type": kind, "date": date, "by": by}
    return canonical({key: value for key, value in members.items() if value is not None})


def read_entry(content):
    """An entry's members; refuses any that section 3.3 of the design does not have."""
    entry = read_canonical(content)
    insist(isinstance(entry, dict), "an entry is no object")
    kind = entry.get("type")
    insist(kind in ENTRY_KEYS and set(entry) == ENTRY_KEYS[kind],
           f"an entry has the members {sorted(entry)}")
    for name in {"certificate", "by"} & set(entry):
        insist(isinstance(entry[name], str) and LOG_ID.fullmatch(entry[name]),
               "an entry names no certificate")
    if "date" in entry:
        insist(is_day(entry["date"]), "an entry has no date")
    return entry


def is_day(text):
    try:
        return (isinstance(text, str)
                and datetime.date.fromisoformat(text).isoformat() == text)
    except ValueError:
        return False


@dataclass
class Log:
    """A log that was read whole and agrees with its checkpoint."""

    folder: Path
    checkpoint: Checkpoint
    contents: list
    entries: list = field(init=False)
    tree: Leaves = field(init=False)
    positions: dict = field(init=False)
    last: dict = field(init=False)

    def __post_init__(self):
        self.entries = [read_entry(content) for content in self.contents]
        self.tree = Leaves(leaf_hash(content) for content in self.contents)
        insist(self.tree.hash(0, self.size) == self.checkpoint.root,
               "the entries do not lead to the checkpoint's root")
        self.positions, self.last = {}, {}
        for index, entry in enumerate(self.entries):
            certificate = entry["certificate"]
            if entry["type"] == "issued":
                insist(certificate not in self.positions, "a certificate was issued twice")
                self.positions[certificate] = index
            else:
                insist(certificate in self.positions, "something happened before it was issued")
            self.last[certificate] = entry

    @property
    def size(self):
        return self.checkpoint.size

    @classmethod
    def read(cls, folder, keys):
        """Reads what a checkpoint covers, and nothing beyond it."""
        folder = Path(folder)
        checkpoint = Checkpoint.open(read_file(folder / "checkpoint"), keys)
        contents = []
        for start in range(0, checkpoint.size, 256):
            width = min(256, checkpoint.size - start)
            contents += entries_in(
                read_file(folder / tile_path("entries", start // 256, width)), width)
        return cls(folder, checkpoint, contents)

    @property
    def tiles(self):
        """The tree by its tiles alone."""
        return Tiles(self.folder, self.size)

    def check_tiles(self):
        """Insists that every tile of the tree is there, with the bytes that it must have."""
        for path, content in expected_tiles(self.contents).items():
            insist(read_file(self.folder / path) == content, f"{path} is not of this tree")

    def check_inclusion(self, certificate):
        """Proves by tiles alone that a certificate's issuance is in the tree."""
        insist(certificate in self.positions, "the certificate is not in the log")
        index = self.positions[certificate]
        path = inclusion_path(self.tiles, index)
        check_inclusion(leaf_hash(entry_bytes("issued", certificate)), index, self.size, path,
                        self.checkpoint.root)

    def check_extends(self, old):
        """Proves by tiles alone that the tree of an older checkpoint is the beginning of this."""
        insist(old.origin == self.checkpoint.origin, "the checkpoints are of two logs")
        insist(old.size <= self.size, "the log has become shorter")
        check_consistency(old.size, old.root, self.size, self.checkpoint.root,
                          consistency_path(self.tiles, old.size))


# MARK: Keys (Multikey, did:web)


def public_key_of(multikey):
    """Reads `z` and base58 of `ed01` and 32 bytes."""
    insist(isinstance(multikey, str) and multikey.startswith("z"), "a Multikey begins with z")
    content = base58_decoded(multikey[1:])
    insist(len(content) == 34 and content[:2] == b"\xed\x01", "the Multikey is not of Ed25519")
    insist(is_sound(content[2:]), "anybody can sign for the key")
    return content[2:]


PRIME = 2 ** 255 - 19
ORDER = 2 ** 252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, -1, PRIME) % PRIME


def add_points(one, other):
    """The sum of two points of the curve of RFC 8032, each as x, y and their common denominator."""
    (x1, y1, z1), (x2, y2, z2) = one, other
    a, c, d = z1 * z2, x1 * x2, y1 * y2
    e = CURVE * c * d % PRIME
    f, g = a * a - e, a * a + e
    return (a * f * ((x1 + y1) * (x2 + y2) - c - d) % PRIME, a * g * (c + d) % PRIME,
            f * g % PRIME)


def is_sound(content):
    """Whether 32 bytes are the one encoding of a point of prime order.

    For a point of low or mixed order, somebody without its secret can make signatures that pass.
    """
    number = int.from_bytes(content, "little")
    y, sign = number % 2 ** 255, number >> 255
    square = (y * y - 1) * pow(CURVE * y * y + 1, -1, PRIME) % PRIME
    x = pow(square, (PRIME + 3) // 8, PRIME)
    if x * x % PRIME != square:
        x = x * pow(2, (PRIME - 1) // 4, PRIME) % PRIME
    if y >= PRIME or x * x % PRIME != square or x == 0:
        return False
    point, total, rest = (x if x & 1 == sign else PRIME - x, y, 1), (0, 1, 1), ORDER
    while rest:
        if rest & 1:
            total = add_points(total, point)
        point, rest = add_points(point, point), rest >> 1
    return total[0] == 0 and total[1] == total[2]


def base58_decoded(text):
    try:
        content = base58.b58decode(text)
    except ValueError as failure:
        raise Refused(f"it is not base58: {failure}") from failure
    insist(base58.b58encode(content).decode() == text, "it is not base58 in its one form")
    return content


@dataclass(frozen=True)
class Issuer:
    """Who a DID document says signs."""

    did: str
    # Public keys by the ids under `assertionMethod`, in its order: the newest first.
    keys: dict
    # The key that signs checkpoints and nothing else; None in a log that began without one.
    log_key: bytes | None = None

    @classmethod
    def of(cls, document, did):
        insist(document.get("id") == did, "the DID document is of another issuer")
        methods = {}
        for method in document.get("verificationMethod", []):
            insist(method.get("type") == "Multikey", "a key is no Multikey")
            insist(method.get("controller") == did, "a key is controlled by somebody else")
            insist(method["id"].startswith(did + "#"), "a key has a foreign id")
            insist(method["id"] not in methods, "two keys have one id")
            methods[method["id"]] = public_key_of(method.get("publicKeyMultibase"))
        keys = {}
        for name in document.get("assertionMethod", []):
            insist(name in methods, "a key for assertions is not in the document")
            keys[name] = methods[name]
        log_key = methods.get(did + "#log")
        insist(log_key is None or log_key not in keys.values(), "the log's key signs more")
        return cls(did, keys, log_key)

    @property
    def newest(self):
        """The id of the key that signs today."""
        insist(self.keys, "the issuer has no key")
        return next(iter(self.keys))

    def verifier_keys(self, origin):
        """The one key that signs the checkpoint of today."""
        return [VerifierKey(origin, self.log_key or self.keys[self.newest])]


# MARK: Data Integrity, eddsa-jcs-2022


PROOF_KEYS = {"@context", "created", "cryptosuite", "proofPurpose", "proofValue", "type",
              "verificationMethod"}


def hashes_of(document, options):
    """The hash of the proof's options and that of the document, as they are signed."""
    return sha256(canonical(options)), sha256(canonical(document))


def check_proof(document, issuer):
    """Checks a document's proof against its issuer's keys.

    Returns the id of the key that signed.
    """
    insist(isinstance(document, dict) and isinstance(document.get("proof"), dict),
           "there is no proof")
    unsecured = {key: value for key, value in document.items() if key != "proof"}
    options = {key: value for key, value in document["proof"].items() if key != "proofValue"}
    insist(set(document["proof"]) == PROOF_KEYS, "the proof has other members than it may")
    insist(options.get("type") == "DataIntegrityProof", "the proof is of another type")
    insist(options.get("cryptosuite") == "eddsa-jcs-2022", "the proof is of another suite")
    insist(options.get("proofPurpose") == "assertionMethod", "the proof has another purpose")
    insist(options.get("@context") == unsecured.get("@context"),
           "the proof's context is not the document's")
    insist(moment(options.get("created")), "the proof does not say when it was made")
    method = options.get("verificationMethod")
    insist(method in issuer.keys, "the key is not listed for assertions")
    insist(method.partition("#")[0] == issuer.did == issuer_of(unsecured),
           "the issuer is not who the key belongs to")
    value = document["proof"].get("proofValue")
    insist(isinstance(value, str) and value.startswith("z"), "the signature is not multibase")
    check_signature(issuer.keys[method], base58_decoded(value[1:]),
                    b"".join(hashes_of(unsecured, options)))
    return method


def issuer_of(document):
    issuer = document.get("issuer")
    return issuer.get("id") if isinstance(issuer, dict) else issuer


def moment(text):
    """A point in time with its offset, or None."""
    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)"
    if not isinstance(text, str) or not re.fullmatch(pattern, text):
        return None
    try:
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None


# MARK: Bitstring Status List


MINIMUM_BITS = 131_072
LONGEST_LIST = 8 << 20


def bits_of(encoded):
    """The bytes of an encoded list; index 0 is the highest bit of the first."""
    insist(isinstance(encoded, str) and encoded.startswith("u"), "a list begins with u")
    insist(re.fullmatch("[A-Za-z0-9_-]+", encoded[1:]), "the list is not base64url")
    packed = base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4))
    inflater = zlib.decompressobj(wbits=31)
    try:
        content = inflater.decompress(packed, LONGEST_LIST + 1)
    except zlib.error as failure:
        raise Refused("the list is not gzip") from failure
    insist(len(content) <= LONGEST_LIST, "the list inflates to more than 8 MiB")
    insist(inflater.eof and not inflater.unused_data, "the list was cut, or more follows it")
    insist(len(content) * 8 >= MINIMUM_BITS, "the list is shorter than the standard allows")
    return content


def bit(content, index):
    insist(0 <= index < len(content) * 8, "the index lies outside the list")
    return bool(content[index // 8] >> (7 - index % 8) & 1)


def set_bits(content):
    """The indices of all bits that are set."""
    return {index for at, byte in enumerate(content) if byte
            for index in range(at * 8, at * 8 + 8) if bit(content, index)}


# MARK: The site


class Site:
    """A published site in a folder, asked by address as a buyer would ask it."""

    def __init__(self, folder, address, today=None):
        self.folder = Path(folder)
        self.address = address
        # The day after which nothing may be dated, where one is given.
        self.today = today
        self.host = address.partition("://")[2]
        self._lists = {}

    def get(self, address):
        insist(isinstance(address, str) and address.startswith(self.address + "/"),
               f"{address} is not of this site")
        path = address[len(self.address) + 1:].partition("#")[0]
        insist(".." not in path.split("/"), "the address climbs out of the site")
        return read_file(self.folder / path)

    @property
    def did(self):
        return "did:web:" + self.host.replace(":", "%3A")

    @property
    def origin(self):
        return self.host + "/log"

    @property
    def issuer(self):
        """The issuer, by the method of did:web."""
        return Issuer.of(read_json(self.get(f"{self.address}/.well-known/did.json")), self.did)

    @property
    def verifier_keys(self):
        return self.issuer.verifier_keys(self.origin)

    def check_not_ahead(self, proof):
        day = proof["created"][:10]
        insist(self.today is None or days_between(self.today, day) <= 1, "the proof is dated ahead")

    def check_key_days(self, document, issuer):
        """Insists that a document is dated in the days of its key, and not after today."""
        proof = document["proof"]
        self.check_not_ahead(proof)
        key = issuer.keys[proof["verificationMethod"]]
        history = read_json(self.get(f"{self.address}/keys.json")).get("keys", [])
        spans = [(each["from"], each.get("until", "9999"))
                 for each in history if public_key_of(each.get("key")) == key]
        insist(len(spans) == 1, "keys.json does not say when the key was in use")
        day = max(document["credentialSubject"]["certificate"]["issued"], spans[0][0])
        insist(proof["created"] == day + str(document.get("validFrom"))[10:],
               "the proof is dated by neither the day of issue nor the key's first")
        insist(day <= spans[0][1], "the key was not in use then")

    def log(self):
        return Log.read(self.folder / "log", self.verifier_keys)

    def status_list(self, address, purpose, issuer):
        """The bits of a status list, after its own signature was checked."""
        if (address, purpose) not in self._lists:
            document = read_json(self.get(address))
            insist(check_proof(document, issuer) == issuer.newest, "a retired key signed the list")
            self.check_not_ahead(document["proof"])
            encoded = document.get("credentialSubject", {}).get("encodedList")
            days = {name: document[name] for name in ("validFrom", "validUntil")
                    if name in document}
            insist(all(moment(each) for each in days.values()), "the list is dated by no moment")
            expected = {
                "@context": [VOCABULARY], "id": address, "issuer": issuer.did, **days,
                "type": ["VerifiableCredential", "BitstringStatusListCredential"],
                "credentialSubject": {
                    "id": f"{address}#list", "type": "BitstringStatusList",
                    "statusPurpose": purpose, "encodedList": encoded}}
            insist({**document, "proof": None} == {**expected, "proof": None},
                   "the list says more, or something else, than a list")
            self._lists[address, purpose] = bits_of(encoded)
        return self._lists[address, purpose]

    def statuses(self, credential, issuer):
        """The purposes that are set for a credential, of those it names."""
        found = {}
        for entry in credential["credentialStatus"]:
            purpose, place = entry.get("statusPurpose"), entry.get("statusListCredential")
            insist(entry.get("type") == "BitstringStatusListEntry", "the status is of no known type")
            insist(purpose not in found, "a purpose is named twice")
            insist(re.fullmatch("0|[1-9][0-9]*", entry.get("statusListIndex", "")),
                   "the status has no index")
            index = int(entry["statusListIndex"])
            found[purpose] = bit(self.status_list(place, purpose, issuer), index)
        insist(set(found) == {"revocation", "suspension"}, "a purpose is missing")
        return {purpose for purpose, is_set in found.items() if is_set}


# MARK: Record and credential


RECORD_KEYS = {"version", "number", "holder", "scheme", "issued", "expires", "issuer", "salt"}


def read_record(content):
    record = read_canonical(content)
    insist(RECORD_KEYS <= set(record) <= RECORD_KEYS | {"revision", "registration"},
           "the record has other fields than version 1")
    insist(record["version"] == 1, "the record is of another version")
    return record


VOCABULARY = "https://www.w3.org/ns/credentials/v2"


def expected_credential(content, index, address, offset):
    """The one credential, without its proof, that follows from a record and its place in the log."""
    record = read_record(content)
    fingerprint = sha256(content)
    code = fingerprint.hex()[:32]
    folder = f"{address}/c/{code[:2]}/{code[2:]}"
    number, bit_number = divmod(index, MINIMUM_BITS)

    def entry(purpose):
        place = f"{address}/status/{purpose}/{number}"
        return {"id": f"{place}#{bit_number}", "statusListCredential": place,
                "statusListIndex": str(bit_number), "statusPurpose": purpose,
                "type": "BitstringStatusListEntry"}

    printed = {key: record[key] for key in (
        "number", "revision", "registration", "scheme", "issued", "expires") if key in record}
    host = address.partition("://")[2]
    return {
        "@context": [VOCABULARY, f"{address}/contexts/certificate-v1.jsonld"],
        "credentialStatus": [entry("revocation"), entry("suspension")],
        "credentialSubject": {
            "certificate": {**printed, "licence": record["issuer"]["licence"],
                            "type": "CompetencyCertificate"},
            "name": record["holder"], "type": "Person"},
        "id": f"{folder}/credential.json",
        "issuer": {"id": "did:web:" + host.replace(":", "%3A"), "name": record["issuer"]["name"]},
        "relatedResource": [{
            "digestSRI": f"sha256-{base64.b64encode(fingerprint).decode()}",
            "id": f"{folder}/record.json", "mediaType": "application/json"}],
        "type": ["VerifiableCredential", "CompetencyCredential"],
        "validFrom": f"{record['issued']}T00:00:00{offset}",
        "validUntil": f"{record['expires']}T23:59:59{offset}",
    }


def check_agreement(credential, content, index, address):
    """Insists that a credential says what follows from its record and place, and nothing else."""
    offset = re.search(r"[+-]\d\d:\d\d\Z", str(credential.get("validFrom")))
    insist(offset, "validity begins in no zone")
    document = {key: value for key, value in credential.items() if key != "proof"}
    expected = expected_credential(content, index, address, offset[0])
    for name in sorted({*document, *expected}):
        insist(canonical({name: document.get(name, False)})
               == canonical({name: expected.get(name, False)}),
               f"`{name}` is not what follows from the record")
    return read_record(content)


@dataclass(frozen=True)
class Verdict:
    record: dict
    fingerprint: str
    key: str
    position: int
    # The log's last word on it.
    event: dict
    statuses: set


def verify(site, issuer, log, credential, record):
    """Checks a credential and its record against the site they are from, step by step."""
    document = read_json(credential)
    key = check_proof(document, issuer)
    site.check_key_days(document, issuer)
    fingerprint = sha256(record).hex()
    certificate = log_id(fingerprint)
    log.check_inclusion(certificate)
    fields = check_agreement(document, record, log.positions[certificate], site.address)
    return Verdict(fields, fingerprint, key, log.positions[certificate], log.last[certificate],
                   site.statuses(document, issuer))


# MARK: What follows from the steps (design, section 3.5)


STATES = ["revoked", "superseded", "suspended", "expired"]
STEPS = ["fields", "signature", "log", "status", "dates"]
LISTS = {"revocation": "revoked", "suspension": "suspended"}


def days_between(start, end):
    return (datetime.date.fromisoformat(end) - datetime.date.fromisoformat(start)).days


def gravest(states):
    return min(states, key=STATES.index, default=None)


def is_cause(end):
    return end not in ("passed", "failed", *STATES)


def why_not_counted(validity, today):
    """Why a signed list says nothing on a day, or None."""
    start, end = validity["validFrom"], validity["validUntil"]
    if start and days_between(today, start) > 1:
        return "clock"
    counts = start and end and 0 <= days_between(start, end) <= 31 and today <= end
    return None if counts else "outdated"


def status_ending(lists, stated, today):
    """How the status step ends, and whether every list was there to be read."""
    causes = {purpose: found if isinstance(found, str) else why_not_counted(found, today)
              for purpose, found in lists.items()}
    missing = [causes[purpose] for purpose in LISTS if causes[purpose] not in (None, "failed")]
    told = {LISTS[purpose] for purpose, cause in causes.items()
            if cause is None and lists[purpose]["isSet"]}
    known = {LISTS[purpose] for purpose, cause in causes.items() if cause is None}
    bad = told | ({stated} & {"superseded", *LISTS.values()} - known)
    denied = stated in known and stated not in told
    if "failed" in causes.values() or denied and gravest({*bad, stated}) == stated:
        return "failed", not missing
    return gravest(bad) or (missing or ["passed"])[0], not missing


def dates_ending(issued, expires, today):
    if today < issued:
        return "clock"
    return "expired" if today > expires else "passed"


def verdict_of(endings, address, has_lists=True):
    """Verdict, whether every step could run, and the cause where nothing can be said."""
    ends = [endings[step] for step in STEPS]
    causes = [end for end in ends if is_cause(end)]
    is_whole = has_lists and not causes
    if address in ("other", "loopback"):
        return "copy", is_whole, None
    if "failed" in ends:
        return "not genuine", is_whole, None
    state = gravest([end for end in ends if end in STATES])
    if state or not causes:
        return state or "valid", is_whole, None
    return "could not be checked", False, causes[0]


# MARK: What a registry makes of the log


@dataclass(frozen=True)
class Issued:
    """A certificate as the registry has it, with what last happened to it, or None."""

    number: str
    revision: int
    date: str
    certificate: str
    event: bytes | None


def history_of(expected):
    """What rows, each with its expected record, say happened.

    Rows carry the statuses' English words. A lower revision is superseded by the next one since
    that was issued; a number in `superseded_by` means its first revision, whatever follows it.
    """
    families = {}
    for each in expected:
        families.setdefault(normal_number(each), []).append(each)
    for family in families.values():
        family.sort(key=revision_of)
    found = []
    for number, family in families.items():
        for each, newer in zip(family, family[1:] + [None]):
            row, name = each.row, log_id(each.fingerprint)
            status, date = row.get("status") or "valid", row.get("status_date") or None
            if newer is not None:
                event = entry_bytes(
                    "superseded", name, newer.row["issued"], log_id(newer.fingerprint))
            elif status == "superseded":
                successor = families[" ".join(row["superseded_by"].split())][0]
                event = entry_bytes("superseded", name, date, log_id(successor.fingerprint))
            elif status == "valid":
                event = entry_bytes("reinstated", name, date) if date else None
            else:
                event = entry_bytes(status, name, date)
            found.append(Issued(number, revision_of(each), row["issued"], name, event))
    return found


def normal_number(expected):
    return json.loads(expected.record)["number"]


def revision_of(expected):
    return int(expected.row.get("revision") or 1)


def sealed_together(new, changes):
    """What one seal appends: by log ids, and for one certificate in the order of events."""
    entries = [entry_bytes("issued", each.certificate) for each in new] + list(changes)
    found = [(read_entry(content), content) for content in entries]
    return [content for _, content in sorted(
        found, key=lambda each: (each[0]["certificate"], each[0]["type"] != "issued"))]

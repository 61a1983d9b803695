"""What is signed and wrong all the same, and who signs what: the page is held against the verifier's own tables."""

import base64
import datetime
import gzip
import json
import subprocess

import pytest

from support import forgeries
from support.browser.published_site import PROGRAM, TODAY
from support.browser.verification import file, given, script, stages
from support.forgeries import (
    CREDENTIALS, GONE, LISTS, LOW_ORDER, checkpoint, edited, key_of, mixed_order, multikey, new_key, raw, signed,
    with_keys)

DID, KEYS, EDGE = "/.well-known/did.json", "/keys.json", "/log/edge.json"
REVOCATIONS, SUSPENSIONS = "/status/revocation/0", "/status/suspension/0"


@pytest.fixture
def key(site):
    return key_of(site.root / "seeds/keys/signing.pem")


@pytest.fixture
def certificate(site):
    """One that the lists of a clock that is days off would not make expired."""
    return next(each for each in site.certificates
                if site.status(each) == "valid" and each.revision == 1 and each.issued.year == 2026)


def document(site, path):
    return json.loads(file(site, path))


# MARK: Credentials and lists


def test_a_credential_and_a_list_signed_anew_as_they_were_are_genuine(visitor, site, certificate, key):
    for path in (f"{certificate.path}credential.json", REVOCATIONS):
        visitor.changes[path] = signed(document(site, path), key)
    assert visitor.checked(certificate.path) == "valid"


@pytest.mark.parametrize("name", CREDENTIALS)
def test_a_credential_that_says_anything_else_is_not_genuine(visitor, site, certificate, key, name):
    path = f"{certificate.path}credential.json"
    visitor.changes[path] = forgeries.credential(file(site, path), key, name)
    assert visitor.checked(certificate.path) == "not_genuine"
    assert visitor.stages == stages(signature="failed")


@pytest.mark.parametrize("name", LISTS)
def test_a_list_that_says_anything_else_is_not_genuine(visitor, site, certificate, key, name):
    visitor.changes[REVOCATIONS] = forgeries.status_list(file(site, REVOCATIONS), key, name)
    assert visitor.checked(certificate.path) == "not_genuine"
    assert visitor.stages == stages(status="failed")


MIB = 2**20


@pytest.mark.parametrize("size, verdict", [(8 * MIB, "valid"), (8 * MIB + 1, "not_genuine"), (256 * MIB, "not_genuine")])
def test_a_list_inflates_to_8_mib_at_most(visitor, site, certificate, key, size, verdict):
    place = ("credentialSubject", "encodedList")
    list = document(site, REVOCATIONS)
    packed = list[place[0]][place[1]][1:]
    bits = gzip.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    longer = base64.urlsafe_b64encode(gzip.compress(bits.ljust(size, b"\0"), 9)).decode().rstrip("=")
    visitor.changes[REVOCATIONS] = signed(edited(list, {place: f"u{longer}"}), key)
    assert visitor.checked(certificate.path) == verdict
    if verdict != "valid":
        assert visitor.stages == stages(status="failed")
        assert visitor.text("[data-step=status] span") == site.strings["en"]["steps"]["status"]["wrong"]


def moment(days, clock="T00:00:00+07:00"):
    return f"{TODAY + datetime.timedelta(days=days)}{clock}"


# First and last day of a list, counted from today; None for no such member.
@pytest.mark.parametrize("first, last, outcome", [
    (0, 31, "valid"), (1, 32, "valid"), (1, 1, "valid"), (-31, 0, "valid"), (2, 33, "status.clock"),
    (400, 431, "status.clock"), (0, 32, "status.undated"), (0, 4000, "status.undated"), (-40, -9, "status.old"),
    (-31, -1, "status.old"), (1, 0, "status.undated"), (None, 31, "status.undated"), (0, None, "status.undated"),
    (None, None, "status.undated"), (5, None, "status.clock"),
])
@pytest.mark.parametrize("path", [REVOCATIONS, SUSPENSIONS])
def test_a_list_counts_for_its_days_alone(visitor, site, certificate, key, path, first, last, outcome):
    days = {"validFrom": GONE if first is None else moment(first),
            "validUntil": GONE if last is None else moment(last, "T23:59:59+07:00")}
    made = {} if first is None else {"created": moment(first)}
    visitor.changes[path] = signed(edited(document(site, path), {(name,): day for name, day in days.items()}), key, **made)
    assert visitor.checked(certificate.path) == ("valid" if outcome == "valid" else "unchecked")
    if outcome != "valid":
        assert visitor.stages == stages(status="open")
        start = site.strings["en"]["steps"]["status"][outcome.removeprefix("status.")].split("{")[0]
        assert visitor.text("[data-step=status] span").startswith(start)
        assert start in visitor.text(".outcome")


def test_a_clock_before_the_issue_date_is_told_as_such(visitor, site, certificate):
    visitor.clock(datetime.datetime.combine(certificate.issued - datetime.timedelta(days=30), datetime.time(12)))
    assert visitor.checked(certificate.path) == "unchecked"
    assert visitor.stages == stages(signature="open", status="open", dates="open")
    assert site.date(certificate.issued, "en") in visitor.text(".outcome")


# MARK: Keys


@pytest.mark.parametrize("content", [
    *LOW_ORDER, mixed_order(raw(new_key(1))), mixed_order(raw(new_key(2))), forgeries.NOT_CANONICAL, b"\x02" + bytes(31),
], ids=lambda content: content.hex()[:16])
def test_a_key_for_which_anybody_can_sign_is_refused(visitor, site, certificate, content):
    did = document(site, DID)
    other = {**did["verificationMethod"][0], "id": f"{did['id']}#other", "publicKeyMultibase": multikey(content)}
    did["verificationMethod"].append(other)
    did["assertionMethod"].append(other["id"])
    visitor.changes[DID] = json.dumps(did).encode()
    assert visitor.checked(certificate.path) == "not_genuine"
    assert visitor.stages == stages(signature="failed", log="failed", status="failed")


def test_keys_of_prime_order_are_sound(visitor, site):
    visitor.open("/404.html")
    run = "async (path, keys) => { const { isPrimeOrderKey } = await import(path); return keys.map((key) => isPrimeOrderKey(new Uint8Array(key))); }"
    keys = [list(raw(new_key(seed))) for seed in range(1, 12)]
    found = visitor.awaited(run, script(site, "certificate"), keys)
    assert found == [True] * 11


# MARK: Who signs what


class Signing:
    """The site as it is when other keys sign it; each part is signed by the key that is given for it."""

    def __init__(self, site, certificate):
        self.site, self.path = site, f"{certificate.path}credential.json"
        self.did = document(site, DID)["id"]
        self.origin = f"{site.host}/log"

    def method(self, key):
        return f"{self.did}#{multikey(raw(key))}"

    def keys(self, *keys, log=None, days=None):
        """Keys, newest first, each with its days."""
        history = [{"key": multikey(raw(key)), "from": first, **({"until": last} if last else {})}
                   for key, (first, last) in zip(keys, days or [("2019-01-01", None)])]
        return {DID: with_keys(self.did, *keys, log=log), KEYS: {"keys": history}}

    def sign(self, credential, lists, note, **proof):
        edge = document(self.site, EDGE)
        _, size, root = edge["checkpoint"].split("\n")[:3]
        edge["checkpoint"] = checkpoint(self.origin, size, note, base64.b64decode(root))
        files = {path: signed(document(self.site, path), lists, verificationMethod=self.method(lists))
                 for path in (REVOCATIONS, SUSPENSIONS)}
        whole = signed(document(self.site, self.path), credential, verificationMethod=self.method(credential), **proof)
        return {**files, self.path: whole, EDGE: edge}


@pytest.fixture
def signing(visitor, site, certificate):
    signing = Signing(site, certificate)

    def show(keys, files):
        for path, content in {**keys, **files}.items():
            visitor.changes[path] = content if isinstance(content, bytes) else json.dumps(content).encode()
        return visitor.checked(certificate.path)

    signing.show = show
    return signing


NEW, OLD, LOG = new_key(1), new_key(2), new_key(3)


def rotated(certificate, days):
    """The day on which a key took over, some days after a certificate's issue, and the days of both, newer first."""
    day = str(certificate.issued + datetime.timedelta(days=days))
    return f"{day}T00:00:00+07:00", [(day, None), ("2019-01-01", day)]


def test_the_key_in_use_signs_everything(visitor, signing):
    assert signing.show(signing.keys(NEW), signing.sign(NEW, NEW, NEW)) == "valid"


def test_a_retired_key_speaks_for_its_days(visitor, signing, certificate):
    day, history = rotated(certificate, 10)
    keys = signing.keys(NEW, OLD, days=history)
    assert signing.show(keys, signing.sign(OLD, NEW, NEW)) == "valid"
    assert signing.show(keys, signing.sign(NEW, NEW, NEW, created=day)) == "valid"
    for wrong in (signing.sign(OLD, NEW, NEW, created=day), signing.sign(NEW, NEW, NEW)):
        assert signing.show(keys, wrong) == "not_genuine"
        assert visitor.stages == stages(signature="failed")
    keys = signing.keys(NEW, OLD, days=rotated(certificate, -10)[1])
    assert signing.show(keys, signing.sign(NEW, NEW, NEW)) == "valid"
    assert signing.show(keys, signing.sign(OLD, NEW, NEW)) == "not_genuine"


def test_a_retired_key_signs_no_list_and_no_checkpoint_of_today(visitor, signing, certificate):
    day, history = rotated(certificate, 10)
    keys = signing.keys(NEW, OLD, days=history)
    assert signing.show(keys, signing.sign(NEW, OLD, NEW, created=day)) == "not_genuine"
    assert visitor.stages == stages(status="failed")
    assert signing.show(keys, signing.sign(NEW, NEW, OLD, created=day)) == "not_genuine"
    assert visitor.stages == stages(log="failed")


def test_the_logs_own_key_signs_the_checkpoint_and_nothing_else(visitor, signing):
    keys = signing.keys(NEW, log=LOG)
    assert signing.show(keys, signing.sign(NEW, NEW, LOG)) == "valid"
    assert signing.show(keys, signing.sign(NEW, NEW, NEW)) == "not_genuine"
    assert visitor.stages == stages(log="failed")
    by_log = {"verificationMethod": f"{signing.did}#log"}
    files = signing.sign(NEW, NEW, LOG)
    files[signing.path] = signed(document(signing.site, signing.path), LOG, **by_log)
    assert signing.show(keys, files) == "not_genuine"
    assert visitor.stages == stages(signature="failed")
    files = signing.sign(NEW, NEW, LOG)
    files[REVOCATIONS] = signed(document(signing.site, REVOCATIONS), LOG, **by_log)
    assert signing.show(keys, files) == "not_genuine"
    assert visitor.stages == stages(status="failed")


@pytest.mark.parametrize("double", ["listed for assertions", "the signing key once more"])
def test_a_log_key_that_may_sign_more_is_refused(visitor, signing, double):
    keys = signing.keys(NEW, log=LOG if double == "listed for assertions" else NEW)
    if double == "listed for assertions":
        keys[DID]["assertionMethod"].append(f"{signing.did}#log")
    assert signing.show(keys, signing.sign(NEW, NEW, LOG)) == "not_genuine"
    assert visitor.stages == stages(signature="failed", log="failed", status="failed")


def test_a_cosignature_says_nothing_and_stands_in_no_way(visitor, signing):
    keys, files = signing.keys(NEW, log=LOG), signing.sign(NEW, NEW, LOG)
    note = files[EDGE]["checkpoint"]
    text, line = note.split("\n\n")
    witness = checkpoint("witness.example", 1, OLD).split("\n\n")[1]
    for lines in (witness + line, line + witness):
        files[EDGE]["checkpoint"] = f"{text}\n\n{lines}"
        assert signing.show(keys, files) == "valid"
    files[EDGE]["checkpoint"] = f"{text}\n\n{witness}"
    assert signing.show(keys, files) == "not_genuine"


@pytest.mark.parametrize("size", [2 ** 40, 2 ** 49 - 1, 2 ** 53, 2 ** 62, 2 ** 63 - 1, 2 ** 64, 10 ** 400, "-1", "1e3", "007"])
def test_a_checkpoint_of_any_size_ends_the_step(visitor, signing, size):
    keys, files = signing.keys(NEW), signing.sign(NEW, NEW, NEW)
    files[EDGE]["checkpoint"] = checkpoint(signing.origin, size, NEW)
    wanted = "unchecked" if size in (2 ** 40, 2 ** 49 - 1) else "not_genuine"  # a log could be so long: its tiles are missing
    assert signing.show(keys, files) == wanted
    assert visitor.stages == stages(log="open" if wanted == "unchecked" else "failed")


@pytest.mark.parametrize("edge", [
    {"checkpoint": 5, "tiles": {}}, {"tiles": {}}, {"checkpoint": "", "tiles": {}}, {"checkpoint": "\n\n\n", "tiles": {}}, {},
], ids=str)
def test_an_edge_without_a_checkpoint_is_not_genuine(visitor, site, certificate, edge):
    visitor.changes[EDGE] = json.dumps(edge).encode()
    assert visitor.checked(certificate.path) == "not_genuine"
    assert visitor.stages == stages(log="failed")


@pytest.mark.parametrize("index", ["-1", "0.5", "1e3", "007", "", "x", str(2 ** 60)])
def test_a_place_in_the_log_that_is_no_whole_number_is_not_genuine(visitor, site, certificate, index):
    page = file(site, f"{certificate.path}index.html").decode()
    old = page.split('data-index="')[1].split('"')[0]
    page = page.replace(f'data-index="{old}"', f'data-index="{index}"').replace(f'data-field="index">{old}<', f'data-field="index">{index}<')
    visitor.changes[certificate.path] = page.encode()
    assert visitor.checked(certificate.path) == "not_genuine"
    assert visitor.stages["log"] == visitor.stages["signature"] == "failed"


# MARK: Proofs that somebody kept


@pytest.fixture
def kept(site, signing, certificate, tmp_path):
    """A saved proof of the log, its checkpoint signed by a key of ours under a name."""
    done = subprocess.run(
        [PROGRAM, "proof", certificate.code, "--root", str(site.root), "--site", str(site.public)], capture_output=True, check=True)
    path, note = done.stdout.decode().split("\n\n", 1)
    size, root = note.split("\n")[1:3]

    def save(key, origin=signing.origin, size=size):
        file = tmp_path / "certificate.tlog-proof"
        file.write_text(f"{path}\n\n{checkpoint(origin, size, key, base64.b64decode(root))}", encoding="utf-8")
        return file

    return save


@pytest.mark.parametrize("keys, log, signer, verdict", [
    ((NEW,), None, NEW, "valid"), ((NEW, OLD), None, OLD, "valid"), ((NEW,), None, OLD, "not_genuine"),
    ((NEW,), LOG, LOG, "valid"), ((NEW,), LOG, NEW, "not_genuine"),
])
def test_a_kept_proof_is_signed_by_a_key_of_its_time(visitor, signing, certificate, kept, keys, log, signer, verdict):
    day, history = rotated(certificate, 10)
    signing.show(signing.keys(*keys, log=log, days=history[:len(keys)]), signing.sign(NEW, NEW, log or NEW, created=day))
    visitor.open("/verify/")
    assert given(visitor, kept(signer)) == verdict


@pytest.mark.parametrize("other", [{"origin": "other.example/log"}, {"size": 2 ** 53}, {"size": 10 ** 14}, {"size": 1}, {"size": 0}], ids=str)
def test_a_proof_of_another_log_is_not_genuine(visitor, signing, kept, other):
    signing.show(signing.keys(NEW), signing.sign(NEW, NEW, NEW))
    visitor.open("/verify/")
    assert given(visitor, kept(NEW, **other)) == "not_genuine"
    assert visitor.stages["file"] == "failed"

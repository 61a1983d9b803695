"""What a receipt of a build must say, and a host that hears of changes by receipts alone."""

import hashlib
import json
import shutil

from support.output import differences, site_files, tree
from support.project import Project


def rank(path):
    """Where a kind of file stands in the order of uploading."""
    if path.startswith("assets/"):
        return 0
    if path.startswith("statistics/") and not path.endswith(".html"):
        return 4
    if path in (".well-known/did.json", "keys.json", "contexts/certificate-v1.jsonld"):
        return 1
    if path.startswith("c/"):
        return 2
    # The directory and the batches lead to certificates; their first pages lead to them.
    parts = path.removeprefix("id/").split("/")
    if path.startswith("sitemap-lists-") or parts[0] in ("directory", "batches") and parts[1:] != ["index.html"]:
        return 3
    if path.endswith(".html"):
        return 5 if is_list(path) else 3
    if path.startswith("log/"):
        return {"tile": 7, "edge.json": 8, "checkpoint": 9}[path.split("/")[1]]
    return 6


def is_list(path):
    """Whether a page leads to others that may be new: home, figures, lists of schemes and news, search."""
    parts = path.removeprefix("id/").split("/")
    first = ("schemes", "statistics", "directory", "batches")
    return parts == ["index.html"] or len(parts) == 2 and parts[0] in first and parts[1] == "index.html" or parts[0] in (
        "search", "cari") or parts[0] == "news" and (
        len(parts) == 2 or parts[1] in ("page", "tags") or parts[1].isdigit())


def read_receipt(file):
    receipt = json.loads(file.read_bytes())
    assert set(receipt) == {"version", "files", "followsInterruption", "logSize"}
    assert receipt["version"] == 1
    return receipt


def described(path, change, content):
    """What a receipt says of a file."""
    said = {"change": change, "path": path}
    if change != "deleted":
        said |= {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return said


def expected_changes(before, after):
    """What a receipt must list, by path."""
    return {
        path: described(path, "added" if path not in before else
                        "deleted" if path not in after else "changed", after.get(path))
        for path in {*before, *after} if before.get(path) != after.get(path)}


def check_order(receipt):
    """Whoever uploads file after file never offers one that refers to what is not there yet."""
    paths = [entry["path"] for entry in receipt["files"]]
    assert len(set(paths)) == len(paths)
    deleted = [entry["change"] == "deleted" for entry in receipt["files"]]
    assert deleted == sorted(deleted), "deletions come last"
    written = [rank(path) for path, gone in zip(paths, deleted) if not gone]
    assert written == sorted(written), paths
    # A certificate's page comes after the record and the credential that it offers.
    order = ["record.json", "credential.json", "index.html"]
    for earlier, later in zip(paths, paths[1:]):
        folder, _, name = later.rpartition("/")
        if folder.startswith("c/") and earlier.rpartition("/")[0] == folder and later in paths[
                :len(written)]:
            assert order.index(earlier.rpartition("/")[2]) < order.index(name)


def check_receipt(receipt, before, after):
    """The receipt of a build that was not preceded by a broken one says just what changed."""
    assert receipt["followsInterruption"] is False
    listed = {entry["path"]: entry for entry in receipt["files"]}
    expected = expected_changes(before, after)
    listed = {path: {key: value for key, value in entry.items()
                     if entry["change"] != "deleted" or key in ("change", "path")}
              for path, entry in listed.items()}
    assert listed == expected
    check_order(receipt)


class Mirror:
    """A host that has what receipts said, and nothing else."""

    def __init__(self):
        self.files = {}

    def take(self, receipt, public):
        """Does what an uploader does with a receipt."""
        check_order(receipt)
        for entry in receipt["files"]:
            path = entry["path"]
            if entry["change"] == "deleted":
                # A build that was cut off may have made it and never have told.
                assert path in self.files or receipt["followsInterruption"]
                self.files.pop(path, None)
                continue
            content = (public / path).read_bytes()
            assert described(path, entry["change"], content) == entry
            self.files[path] = content

    def check_against(self, public):
        assert differences(self.files, site_files(public)) == []


def clean_site(project, folder, **options):
    """The site that the same files give without anything of an earlier build but the ledger."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("content", "templates", "seeds"):
        shutil.copytree(project.root / name, folder / name, symlinks=True)
    copy = Project(folder)
    copy.built(**options)
    return tree(copy.public)

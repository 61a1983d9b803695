"""The files of a built site, and what a build changed."""

import re
from pathlib import Path


def tree(folder):
    """Every file below a folder with its bytes."""
    folder = Path(folder)
    return {str(file.relative_to(folder)): file.read_bytes()
            for file in sorted(folder.rglob("*")) if file.is_file()}


def differences(left, right):
    """Paths that are in one tree alone or differ; short enough to read in a failure."""
    paths = sorted(path for path in {*left, *right} if left.get(path) != right.get(path))
    return paths[:20] + ([f"and {len(paths) - 20} more"] if len(paths) > 20 else [])


def stamps(folder):
    """What would change if anything below a folder were written, replaced or removed."""
    folder = Path(folder)
    found = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        status = path.lstat()
        found[str(path.relative_to(folder))] = (
            status.st_ino, status.st_mtime_ns, status.st_size, status.st_mode)
    return found


def states_the_day(path):
    """Whether a file says what holds on the day of the build, and so names the day."""
    return re.match(
        r"(id/)?(statistics|directory|batches|schemes)/|sitemap-(lists|certificates)-\d+\.xml$|(id/)?index\.html$", path) is not None


def site_files(folder):
    """The files of the site without what the program keeps for itself."""
    return {path: content for path, content in tree(folder).items()
            if not path.startswith(".canting/")}


def changed(before, after):
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


def refused(project, identifier):
    """The findings of a build that must be refused for one reason, and write nothing."""
    before = stamps(project.root)
    findings = project.findings()
    assert {finding["id"] for finding in findings} == {identifier}, findings
    assert changed(before, stamps(project.root)) == []
    return findings

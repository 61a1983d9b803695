"""Builds after builds: only what changed is written, and the site is that of a clean build."""

import os
import random
import re
import shutil
import sqlite3
import subprocess
from pathlib import Path

import pytest

from support.expected import expect_all
from support.output import differences, site_files, stamps, tree
from support.pages import is_certificate
from support.program import NOW, PROGRAM, WITHOUT_PICTURES, run_program
from support.project import bare_project, with_everything
from support.publisher import Publisher
from support.receipts import Mirror, clean_site, check_receipt, read_receipt
from support.registry import COLUMNS, person, registered, sheet


def cache_of(project):
    """The file that says what the last build was made from."""
    files = [file for file in (project.root / ".canting-cache").iterdir()
             if file.name.startswith("build-")]
    assert len(files) == 1
    return files[0]


def receipt_of(project, *arguments, **options):
    """Builds, and gives the receipt; what it says is held against what became of the site."""
    file = project.root.parent / f"{project.root.name}.receipt.json"
    before = site_files(project.public) if project.public.exists() else {}
    outcome = project.built("--receipt", file, "--format", "json", *arguments, **options)
    receipt = read_receipt(file)
    check_receipt(receipt, before, site_files(project.public))
    result = outcome.json["result"]
    for kind, name in ("added", "added"), ("changed", "changed"), ("deleted", "removed"):
        assert len([each for each in receipt["files"] if each["change"] == kind]) == result[name]
    assert result["logSize"] == receipt["logSize"]
    return receipt


def paths_of(receipt):
    return [entry["path"] for entry in receipt["files"]]


def is_of_certificate(path):
    return path.startswith("c/")


# MARK: A long life


@pytest.mark.parametrize("at_once, rounds, certificates", [(1, 1, 12), (4, 1, 600)])
def test_after_every_change_the_site_is_that_of_a_clean_build_and_the_receipt_tells_it(
        tmp_path, at_once, rounds, certificates):
    """The most have more certificates than are read and remembered at a time."""
    project = bare_project(tmp_path / "project")
    project.write_rows([{name: "" for name in COLUMNS} | row for row in registered(certificates)])
    publisher = Publisher(project, seed=at_once)
    mirror = Mirror()
    events = rounds * publisher.events()
    publisher.chance.shuffle(events)
    happened = []
    while True:
        receipt = receipt_of(project, "--max-deletes", "9999", now=publisher.now)
        mirror.take(receipt, project.public)
        mirror.check_against(project.public)
        clean = clean_site(project, tmp_path / "clean", now=publisher.now)
        assert differences(clean, tree(project.public)) == [], happened[-3:]
        if not events:
            break
        happened.append([events.pop() for _ in range(min(at_once, len(events)))])
        for event in happened[-1]:
            getattr(publisher, event)()
    assert receipt_of(project, now=publisher.now)["files"] == []


# MARK: Nothing changed


@pytest.fixture(scope="module")
def settled(tmp_path_factory):
    """A project of every status, with news and a warning, that was built; tests copy or reset it."""
    folder = tmp_path_factory.mktemp("settled")
    project = bare_project(folder / "project")
    (project.root / "content/news").mkdir()
    project.write_news("2026-01-02-one.en.md", "Text.", title="One")
    project.write_news("2026-01-03-two.en.md", "Text <center>two</center>.", title="Two")
    project.write_news("2026-01-04-later.en.md", "Text.", more="publish: 2027-01-01 08:00\n")
    project.write_rows([{name: "" for name in COLUMNS} | row for row in registered(12)])
    project.built()
    return project


@pytest.fixture
def project(settled, tmp_path):
    """The same project elsewhere, built there."""
    made = with_everything(settled, tmp_path / "project")
    shutil.rmtree(made.root / ".canting-cache")
    made.built()
    made.built()
    return made


@pytest.mark.smoke
def test_where_nothing_changed_nothing_is_touched(project):
    before = stamps(project.public)
    outcome = project.built("--format", "json")
    result = outcome.json["result"]
    assert result["unchanged"] == result["files"] == len(site_files(project.public))
    assert (result["added"], result["changed"], result["removed"], result["sealed"]) == (0, 0, 0, 0)
    assert stamps(project.public) == before
    assert receipt_of(project)["files"] == []
    assert stamps(project.public) == before


def without_seconds(outcome):
    return outcome.code, re.sub(rb" in \d+\.\d s", b"", outcome.out), outcome.err


@pytest.mark.parametrize("arguments", [
    [], ["--quiet"], ["--format", "json"], ["--format", "github"], ["--warnings-as-errors"],
    ["--warnings-as-errors", "--format", "json"]])
def test_what_a_build_says_it_says_again_where_nothing_changed(project, arguments):
    # Without the cache, a build finds everything out anew.
    shutil.rmtree(project.root / ".canting-cache")
    told = project.build(*arguments)
    assert told.code == (1 if "--warnings-as-errors" in arguments else 0)
    project.built()
    for _ in range(2):
        assert without_seconds(project.build(*arguments)) == without_seconds(told)
    assert b"raw-html" in told.out + told.err


def test_an_announcement_appears_and_goes_at_its_moment_although_no_file_changed(project):
    project.write_news("2026-01-05-zz.en.md", "Text.",
                       more="publish: 2026-11-23 10:00\nexpires: 2026-11-23 12:00\n")
    page = project.public / "news/zz/index.html"
    for clock, shown in (("09:59:59", False), ("10:00:00", True), ("11:59:59", True),
                         ("12:00:00", False), ("11:00:00", True), ("09:00:00", False)):
        for _ in range(2):
            project.built(now=f"2026-11-23T{clock}+07:00")
            assert page.exists() == shown, clock


# MARK: The cache is an optimisation


def damaged_caches(content, chance):
    yield b""
    yield content + b"\0"
    yield content + content[-40:]
    yield content.replace(b"version 1", b"version 0", 1)
    yield content.replace(b"version 1", b"version 2", 1)
    for _ in range(6):
        yield content[:chance.randrange(len(content))]
    for _ in range(30):
        position = chance.randrange(len(content))
        yield (content[:position] + bytes([content[position] ^ 1 << chance.randrange(8)])
               + content[position + 1:])


def files_of(project):
    """Stamps of all files of the site; the folder of what the program remembers may be used."""
    return {path: stamp for path, stamp in stamps(project.public).items() if path != ".canting"}


def test_a_cache_that_was_cut_or_changed_is_no_cache(project):
    """A damaged one and none give the same; what it would be good for is found out anew."""
    whole = tree(project.public)
    content = cache_of(project).read_bytes()
    before = files_of(project)
    missing = sorted(path for path in whole if path.startswith("c/"))[0]
    for number, damaged in enumerate(damaged_caches(content, random.Random(6))):
        cache_of(project).write_bytes(damaged)
        if number % 10 == 0:
            (project.public / missing).unlink()
        outcome = project.built("--format", "json")
        assert outcome.json["result"]["added"] == (number % 10 == 0)
        if number % 10 == 0:
            before = files_of(project)
            assert tree(project.public) == whole
        assert files_of(project) == before, number


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A project of two shards, with a certificate in the first that the last replaces."""
    project = bare_project(tmp_path_factory.mktemp("large") / "project")
    rows = [{name: "" for name in COLUMNS} | row for row in registered(600)]
    rows[5].update(
        status="superseded", status_date="2026-02-03", superseded_by=rows[590]["number"])
    project.write_rows(rows)
    (project.root / "content/news").mkdir()
    project.built()
    return project


@pytest.mark.parametrize("change", [
    pytest.param(lambda rows: rows.append({**rows[4], "revision": "2", "holder": "Another Name"}),
                 id="revision"),
    pytest.param(lambda rows: rows[7].update(
        status="superseded", status_date="2026-05-06", superseded_by=rows[5]["number"]), id="chain"),
    pytest.param(lambda rows: rows.insert(0, {**rows[20], **person(2000)}), id="first"),
    pytest.param(lambda rows: rows.append({**rows[20], **person(2000)}), id="last"),
    pytest.param(lambda rows: rows.__setitem__(300, {
        "number": rows[300]["number"], "status": "erased", "status_date": "2026-01-01"}), id="erased"),
    pytest.param(lambda rows: rows[550].update(listed="yes"), id="listed")])
def test_what_one_row_says_of_others_far_away_is_seen(large, tmp_path, change):
    """A certificate follows what rows of other shards say of it."""
    project = with_everything(large, tmp_path / "project")
    before = tree(project.public)
    rows = [{name: "" for name in COLUMNS} | row for row in project.rows()]
    change(rows)
    project.write_rows(rows)
    project.built()
    assert differences(tree(project.public), before) != []
    assert differences(tree(project.public), clean_site(project, tmp_path / "clean")) == []


def test_the_cache_of_another_project_or_another_day_changes_nothing(project, settled, tmp_path):
    other = with_everything(settled, tmp_path / "other")
    shutil.rmtree(other.root / ".canting-cache")
    other.write_rows(other.rows()[:8] + [person(70)])
    add = [{"number": row["number"], "status": "erased", "status_date": NOW}
           for row in settled.rows()[8:]]
    other.write_rows(other.rows() + add)
    other.built()
    older = cache_of(project).read_bytes()
    for foreign in (cache_of(other).read_bytes(), older):
        project.write_rows(project.rows() + [person(80 + len(project.rows()))])
        project.write_news("2026-01-05-zz.en.md", f"Text {len(project.rows())}.")
        project.built()
        cache_of(project).write_bytes(foreign)
        project.write_rows(project.rows() + [person(80 + len(project.rows()))])
        (project.root / "content/news/2026-01-05-zz.en.md").unlink()
        receipt_of(project)
        assert differences(tree(project.public), clean_site(project, tmp_path / "clean")) == []


def test_a_folder_in_the_place_of_the_cache_costs_time_alone(project, tmp_path):
    file = cache_of(project)
    file.unlink()
    file.mkdir()
    before = files_of(project)
    for _ in range(2):
        project.built()
        assert files_of(project) == before
    shutil.rmtree(project.root / ".canting-cache")
    (project.root / ".canting-cache").write_text("mine", encoding="utf-8")
    for _ in range(2):
        project.built()
        assert files_of(project) == before
    project.write_rows(project.rows() + [person(80)])
    project.built()
    assert differences(tree(project.public), clean_site(project, tmp_path / "clean")) == []


# MARK: A file of the site that somebody touched


def tiles_of(project):
    return sorted(file for file in (project.public / "log/tile").rglob("*") if file.is_file())


def edited_in_place(file):
    with open(file, "r+b") as opened:
        opened.write(b"#")


def replaced_by_a_link(file):
    other = file.with_name(f"my {file.name}")
    shutil.copy2(file, other)
    file.unlink()
    file.symlink_to(other)


def replaced_by_a_copy(file):
    """With other bytes, of the same size and the same age."""
    copy = file.with_name(f"copy of {file.name}")
    shutil.copy2(file, copy)
    times = copy.stat()
    edited_in_place(copy)
    os.utime(copy, ns=(times.st_atime_ns, times.st_mtime_ns))
    copy.rename(file)


def replaced_by_an_empty_folder(file):
    file.unlink()
    file.mkdir()


@pytest.mark.parametrize("damage", [
    edited_in_place, Path.unlink, lambda file: os.truncate(file, 10), replaced_by_a_link,
    lambda file: file.write_bytes(file.read_bytes() + b"#"), replaced_by_a_copy,
    replaced_by_an_empty_folder, lambda file: file.chmod(0)],
    ids=["edited", "deleted", "cut", "linked", "longer", "replaced", "folder", "closed"])
@pytest.mark.parametrize("change", [False, True])
def test_a_file_that_somebody_touched_is_made_again(project, tmp_path, damage, change):
    folder = expect_all(project)[5].path.strip("/")
    paths = [f"{folder}/record.json", "news/one/index.html", "log/edge.json", "sitemap-pages.xml",
             expect_all(project)[6].path.strip("/") + "/index.html",
             expect_all(project)[7].path.strip("/") + "/credential.json"]
    paths += [str(file.relative_to(project.public)) for file in tiles_of(project)]
    if change:
        project.write_news("2026-01-05-zz.en.md", "Text.")
    for path in paths:
        damage(project.public / path)
    file = tmp_path / "receipt.json"
    project.built("--receipt", file)
    for mine in project.public.rglob("my *"):
        mine.unlink()
    assert differences(tree(project.public), clean_site(project, tmp_path / "clean")) == []
    assert not any(path.is_symlink() for path in project.public.rglob("*"))
    assert all(path.stat().st_mode & 0o400 for path in project.public.rglob("*"))
    told = {entry["path"] for entry in read_receipt(file)["files"]}
    assert set(paths) <= told


def test_other_permissions_that_leave_a_file_readable_are_nobodys_business(project):
    for path in project.public.rglob("*"):
        path.chmod(path.stat().st_mode | 0o020)
    before = stamps(project.public)
    assert receipt_of(project)["files"] == []
    assert stamps(project.public) == before


def test_a_log_begun_anew_gets_its_own_tiles_under_the_old_names(project, tmp_path):
    """Whoever does so takes the old ledger and the published checkpoint away."""
    before = {file: file.read_bytes() for file in tiles_of(project)}
    shutil.rmtree(project.root / "seeds/ledger")
    (project.public / "log/checkpoint").unlink()
    rows = project.rows()
    rows[0]["holder"] += " Lain"
    project.write_rows(rows)
    project.built("--max-deletes", "1000")
    assert [file for file in before if file.exists() and file.read_bytes() != before[file]]
    assert differences(tree(project.public), clean_site(project, tmp_path / "clean")) == []


# MARK: Only what changed


@pytest.mark.smoke
def test_one_row_changed_touches_its_files_the_lists_and_the_tail_of_the_log(project):
    expected = expect_all(project)[3]
    rows = project.rows()
    rows[3].update(status="revoked", status_date="2026-10-01")
    project.write_rows(rows)
    before = stamps(project.public)
    receipt = receipt_of(project)
    folder = expected.path.strip("/")
    touched = set(paths_of(receipt))
    assert {path for path in touched if is_of_certificate(path)} == {f"{folder}/index.html"}
    assert {"status/revocation/0", "log/edge.json", "log/checkpoint"} <= touched
    assert "status/suspension/0" not in touched
    assert not any(path.startswith(("assets/", "news/", ".well-known")) for path in touched)
    after = stamps(project.public)
    written = {path for path in after if before.get(path) != after[path]
               and (project.public / path).is_file()}
    assert written - {".canting/manifest"} == touched


def test_one_announcement_changed_touches_no_certificate(project):
    before = {path: stamp for path, stamp in stamps(project.public).items() if path.startswith("c")}
    project.write_news("2026-01-02-one.en.md", "Other text.", title="One, again")
    receipt = receipt_of(project)
    assert "news/one/index.html" in paths_of(receipt)
    assert not any(is_of_certificate(path) or path.startswith("log/") for path in paths_of(receipt))
    assert {path: stamp for path, stamp in stamps(project.public).items()
            if path.startswith("c")} == before


CHANGES = {
    "style sheet": lambda project: project.edit("templates/assets/certificate/certificate-1.css", ".key,", "/* x */ .key,"),
    "common style sheet": lambda project: project.edit("templates/assets/site/_base.css", "--cloth: #faf6ee", "--cloth: #faf6ef"),
    "script": lambda project: project.edit(
        "templates/assets/certificate/certificate-1.js/days.js", "export const dayOf", "export const unused = 1;\nexport const dayOf"),
    "words of another language": lambda project: project.edit(
        "templates/strings/id.yml", "Peramban Anda sedang memeriksanya.", "Sedang diperiksa."),
    "words that a script says": lambda project: project.edit(
        "templates/strings/en.yml", "Your browser is checking it now.", "It is being checked."),
    "menu": lambda project: project.set_site(navigation=["about", "verify"]),
    "contact": lambda project: project.set_site(
        contact={"address": "Jalan Contoh 2 (specimen)", "email": "other@lsp-batik.example", "phone": "+62 274 000 0001"}),
    "announcement": lambda project: project.write_news("2026-01-02-zz.en.md", "Text.", title="Something new"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_not_the_certificates_own_touches_no_certificate(project, what):
    before = stamps(project.public / "c")
    CHANGES[what](project)
    receipt = receipt_of(project)
    assert paths_of(receipt) and [path for path in paths_of(receipt) if is_of_certificate(path)] == []
    assert stamps(project.public / "c") == before


def test_another_template_touches_all_pages_of_certificates_and_nothing_else_of_them(project):
    with open(project.root / "templates/certificate/certificate.mustache", "a", encoding="utf-8") as file:
        file.write("<!-- another -->\n")
    touched = set(paths_of(receipt_of(project)))
    assert touched == {path for path in site_files(project.public) if is_certificate(path)}


def test_another_key_touches_every_credential_and_no_record_or_page_of_a_certificate(project):
    assert run_program(
        "keys", "rotate", "--root", project.root, "--now", "2026-11-24").code == 0
    touched = {path for path in paths_of(receipt_of(project, now="2026-11-24"))
               if is_of_certificate(path)}
    assert touched == {path for path in site_files(project.public)
                       if path.startswith("c/") and path.endswith("/credential.json")}


def test_a_new_key_is_published_before_what_it_signed(project):
    assert run_program(
        "keys", "rotate", "--root", project.root, "--now", "2026-11-24").code == 0
    paths = paths_of(receipt_of(project, now="2026-11-24"))
    assert paths.index(".well-known/did.json") < min(
        paths.index(path) for path in paths if path.endswith("credential.json"))


def test_an_announcement_is_uploaded_before_the_pages_that_list_it(project):
    project.write_news("2026-11-05-zz.en.md", "Text.")
    paths = paths_of(receipt_of(project))
    for listing in ("index.html", "news/index.html"):
        assert paths.index("news/zz/index.html") < paths.index(listing)


def test_a_page_offers_only_the_files_that_its_certificate_has(project):
    project.set_site(certificate_files=["page"])
    project.built()
    for path, content in site_files(project.public).items():
        if is_certificate(path):
            assert b"record.json\"" not in content and b"credential.json\"" not in content


# MARK: --max-deletes


def shrink(project, count):
    """Takes announcements away, each a page of its own."""
    for file in sorted((project.root / "content/news").glob("*many*"))[:count]:
        file.unlink()


@pytest.fixture
def crowded(project):
    for number in range(130):
        project.write_news(f"2026-01-02-many{number:03}.en.md", "Text.")
    project.built()
    return project


def removals(project, folder):
    """How many files the next build removes."""
    before = set(site_files(project.public))
    clean = with_everything(project, folder)
    clean.built("--max-deletes", "100000")
    return len(before - set(site_files(clean.public))), len(before) + len(
        [path for path in tree(project.public) if path.startswith(".canting/")]) - 1


def grouped(number):
    return f"{number:,}"


def test_a_build_that_would_remove_many_files_is_refused_whole(crowded, tmp_path):
    shrink(crowded, 110)
    crowded.write_rows(crowded.rows() + [person(80)])
    count, files = removals(crowded, tmp_path / "clean")
    assert count > 100
    before = stamps(crowded.root)
    outcome = crowded.build("--format", "json", "--receipt", tmp_path / "receipt.json")
    assert outcome.code == 1 and set(outcome.ids) == {
        "too-many-deletions", "raw-html", "moved-page"}
    finding = next(each for each in outcome.findings if each["id"] == "too-many-deletions")
    assert finding["severity"] == "error" and finding["path"] == "public"
    assert finding["message"] == (
        f"A build removes at most 100 files of the old site, and this one would remove"
        f" {grouped(count)} of {grouped(files)}")
    assert finding["hint"] == (
        "see what is missing in seeds/ and content/; if they are meant to go, allow it with"
        f" --max-deletes {count}")
    assert stamps(crowded.root) == before
    assert not (tmp_path / "receipt.json").exists()
    for limit, code in ((count - 1, 1), (0, 1), (count, 0)):
        assert crowded.build("--max-deletes", limit).code == code
    crowded.built()


def test_a_hundred_files_may_go_unasked(crowded, tmp_path):
    shrink(crowded, 55)
    count, _ = removals(crowded, tmp_path / "clean")
    assert 50 < count <= 100
    crowded.built()


def test_an_empty_registry_takes_no_large_site_with_it(tmp_path):
    project = bare_project(tmp_path / "project")
    project.write_rows(registered(60))
    project.built()
    before = stamps(project.root)
    rows = [{"number": row["number"], "status": "erased", "status_date": NOW}
            for row in project.rows()]
    project.write_rows(rows + [person(99)])
    assert "too-many-deletions" in project.build("--format", "json").ids
    assert stamps(project.public) == {
        path.removeprefix("public/"): stamp for path, stamp in before.items()
        if path.startswith("public/")} | {".": before["public"]}
    assert stamps(project.root / "seeds/ledger")["checkpoint"] == before["seeds/ledger/checkpoint"]


def test_a_number_of_deletions_below_zero_is_wrong_usage(project):
    assert project.build("--max-deletes=-1").code == 64


# MARK: What else is read


@pytest.mark.parametrize("where", ["inside", "wal", "beside seeds", "beside seeds, wal", "linked wal"])
def test_a_change_in_a_database_is_seen_wherever_it_lies(project, where):
    seeds = project.root / "seeds"
    folder = seeds if where in ("inside", "wal") else project.root / "data"
    folder.mkdir(exist_ok=True)
    file = folder / "registry.sqlite"
    with sqlite3.connect(file) as database:
        if "wal" in where:
            database.execute("pragma journal_mode=wal")
        database.execute(f"create table certificates ({','.join(COLUMNS)})")
        database.executemany(
            f"insert into certificates values ({','.join('?' * len(COLUMNS))})",
            [[row[name] for name in COLUMNS] for row in project.rows()])
    if where == "linked wal":
        (seeds / "registry.sqlite").symlink_to(file)
    project.set_site(registry={
        "file": os.path.relpath(file, seeds) if "beside" in where else "registry.sqlite",
        "table": "certificates"})
    project.registry.unlink()
    for _ in range(3):
        receipt_of(project)
    assert receipt_of(project)["files"] == []
    database.execute("update certificates set status = 'revoked', status_date = '2026-10-01'"
                     " where rowid = 2")
    database.commit()
    assert "log/checkpoint" in paths_of(receipt_of(project))
    database.close()


def test_a_change_in_a_sheet_beside_seeds_is_seen(project):
    rows = project.rows()
    beside = project.root / "beside.csv"
    beside.write_text(sheet(rows), encoding="utf-8")
    project.set_site(registry={"file": "../beside.csv"})
    project.registry.unlink()
    for _ in range(3):
        receipt_of(project)
    rows[1].update(status="revoked", status_date="2026-10-01")
    beside.write_text(sheet(rows), encoding="utf-8")
    assert "log/checkpoint" in paths_of(receipt_of(project))


def test_what_a_build_does_not_need_it_need_not_read(project):
    os.mkfifo(project.root / "seeds/pipe")
    build = subprocess.Popen([PROGRAM, "build", "--quiet", "--root", project.root, "--now", NOW],
        env=WITHOUT_PICTURES)
    try:
        assert build.wait(5) == 0
    except subprocess.TimeoutExpired:
        build.kill()
        build.wait()
        raise AssertionError("it waits for ever") from None


# MARK: Saved while a build runs, and made by another program


def test_what_was_saved_while_a_build_ran_and_taken_back_is_not_taken_for_built(project, tmp_path):
    """The large file gives the time to save another between its digest and its reading."""
    with (project.root / "seeds/large").open("wb") as large:
        large.truncate(600_000_000)
    template = project.root / "templates/certificate/certificate.mustache"
    kept = template.read_bytes()
    for wait in (0.1, 0.3, 0.5):
        shutil.rmtree(project.root / ".canting-cache")
        process = subprocess.Popen(
            [PROGRAM, "build", "--root", project.root, "--now", NOW, "--quiet"],
            env=WITHOUT_PICTURES)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(wait)
        template.write_bytes(kept.replace(b"</main>", b"<p>Saved too early</p></main>"))
        assert template.read_bytes() != kept
        assert process.wait(60) == 0
        template.write_bytes(kept)
        project.built()
        clean = clean_site(project, tmp_path / f"clean-{wait}")
        assert differences(clean, tree(project.public)) == []


def test_another_program_takes_nothing_from_the_cache_of_this_one(project, tmp_path):
    """It writes credentials a little differently, of inputs that are the same."""
    other = tmp_path / "other" / Path(PROGRAM).name
    other.parent.mkdir()
    for resources in Path(PROGRAM).parent.glob("*.resources"):
        (other.parent / resources.name).symlink_to(resources)
    old, new = b'"mediaType":"application/json"', b'"mediaType":"application/JSON"'
    content = Path(PROGRAM).read_bytes()
    assert old in content
    other.write_bytes(content.replace(old, new))
    other.chmod(0o755)
    subprocess.run(
        [other, "build", "--root", project.root, "--now", NOW, "--quiet"], check=True)
    credentials = [content for path, content in tree(project.public).items()
                   if path.endswith("credential.json")]
    assert credentials and all(new in content and old not in content for content in credentials)
    project.built()
    assert all(old in content for path, content in tree(project.public).items()
               if path.endswith("credential.json"))


@pytest.mark.parametrize("kind", ["link to nothing", "folder"])
@pytest.mark.parametrize("place", ["content/news/x.en.md", "templates/strings/xx.yml"])
def test_what_stands_in_the_place_of_a_file_is_found_by_a_second_build_too(project, kind, place):
    path = project.root / place
    if kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("nowhere")
    told = project.build()
    shutil.rmtree(project.root / ".canting-cache")
    assert (told.code, told.err) == (project.build().code, project.build().err)
    assert told.code != 0

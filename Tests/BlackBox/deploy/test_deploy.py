"""`canting deploy`, against a server that speaks S3, SFTP and a folder."""

import json
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from pathlib import Path

import pytest

from support.expected import expect_all
from support.output import differences, stamps, tree
from support.program import NOW, PROGRAM
from support.project import Project, small_project
from support.registry import erase_row, person
from support.stores import BUCKET, Store, can_serve_sftp, deploy, deployed, files_at, sftp, site_files_of


REMOTE = f"store:{BUCKET}/site"


@pytest.fixture(scope="module")
def server():
    store = Store()
    yield store
    store.close()


@pytest.fixture
def store(server):
    server.empty()
    return server


@pytest.fixture(scope="module")
def built_once(tmp_path_factory):
    project = small_project(tmp_path_factory.mktemp("deploy") / "project")
    project.write_rows([person(1), person(2), person(3)])
    project.built()
    return project


@pytest.fixture
def site(built_once, tmp_path):
    """A built site that a test may change, with what the last build remembers of it."""
    target = tmp_path / "project"
    # Moved as a whole: its files are no longer those of the last build, and the build says so.
    copied = Project.copy(built_once.root, target, with_history=True)
    shutil.copytree(built_once.public, target / "public", copy_function=shutil.copy2)
    return copied


@pytest.fixture(scope="module")
def deployed_once(built_once, tmp_path_factory):
    folder = tmp_path_factory.mktemp("target") / "www"
    deployed(built_once, folder)
    return folder


@pytest.fixture
def www(deployed_once, tmp_path):
    """A folder to which the site was deployed."""
    return Path(shutil.copytree(deployed_once, tmp_path / "www"))


@pytest.fixture(scope="module")
def filled_once(server, built_once):
    server.empty()
    deployed(built_once, REMOTE, env=server.environment)
    server.keep()


@pytest.fixture
def filled(filled_once, store):
    """The server, after the site was deployed to it."""
    store.restore()
    return store


def refused(project, target, *arguments, env=None):
    outcome = deploy(project, target, "--format", "json", *arguments, env=env)
    assert outcome.code == 1, outcome.text
    return outcome.ids


# MARK: To a server that speaks S3


def test_the_first_deploy_uploads_the_site_and_the_second_nothing(site, store):
    first = deployed(site, REMOTE, env=store.environment)
    assert not differences(site_files_of(site), store.site())
    assert first["added"] == len(site_files_of(site)) and first["deleted"] == 0
    assert sorted(store.requested("PUT")) == sorted(site_files_of(site)), "a file travelled twice or never"
    store.asked.clear()
    second = deployed(site, REMOTE, env=store.environment)
    assert second["unchanged"] == len(site_files_of(site)) and second["added"] + second["changed"] == 0
    assert not [ask for ask in store.asked if ask[0] not in ("GET", "HEAD")]
    assert len(store.asked) < 12, "a second deploy asks for files one by one"


def test_only_what_changed_travels(site, filled):
    before = site_files_of(site)
    site.write_news("2026-11-02-new.en.md", "Something new.", date="2026-11-02")
    site.write_rows(site.rows() + [person(4)])
    site.built()
    after = site_files_of(site)
    filled.asked.clear()
    result = deployed(site, REMOTE, env=filled.environment)
    assert sorted(filled.requested("PUT")) == sorted(
        path for path in after if before.get(path) != after[path])
    assert sorted(filled.requested("DELETE")) == sorted(before.keys() - after.keys())
    assert result["deleted"] == len(before.keys() - after.keys()) > 0
    assert not differences(after, filled.site())
    assert result["logSize"] == 4


def rank(path):
    """When a file may travel, worked out from what the issue promises."""
    if path.startswith("assets/"):
        return 0
    if path in (".well-known/did.json", "keys.json") or path.startswith("contexts/"):
        return 1
    if re.fullmatch(r"c/../.{30}/(record|credential)\.json", path):
        return 2
    if path.startswith("c/"):
        return 3
    if path.startswith("log/tile/"):
        return 6
    if path == "log/edge.json":
        return 7
    if path == "log/checkpoint":
        return 8
    is_list = re.fullmatch(
        r"(id/)?(index\.html|(news|schemes|batches)/index\.html|(directory|statistics|batches/years)/.*|news/(tags|page|[0-9]{4})/.*"
        r"|search/index\.html)", path)
    return 5 if is_list or not path.endswith(".html") else 4


def test_nothing_travels_before_what_it_refers_to(site, store):
    deployed(site, REMOTE, "--transfers", "4", env=store.environment)
    order = [rank(path) for path in store.requested("PUT")]
    assert set(order) == set(range(9))
    assert order == sorted(order)
    assert store.requested("PUT")[-1] == "log/checkpoint"

    erase_row(site, person(2)["number"], date=NOW)
    site.built()
    store.asked.clear()
    deployed(site, REMOTE, env=store.environment)
    asked = [(method, path) for method, path in store.asked if method in ("PUT", "DELETE")
             and "/.canting/" not in path]
    kinds = [method for method, _ in asked]
    first = kinds.index("DELETE")
    assert asked[first - 1] == ("PUT", f"/{BUCKET}/site/log/checkpoint")
    assert "PUT" not in kinds[first:], "something travels after a deletion"
    assert any("/c/" in path for method, path in asked[first:]), "the erased page is still there"


def test_an_object_has_its_type_and_its_lifetime(site, filled):
    for path in site_files_of(site):
        head = filled.head(f"site/{path}")
        kind, lifetime = head["ContentType"], head["CacheControl"]
        if path.startswith("assets/certificate-"):
            assert lifetime == "no-cache", path
        elif path.startswith(("assets/", "log/tile/")):
            assert lifetime == "public, max-age=31536000, immutable", path
        elif path in ("log/checkpoint", "log/edge.json", "404.html"):
            assert lifetime == "no-cache", path
        else:
            assert lifetime == "public, max-age=300", path
        if path == "log/checkpoint":
            assert kind == "text/plain; charset=utf-8"
        elif path.startswith("log/tile/"):
            assert kind == "application/octet-stream", path
        elif path.startswith("status/"):
            assert kind == "application/vc"
        elif path.endswith(".html"):
            assert kind == "text/html; charset=utf-8", path
        elif path.endswith(".json"):
            assert kind == "application/json", path
        assert kind != "text/html" and "ContentEncoding" not in head, path


def test_a_deploy_that_the_server_refuses_in_the_middle_goes_on_where_it_ended(site, store):
    def refuses(method, path):
        puts = store.requested("PUT")
        return method == "PUT" and "/.canting/" not in path and len(puts) > 60
    store.refuses = refuses
    outcome = deploy(site, REMOTE, "--transfers", "2", env=store.environment)
    assert outcome.code == 70, outcome.text
    assert "cannot upload: rclone says:" in outcome.text and "403" in outcome.text
    there = store.site()
    assert 50 < len(there) <= 61 and "log/checkpoint" not in there
    store.refuses = lambda method, path: False
    store.asked.clear()
    deployed(site, REMOTE, env=store.environment)
    assert sorted(store.requested("PUT")) == sorted(site_files_of(site).keys() - there.keys())
    assert not differences(site_files_of(site), store.site())


def test_a_deploy_that_was_killed_sends_nothing_twice(site, store):
    process = subprocess.Popen(
        [PROGRAM, "deploy", REMOTE, "--transfers", "1", "--root", site.root, "--now", NOW],
        env={**os.environ, **store.environment}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(6000):
        if len(store.requested("PUT")) > 40 or process.poll() is not None:
            break
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    time.sleep(0.3)
    there = store.site()
    assert 30 < len(there) < len(site_files_of(site)) and "log/checkpoint" not in there
    store.asked.clear()
    deployed(site, REMOTE, env=store.environment)
    whole = {path for path, data in there.items() if data == site_files_of(site).get(path)}
    assert sorted(store.requested("PUT")) == sorted(site_files_of(site).keys() - whole)
    assert not differences(site_files_of(site), store.site())


def test_a_key_for_one_bucket_is_enough(site, filled):
    filled.refuses = lambda method, path: method == "PUT" and path.rstrip("/") == f"/{BUCKET}"
    site.write_rows(site.rows() + [person(4)])
    site.built()
    deployed(site, REMOTE, env=filled.environment)
    assert not differences(site_files_of(site), filled.site())


def test_a_bucket_that_is_not_there_is_not_made(site, store):
    outcome = deploy(site, "store:other/site", env=store.environment)
    assert outcome.code == 70 and "other" not in [
        bucket["Name"] for bucket in store.client.list_buckets()["Buckets"]]


def test_a_dry_run_says_what_would_travel_and_changes_nothing(site, filled, tmp_path):
    before = filled.site()
    site.write_news("2026-11-02-new.en.md", "Something new.", date="2026-11-02")
    site.built()
    filled.asked.clear()
    list_file = tmp_path / "travels.json"
    would = deployed(site, REMOTE, "--dry-run", "--receipt", list_file, env=filled.environment)
    assert not [ask for ask in filled.asked if ask[0] not in ("GET", "HEAD")]
    assert not differences(before, filled.site())
    listed = json.loads(list_file.read_bytes())["files"]
    did = deployed(site, REMOTE, env=filled.environment)
    assert {**would, "dryRun": False} == did
    assert sorted(each["path"] for each in listed if each["change"] == "deleted") == sorted(
        filled.requested("DELETE"))
    assert sorted(each["path"] for each in listed if each["change"] != "deleted") == sorted(
        filled.requested("PUT"))
    ranks = [rank(each["path"]) for each in listed if each["change"] != "deleted"]
    assert ranks == sorted(ranks)


# MARK: What a target has


@pytest.mark.smoke
def test_a_folder_gets_the_site_and_nothing_else(site, tmp_path):
    www = tmp_path / "www"
    whole = site_files_of(site)
    (site.public / "notes.txt").write_text("for us alone")
    (site.public / ".canting/private").write_text("for us alone")
    deployed(site, www)
    assert not differences(whole, files_at(www))
    assert not (www / ".canting/manifest").exists() and not (www / ".canting/private").exists()
    before = stamps(www)
    assert deployed(site, www)["unchanged"] == len(whole)
    assert stamps(www) == before


def test_an_erased_certificate_leaves_nothing_at_the_target(site, www):
    code = expect_all(site)[1].code
    folder = www / "c" / code[:2] / code[2:]
    assert folder.is_dir()
    erase_row(site, person(2)["number"], date=NOW)
    site.built()
    deployed(site, www)
    assert not differences(site_files_of(site), files_at(www))
    gone = site.public / "c" / code[:2] / code[2:]
    assert folder.exists() == gone.exists()


def test_two_machines_may_deploy_in_turn(site, www, tmp_path):
    other = Project.copy(site.root, tmp_path / "other", with_history=True)
    shutil.copytree(site.public, other.public)
    # The same bytes on another machine, with other files' numbers and no memory.
    assert deployed(other, www)["unchanged"] == len(site_files_of(site))
    other.write_news("2026-11-02-new.en.md", "Something new.", date="2026-11-02")
    other.built()
    deployed(other, www)
    assert not differences(site_files_of(other), files_at(www))
    # The first machine knows nothing of that, and does not believe that its files are still there.
    deployed(site, www)
    assert not differences(site_files_of(site), files_at(www))


def test_a_lost_or_damaged_state_is_made_again_by_comparing(site, www):
    for damage in (lambda: shutil.rmtree(www / ".canting"),
                   lambda: os.truncate(www / ".canting/deployed-since", 100)):
        stale = www / "c/00/11111111111111111111111111111f/index.html"
        stale.parent.mkdir(parents=True)
        stale.write_text("left over")
        (www / "google1234.html").write_text("the institution's own")
        damage()
        before = stamps(www / "assets")
        deployed(site, www)
        assert stamps(www / "assets") == before, "the same bytes travelled again"
        assert not stale.exists() and (www / "google1234.html").exists()
        (www / "google1234.html").unlink()
        assert not differences(site_files_of(site), files_at(www))
        assert deployed(site, www)["unchanged"] == len(site_files_of(site))


def test_a_recheck_mends_what_somebody_changed_at_the_target(site, www):
    (www / "index.html").write_text("somebody else's")
    (www / "keys.json").unlink()
    assert deployed(site, www)["changed"] == 0
    deployed(site, www, "--recheck")
    assert not differences(site_files_of(site), files_at(www))


def test_a_recheck_counts_what_travelled(site, www, filled):
    for target, environment, spoil in (
            (www, {}, lambda path: (www / path).write_text("else")),
            (REMOTE, filled.environment, lambda path: filled.client.put_object(
                Bucket=BUCKET, Key=f"site/{path}", Body=b"else"))):
        count = len(site_files_of(site))
        spoil("index.html")
        result = deployed(site, target, "--recheck", env=environment)
        assert (result["added"], result["changed"], result["unchanged"]) == (0, 1, count - 1)
    text = deploy(site, www, "--recheck").text
    assert f"uploaded 0 new and 0 changed files, deleted 0; {count} are there already" in text


def test_a_deploy_that_is_interrupted_says_what_arrived_and_the_next_what_is_there(site, store):
    process = subprocess.Popen(
        [PROGRAM, "deploy", REMOTE, "--transfers", "1", "--root", site.root, "--now", NOW],
        env={**os.environ, **store.environment}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    while len(store.requested("PUT")) < 60:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 70
    there = store.site()
    count = len(site_files_of(site))
    told = re.search(rf"uploaded ([0-9]+) of {count} files", said)
    assert told and 0 <= len(there) - int(told[1]) <= 1, (said, len(there))
    assert "canting deploy` goes on from there" in said
    result = deployed(site, REMOTE, env=store.environment)
    assert (result["added"], result["unchanged"]) == (count - len(there), len(there))


def test_a_target_that_was_emptied_is_filled_again(site, www):
    for path in site_files_of(site):
        (www / path).unlink()
    deployed(site, www)
    assert not differences(site_files_of(site), files_at(www))


def test_the_state_leads_to_no_certificate(site, www):
    kept = b"".join(tree(www / ".canting").values())
    for each in expect_all(site):
        digits = bytes.fromhex(each.fingerprint)
        for start in range(0, 32 - 8, 4):
            assert digits[start:start + 8] not in kept
        assert each.code[:16].encode() not in kept


@pytest.mark.skipif(not can_serve_sftp(), reason="no SSH server may be started here")
def test_over_sftp_no_command_is_run(site, www, tmp_path):
    (tmp_path / "ssh").mkdir(mode=0o700)
    ran = tmp_path / "ran"
    with sftp(tmp_path / "ssh", command=f"tee -a {ran}") as environment:
        result = deployed(site, f"web:{www}", "--recheck", env=environment)
    assert not ran.exists()
    # Nothing can be compared there, so everything travels.
    assert result["changed"] == result["compared"] == len(site_files_of(site))
    assert not differences(site_files_of(site), files_at(www))


@pytest.mark.skipif(not can_serve_sftp(), reason="no SSH server may be started here")
def test_sftp_gets_the_site_too(site, tmp_path):
    www = tmp_path / "www"
    www.mkdir()
    (tmp_path / "ssh").mkdir(mode=0o700)
    with sftp(tmp_path / "ssh") as environment:
        deployed(site, f"web:{www}", env=environment)
        assert not differences(site_files_of(site), files_at(www))
        before = stamps(www)
        assert deployed(site, f"web:{www}", env=environment)["unchanged"] == len(site_files_of(site))
        assert stamps(www) == before
        site.write_rows(site.rows() + [person(4)])
        site.built()
        deployed(site, f"web:{www}", env=environment)
        assert not differences(site_files_of(site), files_at(www))


# MARK: Refusals


@pytest.fixture
def elsewhere(site, tmp_path):
    """The same institution on another machine."""
    other = Project.copy(site.root, tmp_path / "elsewhere", with_history=True)
    shutil.copytree(site.public, other.public)
    return other


def untouched(folder, action):
    before = stamps(folder)
    result = action()
    assert stamps(folder) == before, "a refused deploy changed the target"
    return result


def test_a_log_that_somebody_else_continued_is_not_set_back(site, elsewhere, www):
    elsewhere.write_rows(elsewhere.rows() + [person(4)])
    elsewhere.built()
    deployed(elsewhere, www)
    assert untouched(www, lambda: refused(site, www)) == ["target-log-ahead"]
    assert untouched(www, lambda: refused(site, www, "--dry-run")) == ["target-log-ahead"]
    assert untouched(www, lambda: refused(site, www, "--recheck")) == ["target-log-ahead"]


@pytest.mark.parametrize("more", [[person(5)], [person(5), person(6), person(7)]])
def test_a_log_that_was_written_twice_is_not_replaced(site, elsewhere, more, www):
    elsewhere.write_rows(elsewhere.rows() + [person(4)])
    elsewhere.built()
    deployed(elsewhere, www)
    site.write_rows(site.rows() + more)
    site.built()
    assert untouched(www, lambda: refused(site, www)) == ["target-log-differs"]


def test_a_checkpoint_that_nobody_signed_is_not_replaced(site, www):
    file = www / "log/checkpoint"
    note = file.read_bytes()
    for forged in (note.replace(b"\n3\n", b"\n2\n"), b"nonsense", note[:-4],
                   b"<html>an error page</html>"):
        file.write_bytes(forged)
        assert untouched(www, lambda: refused(site, www)) == ["target-log-unsigned"], forged


def test_the_site_of_somebody_else_is_not_overwritten(site, elsewhere, tmp_path):
    www = tmp_path / "www"
    elsewhere.start_over()
    elsewhere.set_site(url="https://other.example")
    elsewhere.built()
    deployed(elsewhere, www)
    assert untouched(www, lambda: refused(site, www)) == ["target-of-another-site"]


def test_a_log_that_changes_meanwhile_stops_the_deploy(site, filled):
    """Somebody else's checkpoint arrives while the pages of this deploy travel."""
    site.write_rows(site.rows() + [person(4)])
    site.built()
    others = filled.read("site/log/checkpoint") + b"\n"

    filled.overtaken = False

    class Hook:
        def __call__(self, method, path):
            if method == "PUT" and path.endswith("index.html") and not filled.overtaken:
                filled.overtaken = True
                threading.Thread(target=lambda: filled.client.put_object(
                    Bucket=BUCKET, Key="site/log/checkpoint", Body=others)).start()
            return False
    filled.refuses = Hook()
    assert refused(site, REMOTE, env=filled.environment) == ["target-changed"]
    assert filled.read("site/log/checkpoint") == others


def test_a_site_that_a_group_was_let_into_is_uploaded_all_the_same(site, www):
    site.built()
    for path in site.public.rglob("*"):
        path.chmod(path.stat().st_mode | 0o020)
    deployed(site, www)


def test_a_site_that_is_not_whole_is_not_uploaded(site, tmp_path):
    www = tmp_path / "www"
    (site.public / ".canting/unfinished").write_text("")
    assert refused(site, www) == ["unfinished-build"]
    (site.public / ".canting/unfinished").unlink()

    page = site.public / "about/index.html"
    kept = page.read_bytes()
    page.unlink()
    assert refused(site, www) == ["site-changed"]
    page.write_bytes(kept)
    site.built()
    page.write_bytes(kept + b" ")
    assert refused(site, www) == ["site-changed"]
    site.built()
    code = expect_all(site)[0].code
    record = site.public / "c" / code[:2] / code[2:] / "record.json"
    record.write_bytes(record.read_bytes().replace(b"Siti", b"Sita"))
    assert refused(site, www) == ["site-changed"]
    site.built()

    ledger = site.root / "seeds/ledger"
    shutil.copytree(ledger, tmp_path / "older")
    site.write_rows(site.rows() + [person(4)])
    site.built()
    shutil.rmtree(ledger)
    shutil.copytree(tmp_path / "older", ledger)
    assert refused(site, www) == ["site-and-ledger-differ"]

    shutil.rmtree(site.public)
    assert refused(site, www) == ["site-not-built"]
    assert not www.exists()


def test_a_site_that_lost_its_files_does_not_empty_the_target(site, www):
    for file in (site.root / "content/news").glob("*.md"):
        file.unlink()
    for file in (site.root / "content/pages").glob("*.md"):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"\[([^]]*)\]\(\.\./news/[^)]*\)", r"\1", text), encoding="utf-8")
    site.built("--max-deletes", "100000")
    assert untouched(www, lambda: refused(site, www, "--max-deletes", "3")) == [
        "too-many-deletions"]
    deployed(site, www, "--max-deletes", "100000")
    assert not differences(site_files_of(site), files_at(www))


def test_a_target_is_named_in_the_settings(site, tmp_path):
    site.set_site(deploy={"production": {"remote": str(tmp_path / "www")},
                          "near": {"remote": "../near", "transfers": "2"}})
    outcome = deploy(site, "prodction", "--format", "json")
    assert outcome.code == 1 and outcome.ids == ["unknown-target"]
    assert outcome.findings[0]["hint"] == "did you mean `production`?"
    deployed(site, "production")
    assert not differences(site_files_of(site), files_at(tmp_path / "www"))
    shutil.copytree(tmp_path / "www", site.root.parent / "near")
    assert deployed(site, "near")["unchanged"] == len(site_files_of(site))


@pytest.mark.smoke
def test_the_site_is_not_deployed_into_itself(site):
    for target in (site.public, site.public / "copy", site.root, "/"):
        assert refused(site, target) == ["target-is-site"]


def test_the_site_is_recognised_behind_any_name(site, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(site.public)
    above = tmp_path / "above"
    above.symlink_to(site.root)
    inside = tmp_path / "inside"
    inside.symlink_to(site.public / "news")
    alias = {"RCLONE_CONFIG_HERE_TYPE": "alias", "RCLONE_CONFIG_HERE_REMOTE": str(site.public)}
    before = tree(site.public)
    for target in (link, link / "new", above, above / "public", inside, inside / "deeper/still",
                   f":local:{link}", "here:"):
        assert refused(site, target, env=alias) == ["target-is-site"], target
    site.root.rename(tmp_path / "moved")
    (tmp_path / "project").symlink_to(tmp_path / "moved")
    assert refused(site, tmp_path / "moved/public") == ["target-is-site"]
    assert not differences(before, tree(site.public))


# What somebody may have at a place, and the names that are told.
FOREIGN = [
    ({"index.html": "mine"}, ["`index.html`"]),
    ({"assets/logo.svg": "mine", "c/a/b": "mine", "log/tile/1": "mine", "status/ok": "mine"},
     ["`assets/`", "`c/`", "`log/`", "1 more"]),
    ({".well-known/acme/token": "mine"}, ["`.well-known/`"]),
    ({".canting/manifest": "mine", "notes.txt": "mine"}, ["`notes.txt`"]),
]


@pytest.mark.parametrize("files,told", FOREIGN)
def test_a_place_of_somebody_else_is_not_touched(site, store, files, told, tmp_path):
    www = tmp_path / "www"
    for path, text in files.items():
        (www / path).parent.mkdir(parents=True, exist_ok=True)
        (www / path).write_text(text)
        store.client.put_object(Bucket=BUCKET, Key=f"site/{path}", Body=text.encode())
    store.asked.clear()
    is_first = files is FOREIGN[0][0]
    for target, environment in ((www, {}), (REMOTE, store.environment)):
        for more in ([], ["--recheck"], ["--dry-run"]) if is_first else ([],):
            outcome = deploy(site, target, "--format", "json", *more, env=environment)
            assert outcome.code == 1 and outcome.ids == ["foreign-target"], outcome.text
            assert all(name in outcome.findings[0]["message"] for name in told), outcome.text
            assert "--adopt" in outcome.findings[0]["hint"]
    assert not [ask for ask in store.asked if ask[0] not in ("GET", "HEAD")]
    assert tree(www) == {path: text.encode() for path, text in files.items()}
    if not is_first:
        return
    deployed(site, www, "--adopt")
    assert all(files_at(www)[path] == data for path, data in site_files_of(site).items())
    assert deployed(site, www)["unchanged"] == len(site_files_of(site)), "it is ours from then on"


def test_an_empty_place_is_nobody_s(site, tmp_path):
    www = tmp_path / "www"
    (www / ".canting").mkdir(parents=True)
    (www / ".gitkeep").write_text("")
    assert deployed(site, www, "--dry-run")["added"] == len(site_files_of(site))


def test_a_place_that_cannot_be_listed_is_not_empty(site, store):
    store.client.put_object(Bucket=BUCKET, Key="site/index.html", Body=b"mine")
    store.asked.clear()
    store.refuses = lambda method, path: method == "GET" and path.rstrip("/") == f"/{BUCKET}"
    outcome = deploy(site, REMOTE, env=store.environment)
    assert outcome.code == 70 and "AccessDenied" in outcome.text
    assert not store.requested("PUT", "DELETE")


def test_progress_counts_files_and_says_how_long_the_rest_takes(site, store):
    """On a terminal; the server takes its time."""
    main, terminal = os.openpty()
    store.refuses = lambda method, path: method == "PUT" and time.sleep(0.05)
    process = subprocess.Popen(
        [PROGRAM, "deploy", REMOTE, "--transfers", "1", "--root", site.root, "--now", NOW],
        env={**os.environ, **store.environment}, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=terminal)
    os.close(terminal)
    said = b""
    try:
        while piece := os.read(main, 65536):
            said += piece
    except OSError:
        pass  # The other end is closed.
    os.close(main)
    assert process.wait() == 0
    total = len(site_files_of(site))
    counts = [int(each) for each in re.findall(rf"uploading: ([0-9]+) of {total} files".encode(), said)]
    assert len(set(counts)) > total // 8 and counts == sorted(counts)
    assert re.search(rb"files, [0-9]+ (s|min) left", said)


@pytest.mark.smoke
def test_without_rclone_it_says_how_to_install_it(site, tmp_path):
    outcome = deploy(site, tmp_path / "www", env={"PATH": "/nowhere"})
    assert outcome.code == 1
    assert "[missing-rclone]" in outcome.text and "apt-get install rclone" in outcome.text


def test_arguments_reach_no_shell_and_no_option_of_rclone(site, tmp_path):
    name = "a; touch pwned $(touch pwned) `touch pwned` ä ü\u202e"
    deployed(site, tmp_path / "t" / name)
    assert not differences(site_files_of(site), files_at(tmp_path / "t" / name))
    shutil.copytree(tmp_path / "t" / name, tmp_path / "t/--config=x")
    assert deployed(site, tmp_path / "t/--config=x")["unchanged"] == len(site_files_of(site))
    assert not list(tmp_path.rglob("pwned")) and not os.path.exists("pwned")
    for target in ("-v", "--dry-run", "a\nb:c", ""):
        assert deploy(site, target).code == 64
    outcome = deploy(site, "nowhere:x")
    assert outcome.code == 70 and "rclone says" in outcome.text


def test_credentials_stay_out_of_what_is_printed_and_kept(site, filled):
    site.write_rows(site.rows() + [person(4)])
    site.built()
    outcome = deploy(site, REMOTE, env={**filled.environment,
                                        "RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY": "very-secret-word"})
    assert "very-secret-word" not in outcome.text
    for path, data in tree(site.root).items():
        assert b"very-secret-word" not in data, path
    assert not (site.root / ".canting-cache/deploy").exists()

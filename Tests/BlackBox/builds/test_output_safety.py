"""The output folder: whose it is, what is written, what is removed, and what survives a crash."""

import os
import random
import resource
import shutil
import signal
import subprocess
import time

import pytest

from support.expected import expect
from support.output import differences, site_files, stamps, states_the_day, tree
from support.program import NOW, PROGRAM, run_program
from support.project import Project
from support.registry import person


# MARK: Whose folder it is


@pytest.mark.parametrize("name", ["index.html", "notes.txt", ".htaccess", "deep/file.txt", "empty/"])
@pytest.mark.parametrize("where", ["public", "elsewhere"])
def test_a_folder_with_something_else_in_it_is_refused_untouched(project, name, where):
    folder = project.root / where
    file = folder / name
    if name.endswith("/"):
        file.mkdir(parents=True)
    else:
        file.parent.mkdir(parents=True)
        file.write_text("mine", encoding="utf-8")
    before = stamps(folder)
    arguments = [] if where == "public" else ["--output", folder]
    outcome = project.build("--format", "json", *arguments)
    assert outcome.code == 1 and outcome.ids == ["foreign-output"]
    assert stamps(folder) == before


@pytest.mark.smoke
def test_the_project_folder_itself_is_refused(project):
    before = tree(project.root)
    outcome = project.build("--output", project.root, "--format", "json")
    assert outcome.code == 1 and outcome.ids == ["foreign-output"]
    assert tree(project.root) == before


def test_a_file_in_the_place_of_the_folder_is_refused_untouched(project):
    project.public.write_text("mine", encoding="utf-8")
    before = stamps(project.root)
    assert project.build().code == 1
    assert stamps(project.root) == before


def test_an_empty_folder_and_one_with_a_gitkeep_are_fine(project):
    project.public.mkdir()
    project.built()
    shutil.rmtree(project.public)
    project.public.mkdir()
    (project.public / ".gitkeep").write_bytes(b"")
    project.built()
    assert (project.public / ".gitkeep").is_file() and (project.public / "index.html").is_file()


def test_a_folder_that_is_not_there_is_made(project, tmp_path):
    output = tmp_path / "a" / "b" / "site"
    project.built("--output", output)
    assert (output / "index.html").is_file() and not project.public.exists()


def test_a_relative_output_folder_is_taken_from_the_working_folder(project, tmp_path):
    outcome = run_program(
        "build", "--root", project.root, "--output", "site", "--now", NOW, cwd=tmp_path)
    assert outcome.code == 0, outcome.text
    assert (tmp_path / "site/index.html").is_file()


def test_a_damaged_memory_of_the_last_build_is_refused_and_nothing_is_touched(project):
    project.built()
    kept = [path for path in tree(project.public) if path.startswith(".canting/")]
    assert len(kept) == 1
    memory = project.public / kept[0]
    content = memory.read_bytes()
    for damaged in (content[:-3], b"", content[:10], content[::-1]):
        memory.write_bytes(damaged)
        before = stamps(project.public)
        assert project.build().code == 1
        assert stamps(project.public) == before


def test_no_other_folder_of_the_project_is_written(project):
    before = tree(project.root)
    project.built()
    after = {path: content for path, content in tree(project.root).items()
             # The ledger is what a build keeps for the institution, the cache for itself.
             if not path.startswith(("public/", "seeds/ledger/", ".canting-cache/"))}
    assert after == before


# MARK: What is removed


@pytest.mark.smoke
def test_files_of_dropped_rows_are_removed_with_their_empty_folders(project):
    project.built()
    rows = project.rows()
    before = stamps(project.public)
    project.take_out(rows[2])
    project.built()
    dropped = expect(project, rows[2]).path.strip("/")
    # What is left says that there was a certificate, and nothing of whose.
    assert [path.name for path in (project.public / dropped).iterdir()] == ["index.html"]
    page = (project.public / dropped / "index.html").read_text(encoding="utf-8")
    assert rows[2]["holder"] not in page and rows[2]["number"] not in page
    for row in rows[:2]:
        path = expect(project, row).path.strip("/") + "/record.json"
        assert stamps(project.public)[path] == before[path]


def test_an_announcement_that_was_taken_out_disappears_in_its_language_alone(project):
    project.write_news("2026-01-02-zz-kabar.en.md", "Text.")
    project.write_news("2026-01-02-zz-kabar.id.md", "Teks.")
    project.built()
    assert (project.public / "news/zz-kabar/index.html").is_file()
    assert (project.public / "id/news/zz-kabar/index.html").is_file()
    (project.root / "content/news/2026-01-02-zz-kabar.en.md").unlink()
    project.built()
    assert not (project.public / "news/zz-kabar").exists()
    assert (project.public / "id/news/zz-kabar/index.html").is_file()


def test_after_a_change_the_site_is_that_of_a_clean_build(project, tmp_path):
    project.write_news("2026-01-02-zz-kabar.en.md", "Text.")
    project.built()
    (project.root / "content/news/2026-01-02-zz-kabar.en.md").unlink()
    project.write_rows([
        person(1), person(2, status="revoked", status_date="2025-01-01"), person(3), person(4)])
    project.edit("templates/assets/site/site.css", "{", "/* changed */ {")
    project.built()
    project.built("--output", tmp_path / "clean")
    assert differences(tree(tmp_path / "clean"), tree(project.public)) == []


def test_files_dropped_into_the_output_later_are_kept(project):
    project.write_news("2026-01-02-zz-kabar.en.md", "Text.")
    project.built()
    gone = person(3)
    dropped = expect(project, gone).path.strip("/")
    mine = ["CNAME", "news/zz-kabar/photo.jpg", f"{dropped}/mine.txt", "c/mine.txt",
            "assets/mine.css", ".well-known/mine", ".nojekyll", "new-0", "zz/deep/er/mine"]
    for path in mine:
        (project.public / path).parent.mkdir(parents=True, exist_ok=True)
        (project.public / path).write_text("mine", encoding="utf-8")
    before = {path: stamps(project.public)[path] for path in mine}
    (project.root / "content/news/2026-01-02-zz-kabar.en.md").unlink()
    project.take_out(gone)
    project.built()
    assert {path: stamps(project.public).get(path) for path in mine} == before
    assert not (project.public / "news/zz-kabar/index.html").exists()
    assert not (project.public / dropped / "record.json").exists()


def test_a_foreign_link_in_the_output_is_neither_followed_nor_emptied(project, tmp_path):
    """What is removed lies in the output folder, whatever links somebody made in it."""
    project.write_news("2026-01-02-zz-kabar.en.md", "Text.")
    project.built()
    outside = tmp_path / "outside"
    (outside / "news/zz-kabar").mkdir(parents=True)
    (outside / "news/zz-kabar/index.html").write_text("mine", encoding="utf-8")
    (project.public / "zz").symlink_to(outside)
    before = stamps(outside)
    (project.root / "content/news/2026-01-02-zz-kabar.en.md").unlink()
    project.built()
    assert stamps(outside) == before and (project.public / "zz").is_symlink()


def test_a_file_of_the_site_that_was_changed_or_deleted_by_hand_is_restored(project):
    project.built()
    before = tree(project.public)
    (project.public / "index.html").write_text("changed", encoding="utf-8")
    (project.public / "about/index.html").unlink()
    same_size = project.public / "robots.txt"
    same_size.write_bytes(same_size.read_bytes()[::-1])
    outcome = project.built("--format", "json")
    assert tree(project.public) == before
    assert (outcome.json["result"]["added"], outcome.json["result"]["changed"]) == (1, 2)


# MARK: The same input, the same bytes


def test_a_second_build_writes_nothing(varied):
    varied.built()
    before = stamps(varied.public)
    outcome = varied.built("--format", "json")
    result = outcome.json["result"]
    assert (result["added"], result["changed"], result["removed"]) == (0, 0, 0)
    assert stamps(varied.public) == before


@pytest.mark.parametrize("environment", [
    {"TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"},
    {"TZ": "America/Los_Angeles", "LANG": "id_ID.UTF-8", "LC_ALL": "id_ID.UTF-8"},
    {"TZ": "Nonsense/Nowhere", "LANG": "ar_EG.UTF-8", "LC_ALL": "ar_EG.UTF-8"},
    {"TZ": "", "LANG": "C", "LC_ALL": "C"},
    {"LANG": "", "LC_ALL": "", "HOME": "/nonexistent", "USER": ""},
    {"SOURCE_DATE_EPOCH": "0", "COLUMNS": "20", "NO_COLOR": "1"}])
def test_time_zone_and_locale_change_no_byte(varied_template, varied_built, tmp_path, environment):
    varied_template.built("--output", tmp_path / "site", env=environment)
    assert differences(tree(varied_built.public), tree(tmp_path / "site")) == []


def test_the_number_of_jobs_changes_no_byte(project, tmp_path):
    # Enough certificates for more than one portion of the work.
    project.write_rows([
        person(n, listed="yes" if n % 2 else "", **(
            {"status": "revoked", "status_date": "2025-01-01"} if n % 5 == 0 else {}))
        for n in range(1, 531)])
    sites = []
    for jobs in (1, 2, 8):
        project.built("--output", tmp_path / str(jobs), "--jobs", jobs)
        sites.append(tree(tmp_path / str(jobs)))
    assert differences(sites[0], sites[1]) == differences(sites[0], sites[2]) == []


def test_the_place_of_the_project_and_the_age_of_its_files_change_no_byte(varied_built, tmp_path):
    copy = Project.copy(varied_built.root, tmp_path / "Proyek sertifikat – 2026 (é)")
    for number, file in enumerate(sorted(copy.root.rglob("*"), reverse=True)):
        os.utime(file, (number, number))
    copy.built()
    assert differences(tree(varied_built.public), tree(copy.public)) == []


@pytest.mark.parametrize("now", ["2026-11-23T23:59:59+07:00", "2026-11-24", "2031-01-01"])
def test_the_day_of_the_build_changes_no_byte(varied_template, varied_built, tmp_path, now):
    """Pages state dates, not ages; signed status lists say when they were made, and a few pages what
    holds on a day that they name."""
    varied_template.built("--output", tmp_path / "site", now=now)
    there, other = tree(varied_built.public), tree(tmp_path / "site")
    changed = [path for path in {*there, *other} if there.get(path) != other.get(path)]
    assert [path for path in changed if not path.startswith("status/") and not states_the_day(path)
            and path not in (".canting/manifest", "sitemap.xml")] == []


def test_repeated_builds_into_fresh_folders_are_the_same(varied_template, varied_built, tmp_path):
    for number in range(2):
        varied_template.built("--output", tmp_path / str(number))
        assert differences(tree(varied_built.public), tree(tmp_path / str(number))) == []


# MARK: Crashes and full disks


@pytest.fixture(scope="module")
def two_states(varied_template, tmp_path_factory):
    """Two states of a project that differ in nearly every file, and the clean site of each."""
    folder = tmp_path_factory.mktemp("states")
    projects, sites = [], []
    for name in ("A", "B"):
        project = Project.copy(varied_template.root, folder / name)
        project.write_rows([person(n, listed="yes" if n % 3 else "") for n in range(1, 40)])
        title = project.site["title"]
        project.set_site(title={language: f"{text} {name}" for language, text in title.items()})
        project.write_news(f"2026-01-02-only-{name.lower()}.en.md", "Text.")
        project.built("--output", folder / f"site {name}")
        projects.append(project)
        sites.append(tree(folder / f"site {name}"))
    changed = [path for path in sites[0] if path in sites[1] and sites[0][path] != sites[1][path]]
    assert len(changed) > 39
    assert set(sites[0]) - set(sites[1]) and set(sites[1]) - set(sites[0])
    return projects, sites


def killed(project, output, after):
    """Starts a build and kills it after some seconds; whether it was still running."""
    process = subprocess.Popen(
        [PROGRAM, "build", "--root", project.root, "--output", output, "--now", NOW],
        # Without the program that makes pictures, as in every other build of these tests.
        env={**os.environ, "PATH": "/nowhere"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    time.sleep(after)
    os.killpg(process.pid, signal.SIGKILL)
    return process.wait() != 0


def assert_whole(folder, *sites):
    """Every file that has a name is one that some build would make, whole."""
    for path, content in site_files(folder).items():
        assert any(site.get(path) == content for site in sites), path


def test_a_build_killed_at_any_moment_leaves_whole_files_and_the_next_one_repairs_all(
        two_states, tmp_path):
    projects, sites = two_states
    output = tmp_path / "site"
    start = time.monotonic()
    projects[0].built("--output", output)
    duration = time.monotonic() - start
    moments = random.Random(20241015)
    hits = 0
    for turn in range(15):
        old, new = turn % 2, (turn + 1) % 2
        # Kills in the first moments only show that reading writes nothing.
        hits += killed(projects[new], output, moments.uniform(0.2, 1.0) * duration)
        assert_whole(output, sites[old], sites[new])
        projects[new].built("--output", output)
        assert differences(sites[new], tree(output)) == []
    assert hits > 0


def test_a_first_build_killed_at_any_moment_can_be_repeated(two_states, tmp_path):
    projects, sites = two_states
    moments = random.Random(17500)
    for turn in range(3):
        output = tmp_path / f"site {turn}"
        killed(projects[0], output, moments.uniform(0.05, 0.6))
        if output.exists():
            assert_whole(output, sites[0])
        projects[0].built("--output", output)
        assert differences(sites[0], tree(output)) == []


def test_a_killed_build_followed_by_other_input_leaves_nothing_behind(two_states, tmp_path):
    projects, sites = two_states
    output = tmp_path / "site"
    start = time.monotonic()
    projects[0].built("--output", tmp_path / "measured")
    duration = time.monotonic() - start
    for part in (0.6, 0.85):
        killed(projects[1], output, part * duration)
        projects[0].built("--output", output)
        assert differences(sites[0], tree(output)) == []


def test_a_disk_that_takes_no_large_files_is_70_and_every_file_stays_whole(two_states, tmp_path):
    projects, sites = two_states
    output = tmp_path / "site"
    projects[0].built("--output", output)

    def no_large_files():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    outcome = projects[1].build(
        "--output", output, preexec_fn=no_large_files, restore_signals=False)
    assert outcome.code == 70, outcome.text
    assert b"cannot write" in outcome.err
    assert_whole(output, sites[0], sites[1])
    # Nothing of the old site is missing: what is no longer produced goes last.
    assert set(sites[0]) <= set(tree(output))
    projects[1].built("--output", output)
    assert differences(sites[1], tree(output)) == []


def test_a_first_site_needs_few_open_files(two_states, tmp_path):
    projects, sites = two_states

    def few_files():
        resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))

    projects[0].built("--output", tmp_path / "site", preexec_fn=few_files)
    assert differences(sites[0], tree(tmp_path / "site")) == []


def usable_by(user):
    """Whether another user of this machine can run the program at all."""
    try:
        return subprocess.run([PROGRAM, "--version"], user=user, capture_output=True,
                              env={**os.environ, "HOME": "/"}, cwd="/").returncode == 0
    except (OSError, PermissionError, LookupError):
        return False


@pytest.fixture
def unprivileged():
    """Options that run the program as somebody whom file modes concern."""
    if os.geteuid() != 0:
        return {}
    if not usable_by("nobody"):
        pytest.skip("root may write everywhere, and nobody else can run the program here")
    return {"user": "nobody", "env": {"HOME": "/"}, "cwd": "/"}


def test_an_output_folder_that_cannot_be_written_is_70_and_the_old_site_stays(
        varied_template, open_folder, unprivileged):
    project = Project.copy(varied_template.root, open_folder / "project")
    project.built()
    before = stamps(project.public)
    for path in [project.public, *project.public.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    modes = stamps(project.public)
    title = project.site["title"]
    project.set_site(title={language: f"{text} baru" for language, text in title.items()})
    outcome = project.build(**unprivileged)
    after = stamps(project.public)
    for path in [project.public, *project.public.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert outcome.code == 70, outcome.text
    assert outcome.err.startswith(b"canting: cannot ")
    assert after == modes and set(after) == set(before)


def test_a_registry_that_cannot_be_read_is_70(varied_template, open_folder, unprivileged):
    project = Project.copy(varied_template.root, open_folder / "project")
    project.registry.chmod(0)
    outcome = project.run("check", **unprivileged)
    assert outcome.code == 70 and b"seeds/registry.csv" in outcome.err


def test_a_file_that_somebody_put_where_a_new_page_goes_is_neither_lost_nor_published(project):
    project.built()
    mine = project.public / "news/later/index.html"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    project.built()
    before = stamps(project.public)
    project.write_news("2026-01-02-later.en.md", "Text.")
    outcome = project.build("--format", "json")
    assert outcome.code == 1 and outcome.ids == ["foreign-file"]
    assert outcome.findings[0]["path"] == "public/news/later/index.html"
    assert stamps(project.public) == before
    mine.unlink()
    project.built()
    assert "Text." in mine.read_text(encoding="utf-8")

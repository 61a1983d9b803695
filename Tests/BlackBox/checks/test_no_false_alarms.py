"""What `canting check` is silent about: the nearest neighbours of the mistakes in Tests/Fixtures/broken."""

import shutil

import pytest

from support.program import REPOSITORY
from support.project import Project

BASE = REPOSITORY / "Tests" / "Fixtures" / "broken" / "base"
OPEN_DAY = "content/news/2026-01-05-open-day.en.md"
DOT = (BASE / "templates/assets/kawung.svg").read_text()


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    root = tmp_path_factory.mktemp("told") / "base"
    shutil.copytree(BASE, root)
    Project(root).built()
    return root


@pytest.fixture
def small(built, tmp_path):
    """The smallest project, built once before."""
    shutil.copytree(built, tmp_path / "project")
    return Project(tmp_path / "project")


def ids_of(project, command="check", **options):
    """The ids of a run that works."""
    outcome = project.run(command, "--format", "json", **options)
    assert outcome.code == 0, outcome.text
    return outcome.ids


# MARK: Published addresses


@pytest.mark.smoke
def test_an_alias_leads_on_from_a_renamed_announcement(small):
    small.edit(OPEN_DAY, "tags:", "slug: open-house\ntags:")
    assert ids_of(small) == ["moved-page"]
    small.edit(OPEN_DAY, "tags:", "aliases: [/news/open-day/]\ntags:")
    assert ids_of(small) == []
    small.built("--warnings-as-errors")
    old = (small.public / "news/open-day/index.html").read_text()
    assert "/news/open-house/" in (small.public / "_redirects").read_text() and old


def test_an_alias_that_is_taken_away_again_is_missed(small):
    small.edit(OPEN_DAY, "tags:", "aliases: [/news/old/]\ntags:")
    small.built()
    small.edit(OPEN_DAY, "aliases: [/news/old/]\n", "")
    assert ids_of(small) == ["moved-page"]


def test_a_build_warns_before_it_removes_and_is_silent_afterwards(small):
    (small.root / "content/news/2026-03-02-new-dates.en.md").unlink()
    assert ids_of(small, "build") == ["moved-page"]
    assert not (small.public / "news/new-dates").exists()
    assert ids_of(small) == []


@pytest.mark.parametrize("line, word", [
    ("draft: true", "draft"), ("expires: 2026-06-01", "expired"), ("publish: 2027-01-01", "waits")])
def test_an_announcement_that_its_editor_withdraws_goes_in_peace(small, line, word):
    path = "content/news/2026-03-02-new-dates.en.md"
    small.edit(path, "tags:", "aliases: [/news/older/]\ntags:")
    small.built()
    small.edit(path, "tags:", f"{line}\ntags:")
    assert ids_of(small) == (["expired-announcement"] if word == "expired" else [])


def test_lists_come_and_go_with_their_announcements(small):
    small.edit(OPEN_DAY, "[events]", "[visits]")
    assert (small.public / "news/tags/events/index.html").exists()
    assert ids_of(small) == []


def test_a_standing_page_may_have_aliases_too(small):
    (small.root / "content/pages/visit.en.md").write_text("---\ntitle: Visit us\n---\n\nCome.\n")
    small.built()
    (small.root / "content/pages/visit.en.md").rename(small.root / "content/pages/come.en.md")
    finding = small.run("check", "--format", "json").findings[0]
    assert (finding["id"], finding["path"]) == ("moved-page", "content/pages/come.en.md")
    small.edit("content/pages/come.en.md", "title:", "aliases: [/visit/]\ntitle:")
    assert ids_of(small) == []
    small.built()
    assert "/visit/ /come/" in (small.public / "_redirects").read_text()


def test_a_build_that_would_remove_more_than_allowed_is_refused(small):
    before = sorted(small.public.rglob("*"))
    (small.root / "content/news/2026-03-02-new-dates.en.md").unlink()
    outcome = small.run("build", "--max-deletes", "2", "--format", "json")
    assert outcome.code == 1
    assert outcome.ids == ["moved-page", "too-many-deletions"]
    assert sorted(small.public.rglob("*")) == before
    assert small.run("build", "--max-deletes", "9").code == 0


# MARK: Tags and translations


def test_different_words_and_the_same_spelling_are_no_two_spellings(small):
    small.write_news("2026-04-01-a.en.md", "x", date="2026-04-01", more="tags: [events, event]\n")
    small.write_news("2026-04-02-b.en.md", "x", date="2026-04-02", more="tags: [events day]\n")
    assert ids_of(small) == []


def test_the_rarer_spelling_is_named_at_each_of_its_places(small):
    for day in (1, 2, 3):
        small.write_news(f"2026-04-0{day}-a{day}.en.md", "x", date=f"2026-04-0{day}",
                         more=f"tags: [{'Events' if day < 3 else 'events'}]\n")
    findings = small.run("check", "--format", "json").findings
    # `events` twice, `Events` twice: the one that was there first stays.
    assert [(each["id"], each["path"][-19:]) for each in findings] == [
        ("tag-spelling", "2026-04-01-a1.en.md"), ("tag-spelling", "2026-04-02-a2.en.md")]


def test_what_expired_is_compared_with_nothing(small):
    small.write_news("2026-04-01-a.en.md", "x", date="2026-04-01",
                     more="tags: [EVENTS]\nexpires: 2026-04-02\n")
    assert ids_of(small) == ["expired-announcement"]


def test_the_same_moment_written_in_two_ways_agrees(small):
    small.edit(OPEN_DAY, "date: 2026-01-05", "date: 2026-01-04T17:00:00Z")
    assert ids_of(small) == []


@pytest.mark.parametrize("line, key", [
    ("expires: 2027-01-01", "expires"), ("publish: 2026-01-04", "publish"), ("pinned: yes", "pinned")])
def test_a_setting_in_one_translation_alone_is_found_where_it_stands(small, line, key):
    path = "content/news/2026-01-05-open-day.id.md"
    small.edit(path, "tags:", f"{line}\ntags:")
    [finding] = small.run("check", "--format", "json").findings
    assert (finding["id"], finding["path"], finding["line"]) == ("translations-disagree", path, 4)
    assert f"`{key}`" in finding["message"]


# MARK: Leftovers


def test_a_picture_of_a_draft_has_somebody_who_refers_to_it(small):
    (small.root / "content/news/dot.svg").write_text(DOT)
    small.write_news("2026-04-01-a.en.md", "![A dot](dot.svg)", more="draft: true\n")
    assert ids_of(small) == []


def test_hidden_files_and_backups_are_nobodys_business(small):
    for name in ("content/.DS_Store", "content/news/a.en.md~", "templates/assets/.keep"):
        (small.root / name).write_text("x")
    assert ids_of(small) == []


@pytest.mark.smoke
def test_an_asset_is_used_through_other_assets(small):
    (small.root / "templates/assets/a.js").write_text('import "./b.js";\n')
    (small.root / "templates/assets/b.js").write_text("export {};\n")
    assert ids_of(small) == ["orphan-file", "orphan-file"]
    small.edit("templates/head.mustache", "</title>", '</title><script src="{{assets.a_js}}"></script>')
    assert ids_of(small) == []


@pytest.mark.parametrize("tag", [
    "{{t.home.lead}}", "{{#t.home}}{{lead}}{{/t.home}}", "{{strings.id.home.lead}}",
    "{{#strings.en}}{{home.lead}}{{/strings.en}}"])
def test_a_string_is_used_by_itself_or_with_its_group(small, tag):
    for language in ("en", "id"):
        file = small.root / f"templates/strings/{language}.yml"
        file.write_text(file.read_text() + "home:\n  lead: Welcome\n")
    assert ids_of(small) == ["unused-string"]
    small.edit("templates/head.mustache", "</title>", f"</title>{tag}")
    assert ids_of(small) == []


def test_a_build_says_nothing_of_leftovers(small):
    (small.root / "content/dot.svg").write_text(DOT)
    small.write_news("2026-04-01-a.en.md", "x", date="2026-04-01", more="expires: 2026-04-02\n")
    assert ids_of(small) == ["expired-announcement", "orphan-file"]
    assert ids_of(small, "build") == []


def test_notes_fail_nothing_even_where_warnings_do(small):
    small.write_news("2026-04-01-a.en.md", "x", date="2026-04-01", more="expires: 2026-04-02\n")
    outcome = small.run("check", "--warnings-as-errors")
    assert outcome.code == 0 and b": note: " in outcome.err


# MARK: Pictures


def test_a_picture_may_have_just_as_many_kilobytes_as_the_limit(small):
    picture = DOT + "<!--" + "x" * (2000 - len(DOT) - 7) + "-->"
    assert len(picture) == 2000
    (small.root / "content/news/dot.svg").write_text(picture)
    small.write_news("2026-04-01-a.en.md", "![A dot](dot.svg)", date="2026-04-01")
    small.edit("content/site.yml", "specimen: true\n", "specimen: true\nimage_limit_kb: 2\n")
    assert ids_of(small) == []
    (small.root / "content/news/dot.svg").write_text(picture + "\n")
    assert ids_of(small) == ["large-image"]
    small.edit("content/site.yml", "image_limit_kb: 2\n", "")
    assert ids_of(small) == []

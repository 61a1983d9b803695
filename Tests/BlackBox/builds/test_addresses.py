"""Two sources and one place: one file where the bytes are the same, else an error at the line that asks for it."""

import shutil

import pytest

from support.output import tree

PICTURE = "templates/assets/site/kawung.svg"


def errors(project, command):
    outcome = project.run(command, "--format", "json", env={"PATH": "/nowhere"})
    assert outcome.code == 1, outcome.text
    return [(each["id"], each["path"], each.get("line")) for each in outcome.findings
            if each["severity"] == "error"]


def refused(project, path, line):
    """By `check` and by `build`, before anything is sealed or written."""
    before = tree(project.public) if project.public.exists() else None
    for command in ("check", "build"):
        assert errors(project, command) == [("duplicate-address", path, line)]
    assert (tree(project.public) if project.public.exists() else None) == before


@pytest.mark.parametrize("built_before", [False, True])
def test_a_picture_that_the_templates_also_have_is_one_file(project, built_before):
    if built_before:
        project.built()
    shutil.copy2(project.root / PICTURE, project.root / "content/news/kawung.svg")
    project.write_news("2026-01-02-a.en.md", "![Kawung](kawung.svg)")
    assert project.run("check").code == 0
    for _ in range(3):
        project.built()
    [file] = [path for path in tree(project.public) if path.startswith("assets/kawung.")]
    assert f'src="/{file}"' in (project.public / "news/a/index.html").read_text(encoding="utf-8")


def test_a_picture_that_differs_from_one_of_the_templates_in_capitals_alone_is_an_error(project):
    (project.root / PICTURE).rename(project.root / "templates/assets/Kawung.svg")
    for file in (project.root / "templates").rglob("*"):
        if file.suffix in (".css", ".mustache"):
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace("kawung.svg", "Kawung.svg").replace(
                "assets.kawung_svg", "assets.Kawung_svg"), encoding="utf-8")
    shutil.copy2(project.root / "templates/assets/Kawung.svg", project.root / "content/news/kawung.svg")
    project.write_news("2026-01-02-a.en.md", "![Kawung](kawung.svg)")
    refused(project, "content/news/2026-01-02-a.en.md", 6)


def test_two_assets_that_differ_in_capitals_alone_are_an_error(project):
    for name in ("sogan.svg", "Sogan.svg"):
        shutil.copy2(project.root / PICTURE, project.root / "templates/assets" / name)
    refused(project, "templates/assets", None)


@pytest.mark.parametrize("built_before", [False, True])
@pytest.mark.parametrize("alias", [
    "/_redirects/", "/_headers/", "/_redirects/x.html", "/404.html", "/About/", "/ABOUT/", "/News/a/",
    "/news/A/", "/about/index.html", "/About/Index.html", "/About/INDEX.html", "/ID/",
    f"/{'x' * 253}/", f"/{'x' * 248}.html", "/" + "/".join(["xxxxxxxxx"] * 110) + "/"])
def test_an_alias_that_cannot_be_a_place_of_its_own_is_an_error(project, alias, built_before):
    if built_before:
        project.built()
    project.write_news("2026-01-02-a.en.md", "Text", more=f"aliases:\n  - {alias}\n")
    refused(project, "content/news/2026-01-02-a.en.md", 5)


@pytest.mark.parametrize("alias", [
    "/c/aa/", "/C/aa/", "/assets/x/", "/Assets/x/", "/log/tile/", "/LOG/x.html", "/status/x/", "/directory/x/",
    "/batches/x/", "/contexts/x/", "/id/batches/x/"])
def test_an_alias_lies_in_no_folder_of_the_program(project, alias):
    project.write_news("2026-01-02-a.en.md", "Text", more=f"aliases:\n  - {alias}\n")
    for command in ("check", "build"):
        assert errors(project, command) == [("reserved-alias", "content/news/2026-01-02-a.en.md", 5)]


@pytest.mark.parametrize("aliases, line", [
    (["/old/", "/OLD/"], 6), (["/old.html", "/Old.html"], 6), (["/old/", "/old/"], 6),
    (["/old/index.html", "/old/"], 6)])
def test_two_aliases_are_two_places(project, aliases, line):
    project.write_news(
        "2026-01-02-a.en.md", "Text", more="aliases:\n" + "".join(f"  - {each}\n" for each in aliases))
    refused(project, "content/news/2026-01-02-a.en.md", line)


@pytest.mark.parametrize("alias", [
    "/redirects/", "/headers/", "/404/", "/aboutus/", f"/{'x' * 252}/", "/old.html", "/cc/x/", "/logs/"])
def test_the_nearest_aliases_are_fine(project, alias):
    project.write_news("2026-01-02-a.en.md", "Text", more=f"aliases:\n  - {alias}\n")
    for _ in range(2):
        project.built()


@pytest.mark.parametrize("length, accepted", [(252, True), (253, False)])
def test_a_slug_fits_into_a_file_system(project, length, accepted):
    project.write_news("2026-01-02-a.en.md", "Text", more=f"slug: {'x' * length}\n")
    if accepted:
        project.built()
    else:
        refused(project, "content/news/2026-01-02-a.en.md", 4)

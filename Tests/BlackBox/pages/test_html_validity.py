"""Every page passes the Nu HTML checker."""

from support.hostile import HOLDERS, NUMBERS, TITLES, quoted
from support.html_checker import check, errors
from support.output import site_files
from support.registry import person


def test_every_page_of_the_specimen_site_is_valid_html(specimen):
    assert errors(check(specimen.public))[:20] == []


def test_the_checker_sees_a_page_that_is_not_valid_among_those_that_are(varied_built, tmp_path):
    for path, content in site_files(varied_built.public).items():
        if path in ("index.html", "404.html"):
            (tmp_path / path).write_bytes(content)
    (tmp_path / "wrong").mkdir()
    content = (tmp_path / "index.html").read_text(encoding="utf-8")
    (tmp_path / "wrong/index.html").write_text(content.replace("</h1>", "</h2>", 1), encoding="utf-8")
    wrong = errors(check(tmp_path))
    assert wrong and {url.rsplit("/", 2)[-2] for url, _, _ in wrong} == {"wrong"}


def test_hostile_texts_and_bare_pages_are_valid_html_too(project):
    rows = [person(n, holder=holder, registration=HOLDERS[-n]) for n, holder in enumerate(HOLDERS, 1)]
    rows += [person(n, number=number, status="revoked", status_date="2025-01-01", status_reason=number)
             for n, number in enumerate(NUMBERS, 100)]
    rows += [person(200, registration=""), person(201, expires="2025-12-31"),
             person(202), person(202, revision="2", issued="2025-01-01")]
    project.write_rows(rows)
    contact = {"address": "Jalan <1> & \"2\"", "email": "a_b*c@contoh.example"}
    project.set_site(publish_reasons="true", contact=contact)
    for number, title in enumerate(TITLES):
        project.write_news(
            f"2026-01-0{number + 1}-zz.en.md",
            "# First\n\n## Same\n\n## Same\n\n### !?\n\n#### [x](javascript:1) ![a](/about/)\n\n"
            "1. a\n\n   b\n2. c\n\n> d\n\n***\n\n```x\"y\ncode\n```\n\n<b>raw</b>",
            title=quoted(title), more=f"slug: zz-{number}\nupdated: 2026-02-01\n")
    project.write_news("2026-01-09-zz.id.md", "")
    project.built()
    assert errors(check(project.public))[:20] == []

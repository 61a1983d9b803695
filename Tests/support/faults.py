"""An edit that changes something of every kind, and what a build must not leave behind."""

import re

from support.registry import erase_row, person


def add_rows(project, *rows):
    project.write_rows(project.rows() + list(rows))


def edit_everything(project):
    """Files of every kind are added, changed and deleted by the next build."""
    add_rows(project, person(90), person(91))
    rows = project.rows()
    rows[2].update(status="revoked", status_date="2026-10-01")
    project.write_rows(rows)
    erase_row(project, rows[0]["number"])
    (project.root / "content/news/2026-01-02-gone.en.md").unlink()
    project.write_news("2026-01-03-new.en.md", "Text.")
    project.write_news("2026-01-02-stays.en.md", "Other text.")
    with open(project.root / "templates/certificate/certificate.mustache", "a", encoding="utf-8") as file:
        file.write("<!-- another -->\n")
    with open(project.root / "templates/assets/site/site.css", "a", encoding="utf-8") as file:
        file.write("/* another */\n")


def leftovers(folder):
    """Temporary files of builds, wherever they are but in the cache's folder."""
    return [str(path.relative_to(folder)) for path in folder.rglob("*")
            if re.search(r"(^new-|\.new$|\.canting-new$|^unfinished$)", path.name)
            and path.parent.name != ".canting-cache"]

"""Rows of a registry, and the sheets they stand in."""

import csv
import io

COLUMNS = (
    "number revision registration holder scheme issued expires status status_date status_reason"
    " superseded_by regency province batch assessor listed"
).split()


def sheet(rows, columns=COLUMNS, delimiter=",", end="\n"):
    """Rows as delimited text; lists are taken as they are."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end)
    writer.writerow(columns)
    for row in rows:
        writer.writerow(row if isinstance(row, list) else [row.get(name, "") for name in columns])
    return text.getvalue()


def person(serial, **changes):
    """A row that nothing is wrong with."""
    row = {
        "number": f"13134 7318 2 {serial:07} 2024",
        "registration": f"BTK.0000.{serial:05}.2024",
        "holder": f"Siti Contoh {chr(65 + serial % 26)}",
        "scheme": "PBT",
        "issued": "2024-10-15",
    }
    return {**row, **changes}


def column_of(row, name, columns=COLUMNS):
    """Where a value begins in the line of an unquoted row, counted from 1."""
    before = [row.get(column, "") for column in columns[: columns.index(name)]]
    return sum(len(value) + 1 for value in before) + 1


def row_of(project, number, revision=""):
    """The line of a row in the registry, and the row."""
    for line, row in enumerate(project.rows(), start=2):
        if (row["number"], row["revision"]) == (number, revision):
            return line, row
    raise AssertionError(f"no row {number}")


def set_row(project, number, revision="", **changes):
    rows = project.rows()
    for row in rows:
        if (row["number"], row["revision"]) == (number, revision):
            row.update(changes)
            break
    else:
        raise AssertionError(f"no row {number}")
    project.write_rows(rows)


def erase_row(project, number, revision="", date="2026-10-01"):
    """Reduces a row to what is left of a certificate that was erased."""
    rows = project.rows()
    for row in rows:
        if (row["number"], row["revision"]) == (number, revision):
            row.update({name: "" for name in COLUMNS})
            row.update(number=number, revision=revision, status="erased", status_date=date)
            break
    else:
        raise AssertionError(f"no row {number}")
    project.write_rows(rows)


def registered(count, first=1):
    """Rows that nothing is wrong with, on different days, not in the order of their dates."""
    return [person(serial, issued=f"2024-{serial * 7 % 12 + 1:02}-{serial * 5 % 28 + 1:02}")
            for serial in range(first, first + count)]

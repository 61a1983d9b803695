import os

import pytest

from support.browser import engines, fonts, visitor as visitors
from support.browser.published_site import Site


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The specimen site; tests only read it."""
    return Site(tmp_path_factory.mktemp("browser") / "project")


# What a buyer meets is shown in more than one engine; editors and the other pages have Chromium.
FOLDERS_OF_BUYERS = ("certificate", "verify")


def pytest_generate_tests(metafunc):
    test = metafunc.definition
    if "engine" in metafunc.fixturenames:
        names = visitors.DEVICES if test.path.parent.name in FOLDERS_OF_BUYERS else ["chromium"]
        metafunc.parametrize("engine", visitors.ENGINES if test.get_closest_marker("every_engine") else names, scope="session")
    if test.get_closest_marker("both_fonts"):
        metafunc.parametrize("only_fonts", fonts.SETS, indirect=True, scope="session")


@pytest.fixture(scope="session")
def only_fonts(request, tmp_path_factory):
    """Settings that let the browser find one set of fonts and no other, whatever is installed."""
    name = getattr(request, "param", "dejavu")
    return fonts.settings(name, tmp_path_factory.mktemp("fonts"))


@pytest.fixture(scope="session")
def browser(site, engine, only_fonts):
    with visitors.at(site, engine, fonts=only_fonts) as visitor:
        yield visitor


@pytest.fixture
def visitor(browser):
    """Someone who comes to the site for the first time, on the day the specimen data is complete."""
    browser.arrive()
    return browser


# MARK: The table engine × step

def pytest_terminal_summary(terminalreporter):
    """Ends a run with what each engine did; with CANTING_ACCEPT=1, the documentation says so too."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    found = [dict(report.user_properties) for report in reports if getattr(report, "when", "") == "call"]
    rows = sorted([each["engine"], *each["steps"]] for each in found if "engine" in each and "steps" in each)
    if not rows:
        return
    lines = [f"| {' | '.join(row)} |" for row in (engines.HEAD, ["---"] * len(engines.HEAD), *rows)]
    terminalreporter.section("the steps in each engine")
    for line in lines:
        terminalreporter.write_line(line)
    if os.environ.get("CANTING_ACCEPT"):
        engines.write(lines)

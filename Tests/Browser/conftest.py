import pytest

from support.browser import fonts, visitor as visitors
from support.browser.published_site import Site


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The specimen site; tests only read it."""
    return Site(tmp_path_factory.mktemp("browser") / "project")


# What a buyer meets is shown in each of the engines; editors and the other pages have Chromium.
FOLDERS_OF_BUYERS = ("certificate", "verify")


def pytest_generate_tests(metafunc):
    if "engine" in metafunc.fixturenames:
        engines = visitors.DEVICES if metafunc.definition.path.parent.name in FOLDERS_OF_BUYERS else ["chromium"]
        only = metafunc.definition.get_closest_marker("only_in")
        metafunc.parametrize("engine", [only.args[0]] if only else engines, scope="session")
    if metafunc.definition.get_closest_marker("both_fonts"):
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

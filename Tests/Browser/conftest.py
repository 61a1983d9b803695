import pytest

from support.browser import fonts, visitor as visitors
from support.browser.published_site import COPY, INSECURE, Site
from support.browser.web_host import WebHost


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The specimen site; tests only read it."""
    return Site(tmp_path_factory.mktemp("browser") / "project")


def pytest_generate_tests(metafunc):
    if metafunc.definition.get_closest_marker("both_fonts"):
        metafunc.parametrize("only_fonts", fonts.SETS, indirect=True, scope="session")


@pytest.fixture(scope="session")
def only_fonts(request, tmp_path_factory):
    """Settings that let the browser find one set of fonts and no other, whatever is installed."""
    name = getattr(request, "param", "dejavu")
    return fonts.settings(name, tmp_path_factory.mktemp("fonts"))


@pytest.fixture(scope="session")
def browser(site, only_fonts):
    with WebHost(site.public) as web:
        driver = visitors.start({site.host: web.port, COPY: web.port, INSECURE: web.port}, only_fonts)
        try:
            yield visitors.Visitor(driver, site, web.changes)
        finally:
            driver.quit()


@pytest.fixture
def visitor(browser):
    """Someone who comes to the site for the first time, on the day the specimen data is complete."""
    browser.arrive()
    return browser

import pytest

import published_site
import visitor as visitors
from published_site import COPY, INSECURE, Site
from web_host import WebHost


def pytest_report_header():
    return f"canting: {published_site.PROGRAM}"


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """The specimen site; tests only read it."""
    return Site(tmp_path_factory.mktemp("browser") / "project")


@pytest.fixture(scope="session")
def browser(site):
    with WebHost(site.public) as web:
        driver = visitors.start({site.host: web.port, COPY: web.port, INSECURE: web.port})
        try:
            yield visitors.Visitor(driver, site, web.changes)
        finally:
            driver.quit()


@pytest.fixture
def visitor(browser):
    """Someone who comes to the site for the first time, on the day the specimen data is complete."""
    browser.arrive()
    return browser

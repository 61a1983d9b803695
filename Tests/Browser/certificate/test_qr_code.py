"""The QR code of the page, read by somebody else's scanner: from a phone's screen and from paper."""

import subprocess

import pytest
from selenium.webdriver.common.by import By


def codes_in(picture):
    found = subprocess.run(
        ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", picture],
        capture_output=True, text=True, check=False)
    return found.stdout.split()


@pytest.mark.parametrize("kind, dark", [("valid", False), ("valid", True), ("revoked", False), ("issued again", False)])
def test_a_scanner_reads_the_address_from_the_screen(visitor, site, tmp_path, kind, dark):
    certificate = site.certificate(kind)
    visitor.screen(360)
    visitor.look(dark=dark)
    visitor.checked(certificate.path)
    picture = tmp_path / "code.png"
    visitor.driver.find_element(By.CSS_SELECTOR, ".qr").screenshot(str(picture))
    assert codes_in(picture) == [f"https://{site.host}{certificate.path}"]


def test_a_scanner_reads_the_address_from_a_print(visitor, site, tmp_path):
    certificate = site.certificate("valid")
    visitor.open(certificate.path)
    paper = tmp_path / "page.pdf"
    paper.write_bytes(visitor.paper())
    subprocess.run(["pdftoppm", "-r", "200", "-png", "-singlefile", paper, tmp_path / "page"], check=True)
    assert codes_in(tmp_path / "page.png") == [f"https://{site.host}{certificate.path}"]


def test_the_code_is_at_least_18_millimetres_wide_on_paper(visitor, site):
    visitor.look(medium="print")
    visitor.open(site.certificate("valid").path)
    width = visitor.run("return document.querySelector('.qr').getBoundingClientRect().width")
    assert width / 96 * 25.4 >= 18

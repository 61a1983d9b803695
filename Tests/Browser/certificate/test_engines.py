"""The five steps in every engine: the table in docs/architecture.md, which is made here.

WebKit's driver runs no script before those of a page, so the clock and the lack of Ed25519 come with the page's own
script, in all engines.
"""

import re

import pytest

from support.browser.engines import HEAD, documented
from support.browser.verification import OLD_BROWSER, STEPS, file, is_green, script
from support.browser.visitor import CLOCK, NOON, at

NAMES = {"chromium": "Chromium", "firefox": "Firefox", "webkit": "WebKitGTK"}
OLD = "without Ed25519"


@pytest.fixture(scope="module")
def device(site, engine):
    with at(site, engine) as visitor:
        yield visitor


def set_up(device, site, age):
    path = script(site, "certificate")
    clock = CLOCK % f"{NOON.year}, {NOON.month - 1}, {NOON.day}, {NOON.hour}, {NOON.minute}"
    device.changes.clear()
    device.changes[path] = f"{clock}\n{OLD_BROWSER if age else ''}\n".encode() + file(site, path)


@pytest.mark.every_engine
@pytest.mark.parametrize("age", ["", OLD])
def test_the_five_steps_end_in_green(device, site, engine, age, record_property):
    set_up(device, site, age)
    record_property("engine", " ".join(filter(None, [NAMES[engine], device.engine.version, age])))
    verdict = device.checked(site.certificate("valid").path)
    record_property("steps", [device.stages[step] for step in STEPS])
    assert (verdict, device.stages) == ("valid", dict.fromkeys(STEPS, "passed"))
    assert is_green(device)
    assert bool(device.run("return [...document.scripts].filter(({ src }) => src.includes('tweetnacl')).length")) == bool(age)


@pytest.mark.every_engine
@pytest.mark.parametrize("age", ["", OLD])
@pytest.mark.parametrize("kind", ["revoked", "suspended", "expired", "superseded", "not_genuine"])
def test_bad_news_is_told(device, site, engine, age, kind):
    set_up(device, site, age)
    certificate = site.certificate("valid" if kind == "not_genuine" else kind)
    if kind == "not_genuine":
        device.changes["/status/revocation/0"] = file(site, "/status/suspension/0")
    assert device.checked(certificate.path) == kind
    assert not is_green(device)


CONTRAST = """
async (picture) => {
  const image = new Image();
  image.src = `data:image/png;base64,${picture}`;
  await image.decode();
  const list = document.querySelector(".language-picker select").getBoundingClientRect();
  // Without the border, and without the arrow at the end.
  const [width, height] = [Math.floor(list.width * 0.6), Math.floor(list.height) - 8];
  const canvas = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
  canvas.drawImage(image, -list.left - 4, -list.top - 4);
  const { data } = canvas.getImageData(0, 0, width, height);
  const light = (at) => [0.2126, 0.7152, 0.0722].reduce((sum, share, part) => sum + share * (data[at + part] / 255) ** 2.2, 0);
  const seen = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const value = Math.round(light(at) * 200) / 200;
    seen.set(value, (seen.get(value) ?? 0) + 1);
  }
  const [ground] = [...seen].sort((one, other) => other[1] - one[1])[0];
  const contrast = (value) => (Math.max(value, ground) + 0.05) / (Math.min(value, ground) + 0.05);
  return Math.max(...[...seen].filter(([, count]) => count > 3).map(([value]) => contrast(value)));
}
"""


@pytest.mark.every_engine
@pytest.mark.parametrize("page", ["certificate", "verify"])
def test_the_language_that_is_chosen_can_be_read(device, site, engine, page):
    set_up(device, site, "")
    device.open("/verify/") if page == "verify" else device.checked(site.certificate("valid").path)
    device.until(lambda: device.find(".language-picker select").is_displayed(), "the languages")
    assert device.awaited(CONTRAST, device.driver.get_screenshot_as_base64()) >= 4.5


def test_the_table_has_every_engine_and_every_step():
    """Versions are those of the last run with CANTING_ACCEPT=1; they come with Debian's updates."""
    head, _, *rows = documented()
    assert head == HEAD
    names = [re.sub(r" [\d.]+", "", row[0]) for row in rows]
    assert sorted(names) == sorted(" ".join(filter(None, [name, age])) for name in NAMES.values() for age in ("", OLD))
    assert {cell for row in rows for cell in row[1:]} == {"passed"}

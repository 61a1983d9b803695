"""Nothing moves when results arrive, however late they come.

The script of the page is held until the page was painted without it, and every file that it asks for
until the page was painted again, in the visitor's language; each then comes some frames after the one
before. In every frame, each part of the page must be where it was, to the hundredth of a pixel. Chromium
counts shifts as well: there must be none.
"""

import pytest

from support.browser.languages import speaking
from support.browser.verification import file, script
from support.browser.web_host import PAINTED, Held

VERDICTS = ["valid", "expired", "suspended", "revoked", "superseded", "not_genuine", "unchecked"]
# What the host serves to bring about the verdicts that no certificate of the site has.
CHANGES = {"not_genuine": ("/status/revocation/0", b"{}"), "unchecked": ("/.well-known/did.json", None)}

LATE = """
globalThis.geometry = () => [...document.querySelectorAll("body > *, main *, footer *")]
  .filter((each) => !each.closest(".verdict *, .checks *, .share, svg, .tick, .tally, .language-picker"))
  .map((each) => {
    const { left, top, width, height } = each.getBoundingClientRect();
    // What lies below the screen may move: steps that did not pass open there.
    const place = top > innerHeight ? [] : [left, top, width, Math.min(height, innerHeight - top)];
    return [each.tagName, each.className, ...place.map((value) => Math.round(value * 100) / 100)].join(" ");
  });
globalThis.shifts = [];
globalThis.frames = 0;
globalThis.moved = new Set();
const compare = () => {
  frames++;
  const now = geometry();
  if (now.length !== start.geometry.length) moved.add(`${now.length} parts`);
  now.forEach((each, at) => each !== start.geometry[at] && moved.add(`${start.geometry[at]} -> ${each}`));
  requestAnimationFrame(compare);
};
if (PerformanceObserver.supportedEntryTypes.includes("layout-shift")) new PerformanceObserver((list) => {
  for (const { value, startTime, sources } of list.getEntries()) {
    shifts.push({ value, startTime, sources: sources.map(({ node }) => (node?.outerHTML ?? node?.data ?? "").slice(0, 80)) });
  }
}).observe({ type: "layout-shift", buffered: true });

const real = fetch;
const wait = (count) => new Promise((done) => {
  const next = () => (count-- > 0 ? requestAnimationFrame(next) : setTimeout(done));
  next();
});
const seen = () => {
  if (globalThis.start) return;
  globalThis.start = { geometry: geometry(), time: performance.now() };
  requestAnimationFrame(compare);
};
const parsed = () => new Promise((done) => {
  if (document.readyState !== "loading") done();
  else document.addEventListener("readystatechange", done, { once: true });
});
const watch = new PerformanceObserver(async () => {
  watch.disconnect();
  // A page may be painted before all of it was read: what moves then does not move for a result.
  await parsed();
  await wait(2);
  globalThis.hadResults = document.querySelector("[data-result]") !== null;
  if (navigator.languages[0] === "en") seen();
  real("%s");
});
watch.observe({ type: "paint", buffered: true });

let words = Promise.resolve();
let count = 0;
globalThis.fetch = async (...request) => {
  if (String(request[0]).includes("/words-")) {
    words = new Promise((done) => document.addEventListener("words", () => wait(2).then(done), { once: true }));
    return real(...request);
  }
  const reply = await real(...request);
  await words;
  await wait(2);
  seen();
  await wait(count++);
  return reply;
};
""" % PAINTED


def held_script(site):
    path = script(site, "certificate")
    return path, Held(file(site, path))


SCREENS = [(320, 568), (360, 640), (390, 844), (768, 1024), (1024, 768), (1280, 900)]
FEW = [(360, 640), (1280, 900)]
# Words are set smaller where they are long, and can still be read.
LEAST_FIT = 0.8


@pytest.mark.both_fonts
@pytest.mark.parametrize("language", ["en", "ar", "de", "es", "fr", "id", "ja", "ko", "nl", "zh-Hans"])
@pytest.mark.parametrize("verdict", VERDICTS)
def test_nothing_moves_when_the_results_arrive(visitor, site, verdict, language):
    certificate = site.certificate("valid" if verdict in CHANGES else verdict)
    path, held = held_script(site)
    visitor.changes.update([(path, held), *([CHANGES[verdict]] if verdict in CHANGES else [])])
    visitor.forget_cache()
    speaking(visitor, language)
    visitor.inject("late", LATE)
    for screen in SCREENS if language == "en" else FEW:
        visitor.screen(*screen)
        assert visitor.checked(certificate.path) == verdict
        assert visitor.attribute("html", "lang") == language
        start, frames, moved, shifts, had_results, fit = visitor.settled(
            "return [start, frames, [...moved], shifts, hadResults, Number(document.querySelector('.verdict').style.getPropertyValue('--words') || 1)]")
        assert not had_results, "the page was painted before its script ran"
        assert [each for each in shifts if each["startTime"] >= start["time"]] == [], screen
        assert len(start["geometry"]) > 20
        assert frames > 2 and moved == [], screen
        assert fit >= LEAST_FIT, screen

"""Nothing moves when results arrive, however late they come.

The script of the page is held until the page was painted without it, and every file that it asks for
until the page was painted again, in the visitor's language; each then comes some frames after the one
before. What the browser counts as a shift must be nothing at all, and every part of the page must be
where it was, to the hundredth of a pixel.
"""

import re

import pytest
from selenium.webdriver.support.ui import Select

from support.browser.languages import codes, speaking, switched
from support.browser.web_host import PAINTED, Held

VERDICTS = ["valid", "expired", "suspended", "revoked", "superseded", "not_genuine", "unchecked"]
# What the host serves to bring about the verdicts that no certificate of the site has.
CHANGES = {"not_genuine": ("/status/revocation/0", b"{}"), "unchecked": ("/.well-known/did.json", None)}

LATE = """
globalThis.geometry = () => [...document.querySelectorAll("body > *, main *, footer *")]
  .filter((each) => !each.closest(".stack, .stages li > *, template, svg, .outcome > *, .away, .tick") || each.matches(".stack"))
  .map((each) => {
    const { left, top, width, height } = each.getBoundingClientRect();
    return [each.tagName, each.className, each.dataset.step ?? "", ...[left, top, width, height].map((value) => Math.round(value * 100) / 100)].join(" ");
  });
globalThis.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, startTime, sources } of list.getEntries()) {
    shifts.push({ value, startTime, sources: sources.map(({ node }) => (node?.outerHTML ?? node?.data ?? "").slice(0, 80)) });
  }
}).observe({ type: "layout-shift", buffered: true });

const real = fetch;
const frames = (count) => new Promise((done) => {
  const next = () => (count-- > 0 ? requestAnimationFrame(next) : setTimeout(done));
  next();
});
const seen = () => {
  globalThis.start ??= { geometry: geometry(), time: performance.now() };
};
const parsed = () => new Promise((done) => {
  if (document.readyState !== "loading") done();
  else document.addEventListener("readystatechange", done, { once: true });
});
const watch = new PerformanceObserver(async () => {
  watch.disconnect();
  // A page may be painted before all of it was read: what moves then does not move for a result.
  await parsed();
  await frames(2);
  globalThis.hadResults = document.querySelector("[data-result]") !== null;
  if (navigator.languages[0] === "en") seen();
  real("%s");
});
watch.observe({ type: "paint", buffered: true });

let words = Promise.resolve();
let count = 0;
globalThis.fetch = async (...request) => {
  if (String(request[0]).includes("/words-")) {
    words = new Promise((done) => document.addEventListener("words", () => frames(2).then(done), { once: true }));
    return real(...request);
  }
  const reply = await real(...request);
  await words;
  await frames(2);
  seen();
  await frames(count++);
  return reply;
};
""" % PAINTED


def held_script(site):
    path = next((site.public / "assets").glob("certificate.*.js"))
    return f"/assets/{path.name}", Held(path.read_bytes())


@pytest.mark.both_fonts
@pytest.mark.parametrize("language, widths", [("en", (320, 360, 768, 1024, 1280)), ("de", (360, 1280)), ("ar", (360, 1280))])
@pytest.mark.parametrize("verdict", VERDICTS)
def test_nothing_moves_when_the_results_arrive(visitor, site, verdict, language, widths):
    certificate = site.certificate("valid" if verdict in CHANGES else verdict)
    path, script = held_script(site)
    visitor.changes.update([(path, script), *([CHANGES[verdict]] if verdict in CHANGES else [])])
    visitor.cdp("Network.clearBrowserCache")
    speaking(visitor, language)
    visitor.inject("late", LATE)
    for width in widths:
        visitor.screen(width, 5000)
        assert visitor.checked(certificate.path) == verdict
        assert visitor.attribute("html", "lang") == language
        start, end, shifts, had_results = visitor.settled("return [start, geometry(), shifts, hadResults]")
        assert not had_results, "the page was painted before its script ran"
        assert [each for each in shifts if each["startTime"] >= start["time"]] == [], width
        moved = [(one, other) for one, other in zip(start["geometry"], end, strict=True) if one != other]
        assert moved == [], width


# MARK: Room for every answer

ANSWERS = {
    "fields": ["fields.passed", "fields.differs", "fields.contradicts", "fields.address"],
    "signature": ["signature.passed", "signature.differs", "signature.wrong", "signature.keys", "fields.contradicts", "status.clock",
                  "ed25519"],
    "log": ["log.passed", "log.checkpoint", "log.absent", "signature.keys", "ed25519"],
    "status": ["status.passed", "status.revoked", "status.suspended", "status.superseded", "status.contradicts",
               "status.wrong", "status.old", "status.clock", "status.undated", "signature.keys", "ed25519", "gzip"],
    "dates": ["dates.passed", "dates.expired", "status.clock", "fields.contradicts"],
}
FOR_ANY_STEP = ["insecure", "missing", "unreachable"]  # but for the dates, which need nothing from outside
OPEN = {"insecure", "missing", "unreachable", "ed25519", "gzip", "status.old", "status.clock", "status.undated", "fields.address"}

HEIGHTS = """
const [answers, words] = arguments;
const put = (element, text) => { element.firstChild.data = text; };
return Object.entries(answers).flatMap(([step, sentences]) => {
  const stage = document.querySelector(`[data-step=${step}]`);
  return sentences.map(([why, result, sentence]) => {
    put(stage.querySelector("em"), words[result]);
    put(stage.querySelector("span"), sentence);
    return [`${step} ${why}`, stage.getBoundingClientRect().height];
  });
});
"""


OUTCOMES = """
const place = document.querySelector(".outcome");
return arguments[0].map(([name, first, second]) => {
  const more = document.createElement("span");
  more.textContent = second;
  place.replaceChildren(first, ...(second ? [" ", more] : []));
  return [name, place.getBoundingClientRect().height];
});
"""


def outcomes_of(visitor, code, filled):
    """What may stand below a verdict: how many steps passed, or why it could not be checked, and what follows."""
    words = visitor.site.words(code)["verdict"]
    values = {"day": long_day(visitor, code), "time": "22:22", "done": "5", "all": "5"}

    def said(name):
        return re.sub(r"\{(\w+)\}", lambda match: values[match[1]], words[name])

    values["title"] = re.sub(r"\{\w+\}", values["day"], words["valid"]["title"])
    causes = {(why, sentence) for step in filled.values() for why, result, sentence in step if result == "open"}
    return [["running", said("running"), ""], ["all passed", said("all_passed"), ""],
            ["not all", said("some_passed"), words["not_all"]], ["copy", said("says"), ""],
            *([why, sentence, said("says")] for why, sentence in sorted(causes))]


def result(why):
    return "open" if why in OPEN else "passed" if why.endswith(".passed") else "failed"


def long_day(visitor, code):
    return visitor.run("""return new Intl.DateTimeFormat(arguments[0], { dateStyle: "long", calendar: "gregory", numberingSystem: "latn" })
      .format(new Date("2026-09-28T12:00"))""", "en-GB" if code == "en" else code)


def answers(visitor, code):
    """Every sentence that may stand at a step, its blanks filled as long as they are likely to get."""
    words = visitor.site.words(code)["steps"]
    day = long_day(visitor, code)
    values = {"file": "credential.json", "host": visitor.site.host, "index": "149,999", "size": "150,000",
              "date": day, "expires": day, "today": day}

    def sentence(why):
        text = words
        for part in why.split("."):
            text = text[part]
        return re.sub(r"\{(\w+)\}", lambda match: values[match[1]], text)

    filled = {step: [(f"{step}.what", "waiting", sentence(f"{step}.what"))] + [
        (why, result(why), sentence(why)) for why in known + (FOR_ANY_STEP if step != "dates" else [])]
        for step, known in ANSWERS.items()}
    return filled, {name: words[name] for name in ("waiting", "passed", "failed", "open")}


@pytest.mark.both_fonts
def test_every_answer_has_its_room_in_every_language(visitor, site):
    visitor.checked(site.certificate("valid").path)
    cramped = set()
    for code in codes(visitor):
        if code != "en":
            Select(visitor.find(".language-picker select")).select_by_value(code)
            switched(visitor, code)
        filled, words = answers(visitor, code)
        # Both sides of every width at which the room changes.
        for width in (320, 356, 357, 375, 412, 480, 481, 767, 768, 895, 896, 1024, 1280):
            visitor.screen(width, 2000)
            heights = visitor.run(HEIGHTS, filled, words)
            least = min(height for _, height in heights)
            cramped |= {(code, width, name) for name, height in heights if height != least}
            outcomes = visitor.run(OUTCOMES, outcomes_of(visitor, code, filled))
            cramped |= {(code, width, name) for name, height in outcomes if height != min(height for _, height in outcomes)}
    assert cramped == set()

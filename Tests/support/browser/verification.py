"""What a visitor does on a certificate's page and on /verify/, and what is seen there."""

import datetime
import re

from support.browser.published_site import tidy
from support.browser.visitor import NOON

STEPS = ("fields", "signature", "log", "status", "dates")


def stages(**others):
    return {step: others.get(step, "passed") for step in STEPS}


def file(site, path):
    return (site.public / path.lstrip("/")).read_bytes()


def replaced(text, old, new, count=1):
    assert old in text
    return text.replace(old, new, count)


def given(visitor, path):
    """The verdict on a file that was chosen."""
    visitor.run("document.querySelector('.found').replaceChildren()")
    visitor.find("#file").send_keys(str(path))
    visitor.until(lambda: visitor.all(".found [data-verdict]"), "the verdict on the file")
    return visitor.attribute(".found [data-verdict]", "data-verdict")


def listed(visitor, text):
    """The rows of the table once all are checked."""
    visitor.run("document.querySelector('#codes').value = arguments[0]", text)
    visitor.find("form.list button").click()
    # A browser that shares its processor takes its time for hundreds of codes.
    visitor.until(lambda: visitor.find(".csv").is_displayed(), "the end of the list", patience=120)
    return rows(visitor)


def rows(visitor):
    return visitor.run("return [...document.querySelectorAll('tbody tr')].map((row) => [row.dataset.verdict, ...[...row.cells].map((cell) => cell.textContent)])")


LINES = """
return [...document.querySelectorAll("main dl > .line")].map((line) =>
  [line.querySelector("dt").innerText, line.querySelector("dd:not(.tick)").innerText]);
"""


def lines(visitor):
    return [(tidy(label), tidy(value)) for label, value in visitor.run(LINES)]


def shows_sign(visitor, kind):
    """Whether the sign of a verdict is drawn."""
    drawn = visitor.awaited("async (path) => (await import(path)).signs", script(visitor.site, "certificate"))
    return visitor.attribute(".sign path", "d") == drawn[kind]


def is_green(visitor):
    return visitor.run("return getComputedStyle(document.querySelector('.verdict')).backgroundColor") == "rgb(11, 103, 90)"


def script(site, name):
    """Where a script is published."""
    return f"/assets/{next((site.public / 'assets').glob(f'{name}[.-]*.js')).name}"


# A browser whose own cryptography lacks Ed25519, as most before 2025, and refuses keys in the words of the standard.
OLD_BROWSER = """
if (globalThis.SubtleCrypto) {
  const real = SubtleCrypto.prototype.importKey;
  SubtleCrypto.prototype.importKey = function (format, key, algorithm, ...rest) {
    const isUnknown = (algorithm?.name ?? algorithm) === "Ed25519";
    return isUnknown ? Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError")) : real.call(this, format, key, algorithm, ...rest);
  };
}
"""


def without_signature_script(visitor):
    """The site as a machine without TweetNaCl makes it."""
    path = script(visitor.site, "certificate")
    code = re.sub(rb'(const signatureScript = )"[^"]+";', rb'\1"";', file(visitor.site, path))
    assert b'const signatureScript = "";' in code
    visitor.changes[path] = code
    visitor.forget_cache()


LATER = NOON + datetime.timedelta(days=40)

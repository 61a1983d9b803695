"""Someone at a browser: opens pages, types, looks, prints."""

import base64
import datetime
import json
from contextlib import contextmanager

from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.print_page_options import PrintOptions
from selenium.webdriver.support.ui import WebDriverWait

from support.browser.chromium import Chromium
from support.browser.firefox import Firefox
from support.browser.published_site import COPY, INSECURE, TODAY, tidy
from support.browser.web_host import WebHost
from support.browser.webkit import WebKit

ENGINES = {engine.name: engine for engine in (Chromium, Firefox, WebKit)}
# Those that can be set as a visitor's device.
DEVICES = ("chromium", "firefox")

# Midday of the day that program and browser take for today.
NOON = datetime.datetime.combine(TODAY, datetime.time(12))

PATIENCE = 20  # seconds after which something that should happen is taken not to

CLOCK = """
(() => {
  const Real = Date;
  const now = new Real(%s).getTime();
  globalThis.Date = class Date extends Real {
    constructor(...given) { super(...(given.length ? given : [now])); }
    static now() { return now; }
  };
})();
"""

VIOLATIONS = """
globalThis.violations = [];
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
  violations.push(`${violatedDirective} ${blockedURI} ${sample}`));
"""


@contextmanager
def at(site, engine="chromium", **settings):
    """A visitor of a site, which is served at its own address, at that of a copy and without a secure connection."""
    with WebHost(site.public) as web:
        browser = ENGINES[engine]({host: web.port for host in (site.host, COPY, INSECURE)}, **settings)
        try:
            yield Visitor(browser, site, web.changes)
        finally:
            browser.quit()


class Visitor:
    """A person with a device: an engine of `ENGINES`, which each have the same methods."""

    def __init__(self, engine, site, changes=None):
        self.engine, self.driver, self.site = engine, engine.driver, site
        self.changes = {} if changes is None else changes  # what the host serves in place of its files
        self._scripts = {}  # name: (source, what the engine calls it)
        self._device = {}  # a part of the device: how it is set

    def cdp(self, command, **parameters):
        """A command to Chromium, for tests of Chromium alone."""
        return self.engine.cdp(command, **parameters)

    def arrive(self):
        """Everything as on the first visit."""
        self.changes.clear()
        self.script(True)
        self.network(True)
        for name in set(self._scripts) - {"violations", "clock"}:
            self.engine.withdraw(self._scripts.pop(name)[1])
        self.inject("violations", VIOLATIONS)
        self.clock(NOON)
        self.screen(1280)
        self.look()
        self.engine.forget_storage(self.site.host)
        self.engine.console()
        self.engine.requests()

    # The device

    def _set(self, part, *values):
        if self._device.get(part) != values:
            getattr(self.engine, part)(*values)
            self._device[part] = values

    def inject(self, name, source):
        """Runs a script before those of every page from now on."""
        if name in self._scripts:
            old, injected = self._scripts[name]
            if old == source:
                return
            self.engine.withdraw(injected)
        self._scripts[name] = (source, self.engine.inject(source))

    def clock(self, moment, zone="Asia/Jakarta"):
        """What the device's clock shows from the next page on."""
        self._set("zone", zone)
        parts = (moment.year, moment.month - 1, moment.day, moment.hour, moment.minute)
        self.inject("clock", CLOCK % ", ".join(map(str, parts)))

    def screen(self, width, height=None):
        self._set("screen", width, height or (740 if width < 700 else 900))

    def look(self, dark=False, medium=""):
        self._set("look", dark, medium)

    def script(self, enabled):
        self._set("script", enabled)

    def network(self, on):
        self._set("network", on)

    def forget_cache(self):
        """Has the browser ask for every file again."""
        self.engine.forget_cache()

    def block(self, *patterns):
        """Ends every connection that asks for such a path, as on a line that broke off."""
        self.changes.update(dict.fromkeys(patterns, "cut"))

    def unblock(self):
        for path in [path for path, change in self.changes.items() if change == "cut"]:
            del self.changes[path]

    # Going about

    def open(self, path, host=None):
        self.driver.get(f"{self.engine.scheme}://{host or self.site.host}{path}")

    def checked(self, path, host=None):
        """Opens a certificate's page and waits for its verdict."""
        self.open(path, host)
        return self.judged()

    def shown(self, path, script):
        """Opens a certificate's page; with script, waits for its verdict."""
        self.script(script)
        self.open(path)
        if script:
            self.judged()

    def judged(self):
        self.until(lambda: self.attribute("main", "data-verdict"), "the verdict")
        return self.attribute("main", "data-verdict")

    @property
    def stages(self):
        """How each step ended."""
        return self.run("""return Object.fromEntries([...document.querySelectorAll(".stages li")]
          .map(({ dataset }) => [dataset.step, dataset.result]))""")

    @property
    def path(self):
        return self.driver.current_url.removeprefix(f"http://{self.site.host}")

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        """What a reader sees of it."""
        return tidy(self.run("return document.querySelector(arguments[0]).innerText", selector))

    def attribute(self, selector, name):
        return self.run("return document.querySelector(arguments[0]).getAttribute(arguments[1])", selector, name)

    def press(self, *keys):
        ActionChains(self.driver).send_keys(*keys).perform()

    def until(self, holds, what, patience=PATIENCE):
        return WebDriverWait(self.driver, patience, poll_frequency=0.05).until(lambda _: holds(), what)

    def arrives(self, path):
        self.until(lambda: self.path == path and self.run("return document.readyState") == "complete",
                   f"the browser went to {path}")

    def ask(self, text):
        """Puts a text into the box and sends it."""
        self.find("form.check #code").send_keys(text)
        self.find("form.check button").click()

    def answers(self, text):
        """Waits for an answer under the box."""
        try:
            self.until(lambda: text in self.text(".answer"), "the answer")
        except TimeoutException:
            assert self.text(".answer") == text
            raise

    def settled(self, script):
        """What a script returns once the page was painted again."""
        return self.driver.execute_async_script(f"""
          const done = arguments[arguments.length - 1];
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done((() => {{ {script} }})()), 50)));""")

    def awaited(self, function, *arguments):
        """What a function of the page's own, an asynchronous one too, returns for arguments; all of it as JSON."""
        given = ", ".join(map(json.dumps, arguments))
        return json.loads(self.engine.promised(f"(async () => JSON.stringify(await ({function})({given})) ?? 'null')()"))

    # What the browser noticed

    def console(self):
        return self.engine.console()

    def requests(self):
        """Address and status of everything asked for since the last look; None where no answer came."""
        asked = {}
        for address, status in self.engine.requests():
            if status is not None or address not in asked:
                asked[address] = status
        return {address: status for address, status in asked.items()
                if address != "about:blank" and not address.startswith("data:")}

    def paper(self):
        """The page as printed on A4, as PDF."""
        options = PrintOptions()
        options.page_width, options.page_height, options.background = 21.0, 29.7, False
        return base64.b64decode(self.driver.print_page(options))

    def picture(self):
        """The whole page, as PNG."""
        return self.engine.picture()

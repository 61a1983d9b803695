"""Someone at a browser: opens pages, types, looks, prints."""

import base64
import datetime
import json
import os
import shutil

from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from support.browser.published_site import INSECURE, TODAY, tidy

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


def start(hosts, fonts=None, keeps_pages=False):
    """Chromium, knowing only these hosts (name to port of this machine), and only the fonts of a configuration.

    It loads a page anew that somebody comes back to, unless it keeps pages in memory.
    """
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    assert browser and driver, "the browser tests need Debian's chromium and chromium-driver"
    options = Options()
    options.binary_location = browser
    # Over plain HTTP, browsers hash and check signatures only where they are told that they may.
    secure = [f"http://{host}" for host in hosts if host != INSECURE]
    rules = [f"MAP {host}:80 127.0.0.1:{port}" for host, port in hosts.items()]
    for argument in (
        "--headless=new",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--hide-scrollbars",
        f"--unsafely-treat-insecure-origin-as-secure={','.join(secure)}",
        "--disable-features=HttpsUpgrades,HttpsFirstBalancedMode" + ("" if keeps_pages else ",BackForwardCache"),
        f"--host-resolver-rules={', '.join([*rules, 'MAP * ~NOTFOUND', 'EXCLUDE 127.0.0.1'])}",
    ):
        options.add_argument(argument)
    if os.geteuid() == 0:
        options.add_argument("--no-sandbox")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    environment = {**os.environ, "FONTCONFIG_FILE": str(fonts)} if fonts else None
    return webdriver.Chrome(options=options, service=Service(driver, env=environment))


class Visitor:
    def __init__(self, driver, site, changes=None):
        self.driver, self.site = driver, site
        self.changes = {} if changes is None else changes  # what the host serves in place of its files
        self._scripts = {}  # name: (source, the browser's identifier)
        self._device = {}  # command: its parameters
        self.cdp("Network.enable")

    def cdp(self, command, **parameters):
        return self.driver.execute_cdp_cmd(command, parameters)

    def arrive(self):
        """Everything as on the first visit."""
        self.changes.clear()
        self.script(True)
        self.network(True)
        for name in set(self._scripts) - {"violations", "clock"}:
            self.cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=self._scripts.pop(name)[1])
        self.inject("violations", VIOLATIONS)
        self.clock(NOON)
        self.screen(1280)
        self.look()
        self.cdp("Storage.clearDataForOrigin", origin=f"http://{self.site.host}", storageTypes="local_storage")
        for log in ("browser", "performance"):
            self.driver.get_log(log)

    # The device

    def _set(self, command, **parameters):
        if self._device.get(command) == parameters:
            return
        if command == "Emulation.setTimezoneOverride":
            self.cdp(command, timezoneId="")  # the browser refuses to change an override
        self.cdp(command, **parameters)
        self._device[command] = parameters

    def inject(self, name, source):
        """Runs a script before those of every page from now on."""
        if name in self._scripts:
            old, identifier = self._scripts[name]
            if old == source:
                return
            self.cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=identifier)
        added = self.cdp("Page.addScriptToEvaluateOnNewDocument", source=source)
        self._scripts[name] = (source, added["identifier"])

    def clock(self, moment, zone="Asia/Jakarta"):
        """What the device's clock shows from the next page on."""
        self._set("Emulation.setTimezoneOverride", timezoneId=zone)
        parts = (moment.year, moment.month - 1, moment.day, moment.hour, moment.minute)
        self.inject("clock", CLOCK % ", ".join(map(str, parts)))

    def screen(self, width, height=None):
        self._set("Emulation.setDeviceMetricsOverride", width=width, height=height or (740 if width < 700 else 900),
                  deviceScaleFactor=1, mobile=width < 700)

    def look(self, dark=False, medium=""):
        self._set("Emulation.setEmulatedMedia", media=medium,
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def script(self, enabled):
        self._set("Emulation.setScriptExecutionDisabled", value=not enabled)

    def network(self, on):
        self._set("Network.emulateNetworkConditions", offline=not on, latency=0,
                  downloadThroughput=-1, uploadThroughput=-1)

    # Going about

    def open(self, path, host=None):
        self.driver.get(f"http://{host or self.site.host}{path}")

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

    def until(self, holds, what):
        return WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05).until(lambda _: holds(), what)

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

    # What the browser noticed

    def console(self):
        return [f"{entry['level']}: {entry['message']}" for entry in self.driver.get_log("browser")]

    def requests(self):
        """Address and status of everything asked for since the last look; None where no answer came."""
        asked = {}
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            details = message["params"]
            if message["method"] == "Network.requestWillBeSent":
                asked.setdefault(details["request"]["url"], None)
            elif message["method"] == "Network.responseReceived":
                asked[details["response"]["url"]] = details["response"]["status"]
        return {address: status for address, status in asked.items() 
                if address != "about:blank" and not address.startswith("data:")}

    def paper(self):
        """The page as Chromium prints it on A4, as PDF."""
        printed = self.cdp("Page.printToPDF", paperWidth=8.27, paperHeight=11.69, preferCSSPageSize=False,
                           printBackground=False)
        return base64.b64decode(printed["data"])

    def picture(self):
        """The whole page, as PNG."""
        return base64.b64decode(self.cdp("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"])

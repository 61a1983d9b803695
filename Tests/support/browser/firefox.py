"""Firefox, headless, as a visitor's device."""

import base64
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.remote.file_detector import UselessFileDetector

from support.browser.bidi import BiDi
from support.browser.marionette import Marionette
from support.browser.published_site import INSECURE

START = 60  # seconds after which a browser that does not answer is taken not to have started

REQUESTS = ("network.beforeRequestSent", "network.responseCompleted")
CONSOLE = ("log.entryAdded",)

DEVICE = """
const [values, done] = arguments;
Object.assign(gBrowser.selectedBrowser.browsingContext, values);
done();
"""
FORGET_CACHE = """
const done = arguments[0];
ChromeUtils.clearResourceCache();
Services.cache2.clear();
Services.clearData.deleteData(Ci.nsIClearDataService.CLEAR_ALL_CACHES, { onDataDeleted: () => done() });
"""
FORGET_STORAGE = """
const [host, done] = arguments;
Services.clearData.deleteDataFromHost(host, true, Ci.nsIClearDataService.CLEAR_DOM_STORAGES, { onDataDeleted: () => done() });
"""


def preferences(hosts, keeps_pages):
    (port,) = set(hosts.values())
    return {
        "marionette.port": 0,
        # These names lead to this machine, and the port of the web to that of the tests' host.
        "network.dns.localDomains": ",".join(hosts),
        "network.socket.forcePort": f"80={port}",
        # Over plain HTTP, browsers hash and check signatures only where they are told that they may.
        "dom.securecontext.allowlist": ",".join(host for host in hosts if host != INSECURE),
        # Which such pages are then spared: other addresses for their pictures, a question before a form is sent.
        "security.mixed_content.upgrade_display_content": False,
        "security.warn_submit_secure_to_insecure": False,
        "dom.security.https_first": False,
        "dom.security.https_first_schemeless": False,
        # Scroll bars lie over the page, as on phones: a width is that of the page.
        "ui.useOverlayScrollbars": 1,
        "browser.sessionhistory.max_total_viewers": -1 if keeps_pages else 0,
        "browser.shell.checkDefaultBrowser": False,
        "app.update.disabledForTesting": True,
    }


class Firefox:
    """Firefox, knowing only these hosts (name to port of this machine), and only the fonts of a configuration."""

    name = "firefox"
    scheme = "http"

    def __init__(self, hosts, fonts=None, keeps_pages=False):
        program = shutil.which("firefox-esr") or shutil.which("firefox")
        assert program, "the browser tests need Debian's firefox-esr"
        self._profile = Path(tempfile.mkdtemp(prefix="firefox-"))
        settings = preferences(hosts, keeps_pages)
        (self._profile / "user.js").write_text(
            "".join(f"user_pref({quoted(name)}, {quoted(value)});\n" for name, value in settings.items()), encoding="utf-8")
        environment = {**os.environ, **({"FONTCONFIG_FILE": str(fonts)} if fonts else {})}
        self._process = subprocess.Popen(
            # The last one lets the tests set what a user or a device would.
            [program, "--headless", "--no-remote", "--profile", self._profile, "--marionette", "--remote-debugging-port=0",
             "--remote-allow-system-access"],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.marionette = Marionette(self._port())
        self.driver = webdriver.Remote(
            command_executor=self.marionette, options=webdriver.FirefoxOptions(), file_detector=UselessFileDetector())
        self.version = self.driver.caps["browserVersion"]
        self.bidi = BiDi(self.driver.caps["webSocketUrl"])
        self._context = self.bidi.send("browsingContext.getTree")["contexts"][0]["context"]
        self.bidi.send("session.subscribe", events=[*REQUESTS, *CONSOLE])

    def _port(self):
        file, end = self._profile / "MarionetteActivePort", time.monotonic() + START
        while time.monotonic() < end:
            if file.exists() and file.read_text():
                return int(file.read_text())
            assert self._process.poll() is None, "Firefox ended while it started"
            time.sleep(0.05)
        raise AssertionError("Firefox did not start")

    def quit(self):
        try:
            self.driver.quit()
            self._process.wait(START)
        finally:
            self._process.kill()
            self._process.wait()
            self.marionette.close()
            self.bidi.close()
            shutil.rmtree(self._profile, ignore_errors=True)

    # The device

    def _set(self, **values):
        self.marionette.privileged(DEVICE, values)

    def inject(self, source):
        return self.bidi.send("script.addPreloadScript", functionDeclaration=f"() => {{ {source} }}")["script"]

    def withdraw(self, injected):
        self.bidi.send("script.removePreloadScript", script=injected)

    def zone(self, name):
        self._set(timezoneOverride=name)

    def screen(self, width, height):
        self.bidi.send("browsingContext.setViewport", context=self._context, viewport={"width": width, "height": height},
                       devicePixelRatio=1)

    def look(self, dark, medium):
        self._set(prefersColorSchemeOverride="dark" if dark else "light", mediumOverride=medium)

    def script(self, enabled):
        self._set(allowJavascript=enabled)

    def network(self, on):
        self._set(forceOffline=not on)

    def forget_cache(self):
        self.marionette.privileged(FORGET_CACHE)

    def forget_storage(self, host):
        self.marionette.privileged(FORGET_STORAGE, host)

    # What the browser noticed

    def promised(self, expression):
        """What a promise of the page comes to."""
        answer = self.bidi.send("script.evaluate", expression=expression, target={"context": self._context}, awaitPromise=True)
        assert answer["type"] == "success", answer
        return answer["result"].get("value")

    def console(self):
        return [f"{entry['level']}: {entry['text']}" for _, entry in self.bidi.noticed(CONSOLE)]

    def requests(self):
        return [(event["request"]["url"], event["response"]["status"] if "response" in event else None)
                for _, event in self.bidi.noticed(REQUESTS)]

    def picture(self):
        """The whole page, as PNG."""
        return base64.b64decode(self.marionette.send("WebDriver:TakeScreenshot", full=True)["value"])


def quoted(value):
    """A value as Firefox writes it in a file of preferences."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return str(value).lower()

"""Chromium, headless, as a visitor's device."""

import base64
import json
import os
import shutil

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

from support.browser.published_site import INSECURE


class Chromium:
    """Chromium, knowing only these hosts (name to port of this machine), and only the fonts of a configuration.

    It loads a page anew that somebody comes back to, unless it keeps pages in memory.
    """

    name = "chromium"
    scheme = "http"

    def __init__(self, hosts, fonts=None, keeps_pages=False):
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
        self.driver = webdriver.Chrome(options=options, service=Service(driver, env=environment))
        self.version = self.driver.caps["browserVersion"]
        self.cdp("Network.enable")

    def cdp(self, command, **parameters):
        return self.driver.execute_cdp_cmd(command, parameters)

    def quit(self):
        self.driver.quit()

    # The device

    def inject(self, source):
        return self.cdp("Page.addScriptToEvaluateOnNewDocument", source=source)["identifier"]

    def withdraw(self, injected):
        self.cdp("Page.removeScriptToEvaluateOnNewDocument", identifier=injected)

    def zone(self, name):
        self.cdp("Emulation.setTimezoneOverride", timezoneId="")  # the browser refuses to change an override
        self.cdp("Emulation.setTimezoneOverride", timezoneId=name)

    def screen(self, width, height):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 700)

    def look(self, dark, medium):
        self.cdp("Emulation.setEmulatedMedia", media=medium,
                 features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def script(self, enabled):
        self.cdp("Emulation.setScriptExecutionDisabled", value=not enabled)

    def network(self, on):
        self.cdp("Network.emulateNetworkConditions", offline=not on, latency=0, downloadThroughput=-1, uploadThroughput=-1)

    def forget_cache(self):
        self.cdp("Network.clearBrowserCache")

    def forget_storage(self, host):
        self.cdp("Storage.clearDataForOrigin", origin=f"http://{host}", storageTypes="local_storage")

    # What the browser noticed

    def promised(self, expression):
        """What a promise of the page comes to."""
        answer = self.cdp("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def console(self):
        return [f"{entry['level']}: {entry['message']}" for entry in self.driver.get_log("browser")]

    def requests(self):
        """Addresses asked for since the last look, each again with its status once an answer came."""
        asked = []
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            details = message["params"]
            if message["method"] == "Network.requestWillBeSent":
                asked.append((details["request"]["url"], None))
            elif message["method"] == "Network.responseReceived":
                asked.append((details["response"]["url"], details["response"]["status"]))
        return asked

    def picture(self):
        """The whole page, as PNG."""
        return base64.b64decode(self.cdp("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"])

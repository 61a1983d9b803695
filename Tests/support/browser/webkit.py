"""WebKitGTK's MiniBrowser, on a screen in memory: the engine of Safari and of every browser of an iPhone."""

import base64
import os
import shutil
import subprocess
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service


class WebKit:
    """MiniBrowser, knowing only these hosts (name to port of this machine), by HTTPS.

    Its driver can neither set the device nor run scripts before those of a page, so it is for tests of what a page
    does by itself.
    """

    name = "webkit"
    # Unlike the others, it takes no plain connection for a secure one.
    scheme = "https"

    def __init__(self, hosts, fonts=None):
        driver = shutil.which("WebKitWebDriver")
        browsers = list(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
        assert driver and browsers, "the browser tests need Debian's webkit2gtk-driver"
        self._screen, display = screen()
        (port,) = set(hosts.values())
        options = Options()
        options.binary_location = str(browsers[0])
        options.add_argument("--automation")
        options.set_capability("acceptInsecureCerts", True)
        options.add_argument(f"--proxy=http://127.0.0.1:{port}")
        environment = {**os.environ, "DISPLAY": display, "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1", "LIBGL_ALWAYS_SOFTWARE": "1",
                       "WEBKIT_DISABLE_COMPOSITING_MODE": "1", **({"FONTCONFIG_FILE": str(fonts)} if fonts else {})}
        self.driver = webdriver.WebKitGTK(options=options, service=Service(driver, env=environment))
        self.version = self.driver.caps["browserVersion"]

    def quit(self):
        try:
            self.driver.quit()
        finally:
            self._screen.terminate()
            self._screen.wait()

    def promised(self, expression):
        """What a promise of the page comes to."""
        return self.driver.execute_async_script(f"const done = arguments[0]; ({expression}).then(done, (error) => done(String(error)));")

    def picture(self):
        """What the window shows, as PNG."""
        return base64.b64decode(self.driver.get_screenshot_as_base64())


def screen():
    """Xvfb with a screen of its own, and its name."""
    server = shutil.which("Xvfb")
    assert server, "the browser tests need Debian's xvfb"
    process = subprocess.Popen(
        [server, "-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return process, f":{process.stdout.readline().decode().strip()}"

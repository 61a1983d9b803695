"""Speaks Marionette, the protocol that Firefox itself understands, for Selenium.

Debian has Firefox without geckodriver. That program translates WebDriver into the commands below and does little
else, so the tests do it themselves: `Marionette` stands where Selenium has its connection to a driver.
"""

import json
import socket

from selenium.webdriver.remote.command import Command

COMMANDS = {
    Command.GET: "Navigate", Command.GO_BACK: "Back", Command.REFRESH: "Refresh",
    Command.GET_CURRENT_URL: "GetCurrentURL", Command.GET_TITLE: "GetTitle", Command.GET_PAGE_SOURCE: "GetPageSource",
    Command.W3C_EXECUTE_SCRIPT: "ExecuteScript", Command.W3C_EXECUTE_SCRIPT_ASYNC: "ExecuteAsyncScript",
    Command.FIND_ELEMENT: "FindElement", Command.FIND_ELEMENTS: "FindElements",
    Command.CLICK_ELEMENT: "ElementClick", Command.CLEAR_ELEMENT: "ElementClear",
    Command.SEND_KEYS_TO_ELEMENT: "ElementSendKeys", Command.GET_ELEMENT_TEXT: "GetElementText",
    Command.GET_ELEMENT_PROPERTY: "GetElementProperty", Command.GET_ELEMENT_ATTRIBUTE: "GetElementAttribute",
    Command.GET_ELEMENT_VALUE_OF_CSS_PROPERTY: "GetElementCSSValue", Command.GET_ELEMENT_TAG_NAME: "GetElementTagName",
    Command.GET_ELEMENT_RECT: "GetElementRect", Command.GET_ELEMENT_ARIA_LABEL: "GetComputedLabel",
    Command.IS_ELEMENT_SELECTED: "IsElementSelected", Command.IS_ELEMENT_ENABLED: "IsElementEnabled",
    Command.SCREENSHOT: "TakeScreenshot", Command.ELEMENT_SCREENSHOT: "TakeScreenshot", Command.PRINT_PAGE: "Print",
    Command.W3C_ACTIONS: "PerformActions", Command.W3C_CLEAR_ACTIONS: "ReleaseActions",
    Command.GET_ALL_COOKIES: "GetCookies",
}
# Searches below an element are those in the page with another word for where they begin.
BELOW = {Command.FIND_CHILD_ELEMENT: "FindElement", Command.FIND_CHILD_ELEMENTS: "FindElements"}
SCRIPTS = (Command.W3C_EXECUTE_SCRIPT, Command.W3C_EXECUTE_SCRIPT_ASYNC)


class Refused(Exception):
    """An error that Firefox answered: its kind, message and stack, as WebDriver names them."""

    def __init__(self, error):
        super().__init__(error["error"], error.get("message"))
        self.error = error


class Marionette:
    """A connection to a Firefox that was started with `--marionette`."""

    def __init__(self, port):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=300)
        self._answers = self._socket.makefile("rb")
        self._sent = 0
        assert self._receive()["marionetteProtocol"] == 3

    def _receive(self):
        length = b""
        while (digit := self._answers.read(1)) != b":":
            assert digit, "Firefox closed the connection"
            length += digit
        return json.loads(self._answers.read(int(length)))

    def send(self, command, **parameters):
        self._sent += 1
        message = json.dumps([0, self._sent, command, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, number, error, result = self._receive()
        assert number == self._sent
        if error:
            raise Refused(error)
        return result

    def privileged(self, script, *arguments):
        """Runs a script with the rights of the browser itself, for what a device and its user can set."""
        self.send("Marionette:SetContext", value="chrome")
        try:
            return self.send("WebDriver:ExecuteAsyncScript", script=script, args=arguments)["value"]
        finally:
            self.send("Marionette:SetContext", value="content")

    def execute(self, command, parameters):
        """What Selenium asks of its connection to a driver."""
        parameters = {name: value for name, value in parameters.items() if name != "sessionId"}
        try:
            return {"value": self._execute(command, parameters)}
        except Refused as refused:
            return {"status": refused.error["error"], "value": refused.error}

    def _execute(self, command, parameters):
        if command == Command.NEW_SESSION:
            result = self.send("WebDriver:NewSession", webSocketUrl=True)
            return {"sessionId": result["sessionId"], "capabilities": result["capabilities"]}
        if command == Command.QUIT:
            return self.send("Marionette:Quit", flags=["eForceQuit"])
        if command in BELOW:
            parameters["element"] = parameters.pop("id")
        if command in SCRIPTS:
            # Firefox runs it beside the page, where another `globalThis` stands for the page's.
            parameters["script"] = f"const globalThis = window; {parameters['script']}"
        if command == Command.SCREENSHOT:
            parameters["full"] = False
        result = self.send(f"WebDriver:{COMMANDS.get(command) or BELOW[command]}", **parameters)
        return result["value"] if isinstance(result, dict) and set(result) == {"value"} else result

    def close(self):
        self._answers.close()
        self._socket.close()

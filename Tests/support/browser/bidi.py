"""Speaks WebDriver BiDi with Firefox: scripts before those of a page, requests, the console."""

import json

import websocket


class BiDi:
    """The second connection of a session: commands and, between their answers, what the browser noticed."""

    def __init__(self, address):
        # Firefox refuses connections that come from a web page, which is what an origin tells of.
        self._socket = websocket.create_connection(address, suppress_origin=True, timeout=300)
        self._sent = 0
        self._noticed = []

    def send(self, method, **parameters):
        self._sent += 1
        self._socket.send(json.dumps({"id": self._sent, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv())
            if message["type"] == "event":
                self._noticed.append((message["method"], message["params"]))
                continue
            assert message["id"] == self._sent
            assert message["type"] == "success", f"{method}: {message.get('error')}: {message.get('message')}"
            return message["result"]

    def noticed(self, kinds):
        """The events of some kinds since they were last asked for, in their order."""
        self.send("session.status")  # whatever was sent before its answer has come
        found = [event for event in self._noticed if event[0] in kinds]
        self._noticed = [event for event in self._noticed if event[0] not in kinds]
        return found

    def close(self):
        self._socket.close()

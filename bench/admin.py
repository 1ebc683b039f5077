"""The admin API over its Unix socket."""

import http.client
import json
import socket

import servers


class Admin(http.client.HTTPConnection):
    """One connection, kept open."""

    def __init__(self, path, timeout=5):
        super().__init__("localhost", timeout=timeout)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)

    def ask(self, method, path, body=None):
        """The text of a 2xx."""
        self.request(method, path, json.dumps(body) if body is not None else None,
                     {"content-type": "application/json"} if body is not None else {})
        answer = self.getresponse()
        text = answer.read().decode()
        if answer.status >= 300:
            raise servers.Failure(f"{method} {path}: {answer.status} {text}")
        return text

    def read(self, method, path, body=None):
        """The JSON of a 2xx."""
        return json.loads(self.ask(method, path, body) or "null")

"""Receives webhooks: prints its port, then a line a POST with what it made of it.

usage: webhook_receiver.py SECRET [STATUS...]   the first answers' statuses in order (307 leads to itself); then 204
"""

import hashlib
import hmac
import http.server
import json
import sys
import time

secret = sys.argv[1].encode()
statuses = [int(word) for word in sys.argv[2:]]


def is_signed(header, body):
    parts = dict(part.split("=", 1) for part in header.split(","))
    if abs(time.time() - int(parts["t"])) > 300:
        return False
    wanted = hmac.new(secret, parts["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted, parts["v1"])


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        status = statuses.pop(0) if statuses else 204
        event = json.loads(body)
        line = {
            "path": self.path,
            "signed": is_signed(self.headers["x-portolan-signature"], body),
            "agrees": self.headers["x-portolan-event"] == event["event"]
            and self.headers["x-portolan-delivery"] == str(event["number"]),
            "type": self.headers["content-type"],
            "status": status,
            "event": event,
        }
        print(json.dumps(line), flush=True)
        # An answer nobody has to read to its end.
        answer = b"x" * 200_000 if status == 500 else b""
        self.send_response(status)
        if status == 307:
            self.send_header("location", "/elsewhere")
        self.send_header("content-length", str(len(answer) if status != 204 else 0))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
print(server.server_port, flush=True)
server.serve_forever()

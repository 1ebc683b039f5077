"""Serves pages with a position, as an exporter of a database would: prints its port, then answers GET until it is ended.

usage: positions.py FILE    FILE holds the position: a text, `clock` for milliseconds since 1970 (a copy that keeps up with
                            a busy owner), or `clock-N` for one that is N milliseconds behind. Read anew for each answer.

/metrics  Prometheus text: app_position, with a second series that is behind
/json     {"replication": {"copies": [{"position": "…"}]}}
/header   x-app-position
"""

import http.server
import json
import pathlib
import sys
import time

source = pathlib.Path(sys.argv[1])


def position():
    text = source.read_text().strip()
    if not text.startswith("clock"):
        return text
    return str(int(time.time() * 1_000) - int(text.removeprefix("clock").removeprefix("-") or 0))


class Pages(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        text = position()
        pages = {
            "/metrics": f'# TYPE app_position gauge\napp_position{{timeline="1"}} 7\napp_position{{timeline="2"}} {text}\n',
            "/json": json.dumps({"replication": {"copies": [{"position": text}]}}),
            "/header": "",
        }
        body = pages.get(self.path, "").encode()
        self.send_response(200 if self.path in pages else 404)
        self.send_header("content-length", str(len(body)))
        self.send_header("x-app-position", text)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
print(server.server_port, flush=True)
server.serve_forever()

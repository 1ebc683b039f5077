"""A client that honours GOAWAY (RFC 9113 §6.8): what lies above its last stream is asked again on a new connection."""

import threading
import time

import http2

WINDOW = 8  # requests open at once on a connection
PAUSE = 0.005  # seconds between batches of frames: load, not a race


class Client(threading.Thread):
    """Asks for one path, over and over, on one connection at a time, until told to stop."""

    def __init__(self, port, context, path):
        super().__init__(daemon=True)
        self.port, self.context, self.path = port, context, path
        self.stopped = threading.Event()
        self.answered, self.asked_again, self.moved = 0, 0, 0
        self.lost = []

    def run(self):
        waiting = 0  # requests that the last connection handed back
        while not self.stopped.is_set() or waiting:
            try:
                connection = http2.Connection(self.port, self.context)
            except OSError:
                time.sleep(0.01)  # refused between two edges: no request was on its way
                continue
            waiting = self._use(connection, waiting)
            self.moved += 1
            connection.close()

    def _use(self, connection, waiting):
        """One connection until it may not be used for more: how many requests it says it never processed."""
        open_streams, last, status = set(), None, {}
        self._top_up(connection, open_streams, waiting)
        returned = 0
        try:
            while open_streams or (last is None and not self.stopped.is_set()):
                kind, flags, stream, payload = connection.read_frame()
                if kind == http2.SETTINGS and not flags & http2.ACK:
                    connection.socket.sendall(http2.frame(http2.SETTINGS, http2.ACK, 0))
                elif kind == http2.PING and not flags & http2.ACK:
                    connection.socket.sendall(http2.frame(http2.PING, http2.ACK, 0, payload))
                elif kind == http2.GOAWAY:
                    last = int.from_bytes(payload[:4], "big") & http2.LARGEST_WINDOW
                    above = {open_stream for open_stream in open_streams if open_stream > last}
                    open_streams -= above
                    returned += len(above)
                elif kind == http2.RST_STREAM and stream in open_streams:
                    open_streams.discard(stream)
                    self._ended_early(stream, int.from_bytes(payload, "big"))
                    returned += int.from_bytes(payload, "big") == 7  # REFUSED_STREAM: safe to ask again
                elif kind in (http2.HEADERS, http2.DATA) and stream in open_streams:
                    if kind == http2.HEADERS:
                        status[stream] = http2.status(payload)
                    if flags & http2.END_STREAM:
                        open_streams.discard(stream)
                        self._ended(stream, status.get(stream))
                if kind == http2.DATA:
                    connection.credit(len(payload))
                if last is None and not self.stopped.is_set() and len(open_streams) < WINDOW // 2:
                    time.sleep(PAUSE)
                    self._top_up(connection, open_streams, WINDOW)
        except (OSError, http2.ProtocolFailure) as error:
            self.lost += [f"stream {stream} (last {last}): {error}" for stream in sorted(open_streams)]
        self.asked_again += returned
        return returned

    def _top_up(self, connection, open_streams, count):
        while len(open_streams) < max(count, WINDOW):
            open_streams.add(connection.begin(self.path))

    def _ended(self, stream, seen):
        if seen == 200:
            self.answered += 1
        else:
            self.lost.append(f"stream {stream}: status {seen}")

    def _ended_early(self, stream, code):
        if code != 7:
            self.lost.append(f"stream {stream}: reset with code {code}")


def load(port, context, path, connections):
    clients = [Client(port, context, path) for _ in range(connections)]
    for client in clients:
        client.start()
    return clients


def finish(clients, seconds=20):
    """Stops asking and waits for what is open; what did not end by then is lost."""
    for client in clients:
        client.stopped.set()
    for client in clients:
        client.join(seconds)
        if client.is_alive():
            client.lost.append("the client did not finish: an answer never came")
    return [line for client in clients for line in client.lost]

"""A small HTTP/2 client on the standard library: enough to greet, ask, wait and misbehave.

It exists because the memory, handshake and stalled-reader cases need connections that h2load cannot hold open. It
knows no dynamic HPACK table (it advertises one of size 0) and reads a status only where that is an indexed field.
"""

import socket
import ssl
import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE = 0, 1, 3, 4, 6, 7, 8
END_STREAM, ACK, END_HEADERS, PADDED, PRIORITY = 1, 1, 4, 8, 32
HEADER_TABLE_SIZE, INITIAL_WINDOW_SIZE = 1, 4
LARGEST_WINDOW = 2**31 - 1
STATUSES = {8: 200, 9: 204, 10: 206, 11: 304, 12: 400, 13: 404, 14: 500}  # RFC 7541 appendix A


class ProtocolFailure(Exception):
    """The other side ended the connection, or said what this client does not understand."""


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def integer(value, bits, first):
    """An HPACK integer with a prefix of `bits` (RFC 7541 §5.1)."""
    limit = (1 << bits) - 1
    if value < limit:
        return bytes([first | value])
    out = [first | limit]
    value -= limit
    while value >= 128:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + [value])


def literal(index, value):
    """A literal field without indexing; its name is entry `index` of the static table."""
    raw = value.encode()
    return integer(index, 4, 0) + integer(len(raw), 7, 0) + raw


def get(stream, path, authority):
    """HEADERS of a GET over https."""
    block = b"\x82\x87" + literal(4, path) + literal(1, authority)
    return frame(HEADERS, END_STREAM | END_HEADERS, stream, block)


def status(block):
    """The status of a response's header block; 0 where it is not an indexed field."""
    position = 0
    while position < len(block) and block[position] & 0xE0 == 0x20:  # dynamic table size updates
        position += 1
    return STATUSES.get(block[position] & 0x7F, 0) if position < len(block) else 0


def tls_context():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    return context


class Connection:
    """One TLS connection that has sent its preface; use `settle` before leaving it idle."""

    def __init__(self, port, context, window=65_535, timeout=10.0, session=None):
        self.authority = f"127.0.0.1:{port}"
        raw = socket.create_connection(("127.0.0.1", port), timeout=timeout)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = context.wrap_socket(raw, server_hostname="localhost", session=session)
        if self.socket.selected_alpn_protocol() != "h2":
            raise ProtocolFailure("the server did not choose h2")
        self.received = b""
        self.next_stream = 1
        settings = struct.pack(">HIHI", HEADER_TABLE_SIZE, 0, INITIAL_WINDOW_SIZE, window)
        greeting = PREFACE + frame(SETTINGS, 0, 0, settings)
        if window > 65_535:
            greeting += frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", window - 65_535))
        self.socket.sendall(greeting)

    def read_frame(self):
        head = self._take(9)
        count = int.from_bytes(head[:3], "big")
        return head[3], head[4], int.from_bytes(head[5:9], "big") & LARGEST_WINDOW, self._take(count)

    def settle(self):
        """Exchanges settings and one PING, so that nothing is left to happen on either side."""
        self.socket.sendall(frame(PING, 0, 0, b"portolan"))
        acknowledged = False
        while not acknowledged:
            kind, flags, _, _ = self.read_frame()
            acknowledged = kind == PING and flags & ACK
            self._answer(kind, flags)

    def begin(self, path):
        """Sends a GET and says on which stream."""
        stream, self.next_stream = self.next_stream, self.next_stream + 2
        self.socket.sendall(get(stream, path, self.authority))
        return stream

    def credit(self, count):
        """Gives back what was read to the connection's window."""
        if count:
            self.socket.sendall(frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", count)))

    def ask(self, path):
        """One GET to its end: the status and how many bytes came."""
        stream = self.begin(path)
        seen, count = 0, 0
        while True:
            kind, flags, where, payload = self.read_frame()
            self._answer(kind, flags)
            if where != stream:
                continue
            if kind == RST_STREAM:
                raise ProtocolFailure(f"stream reset with code {int.from_bytes(payload, 'big')}")
            if kind == HEADERS and not seen:
                seen = status(payload[5:] if flags & PRIORITY else payload)
            if kind == DATA:
                count += len(payload)
            if kind in (DATA, HEADERS) and flags & END_STREAM:
                return seen, count

    def ask_without_reading(self, path, count):
        """Sends `count` requests at once and leaves their answers where they are."""
        out = b""
        for _ in range(count):
            out += get(self.next_stream, path, self.authority)
            self.next_stream += 2
        self.socket.sendall(out)

    def close(self):
        self.socket.close()

    def _answer(self, kind, flags):
        if kind == SETTINGS and not flags & ACK:
            self.socket.sendall(frame(SETTINGS, ACK, 0))
        elif kind == GOAWAY:
            raise ProtocolFailure("the server sent GOAWAY")

    def _take(self, count):
        while len(self.received) < count:
            more = self.socket.recv(65_536)
            if not more:
                raise ProtocolFailure("the server closed the connection")
            self.received += more
        taken, self.received = self.received[:count], self.received[count:]
        return taken

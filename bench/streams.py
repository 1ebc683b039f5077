#!/usr/bin/python3
"""A backend of long streams: HTTP/2 with prior knowledge. Every request is answered with 200 at once, then an octet a
second, for 60 to 150 seconds: usage: streams.py PORT SEED"""

import asyncio
import random
import sys

import http2

SHORTEST, LONGEST = 60, 150


class Session:
    def __init__(self, reader, writer, chance):
        self.reader, self.writer, self.chance = reader, writer, chance
        self.tasks = {}

    async def run(self):
        try:
            await self.reader.readexactly(len(http2.PREFACE))
            self.send(http2.SETTINGS, 0, 0)
            while True:
                head = await self.reader.readexactly(9)
                count, kind, flags = int.from_bytes(head[:3], "big"), head[3], head[4]
                stream = int.from_bytes(head[5:9], "big") & http2.LARGEST_WINDOW
                payload = await self.reader.readexactly(count)
                self.received(kind, flags, stream, payload)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            for task in self.tasks.values():
                task.cancel()
            self.writer.close()

    def received(self, kind, flags, stream, payload):
        if kind == http2.SETTINGS and not flags & http2.ACK:
            self.send(http2.SETTINGS, http2.ACK, 0)
        elif kind == http2.PING and not flags & http2.ACK:
            self.send(http2.PING, http2.ACK, 0, payload)
        elif kind == http2.HEADERS:
            self.tasks[stream] = asyncio.create_task(self.answer(stream))
        elif kind == http2.RST_STREAM and stream in self.tasks:
            self.tasks.pop(stream).cancel()

    async def answer(self, stream):
        self.send(http2.HEADERS, http2.END_HEADERS, stream, b"\x88")
        seconds = self.chance.randint(SHORTEST, LONGEST)
        for second in range(seconds):
            await asyncio.sleep(1)
            self.send(http2.DATA, http2.END_STREAM if second == seconds - 1 else 0, stream, b".")
        self.tasks.pop(stream, None)

    def send(self, kind, flags, stream, payload=b""):
        self.writer.write(http2.frame(kind, flags, stream, payload))


async def main():
    chance = random.Random(int(sys.argv[2]))
    server = await asyncio.start_server(
        lambda reader, writer: Session(reader, writer, chance).run(), "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

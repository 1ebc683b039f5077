"""Calls `grpc_server.py` through an edge over TLS: grpc_client.py PORT CA.pem. Prints one line for each thing that held."""
import queue
import sys
import threading

import grpc

port, authority = sys.argv[1:]
with open(authority, "rb") as file:
    credentials = grpc.ssl_channel_credentials(file.read())
channel = grpc.secure_channel(f"localhost:{port}", credentials)


def held(what, condition):
    print(("held: " if condition else "BROKEN: ") + what, flush=True)


unary = channel.unary_unary("/test.Echo/Unary")
held("unary", unary(b"abc", timeout=10) == b"cba")
held("a message of 3 MB", len(unary(b"x" * 3_000_000, timeout=20)) == 3_000_000)
held("an empty message", unary(b"", timeout=10) == b"")

answer, call = unary.with_call(b"abc", metadata=(("x-echo-bin", b"\x00\xff"), ("x-echo", "1")), timeout=10)
trailing = dict(call.trailing_metadata())
held("metadata in trailers", trailing.get("x-echo") == "1" or trailing.get("x-echo-bin") == b"\x00\xff")

try:
    unary(b"", metadata=(("x-fail", "NOT_FOUND"),), timeout=10)
    held("a status of the service", False)
except grpc.RpcError as error:
    held("a status of the service", error.code() == grpc.StatusCode.NOT_FOUND and error.details() == "asked to fail")

try:
    channel.unary_unary("/test.Echo/Nothing")(b"", timeout=10)
    held("an unknown method", False)
except grpc.RpcError as error:
    held("an unknown method", error.code() == grpc.StatusCode.UNIMPLEMENTED)

upload = channel.stream_unary("/test.Echo/Upload")
held("a stream up", upload((b"x" * 10_000 for _ in range(100)), timeout=20) == b"1000000")
download = channel.unary_stream("/test.Echo/Download")
held("a stream down", [int(part) for part in download(b"1000", timeout=20)] == list(range(1000)))

# Each question waits for the answer to the one before: both directions must flow at the same time.
questions = queue.Queue()
answers = channel.stream_stream("/test.Echo/Chat")(iter(questions.get, None), timeout=20)
said = []
for number in range(50):
    questions.put(b"%d" % number)
    said.append(next(answers))
questions.put(None)
held("a conversation", said == [b"<%d>" % number for number in range(50)] and list(answers) == [])

stalled = channel.stream_stream("/test.Echo/Chat")(iter(queue.Queue().get, None))
stalled.cancel()
held("a call that is cancelled", stalled.cancelled() and unary(b"abc", timeout=10) == b"cba")

threads, results = [], []
for _ in range(16):
    threads.append(threading.Thread(target=lambda: results.extend(unary(b"ab", timeout=20) for _ in range(25))))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
held("400 calls of 16 threads", results == [b"ba"] * 400)

"""A gRPC service without generated code: messages are bytes. Prints its port; ends with its standard input."""
import sys
from concurrent import futures

import grpc


def unary(request, context):
    for key, value in context.invocation_metadata():
        if key == "x-fail":
            context.abort(grpc.StatusCode[value], "asked to fail")
        if key.startswith("x-echo"):
            context.set_trailing_metadata(((key, value),))
    return request[::-1]


def upload(requests, context):
    return b"%d" % sum(len(request) for request in requests)


def download(request, context):
    for number in range(int(request)):
        yield b"%d" % number


def chat(requests, context):
    for request in requests:
        yield b"<" + request + b">"


class Service(grpc.GenericRpcHandler):
    handlers = {
        "/test.Echo/Unary": grpc.unary_unary_rpc_method_handler(unary),
        "/test.Echo/Upload": grpc.stream_unary_rpc_method_handler(upload),
        "/test.Echo/Download": grpc.unary_stream_rpc_method_handler(download),
        "/test.Echo/Chat": grpc.stream_stream_rpc_method_handler(chat),
    }

    def service(self, details):
        return self.handlers.get(details.method)


server = grpc.server(futures.ThreadPoolExecutor(max_workers=16))
server.add_generic_rpc_handlers((Service(),))
port = server.add_insecure_port("127.0.0.1:0")
server.start()
print(port, flush=True)
server.wait_for_termination()

"""The way over a socket: the gateway of a conformance case behind the local server's HTTP."""

from contextlib import contextmanager

from tests.server.raw_client import RawClient
from tests.server.serving import EveryHost, GatewaySource, on_a_socket


class SocketWay:
    """Sends each request over a connection of its own, as raw HTTP/1.1."""

    name = "socket"

    @contextmanager
    def serve(self, world):
        source = GatewaySource(world.gateway(), world.invoker, hosts=EveryHost(), keys=world.keys)
        with on_a_socket(source) as url:

            def ask(request):
                with RawClient(url) as client:
                    body = request.body
                    if (request.header("Transfer-Encoding") or "").lower() == "chunked":
                        body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
                    return client.request(request.method, request.target, request.headers, body)

            yield ask

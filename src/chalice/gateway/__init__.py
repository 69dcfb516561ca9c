"""Amazon API Gateway without sockets: an API definition and an `HttpRequest` in, an `HttpResponse` out.

Knows the document it serves and the rules of API Gateway (`docs/gateway-rules.md`). Must not know of
Chalice, sockets, files, threads or the clock: invocations are yielded, time and ids are passed in.
`gateway.py`, read from top to bottom, is the order in which API Gateway does things.
"""

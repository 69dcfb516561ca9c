"""What a view can raise.

    Exception
    └── ChaliceError                     the application is not as it should be
        ├── ChaliceViewError         500 an answer: its class name and text reach the client
        │   ├── BadRequestError      400
        │   ├── UnauthorizedError    401
        │   ├── ForbiddenError       403
        │   ├── NotFoundError        404
        │   ├── MethodNotAllowedError 405
        │   ├── RequestTimeoutError  408
        │   ├── ConflictError        409
        │   ├── UnprocessableEntityError 422
        │   └── TooManyRequestsError 429
        ├── ChaliceUnhandledError        passes through the middleware, then 500
        └── WebsocketDisconnectedError   the client of a websocket has gone

Imported when the first error happens: a request that succeeds does not pay for it.
"""

from __future__ import annotations


class ChaliceError(Exception):
    """The root of the framework's own exceptions."""


class WebsocketDisconnectedError(ChaliceError):
    """A message was sent to a websocket connection that has gone.

    Attributes:
        connection_id: the connection.
    """

    def __init__(self, connection_id: str) -> None:
        super().__init__(connection_id)
        self.connection_id = connection_id


class ChaliceUnhandledError(ChaliceError):
    """An error for the application's own middleware: the framework does not answer it.

    Middleware sees it as an exception; where none answers it, the client gets a 500.
    """


class ChaliceViewError(ChaliceError):
    """An answer that is not a success; subclass it and set `STATUS_CODE` for one of your own."""

    STATUS_CODE: int = 500


class BadRequestError(ChaliceViewError):
    """400: the request cannot be understood."""

    STATUS_CODE = 400


class UnauthorizedError(ChaliceViewError):
    """401: the caller is not known."""

    STATUS_CODE = 401


class ForbiddenError(ChaliceViewError):
    """403: the caller may not do this."""

    STATUS_CODE = 403


class NotFoundError(ChaliceViewError):
    """404: there is no such thing."""

    STATUS_CODE = 404


class MethodNotAllowedError(ChaliceViewError):
    """405: not with this verb."""

    STATUS_CODE = 405


class RequestTimeoutError(ChaliceViewError):
    """408: it took too long."""

    STATUS_CODE = 408


class ConflictError(ChaliceViewError):
    """409: the present state does not allow it."""

    STATUS_CODE = 409


class UnprocessableEntityError(ChaliceViewError):
    """422: understood, but the content makes no sense."""

    STATUS_CODE = 422


class TooManyRequestsError(ChaliceViewError):
    """429: too often."""

    STATUS_CODE = 429


ALL_ERRORS = [
    ChaliceViewError,
    BadRequestError,
    NotFoundError,
    UnauthorizedError,
    ForbiddenError,
    MethodNotAllowedError,
    RequestTimeoutError,
    ConflictError,
    UnprocessableEntityError,
    TooManyRequestsError,
]

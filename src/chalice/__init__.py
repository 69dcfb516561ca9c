"""Chalice: routes, authorizers and functions on API Gateway and Lambda, from one `app.py`.

The names below are loaded on first use, so that a cold start pays for what the application uses.
"""

# Every cold start runs this file: `from __future__ import annotations` would be an import more.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from chalice.app import (
        AuthResponse,
        AuthRoute,
        BadRequestError,
        Blueprint,
        Chalice,
        ChaliceUnhandledError,
        ChaliceViewError,
        CognitoUserPoolAuthorizer,
        ConflictError,
        ConvertToMiddleware,
        CORSConfig,
        Cron,
        CustomAuthorizer,
        ForbiddenError,
        GatewayResponse,
        IAMAuthorizer,
        NotFoundError,
        Rate,
        RequestValidation,
        Response,
        TooManyRequestsError,
        UnauthorizedError,
        UnprocessableEntityError,
        WebsocketDisconnectedError,
    )

__version__ = "2.0.0.dev0"
chalice_version = __version__

__all__ = [
    "AuthResponse",
    "AuthRoute",
    "BadRequestError",
    "Blueprint",
    "CORSConfig",
    "Chalice",
    "ChaliceUnhandledError",
    "ChaliceViewError",
    "CognitoUserPoolAuthorizer",
    "ConflictError",
    "ConvertToMiddleware",
    "Cron",
    "CustomAuthorizer",
    "ForbiddenError",
    "GatewayResponse",
    "IAMAuthorizer",
    "NotFoundError",
    "Rate",
    "RequestValidation",
    "Response",
    "TooManyRequestsError",
    "UnauthorizedError",
    "UnprocessableEntityError",
    "WebsocketDisconnectedError",
    "__version__",
    "chalice_version",
]


def __getattr__(name: str) -> "Any":
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from chalice import app  # noqa: PLC0415 - `import chalice` alone loads nothing

    value = globals()[name] = getattr(app, name)
    return value

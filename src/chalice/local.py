"""`LocalGateway`: a request as a dict in, a response as a dict out, an older way to test.

    LocalGatewayException       the gateway answered in the function's place
    ├── ForbiddenError          403: no such route, denied by an authorizer, no API key
    └── NotAuthorizedError      401: an authorizer found nobody

`chalice.test.Client` does more and is easier to read. Both enter the same gateway.
"""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING, Any

from chalice.emulator import api_keys_of, emulate, http_request, import_project, stage_of
from chalice.media import BinaryMediaTypes, media_type

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chalice.app import Chalice
    from chalice.config import Config
    from chalice.gateway.http import HttpResponse

__all__ = ["ForbiddenError", "LocalGateway", "LocalGatewayException", "NotAuthorizedError"]


class LocalGatewayException(Exception):
    """The gateway answered in the function's place.

    Attributes:
        headers: of the answer.
        body: of the answer.
    """

    def __init__(self, headers: Mapping[str, str], body: bytes | None = None) -> None:
        super().__init__(headers, body)
        self.headers = dict(headers)
        self.body = body


class ForbiddenError(LocalGatewayException):
    """The gateway answered 403."""


class NotAuthorizedError(LocalGatewayException):
    """The gateway answered 401."""


# Refusals that AWS Chalice raises; what else the gateway says (413, 502, 504) is a response.
_REFUSALS: dict[int, type[LocalGatewayException]] = {401: NotAuthorizedError, 403: ForbiddenError}


class LocalGateway:
    """A local API Gateway in front of one application.

    Args:
        app_object: the application.
        config: the configuration; `Config()` has the defaults. Environment variables that it names
            are not set: that is the test's own choice.

    Raises:
        InvalidApp: the application cannot be served as written.
    """

    def __init__(self, app_object: Chalice, config: Config) -> None:
        project = import_project(app_object, config, environ=os.environ)
        model, settings = project.model, project.settings
        # Text is text for a function, also where the gateway makes bytes of everything.
        self._binary_types = BinaryMediaTypes(item for item in model.binary_types if item != "*/*")
        api_keys = api_keys_of(model, settings)
        self._stage = stage_of(model, settings, in_path=False, api_keys=api_keys)
        self._gateway = emulate(project, api_keys=api_keys)

    def handle_request(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str | Sequence[str]],
        body: bytes | str | None,
    ) -> dict[str, Any]:
        """Return the response as a dict of `statusCode`, `headers`, `multiValueHeaders` and `body`.

        The body is text; bytes of a binary type are base64 with `isBase64Encoded` True, as a
        function would return them. Repeated headers are in `multiValueHeaders`.

        Raises:
            ForbiddenError: the gateway itself answered 403, for example for an unknown path.
            NotAuthorizedError: the gateway itself answered 401.
        """
        request = http_request(method, path, headers, body, self._stage)
        response = self._gateway.answer(request)
        refusal = _REFUSALS.get(response.status) if response.reason is not None else None
        single, multi = _split(response)
        if refusal is not None:
            raise refusal(single, response.body)
        result: dict[str, Any] = {
            "statusCode": response.status,
            "headers": single,
            "multiValueHeaders": multi,
        }
        return {**result, **self._body(response.body, single)}

    def _body(self, body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
        types = (value for name, value in headers.items() if name.lower() == "content-type")
        if media_type(next(types, "")) not in self._binary_types:
            try:
                return {"body": body.decode()}
            except UnicodeDecodeError:
                pass  # not text, whatever its type says: base64 keeps every byte
        return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


def _split(response: HttpResponse) -> tuple[dict[str, str], dict[str, list[str]]]:
    values: dict[str, list[str]] = {}
    spelling: dict[str, str] = {}
    for name, value in response.headers:
        values.setdefault(spelling.setdefault(name.lower(), name), []).append(value)
    single = {name: items[0] for name, items in values.items() if len(items) == 1}
    multi = {name: items for name, items in values.items() if len(items) > 1}
    return single, multi

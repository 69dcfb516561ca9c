"""What the gateway answers in its own name: gateway responses, declared and for CORS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice.rules.facts import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from chalice.model.declared import AppModel, Cors, GatewayResponse, Route


def gateway_responses(model: AppModel) -> dict[str, Any]:
    """Return the gateway responses that the application declares, and CORS headers for all.

    A response that is set takes nothing from its default (rule 2.24), so each of them has the CORS
    headers, unless the application names an origin there itself.
    """
    cors = _cors(model.routes)
    declared = {item.type: item for item in model.gateway_responses}
    kinds = dict.fromkeys((*declared, *(DEFAULTS if cors else ())))
    return {kind: _gateway_response(declared.get(kind), cors) for kind in kinds}


def _gateway_response(declared: GatewayResponse | None, cors: Mapping[str, str]) -> dict[str, Any]:
    static = {} if declared is None else dict(declared.headers)
    mapped = {} if declared is None else dict(declared.mapped_headers)
    own = {name.lower() for name in (*static, *mapped)}
    # Who names an origin answers for all of it: credentials of ours may not go with theirs.
    ours: Mapping[str, str] = {} if "access-control-allow-origin" in own else cors
    added = {name: value for name, value in ours.items() if name.lower() not in own}
    parameters = {name: f"'{value}'" for name, value in (static | added).items()} | mapped
    response: dict[str, Any] = {}
    if declared is not None and declared.status_code is not None:
        response["statusCode"] = str(declared.status_code)
    if parameters:
        response["responseParameters"] = {
            f"gatewayresponse.header.{name}": value for name, value in parameters.items()
        }
    if declared is not None and declared.templates:
        response["responseTemplates"] = dict(declared.templates)
    return response


def _cors(routes: Iterable[Route]) -> dict[str, str]:
    """Return CORS headers for the answers that the gateway makes itself: 401, 403, 413, 504, ...

    Without them a browser reports a CORS error in place of the status (rule 6.3). One static value
    serves the whole API, so where routes differ:

    - one origin: that origin, with credentials if any route admits them to it; never with `*`;
    - several, `*` among them: `*`, since any site may read a part of the API already;
    - several, all of them named: none, since no value would let in exactly those.

    Exposed headers are named where all routes agree.
    """
    configurations = list(dict.fromkeys(route.cors for route in routes if route.cors is not None))
    origins = {cors.allow_origin for cors in configurations}
    if not origins or (len(origins) > 1 and "*" not in origins):
        return {}
    origin = "*" if "*" in origins else origins.pop()
    headers = {"Access-Control-Allow-Origin": origin}
    exposed = {_exposed_headers(cors) for cors in configurations}
    if len(exposed) == 1 and (names := exposed.pop()):
        headers["Access-Control-Expose-Headers"] = names
    if origin != "*" and any(cors.allow_credentials for cors in configurations):
        headers["Access-Control-Allow-Credentials"] = "true"
    return headers


def _exposed_headers(cors: Cors) -> str:
    return dict(cors.headers).get("Access-Control-Expose-Headers", "")

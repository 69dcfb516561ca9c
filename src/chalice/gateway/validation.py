"""Request validators: what a method requires of its parameters (rule 2.21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.gateway.responses import BAD_REQUEST_PARAMETERS, Refusal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalice.gateway.api import RequiredParameter
    from chalice.gateway.call import Call


def check(call: Call, required: Sequence[RequiredParameter]) -> None:
    """Raise the refusal that names every required parameter that is missing or empty."""
    missing = [parameter.name for parameter in required if not _value(call, parameter)]
    if missing:
        raise Refusal(
            BAD_REQUEST_PARAMETERS,
            message=f"Missing required request parameters: [{', '.join(missing)}]",
        )


def _value(call: Call, parameter: RequiredParameter) -> str | None:
    if parameter.place == "header":
        return call.arrival.header(parameter.name.lower())
    return (call.query.last or {}).get(parameter.name)

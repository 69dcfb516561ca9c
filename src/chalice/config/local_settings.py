"""What `local` says of usage plans, and of authorizers that live elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice.config.local_keys import FUNCTION
from chalice.config.reader import as_list, as_object, shown
from chalice.rules.callers import UsagePlan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class StandIn:
    """What answers in the place of an authorizer's function that lives elsewhere.

    Attributes:
        of: the name of the authorizer, or the function as it stands in the authorizer's URI.
        function: a function of the application, or `module:attribute`; empty for a recorded answer.
        file: a file in `.chalice` with the recorded answer; empty where *returns* is it.
        returns: the recorded answer.
    """

    of: str
    function: str = ""
    file: str = ""
    returns: Any = None


def usage_plans_of(local: Mapping[str, object]) -> tuple[UsagePlan, ...]:
    """Return the usage plans that the object `local` holds; its problems have been reported."""
    plans: list[UsagePlan] = []
    for item in as_object(local.get("usage_plans")).values():
        plan = as_object(item)
        quota = as_object(plan.get("quota"))
        plans.append(
            UsagePlan(
                api_keys=tuple(as_list(plan.get("api_keys"))),
                rate=plan.get("rate"),
                burst=plan.get("burst"),
                quota=quota.get("limit"),
                period=quota.get("period", "DAY"),
            )
        )
    return tuple(plans)


def stand_ins_of(local: Mapping[str, object]) -> tuple[StandIn, ...]:
    """Return the stand-ins for authorizers that the object `local` holds, as far as they are any.

    What is wrong with their shape has been reported.
    """
    found: list[StandIn] = []
    for name, item in as_object(local.get("authorizers")).items():
        if isinstance(item, str):
            if re.fullmatch(FUNCTION, item):
                found.append(StandIn(name, function=item))
            continue
        written = as_object(item)
        file: object = written.get("file", "")
        if isinstance(file, str):
            found.append(StandIn(name, file=file, returns=written.get("returns")))
    return tuple(found)


def faults(local: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], str, str, str]]:
    """Yield place within `local`, code, summary and hint of what is wrong between usage plans.

    A key is in one plan of a stage at most.
    Source: API Gateway developer guide, "Usage plans and API keys for REST APIs in API Gateway".
    """
    keys: dict[str, str] = {}
    for key in as_list(local.get("api_keys")):
        keys.setdefault(str(key), "`local.api_keys`")
    for name, item in as_object(local.get("usage_plans")).items():
        label, place = f"`local.usage_plans.{shown(name)}`", ("usage_plans", name)
        plan = as_object(item)
        for given, other in (("rate", "burst"), ("burst", "rate")):
            if given in plan and other not in plan:
                summary = f"{label} has a `{given}` and no `{other}`"
                yield place, "config-usage-plan", summary, f"add `{other}`, or remove `{given}`"
        for number, key in enumerate(as_list(plan.get("api_keys"))):
            before = keys.setdefault(str(key), label)
            if before != label or key in as_list(plan.get("api_keys"))[:number]:
                summary = f"key {number} of {label} is also in {before}"
                yield place, "config-usage-plan-key", summary, "keep a key in one place"

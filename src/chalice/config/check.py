"""What is wrong with a configuration: keys and values in every place, then rules between keys.

The shape of a value is checked wherever it stands, rules between keys for each stage that the file
declares. The files that it names are read by `files`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chalice.config import local_settings
from chalice.config.keys import FUNCTIONS, KEYS, STAGES, Level, Scope, allowed, keys_at
from chalice.config.kinds import Fault, unknown_key
from chalice.config.precedence import DEFAULT, GIVEN
from chalice.config.reader import as_object, shown
from chalice.config.settings import configured_functions
from chalice.config.values import NAME
from chalice.diagnostics import Problem, nearest
from chalice.model.names import API_HANDLER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from chalice.config.public import Config
    from chalice.config.reader import Document, Node
    from chalice.model.declared import AppModel

# Most bytes of all environment variables of a function, counted as Lambda does: as JSON.
# Source: Lambda developer guide, "Lambda quotas", "Environment variables"; the answer of
# UpdateFunctionConfiguration prints the JSON that it measured.
MAX_ENVIRONMENT_BYTES = 4096

# The stage that commands take where none is asked for; it needs no entry under `stages`.
DEFAULT_STAGE = "dev"


# --- shape -----------------------------------------------------------------------------------


def shape(document: Document) -> Iterator[Problem]:
    """Yield what is wrong with each key and value, wherever it stands."""
    yield from document.problems
    if document.root is None:
        return
    for fault in _object(document.root, Level.TOP, "the configuration"):
        where = document.where(fault.node)
        yield Problem(fault.code, fault.summary, where, fault.hint)


def _object(node: Node, level: Level, holder: str) -> Iterator[Fault]:
    if not isinstance(node.value, dict):
        yield Fault("config-type", node, f"{holder} is no object", 'write `{"key": "value"}`')
        return
    for name, member in node.written():
        yield from _member(name, member, level, holder)


def _member(name: str, node: Node, level: Level, holder: str) -> Iterator[Fault]:
    if name == STAGES and level is Level.TOP:
        yield from _named(node, STAGES, Level.STAGE, "stage")
    elif name == FUNCTIONS and level in {Level.TOP, Level.STAGE}:
        below = Level.TOP_FUNCTION if level is Level.TOP else Level.STAGE_FUNCTION
        yield from _named(node, FUNCTIONS, below, "function")
    elif name not in KEYS and name not in {STAGES, FUNCTIONS}:
        containers = {STAGES: None, FUNCTIONS: None} if level is Level.TOP else {}
        if level is Level.STAGE:
            containers = {FUNCTIONS: None}
        yield unknown_key(node, name, holder, {**keys_at(level), **containers})
    elif name not in KEYS or not allowed(KEYS[name], level):
        yield _misplaced(name, node, level)
    else:
        yield from KEYS[name].kind.faults(node, name)


def _named(node: Node, container: str, level: Level, noun: str) -> Iterator[Fault]:
    """Yield the faults of an object whose members are stages or functions."""
    if not isinstance(node.value, dict):
        hint = f'write `{{"NAME": {{}}}}`, an object for each {noun}'
        yield Fault("config-type", node, f"`{container}` is no object", hint)
        return
    for name, member in node.written():
        if not NAME.accepts(name):
            summary = f"{noun} `{shown(name)}` cannot be called so in AWS"
            yield Fault("config-name", member, summary, f"write {NAME.says}")
        yield from _object(member, level, f"{noun} `{shown(name)}`")


def _misplaced(name: str, node: Node, level: Level) -> Fault:
    hint = "write it at the top level"
    if name in KEYS and KEYS[name].scope is not Scope.TOP:
        hint = f"write it at {KEYS[name].scope.value}"
        if level is Level.TOP_FUNCTION and KEYS[name].merged:
            hint = "write it under `stages`, in the `lambda_functions` of a stage"
    elif name == FUNCTIONS:
        hint = "write it at the top level or in a stage"
    return Fault("config-key-scope", node, f"`{name}` has no effect in {level.value}", hint)


# --- rules between keys ------------------------------------------------------------------------


class Effective:
    """The keys as one function of one stage sees them, each with the place that sets it."""

    def __init__(self, config: Config, document: Document) -> None:
        self.config = config
        self.document = document

    def get(self, name: str) -> object:
        """Return the value that wins; the default where the key is written nowhere."""
        value: object = self.config.resolved(name)
        return value

    def where(self, name: str, *below: str | int) -> str:
        """Return the place of the value that wins, or of the stage where there is none.

        Args:
            name: of the key.
            below: the keys and indexes that lead into its value.
        """
        stage, function = self.config.chalice_stage, self.config.function_name
        key = KEYS[name]
        for path, _ in self.config.sources.found(key, stage, function):
            if path in {GIVEN, DEFAULT}:
                return ""
            return self.document.where(self.document.find([*path, name, *below]))
        return self.document.where(self.document.find([STAGES, stage]))

    def own(self, name: str) -> bool:
        """Tell whether the function has the key to itself."""
        stage, function = self.config.chalice_stage, self.config.function_name
        found = self.config.sources.found(KEYS[name], stage, function)
        return any(FUNCTIONS in path for path, _ in found)

    def problem(self, code: str, name: str, summary: str, hint: str) -> Problem:
        """Return an error at the place that sets *name*."""
        return Problem(code, summary, self.where(name), hint)


def rules(document: Document, config: Config) -> list[Problem]:
    """Return what is wrong between the keys, for the stage of *config* and each declared one.

    What several stages or functions inherit from one place is told once.
    """
    return list(dict.fromkeys(_rules(document, config)))


def _rules(document: Document, config: Config) -> Iterator[Problem]:
    from chalice.config import roles  # noqa: PLC0415 - the test client does without it

    stages = document.find([STAGES])
    declared = stages.members() if stages else {}
    for stage in dict.fromkeys((config.chalice_stage, *declared)):
        of_stage = config.scope(stage, API_HANDLER)
        yield from _endpoint(Effective(of_stage, document))
        yield from _credentials(Effective(of_stage, document))
        yield from _usage_plans(Effective(of_stage, document))
        yield from _websockets(Effective(of_stage, document))
        yield from _user_pools(Effective(of_stage, document))
        yield from roles.of_stage(Effective(of_stage, document))
        for function in dict.fromkeys((API_HANDLER, *configured_functions(of_stage))):
            effective = Effective(config.scope(stage, function), document)
            yield from _vpc(effective)
            yield from roles.of_function(effective)
            yield from _environment_size(effective)


def _endpoint(effective: Effective) -> Iterator[Problem]:
    # Source: API Gateway developer guide, "Private REST APIs": a private API needs a resource
    # policy, and VPC endpoints are associated with private APIs only.
    kind = effective.get("api_gateway_endpoint_type")
    endpoints, file = "api_gateway_endpoint_vpce", "api_gateway_policy_file"
    has_endpoints = effective.get(endpoints) is not None
    has_file = effective.get(file) is not None
    if has_endpoints and kind != "PRIVATE":
        summary = f"`{endpoints}` is set for an API of type `{shown(kind)}`"
        hint = '`"api_gateway_endpoint_type": "PRIVATE"` goes with it; else remove it'
        yield effective.problem("config-endpoint-vpce", endpoints, summary, hint)
    if has_endpoints and has_file:
        summary = f"`{file}` and `{endpoints}` are both set"
        hint = f"keep `{file}` and name the endpoints in it, or keep `{endpoints}` alone"
        yield effective.problem("config-endpoint-policy", file, summary, hint)
    if kind == "PRIVATE" and not has_endpoints and not has_file:
        summary = "an API of type `PRIVATE` says nothing of who may call it"
        hint = f"set `{endpoints}` or `{file}`"
        name = "api_gateway_endpoint_type"
        yield effective.problem("config-endpoint-private", name, summary, hint)


def _credentials(effective: Effective) -> Iterator[Problem]:
    local = as_object(effective.get("local"))
    if local.get("credentials"):
        from chalice.config import credentials  # noqa: PLC0415 - few projects have one

        for place, code, summary, hint, severity in credentials.faults(local):
            yield Problem(code, summary, effective.where("local", *place), hint, severity)


def _usage_plans(effective: Effective) -> Iterator[Problem]:
    local = as_object(effective.get("local"))
    for place, code, summary, hint in local_settings.faults(local):
        yield Problem(code, summary, effective.where("local", *place), hint)


def _websockets(effective: Effective) -> Iterator[Problem]:
    name = "websocket_api_custom_domain"
    if effective.get(name) is not None:
        summary = f"`{name}` has no effect: this version of Chalice makes no WebSocket API"
        where = effective.where(name)
        yield Problem("config-websocket-domain", summary, where, "remove it", "warning")


def _user_pools(effective: Effective) -> Iterator[Problem]:
    if as_object(effective.get("local")).get("user_pools"):
        from chalice.config import user_pools  # noqa: PLC0415 - few projects have one

        yield from user_pools.between(effective)


def _vpc(effective: Effective) -> Iterator[Problem]:
    names = ("subnet_ids", "security_group_ids")
    for name, other in (names, names[::-1]):
        if effective.get(name) and not effective.get(other):
            summary = f"`{name}` is set, `{other}` is not"
            yield effective.problem("config-vpc", name, summary, f"set `{other}` as well")


def _environment_size(effective: Effective) -> Iterator[Problem]:
    name = "environment_variables"
    if effective.config.function_name != API_HANDLER and not effective.own(name):
        return  # it is that of `api_handler`
    variables = effective.config.environment_variables
    size = environment_size(variables)
    if size > MAX_ENVIRONMENT_BYTES:
        function = shown(effective.config.function_name)
        summary = f"the environment of function `{function}` has {size} bytes"
        hint = f"keep it within {MAX_ENVIRONMENT_BYTES}: read large values from a parameter store"
        yield effective.problem("config-environment-size", name, summary, hint)


def environment_size(variables: Mapping[str, str]) -> int:
    """Return the bytes of environment variables as Lambda counts them.

    >>> environment_size({"TABLE": "orders"})
    18
    """
    return len(json.dumps(variables, separators=(",", ":"), ensure_ascii=False).encode())


def places(document: Document, config: Config) -> Callable[[str, str], str]:
    """Return what tells where a key is set for a function of the stage of *config*.

    It takes the names of key and function, and returns nothing where the default holds.
    """

    def written(name: str, function: str) -> str:
        of_function = config.scope(config.chalice_stage, function)
        found = config.sources.found(KEYS[name], config.chalice_stage, function)
        set_there = next(found, None) is not None
        return Effective(of_function, document).where(name) if set_there else ""

    return written


# --- the stage that is asked for ---------------------------------------------------------------


def stage(document: Document, name: str) -> Iterator[Problem]:
    """Yield a problem if the stage *name* is declared nowhere."""
    stages = document.find([STAGES])
    declared = stages.members() if stages else {}
    if name == DEFAULT_STAGE or name in declared:
        return
    if not NAME.accepts(name):
        summary = f"stage `{shown(name)}` cannot be called so in AWS"
        yield Problem("stage-name", summary, "", f"write {NAME.says}")
        return
    near = nearest(name, {**declared, DEFAULT_STAGE: None})
    summary = f"stage `{name}` is not declared in `{document.file}`"
    add = f'add `"{name}": {{}}` under `stages`'
    hint = f"write `{near}`, or {add}" if near else add
    yield Problem("stage-unknown", summary, document.where(stages), hint)


def functions(document: Document, known: Mapping[str, object]) -> Iterator[Problem]:
    """Yield a problem for each configured function that is not one of *known*."""
    top = [document.root] if document.root is not None else []
    stages = [stage for holder in _each(top, STAGES) for _, stage in holder.written()]
    for place in _each([*top, *stages], FUNCTIONS):
        for name, node in place.written():
            if name in known or name == API_HANDLER:
                continue
            near = nearest(name, {**known, API_HANDLER: None})
            hint = f"write `{near}`" if near else f"known are {', '.join(sorted(known))}"
            summary = f"`{FUNCTIONS}` names `{shown(name)}`, which the application does not declare"
            yield Problem("config-function-unknown", summary, document.where(node), hint)


def _each(holders: Iterable[Node], name: str) -> Iterator[Node]:
    """Yield what each of *holders* has under *name*, as often as it is written."""
    for holder in holders:
        yield from (node for key, node in holder.written() if key == name)


def unused_user_pools(config: Config, document: Document, model: AppModel) -> Iterator[Problem]:
    """Yield the pools of `local.user_pools` of the stage that nothing in *model* names."""
    of_stage = Effective(config.scope(config.chalice_stage, API_HANDLER), document)
    if as_object(of_stage.get("local")).get("user_pools"):
        from chalice.config import user_pools  # noqa: PLC0415 - the same

        yield from user_pools.unused(of_stage, model)

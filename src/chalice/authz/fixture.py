"""The file that names principals, and what stands for the parameters of routes.

{
  "principals": {
    "nobody": {},
    "reader": {"headers": {"Authorization": "reader-token"}},
    "customer": {"claims": {"sub": "u1", "scope": "orders/read"}},
    "batch": {"credential": "AKIAIOSFODNN7EXAMPLE"}
  },
  "routes": {"GET /orders/{id}": {"parameters": {"id": "17"}}}
}
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalice import headers
from chalice.config.kinds import Fault, MapOf, ObjectWith, Record, RecordsOf, Text
from chalice.config.reader import as_object, read, shown
from chalice.diagnostics import InvalidApp, Problem, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chalice.config.reader import Document, Node


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who calls.

    Attributes:
        name: in the table.
        headers: sent with every request.
        query: sent with every request, too; not percent-encoded.
        claims: of a token that is made for each route that wants one; None for no token.
        credential: the access key of a credential of the configuration that signs requests.
    """

    name: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    claims: Mapping[str, Any] | None = None
    credential: str | None = None
    query: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Fixture:
    """Principals in the order of the file, and parameters by route: `GET /orders/{id}`."""

    principals: tuple[Principal, ...]
    parameters: Mapping[str, Mapping[str, str]] = field(
        default_factory=dict[str, "Mapping[str, str]"]
    )


#: Who is asked about where there is no file.
NOBODY = Fixture((Principal("nobody"),))

_PRINCIPAL = Record(
    {
        "headers": MapOf(
            Text("the name of a header", headers.NAME),
            Text("a string without control characters", headers.VALUE, shortest=0),
        ),
        "query": MapOf(
            Text("the name of a query parameter"),
            Text("its value, not percent-encoded", shortest=0),
        ),
        "claims": ObjectWith("an object of claims", ()),
        "credential": Text("the access key id of one of `local.credentials`"),
    }
)
_ROUTE = Record(
    {
        "parameters": MapOf(
            Text("the name of a path parameter"),
            Text("what stands in the path, percent-encoded", "[!-~]+"),
        )
    }
)
_FORMAT = Record(
    {
        "principals": RecordsOf(Text("the name of a principal"), _PRINCIPAL),
        "routes": RecordsOf(Text("a verb and a path, `GET /orders/{id}`"), _ROUTE),
    },
    required=("principals",),
)


def read_fixture(
    data: bytes, file: str, *, routes: Iterable[str], credentials: Iterable[str]
) -> Fixture:
    """Return the fixture that *data*, the content of *file*, holds.

    Args:
        data: JSON.
        file: as messages name it.
        routes: those of the application, as `GET /orders/{id}`.
        credentials: the access keys of the configuration.

    Raises:
        InvalidApp: with every problem, and its line.
    """
    document = read(data, file)
    problems = list(document.problems)
    if document.root is not None:
        faults = list(_FORMAT.faults(document.root, "the fixture"))
        if not faults:
            faults = [*_routes(document, tuple(routes)), *_principals(document, tuple(credentials))]
        problems += (
            Problem(
                fault.code.replace("config-", "fixture-"),
                fault.summary.replace("`the fixture.", "`").replace("`the fixture`", "the fixture"),
                document.where(fault.node),
                fault.hint,
            )
            for fault in faults
        )
    if problems:
        raise InvalidApp(problems)
    return _fixture(document)


def _principals(document: Document, credentials: tuple[str, ...]) -> Iterator[Fault]:
    written = document.find(["principals"])
    if written is not None and not written.members():
        hint = 'write `"nobody": {}` to ask about somebody who shows nothing'
        yield Fault("fixture-principals", written, "`principals` names nobody", hint)
    for name, node in _members(document, "principals"):
        credential = node.members().get("credential")
        if credential is not None and credential.value not in credentials:
            summary = f"principal `{shown(name)}` signs with a credential that is not configured"
            hint = "write the `access_key_id` of one of `local.credentials`"
            yield Fault("fixture-credential", credential, summary, hint)


def _routes(document: Document, known: tuple[str, ...]) -> Iterator[Fault]:
    for name, node in _members(document, "routes"):
        if name not in known:
            near = _nearest_route(name, known)
            hint = f"write `{near}`" if near else "`chalice routes` lists them"
            summary = f"`routes` names `{shown(name)}`, which the application does not serve"
            yield Fault("fixture-route-unknown", node, summary, hint)
            continue
        names = parameters_of(name)
        given = node.members().get("parameters")
        for parameter, value in (given.members() if given else {}).items():
            if parameter not in names:
                near = nearest(parameter, names)
                known_names = ", ".join(f"`{item}`" for item in names) or "none"
                hint = f"write `{near}`" if near else f"its parameters: {known_names}"
                summary = f"`{shown(name)}` has no parameter `{shown(parameter)}`"
                yield Fault("fixture-parameter-unknown", value, summary, hint)


def _nearest_route(name: str, known: tuple[str, ...]) -> str | None:
    """Return the route whose path is most like that of *name*, of the same verb if there is one.

    >>> _nearest_route("GET /order", ("POST /orders", "GET /orders")), _nearest_route(
    ...     "GET /nope", ("GET /e",)
    ... )
    ('GET /orders', None)
    """
    verb, _, path = name.rpartition(" ")
    paths = {route.partition(" ")[2] for route in known}
    near = nearest(path, paths)
    if near is None:
        return None
    same = f"{verb.upper()} {near}"
    return same if same in known else next(route for route in known if route.endswith(f" {near}"))


def parameters_of(path: str) -> tuple[str, ...]:
    """Return the names of the parameters in a path.

    >>> parameters_of("/orders/{id}/{rest+}")
    ('id', 'rest')
    """
    return tuple(re.findall(r"\{([^{}]+?)\+?\}", path))


def _members(document: Document, name: str) -> Iterator[tuple[str, Node]]:
    node = document.find([name])
    yield from (node.members() if node else {}).items()


def _fixture(document: Document) -> Fixture:
    written = document.plain()
    principals = [
        Principal(
            name=name,
            headers=as_object(as_object(item).get("headers")),
            claims=as_object(item).get("claims"),
            credential=as_object(item).get("credential"),
            query=as_object(as_object(item).get("query")),
        )
        for name, item in as_object(written.get("principals")).items()
    ]
    parameters = {
        name: as_object(as_object(item).get("parameters"))
        for name, item in as_object(written.get("routes")).items()
    }
    return Fixture(tuple(principals), parameters)

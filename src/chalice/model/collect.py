"""The application object read into an `AppModel`: the only reader of its private tables.

Whatever an application put into them is taken as it comes: a value of a wrong type becomes a
problem and the model carries what would stand in its place, so that all checks can still run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from chalice.diagnostics import Problem, nearest
from chalice.model import authorizers, cors, views
from chalice.model.declared import (
    AppModel,
    Authorizer,
    Cors,
    Function,
    GatewayResponse,
    Place,
    RequestValidation,
    Route,
)
from chalice.model.names import API_HANDLER, METHODS, handler_of
from chalice.model.values import literal
from chalice.runtime.refusals import LEFT_OUT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from chalice.app import BuiltinAuthConfig, Chalice, RouteEntry

Handler: TypeAlias = Callable[[Any, Any], Any]

#: Turns what a declaration remembers of its place, and its function, into a `Place`.
PlaceOf: TypeAlias = Callable[[object, object], Place]


@dataclass(frozen=True, slots=True)
class Collected:
    """An application as data.

    Attributes:
        model: what it declared.
        handlers: what Lambda calls, by the name of the function; `api_handler` is the application.
        found_at: the module and attribute at which each stands, `chalicelib.jobs.clean`.
        problems: values of wrong types. `check` finds what is wrong with the model.
        left_out: names of functions whose decorators this version refuses.
    """

    model: AppModel
    handlers: dict[str, Handler]
    found_at: dict[str, str]
    problems: tuple[Problem, ...] = ()
    left_out: frozenset[str] = frozenset()


def declared_at(where: object, function: object) -> Place:
    """Return *where* if a tool recorded it, else the line at which *function* is defined.

    That is the line of its first decorator, in a file relative to the working directory.
    """
    if isinstance(where, Place):
        return where
    code = getattr(function, "__code__", None)
    if code is None:
        return Place("app.py", 0)
    file = Path(code.co_filename)
    if file.is_relative_to(Path.cwd()):
        file = file.relative_to(Path.cwd())
    return Place(file.as_posix(), code.co_firstlineno)


def collect(app: Chalice, place: PlaceOf = declared_at) -> Collected:
    """Return what *app* declared, with the values of wrong types as problems.

    Args:
        app: the application.
        place: called with what a declaration remembers of its place and with its function.
    """
    collector = _Collector(app, place)
    routes = tuple(collector.routes())
    functions = tuple(collector.functions(routes))
    collector.middleware()
    model = AppModel(
        name=collector.text(app.app_name, "app_name", "app-name-type", "Chalice(...)"),
        routes=routes,
        authorizers=tuple(collector.authorizers),
        functions=functions,
        binary_types=collector.binary_types(),
        debug=bool(app.debug),
        where=collector.where,
        gateway_responses=collector.gateway_responses(),
    )
    handlers: dict[str, Handler] = dict(collector.handlers)
    if routes:
        handlers[API_HANDLER] = app
    problems = dict.fromkeys(problem.visible() for problem in collector.problems)
    left_out = frozenset(vars(app).get(LEFT_OUT, ()))
    return Collected(model, handlers, collector.found_at, tuple(problems), left_out)


@dataclass(slots=True)
class _Collector:
    """Reads one application; what is wrong gathers in `problems`."""

    app: Chalice
    place: PlaceOf
    where: Place = field(init=False)
    problems: list[Problem] = field(default_factory=list[Problem])
    authorizers: list[Authorizer] = field(default_factory=list[Authorizer])
    handlers: dict[str, Handler] = field(default_factory=dict[str, Handler])
    found_at: dict[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        self.where = self.place(getattr(self.app, "where", None), None)

    # --- routes ------------------------------------------------------------------------------

    def routes(self) -> Iterator[Route]:
        served: set[int] = set()
        for path, methods in self.app.routes.items():
            spelt = _spelt_out(methods.values())
            entries: list[tuple[object, RouteEntry]] = list(methods.items())
            for method, entry in entries:
                served.add(id(entry.view_function))
                where = self.place(entry.where, entry.view_function)
                if isinstance(method, str) and id(entry.view_function) not in spelt:
                    yield self._route(path, method, entry, where)
                    continue
                word = spelt.get(id(entry.view_function))
                found = f"`{literal(method)}`" if word is None else f"the letters of `{word}`"
                hint = f'write a list: `methods=["{nearest(word or "", METHODS) or "GET"}"]`'
                summary = f"the methods of `{path}` are {found}"
                self.problem("route-methods-type", summary, where, hint)
        self._views_without_method(served)

    def _route(self, path: str, method: str, entry: RouteEntry, where: Place) -> Route:
        view = f"view `{entry.view_name}`"
        api_key: object = entry.api_key_required
        if not (api_key is None or isinstance(api_key, bool)):
            summary = f"{view} has `api_key_required={literal(api_key)}`"
            self.problem("route-option-type", summary, where, "write `True` or `False`")
        authorizer, scopes = self._authorizer(entry.authorizer, view, where)
        self._runs(entry.view_function, view, where)
        signature = views.signature(entry.view_function)
        return Route(
            path=path,
            method=method,
            view=str(entry.view_name),
            function=str(getattr(entry.view_function, "__name__", entry.view_name)),
            parameters=signature.parameters,
            accepts_any=signature.accepts_any,
            where=where,
            authorizer=authorizer,
            scopes=scopes,
            api_key_required=api_key is True,
            content_types=self.strings(
                entry.content_types, f"`content_types` of {view}", "route-content-types-type", where
            ),
            cors=self._cors(entry.cors, view, where),
            required=signature.required,
            validation=self._validation(entry, view),
        )

    def _views_without_method(self, served: set[int]) -> None:
        functions = {config.name for config in self.app.builtin_auth_handlers}
        functions.update(function.name for function in self.app.pure_lambda_functions)
        for name, view in self.app.handler_map.items():
            if name not in functions and id(view) not in served:
                where = self.place(None, view)
                summary = f"view `{name}` has no methods"
                hint = 'write `methods=["GET"]`, or leave `methods` out'
                self.problem("route-methods-empty", summary, where, hint)

    def _cors(self, config: object, view: str, where: Place) -> Cors | None:
        if config is None:
            return None
        result, problems = cors.read(config, view, where)
        self.problems.extend(problems)
        return result

    def _validation(self, entry: RouteEntry, view: str) -> RequestValidation | None:
        if entry.request_validation is None:
            return None
        from chalice.model import validation  # noqa: PLC0415 - few routes have one

        where = getattr(entry.request_validation, "where", None)
        place = self.place(where or entry.where, entry.view_function)
        return validation.read(entry.request_validation, view, place, self)

    def _authorizer(
        self, authorizer: object, view: str, where: Place
    ) -> tuple[str | None, tuple[str, ...]]:
        if authorizer is None:
            return None, ()
        registered = self.app.builtin_auth_handlers
        declared, problems = authorizers.read(authorizer, registered, self.place, (view, where))
        self.problems.extend(problems)
        if declared is None:
            return None, ()
        self._remember(declared)
        scopes = getattr(authorizer, "scopes", ())
        label = f"`scopes` of authorizer `{declared.name}`"
        return declared.name, self.strings(scopes, label, "authorizer-scopes-type", where)

    def _remember(self, declared: Authorizer) -> None:
        if declared not in self.authorizers:
            self.authorizers.append(declared)

    # --- functions ---------------------------------------------------------------------------

    def functions(self, routes: Sequence[Route]) -> Iterator[Function]:
        if routes:
            yield Function(API_HANDLER, "app.app", "api", self.where)
        for config in self.app.builtin_auth_handlers:
            handler = self._authorizer_of(config)
            if handler is not None:
                self.handlers[config.name] = handler
            func: Any = getattr(handler, "func", None)
            where = self.place(config.where, func)
            self._takes(func, 1, f"authorizer `{config.name}`", "auth_request", where)
            declared, problems = authorizers.builtin(config, where)
            self.problems.extend(problems)
            self._remember(declared)
            yield self._function(config.name, config.handler_string, "authorizer", where)
        served = {id(entry.view_function) for entry in self._entries()}
        for function in self.app.pure_lambda_functions:
            handler = self.app.handler_map.get(function.name)
            # A view of the same name took the place; the function is still what Lambda calls.
            taken = handler is None or id(handler) in served
            self.handlers[function.name] = function.func if taken or not handler else handler
            where = self.place(function.where, function.func)
            label = f"function `{function.name}`"
            self._takes(function.func, 2, label, "event, context", where)
            yield self._function(function.name, function.handler_string, "pure_lambda", where)

    def _function(self, name: str, found_at: str, kind: str, where: Place) -> Function:
        self.found_at[name] = found_at
        return Function(name, handler_of(name, found_at), kind, where)

    def _takes(self, func: Any, count: int, label: str, wanted: str, where: Place) -> None:
        if func is not None and not views.takes(func, count):
            summary = f"{label} cannot be called with `{wanted}`"
            hint = f"write `def {getattr(func, '__name__', 'it')}({wanted}):`"
            self.problem("function-parameters", summary, where, hint)

    def _runs(self, func: object, label: str, where: Place) -> None:
        why = views.not_run(func)
        if why is not None:
            code, reason, hint = why
            self.problem(code, f"{label} {reason}", where, hint)

    def middleware(self) -> None:
        """Find what is wrong with the functions around views and functions."""
        for func, _ in self.app.middleware_handlers:
            name = getattr(func, "__name__", type(func).__name__)
            self._runs(func, f"middleware `{name}`", self.place(None, func))

    def _entries(self) -> Iterator[RouteEntry]:
        for methods in self.app.routes.values():
            yield from methods.values()

    def _authorizer_of(self, config: BuiltinAuthConfig) -> Handler | None:
        declared: list[Any] = [*self.app.handler_map.values()]
        declared += [entry.authorizer for entry in self._entries()]
        for candidate in declared:
            if getattr(candidate, "config", None) is config and callable(candidate):
                return cast("Handler", candidate)
        return None

    # --- the application itself ----------------------------------------------------------------

    def binary_types(self) -> tuple[str, ...]:
        label = "`app.api.binary_types`"
        return self.strings(self.app.api.binary_types, label, "binary-types-type", self.where)

    def gateway_responses(self) -> tuple[GatewayResponse, ...]:
        declared: object = self.app.api.gateway_responses
        if declared == []:
            return ()
        from chalice.model import answers  # noqa: PLC0415 - few applications have one

        return answers.read(declared, self)

    def text(self, value: object, option: str, code: str, holder: str) -> str:
        if isinstance(value, str):
            return value
        summary = f"`{option}` of `{holder}` is `{literal(value)}`"
        self.problem(code, summary, self.where, "write a string")
        return str(value)

    def strings(self, value: object, label: str, code: str, where: Place) -> tuple[str, ...]:
        if not isinstance(value, (list, tuple, set, frozenset)):
            written = f"`[{literal(value)}]`" if isinstance(value, str) else "strings in brackets"
            self.problem(code, f"{label} is `{literal(value)}`", where, f"write a list: {written}")
            return ()
        items = cast("Iterable[object]", value)
        if isinstance(value, (set, frozenset)):
            # A set has another order in each process, and the definition has to stay the same.
            items = sorted(items, key=str)
        strings = [item for item in items if isinstance(item, str)]
        for item in items:
            if not isinstance(item, str):
                self.problem(code, f"{label} holds `{literal(item)}`", where, "write strings only")
        return tuple(strings)

    def problem(
        self, code: str, summary: str, where: Place, hint: str, severity: str = "error"
    ) -> None:
        self.problems.append(Problem(code, summary, str(where), hint, severity))


def _spelt_out(entries: Iterable[RouteEntry]) -> dict[int, str]:
    """Return, by view, the words whose letters became methods, as in `methods="GET"`."""
    letters: dict[int, list[object]] = {}
    for entry in entries:
        letters.setdefault(id(entry.view_function), []).append(entry.method)
    return {
        view: "".join(map(str, methods))
        for view, methods in letters.items()
        if len(methods) > 1 and all(isinstance(item, str) and len(item) == 1 for item in methods)
    }

"""Parts of an application in modules of their own."""

from __future__ import annotations

from chalice.app import DecoratorAPI

TYPE_CHECKING = False
if TYPE_CHECKING:
    import logging
    from typing import Any

    from chalice.app import Chalice, Declaration, Request, Scope


class Blueprint(DecoratorAPI):
    """Declarations for an application that is not made yet: a part of it in a module of its own.

    Args:
        import_name: the module, `__name__`, in which the blueprint's functions stand.
    """

    def __init__(self, import_name: str) -> None:
        self.import_name = import_name
        self._app: Chalice | None = None
        self._registrations: list[tuple[Chalice, Scope]] = []
        self._declarations: list[Declaration] = []

    def register(self, app: Chalice, options: dict[str, Any]) -> None:
        """Declare everything on *app*; `app.register_blueprint` is the usual way to call this."""
        scope = (self.import_name, options.get("name_prefix") or "", options.get("url_prefix"))
        self._app = app
        self._registrations.append((app, scope))
        for declaration in self._declarations:
            declaration(app, scope)

    def _declare(self, declaration: Declaration) -> None:
        self._declarations.append(declaration)
        for app, scope in self._registrations:
            declaration(app, scope)

    def _registered(self, attribute: str) -> Chalice:
        if self._app is None:
            raise RuntimeError(
                f"Can only access Blueprint.{attribute} if it's registered to an app."
            )
        return self._app

    @property
    def current_app(self) -> Chalice:
        """The application that the blueprint is registered to."""
        return self._registered("current_app")

    @property
    def current_request(self) -> Request:
        """`current_request` of the application."""
        return self._registered("current_request").current_request

    @property
    def lambda_context(self) -> Any:
        """`lambda_context` of the application."""
        return self._registered("lambda_context").lambda_context

    @property
    def log(self) -> logging.Logger:
        """The logger of the application."""
        return self._registered("log").log

"""What packaging a project and running its package takes of it, as data.

Code of the application may end its process, or never end, when it is imported: who packages and
serves goes on. So what they know travels as JSON, and has no functions in it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalice.emulator import functions_of
from chalice.invoke.functions import LocalFunction
from chalice.model.names import logical_id
from chalice.packaged.checked import facts_here

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalice.project import Project


@dataclass(frozen=True, slots=True)
class Outline:
    """A project that was loaded, without its code.

    Attributes:
        directory: where `app.py` is.
        stage: the stage of Chalice.
        facts: what a verdict on it says, as `checked.facts_here` has it.
        functions: its functions, by what the definition names; none has a handler.
        names: the functions' names in the application, by what *functions* calls them.
    """

    directory: Path
    stage: str
    facts: Mapping[str, Any]
    functions: Mapping[str, LocalFunction]
    names: Mapping[str, str]

    @property
    def stood_in(self) -> frozenset[str]:
        """The functions that are not in the package: something stands in for them here."""
        return frozenset(
            name
            for name, function in self.functions.items()
            if not function.handler_string and not function.absent
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the outline as JSON has it."""
        return {
            "directory": str(self.directory),
            "stage": self.stage,
            "facts": dict(self.facts),
            "functions": {name: _plain(item) for name, item in self.functions.items()},
            "names": dict(self.names),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Outline:
        """Read what `to_dict` returned."""
        functions: dict[str, dict[str, Any]] = values["functions"]
        return cls(
            directory=Path(values["directory"]),
            stage=values["stage"],
            facts=values["facts"],
            functions={name: LocalFunction(**item) for name, item in functions.items()},
            names=values["names"],
        )


def outline_of(project: Project) -> Outline:
    """Return the outline of a project that is loaded into this process."""
    return Outline(
        directory=project.directory,
        stage=project.settings.stage,
        facts=facts_here(project),
        functions={
            name: replace(function, handler=None)
            for name, function in functions_of(project).items()
        },
        names={logical_id(item.name): item.name for item in project.model.functions},
    )


def _plain(function: LocalFunction) -> dict[str, Any]:
    values = {item.name: getattr(function, item.name) for item in fields(function)}
    del values["handler"]
    return {**values, "environment": dict(function.environment)}

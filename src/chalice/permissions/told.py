"""What is needed and not granted: told, as nobody but the user knows what it is needed on."""

from __future__ import annotations

from dataclasses import dataclass

from chalice.diagnostics import Problem


@dataclass(frozen=True, slots=True)
class Told(Problem):
    """A warning that a statement in a policy file answers.

    Attributes:
        actions: those that the statement has to allow, each on something.
        services: to which a role is handed on, by what their principals may begin with; any where
            there are none.
    """

    actions: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    def plain(self) -> Problem:
        """Return it as any other problem is."""
        return Problem(self.code, self.summary, self.where, self.hint, self.severity)

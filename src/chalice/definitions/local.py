"""What a configuration says for this machine, where a definition is served without its project."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.config import Config, settings_of
from chalice.config.check import DEFAULT_STAGE
from chalice.config.local_keys import API_KEY
from chalice.config.reader import shown
from chalice.diagnostics import InvalidApp, Problem, ToolError
from chalice.project import configuration_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from chalice.config import Settings

# Source: API Gateway API reference, CreateStage, "variables"; the lengths are from the developer
# guide, "Quotas for configuring and running a REST API" (rule 3.16).
_VARIABLE = re.compile(r"([A-Za-z0-9_]{1,64})=([A-Za-z0-9-._~:/?#&=,]{1,512})")


@dataclass(frozen=True, slots=True)
class Local:
    """What is configured on this machine.

    Attributes:
        settings: of the stage; nothing of an application counts here.
        written_in: where more can be configured, as messages say it.
        warnings: what is configured and means nothing for a definition.
    """

    settings: Settings
    written_in: str
    warnings: tuple[Problem, ...] = ()


def nothing(environ: Mapping[str, str]) -> Local:
    """Return what holds where nothing is configured.

    Args:
        environ: where the region is looked up.
    """
    return Local(settings_of(Config(), app_name="", environ=environ), "the file of `--config`")


def read(file: Path, name: str, stage: str | None, environ: Mapping[str, str]) -> Local:
    """Return what the configuration in *file* says, whole or not at all.

    Args:
        file: as `.chalice/config.json`; keys and policies that it names are beside it.
        name: how messages call it.
        stage: whose configuration it is; `dev` unless given.
        environ: where the region is looked up, where the file has none.

    Raises:
        InvalidApp: with every problem of the file and of those that it names.
        ToolError: it is a definition, as it seems.
    """
    if file.suffix.lower() in {".yaml", ".yml"}:
        raise ToolError(
            f"`{name}` is YAML; `--config` names a file in JSON, written as `.chalice/config.json`"
            " is, and the definition stands without it: `chalice gateway DEFINITION`"
        )
    configuration = configuration_in(file, name, stage or DEFAULT_STAGE)
    if any(problem.severity == "error" for problem in configuration.problems):
        raise InvalidApp(configuration.problems)
    settings = settings_of(
        configuration.of_stage,
        app_name="",
        environ=environ,
        credential_policies=configuration.credential_policies,
    )
    return Local(settings, name, (*configuration.problems, *_unused(settings, name)))


def _unused(settings: Settings, name: str) -> tuple[Problem, ...]:
    if not settings.stand_ins:
        return ()
    summary = "`local.authorizers` means nothing here: it is for the authorizers of an application"
    hint = "write `--function NAME=module:attribute` for the function of an authorizer"
    return (Problem("config-local-unused", summary, name, hint, "warning"),)


def api_keys(texts: Iterable[str]) -> tuple[str, ...]:
    """Return API keys that are given one by one.

    Raises:
        ValueError: one could be no key; it is not shown.
    """
    found = tuple(texts)
    for number, text in enumerate(found, start=1):
        if not API_KEY.accepts(text):
            which = f" number {number}" if len(found) > 1 else ""
            raise ValueError(f"`--api-key`{which} is no API key; write {API_KEY.says}")
    return found


def variables(texts: Iterable[str]) -> dict[str, str]:
    """Return stage variables, written as NAME=VALUE.

    >>> variables(["color=blue"])
    {'color': 'blue'}

    Raises:
        ValueError: one could be no variable of a stage, or is given twice.
    """
    found: dict[str, str] = {}
    for text in texts:
        match = _VARIABLE.fullmatch(text)
        if match is None:
            raise ValueError(
                f"`{shown(text)}` is no stage variable; write NAME=VALUE: a name of letters, digits"
                " and `_`, a value of letters, digits and `-._~:/?#&=,`"
            )
        if match[1] in found:
            raise ValueError(f"Stage variable `{match[1]}` is given twice; leave one of them")
        found[match[1]] = match[2]
    return found

"""A project ready for any tool: its application and its configuration, loaded and checked together.

The one door: what comes out has no problem left, what does not come out is all told at once.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice import config, stand_ins
from chalice.config import check as config_check
from chalice.config.check import DEFAULT_STAGE
from chalice.config.keys import STAGES
from chalice.config.package_settings import package_of
from chalice.config.reader import Document, Node, read
from chalice.config.settings import region_of
from chalice.config.values import NAME, REGION, VARIABLES
from chalice.diagnostics import InvalidApp, Problem, ordered, visible
from chalice.model import check as model_check
from chalice.model.load import NOT_PACKAGED, load
from chalice.model.names import API_HANDLER, lambda_name
from chalice.rules.paths import RESERVED_PATHS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from chalice.config import Config, Settings
    from chalice.model.collect import Handler
    from chalice.model.declared import AppModel
    from chalice.model.load import Loaded

CONFIG_DIRECTORY = ".chalice"
CONFIG_FILE = ".chalice/config.json"

# Source: Lambda API reference, CreateFunction, "FunctionName".
MAX_FUNCTION_NAME = 64


def nowhere(key: str, function: str) -> str:
    """Return nothing: no file sets *key* for *function*."""
    del key, function
    return ""


@dataclass(frozen=True, slots=True)
class Project:
    """A project without errors.

    Attributes:
        directory: where `app.py` is.
        model: what the application declares.
        settings: what the stage is configured to be.
        handlers: what Lambda calls, by the name of the function.
        stand_ins: what answers locally for authorizers that live elsewhere, by their URI.
        warnings: what deserves a look and stops nothing.
        written: returns where the configuration sets a key as a function sees it, `file:line`;
            nothing where it does not.
    """

    directory: Path
    model: AppModel
    settings: Settings
    handlers: Mapping[str, Handler]
    stand_ins: Mapping[str, Handler]
    warnings: tuple[Problem, ...] = ()
    written: Callable[[str, str], str] = nowhere


def load_project(
    directory: Path,
    stage: str = DEFAULT_STAGE,
    environ: Mapping[str, str] | None = None,
    given: Mapping[str, object] | None = None,
) -> Project:
    """Return the project in *directory*, as *stage* configures it.

    `app.py` is imported with the environment variables of `api_handler` set, and stays importable;
    see `chalice.model.load`. A project without `.chalice/config.json` has the defaults.

    Args:
        directory: the project.
        stage: `dev`, or one that the configuration declares.
        environ: where AWS_REGION and AWS_DEFAULT_REGION are looked up; nowhere if None.
        given: keys of the configuration that the command line sets.

    Raises:
        InvalidApp: with every problem of the application and of its configuration, warnings
            included, in the order of file and line.
    """
    environ = environ or {}
    configuration = read_configuration(directory, stage, given)
    document, of_stage = configuration.document, configuration.of_stage
    problems = list(configuration.problems)
    problems += stage_problems(configuration, stage)
    loaded = load(directory, _variables(of_stage, environ))
    problems += _without_included(loaded.problems, of_stage)
    stood_in: dict[str, Handler] = {}
    if loaded.model is not None:
        problems += model_check.check(loaded.model)
        problems += _between(document, of_stage, loaded)
        stood_in, wrong = stand_ins.find(
            of_stage, document, loaded.model, loaded.handlers, configuration.content
        )
        problems += wrong
    found = ordered(problems)
    if loaded.model is None or any(problem.severity == "error" for problem in found):
        raise InvalidApp(found)
    settings = config.settings_of(
        of_stage,
        app_name=loaded.model.name,
        environ=environ,
        resource_policy=configuration.resource_policy,
        credential_policies=configuration.credential_policies,
        role_policies=configuration.role_policies,
    )
    return Project(
        directory,
        loaded.model,
        settings,
        loaded.handlers,
        stood_in,
        found,
        config_check.places(document, of_stage),
    )


@dataclass(frozen=True, slots=True)
class Configuration:
    """The configuration of a project, read for one stage.

    Attributes:
        document: `.chalice/config.json`; an empty object where there is no file.
        of_stage: what it says for the stage.
        resource_policy: the content of `api_gateway_policy_file`.
        credential_policies: the content of each `policy_files` of `local.credentials`, by name.
        role_policies: the content of the policy files of functions, by name.
        content: returns what is in a file beside it.
        problems: what is wrong with the file, and with the files that it names. Whether it
            declares the stage is not looked at.
    """

    document: Document
    of_stage: Config
    resource_policy: dict[str, object] | None
    credential_policies: dict[str, dict[str, object]]
    role_policies: dict[str, dict[str, object]]
    content: Callable[[str], bytes]
    problems: tuple[Problem, ...]


def name_of(directory: Path, configuration: Configuration, environ: Mapping[str, str]) -> str:
    """Return what the application in *directory* is called; nothing else of it is checked.

    It is loaded only where the configuration does not say it.

    Raises:
        InvalidApp: it cannot be loaded.
    """
    written = configuration.of_stage.app_name
    if isinstance(written, str):
        return written
    loaded = load(directory, _variables(configuration.of_stage, environ))
    if loaded.model is None:
        raise InvalidApp(ordered(loaded.problems))
    return loaded.model.name


def read_configuration(
    directory: Path, stage: str, given: Mapping[str, object] | None = None
) -> Configuration:
    """Return the configuration of the project in *directory*; never raise for its mistakes."""
    return configuration_in(directory / CONFIG_FILE, CONFIG_FILE, stage, given)


def stage_problems(configuration: Configuration, stage: str) -> list[Problem]:
    """Return what is wrong with asking for *stage*; without a file there is any."""
    document = configuration.document
    return list(config_check.stage(document, stage)) if document.root is not None else []


def valid_configuration(directory: Path, stage: str) -> Configuration:
    """Return the configuration of the project in *directory*.

    Raises:
        InvalidApp: with every error of it.
    """
    found = read_configuration(directory, stage)
    wrong = [problem for problem in found.problems if problem.severity == "error"]
    if wrong:
        raise InvalidApp(ordered(wrong))
    return found


def declared_stage(directory: Path, stage: str) -> Configuration:
    """Return the configuration of the project in *directory*, which declares *stage*.

    Raises:
        InvalidApp: with every error of it; that it does not declare the stage is one.
    """
    found = valid_configuration(directory, stage)
    if wrong := stage_problems(found, stage):
        raise InvalidApp(ordered(wrong))
    return found


def configuration_in(
    file: Path, name: str, stage: str, given: Mapping[str, object] | None = None
) -> Configuration:
    """Return the configuration in *file*; an empty one where there is no such file.

    Args:
        file: what it names is looked for beside it.
        name: how messages call it.
        stage: the stage for which it is read.
        given: keys that the command line sets, checked already.
    """
    document = _document(file, name)
    of_stage = config.Config(stage, user_provided_params=given, config_from_disk=document.plain())
    problems = list(config_check.shape(document))
    content = _reader(file.parent)
    policy = None
    credential_policies: dict[str, dict[str, object]] = {}
    role_policies: dict[str, dict[str, object]] = {}
    if document.root is not None:
        from chalice.config import files  # noqa: PLC0415 - an import reads none

        problems += config_check.rules(document, of_stage)
        policy, role_policies, wrong = files.policy_files(of_stage, document, content)
        problems += wrong
        credential_policies, wrong = files.credential_policies(of_stage, document, content)
        problems += wrong
        problems += files.key_files(of_stage, document, content)
    return Configuration(
        document, of_stage, policy, credential_policies, role_policies, content, tuple(problems)
    )


def _document(file: Path, name: str) -> Document:
    try:
        return read(file.read_bytes(), name)
    except FileNotFoundError:
        return Document(name, Node({}))
    except OSError as error:
        summary = f"`{name}` cannot be read: {error.strerror}"
        problem = Problem("config-unreadable", summary, name, "make it a file you can read")
        return Document(name, None, (problem,))


def _reader(folder: Path) -> Callable[[str], bytes]:
    def content(name: str) -> bytes:
        file = folder / name
        if not file.is_file() and file.exists():
            # Reading a pipe may never end.
            raise OSError(errno.EINVAL, "is no file", str(file))
        return file.read_bytes()

    return content


def _variables(of_stage: Config, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables with which `app.py` is imported, as far as they are well-formed.

    The region is among them where somebody chose one: clients of AWS that are made at import need
    it, and on Lambda it is always there.
    """
    variables = {
        name: value
        for name, value in of_stage.environment_variables.items()
        if VARIABLES.accepts(name, value)
    }
    region = region_of(of_stage, environ)
    if isinstance(region, str) and REGION.accepts(region):
        variables = {"AWS_REGION": region, "AWS_DEFAULT_REGION": region, **variables}
    return variables


def _without_included(problems: Iterable[Problem], of_stage: Config) -> Iterator[Problem]:
    """Yield *problems* but for those of modules that the configuration has ship all the same."""
    include = package_of(of_stage).include
    if not include:
        yield from problems
        return
    from chalice.patterns import sorted_out  # noqa: PLC0415 - few configurations have patterns

    included = sorted_out(include, "include")[0]
    for problem in problems:
        ships = any(pattern.matches(problem.where) for pattern in included)
        if problem.code != NOT_PACKAGED or not ships:
            yield problem


# --- what only both together show --------------------------------------------------------------


def _between(document: Document, of_stage: Config, loaded: Loaded) -> Iterator[Problem]:
    model = loaded.model
    if model is None:
        return
    # A function that was refused may be configured: it has its problem already.
    known = [*(function.name for function in model.functions), *loaded.left_out]
    yield from config_check.functions(document, dict.fromkeys(known))
    yield from _names(document, of_stage, model)
    yield from config_check.unused_user_pools(of_stage, document, model)
    if of_stage.api_gateway_custom_domain is not None:
        for route in model.routes:
            if route.path in RESERVED_PATHS:
                summary = f"`{route.path}` is not served on a custom domain: it is reserved"
                hint = f"write another path, `/health{route.path}`"
                yield Problem("route-path-reserved", summary, str(route.where), hint)


def _names(document: Document, of_stage: Config, model: AppModel) -> Iterator[Problem]:
    written = of_stage.app_name
    name = written if isinstance(written, str) else model.name
    if written is None and not NAME.accepts(name):
        summary = f"the application is called `{visible(name)}`, as no function of Lambda can be"
        hint = f"write {NAME.says}, here or as `app_name` in `{CONFIG_FILE}`"
        yield Problem("app-name", summary, str(model.where), hint)
        return
    stages = document.find([STAGES])
    declared = stages.members() if stages else {}
    for stage in dict.fromkeys((of_stage.chalice_stage, *declared)):
        for function in model.functions:
            whole = lambda_name(name, stage, function.name)
            if len(whole) > MAX_FUNCTION_NAME:
                summary = f"function `{visible(whole)}` has a name of {len(whole)} characters"
                shorter = "app_name" if function.name == API_HANDLER else function.name
                hint = f"Lambda takes {MAX_FUNCTION_NAME}: shorten `{visible(shorter)}`"
                yield Problem("function-name-length", summary, str(function.where), hint)

"""What Powertools for AWS Lambda calls, for programs that call it.

Source: Powertools for AWS Lambda (Python): "Parameters", "Idempotency" and "Feature flags", each at
"IAM Permissions"; "Data masking", "Using AWS Encryption SDK"; "Streaming", "Getting started"; its
API reference for what the classes take. Other parts of it write to the log and to X-Ray alone, or
are given clients.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.permissions.reading import containers, transfers
from chalice.permissions.reading.values import (
    ANYTHING,
    HOLE,
    NOTHING,
    Client,
    Partial,
    Record,
    Session,
    Tuple,
    Use,
    Value,
    external,
    join,
    text,
)

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from chalice.permissions.reading.arguments import Arguments
    from chalice.permissions.reading.run import Run

    Called = Callable[[Run, Arguments, ast.expr], Value]

_ROOT = "aws_lambda_powertools.utilities"


@dataclass(frozen=True, slots=True)
class _Calls:
    """What a function, a method or the making of an object calls.

    Attributes:
        service: as botocore names it.
        operations: as the service names them.
        names: the parameters of the operations, and the arguments, in order, that they are; a
            parameter that is not given is left out.
    """

    service: str
    operations: tuple[str, ...]
    names: tuple[tuple[str, str], ...]

    def note(self, run: Run, args: Arguments, node: ast.expr, regions: list[str]) -> None:
        """Take note of the operations, for what *args* gives."""
        given = [(name, args.get(at, item)) for at, (name, item) in enumerate(self.names)]
        params = tuple((name, value) for name, value in given if value)
        for region in regions:
            for operation in self.operations:
                run.use(Use(self.service, operation, params, run.source.path, node, region))


_APP_CONFIG = _Calls(
    "appconfigdata", ("StartConfigurationSession", "GetLatestConfiguration"), (("", "name"),)
)
_PARAMETER = _Calls("ssm", ("GetParameter",), (("Name", "name"),))
_PARAMETERS = _Calls("ssm", ("GetParametersByPath",), (("Path", "path"),))
_SET_PARAMETER = _Calls("ssm", ("PutParameter",), (("Name", "name"),))
_SECRET = _Calls("secretsmanager", ("GetSecretValue",), (("SecretId", "name"),))
_SET_SECRET = _Calls("secretsmanager", ("PutSecretValue", "CreateSecret"), (("SecretId", "name"),))
_TABLE = (("TableName", "table_name"),)

_FUNCTIONS = {
    "get_app_config": _APP_CONFIG,
    "get_parameter": _PARAMETER,
    "get_parameters": _PARAMETERS,
    "get_secret": _SECRET,
    "set_parameter": _SET_PARAMETER,
    "set_secret": _SET_SECRET,
}

# Methods of providers. Where it is said, what they name was given when the provider was made.
_PROVIDERS = {
    "AppConfigProvider": {"get": _APP_CONFIG},
    "SSMProvider": {"get": _PARAMETER, "get_multiple": _PARAMETERS, "set": _SET_PARAMETER},
    "SecretsProvider": {"get": _SECRET, "set": _SET_SECRET},
}
_OF_TABLE = {
    "get": _Calls("dynamodb", ("GetItem",), _TABLE),
    "get_multiple": _Calls("dynamodb", ("Query",), _TABLE),
}

# What is called by whoever holds an object of these classes; what it is about, the class is given.
_STORES = {
    "feature_flags.AppConfigStore": _APP_CONFIG,
    "feature_flags.appconfig.AppConfigStore": _APP_CONFIG,
    **dict.fromkeys(
        (
            "idempotency.DynamoDBPersistenceLayer",
            "idempotency.persistence.dynamodb.DynamoDBPersistenceLayer",
        ),
        _Calls("dynamodb", ("DeleteItem", "GetItem", "PutItem", "UpdateItem"), _TABLE),
    ),
    **dict.fromkeys(
        ("streaming.S3Object", "streaming.s3_object.S3Object"),
        _Calls(
            "s3",
            ("GetObject",),
            (("Bucket", "bucket"), ("Key", "key"), ("VersionId", "version_id")),
        ),
    ),
}


def _regions(args: Arguments) -> list[str]:
    """Return the regions of the client that is made of what a class is given."""
    found: set[str] = set()
    for name in ("boto3_client", "boto3_session", "boto_config", "config", "sdk_config"):
        for atom in args.keywords.get(name, NOTHING):
            if isinstance(atom, Client | Session):
                found.add(atom.region)
            elif isinstance(atom, Record):
                found.update(
                    transfers.regions_of(dict(atom.items).get("region_name", atom.rest), "")
                )
            elif atom is not None:
                found.add("*")
    return sorted(found) or [""]


def _function(calls: _Calls) -> Called:
    def found(run: Run, args: Arguments, node: ast.expr) -> Value:
        calls.note(run, args, node, [""])
        return ANYTHING

    return found


def _store(calls: _Calls) -> Called:
    def found(run: Run, args: Arguments, node: ast.expr) -> Value:
        calls.note(run, args, node, _regions(args))
        return ANYTHING

    return found


def _provider(name: str, methods: tuple[str, ...]) -> Called:
    """Return what makes a provider: a record of its methods, which know what it was given."""

    def found(run: Run, args: Arguments, node: ast.expr) -> Value:
        del run, node
        regions: Value = frozenset(_regions(args))
        table = args.get(0, "table_name") if name == "DynamoDBProvider" else NOTHING
        made = [
            (method, frozenset([Partial(atom, (regions, table), ())]))
            for method in methods
            for atom in external(f"{_ROOT}.parameters.{name}().{method}")
        ]
        return frozenset([Record(tuple(made))])

    return found


def _method(calls: _Calls, *, of_table: bool) -> Called:
    def found(run: Run, args: Arguments, node: ast.expr) -> Value:
        regions = [str(atom) for atom in args.args[0]]
        calls.note(run, args.after(1 if of_table else 2), node, regions)
        return ANYTHING

    return found


def _by_name(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Note what several parameters need, which are the keys of a dict."""
    _note_names(run, args, node, [""])
    return ANYTHING


def _by_name_of_provider(run: Run, args: Arguments, node: ast.expr) -> Value:
    _note_names(run, args.after(2), node, [str(atom) for atom in args.args[0]])
    return ANYTHING


def _note_names(run: Run, args: Arguments, node: ast.expr, regions: list[str]) -> None:
    named, others = containers.named(run, args.get(0, "parameters"))
    names = [text(name) for name in named]
    given = frozenset([Tuple(tuple(names) if not others else (*names, text(HOLE)))])
    each = join(*names, *([text(HOLE)] if others or not names else []))
    for region in regions:
        path = run.source.path
        run.use(Use("ssm", "GetParameters", (("Names", given),), path, node, region))
        run.use(Use("ssm", "GetParameter", (("Name", each),), path, node, region))


def _masking(run: Run, args: Arguments, node: ast.expr) -> Value:
    keys = containers.iterated(run, args.get(0, "keys"), node)
    for operation in ("Decrypt", "GenerateDataKey"):
        run.use(Use("kms", operation, (("KeyId", keys),), run.source.path, node))
    return ANYTHING


def _tables() -> dict[str, Called]:
    by_name = "get_parameters_by_name"
    functions = {name: _function(calls) for name, calls in _FUNCTIONS.items()}
    functions[by_name] = _by_name
    functions["DynamoDBProvider"] = _provider("DynamoDBProvider", tuple(_OF_TABLE))
    for name, methods in _PROVIDERS.items():
        more = (by_name,) if name == "SSMProvider" else ()
        functions[name] = _provider(name, (*methods, *more))
    found = {
        f"{_ROOT}.parameters{module}.{name}": called
        for name, called in functions.items()
        for module in ("", ".appconfig", ".dynamodb", ".secrets", ".ssm")
    }
    for name, methods in {**_PROVIDERS, "DynamoDBProvider": _OF_TABLE}.items():
        for method, calls in methods.items():
            of_table = methods is _OF_TABLE
            found[f"{_ROOT}.parameters.{name}().{method}"] = _method(calls, of_table=of_table)
    found[f"{_ROOT}.parameters.SSMProvider().{by_name}"] = _by_name_of_provider
    masking = "data_masking.provider.kms.aws_encryption_sdk.AWSEncryptionSDKProvider"
    found[f"{_ROOT}.{masking}"] = _masking
    return {**found, **{f"{_ROOT}.{name}": _store(calls) for name, calls in _STORES.items()}}


#: What each function and class of it calls, by all of its names.
CALLS: dict[str, Called] = _tables()

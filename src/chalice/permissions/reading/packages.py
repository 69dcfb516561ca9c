"""What other packages call of AWS, for programs that call them.

Sources: Powertools for AWS Lambda (Python): "Parameters", "Idempotency" and "Feature flags", each
at "IAM Permissions"; "Data masking", "Using AWS Encryption SDK"; "Streaming", "Getting started";
its API reference for what the classes take. Other parts of it write to the log and to X-Ray alone,
or are given clients. Secrets Manager user guide, "Get a Secrets Manager secret value using Python
with client-side caching". What calls AWS otherwise, and is not known here, is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalice.permissions.reading import containers, transfers
from chalice.permissions.reading.values import (
    ANYTHING,
    HOLE,
    NOTHING,
    Box,
    Client,
    Partial,
    Record,
    ResourceOf,
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
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from chalice.permissions.reading.arguments import Arguments
    from chalice.permissions.reading.run import Run

    Called = Callable[[Run, Arguments, ast.expr], Value]


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

_CACHED = _Calls(
    "secretsmanager", ("DescribeSecret", "GetSecretValue"), (("SecretId", "secret_id"),)
)

# Methods of objects, by the classes that make them.
_PROVIDERS = {
    "AppConfigProvider": {"get": _APP_CONFIG},
    "DynamoDBProvider": {
        "get": _Calls("dynamodb", ("GetItem",), _TABLE),
        "get_multiple": _Calls("dynamodb", ("Query",), _TABLE),
    },
    "SSMProvider": {"get": _PARAMETER, "get_multiple": _PARAMETERS, "set": _SET_PARAMETER},
    "SecretsProvider": {"get": _SECRET, "set": _SET_SECRET},
}
_CACHES = {"SecretCache": {"get_secret_binary": _CACHED, "get_secret_string": _CACHED}}

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


#: Packages that call AWS by themselves, with the credentials of the role: those that make clients
#: of boto3 or botocore without being given one. What is not here and does so is not told; a
#: package that is given a client is told whatever it is, but for those below. Sources: what each
#: says of itself at its first page.
_OF_AWS = frozenset(
    {
        *("aws_encryption_sdk", "aws_requests_auth", "awswrangler", "boto", "cloudpathlib"),
        *("dynamodb_encryption_sdk", "langchain_aws", "pyathena", "pynamodb", "s3fs", "sagemaker"),
        *("smart_open", "watchtower"),
    }
)


def tell(run: Run, package: str, node: ast.expr) -> None:
    """Take note of a call of a package that calls AWS by itself, and is not known here."""
    is_shipped = package in run.engine.program.unread and package not in _HARMLESS
    if is_shipped or package in _OF_AWS:
        hint = "name it in `package.include` to have it read, or " if is_shipped else ""
        what = f"what `{package}` calls of AWS by itself"
        run.engine.notes.outside(what, run.place(node), hint)


# Packages that do nothing with clients but hold them, watch them, log or stand in for them; what is
# not here is told, which is the safe side.
_HARMLESS = frozenset(
    {
        *("aioboto3", "aiobotocore", "aws_lambda_powertools", "aws_xray_sdk", "boto3", "botocore"),
        *("chalice", "moto", "pydantic", "structlog", "typing_extensions"),
    }
)


def tell_given(run: Run, package: str, args: Arguments, node: ast.expr) -> None:
    """Take note of a client that a package is given: what it calls by it, nobody sees."""
    if package in _HARMLESS:
        return
    for value in (*args.args, *args.keywords.values()):
        for atom in value:
            if isinstance(atom, (Client, ResourceOf)):
                what = f"what `{package}` calls by the client of `{atom.service}` that it is given"
                run.engine.notes.outside(what, run.place(node))


def _regions(args: Arguments) -> list[str]:
    """Return the regions of the client that is made of what a class is given."""
    found: set[str] = set()
    for name in ("boto3_client", "boto3_session", "boto_config", "client", "config", "sdk_config"):
        for atom in args.keywords.get(name, NOTHING):
            if isinstance(atom, Client | Session):
                found.add(atom.region)
            elif isinstance(atom, Record):
                found.update(
                    transfers.regions_of(dict(atom.items).get("region_name", atom.rest), "")
                )
            elif atom is not None and not isinstance(atom, Box):
                found.add("*")
    return sorted(found) or [""]


def _function(calls: _Calls) -> Called:
    """Return what notes what is called, by a function or because an object is made."""

    def found(run: Run, args: Arguments, node: ast.expr) -> Value:
        calls.note(run, args, node, _regions(args))
        return ANYTHING

    return found


def _maker(name: str, methods: Iterable[str]) -> Called:
    """Return what makes an object: a record of its methods, which know what the class was given."""

    def found(run: Run, args: Arguments, node: ast.expr) -> Value:
        del run, node
        regions: Value = frozenset(_regions(args))
        own = args.get(0, "table_name") if name.endswith(".DynamoDBProvider") else NOTHING
        made = [
            (method, frozenset([Partial(atom, (regions, own), ())]))
            for method in methods
            for atom in external(f"{name}().{method}")
        ]
        return frozenset([Record(tuple(made))])

    return found


def _method(calls: _Calls) -> Called:
    def found(run: Run, args: Arguments, node: ast.expr) -> Value:
        regions = [str(atom) for atom in args.args[0]]
        of_table = calls.names == _TABLE
        calls.note(run, args.after(1 if of_table else 2), node, regions)
        return ANYTHING

    return found


def _injected(run: Run, args: Arguments, node: ast.expr) -> Value:
    """Note what a decorator reads that gives a function a secret, which is as it was otherwise."""
    _CACHED.note(run, args, node, _regions(args))
    return external("copy.copy")


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


_BY_NAME = "get_parameters_by_name"


def _powertools() -> Iterator[tuple[str, Called]]:
    root = "aws_lambda_powertools.utilities"
    for module in ("", ".appconfig", ".dynamodb", ".secrets", ".ssm"):
        inside = f"{root}.parameters{module}"
        yield f"{inside}.{_BY_NAME}", _by_name
        yield f"{inside}.SSMProvider().{_BY_NAME}", _by_name_of_provider
        for name, calls in _FUNCTIONS.items():
            yield f"{inside}.{name}", _function(calls)
        more = {"SSMProvider": (_BY_NAME,)}
        for name, methods in _PROVIDERS.items():
            yield from _class(f"{inside}.{name}", methods, more.get(name, ()))
    for name, calls in _STORES.items():
        yield f"{root}.{name}", _function(calls)
    masking = "data_masking.provider.kms.aws_encryption_sdk.AWSEncryptionSDKProvider"
    yield f"{root}.{masking}", _masking


def _caching() -> Iterator[tuple[str, Called]]:
    root = "aws_secretsmanager_caching"
    for module in ("", ".secret_cache"):
        for name, methods in _CACHES.items():
            yield from _class(f"{root}{module}.{name}", methods)
    for module in ("", ".decorators"):
        for name in ("InjectKeywordedSecretString", "InjectSecretString"):
            yield f"{root}{module}.{name}", _injected


def _class(
    name: str, methods: Mapping[str, _Calls], more: Iterable[str] = ()
) -> Iterator[tuple[str, Called]]:
    yield name, _maker(name, (*methods, *more))
    for method, calls in methods.items():
        yield f"{name}().{method}", _method(calls)


def _refresher(run: Run, args: Arguments, node: ast.expr) -> Value:
    named, others = containers.named(run, args.get(1, "params"))
    params = (("RoleArn", named.get("RoleArn", others or ANYTHING)),)
    run.use(Use("sts", "AssumeRole", params, run.source.path, node))
    return ANYTHING


def _refreshing() -> Iterator[tuple[str, Called]]:
    """Yield what gives credentials of another role. Source: botocore, `botocore.credentials`."""
    yield "botocore.credentials.create_assume_role_refresher", _refresher
    names = (("", "client_creator"), ("", "source_credentials"), ("RoleArn", "role_arn"))
    fetches = _function(_Calls("sts", ("AssumeRole",), names))
    yield "botocore.credentials.AssumeRoleCredentialFetcher", fetches


#: What functions and classes of other packages call, by all of their names.
CALLS: dict[str, Called] = {**dict(_powertools()), **dict(_caching()), **dict(_refreshing())}

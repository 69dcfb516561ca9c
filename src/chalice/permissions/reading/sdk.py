"""What sessions, clients and their parts do: each call of an operation is a `Use`."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalice.permissions.reading import containers, handing, sdk_resources, transfers
from chalice.permissions.reading.arguments import Arguments
from chalice.permissions.reading.transfers import (
    TOKENS,
    TRANSFERS,
    queue_url,
    topic_arn,
    transfer_params,
)
from chalice.permissions.reading.values import (
    ACCOUNT,
    ANYTHING,
    HOLE,
    NOTHING,
    PARTITION,
    REGION,
    BatchWriter,
    Client,
    Collection,
    External,
    MethodOf,
    Paginator,
    Partial,
    Record,
    ResourceOf,
    Session,
    Use,
    Value,
    Waiter,
    concatenated,
    external,
    is_sdk,
    join,
    text,
    texts,
)

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable

    from chalice.permissions.reading.run import Run

# Attributes of a client that are no operation. Source: botocore, "Client reference"; boto3, "S3
# customization reference".
_PLAIN = frozenset({"can_paginate", "close", "exceptions", "waiter_names"})

#: Stands for credentials that are not the role's own, and for what is made with them.
OTHERS = "boto3 of others"

#: Stands for the role's own credentials, with which programs sign requests of their own.
OWN = "credentials of a session"


# What `with` calls; people call it by themselves where there is no block.
_ENTERED = ("__aenter__", "__enter__")


def dynamic(run: Run, owner: object, node: ast.expr) -> None:
    """Take note of an operation whose name is only known when it runs."""
    what = f"`{owner.service}`" if isinstance(owner, Client | ResourceOf) else "the SDK"
    summary = f"which operation of {what} is called here is only known when it runs"
    hint = "call the method by its name, or write the statement into a policy file of your own"
    run.engine.notes.problem("policy-dynamic", summary, run.place(node), hint)


def attribute(run: Run, owner: object, name: str, node: ast.expr) -> Value:
    """Return the attribute *name* of *owner*, something of the SDK."""
    if name in _ENTERED:
        return _method(owner, name)
    if isinstance(owner, Client):
        return _client_attribute(run, owner, name, node)
    if isinstance(owner, ResourceOf):
        return sdk_resources.attribute(run, owner, name, node)
    if isinstance(owner, Session) and name == "region_name":
        return _region(owner.region)
    return _method(owner, name)


def _client_attribute(run: Run, owner: Client, name: str, node: ast.expr) -> Value:
    service = run.engine.services.get(owner.service)
    if service is not None and name in service.operations:
        return _method(owner, name)
    if name == "meta":
        region = _region(owner.region)
        places = (("partition", _partition(region)), ("region_name", region))
        return frozenset([Record((("client", frozenset([owner])), *places))])
    if name in _PLAIN:
        return ANYTHING
    if name == "__getattribute__":
        made_by = next(iter(external("builtins.getattr")))
        return frozenset([Partial(made_by, (frozenset([owner]),), ())])
    transfer = owner.service == "s3" and name in TRANSFERS["client"]
    if transfer or name in _SPECIAL or name in TOKENS.get(owner.service, {}):
        return _method(owner, name)
    if not name.startswith("_"):
        run.engine.notes.missing(owner.service, name, run.place(node))
    return ANYTHING


def _region(region: str) -> Value:
    return text(HOLE if region == "*" else region or REGION)


def _partition(region: Value) -> Value:
    """Return the partition of a region: the stack's own is known to CloudFormation."""
    return text(PARTITION) if region == {REGION} else ANYTHING


def _method(owner: object, name: str) -> Value:
    return frozenset([MethodOf(owner, name)])


def call(run: Run, owner: object, name: str, args: Arguments, node: ast.expr) -> Value:
    """Return what the method *name* of *owner* gives, and take note of what it calls."""
    if name in _ENTERED:
        return frozenset([owner])
    # What is told of progress: `Callback=`.
    handing.give(run, join(NOTHING, *args.args, *args.keywords.values()), whole=False)
    if isinstance(owner, Session):
        return _of_session(run, owner, name, args, node)
    if isinstance(owner, Client):
        return _of_client(run, owner, name, args, node)
    if isinstance(owner, ResourceOf):
        return sdk_resources.call(run, owner, name, args, node)
    if isinstance(owner, Collection):
        return sdk_resources.of_collection(run, owner, name, args, node)
    if isinstance(owner, Paginator) and name == "paginate":
        _use(run, owner.client, owner.operation, _params(run, args), node, args.certain(node))
    if isinstance(owner, Waiter) and name == "wait":
        _use(run, owner.client, owner.name, _params(run, args), node, args.certain(node))
    if isinstance(owner, BatchWriter) and name in ("put_item", "delete_item"):
        for table in dict(owner.table.identifiers).get("Name", ANYTHING):
            named = table if isinstance(table, str) else HOLE
            params = (("RequestItems", frozenset([Record(((named, ANYTHING),))])),)
            region = owner.table.region
            run.use(Use("dynamodb", "BatchWriteItem", params, run.source.path, node, region))
    return ANYTHING


def handed(run: Run, callee: object, args: Arguments, node: ast.expr) -> Value:
    """Take note of methods of the SDK that something is given which is not known, and return them.

    It may call them, with what else it is given, or return what calls them. With credentials it may
    call anything.
    """
    handing.handed(run, callee, args)
    methods: list[MethodOf] = []
    for value in (*args.args, *args.keywords.values()):
        for atom in value:
            if type(atom) is MethodOf:
                methods.append(atom)
            elif type(atom) is External and atom.name.startswith(OWN):
                what = "what is signed with the role's credentials"
                run.engine.notes.outside(what, run.place(node))
    for method in methods:
        if isinstance(method.owner, (Client, ResourceOf)):
            _handed(run, method.owner, method.name, args, node)
    return join(ANYTHING, frozenset([atom for atom in methods if is_sdk(atom.owner)]))


def _handed(
    run: Run, owner: Client | ResourceOf, name: str, args: Arguments, node: ast.expr
) -> None:
    service = run.engine.services.get(owner.service)
    operation = service.operations.get(name) if service is not None else None
    if service is None or operation is None:
        return
    inputs = service.inputs.get(operation, frozenset())
    given = {item: value for item, value in args.keywords.items() if item in inputs}
    if given or args.others:
        call(run, owner, name, Arguments((), given, NOTHING, args.others, args.optional), node)
    elif isinstance(owner, Client):
        place = (run.source.path, node.lineno)
        run.engine.handed.setdefault((owner.service, operation), place)


def items(run: Run, owner: Collection, node: ast.expr) -> Value:
    """Return what a loop over a collection gives."""
    return sdk_resources.items(run, owner, node)


# --- sessions ----------------------------------------------------------------------------------


def region_named(args: Arguments, position: int) -> Value:
    """Return the argument that names a region; None among it where it may be left out."""
    named = args.get(position, "region_name")
    return join(named, frozenset([None])) if "region_name" in args.optional else named


def _regions(args: Arguments, owner: Session) -> list[str]:
    """Return the regions of a client.

    Source: botocore, `Session.create_client`: what is named comes first, then what `config` names,
    then the session's.
    """
    regions = [owner.region]
    for atom in args.get(9, "config"):
        if isinstance(atom, Record):
            inner = dict(atom.items).get("region_name", atom.rest)
            regions = transfers.regions_of(inner, owner.region)
        elif atom is not None:
            regions = ["*"]
    if args.keywords.get("region_name", ANYTHING) == NOTHING:
        return ["*"]
    named = region_named(args, 1)
    return sorted({item for region in regions for item in transfers.regions_of(named, region)})


def is_early(run: Run, args: Arguments, node: ast.expr) -> bool:
    """Return whether arguments are not known yet, the first time: this body then runs once more."""
    early = ("early", run.task, node)
    if all((*args.args, *args.keywords.values())) or run.engine.read(early, run.task):
        return False
    run.engine.write(early, ANYTHING)
    return True


def is_of_others(run: Run, key: Value, node: ast.expr) -> bool:
    """Return whether an access key is certainly not that of the function's own role, and tell it.

    One that is not known may be: programs also hand on what Lambda has set.
    """
    known = (
        atom in external(OTHERS) or (isinstance(atom, str) and HOLE not in atom) for atom in key
    )
    if not key - {""} or not all(known):
        return False
    summary = "what is called with these credentials is not granted: they are not the role's own"
    hint = "see that whoever they belong to may do it"
    run.engine.notes.problem("policy-other-credentials", summary, run.place(node), hint)
    return True


def _of_session(run: Run, owner: Session, name: str, args: Arguments, node: ast.expr) -> Value:
    if name == "get_credentials":
        return external(OWN)
    if name == "get_partition_for_region":
        return _partition(args.get(0, "region_name"))
    if name not in ("client", "create_client", "resource"):
        return ANYTHING
    if is_early(run, args, node):
        return NOTHING
    if is_of_others(run, args.get(6, "aws_access_key_id"), node):
        return external(OTHERS)
    regions = _regions(args, owner)
    made: list[object] = []
    for service in args.get(0, "service_name"):
        if not isinstance(service, str) or HOLE in service:
            summary = "the service of this client is only known when it runs"
            hint = "name it, or write the statements into a policy file of your own"
            run.engine.notes.problem("policy-service-dynamic", summary, run.place(node), hint)
        elif name == "resource":
            made += [ResourceOf(service, "", (), region) for region in regions]
        elif run.engine.services.get(service) is None:
            run.engine.notes.no_service(service, run.place(node))
        else:
            endpoints = _endpoints(service, args)
            made += [Client(service, one, other) for one in regions for other in endpoints]
    return frozenset(made)


# Of these the address says which resource is meant.
_BY_ADDRESS = frozenset({"apigatewaymanagementapi"})


def _endpoints(service: str, args: Arguments) -> list[str]:
    """Return the addresses of a client: `HOLE` where it is not known, no text where none counts."""
    if service not in _BY_ADDRESS:
        return [""]
    return texts(args.get(5, "endpoint_url")) or [HOLE]


# --- clients -----------------------------------------------------------------------------------


def _params(run: Run, args: Arguments) -> tuple[tuple[str, Value], ...]:
    del run
    found = tuple(args.keywords.items())
    return (*found, ("**", args.others)) if args.others else found


def _use(
    run: Run,
    client: Client,
    operation: str,
    params: tuple[tuple[str, Value], ...],
    node: ast.expr,
    certain: frozenset[str] = frozenset(),
) -> None:
    if client.endpoint:
        # Beside what is given under this name, which no operation takes.
        params = (*params, ("endpoint_url", frozenset([client.endpoint])))
    path = run.source.path
    run.use(Use(client.service, operation, params, path, node, client.region, certain))


def _of_client(run: Run, owner: Client, name: str, args: Arguments, node: ast.expr) -> Value:
    special = _SPECIAL.get(name)
    if special is not None:
        return special(run, owner, args, node)
    service = run.engine.services.get(owner.service)
    if owner.service == "s3" and name in TRANSFERS["client"]:
        params = transfer_params(run, TRANSFERS["client"][name], args)
        _use(run, owner, name, params, node)
        return ANYTHING
    if name in TOKENS.get(owner.service, {}):
        params, regions = transfers.token_params(TOKENS[owner.service][name], args, owner.region)
        for region in regions:
            _use(run, replace(owner, region=region), name, params, node)
        return ANYTHING
    if service is None or name not in service.operations:
        return ANYTHING
    _use(run, owner, service.operations[name], _params(run, args), node, args.certain(node))
    answer = _ANSWERS.get((owner.service, name))
    return answer(owner, args) if answer is not None else ANYTHING


def _names(run: Run, owner: Client, given: Value, node: ast.expr) -> list[str]:
    found = [atom for atom in given if isinstance(atom, str) and HOLE not in atom]
    if len(found) < len(given):
        dynamic(run, owner, node)
    return found


def _operations(run: Run, owner: Client, given: Value, node: ast.expr) -> list[str]:
    service = run.engine.services.get(owner.service)
    found: list[str] = []
    for name in _names(run, owner, given, node):
        if service is not None and name in service.operations:
            found.append(service.operations[name])
        else:
            run.engine.notes.missing(owner.service, name, run.place(node))
    return found


def _paginator(run: Run, owner: Client, args: Arguments, node: ast.expr) -> Value:
    names = _operations(run, owner, args.get(0, "operation_name"), node)
    return frozenset(Paginator(owner, operation) for operation in names)


def _waiter(run: Run, owner: Client, args: Arguments, node: ast.expr) -> Value:
    service = run.engine.services.get(owner.service)
    found: list[object] = []
    for name in _names(run, owner, args.get(0, "waiter_name"), node):
        operation = service.waiters.get(name) if service is not None else None
        if operation is None:
            run.engine.notes.missing(owner.service, name, run.place(node))
        else:
            found.append(Waiter(owner, operation))
    return frozenset(found)


def _presigned_url(run: Run, owner: Client, args: Arguments, node: ast.expr) -> Value:
    params, others = containers.named(run, args.get(1, "Params"))
    given = tuple(params.items())
    given = (*given, ("**", others)) if others else given
    for operation in _operations(run, owner, args.get(0, "ClientMethod"), node):
        _use(run, owner, operation, given, node)
    return ANYTHING


def _presigned_post(run: Run, owner: Client, args: Arguments, node: ast.expr) -> Value:
    keys = frozenset(
        key.replace(transfers.FILE_NAME, HOLE) if isinstance(key, str) else key
        for key in args.get(1, "Key")
    )
    params = {"Bucket": args.get(0, "Bucket"), "Key": keys, **transfers.posted(run, args)}
    _use(run, owner, "PutObject", tuple(params.items()), node)
    return ANYTHING


def _api_call(run: Run, owner: Client, args: Arguments, node: ast.expr) -> Value:
    """Take note of what every method of a client comes to. Source: botocore, `botocore.client`."""
    service = run.engine.services.get(owner.service)
    params, others = containers.named(run, args.get(1, "api_params"))
    given = tuple(params.items())
    given = (*given, ("**", others)) if others else given
    for name in _names(run, owner, args.get(0, "operation_name"), node):
        if service is not None and name in service.requests:
            _use(run, owner, name, given, node)
        else:
            run.engine.notes.missing(owner.service, name, run.place(node))
    return ANYTHING


_SPECIAL: dict[str, Callable[[Run, Client, Arguments, ast.expr], Value]] = {
    "_make_api_call": _api_call,
    "generate_presigned_post": _presigned_post,
    "generate_presigned_url": _presigned_url,
    "get_paginator": _paginator,
    "get_waiter": _waiter,
}


# --- answers that say which resource is meant --------------------------------------------------


def _queue(owner: Client, args: Arguments) -> Value:
    account = args.keywords.get("QueueOwnerAWSAccountId", NOTHING)
    url = queue_url(args.get(9, "QueueName"), owner.region, account)
    return frozenset([Record((("QueueUrl", url),))])


def _topic(owner: Client, args: Arguments) -> Value:
    return frozenset([Record((("TopicArn", topic_arn(args.get(9, "Name"), owner.region)),))])


def _assumed(owner: Client, args: Arguments) -> Value:
    del owner, args
    # Source: STS API reference, "AssumeRole", "Response Elements", and "Credentials".
    names = ("AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration")
    keys = Record(tuple((name, external(OTHERS)) for name in names))
    others = tuple((name, ANYTHING) for name in ("AssumedRoleUser", "ResponseMetadata"))
    return frozenset([Record((("Credentials", frozenset([keys])), *others))])


def _identity(owner: Client, args: Arguments) -> Value:
    del owner, args
    return frozenset([Record((("Account", text(ACCOUNT)),))])


def _role(owner: Client, args: Arguments) -> Value:
    """Return a role that is looked up by its name: what path its ARN has, only AWS knows."""
    del owner
    name = args.get(9, "RoleName") or ANYTHING
    start = f"arn:{PARTITION}:iam::{ACCOUNT}:role/"
    arns = (concatenated([text(f"{start}{path}"), name]) for path in ("", f"{HOLE}/"))
    return _holding("Role", {"Arn": join(*arns), "RoleName": name})


def _made_role(owner: Client, args: Arguments) -> Value:
    """Return a role that is made: its path is `/` where none is given."""
    del owner
    name, path = args.get(9, "RoleName") or ANYTHING, args.keywords.get("Path", text("/"))
    arn = concatenated([text(f"arn:{PARTITION}:iam::{ACCOUNT}:role"), path or ANYTHING, name])
    return _holding("Role", {"Arn": arn, "RoleName": name})


def _definition(owner: Client, args: Arguments) -> Value:
    """Return a task definition that is registered: its revision is a number of AWS's."""
    family = args.get(9, "family") or ANYTHING
    start = f"arn:{PARTITION}:ecs:{owner.region or REGION}:{ACCOUNT}:task-definition/"
    arn = concatenated([text(start), family, text(f":{HOLE}")])
    return _holding("taskDefinition", {"taskDefinitionArn": arn, "family": family})


def _holding(name: str, members: dict[str, Value]) -> Value:
    """Return an answer that has *members* under *name*; what else it has is not known."""
    return frozenset([Record(((name, frozenset([Record(tuple(members.items()))])),))])


_ANSWERS: dict[tuple[str, str], Callable[[Client, Arguments], Value]] = {
    ("ecs", "register_task_definition"): _definition,
    ("iam", "create_role"): _made_role,
    ("iam", "get_role"): _role,
    ("sns", "create_topic"): _topic,
    ("sqs", "create_queue"): _queue,
    ("sqs", "get_queue_url"): _queue,
    ("sts", "assume_role"): _assumed,
    ("sts", "assume_role_with_saml"): _assumed,
    ("sts", "assume_role_with_web_identity"): _assumed,
    ("sts", "get_caller_identity"): _identity,
}

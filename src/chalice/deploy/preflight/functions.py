"""Functions: their quotas, and the layers and networks that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.bundle.inspection.limits import MIB, MOST_UNZIPPED
from chalice.bundle.runtimes import blocked
from chalice.config.check import MAX_ENVIRONMENT_BYTES, environment_size
from chalice.config.reader import as_list, as_object
from chalice.config.values import LAYER_ARN, MEMORY, TIMEOUT, VARIABLES
from chalice.deploy.preflight import roles
from chalice.deploy.preflight.looking import Unseen
from chalice.diagnostics import Problem, visible
from chalice.expressions import is_expression
from chalice.resources.limits import MAX_LAYERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from chalice.config.kinds import Whole
    from chalice.deploy.preflight.coming import Coming
    from chalice.deploy.preflight.looking import Looking


# What has to stay for functions that nothing is reserved for.
# Source: Lambda API reference, PutFunctionConcurrency: "leave at least 100 simultaneous executions
# unreserved". Accounts that have less in all are refused any: "below its minimum value of [10]",
# [50] (aws-samples/one-observability-demo#278, milliHQ/terraform-aws-next-js#251).
LEAST_UNRESERVED = 100

# How AWS says that it is not the caller's own policies that keep it from a layer: CloudFormation,
# which asks as the same caller, is refused with the same words.
# Source: aws-samples/sample-serverless-mcp-servers#19, aws-amplify/amplify-backend#2216.
_OWNER_DENIES = "no resource-based policy allows"


# The form of what is looked into below, and how it is written.
# Source: CloudFormation template reference, AWS::Lambda::Function, "Properties".
_FORMS: dict[str, tuple[type, str]] = {
    "Environment": (dict, 'an object, `{"Variables": {...}}`'),
    "Layers": (list, "a list of ARNs"),
    "VpcConfig": (dict, 'an object, `{"SubnetIds": [...], "SecurityGroupIds": [...]}`'),
}


# --- by themselves -------------------------------------------------------------------------------


def of_itself(item: Coming, today: date) -> Iterator[Problem]:
    """Yield what is wrong with a function whatever there is in the account."""
    yield from _range(item, "MemorySize", MEMORY)
    yield from _range(item, "Timeout", TIMEOUT)
    yield from _forms(item)
    yield from _environment(item)
    yield from _variables(item)
    yield from _layers(item)
    ended = blocked(str(item.properties.get("Runtime")), today, creates=item.is_new)
    if ended is not None:
        yield Problem(ended.code, ended.summary, item.where("Runtime"), ended.hint)


def _range(item: Coming, name: str, taken: Whole) -> Iterator[Problem]:
    value = item.properties.get(name)
    if isinstance(value, str) and value.isdecimal():
        value = int(value)  # CloudFormation takes them as texts, too
    if isinstance(value, int) and not taken.minimum <= value <= (taken.maximum or value):
        summary = f"`{name}` of `{item.logical_id}` is `{value}`"
        yield Problem("function-quota", summary, item.where(name), f"write {taken.says}")


def _forms(item: Coming) -> Iterator[Problem]:
    for name, (form, says) in _FORMS.items():
        value = item.properties.get(name)
        if value is not None and not isinstance(value, form) and not is_expression(value):
            summary = f"`{name}` of `{item.logical_id}` is of another form"
            yield Problem("function-property", summary, item.where(name), f"write {says}")


def _variables(item: Coming) -> Iterator[Problem]:
    if item.is_ours("Environment"):
        return  # told where the configuration is checked
    written = as_object(as_object(item.properties.get("Environment")).get("Variables"))
    if is_expression(written):
        return
    taken = dict(VARIABLES.taken)
    for name, value in written.items():
        where = item.where("Environment", "Variables", name)
        shown = f"variable `{visible(name)}` of `{item.logical_id}`"
        if name in taken:
            hint = "choose another name"
            yield Problem(VARIABLES.taken_code, f"{shown} is {taken[name]}", where, hint)
        elif not VARIABLES.name.accepts(name):
            summary = f"{shown} has a name that Lambda does not take"
            yield Problem("config-value", summary, where, f"write {VARIABLES.name.says}")
        if not is_expression(value) and isinstance(value, dict | list):
            yield Problem("config-value", f"{shown} is no text", where, "write a text")


def _environment(item: Coming) -> Iterator[Problem]:
    written = as_object(as_object(item.properties.get("Environment")).get("Variables"))
    # What only CloudFormation knows has some bytes, too; nobody knows how many.
    known = {name: v if isinstance(v, str) else "" for name, v in written.items()}
    size = environment_size(known)
    if size > MAX_ENVIRONMENT_BYTES:
        least = "at least " if any(not isinstance(v, str) for v in written.values()) else ""
        summary = f"the environment of `{item.logical_id}` has {least}{size} bytes"
        hint = f"keep it within {MAX_ENVIRONMENT_BYTES}: read large values from a parameter store"
        yield Problem("config-environment-size", summary, item.where("Environment"), hint)


def _layers(item: Coming) -> Iterator[Problem]:
    where = item.where("Layers")
    count = len(as_list(item.properties.get("Layers")))
    if count > MAX_LAYERS:
        summary = f"`{item.logical_id}` has {count} layers; Lambda takes {MAX_LAYERS}"
        yield Problem("function-layers", summary, where, "remove one")
    seen: dict[str, str] = {}
    for arn in item.texts("Layers"):
        layer = arn.rpartition(":")[0]
        # Source: DataDog/serverless-plugin-datadog#195, which quotes Lambda: "Two different
        # versions of the same layer are not allowed to be referenced in the same function"; it
        # says so of one version twice, too.
        if layer in seen:
            summary = f"`{item.logical_id}` has the layer `{layer}` twice"
            hint = f"keep one of `{seen[layer]}` and `{arn}`"
            yield Problem("layer-twice", summary, where, hint)
        seen[layer] = arn


# --- in the account ------------------------------------------------------------------------------


def in_account(item: Coming, looking: Looking, own_bytes: int) -> Iterator[Problem]:
    """Yield what a function names that is not there, or not as it has to be.

    Args:
        item: the function.
        looking: asks the account.
        own_bytes: what the package has unpacked, its layer included.
    """
    yield from roles.of_function(item, looking)
    yield from _layer_versions(item, looking, own_bytes)
    yield from _network(item, looking)


def _layer_versions(item: Coming, looking: Looking, own_bytes: int) -> Iterator[Problem]:
    where, region, size = item.where("Layers"), looking.account.region, 0
    for arn in item.texts("Layers"):
        if not LAYER_ARN.accepts(arn):
            yield item.refused("Layers", arn, LAYER_ARN)
            continue
        # Layers of AWS's own have no region, and nobody may look at them.
        place = arn.split(":")[3]
        if not place:
            continue
        if place != region:
            # Source: TotalTechGeek/elysia-lambda#2, which quotes Lambda: "Layers are not in the
            # same region as the function".
            summary = f"the layer `{arn}` is not in `{region}`, where the functions are"
            hint = f"publish it in `{region}`, and name that version"
            yield Problem("layer-region", summary, where, hint)
            continue
        found = looking.ask(f"the layer `{arn}`", looking.account.functions.layer, arn)
        if isinstance(found, Unseen):
            yield _not_shared(arn, where) if _OWNER_DENIES in found.said else found.problem(where)
        elif found is None:
            hint = (
                "name a version that is there: `aws lambda list-layer-versions --layer-name NAME`"
            )
            yield Problem("layer-missing", f"there is no layer version `{arn}`", where, hint)
        else:
            size += found.size
            yield from _architecture(item, arn, found.architectures, where)
    if size and own_bytes + size >= MOST_UNZIPPED:
        # Archives of layers are known zipped only, and are larger unpacked.
        mebibytes = (own_bytes + size) // MIB
        summary = (
            f"the package of `{item.logical_id}` and its layers have at least {mebibytes} MB"
            f" unpacked; Lambda takes less than {MOST_UNZIPPED // MIB} MB"
        )
        yield Problem("package-too-large", summary, where, "leave out a layer", "warning")


def _not_shared(arn: str, where: str) -> Problem:
    owner = arn.split(":")[4]
    summary = f"account {owner} does not share the layer `{arn}`, or has none of that version"
    hint = "name a version that it shares, or have its owner share it: `aws lambda"
    hint += " add-layer-version-permission`"
    return Problem("layer-missing", summary, where, hint)


def _architecture(item: Coming, arn: str, says: Sequence[str], where: str) -> Iterator[Problem]:
    wanted = item.texts("Architectures")
    # Lambda takes it all the same: what a layer says is for lists of layers.
    # Source: Lambda API reference, PublishLayerVersion, "CompatibleRuntimes": "Used for filtering";
    # architectures stand beside them.
    if says and wanted and wanted[0] not in says:
        named = ", ".join(f"`{visible(name)}`" for name in says)
        summary = f"the layer `{arn}` says that it is for {named}; the function is `{wanted[0]}`"
        hint = "name a version for that processor, or set `lambda_architecture`"
        yield Problem("layer-architecture", summary, where, hint, "warning")


def _network(item: Coming, looking: Looking) -> Iterator[Problem]:
    subnets = item.texts("VpcConfig", "SubnetIds")
    groups = item.texts("VpcConfig", "SecurityGroupIds")
    network = looking.account.network
    vpcs: dict[str, list[str]] = {}
    for noun, ids, key, ask in (
        ("subnet", subnets, "SubnetIds", network.subnets),
        ("security group", groups, "SecurityGroupIds", network.security_groups),
    ):
        if not ids:
            continue
        where = item.where("VpcConfig", key)
        listed = ", ".join(f"`{name}`" for name in ids)
        found = looking.ask(f"the {noun} {listed}", ask, ids)
        if isinstance(found, Unseen):
            yield found.problem(where)
            continue
        for name in ids:
            if name not in found:
                summary = f"there is no {noun} `{name}` in `{looking.account.region}`"
                code = f"{noun.replace(' ', '-')}-missing"
                hint = f"name one of account {looking.caller.account} in that region"
                yield Problem(code, summary, where, hint)
            else:
                vpcs.setdefault(found[name], []).append(name)
    if len(vpcs) > 1:
        # Source: smoketurner/serverless-vpc-plugin#765, which quotes Lambda: "Security Groups are
        # required to be in the same VPC".
        each = "; ".join(f"`{vpc}` has {', '.join(names)}" for vpc, names in vpcs.items())
        summary = f"the subnets and security groups of a function are in several VPCs: {each}"
        yield Problem("vpc-mixed", summary, item.where("VpcConfig"), "name those of one VPC")


def reserved(functions: Sequence[Coming], looking: Looking) -> Iterator[Problem]:
    """Yield a problem where too little concurrency would be left to functions without their own."""
    more = 0
    for item in functions:
        before = (item.before or {}).get("ReservedConcurrentExecutions", 0)
        after = item.properties.get("ReservedConcurrentExecutions", 0)
        if isinstance(before, int) and isinstance(after, int):
            more += after - before
    growing = [item for item in functions if item.differs("ReservedConcurrentExecutions")]
    growing = [item for item in growing if item.properties.get("ReservedConcurrentExecutions")]
    if more <= 0 or not growing:
        return
    where = growing[0].where("ReservedConcurrentExecutions")
    there = looking.ask("the concurrency of the account", looking.account.functions.concurrency)
    if isinstance(there, Unseen):
        yield there.problem(where)
        return
    least = min(LEAST_UNRESERVED, there.total)
    if there.unreserved - more >= least:
        return
    left = max(0, there.unreserved - least)
    summary = (
        f"the functions would reserve {more} invocations at once more than now, and {left} can be"
        f" reserved: of {there.total} in this account and region {there.unreserved} are not, and"
        f" {least} have to stay so"
    )
    hint = "write a smaller `reserved_concurrency`, or ask AWS for more concurrent executions"
    yield Problem("concurrency", summary, where, hint)

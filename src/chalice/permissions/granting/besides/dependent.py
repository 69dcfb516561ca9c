"""What calls need besides their own action, of all that there is; and what is told instead.

Of some operations it is only known that they do more with the rights of the caller: each source is
beside that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions.granting import places, s3
from chalice.permissions.granting.besides import listed, passing, unknown
from chalice.permissions.granting.besides.by_caller import SCALED, by_caller
from chalice.permissions.granting.besides.itself import itself
from chalice.permissions.granting.besides.linked import linked
from chalice.permissions.granting.besides.objects import objects
from chalice.permissions.granting.besides.tagging import tagged
from chalice.permissions.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.diagnostics import Problem
    from chalice.permissions.granting.given import Call, Granted


def dependent(call: Call) -> tuple[list[Granted], list[Problem]]:
    """Return what *call* needs besides its own action, and what of that is told and not granted."""
    granted = [*passing.passed(call), *linked(call), *tagged(call), *itself(call)]
    alike, told = unknown.apart(listed.alike(call), is_type_enough=True)
    by_rule, others = unknown.apart(_asked(call))
    return granted + alike + by_rule, [*passing.untold(call), *_problems(call, told + others)]


def _asked(call: Call) -> Iterator[Granted]:
    yield from objects(call)
    yield from listed.listed(call)
    yield from by_caller(call)
    if call.use.service == "s3":
        yield from s3.of_keys(call)
        yield from s3.behind(call)


def _problems(call: Call, actions: list[str]) -> Iterator[Problem]:
    operation = call.use.operation
    where = f"{call.use.path}:{call.use.node.lineno}"
    what = _of_caller(call)
    if what:
        summary = f"`{operation}` {what} with the rights of the role: that is not granted"
        hint = "what it is, the call does not say: write the statements into a policy file"
        asked = _ASKED.get((call.use.service, operation), ())
        yield Told("policy-rights-of-caller", summary, where, hint, "warning", asked)
    if actions:
        names = ", ".join(f"`{action}`" for action in dict.fromkeys(actions))
        summary = f"not granted: {names}, which `{operation}` may need on what is not known here"
        named = dict.fromkeys(_NAMED.get(one.partition(":")[0], "") for one in actions)
        hint = ", or ".join([*filter(None, named), "write the statement into a policy file"])
        yield Told("policy-rights-of-caller", summary, where, hint, "warning", tuple(actions))


#: How to name what an action of a service is needed on, where a call can.
_NAMED = {
    "kms": "name the key by its id or ARN (a policy cannot name an alias)",
    "lambda": "name the function or the layer",
    "s3": "name the bucket",
    "secretsmanager": "name the secret",
}


def _of_caller(call: Call) -> str:
    """Return what a service does with the rights of the role; empty where nothing or all is known.

    Sources: Athena user guide, "Access to Amazon S3" ("their permissions pass through Athena"), and
    "Fine-grained access to databases and tables in the Data Catalog"; API reference,
    "GetQueryResults"; botocore's model of the Resource Groups Tagging API, "TagResources": "you
    must also have the tagging permission defined by the service that created the resource".
    CloudFormation API reference, "CreateStack", "RoleARN": "If no role is
    available, CloudFormation uses a temporary session that is generated from your user
    credentials"; Cloud Control API user guide the same; Systems Manager user guide, "Setting up
    Automation": without a role it runs "in the context of the current user"; Service Catalog
    administrator guide, "AWS Service Catalog launch constraints": without one, "end users must
    launch and manage products using their own IAM credentials".
    """
    use = call.use
    by_role = UNLESS_ROLE.get((use.service, use.operation))
    if by_role is not None:
        role, what = by_role
        return "" if role and places.at(call, role).texts else what
    if use.service == "application-autoscaling" and use.operation == "RegisterScalableTarget":
        known = set(call.given("ServiceNamespace")) <= SCALED.keys()
        return "" if known else "describes and changes what is scaled"
    return _RIGHTS.get((use.service, use.operation), "")


_RIGHTS = {
    ("athena", "GetQueryResults"): "reads the results from S3",
    ("athena", "GetQueryResultsStream"): "reads the results from S3",
    ("athena", "StartQueryExecution"): "reads tables of Glue and their data in S3",
    ("resourcegroupstaggingapi", "TagResources"): "tags by the action of each service",
    ("resourcegroupstaggingapi", "UntagResources"): "removes tags by the action of each service",
}

# What that is, as far as it is known without the resource. Sources: Athena user guide, "Access to
# Amazon S3" and "Fine-grained access to databases and tables in the Data Catalog".
_ASKED = {
    ("athena", "GetQueryResults"): ("s3:GetObject",),
    ("athena", "GetQueryResultsStream"): ("s3:GetObject",),
    ("athena", "StartQueryExecution"): ("glue:GetTable", "s3:GetObject"),
}

#: What is done with the rights of the caller where no role is given: by operation, the parameter
#: that is the role, empty where there is none, and what is done. Sources: see `_of_caller`.
UNLESS_ROLE = {
    **{
        ("cloudformation", name): ("RoleARN", "makes, changes and deletes resources")
        for name in (
            "CreateStack",
            "DeleteStack",
            "RollbackStack",
            "UpdateStack",
        )
    },
    # Its role is that of who made the change set.
    ("cloudformation", "ExecuteChangeSet"): ("", "makes, changes and deletes resources"),
    **{
        ("cloudcontrol", f"{verb}Resource"): ("RoleArn", f"{verb.lower()}s resources")
        for verb in ("Create", "Delete", "Get", "Update")
    },
    ("cloudcontrol", "ListResources"): ("RoleArn", "lists resources"),
    **{
        ("servicecatalog", name): ("", "makes, changes and deletes what has no launch constraint")
        for name in (
            "ProvisionProduct",
            "TerminateProvisionedProduct",
            "UpdateProvisionedProduct",
        )
    },
    ("ssm", "StartAutomationExecution"): (
        "Parameters.AutomationAssumeRole",
        "runs the steps of a document",
    ),
}

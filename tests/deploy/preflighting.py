"""What the checks before a deploy are given in tests, and what they find."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from tests.deploy.deployments import APP

from chalice.aws.account import Caller
from chalice.deploy.preflight.checking import check
from chalice.deploy.preflight.looking import Looking
from chalice.diagnostics import InvalidApp
from chalice.template.merging import opened

ACCOUNT = "123456789012"
NAME = "demo-dev"
TODAY = date(2026, 11, 22)

ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/functions"
LAYER = f"arn:aws:lambda:eu-central-1:{ACCOUNT}:layer:tools:3"
CERTIFICATE = f"arn:aws:acm:eu-central-1:{ACCOUNT}:certificate/one"
DOMAIN = {"domain_name": "api.example.com", "certificate_arn": CERTIFICATE}
REGIONAL = {"api_gateway_endpoint_type": "REGIONAL", "api_gateway_custom_domain": DOMAIN}
NETWORK = {"subnet_ids": ["subnet-1", "subnet-2"], "security_group_ids": ["sg-1"]}

TWO = (
    APP
    + """
    @app.lambda_function()
    def report(event, context):
        return {}
"""
)


def checked(what, there, before=None, *, today=TODAY, **options):
    """Return the warnings, or raise what stops."""
    placed = what.placed(NAME, "bucket")
    looking = Looking(there, Caller(ACCOUNT, "arn:aws:iam::123456789012:user/a"), today)
    deployed = before.placed(NAME, "bucket").document if before is not None else {}
    return check(looking, placed, deployed, NAME, wanted=what, **options)


def found(what, there, before=None, **options):
    """Return all problems, as `(code, where)`, and their sentences."""
    try:
        problems = checked(what, there, before, **options)
    except InvalidApp as error:
        problems = error.problems
    return [(item.code, item.where) for item in problems], "\n".join(map(str, problems))


def merged(what, folder, template):
    """Return *what* with a template merged into it."""
    path = folder / "extras.json"
    path.write_text(json.dumps(template, indent=1))
    return replace(what, merged=(opened(path),))


def resource(kind, **properties):
    return {"Resources": {"Extra": {"Type": kind, "Properties": properties}}}


def of_function(**properties):
    return {"Resources": {"APIHandler": {"Properties": properties}}}

"""What tests of permissions ask: programs of a few lines, and calls as they are recorded."""

import functools
import json
from pathlib import Path

import botocore
from scripts.authorization import models

from chalice.permissions import policy_of, read, shown
from chalice.permissions.lists import lines
from chalice.permissions.proving.recorded import called, plan
from chalice.permissions.proving.recorder.keeping import Keeping
from chalice.permissions.reading.services import Services, service

#: Reads what botocore knows of a service; each once, for all tests of a process.
load = functools.cache(service)

#: What a recorder keeps of calls, by the lists that ship.
KEEPING = Keeping(plan(Path("log"), {}, {}))

PACKAGES = Path(botocore.__file__).parents[1]


@functools.lru_cache(maxsize=1)
def model_of(name):
    """Return botocore's model of a service; the one before it is forgotten, for they are large."""
    return models.model(PACKAGES, name)


def allowed(policy):
    """Return what a policy allows: resources as people read them, by action."""
    found = {}
    for statement in policy.statements:
        for action in statement.actions:
            found.setdefault(action, []).extend(map(shown, statement.resources))
    return {action: sorted(resources) for action, resources in found.items()}


def policy_for(source, environ=None):
    """Return the policy of a program, which imports the SDK."""
    text = f"import boto3, os\n{source}\n"
    return policy_of(read({"app.py": text.encode()}, environ or {}, Services(load)))


def granted(call, environ=None, *, before=""):
    """Return what a program with one call may do, and its problems.

    Nobody knows what `anything` and `x` are, nor what is in `some`.
    """
    source = f"{before}def do(anything, x, **some):\n    return boto3.client({call}"
    policy = policy_for(source, environ)
    return allowed(policy), list(policy.problems)


def codes(problems):
    return [problem.code for problem in problems]


def as_recorded(service, operation, params):
    """Return a call that was recorded, as it is read again."""
    facts = {
        "service": service,
        "operation": operation,
        "params": KEEPING.kept(params, service, operation),
        "region": "",
        "default_region": "",
        "variables": {},
        "chain": [],
    }
    (found,), lost = called([json.dumps(facts).encode()])
    assert lost == []
    return found.use


def arns_of(prefix):
    """Return the ARNs of each type of resource of a service, by what it is called in letters."""
    types, _ = json.loads(lines("formats").get(prefix, "[{},{}]"))
    return {models.letters(kind): text.split() for kind, text in types.items()}

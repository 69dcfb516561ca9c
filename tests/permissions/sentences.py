"""Sentences of botocore's models that name an action of IAM, and speak of who needs it."""

import re
from collections import defaultdict

from botocore import xform_name
from scripts.authorization.models import plain
from tests.permissions.asked import granted

from chalice.permissions.granting.besides import listed

_ACTION = re.compile(r"\b([a-z0-9-]{2,30}:[A-Z][A-Za-z0-9]{3,60})\b")
_NEEDED = re.compile("permission|must have|also need|authoriz|requires", re.IGNORECASE)
_END = re.compile(r"(?<=[.!?])\s+")


def named(model):
    """Return where actions are named, and which: at an operation, or at a member of a shape."""
    found = defaultdict(set)
    for name, operation in model["operations"].items():
        found[name] |= _named(operation)
    for name, shape in model["shapes"].items():
        for key, member in shape.get("members", {}).items():
            found[f"{name}.{key}"] |= _named(member)
    return {where: actions for where, actions in found.items() if actions}


def _named(holder):
    text = holder.get("documentation", "")
    # Most say nothing of it, and sentences are told apart slowly.
    if not _ACTION.search(text):
        return set()
    sentences = filter(_NEEDED.search, _END.split(plain(text)))
    return {action for sentence in sentences for action in _ACTION.findall(sentence)}


def taking(model, where):
    """Return the operations that *where* is about: all that take the shape."""
    shape, dot, _ = where.partition(".")
    if not dot:
        return [shape]
    return [
        name
        for name, operation in model["operations"].items()
        if "input" in operation and shape in _inside(model["shapes"], operation["input"]["shape"])
    ]


def _inside(shapes, name):
    found, left = set(), [name]
    while left:
        shape = left.pop()
        if shape not in found:
            found.add(shape)
            held = [*shapes[shape].get("members", {}).values()]
            held += [
                shapes[shape][key] for key in ("key", "member", "value") if key in shapes[shape]
            ]
            left += [item["shape"] for item in held]
    return found


def asked_for(service, operation):
    """Return the actions that are granted or told where an operation may be given anything."""
    found, problems = granted(f"'{service}').{xform_name(operation)}(**some)")
    told = {action for problem in problems for action in getattr(problem, "actions", ())}
    rows = {action for row in listed.rows(service).get(operation, ()) for action in row.actions}
    return {action.lower() for action in {*found, *told, *rows}}

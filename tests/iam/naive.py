"""A second implementation of policy evaluation, as plain as can be: slow, and without a plan.

Everything is True, False or None for "nobody can say"; texts with wildcards become regular
expressions; dates are compared as `datetime`.
"""

import base64
import ipaddress
import re
from datetime import UTC, datetime

from chalice.iam import Verdict


def some(found):
    found = list(found)
    if True in found:
        return True
    return None if None in found else False


def every(found):
    found = list(found)
    if False in found:
        return False
    return None if None in found else True


def opposite(value):
    return None if value is None else not value


# --- texts -----------------------------------------------------------------------------------


def as_regex(text, context, *, variables, wildcards=True):
    """Return a regular expression for *text*, or None if a variable has no value."""
    pieces = re.split(r"(\$\{[^}]*\})", text) if variables else [text]
    regex = ""
    for piece in pieces:
        if variables and re.fullmatch(r"\$\{[^}]*\}", piece):
            value = variable_value(piece[2:-1], context)
            if value is None:
                return None
            regex += re.escape(value)
        else:
            stars = {"*": ".*", "?": "."} if wildcards else {}
            regex += "".join(stars.get(mark, re.escape(mark)) for mark in piece)
    return regex


def variable_value(inner, context):
    if inner in ("*", "?", "$"):
        return inner
    name, default = inner.strip(), None
    found = re.fullmatch(r"\s*([^,\s]+)\s*,\s*'([^']*)'\s*", inner)
    if found:
        name, default = found.groups()
    values = context.get(name.lower())
    if values == () and default is not None:
        return default
    return values[0] if values is not None and len(values) == 1 else None


def text_matches(text, value, context, *, variables, wildcards=True, flags=re.DOTALL):
    regex = as_regex(text, context, variables=variables, wildcards=wildcards)
    return None if regex is None else re.fullmatch(regex, value, flags) is not None


# --- conditions ------------------------------------------------------------------------------


def number(text):
    return float(text) if re.fullmatch(r"[+-]?\d+(\.\d+)?", text, re.ASCII) else None


def date(text):
    if re.fullmatch(r"\d{5,15}(\.\d+)?", text, re.ASCII):
        return float(text)
    for form in ("%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%MZ"):
        try:
            return datetime.strptime(text, form).replace(tzinfo=UTC).timestamp()
        except ValueError:
            continue
    return None


def boolean(text):
    return {"true": True, "false": False}.get(text.lower())


def binary(text):
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return None


def compared(read, compare):
    def holds(wanted, value, context, variables):
        del context, variables
        left, right = read(value), read(wanted)
        return None if left is None or right is None else compare(left, right)

    return holds


def in_network(wanted, value, context, variables):
    del context, variables
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return None


def arn(wanted, value, context, variables):
    if len(value.split(":")) < 6:
        return None
    pieces = re.split(r"(\$\{[^}]*\})", wanted) if variables else [wanted]
    # Colons of a variable's value count as those of the text.
    text = ""
    for piece in pieces:
        if variables and re.fullmatch(r"\$\{[^}]*\}", piece):
            found = variable_value(piece[2:-1], context)
            if found is None:
                return None
            text += found.replace("*", "\0").replace("?", "\1")
        else:
            text += piece
    parts = text.split(":", 5)
    if len(parts) < 6:
        return None
    stars = {"*": ".*", "?": ".", "\0": r"\*", "\1": r"\?"}
    return all(
        re.fullmatch("".join(stars.get(mark, re.escape(mark)) for mark in part), given, re.DOTALL)
        for part, given in zip(parts, value.split(":", 5), strict=True)
    )


def string(*, wildcards=False, flags=re.DOTALL):
    def holds(wanted, value, context, variables):
        return text_matches(
            wanted, value, context, variables=variables, wildcards=wildcards, flags=flags
        )

    return holds


EQUAL, IGNORING_CASE = string(), string(flags=re.DOTALL | re.IGNORECASE)
LIKE = string(wildcards=True)
OPERATORS = {
    "StringEquals": (EQUAL, False),
    "StringNotEquals": (EQUAL, True),
    "StringEqualsIgnoreCase": (IGNORING_CASE, False),
    "StringNotEqualsIgnoreCase": (IGNORING_CASE, True),
    "StringLike": (LIKE, False),
    "StringNotLike": (LIKE, True),
    "NumericEquals": (compared(number, lambda a, b: a == b), False),
    "NumericNotEquals": (compared(number, lambda a, b: a == b), True),
    "NumericLessThan": (compared(number, lambda a, b: a < b), False),
    "NumericLessThanEquals": (compared(number, lambda a, b: a <= b), False),
    "NumericGreaterThan": (compared(number, lambda a, b: a > b), False),
    "NumericGreaterThanEquals": (compared(number, lambda a, b: a >= b), False),
    "DateEquals": (compared(date, lambda a, b: a == b), False),
    "DateNotEquals": (compared(date, lambda a, b: a == b), True),
    "DateLessThan": (compared(date, lambda a, b: a < b), False),
    "DateLessThanEquals": (compared(date, lambda a, b: a <= b), False),
    "DateGreaterThan": (compared(date, lambda a, b: a > b), False),
    "DateGreaterThanEquals": (compared(date, lambda a, b: a >= b), False),
    "Bool": (compared(boolean, lambda a, b: a == b), False),
    "BinaryEquals": (compared(binary, lambda a, b: a == b), False),
    "IpAddress": (in_network, False),
    "NotIpAddress": (in_network, True),
    "ArnEquals": (arn, False),
    "ArnNotEquals": (arn, True),
    "ArnLike": (arn, False),
    "ArnNotLike": (arn, True),
}


def condition(operator, key, wanted, context, *, variables):
    prefix, _, name = operator.rpartition(":")
    found = context.get(key.lower())
    if operator == "Null":
        return None if found is None else some(null(item, absent=not found) for item in wanted)
    plain = name.removesuffix("IfExists")
    if plain not in OPERATORS or prefix not in ("", "ForAllValues", "ForAnyValue") or found is None:
        return None
    compare, negated = OPERATORS[plain]
    if not found:
        if name.endswith("IfExists") or prefix == "ForAllValues":
            return True
        return negated and prefix != "ForAnyValue"
    each = []
    for value in found:
        one = some(compare(item, value, context, variables) for item in wanted)
        each.append(opposite(one) if negated else one)
    if prefix:
        return every(each) if prefix == "ForAllValues" else some(each)
    return every(each) if negated else some(each)


def null(text, *, absent):
    value = boolean(text)
    return None if value is None else value is absent


# --- statements ------------------------------------------------------------------------------


def listed(value):
    return value if isinstance(value, list) else [value]


def statement(item, question, *, variables):
    negated = "NotAction" in item
    action = some(
        text_matches(text.lower(), question.action.lower(), {}, variables=False)
        for text in listed(item["NotAction" if negated else "Action"])
    )
    found = [opposite(action) if negated else action]
    if found[0] is False:
        return False
    negated = "NotResource" in item
    resource = some(
        text_matches(text, question.resource, question.context, variables=variables)
        for text in listed(item["NotResource" if negated else "Resource"])
    )
    found.append(opposite(resource) if negated else resource)
    for operator, keys in item.get("Condition", {}).items():
        for key, values in keys.items():
            texts = listed(values)
            found.append(condition(operator, key, texts, question.context, variables=variables))
    return every(found)


def evaluate(documents, question):
    """Return the verdict of identity-based *documents*."""
    denies, allows = [], []
    for document in documents:
        variables = document.get("Version") == "2012-10-17"
        for item in document["Statement"]:
            found = statement(item, question, variables=variables)
            (denies if item["Effect"] == "Deny" else allows).append(found)
    if some(denies) is True:
        return Verdict.EXPLICIT_DENY
    if some(denies) is None:
        return Verdict.UNDECIDED
    return {True: Verdict.ALLOW, None: Verdict.UNDECIDED, False: Verdict.IMPLICIT_DENY}[
        some(allows)
    ]

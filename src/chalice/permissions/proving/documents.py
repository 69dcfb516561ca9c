"""Policies that somebody wrote, part by part: one action on one resource of one statement.

They are as CloudFormation takes them. What an expression comes to that only CloudFormation knows is
a policy variable here, so that the evaluator says of it what it says of those: nobody knows.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from chalice import iam
from chalice.config.reader import as_list, as_object
from chalice.expressions import as_text, filled, is_expression, template_of
from chalice.iam import Question, Verdict, by_lambda, evaluate, matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Part:
    """One action on one resource that a statement allows.

    Attributes:
        statement: which one, from 1 on.
        action: as it is written; `all but ...` where the statement says so.
        resource: likewise; expressions as JSON, but those that are templates of a text.
        document: a policy of this part alone, as it is written.
    """

    statement: int
    action: str
    resource: str
    document: str

    @property
    def is_by_lambda(self) -> bool:
        """Whether Lambda may need it, whatever the code does."""
        action = self.action.lower()
        # Who writes `sqs:*` means more than an event source does.
        return action in by_lambda.FOR_EVENTS or any(
            matches(action, one) for one in by_lambda.FOR_ANY
        )


def parts(documents: Iterable[Mapping[str, Any]]) -> Iterator[Part]:
    """Yield the parts of *documents*; what they deny is none, for it is about other calls."""
    for document in documents:
        version: object = document.get("Version")
        for number, statement in enumerate(iam.statements(document), 1):
            if statement.get("Effect") != "Allow":
                continue
            for action, of_action in _each(statement, "Action"):
                for resource, whole in _each(of_action, "Resource"):
                    text = json.dumps({"Version": version, "Statement": [whole]})
                    yield Part(number, action, resource, text)


def _each(statement: Mapping[str, object], key: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield what *statement* names under *key*, one by one, each with the statement of it alone."""
    negated: object = statement.get(f"Not{key}")
    if negated is not None:
        names = (as_text(one, {}) for one in iam.listed(negated))
        yield f"all but {', '.join(names)}", dict(statement)
        return
    for one in iam.listed(statement.get(key)):
        if key == "Action" and is_expression(one):
            continue  # nobody knows what it allows, nor whether that was needed
        yield as_text(one, {}), {**statement, key: one}


# --- evaluating --------------------------------------------------------------------------------


def allows(policy: iam.Policy, action: str, resource: str) -> bool:
    """Return whether *policy* alone allows it."""
    return evaluate([policy], Question(action, resource)).verdict is Verdict.ALLOW


def policy_of(document: Mapping[str, Any], values: Mapping[str, str]) -> iam.Policy:
    """Return a document as it can be evaluated.

    Args:
        document: as CloudFormation takes it.
        values: what stands for the pseudo parameters.
    """
    has_variables = document.get("Version") == iam.VERSION
    written = iam.listed(document.get("Statement"))
    plain: list[object] = _plain(written, values, has_variables=has_variables)
    known = [one for pair in zip(written, plain, strict=True) for one in _decidable(*pair)]
    # The older one has no variables; those that stand for expressions are ours.
    return iam.parse(iam.document_of(known), resource_based=False)


def _decidable(written: object, plain: object) -> Iterator[dict[str, Any]]:
    """Yield the statement *plain*; where nobody knows what it says, one about anything.

    The resource of that is a variable that nobody knows, so that no question about it is decided.

    Args:
        written: the statement with its expressions.
        plain: the same with variables in their place.
    """
    statement = as_object(plain)
    effect = str(statement.get("Effect", plain))
    named = iam.listed(statement.get("Action"))
    known = [action for action in named if "${" not in str(action)]
    unknown = [effect, *named, *iam.listed(statement.get("NotAction"))]
    variable = next((text for text in map(str, unknown) if "${" in text), None)
    if variable is None:
        yield statement
        return
    effects = [effect]
    if "${" in effect:
        # An expression that is all of a statement has those that it may come to in it.
        denies = bool(statement) or '"Deny"' in json.dumps(written)
        effects = ["Allow", "Deny"] if denies else ["Allow"]
    elif known:
        yield {**statement, "Action": known}
    for one in effects:
        yield {"Effect": one, "Action": "*", "Resource": variable}


def _plain(value: Any, values: Mapping[str, str], *, has_variables: bool) -> Any:
    """Return *value* with texts in the place of expressions."""
    if isinstance(value, str):
        return value if has_variables else value.replace("${", "${$}{")
    if isinstance(value, list):
        items = as_list(cast("object", value))
        return [_plain(item, values, has_variables=has_variables) for item in items]
    members = as_object(value)
    if not is_expression(value):
        return {
            key: _plain(item, values, has_variables=has_variables) for key, item in members.items()
        } or value
    ((name, operand),) = members.items()
    if name == "Ref":
        return values.get(str(operand), f"${{{operand}}}")
    substitution = template_of(value)
    if substitution is not None and not substitution[1]:
        return filled(substitution[0], values.get, "${" if has_variables else "${$}{")
    return f"${{{name} of {_name(operand)}}}"


def _name(value: object) -> str:
    """Return what an expression is about, in characters that a policy variable may have."""
    texts = [item for item in as_list(value) or [value] if isinstance(item, str)]
    return re.sub(r"[^\w.:-]", "", ".".join(texts)) or "several"

"""What policies say of calls that were made, and what of the policies no call has asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalice import iam
from chalice.iam import Question, Verdict, evaluate, matches
from chalice.permissions.granting.needs import NOT_KNOWN, needs
from chalice.permissions.policy import shown
from chalice.permissions.proving.advice import advice
from chalice.permissions.proving.documents import allows, parts, policy_of
from chalice.permissions.proving.outcome import Certificate, Denial, Grants, Spare, Wide
from chalice.permissions.reading import handlers
from chalice.permissions.reading.values import MARK, pseudo
from chalice.regions import DEFAULT_ACCOUNT_ID, DEFAULT_REGION, partition_of

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from chalice.diagnostics import Problem
    from chalice.permissions.granting.needs import Need
    from chalice.permissions.proving.documents import Part
    from chalice.permissions.proving.recorded import Called
    from chalice.permissions.reading.engine import Engine

    #: What a grant is for: action, file, line, column of the call in the code.
    Key = tuple[str, str, int, int]

# Accounts of those that stand in for AWS. Source: MiniStack and LocalStack, "000000000000"; moto,
# "Configuration Options", MOTO_ACCOUNT_ID.
_STAND_IN_ACCOUNTS = frozenset({"000000000000", "123456789012"})


def prove(
    calls: Iterable[Called],
    grants: Callable[[Mapping[str, str]], Sequence[Grants]],
    engine: Engine,
    *,
    function: str | None = None,
    account: str | None = None,
) -> Certificate:
    """Return what the policies of an application say of *calls*, and what of them is spare.

    Args:
        calls: those that were recorded.
        grants: returns the policies, for variables that are not those of the stage.
        engine: what the reader knows of the code.
        function: only the calls of this function count.
        account: the account of the stage, where it is configured.
    """
    proof = _Proof(grants, engine, function, account or DEFAULT_ACCOUNT_ID)
    for call in calls:
        proof.look(call)
    denied = tuple(sorted(proof.denied, key=_place))
    asked = grants({})
    return Certificate(
        denied,
        tuple(proof.spare()),
        tuple(proof.wide()),
        proof.calls,
        proof.by_others,
        proof.of_others,
        tuple(proof.problems),
        advice(denied, {item.role: item for item in asked}),
        tuple(item.role for item in asked if not item.deployed),
    )


def _place(denial: Denial) -> tuple[str, int, str]:
    path, _, line = denial.where.rpartition(":")
    return path, int(line), denial.action


@dataclass(slots=True)
class _Proof:
    """What is found as calls are looked at, one after the other."""

    grants: Callable[[Mapping[str, str]], Sequence[Grants]]
    engine: Engine
    function: str | None
    account: str
    denied: dict[Denial, None] = field(default_factory=dict["Denial", None])
    problems: dict[Problem, None] = field(default_factory=dict["Problem", None])
    calls: int = 0
    by_others: int = 0
    of_others: int = 0
    used: dict[tuple[str, Key], set[str]] = field(default_factory=dict[tuple[str, "Key"], set[str]])
    """Which resources were touched by what the code needs, in each role."""
    used_parts: dict[tuple[str, Part], set[tuple[str, str]]] = field(
        default_factory=dict[tuple[str, "Part"], set[tuple[str, str]]]
    )
    """Which actions on which resources parts of policy files have allowed, in each role."""
    known: dict[tuple[object, str], list[_Role]] = field(
        default_factory=dict[tuple[object, str], "list[_Role]"]
    )
    entries: dict[tuple[str, int], str] = field(init=False)
    """The function of Lambda that begins at a line of a file; empty for middleware."""

    def __post_init__(self) -> None:
        self.entries = {
            (info.source.path, _first_line(info.node)): (
                handlers.function_of(info) if info.entry != "middleware" else ""
            )
            for info in self.engine.handlers.infos()
        }

    def look(self, call: Called) -> None:
        """Take *call* into account."""
        if not call.chain:
            self.by_others += call.times
            return
        function = self._function(call)
        at_import = function is None and call.chain[-1].name == "<module>"
        if self.function is not None and function != self.function and not at_import:
            self.of_others += call.times
            return
        self.calls += call.times
        roles = self._roles(call)
        own = [role for role in roles if function is None or function in role.grants.functions]
        found, wrong = needs(call.use, self.engine)
        self.problems.update(dict.fromkeys(wrong))
        for need in found:
            self._ask(call, need, own or roles, of_each=at_import or function is not None)

    def _function(self, call: Called) -> str | None:
        """Return the function that was invoked; None where that is not known."""
        for frame in reversed(call.chain):
            name = self.entries.get((frame.path, frame.first_line))
            if name:
                return name
        return None

    def _roles(self, call: Called) -> list[_Role]:
        key = (call.variables, call.region)
        if key not in self.known:
            values = {
                "AWS::AccountId": self.account,
                "AWS::Partition": partition_of(call.region),
                "AWS::Region": call.region or DEFAULT_REGION,
            }
            self.known[key] = [_Role(item, values) for item in self.grants(dict(call.variables))]
        return self.known[key]

    def _ask(self, call: Called, need: Need, roles: list[_Role], *, of_each: bool) -> None:
        """Ask each of *roles*, or any where it is not known which of them the call was made as."""
        answers = [(role, role.answer(need, self.account)) for role in roles]
        allowed = [role for role, decision in answers if decision.verdict is Verdict.ALLOW]
        for role in allowed:
            for key in role.keys(need, self.account):
                touched = self.used.setdefault((role.grants.role, key), set())
                touched.add(role.general(need, self.account))
            for part in role.parts(need, self.account):
                pair = need.action, role.general(need, self.account)
                self.used_parts.setdefault((role.grants.role, part), set()).add(pair)
        if allowed and not of_each:
            return
        for role, decision in answers:
            if decision.verdict is Verdict.ALLOW:
                continue
            because = decision.because
            if decision.verdict is Verdict.EXPLICIT_DENY:
                because = decision.verdict.value
            denial = Denial(
                need.action, shown(need.resource), call.where, role.grants.role, because
            )
            self.denied[denial] = None

    # --- what is left over ---------------------------------------------------------------------

    def _granted(self) -> Iterator[tuple[Grants, str, str, list[Need], set[str]]]:
        """Yield each action on each resource of the code's, its needs and what was touched."""
        for grants in self.grants({}):
            for statement in grants.statements:
                for action in statement.actions:
                    of_action = [need for need in statement.needs if need.action == action]
                    for resource in statement.resources:
                        why = [need for need in of_action if matches(resource, need.resource)]
                        touched: set[str] = set()
                        for need in why:
                            touched |= self.used.get((grants.role, _key(need)), set())
                        yield grants, action, resource, why, touched

    def spare(self) -> Iterator[Spare]:
        """Yield what was not needed."""
        for grants, action, resource, why, touched in self._granted():
            if not touched:
                yield Spare(action, shown(resource), grants.role, _places(why))
        for where, roles, part in self._written():
            if not self._allowed_by(roles, part) and not part.is_by_lambda:
                yield Spare(part.action, part.resource, ", ".join(roles), (where,))

    def _written(self) -> Iterator[tuple[str, tuple[str, ...], Part]]:
        """Yield each part of policy files, with its place and the roles that have it."""
        by_file: dict[str, list[Grants]] = {}
        for grants in self.grants({}):
            by_file.setdefault(grants.file, []).append(grants)
        for of_file in by_file.values():
            # Roles that share a file share what is spare: it is mended in one place.
            for part in parts(of_file[0].documents):
                where = of_file[0].where(part.statement)
                yield where, tuple(item.role for item in of_file), part

    def _allowed_by(self, roles: Iterable[str], part: Part) -> set[tuple[str, str]]:
        """Return the actions and resources that a part has allowed."""
        found: set[tuple[str, str]] = set()
        for role in roles:
            found |= self.used_parts.get((role, part), set())
        return found

    def wide(self) -> Iterator[Wide]:
        """Yield what is allowed on everything and was needed on something."""
        found: dict[tuple[str, tuple[str, ...]], list[tuple[str, tuple[str, ...]]]] = {}
        for grants, action, resource, why, touched in self._granted():
            unknown = resource == "*" and any(need.note == NOT_KNOWN for need in why)
            if unknown and touched and "*" not in touched:
                key = (grants.role, tuple(sorted(touched)))
                found.setdefault(key, []).append((action, _places(why)))
        for (role, resources), actions in found.items():
            places = dict.fromkeys(place for _, item in actions for place in item)
            yield Wide(tuple(action for action, _ in actions), role, resources, tuple(places))
        yield from self._wide_parts()

    def _wide_parts(self) -> Iterator[Wide]:
        """Yield what statements of policy files allow on everything, one after the other."""
        used: dict[tuple[int, str, tuple[str, ...]], dict[str, set[str]]] = {}
        for where, roles, part in self._written():
            for action, resource in self._allowed_by(roles, part):
                if part.resource == "*" and (resource != "*" or part.action.endswith("*")):
                    of_statement = used.setdefault((part.statement, where, roles), {})
                    of_statement.setdefault(action, set()).add(resource)
        for (_, where, roles), actions in used.items():
            if all(touched == {"*"} for touched in actions.values()):
                continue
            groups: dict[tuple[str, ...], list[str]] = {}
            for action, touched in sorted(actions.items()):
                groups.setdefault(tuple(sorted(touched)), []).append(action)
            for resources, of_them in groups.items():
                yield Wide(tuple(of_them), ", ".join(roles), resources, (where,))


class _Role:
    """A role's policies, for one region.

    Args:
        grants: what it may do.
        values: what stands for the pseudo parameters.
    """

    def __init__(self, grants: Grants, values: Mapping[str, str]) -> None:
        self.grants = grants
        self._values = values
        self._needs: dict[str, dict[tuple[Key, str], None]] = {}
        for statement in grants.statements:
            for need in statement.needs:
                found = self._needs.setdefault(need.action, {})
                found[_key(need), self._resolved(need.resource)] = None
        # By action, as each call asks about few of them.
        self._of_code: dict[str, list[str]] = {}
        for item in grants.statements:
            for action in item.actions:
                resources = self._of_code.setdefault(action.lower(), [])
                resources += map(self._resolved, item.resources)
        self._of_files = [policy_of(document, values) for document in grants.documents]
        self._policies: dict[str, list[iam.Policy]] = {}
        self._parts = [
            (part, policy_of(json.loads(part.document), values)) for part in parts(grants.documents)
        ]

    def answer(self, need: Need, account: str) -> iam.Decision:
        """Return what the policies say of *need*."""
        policies = self._about(need.action)
        decisions = [
            evaluate(policies, Question(need.action, resource))
            for resource in self._resources(need, account)
        ]
        return next(
            (item for item in decisions if item.verdict is Verdict.ALLOW),
            decisions[0],
        )

    def _about(self, action: str) -> list[iam.Policy]:
        """Return the policies, of that for the code what it says of *action*."""
        if action not in self._policies:
            resources = self._of_code.get(action.lower(), [])
            statement = {"Effect": "Allow", "Action": action, "Resource": resources}
            code = iam.document_of([statement] if resources else [])
            self._policies[action] = [iam.parse(code, resource_based=False), *self._of_files]
        return self._policies[action]

    def keys(self, need: Need, account: str) -> Iterator[Key]:
        """Yield what of the code's needs allows *need*."""
        for resource in self._resources(need, account):
            for key, pattern in self._needs.get(need.action, {}):
                if matches(pattern, resource):
                    yield key

    def parts(self, need: Need, account: str) -> Iterator[Part]:
        """Yield what of the policy files allows *need*."""
        for part, policy in self._parts:
            for resource in self._resources(need, account):
                if allows(policy, need.action, resource):
                    yield part

    def general(self, need: Need, account: str) -> str:
        """Return the resource of *need* as a template names it, wherever the call was made."""
        resource = self._resources(need, account)[-1]
        parts = resource.split(":", 5)
        if len(parts) == 6:
            own = {value: pseudo(name) for name, value in self._values.items() if value}
            for at in (1, 3, 4):
                parts[at] = own.get(parts[at], parts[at])
        return ":".join(parts)

    def _resources(self, need: Need, account: str) -> list[str]:
        """Return the resource, as it is and in the account that a stand-in for AWS stands in for.

        Somebody may have written that account into the code.
        """
        resource = self._resolved(need.resource)
        parts = resource.split(":", 5)
        if len(parts) == 6 and parts[4] in _STAND_IN_ACCOUNTS:
            parts[4] = account
        return list(dict.fromkeys([resource, ":".join(parts)]))

    def _resolved(self, text: str) -> str:
        return MARK.sub(lambda found: self._values.get(found[1], found[0]), text)


def _first_line(node: ast.AST) -> int:
    """Return the line that Python has for a function: that of its first decorator."""
    whole: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([item.lineno for item in whole], default=getattr(node, "lineno", 1))


def _key(need: Need) -> Key:
    use = need.use
    return need.action, use.path, use.node.lineno, use.node.col_offset


def _places(why: Iterable[Need]) -> tuple[str, ...]:
    found = {(need.use.path, need.use.node.lineno) for need in why}
    return tuple(f"{path}:{line}" for path, line in sorted(found))

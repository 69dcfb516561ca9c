"""AWS_IAM: a signature says who calls, policies say whether they may (section 4D)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from chalice import iam
from chalice.diagnostics import ToolError
from chalice.gateway.call import Call, Grant
from chalice.gateway.policies import not_authorized, undecided
from chalice.gateway.responses import NOT_AUTHORIZED, Refusal

if TYPE_CHECKING:
    from chalice.gateway.exchange import Exchange
    from chalice.gateway.policies import Questions, ResourcePolicy
    from chalice.gateway.sigv4 import Verifier
    from chalice.gateway.stage import Stage
    from chalice.rules.callers import Credential

# The root of an account may do everything in it.
# Source: IAM user guide, "AWS account root user".
_EVERYTHING = iam.parse(
    {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}, resource_based=False
)


# What lets a signed call in: the signature, the policies; then what events say of the caller.
_RULES_EVALUATED = ("4.26", "4.29")
_RULES = (*_RULES_EVALUATED, "4.28")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a credential belongs to: the caller, their policies, and what events say of them."""

    caller: iam.Caller
    policies: tuple[iam.Policy, ...]
    shown: dict[str, str]


class Callers:
    """Who the credentials of a stage belong to; shared by all methods of an API."""

    def __init__(self, stage: Stage) -> None:
        """Read the credentials of *stage*.

        Raises:
            ToolError: a policy of one of them is none, or its ARN is of nobody who could sign.
        """
        self._stage = stage
        self._verifier: Verifier | None = None
        self._identities: dict[str, Identity] = {}
        for item in stage.credentials:
            try:
                self._identities[item.access_key_id] = _identity(item)
            except (iam.PolicyError, ValueError) as error:
                message = f"credential `{item.access_key_id}` of the stage: {error}"
                raise ToolError(message) from error

    def identify(self, call: Call) -> Identity:
        """Return who signed *call*, or raise the refusal of rules 4.24 to 4.26."""
        if self._verifier is None:
            from chalice.gateway.sigv4 import Verifier  # noqa: PLC0415 - most APIs are not signed

            self._verifier = Verifier(
                self._stage.credentials,
                self._stage.region,
                configured_in=self._stage.configured_in,
            )
        return self._identities[self._verifier.verify(call.arrival).access_key_id]


class IamGuard:
    """Admits calls whose signer is allowed to invoke the method."""

    def __init__(
        self, callers: Callers, questions: Questions, policy: ResourcePolicy | None
    ) -> None:
        self._callers = callers
        self._questions = questions
        self._resource = () if policy is None else (policy.policy,)

    def admit(self, call: Call) -> Exchange[Grant]:
        """Return the identity of who signed *call* and may make it."""
        yield from ()
        identity = self._callers.identify(call)
        question = self._questions.about(call, identity.caller)
        self._refuse_unless_allowed(identity, question)
        return Grant(identity=identity.shown, rules=_RULES)

    def _refuse_unless_allowed(self, identity: Identity, question: iam.Question) -> None:
        """Raise the refusal of rule 4.27, unless the policies allow (rule 4.29)."""
        caller = identity.caller
        own = caller.account_id == question.resource_account
        if own:
            decision = iam.evaluate((*identity.policies, *self._resource), question)
        else:
            decision = iam.evaluate_both(identity.policies, self._resource, question)
        match decision.verdict:
            case iam.Verdict.ALLOW:
                return
            case iam.Verdict.UNDECIDED:
                raise undecided("a policy", decision, _RULES_EVALUATED)
            case iam.Verdict.EXPLICIT_DENY:
                kind = "an identity" if _denies(identity, question) else "a resource"
                why = f"with an explicit deny in {kind}-based policy"
            case iam.Verdict.IMPLICIT_DENY:
                lacking = "identity-based policy" if own else self._lacking(identity, question)
                why = f"because no {lacking} allows the {question.action} action"
            case other:
                assert_never(other)
        raise Refusal(
            NOT_AUTHORIZED,
            message=f"{not_authorized(caller.arn, question)} {why}",
            reason=f"{caller.arn} is not authorized to invoke {question.resource} {why}",
            rules=(*_RULES_EVALUATED, "4.27"),
        )

    def _lacking(self, identity: Identity, question: iam.Question) -> str:
        """Return the kind of policy that should allow between accounts and does not."""
        decision = iam.evaluate(identity.policies, question)
        allowed = decision.verdict is iam.Verdict.ALLOW
        return "resource-based policy" if allowed else "identity-based policy"


def _denies(identity: Identity, question: iam.Question) -> bool:
    return iam.evaluate(identity.policies, question).verdict is iam.Verdict.EXPLICIT_DENY


def _identity(credential: Credential) -> Identity:
    caller = iam.caller_of(
        credential.arn,
        user_id=credential.user_id,
        temporary=credential.session_token is not None,
    )
    policies = [iam.parse(item, resource_based=False) for item in credential.policies]
    if caller.kind == "root":
        policies.append(_EVERYTHING)
    user_id = caller.user_id or _made_up_id(caller)
    shown = {
        "accessKey": credential.access_key_id,
        "accountId": caller.account_id,
        "caller": user_id,
        "user": user_id,
        "userArn": caller.arn,
    }
    return Identity(caller, tuple(policies), shown)


def _made_up_id(caller: iam.Caller) -> str:
    """Return a unique id of the right form, always the same for one caller.

    It is for events alone: policies that ask for `aws:userid` are not told it.
    Source: IAM user guide, "Unique identifiers", and rule 1.21.
    """
    digits = hashlib.sha256(caller.principal_arn.encode()).hexdigest()[:17].upper()
    if caller.kind == "user":
        return f"AIDA{digits}"
    return f"AROA{digits}:{caller.arn.rpartition('/')[2]}"

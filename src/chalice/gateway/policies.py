"""What policies are asked about a call, and what the policy of the API itself says to it."""

from __future__ import annotations

from time import gmtime, strftime
from typing import TYPE_CHECKING

from chalice import iam
from chalice.gateway.responses import (
    AUTHORIZER_CONFIGURATION_ERROR,
    RESOURCE_POLICY_DENIED,
    Refusal,
)

if TYPE_CHECKING:
    from chalice.gateway.call import Call
    from chalice.gateway.event import Events
    from chalice.gateway.stage import Stage

ACTION = "execute-api:Invoke"

# Keys that other services set when they call in somebody's name, or that are about requests which
# change resources. Source: IAM user guide, "AWS global condition context keys", the "Availability"
# of each.
_NEVER_THERE = (
    "aws:calledvia",
    "aws:calledviafirst",
    "aws:calledvialast",
    "aws:sourceaccount",
    "aws:sourcearn",
    "aws:sourceorgid",
    "aws:sourceorgpaths",
    "aws:tagkeys",
)
_OF_PUBLIC_ENDPOINTS = "aws:sourceip"
_OF_VPC_ENDPOINTS = ("aws:sourcevpce", "aws:sourcevpc", "aws:sourcevpcarn", "aws:vpcsourceip")


class Questions:
    """Makes the question that policies are asked about each call of a stage.

    The condition keys are those that requests to API Gateway have. A key that is not among them
    cannot be known here. Source: API Gateway developer guide, "AWS condition keys that can be used
    in API Gateway resource policies".
    """

    def __init__(self, events: Events, stage: Stage, *, private: bool) -> None:
        self._events = events
        self._private = private
        self._constant: dict[str, tuple[str, ...]] = {
            "aws:securetransport": ("true",),
            "aws:requestedregion": (stage.region,),
            "aws:resourceaccount": (stage.account_id,),
            "aws:viaawsservice": ("false",),
            **dict.fromkeys(_NEVER_THERE, ()),
        }
        if not private:
            self._constant |= dict.fromkeys(_OF_VPC_ENDPOINTS, ())
        else:
            self._constant[_OF_PUBLIC_ENDPOINTS] = ()
            if stage.source_vpce is not None:
                self._constant["aws:sourcevpce"] = (stage.source_vpce,)

    def about(self, call: Call, caller: iam.Caller | None = None) -> iam.Question:
        """Return what is asked about *call*; *caller* None has not signed it."""
        arrival = call.arrival
        headers = arrival.headers
        known = caller.context() if caller is not None else iam.ANONYMOUS_CONTEXT
        context = {
            **self._constant,
            **known,
            "aws:useragent": tuple(headers.get("user-agent", ())),
            "aws:referer": tuple(headers.get("referer", ())),
            "aws:currenttime": (strftime("%Y-%m-%dT%H:%M:%SZ", gmtime(arrival.seconds)),),
            "aws:epochtime": (str(int(arrival.seconds)),),
        }
        if not self._private:
            context[_OF_PUBLIC_ENDPOINTS] = (arrival.request.client_ip,)
        return iam.Question(ACTION, self._events.method_arn(call), context, caller)


class ResourcePolicy:
    """The policy of the API itself, which is asked together with each method's guard."""

    def __init__(self, policy: iam.Policy, questions: Questions) -> None:
        self.policy = policy
        self._questions = questions

    def refuse_denied(self, call: Call) -> None:
        """Raise the refusal of a call that the policy denies by name."""
        self._refuse(call, allowed=True)

    def refuse_unless_allowed(self, call: Call) -> None:
        """Raise the refusal of a call that the policy does not allow (rule 4.27)."""
        self._refuse(call, allowed=False)

    def _refuse(self, call: Call, *, allowed: bool) -> None:
        question = self._questions.about(call)
        decision = iam.evaluate((self.policy,), question)
        if decision.verdict is iam.Verdict.UNDECIDED:
            raise undecided("the resource policy", decision, ("4.29",))
        if decision.verdict is iam.Verdict.ALLOW:
            return
        explicit = decision.verdict is iam.Verdict.EXPLICIT_DENY
        if explicit or not allowed:
            message = not_authorized("anonymous", question)
            if explicit:
                message += " with an explicit deny"
            raise Refusal(
                RESOURCE_POLICY_DENIED,
                message=message,
                reason="refused by the resource policy",
                rules=("4.29", "4.27"),
            )


def undecided(which: str, decision: iam.Decision, rules: tuple[str, ...]) -> Refusal:
    """Return the refusal where *which* hangs on something of which nothing is known here."""
    return Refusal(
        AUTHORIZER_CONFIGURATION_ERROR,
        reason=f"{which} hangs on {decision.because}, which is not evaluated: refused",
        rules=rules,
        not_emulated=f"{decision.because} in policies",
    )


def not_authorized(user: str, question: iam.Question) -> str:
    """Return what *user* is told who may not invoke (rule 4.27), without the reason."""
    resource = _masked(question.resource)
    return f"User: {user} is not authorized to perform: {question.action} on resource: {resource}"


def _masked(arn: str) -> str:
    """Return *arn* as it is shown to strangers: all but four digits of the account are stars."""
    parts = arn.split(":")
    parts[4] = "*" * len(parts[4][:-4]) + parts[4][-4:]
    return ":".join(parts)

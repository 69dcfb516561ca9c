"""Identities and templates of SES, by both of its APIs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions.granting import arns
from chalice.permissions.reading import services
from chalice.permissions.reading.values import HOLE, texts

if TYPE_CHECKING:
    from chalice.permissions.granting.given import Call

# Identities of others that a call sends for. Sources: botocore's models of SES, `SourceArn` and the
# others: the identity whose policy permits it; who is in another account needs it on both sides.
_IDENTITIES = (
    *("SourceArn", "FromArn", "ReturnPathArn"),
    *("FromEmailAddressIdentityArn", "FeedbackForwardingEmailAddressIdentityArn"),
)


def mails(call: Call, prefix: str, action: str) -> list[str]:
    """Return the identities that a mail is sent under, with its configuration set and templates.

    Args:
        call: of one of the two APIs.
        prefix: of the action.
        action: that is asked.
    """
    found = [_of_another(call, text) for name in _IDENTITIES for text in call.given(name)]
    for sender in call.given("Source") or call.given("FromEmailAddress"):
        address = sender.partition("<")[2].partition(">")[0] or sender
        domain = address.partition("@")[2]
        # Source: SES developer guide, "Creating and verifying identities": a mail is sent under
        # its address, or under the domain where that is what was verified.
        names = [address, domain] if domain else [HOLE]
        found += [arns.arn(call, name, "ses:R:A:identity/{}") for name in names]
    sets = call.given("ConfigurationSetName")
    found += [arns.arn(call, name, "ses:R:A:configuration-set/{}") for name in sets]
    types = (services.actions_of(prefix) or {}).get(action.lower(), frozenset())
    # Source: SES API v2 reference, "EmailContent", "Template".
    names = call.given("Template") if call.use.service == "ses" else _templates(call)
    names = [name if name != HOLE else "*" for name in names]
    if "template" in types and found:
        found += [arns.arn(call, name, "ses:R:A:template/{}") for name in names]
    return found


def _of_another(call: Call, text: str) -> str:
    """Return the ARN of an identity, which may be in any account where nobody knows.

    Source: SES developer guide, "Sending emails for the identity owner": it is in the region that
    the mail is sent in.
    """
    is_known = not text.startswith(HOLE)
    return arns.arn(call, text, "") if is_known else arns.arn(call, "*", "ses:R:*:identity/{}")


def _templates(call: Call) -> list[str]:
    """Return the templates of mails of the second API; `HOLE` where there may be any."""
    found: list[str] = []
    for parameter in ("Content", "DefaultContent"):
        for kind, value in call.entries(call.params.get(parameter, frozenset())):
            inner = dict(call.entries(value))
            if kind == "Template":
                found += texts(inner.get("TemplateName", frozenset())) or [HOLE]
            elif kind == HOLE:
                found.append(HOLE)
    return found

"""What callers send, matched with the patterns of a definition: what takes too long is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.gateway.responses import AUTHORIZER_CONFIGURATION_ERROR, Refusal
from chalice.rules.patterns import OutOfTimeError

if TYPE_CHECKING:
    from chalice.rules.patterns import Pattern

#: What is not known of a pattern that takes long.
NOT_EMULATED = "how long API Gateway matches a pattern, and what it answers when it gives up"


def identity_matches(pattern: Pattern, identity: str, authorizer: str, rule: str) -> bool:
    """Return whether the identity of a caller is what *authorizer* wants before it is asked.

    Raises:
        Refusal: that is not known in time. Nobody has recorded what API Gateway answers then.
    """
    try:
        return pattern.fullmatch(identity)
    except OutOfTimeError as error:
        raise Refusal(
            AUTHORIZER_CONFIGURATION_ERROR,
            reason=f"{authorizer}: {error.told}, identityValidationExpression: refused",
            rules=(rule,),
            not_emulated=NOT_EMULATED,
        ) from None

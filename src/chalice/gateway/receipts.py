"""Which rules decided an answer, and what they say in a few words.

The steps of `gateway.py` name the rules by number; what is the same for every call of a method is
put together once. The texts are for terminals and are looked up only there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.rules.paths import is_greedy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalice.gateway.api import Method
    from chalice.gateway.call import Call

#: What each rule says that can be on a receipt; `docs/gateway-rules.md` says it in full.
TITLES = {
    "1.8": "captured path values stay percent-encoded",
    "1.9": "`{name+}` captures the rest of the path",
    "1.12": "a query may hold `|`, `{` and `}` only percent-encoded",
    "1.25": "the body goes into the event as text",
    "1.26": "the body is of a binary media type and goes into the event as base64",
    "2.1": "the function's result is the answer",
    "2.6": "values of `multiValueHeaders` are sent before those of `headers`",
    "2.7": "a function that fails, runs out of time or answers nonsense is 502",
    "2.8": "an integration that outlasts its timeout is 504",
    "2.9": "a function that cannot be invoked is 500",
    "2.10": "a function that is throttled is 500",
    "2.13": "headers that are the gateway's own are renamed",
    "2.14": "some headers cannot be mapped onto: every call fails",
    "2.15": "the first type of Accept says whether a base64 body is decoded",
    "2.17": "a base64 body that is none is 500",
    "2.18": "the answer to HEAD has no body",
    "2.19": "an answer of this status has no body",
    "2.20": "the mock's request template picks the response",
    "2.21": "the request validator looks at parameters and body",
    "2.24": "a gateway response of the API changes the answer",
    "3.1": "the most specific path answers",
    "3.2": "the path has a resource that does not serve the verb: a greedy one answers",
    "3.5": "what matches no path and verb is 403",
    "3.6": "what matches nothing and has an Authorization header is read as signed",
    "3.11": "`ANY` answers verbs that have no method of their own",
    "3.15": "a path outside the stage is 403",
    "3.16": "the request line is limited",
    "3.17": "the method ARN is limited where an authorizer is asked",
    "4.1": "the TOKEN authorizer was asked",
    "4.2": "the REQUEST authorizer was asked",
    "4.4": "without an identity the authorizer is not asked",
    "4.5": "the identity is compared with the validation expression",
    "4.6": "an authorizer that raises `Unauthorized` is 401",
    "4.7": "an authorizer that fails or answers nonsense is 500",
    "4.10": "the authorizer's policy does not let this call pass",
    "4.11": "the authorizer's policy was evaluated",
    "4.12": "the authorizer was not asked: its policy for this identity was kept",
    "4.18": "scopes decide between ID tokens and access tokens",
    "4.20": "the token's claims are in the event",
    "4.21": "a token that is missing, not good or expired is 401",
    "4.23": "the JWT authorizer's configuration decides",
    "4.24": "what is not signed is 403",
    "4.25": "the access key, and the session token if it has one, have to be known",
    "4.26": "the signature has to match, for this API and at this time",
    "4.27": "who is not allowed by the policies is 403",
    "4.28": "the signer's identity is in the event",
    "4.29": "the policies of the API and of the caller, where there are any, were evaluated",
    "5.1": "the method wants a known API key",
    "5.3": "the usage plan of the key has nothing left",
    "7.2": "the body was decompressed, or its coding is unknown",
    "7.3": "the answer was compressed",
    "7.4": "bodies, and events made of them, are limited",
    "7.8": "headers are limited",
}

# What CloudFront does in front of an EDGE API. Source: rules 1.16 and 3.18.
_EDGE = ("1.16: the headers that CloudFront adds to requests to EDGE APIs",)
_EDGE_GET = (*_EDGE, "3.18: CloudFront refuses a GET with a body to EDGE APIs")


def of_route(resource: str, verb: str) -> tuple[str, ...]:
    """Return the rules by which a method is found.

    >>> of_route("/files/{path+}", "ANY"), of_route("/", "GET")
    (('3.1', '1.9', '3.11'), ('3.1',))
    """
    rules = ["3.1"]
    if is_greedy(resource):
        rules.append("1.9")
    elif "{" in resource:
        rules.append("1.8")
    if verb == "ANY":
        rules.append("3.11")
    return tuple(rules)


def of_call(call: Call, method: Method, api_key: str | None) -> list[str]:
    """Return the rules of the steps between guard and integration that had something to do."""
    rules: list[str] = []
    if api_key is not None:
        rules.append("5.1")
    if call.decompressed:
        rules.append("7.2")
    if method.required or method.bodies:
        rules.append("2.21")
    return rules


def of_edge(call: Call) -> tuple[str, ...]:
    """Return what is not emulated of an EDGE API in front of a function."""
    has_body = call.body and call.arrival.request.method == "GET"
    return _EDGE_GET if has_body else _EDGE


def lines(rules: Iterable[str], not_emulated: Iterable[str]) -> list[str]:
    r"""Return a receipt for the terminal, a line for each rule and for each thing left out.

    >>> print(*lines(("3.1", "2.20"), ("quotas",)), sep="\n")
    rule 3.1: the most specific path answers
    rule 2.20: the mock's request template picks the response
    not emulated: quotas
    """
    told = [f"rule {rule}: {TITLES[rule]}" if rule in TITLES else f"rule {rule}" for rule in rules]
    return told + [f"not emulated: {text}" for text in not_emulated]

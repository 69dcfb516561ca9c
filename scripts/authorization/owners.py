"""Which parameters name the account that owns what a call is about.

They are found in botocore's models, by what is said of each: "The 12-digit account number of the
account that owns the domain", "The account ID associated with the registry".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from scripts.authorization.models import letters, plain, said_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from chalice.permissions.granting.resources.formats import Format

_NAMED = re.compile(r"account|owner|(registry|catalog)id$", re.IGNORECASE)
# What says whose something else is that the call names: a bucket that is written to, a network; or
# who pays; and that of Redshift's `DescribeEndpointAuthorization`, which may be who is let in.
_OF_OTHERS = re.compile(
    "^account$|associated|bucket|destination|expected|management|payer|peer|requester|securitygroup"
    "|source|target",
    re.IGNORECASE,
)
_WHAT = r"(?:the |an? )?(?:specified )?([\w -]+)"
_SAID = (
    re.compile(
        r"\baccount(?: \w+){0,4}? (?:that owns|(?:that's )?associated with|of the specified|for)"
        rf"(?: the owner of)? {_WHAT}"
    ),
    re.compile(r"\baccount (?:ID )?(?:of|for) (?:the )?(?:owner of )?(?:the )?([\w -]+)"),
    re.compile(r"\bThe ID of the (Data Catalog)\b.*\baccount ID is used by default"),
)
_AFTER = re.compile(
    r" (?:and|as|for|from|in|is|of|on|or|owner|resource|that|to|when|where|which)\b"
)
# All that a call is about is in one of these, and its owner's.
_HOLDERS = frozenset(
    {"agentruntime", "datacatalog", "domain", "namespace", "registry", "servicemesh"}
)
# What is said first: whose account it is, and which one it is else.
_FIRST = 200
# What is shorter says too little to be looked for in the name of a type.
_SHORTEST = 5


def owners(
    shapes: Mapping[str, Any], taken: Mapping[str, Any], known: Collection[Format]
) -> Iterator[tuple[str, str]]:
    """Yield types, each with a parameter that names the account that owns one.

    Args:
        shapes: those of the model.
        taken: what the operation takes, by name.
        known: the types that it is about.
    """
    for name, member in taken.items():
        shape = shapes[member["shape"]]
        is_text = shape["type"] == "string" and "enum" not in shape
        if not is_text or not _NAMED.search(name) or _OF_OTHERS.search(name):
            continue
        found = set(_owned(plain(said_of(member) or said_of(shape))))
        for one in known:
            of_caller = one.head.split(":")[2] == "A"
            if of_caller and any(_is_of(one.kind, what) for what in found):
                yield one.kind, name


def _owned(said: str) -> Iterator[str]:
    """Yield what is said to be owned, in plain letters."""
    text = " ".join(said.split())[:_FIRST]
    for form in _SAID:
        match = form.search(text)
        if match is not None:
            yield letters(_AFTER.split(match.group(1))[0])


def _is_of(kind: str, what: str) -> bool:
    return what in _HOLDERS or what.endswith(kind) or (len(what) >= _SHORTEST and what in kind)

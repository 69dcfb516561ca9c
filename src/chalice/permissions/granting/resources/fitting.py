"""What is found by rules of one service, against the types that AWS says an action is about.

A rule knows one resource of a service by its parameter, and a call may name another with it: the
work group of a query, the function of an event source mapping. What AWS lists has the last word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.permissions.granting import arns
from chalice.permissions.granting.resources import by_list, formats, shapes
from chalice.permissions.reading.values import HOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from chalice.permissions.granting.given import Call

# Where ARNs are made of paths, or what a bucket is called says of which type it is.
_NOT_BY_TYPE = frozenset({"apigateway", "execute-api", "s3", "s3-object-lambda", "s3express"})


def fitted(call: Call, prefix: str, action: str, found: list[str]) -> list[str]:
    """Return *found* without what *action* is not about, with what it always is.

    Args:
        call: the call.
        prefix: of the action.
        action: without it.
        found: ARNs, by rules that know the service, but not the action.
    """
    types = formats.types_of(prefix, action)
    if not found or "*" in found or not types or prefix in _NOT_BY_TYPE:
        return found
    fits = {
        kind: [text for text in found if shapes.fits(texts, text)] for kind, texts in types.items()
    }
    right = [text for text in found if any(text in one for one in fits.values())]
    always = formats.required(prefix, action)
    always = by_list.always(call, prefix, action) or always
    missing = [kind for kind in sorted(always) if not fits.get(kind)]
    if right and not missing:
        return right
    parents = formats.arns_of(prefix)
    named = by_list.named(call, prefix, action)
    more = [text for kind in missing for text in named.get(kind, ())]
    unnamed = [kind for kind in missing if not named.get(kind)]
    if more or any(fits.get(kind) for kind in always):
        # Where several are always meant, which one is may hang on the call: tags are of any.
        made = call.use.operation.lower().removeprefix("create")
        unnamed = [kind for kind in unnamed if kind == made]
    elif len(always) > 1:
        unnamed = []
    for kind in unnamed:
        any_of_type = (
            arns.arn(call, shapes.PART.sub(HOLE, rest), head) for head, rest in _cut(types[kind])
        )
        more += list(shapes.inside(types[kind], found, parents)) or any_of_type
    if not always and not right:
        more += (text for texts in types.values() for text in shapes.inside(texts, found, parents))
    every = list(dict.fromkeys([*right, *more])) or found
    return ["*"] if "*" in every else every


def _cut(types: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what `arns.arn` takes of each: the start, and what follows it."""
    for text in types:
        service, region, account, rest = text.split(":", 3)
        yield f"{service}:{region}:{account}:{{}}", rest


def beside(call: Call, prefix: str, action: str, found: list[str]) -> list[str]:
    """Return *found*, with what the call names of the other types that *action* is always about.

    A call that makes a snapshot of what it deletes is asked for both.

    Args:
        call: the call.
        prefix: of the action, which is another than that of the call.
        action: without it.
        found: ARNs of the action.
    """
    types = formats.types_of(prefix, action)
    always = formats.required(prefix, action)
    if "*" in found or len(always) < _SEVERAL or prefix in _NOT_BY_TYPE:
        return found
    missing = [kind for kind in sorted(always) if not any(map(_of(types.get(kind, ())), found))]
    if not types or len(missing) == len(always):
        return found
    named = by_list.named(call, prefix, action)
    more = (text for kind in missing for text in named.get(kind, ()) if text != "*")
    return list(dict.fromkeys([*found, *more]))


# From so many types on, one of them may be missing.
_SEVERAL = 2


def _of(types: Sequence[str]) -> Callable[[str], bool]:
    return lambda text: shapes.fits(types, text)

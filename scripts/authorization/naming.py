"""Which parameters of an operation name the resources that its action is about.

`granting.resources.formats` finds those that are called as the part of an ARN is. The others are
found here, from botocore's models: by what a parameter is called at any depth, and by what its
documentation says it is ("The names of the security groups").
"""

from __future__ import annotations

import functools
import json
import re
from typing import TYPE_CHECKING, Any

from chalice.permissions.granting.actions import asked
from chalice.permissions.granting.resources import formats
from chalice.permissions.granting.resources.naming import OWNER
from chalice.permissions.reading.services import of_model
from scripts.authorization.alone import alone, by_type
from scripts.authorization.models import Member, models, plain, said_of, texts
from scripts.authorization.named import NAMED
from scripts.authorization.owners import owners

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

# How deep parameters are looked at: `LaunchTemplateConfigs.Overrides.SubnetId`.
_DEEPEST = 4

_SHORT = 2
# Words that say nothing of what is meant.
_VAGUE = frozenset({"resource", "source", "target"})

_ENDINGS = frozenset({"arn", "id", "identifier", "name"})
# Words that say which of several of a type is meant, or of what service, and not what it is.
_SOURCES = frozenset({"base", "original", "parent", "primary", "source"})
_WHICH = _SOURCES | frozenset(
    {
        *("accepter", "amazon", "aws", "mwaa", "cache", "db", "default", "destination"),
        *("existing", "final", "new"),
        *("replica", "requester", "restored", "secondary", "target", "ipv", "4", "6"),
    }
)
# What is called otherwise in ARNs. Sources: SAR, "Resource types"; EMR API reference: a job flow is
# a cluster.
_SAME = (("application", "app"), ("jobflow", "cluster"), ("agentruntime", "runtime"))
# Operations that make another of what they are given.
_MAKING = re.compile(r"(Copy|Create|Clone|Import|Restore|Start)")
# What is said to be the name of something is that, whatever it is called.
_SAID = r"\b(IDs?|names?|identifiers?|ARNs?|Amazon Resource Names?)\b(?: \(ARNs?\))?"
_SAID_TO_BE = re.compile(
    rf"(?:{_SAID}(?:,? (?:or|and) (?:the )?{_SAID})? of|^An? (?:unique |friendly )?(name)()"
    rf" for|^The (name)() for) (?:the |an? |one or more |your |this |each )*([\w -]+)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r" (?:and|as|for|from|in|is|of|on|or|that|to|when|where|which|whose|with|you)\b"
)
# An alias begins so that it is known for one: see `formats`.
_OR_NAME = re.compile(
    r"\b(name or|or (the |a |an )?((?!alias)\w+ ){0,3}name\b|(?<!alias )name, )", re.IGNORECASE
)
_ANOTHER = re.compile(r"not both|in the request\b")
# An ARN is no name of the kind that is in ARNs.
_IN_FULL = re.compile(r"\bAmazon Resource Names?\b", re.IGNORECASE)


def naming(packages: Path) -> list[str]:
    """Return a line for each service: its name, a tab, parameters by what they name.

    Of each type of resource: of each part of its ARN, `arn` where the parameter is a whole one, `*`
    where it says which is meant by something that is not in the ARN, or `@` where it is the account
    that owns it: the parameters, and the operations that have them.
    """
    lines: list[str] = []
    for name, model in models(packages):
        found = _of_service(name, model)
        if found:
            lines.append(f"{name}\t{json.dumps(found, separators=(',', ':'))}")
    return lines


def _of_service(name: str, model: Mapping[str, Any]) -> dict[str, Any]:
    service = of_model(name, model, {})
    found: dict[str, dict[str, dict[str, list[str]]]] = {}
    # What is asked for API Gateway is a method of HTTP on a path.
    of_paths = "apigateway" in service.prefixes
    for operation, facts in sorted(model["operations"].items()) if not of_paths else ():
        inputs = facts.get("input")
        if inputs is None:
            continue
        members = tuple(_members(model["shapes"], inputs["shape"]))
        for prefix, action in asked(service, operation)[0]:
            more = [*_named(prefix, action, operation, members), *NAMED.get((name, operation), ())]
            taken = model["shapes"][inputs["shape"]].get("members", {})
            known = formats.formats(prefix, action, operation, frozenset(taken))
            more += by_type(model["shapes"], taken, known)
            more += alone(known, operation, frozenset(taken), {kind for kind, _, _ in more})
            owned = dict(owners(model["shapes"], taken, known))
            # A catalog of Glue is called by its account.
            more = [one for one in more if one[2] not in owned.values()]
            more += ((kind, OWNER, path) for kind, path in owned.items())
            for kind, part, path in more:
                of_path = found.setdefault(kind, {}).setdefault(part, {}).setdefault(path, [])
                of_path += [] if operation in of_path else [operation]
    return {
        kind: {
            part: {path: " ".join(operations) for path, operations in sorted(paths.items())}
            for part, paths in sorted(parts.items())
        }
        for kind, parts in sorted(found.items())
    }


def _members(shapes: Mapping[str, Any], name: str) -> Iterator[Member]:
    for text in texts(shapes, name):
        *holders, last = text.path.lower().split(".")
        # What is in tags is data, and recorded nowhere; the keys of maps are the caller's.
        if len(holders) < _DEEPEST and "tags" not in holders and "*" not in (*holders, last):
            said = text.said[0] or said_of(shapes[text.shapes[0]])
            inner = (said_of(shapes[one]) for one in text.shapes[1:])
            yield Member(text.path, plain(" ".join([said, *inner])))


def _named(
    prefix: str, action: str, operation: str, members: Collection[Member]
) -> Iterator[tuple[str, str, str]]:
    """Yield types, parts of their ARNs, and the parameters that are those."""
    inputs = frozenset(member.path for member in members if "." not in member.path)
    known = formats.formats(prefix, action, operation, inputs)
    taken = {name for one in known for name in (*one.parameters, one.whole) if name}
    free = [member for member in members if member.path not in taken]
    for one in known:
        parts = formats.parts(one.rest)
        others = {_plain_words(other.kind) for other in known if other is not one}
        for member in free:
            found = _part_of(member, one, parts, operation)
            if found is not None and (found in parts[:-1] or not _is_other(member, one, others)):
                yield one.kind, found, member.path
        for name in {*one.parameters} - {""}:
            said = next((member.documentation for member in members if member.path == name), "")
            if _kind_of(parts[one.parameters.index(name)]) == "id" and _may_be_name(said):
                yield one.kind, "*", name


def _part_of(
    member: Member,
    one: formats.Format,
    parts: tuple[str, ...],
    operation: str,
) -> str | None:
    """Return the part of an ARN that *member* is, `arn`, `*`, or None where it is about another."""
    for position, part in reversed(list(enumerate(parts))):
        # What is only called a name, or an id, is not the number of a version.
        is_number = not _words(member.path)[0] and part.lower().endswith("version")
        if is_number or (one.parameters[position] and "." not in member.path):
            continue
        wanted = _wanted(part, one.kind, is_last=position == len(parts) - 1)
        endings = _endings(member, wanted, operation)
        if endings:
            return _by_endings(endings, part, member, operation)
    if not parts and (endings := _endings(member, {_plain_words(one.kind)}, operation)):
        return "arn" if endings == {"arn"} else "*"
    return None


def _by_endings(endings: Collection[str], part: str, member: Member, operation: str) -> str:
    """Return what a parameter that is an ARN, a name or an id is of an ARN with *part*."""
    if set(endings) == {"arn"}:
        return "arn"
    wanted = _kind_of(part)
    # `DbShardGroupResourceId` is not what `DBShardGroupIdentifier` is.
    words = _words(part)[0]
    other_id = len(words) > 1 and words[-1] == "resource" and "id" not in words
    if other_id and "esource" not in member.path:
        return "*"
    fits = {"id": {"id", "identifier", "arn"}, "name": {"name", "identifier", "arn", ""}}
    is_source = _words(member.path.rpartition(".")[2])[0][:1] in [(word,) for word in _SOURCES]
    makes = is_source and wanted == "id" and _MAKING.match(operation)
    return part if not makes and set(endings) <= fits.get(wanted, set(endings)) else "*"


def _kind_of(part: str) -> str:
    """Return what a part of an ARN is: an `id`, a `name`, or what is not said."""
    ending = _words(part)[1]
    return "id" if ending == "identifier" else ending


def _wanted(part: str, kind: str, *, is_last: bool) -> set[str]:
    stem = "".join(_words(part)[0])
    stem = stem.removesuffix("resource") or stem
    # What is shorter is a word of its own: `db` of `DBName`, which is a database's.
    of_kind = {kind} if is_last and len(kind) > _SHORT else set[str]()
    found = {stem} - {"", "resource"} | of_kind
    return {_plain_words(one) for one in found}


def _is_other(member: Member, one: formats.Format, others: Collection[str]) -> bool:
    """Return whether a member is called as another type is, and not said to be this one."""
    words = _words(member.path.rpartition(".")[2])[0]
    called = {_plain_words("".join(words)), _plain_words("".join(_without(words)))}
    return bool(called & set(others)) and not _said(member.documentation, {_plain_words(one.kind)})


def _endings(member: Member, wanted: set[str], operation: str) -> set[str]:
    """Return whether a member is an id, a name or an ARN of what is *wanted*; else nothing."""
    *holders, leaf = member.path.split(".")
    stem, ending = _words(leaf)
    said = _said(member.documentation, wanted)
    held = (*_words(holders[-1])[0], *stem) if holders else stem
    first = _without(stem) if stem and ending else held
    named = {_plain_words("".join(first)), _plain_words("".join(held))}
    # `jobIdentifier` of `GetEvaluationJob`: what is got is an evaluation job.
    in_short = any(one in _plain_words(operation) and one.endswith(tuple(named)) for one in wanted)
    # `Id` of `GetChannel`, as `channelId` would be.
    is_bare = not stem and not holders and any(one in _plain_words(operation) for one in wanted)
    in_short = is_bare or (in_short and not holders and min(map(len, named)) > _SHORT)
    if not named & wanted and not in_short:
        shares = any(_plain_words(word) in one for word in _without(held) for one in wanted)
        if not said or not (shares or said == {"arn"} or set(stem) <= _VAGUE):
            return set()
    if said == {"arn"} and ending in ("identifier", ""):
        return said
    found = {ending} if ending else said or {""}
    if not named & wanted and found == {"identifier"}:
        return {"identifier", "name"}
    has_name = "name" in said or _may_be_name(member.documentation)
    return found | {"name"} if has_name and ending != "arn" else found


def _said(text: str, wanted: set[str]) -> set[str]:
    """Return what *text* says that a member is of what is wanted."""
    match = _SAID_TO_BE.search(text[:120])
    if match is None:
        return set()
    *kinds, what = match.groups()
    found = _AFTER.split(what)[0]
    stem = _words("".join(word.title() for word in re.split(r"[ -]", found)))[0]
    if _plain_words("".join(_without(stem))) not in wanted:
        return set()
    return {_ending(one) for one in kinds if one}


def _may_be_name(said: str) -> bool:
    """Return whether an id may be a name instead, and not that another parameter may be given."""
    sentences = (sentence for sentence in said[:300].split(". ") if not _ANOTHER.search(sentence))
    return any(_OR_NAME.search(_IN_FULL.sub("ARN", sentence)[:200]) for sentence in sentences)


def _ending(said: str) -> str:
    plain = said.lower().removesuffix("s")
    return "arn" if plain.startswith("amazon") else plain


@functools.cache
def _words(name: str) -> tuple[tuple[str, ...], str]:
    """Return the words of a name in the singular, and the ending that it has: id, name, arn."""
    plain = re.sub(
        r"(ARN|ID)(s?)(?![a-z])", lambda match: match.group(1).title() + match.group(2), name
    )
    found = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+", plain)
    words = [_singular(word.lower()) for word in found]
    if len(words) > 1 and words[-1] == "list":
        words.pop()
    ending = words.pop() if words and words[-1] in _ENDINGS else ""
    return tuple(words), ending


def _singular(word: str) -> str:
    plain = word.endswith("s") and len(word) > 2 and word[-2:] not in ("ss", "us", "is")
    return word.removesuffix("s") if plain else word


def _without(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return words without those that say which one is meant."""
    kept = tuple(word for word in words if word not in _WHICH)
    return kept or words


def _plain_words(text: str) -> str:
    """Return a text that is the same for two that say the same: `apps`, `application`."""
    plain = text.lower().removeprefix("db")
    for said, meant in _SAME:
        plain = plain.replace(said, meant)
    # Words in the singular and in the plural are the same.
    return plain.replace("s", "")

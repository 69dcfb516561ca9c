"""What an expression of a program may be: a set of things that are told apart here.

A `Value` is a frozen set of atoms. A text is its own atom, with `HOLE` for each part that nobody
knows and `pseudo("AWS::Region")` for what CloudFormation knows; so are None and numbers. The empty
value is what nothing has been found for yet; `UNKNOWN` among the atoms is what never can be known.
The engine makes each function, class, object and box once, so that they are compared as they are.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable

    from chalice.permissions.reading.program import ClassInfo, FunctionInfo

Value = frozenset[object]

#: The part of a text that is not known; no text of a program has this character.
HOLE = "\x00"

#: The parts of a text that CloudFormation knows; see `pseudo`.
MARK = re.compile("\x01([^\x02]*)\x02")
#: What each of those begins with.
MARKED = "\x01"

#: Most atoms of one value; past it, texts stand for anything.
MOST_ATOMS = 24

#: Most atoms without texts; past it, what only holds others stands for anything, and past the
#: second, what can be called does, too. Clients are kept for ever: there are few.
MOST_OBJECTS, MOST_FUNCTIONS = 48, 192

#: How deep containers that do not change are known: below, they hold anything.
DEEPEST_VALUE = 8

#: Longest text that is kept: ARNs are shorter. Source: IAM, "ARNs": at most 2,048 characters.
LONGEST_TEXT = 2048


# What there is once is compared as it is: sets ask for hashes all the time, and those of data
# classes are computed by Python.
@dataclass(frozen=True, slots=True, eq=False)
class Unknown:
    """Anything at all."""


UNKNOWN = Unknown()
#: False: like anything else that is no text and no number, but that a parameter is not given by it.
OFF = Unknown()


@dataclass(frozen=True, slots=True)
class Unset:
    """A variable that the stage does not have, asked for at *where*: None, where it runs.

    No operation takes it: beside something else, that is meant; alone, it stands for anything.
    """

    name: str
    where: str


NOTHING: Value = frozenset()
ANYTHING: Value = frozenset([UNKNOWN])


@dataclass(frozen=True, slots=True, eq=False)
class Lost:
    """Stands in a value that had too many of *what*: nothing of that kind is added any more."""

    what: str


LOST_TEXTS, LOST_OBJECTS, LOST_FUNCTIONS = Lost("texts"), Lost("objects"), Lost("functions")


def pseudo(name: str) -> str:
    """Return the part of a text that stands for a pseudo parameter of CloudFormation."""
    return f"\x01{name}\x02"


REGION = pseudo("AWS::Region")
ACCOUNT = pseudo("AWS::AccountId")
PARTITION = pseudo("AWS::Partition")


@dataclass(frozen=True, slots=True, eq=False)
class External:
    """A name of a module that is not of the project: `boto3.client`; see `external`."""

    name: str


@functools.cache
def external(name: str) -> Value:
    """Return the one value that stands for *name* of another package."""
    return frozenset([External(name)])


@dataclass(frozen=True, slots=True)
class ModuleOf:
    """A module of the project."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Closure:
    """A function of the project, with the run of the function that it was made in."""

    info: FunctionInfo
    outer: object


@dataclass(frozen=True, slots=True)
class Bound:
    """A method, with what it is called on."""

    function: Closure
    owner: object


@dataclass(frozen=True, slots=True, eq=False)
class ClassOf:
    """A class of the project, with the run of the function that it was made in."""

    info: ClassInfo
    outer: object


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """What a class makes at one place; *site* tells the places apart."""

    of: ClassOf
    site: object


@dataclass(frozen=True, slots=True)
class Super:
    """`super()` in a method of *of*, called on *owner*."""

    of: ClassOf
    owner: object


# Frozen ones take three times as long to make, and there is one for each list of each run.
@dataclass(slots=True, eq=False)
class Box:
    """A list, dict, set or object that changes; its content is in the store, by key."""

    node: object
    inside: object


@dataclass(frozen=True, slots=True)
class Tuple:
    """Values in order, what may follow them, and those of that which certainly come last."""

    items: tuple[Value, ...]
    rest: Value = NOTHING
    ends: tuple[Value, ...] = ()
    depth: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Let what is nested too deeply hold anything."""
        depth = 1 + max(map(_depth, (self.rest, *self.items)))
        if depth > DEEPEST_VALUE:
            object.__setattr__(self, "items", ())
            object.__setattr__(self, "rest", ANYTHING)
            object.__setattr__(self, "ends", ())
        object.__setattr__(self, "depth", min(depth, DEEPEST_VALUE))


@dataclass(frozen=True, slots=True)
class Record:
    """Values by name, and what may be under other names: keyword arguments."""

    items: tuple[tuple[str, Value], ...]
    rest: Value = NOTHING
    depth: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Let what is nested too deeply hold anything."""
        depth = 1 + max(map(_depth, (self.rest, *(item for _, item in self.items))))
        if depth > DEEPEST_VALUE:
            object.__setattr__(self, "items", ())
            object.__setattr__(self, "rest", ANYTHING)
        object.__setattr__(self, "depth", min(depth, DEEPEST_VALUE))


@dataclass(frozen=True, slots=True)
class Partial:
    """`functools.partial`: a callable with some of its arguments."""

    function: object
    args: tuple[Value, ...]
    keywords: tuple[tuple[str, Value], ...]
    depth: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Let what is nested too deeply call anything."""
        given = (*self.args, *(item for _, item in self.keywords))
        depth = 1 + max(map(_depth, (frozenset([self.function]), *given)))
        if depth > DEEPEST_VALUE:
            object.__setattr__(self, "function", UNKNOWN)
            object.__setattr__(self, "args", ())
            object.__setattr__(self, "keywords", ())
        object.__setattr__(self, "depth", min(depth, DEEPEST_VALUE))


@dataclass(frozen=True, slots=True)
class MethodOf:
    """A method of a container, a text or an object of the SDK."""

    owner: object
    name: str


@dataclass(frozen=True, slots=True)
class Generator:
    """What a function with `yield` returns."""

    items: Value
    depth: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Let what is nested too deeply hold anything."""
        depth = 1 + _depth(self.items)
        if depth > DEEPEST_VALUE:
            object.__setattr__(self, "items", ANYTHING)
        object.__setattr__(self, "depth", min(depth, DEEPEST_VALUE))


# --- what the SDK makes ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Session:
    """A session of boto3, botocore, aioboto3 or aiobotocore.

    Attributes:
        region: where it was named; `*` where it is only known when it runs, which ARNs take.
    """

    region: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """A client of a service; *endpoint* is its address, for services that it matters to."""

    service: str
    region: str = ""
    endpoint: str = ""


@dataclass(frozen=True, slots=True)
class ResourceOf:
    """A resource object: *type* is empty for the service's own, *identifiers* name which.

    One that is *listed* has its attributes from where it was found: nothing is called for them.
    """

    service: str
    type: str
    identifiers: tuple[tuple[str, Value], ...] = ()
    region: str = ""
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection of a resource object: `bucket.objects`; *listed* once it has been narrowed."""

    owner: ResourceOf
    name: str
    keywords: tuple[tuple[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Paginator:
    """What `client.get_paginator(...)` returns."""

    client: Client
    operation: str


@dataclass(frozen=True, slots=True)
class Waiter:
    """What `client.get_waiter(...)` returns."""

    client: Client
    name: str


@dataclass(frozen=True, slots=True)
class BatchWriter:
    """What `table.batch_writer()` returns."""

    table: ResourceOf


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """One call of an operation.

    Attributes:
        service: as botocore names it.
        operation: as the service names it: `GetObject`; `upload_file` for a transfer.
        params: what it was given, by name of the parameter.
        path: the file, relative to the project.
        node: the expression.
        region: the client's, where it was named; `*` for any.
        certain: parameters that a dict which it is given with `**` has each time.
    """

    service: str
    operation: str
    params: tuple[tuple[str, Value], ...]
    path: str
    node: ast.expr
    region: str = ""
    certain: frozenset[str] = frozenset()


def giving(value: Value) -> Partial:
    """Return what gives *value* once it is called: `typing.cast` gives its second argument."""
    return Partial(next(iter(external("typing.cast"))), (ANYTHING, value), ())


@functools.cache
def method_of_any(name: str) -> Value:
    """Return the value of the attribute *name* of something that is not known."""
    return frozenset([MethodOf(UNKNOWN, name)])


SDK = (Session, Client, ResourceOf, Collection, Paginator, Waiter, BatchWriter)
_PLAIN = (str, int, type(None))
_HOLDERS = frozenset({Tuple, Record, Generator, Instance, Box, External, MethodOf, ModuleOf, Super})


# Kinds are looked up among these rather than asked for by `isinstance`, which goes through all of
# them for each atom that is none.
_SDK = frozenset(SDK)
_NESTED = frozenset({Tuple, Record, Partial, Generator})

_LOST = frozenset({UNKNOWN, LOST_TEXTS})

#: Values that are looked at one by one to see whether they say anything new.
_FEW = 6

_TWO = HOLE + HOLE
_WRITTEN = (str, int)


def is_sdk(atom: object) -> bool:
    """Return whether *atom* is something that the SDK makes."""
    return type(atom) in _SDK


def join(found: Value, *values: Value) -> Value:
    """Return *found*, or what may be any of it and *values*.

    The atoms of a value are bounded, so that it can grow only so often. What is given up is marked
    and does not come back.
    """
    first = found
    if len(values) >= _FEW:
        found = found.union(*values)
    else:
        for value in values:
            # Most values are what is known already: no new set is made of them.
            if not value <= found:
                found = value if found <= value else found | value
    if len(found) <= MOST_ATOMS and LOST_TEXTS not in found:
        return found
    if LOST_TEXTS in found and (found is first or any(found is value for value in values)):
        return found
    # Texts are given up first: what can be called decides which actions are found at all.
    plain = [atom for atom in found if isinstance(atom, _PLAIN)]
    found = found.difference(plain) if plain else found
    found = found if found >= _LOST else found | _LOST
    if len(found) <= MOST_OBJECTS and LOST_OBJECTS not in found:
        return found
    others = [atom for atom in found if type(atom) not in _HOLDERS]
    found = frozenset([*others, LOST_OBJECTS])
    if len(found) <= MOST_FUNCTIONS and LOST_FUNCTIONS not in found:
        return found
    known = frozenset(_plain(atom) for atom in found if is_sdk(atom))
    return known | {UNKNOWN, LOST_TEXTS, LOST_OBJECTS, LOST_FUNCTIONS}


def _plain(atom: object) -> object:
    """Return an object of the SDK without what tells it from others of its kind."""
    if isinstance(atom, ResourceOf):
        return ResourceOf(atom.service, atom.type)
    if isinstance(atom, Collection):
        return Collection(ResourceOf(atom.owner.service, atom.owner.type), atom.name)
    if isinstance(atom, BatchWriter):
        return BatchWriter(ResourceOf(atom.table.service, atom.table.type))
    return atom


def _depth(value: Value) -> int:
    """Return how deep the containers in *value* are."""
    found = 0
    for atom in value:
        if type(atom) in _NESTED:
            found = max(found, int(getattr(atom, "depth", 0)))
    return found


def joined(values: Iterable[Value]) -> Value:
    """Return what may be any of *values*; nothing where there are none."""
    return join(NOTHING, *values)


# Programs give the same few texts again and again, each time that what they are in is run.
@functools.lru_cache(maxsize=4096)
def text(value: str) -> Value:
    """Return the value of one text."""
    return frozenset([value[:LONGEST_TEXT]])


def is_whole(value: str) -> bool:
    """Return whether each character of a text is known: methods of it can be followed."""
    return HOLE not in value and MARKED not in value


def texts(value: Value) -> list[str]:
    """Return the texts that *value* may be, each part that is not known as `HOLE`.

    None stands for a text that is not there yet: no operation takes it for one.
    """
    value = value - {None} or value
    found = [atom for atom in value if isinstance(atom, str)]
    return sorted(found) if len(found) == len(value) else sorted({*found, HOLE})


def concatenated(parts: Iterable[Value]) -> Value:
    """Return the texts that *parts* one after the other may be."""
    found = [""]
    for part in parts:
        ends = [
            str(a) if isinstance(a, _WRITTEN) else HOLE for a in part if type(a) is not Unset
        ] or [HOLE]
        if len(found) * len(ends) > MOST_ATOMS:
            ends = [HOLE]
        found = [start + end for start in found for end in ends]
    return frozenset([item[:LONGEST_TEXT].replace(_TWO, HOLE) for item in found])

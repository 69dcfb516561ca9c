"""The hashes that requirements ask for: `--hash=sha256:...`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from chalice.bundle.resolution import explain
from chalice.bundle.resolution.question import problem
from chalice.bundle.wheels import fits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chalice.bundle.inputs.choice import Inputs
    from chalice.bundle.inputs.requirements import Requirement
    from chalice.bundle.resolution.locked import Package
    from chalice.bundle.resolution.question import Question
    from chalice.bundle.wheels.fetch import WrongHash
    from chalice.bundle.wheels.fits import Offer
    from chalice.diagnostics import Problem

_HASH = re.compile(r"[#&]sha256=([0-9A-Fa-f]{64})")


def asked_for(lines: Sequence[Requirement], *, required: bool) -> dict[str, tuple[str, ...]] | None:
    """Return the hashes that each name may have; None where none are asked for.

    Where one requirement has hashes all must, as for pip; or where that is *required*.
    """
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        if line.hashes:
            found[line.name] = found.get(line.name, ()) + line.hashes
    if not found and not required:
        return None
    for line in lines:
        # uv and pip have kept to the one in the address.
        if in_address := _HASH.search(line.source):
            found[line.name] = (*found.get(line.name, ()), f"sha256:{in_address[1].lower()}")
    return found


def allowed(package: Package, hashes: Sequence[str] | None) -> Package:
    """Return *package* with the files only whose hash is one of *hashes*; with all for None."""
    if hashes is None:
        return package

    def promised(offer: Offer) -> Offer | None:
        known = {f"{algorithm}:{value}" for algorithm, value in offer.hashes.items()}
        if not known.isdisjoint(hashes):
            return offer
        # Of these the index says nothing: what comes is checked against them.
        unknown = tuple(said for said in hashes if said.partition(":")[0] not in offer.hashes)
        return replace(offer, one_of=unknown) if unknown else None

    wheels = tuple(found for offer in package.wheels if (found := promised(offer)))
    sdist = promised(package.sdist) if package.sdist else None
    return replace(package, wheels=wheels, sdist=sdist)


def missing(package: Package, where: str) -> Problem:
    """Return the problem of a package that has no hash where others have."""
    summary = f"{package.name} {package.version} is needed and has no hash, which all are to have"
    hint = "list every package with its hashes: `uv pip compile --generate-hashes`"
    return problem("requirement-unhashed", summary, where, hint)


def mismatch(package: Package, question: Question, where: str) -> Problem:
    """Return the problem of a package that has wheels for the target, all with other hashes."""
    offer = fits.best(package.wheels, question.tags)
    there = f"`{offer.name}` has sha256 `{offer.hashes.get('sha256', '?')}`" if offer else ""
    summary = (
        f"{package.name} {package.version} has no file with a hash that is asked for "
        f"which runs on {explain.said_target(question.target)}: {there}"
    )
    hint = "if that is the file you trust, list its hash: `--hash=sha256:...`"
    return problem("requirement-hash", summary, where, hint)


def broken_promise(package: Package, error: WrongHash, where: str, inputs: Inputs) -> Problem:
    """Return the problem of a file that has not the hash which a lock or an index says of it."""
    if inputs.locked:
        written = inputs.texts[0][1].splitlines()
        numbers = (n for n, line in enumerate(written, 1) if error.expected in line)
        line = next(numbers, 0)
        where = f"{inputs.kind}:{line}" if line else inputs.kind
    version = f"{package.name} {package.version}".strip()
    return problem("requirement-hash", f"{version}: {error.reason}", where, error.hint)

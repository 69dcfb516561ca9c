"""`local.user_pools`: what is wrong between issuers of tokens, and with the files of their keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chalice.config.reader import as_object, shown
from chalice.diagnostics import Problem
from chalice.model.declared import CognitoAuthorizer
from chalice.regions import partition_of
from chalice.rules import key_sets
from chalice.rules.facts import user_pool_issuer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalice.config.check import Effective
    from chalice.model.declared import AppModel

_POOL_OF_ARN = re.compile(r".*:userpool/([\w-]+)", re.ASCII)
_LATER = "until then tokens of this issuer are answered 500"


def between(effective: Effective) -> Iterator[Problem]:
    """Yield what is wrong between the issuers of a stage, and between what one of them says."""
    issuers: dict[str, str] = {}
    for name, pool in _pools(effective).items():
        where, label = _where(effective, name), _label(name)
        if "jwks_file" in pool and "jwks_url" in pool:
            yield Problem(
                "config-user-pool-keys",
                f"{label} has a `jwks_file` and a `jwks_url`: the file is read",
                where,
                "remove one of them",
                "warning",
            )
        issuer = _issuer(name, pool)
        before = issuers.setdefault(issuer, label)
        if before != label:
            yield Problem(
                "config-user-pool-issuer",
                f"{label} has the issuer of {before}, `{shown(issuer)}`",
                where,
                "give each an `issuer` of its own: tokens say by it whose keys verify them",
            )


def key_files(effective: Effective, read: Callable[[str], bytes]) -> Iterator[Problem]:
    """Yield a warning for each file in which there are no keys.

    They may be made while the application is served, which reads them anew.

    Args:
        effective: the stage for which they are read.
        read: returns the content of a file beside the configuration.
    """
    for name, pool in _pools(effective).items():
        file = pool.get("jwks_file")
        if not isinstance(file, str) or not file:
            continue
        place = effective.document.beside(file)
        try:
            if not key_sets.public_keys(read(file).decode()):
                summary = f"`{place}` has no RSA or EC key with a `kid`"
                hint = f"put the public keys of the issuer there; {_LATER}"
                yield Problem("config-file-keys", summary, place, hint, "warning")
        except OSError as error:
            summary = f"{_label(name)} names `{place}`, which cannot be read: {error.strerror}"
            hint = f"put the key set of the issuer there; {_LATER}"
            yield Problem("config-file-missing", summary, _where(effective, name), hint, "warning")
        except ValueError as error:
            why = "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
            hint = f'write `{{"keys": [...]}}`, as the issuer publishes it; {_LATER}'
            summary = f"`{place}` is no key set: {why}"
            yield Problem("config-file-keys", summary, place, hint, "warning")


def unused(effective: Effective, model: AppModel) -> Iterator[Problem]:
    """Yield a warning for each issuer whose tokens no authorizer of the application takes."""
    arns = [
        arn
        for item in model.authorizers
        if isinstance(item, CognitoAuthorizer)
        for arn in item.provider_arns
    ]
    known = [found[1] for found in map(_POOL_OF_ARN.fullmatch, arns) if found is not None]
    if len(known) < len(arns):
        return  # a problem of its own, or a name that the deployment fills in
    for name in _pools(effective):
        if name not in known:
            yield Problem(
                "config-user-pool-unused",
                f"{_label(name)} is of no authorizer of the application",
                _where(effective, name),
                f"known are {', '.join(sorted(known)) or 'none'}: write one of them, or remove it",
                "warning",
            )


def _pools(effective: Effective) -> dict[str, dict[str, object]]:
    written = as_object(as_object(effective.get("local")).get("user_pools"))
    return {name: as_object(item) for name, item in written.items()}


def _where(effective: Effective, name: str) -> str:
    return effective.where("local", "user_pools", name)


def _label(name: str) -> str:
    return f"`local.user_pools.{shown(name)}`"


def _issuer(name: str, pool: dict[str, object]) -> str:
    """Return whom tokens of a pool name: what is written, else what AWS writes into them."""
    written = pool.get("issuer")
    if isinstance(written, str):
        return written
    if "://" in name:
        return name
    region = name.rpartition("_")[0]
    return user_pool_issuer(partition_of(region), region, name)

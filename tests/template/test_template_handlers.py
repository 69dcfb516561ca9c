"""Handlers that a merged template names."""

import json
import re

import pytest

from chalice.diagnostics import InvalidApp
from chalice.resources.parts import Graph, Resource
from chalice.template import files
from chalice.template.merging import opened

GRAPH = Graph(
    (
        Resource(
            "JobsClean",
            "AWS::Lambda::Function",
            {"Handler": "chalice.functions.jobs_clean", "Code": "./deployment.zip"},
        ),
    ),
    functions=("jobs_clean", "tell"),
)
AGAIN = {"Type": "AWS::Lambda::Function"}


def told(tmp_path, graph=GRAPH, **resources):
    path = tmp_path / "extra.json"
    path.write_text(json.dumps({"Resources": resources}, indent=1))
    try:
        found = files.written(graph, files.Output("json", (opened(path),))).warnings
    except InvalidApp as error:
        found = error.problems
    return [re.sub(r"^.*extra", "extra", str(item)) for item in found if "merge-" not in item.code]


def handler(name, **properties):
    return {"Properties": {"Handler": name, **properties}}


@pytest.mark.parametrize("written", ["chalice.functions.job_clean", "chalice/functions.job_clean"])
def test_a_name_of_no_function_is_told_with_its_line_and_the_nearest(tmp_path, written):
    (problem,) = told(tmp_path, JobsClean=handler(written))

    assert problem == (
        "extra.json:5: the handler `chalice.functions.job_clean` of `JobsClean` names no function"
        " of the application; write `chalice.functions.jobs_clean` [handler-missing]"
    )


def test_where_none_is_near_all_are_named(tmp_path):
    (problem,) = told(tmp_path, JobsClean=handler("chalice.functions.nothing"))

    assert "write `chalice.functions.jobs_clean`, `chalice.functions.tell`" in problem


def test_a_further_function_of_the_same_package_is_looked_at_too(tmp_path):
    again = {**AGAIN, **handler("chalice.functions.jobs", Code="./deployment.zip")}

    (problem,) = told(tmp_path, Again=again)

    assert "of `Again` names no function" in problem


@pytest.mark.parametrize(
    "resource",
    [
        handler("chalice.functions.tell"),
        handler("app.nothing"),
        handler({"Ref": "Handler"}),
        handler("chalice.functions.nothing", Code={"ZipFile": "..."}),
    ],
    ids=["of the application", "in the package", "an expression", "other code"],
)
def test_what_is_there_or_elsewhere_is_no_problem(tmp_path, resource):
    assert told(tmp_path, JobsClean=resource) == []


ROLE_OF = {"Fn::GetAtt": ["ReportRole", "Arn"]}
OWN = "chalice.functions.report"


def own(name, handler, role):
    properties = {"Handler": handler, "Code": "./deployment.zip", "Role": role}
    return Resource(name, "AWS::Lambda::Function", properties)


def graph(*, generated=True, tick="TickRole"):
    """Return two functions, and a role for each unless they are to share one."""
    names = dict.fromkeys(("ReportRole", tick))
    return Graph(
        (
            *(Resource(name, "AWS::IAM::Role", {}, generated=generated) for name in names),
            own("Report", OWN, ROLE_OF),
            own("Tick", "app.tick_tock", {"Fn::GetAtt": [tick, "Arn"]}),
            own("APIHandler", "app.app", {"Fn::GetAtt": [tick, "Arn"]}),
        ),
        functions=("report", "tick"),
    )


def told_of(tmp_path, made, **resources):
    return [item for item in told(tmp_path, graph=made, **resources) if "of-another" in item]


@pytest.mark.parametrize(
    "written", ["chalice.functions.tick", "chalice/functions.tick", "app.tick_tock"]
)
def test_a_handler_of_another_function_is_told_as_the_role_is_not_made_for_it(tmp_path, written):
    (problem,) = told_of(tmp_path, graph(), Report=handler(written))

    assert problem == (
        "extra.json:5: `Report` runs the code of `tick`; its role is made for that of"
        " `report`; give it the role of that function (`Role: !GetAtt TickRole.Arn`), or one of its"
        " own [handler-of-another]"
    )


@pytest.mark.parametrize("code", ["./deployment.zip", {"S3Bucket": "b", "S3Key": "k"}])
def test_a_further_function_with_a_role_for_other_code_is_told(tmp_path, code):
    properties = handler("chalice.functions.tick", Code=code, Role=ROLE_OF)

    (problem,) = told_of(tmp_path, graph(), Again={**AGAIN, **properties})

    assert "`Again` runs the code of `tick`; its role is made for that of `report`" in problem


def test_the_handler_of_the_api_is_that_of_another_too(tmp_path):
    (runs,) = told_of(tmp_path, graph(), Report=handler("app.app"))
    (made,) = told_of(tmp_path, graph(), APIHandler=handler(OWN))

    assert "`Report` runs the code of `APIHandler`" in runs
    assert (
        "`APIHandler` runs the code of `report`; its role is made for that of `tick`, `APIHandler`"
        in made
    )


@pytest.mark.parametrize(
    ("made", "resources"),
    [
        (graph(tick="ReportRole"), {"Report": handler("chalice.functions.tick")}),
        (graph(generated=False), {"Report": handler("chalice.functions.tick")}),
        (graph(), {"Report": handler(OWN)}),
        (graph(), {"Report": handler("chalice.functions.tick", Role={"Ref": "Theirs"})}),
        (
            graph(),
            {"Report": handler("chalice.functions.tick", Role={"Fn::GetAtt": ["TickRole", "Arn"]})},
        ),
        (
            graph(),
            {
                "Report": handler("chalice.functions.tick"),
                "ReportRole": {"Properties": {"Policies": []}},
            },
        ),
        (graph(), {"Report": handler("app.tell")}),
        (graph(), {"Report": {"Properties": {"Timeout": 3}}}),
    ],
    ids=[
        *("a shared role", "policies of a file", "its own", "a role of theirs"),
        *("the role of that", "policies of theirs", "other code", "another property"),
    ],
)
def test_a_role_that_is_made_for_the_code_or_by_somebody_is_no_problem(tmp_path, made, resources):
    assert told_of(tmp_path, made, **resources) == []

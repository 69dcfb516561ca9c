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


def told(tmp_path, **resources):
    path = tmp_path / "extra.json"
    path.write_text(json.dumps({"Resources": resources}, indent=1))
    try:
        found = files.written(GRAPH, files.Output("json", (opened(path),))).warnings
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

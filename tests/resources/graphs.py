"""Graphs of projects, for tests."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path

from tests.projects import write_project

from chalice.model.load import uninstall
from chalice.project import load_project
from chalice.resources import Code, CodePolicy, graph
from chalice.resources.compose import nothing

STORE = Path(__file__).parent / "store"
THEIRS = STORE.with_name("store.aws-chalice-1.34.json")
IN_S3 = {"S3Bucket": "bucket", "S3Key": "key"}

APP = """
    from chalice import AuthResponse, Chalice

    app = Chalice(app_name="demo")

    @app.route("/")
    def index():
        return {}

    @app.lambda_function()
    def report(event, context):
        return {}
"""


@contextmanager
def loaded(directory, stage="dev"):
    """Give the project in *directory*, and forget its modules afterwards."""
    before, path = Path.cwd(), list(sys.path)
    os.chdir(directory)
    try:
        yield load_project(directory, stage, {})
    finally:
        uninstall()
        os.chdir(before)
        sys.path[:] = path


def graph_in(directory, stage="dev", *, code=None, policies=None):
    """Return the graph of the project in *directory*."""
    with loaded(directory, stage) as project:
        chosen = code or Code(IN_S3, IN_S3 if project.settings.automatic_layer else None)
        return graph(
            project.model,
            project.settings,
            chosen,
            policies=policies or nothing,
            written=project.written,
        )


def graph_of(directory, config=None, app=APP, *, files=None, **options):
    """Return the graph of a project that is written into *directory* first."""
    text = json.dumps({"version": "2.0", **(config or {})}, indent=1)
    write_project(directory, app, text, files)
    return graph_in(directory, **options)


def needing(**statements):
    """Return what says that the code of functions needs *statements*, each once."""

    def policies(functions):
        found = [item for name in functions for item in statements.get(name, ())]
        return CodePolicy(tuple(item for at, item in enumerate(found) if item not in found[:at]))

    return policies


def resources(found):
    """Return the resources of a graph by their logical ids."""
    return {item.logical_id: item for item in found.resources}


def their_template(stage="dev", *, code=None, runtime="python3.12"):
    """Return the template of AWS Chalice for `store/`, as the Serverless transform makes it.

    What is not recorded of it is filled in: code, runtimes, and a definition, which is ours.
    """
    recorded = json.loads(THEIRS.read_text(encoding="utf-8"))[stage]
    definition = resources(graph_in(STORE, stage))["RestAPI"].properties["Body"]
    filled = {
        "AWS::Lambda::Function": {"Code": code or IN_S3, "Runtime": runtime},
        "AWS::Lambda::LayerVersion": {"Content": code or IN_S3, "CompatibleRuntimes": [runtime]},
        "AWS::ApiGateway::RestApi": {"Body": definition},
    }
    for item in recorded["Resources"].values():
        item["Properties"].update(filled.get(item["Type"], {}))
    return {"AWSTemplateFormatVersion": "2010-09-09", **recorded}

"""Each list against botocore's model of a service, which is read once for all of them."""

import functools
import re
from pathlib import Path

import pytest
from scripts.authorization.models import MAKING_NOTHING, along, names, texts
from scripts.authorization.recorded import is_sensitive
from tests.permissions import sentences
from tests.permissions.asked import PACKAGES, as_recorded, load, model_of

from chalice.permissions import read
from chalice.permissions.granting import places
from chalice.permissions.granting.besides import listed, passing, roles, tagging
from chalice.permissions.granting.given import call_of
from chalice.permissions.granting.resources import naming
from chalice.permissions.lists import lines
from chalice.permissions.proving.recorder.keeping import ARN_ALONE, GIVEN
from chalice.permissions.reading.services import Services
from chalice.permissions.reading.values import DEEPEST_VALUE

ENGINE = read({"app.py": b""}, {}, Services(load)).engine
LISTS = {
    "dependents": listed.places_of,
    "naming": naming.places_of,
    "roles": roles.places_of,
    "tags": tagging.places_of,
}
HANDED_ON = "arn:aws:iam::123456789012:role/runs"
PROFILE = "arn:aws:iam::123456789012:instance-profile/runs"
SENSITIVE = Path(__file__).parent / "sensitive.txt"
SENTENCES = Path(__file__).parent / "sentences.txt"


@pytest.fixture(scope="module", params=names(PACKAGES))
def service(request):
    return request.param


def taken_by(service):
    """Return what each operation of a service takes: the name of a shape."""
    operations = model_of(service)["operations"].items()
    return {name: found["input"]["shape"] for name, found in operations if "input" in found}


@functools.lru_cache(maxsize=1)
def texts_of(service):
    """Return the texts that each operation takes, but of those that make nothing."""
    return {
        name: list(texts(model_of(service)["shapes"], shape))
        for name, shape in taken_by(service).items()
        if not MAKING_NOTHING.match(name)
    }


def test_each_place_on_a_list_is_one_in_what_the_operation_takes(service):
    shapes, taken = model_of(service)["shapes"], taken_by(service)

    wrong = [
        (name, operation, place)
        for name, places_of in LISTS.items()
        for operation, place in places_of(service)
        if operation not in taken or along(shapes, taken[operation], place.replace("!", "")) is None
    ]

    assert wrong == []


# --- what is recorded --------------------------------------------------------------------------


def recorded(service):
    """Yield each operation on the list with a place whose text is recorded."""
    for line in filter(None, lines("recorded").get(service, "").split(",")):
        operation, *of_operation = line.split()
        yield from ((operation, at) for at in of_operation if not at.endswith((ARN_ALONE, GIVEN)))


def test_what_is_sensitive_and_recorded_is_a_list_to_be_read(service):
    """Written again by hand where the list changes: a policy names what each of these says."""
    shapes, taken = model_of(service)["shapes"], taken_by(service)

    found = [
        f"{service} {operation} {place}"
        for operation, place in recorded(service)
        if is_sensitive(shapes, taken.get(operation, ""), place)
        # Of what holds others, those are not recorded: tags.
        if along(shapes, taken[operation], place)[-1][-1]["type"] == "string"
    ]

    reviewed = [line for line in SENSITIVE.read_text().splitlines() if line.split()[0] == service]
    assert sorted(found) == reviewed


# --- keys --------------------------------------------------------------------------------------

# Services whose keys are another's matter, and operations whose service lets in no caller: see
# `scripts.authorization.keys`.
NOT_ASKED = {
    *("accessanalyzer", "kms", "payment-cryptography", "payment-cryptography-data"),
    *("s3", "s3control", "securityhub"),
}
NOTHING_ASKED = {
    *(("cloudtrail", name) for name in ("CreateTrail", "UpdateTrail")),
    *(("ec2", f"CreateLaunchTemplate{end}") for end in ("", "Version")),
    *(("logs", name) for name in ("AssociateKmsKey", "CreateLogGroup")),
}
KEY = re.compile(r"\w*kms_?(master)?_?key_?(id|arn|identifier)?", re.IGNORECASE)


def test_whatever_parameter_is_called_a_key_is_one_that_is_asked_for(service):
    missed = [
        (operation, text.path)
        for operation, every in texts_of(service).items()
        if service not in NOT_ASKED and (service, operation) not in NOTHING_ASKED
        for known in [{at for row in listed.rows(service).get(operation, ()) for at in row.paths}]
        for text in every
        if KEY.fullmatch(text.name) and text.path not in known
    ]

    assert missed == []


# --- roles -------------------------------------------------------------------------------------

# Roles that nobody hands on: who calls assumes them, or reads of them, or they are no roles of IAM.
NOT_HANDED_ON = {
    *("account-access-runtime", "cognito-identity", "iam", "lakeformation", "license-manager"),
    *("neptunedata", "securityhub", "sts"),
}
# Which finding of an audit is suppressed, what a report is about, and what a role assumes.
NO_ROLES = {
    ("iot", "iamRoleArn"),
    ("inspector2", "lambdaFunctionExecutionRoleArn"),
    ("sagemaker", "AssumableRoleArns"),
}


def test_each_role_that_an_operation_takes_is_on_the_list(service):
    known = roles.listed(service).roles

    missing = [
        (operation, text.name)
        for operation, every in texts_of(service).items()
        if service not in NOT_HANDED_ON
        for text in every
        if re.search("RoleArns?$", text.name, re.IGNORECASE)
        if text.name not in {places.names_of(place)[-1] for place in known.get(operation, ())}
    ]

    assert {(service, name) for _, name in missing} <= NO_ROLES, missing


def filled(shapes, name, steps, text):
    """Return what a member is where *text* stands at *steps* in it; None where that is no place."""
    shape = shapes[name]
    if shape["type"] == "list":
        return [filled(shapes, shape["member"]["shape"], steps, text)]
    if not steps:
        return text if shape["type"] == "string" else None
    first, *rest = steps
    if shape["type"] == "map":
        return {"authenticated": filled(shapes, shape["value"]["shape"], rest, text)}
    member = first.removesuffix("!")
    is_required = member in shape.get("required", ())
    if is_required != first.endswith("!"):
        return None
    return {member: filled(shapes, shape["members"][member]["shape"], rest, text)}


def each_role(service):
    """Yield each place of a role, of what operation it is, and whether it is one of profiles."""
    found = roles.listed(service)
    for is_profile, by_operation in enumerate((found.roles, found.profiles)):
        for operation, of_operation in by_operation.items():
            yield from ((operation, place, bool(is_profile)) for place in of_operation)


def test_the_role_at_each_place_is_handed_on_and_that_is_recorded(service):
    shapes, taken = model_of(service)["shapes"], taken_by(service)
    different = []

    for operation, place, is_profile in each_role(service):
        text = PROFILE if is_profile else HANDED_ON
        given = filled(shapes, taken[operation], place.split("."), text)
        assert "None" not in repr(given), (operation, place)
        handed_on = passing.passed(call_of(as_recorded(service, operation, given), ENGINE))
        found = {arn for _, _, arns in handed_on for arn in arns}
        is_too_deep = place.count(".") > DEEPEST_VALUE
        if (HANDED_ON not in found or len(found) > 1 + is_profile) and not is_too_deep:
            different.append((operation, place, found))

    assert different == []


# --- what the models say of permissions ----------------------------------------------------------


@functools.cache
def decided():
    """Return what is decided of sentences: service, place and action."""
    lines_of = (line.split() for line in SENTENCES.read_text("utf-8").splitlines())
    return {
        (service, where, action)
        for service, where, _, *actions in (words for words in lines_of if words[0] != "#")
        for action in actions
    }


def test_an_action_that_a_sentence_names_is_asked_for_or_decided(service):
    """Where this fails, a row of `scripts.authorization.said` is missing, or a line of the list."""
    model = model_of(service)
    asked_for = functools.cache(sentences.asked_for)

    left = {
        (service, where, action)
        for where, actions in sentences.named(model).items()
        for operations in [sentences.taking(model, where)]
        for action in actions
        if not operations
        or any(action.lower() not in asked_for(service, name) for name in operations)
    }

    assert left == {found for found in decided() if found[0] == service}

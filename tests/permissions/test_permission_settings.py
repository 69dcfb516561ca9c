"""Settings of pydantic: which variables their fields are, and where that is not sure."""

import pytest
from tests.permissions.asked import load

from chalice.permissions import policy_of, read, shown
from chalice.permissions.reading.services import Services

SERVICES = Services(load)
HEAD = """
from typing import Annotated
import boto3
from pydantic import BaseModel, Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
"""
NESTED = """
class Part(BaseModel):
    bucket: str = "default"
class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="APP_", env_nested_delimiter="__")
    part: Part = Part()
    bucket: str = "plain"
"""


def buckets(classes, expression, environ):
    source = f"{HEAD}{classes}\nboto3.client('s3').get_object(Bucket={expression}, Key='k')\n"
    policy = policy_of(read({"app.py": source.encode()}, environ, SERVICES))
    found = (shown(item) for one in policy.statements for item in one.resources)
    return sorted(item.rpartition(":")[2].removesuffix("/k") for item in found)


SURE = {
    "a prefix below the field": (
        (
            'class Base(BaseSettings):\n    b: str = "d"\n'
            'class Settings(Base):\n    model_config = {"env_prefix": "APP_"}'
        ),
        {"APP_B": "real"},
    ),
    "a field of a base that has no settings": (
        'class Base(BaseModel):\n    b: str = "d"\nclass Settings(Base, BaseSettings): ...',
        {"B": "real"},
    ),
    "an alias in Annotated": (
        (
            "class Settings(BaseSettings):\n"
            '    b: Annotated[str, Field(validation_alias="OTHER")] = "d"'
        ),
        {"OTHER": "real"},
    ),
    "a prefix as a keyword of the class": (
        'class Settings(BaseSettings, env_prefix="APP_"):\n    b: str = "d"',
        {"APP_B": "real"},
    ),
}


@pytest.mark.parametrize(("classes", "environ"), SURE.values(), ids=SURE)
def test_a_field_is_its_variable(classes, environ):
    assert buckets(classes, "Settings().b", environ) == ["real"]


NOT_SURE = {
    "names that are computed": (
        "class Settings(BaseSettings):\n"
        '    model_config = SettingsConfigDict(alias_generator=lambda name: "MY_" + name)\n'
        '    b: str = "d"'
    ),
    "an alias that is computed": (
        'class Settings(BaseSettings):\n    b: str = Field("d", validation_alias=name_of())'
    ),
    "a validator": (
        'class Settings(BaseSettings):\n    b: str = "d"\n    @field_validator("b")\n'
        '    def changed(cls, value): return value + "-x"'
    ),
    "fields in Config": (
        'class Settings(BaseSettings):\n    b: str = "d"\n'
        '    class Config:\n        fields = {"b": {"env": "X"}}'
    ),
}


@pytest.mark.parametrize("classes", NOT_SURE.values(), ids=NOT_SURE)
def test_a_field_may_be_anything_where_its_variable_or_its_value_is_computed(classes):
    assert "*" in buckets(classes, "Settings().b", {"MY_B": "real", "B": "real", "X": "real"})


def test_a_prefix_that_is_said_where_settings_are_made_is_that_of_the_object():
    classes = 'class Settings(BaseSettings):\n    b: str = "d"'
    environ = {"APP_B": "real", "OTHER_B": "other"}

    assert buckets(classes, 'Settings(_env_prefix="APP_").b', environ) == ["real"]
    assert buckets(classes, "Settings().b", environ) == ["d"]
    assert "*" in buckets(classes, "Settings(_env_prefix=prefix()).b", environ)


def test_a_part_of_a_field_may_be_a_variable():
    environ = {"APP_PART__BUCKET": "real"}

    assert buckets(NESTED, "Settings().part.bucket", environ) == ["*"]
    assert buckets(NESTED, "Settings().bucket", {"APP_PART__NAME": "x"}) == ["plain"]

"""Results as JSON, held against the encoder of Lambda's own runtime."""

import decimal
import sys
from collections import OrderedDict, namedtuple
from decimal import Decimal
from enum import Enum, IntEnum

import pytest
from awslambdaric.lambda_runtime_exception import FaultException
from awslambdaric.lambda_runtime_marshaller import LambdaMarshaller

from chalice.invoke.marshal import MarshalError, marshal

Point = namedtuple("Point", "x y")  # noqa: PYI024 - what applications use


class Colour(IntEnum):
    RED = 1


class Word(str, Enum):  # noqa: UP042 - what applications use
    A = "a"


SAME = {
    "nothing": None,
    "text": 'é "quoted" \u2603 \x00 \n',
    "numbers": [1, -2, 1.5, 1e100, 10**30, True],
    "not a number": [float("nan"), float("inf"), -float("inf")],
    "decimals": {"a": Decimal("1.50"), "b": [Decimal("1E+3")], "c": Decimal("NaN")},
    "named tuples": [Point(1, Point(2, [Point(3, None)]))],
    "tuples": (1, (2, ())),
    "bytes within": {"a": b"text"},
    "keys": {1: 1, 1.5: 2, None: 4, "a": 5},
    "keys of bytes": {b"a": 1},
    "subclasses": [OrderedDict(a=1), Colour.RED, Word.A],
    "an empty object": {},
    "an object that nests": {"a": {"b": {"c": [{}]}}},
}


@pytest.mark.parametrize("value", SAME.values(), ids=SAME.keys())
def test_results_are_encoded_as_lambda_encodes_them(value, monkeypatch):
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    monkeypatch.setenv("AWS_EXECUTION_ENV", f"AWS_Lambda_python{version}")
    theirs, _ = LambdaMarshaller().marshal_response(value)

    assert marshal(value).decode() == theirs


REFUSED = {
    "a set": {1},
    "an object": object(),
    "deep within": {"a": [{"b": {1, 2}}]},
    "complex numbers": 1j,
    "bytes that are no text": [b"\xff"],
    "a key that is a tuple": {(1, 2): 3},
}


@pytest.mark.parametrize("value", REFUSED.values(), ids=REFUSED.keys())
def test_what_json_cannot_hold_is_refused_as_lambda_refuses_it(value):
    with pytest.raises(FaultException):
        LambdaMarshaller().marshal_response(value)

    with pytest.raises(MarshalError, match=r"^Unable to marshal response: "):
        marshal(value)


def test_a_result_that_holds_itself_is_refused():
    value = []
    value.append(value)

    with pytest.raises(MarshalError):
        marshal(value)


def test_half_of_a_surrogate_pair_is_escaped():
    assert marshal("\ud800") == b'"\\ud800"'


def test_the_context_of_decimals_does_not_matter():
    with decimal.localcontext() as context:
        context.prec = 2

        assert marshal(Decimal("1.23456")) == b"1.23456"

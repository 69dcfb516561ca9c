"""What a case expects -> assertions about an answer."""

import base64
import json
import re
from collections.abc import Callable
from typing import Any

from tests.conformance.translate import Untranslated
from tests.conformance.ways import Answer

Json = dict[str, Any]


class Seen:
    """An answer, with the accessors that expectations use."""

    def __init__(self, answer: Answer, authorizer_events: list[Any]) -> None:
        self.status = answer.status
        self.headers = tuple(answer.headers)
        self.body = answer.body
        self.authorizer_events = authorizer_events

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def event(self) -> Any:
        """Return the event that an echoing function got."""
        assert self.status == 200, (self.status, self.body)
        return json.loads(self.body)


def check(expect: Json, seen: Seen) -> None:
    """Assert everything that *expect* says."""
    for key, wanted in expect.items():
        if key not in _CHECKS:
            raise Untranslated(f"expect: {key}")
        _CHECKS[key](seen, wanted)


def fails(expect: Json, seen: Seen) -> bool:
    """Whether *seen* is not what *expect* says."""
    try:
        check(expect, seen)
    except AssertionError:
        return True
    return False


def _status(seen: Seen, wanted: int) -> None:
    assert seen.status == wanted, seen.body[:200]


def _body(seen: Seen, wanted: str) -> None:
    assert seen.body == wanted.encode()


def _body_json(seen: Seen, wanted: Any) -> None:
    assert json.loads(seen.body) == wanted


def _body_is_json(seen: Seen, wanted: bool) -> None:
    try:
        json.loads(seen.body)
    except ValueError:
        assert not wanted
    else:
        assert wanted


def _headers(seen: Seen, wanted: Json) -> None:
    for name, value in wanted.items():
        if name.lower() == "content-length":
            # Framing is the server's; what it counts is the same on every way.
            assert str(len(seen.body)) == value
        else:
            assert seen.values(name) == [value], name


def _header_values(seen: Seen, wanted: Json) -> None:
    for name, values in wanted.items():
        assert seen.values(name) == values


def _header_name_case(seen: Seen, wanted: str) -> None:
    assert {name for name, _ in seen.headers if name.lower() == wanted.lower()} == {wanted}


def _headers_absent(seen: Seen, wanted: list[str]) -> None:
    assert not [name for name in wanted if seen.values(name)]


def _headers_present(seen: Seen, wanted: list[str]) -> None:
    assert not [name for name in wanted if not seen.values(name)]


def _event(seen: Seen, wanted: Json) -> None:
    _contains(seen.event(), wanted, "event")


def _contains(found: Any, wanted: Any, place: str) -> None:
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            assert key in found, f"{place}.{key}"
            _contains(found[key], value, f"{place}.{key}")
    else:
        assert found == wanted, place
        assert type(found) is type(wanted), place


def _at(event: Any, place: str) -> Any:
    for part in place.split("."):
        event = event[part]
    return event


def _event_keys(seen: Seen, wanted: list[str]) -> None:
    assert sorted(seen.event()) == sorted(wanted)


def _event_keys_at(seen: Seen, wanted: Json) -> None:
    for place, keys in wanted.items():
        assert sorted(_at(seen.event(), place)) == sorted(keys)


def _is_there(seen: Seen, place: str) -> bool:
    try:
        _at(seen.event(), place)
    except KeyError:
        return False
    return True


def _event_absent(seen: Seen, wanted: list[str]) -> None:
    assert not [place for place in wanted if _is_there(seen, place)]


def _event_present(seen: Seen, wanted: list[str]) -> None:
    assert not [place for place in wanted if not _is_there(seen, place)]


def _served_by(seen: Seen, wanted: str) -> None:
    named = seen.values("x-served-by")
    assert (named or [seen.event()["resource"]]) == [wanted]


def _served_method(seen: Seen, wanted: str) -> None:
    assert seen.values("x-served-method") == [wanted]


def _authorizer_event(seen: Seen, wanted: Json) -> None:
    _contains(seen.authorizer_events[-1], wanted, "event")


def _body_contains(seen: Seen, wanted: str) -> None:
    assert wanted.encode() in seen.body


def _body_pattern(seen: Seen, wanted: str) -> None:
    assert re.search(wanted, seen.body.decode())


def _body_base64(seen: Seen, wanted: str) -> None:
    assert seen.body == base64.b64decode(wanted)


def _authorizer_invoked(seen: Seen, wanted: bool) -> None:
    assert bool(seen.authorizer_events) is wanted


def _authorizer_event_keys(seen: Seen, wanted: list[str]) -> None:
    assert sorted(seen.authorizer_events[-1]) == sorted(wanted)


def _nothing(_: Seen, __: Any) -> None:
    """`body_before_2026` tells what AWS answered once."""


_CHECKS: dict[str, Callable[[Seen, Any], None]] = {
    "status": _status,
    "body": _body,
    "body_json": _body_json,
    "body_contains": _body_contains,
    "body_pattern": _body_pattern,
    "body_base64": _body_base64,
    "body_is_json": _body_is_json,
    "body_before_2026": _nothing,
    "headers": _headers,
    "header_values": _header_values,
    "header_name_case": _header_name_case,
    "headers_absent": _headers_absent,
    "headers_present": _headers_present,
    "event": _event,
    "event_keys": _event_keys,
    "event_keys_at": _event_keys_at,
    "event_absent": _event_absent,
    "event_present": _event_present,
    "served_by": _served_by,
    "served_method": _served_method,
    "authorizer_invoked": _authorizer_invoked,
    "authorizer_event": _authorizer_event,
    "authorizer_event_keys": _authorizer_event_keys,
}

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalice.model.paths import captures, clashes, faults, prefixes

WELL_FORMED = [
    "/",
    "/a",
    "/a/b-c/d_e/f.g/h,i/j:k",
    "/{id}",
    "/a/{id}/b/{name}",
    "/{proxy+}",
    "/a/{id}/{rest+}",
    "/A1/{_x9}",
]

# Path, code, and a part of the hint.
FAULTY = [
    ("", "route-path-empty", "write `/`"),
    ("a", "route-leading-slash", "write `/a`"),
    ("/a/", "route-trailing-slash", "write `/a`"),
    ("/a//b", "route-empty-segment", "write `/a/b`"),
    ("//", "route-empty-segment", "write `/`"),
    ("/a b", "route-path-characters", "letters"),
    ("/caf\u00e9", "route-path-characters", "letters"),
    ("/a%20b", "route-path-characters", "letters"),
    ("/users/<id>", "route-path-characters", "write `/users/{id}`"),
    ("/users/<int:id>", "route-path-characters", "write `/users/{id}`"),
    ("/a?b=1", "route-path-characters", "query_params"),
    ("/files/*", "route-path-characters", "write `/files/{proxy+}`"),
    ("/a{b}", "route-capture-partial", "write `/a/{b}`".replace("/a/", "a/")),
    ("/{a}{b}", "route-capture-partial", "write `{a}/{b}`"),
    ("/{a", "route-capture-partial", "write `{a}`"),
    ("/a}", "route-capture-partial", "write `{a}`"),
    ("/{{a}}", "route-capture-partial", "{a}"),
    ("/{}", "route-capture-name", "write `{name}`"),
    ("/{+}", "route-capture-name", "write `{name+}`"),
    ("/{user-id}", "route-capture-name", "write `{user_id}`"),
    ("/{1st}", "route-capture-name", "write `{_1st}`"),
    ("/{class}", "route-capture-name", "write `{_class}`"),
    ("/{proxy+}/a", "route-greedy-position", "write `{proxy}`"),
    ("/{id}/b/{id}", "route-capture-repeated", "own name"),
]


@pytest.mark.parametrize("path", WELL_FORMED)
def test_a_well_formed_path_has_no_faults(path):
    assert list(faults(path)) == []


@pytest.mark.parametrize(("path", "code", "hint"), FAULTY)
def test_a_faulty_path_is_told_what_to_write(path, code, hint):
    found = {fault.code: fault for fault in faults(path)}

    assert code in found
    assert hint in found[code].hint
    assert path in found[code].summary or not path


def test_all_faults_of_a_path_are_found_at_once():
    codes = {fault.code for fault in faults("a b//{x-y}/{x-y}/")}

    assert codes == {
        "route-leading-slash",
        "route-trailing-slash",
        "route-empty-segment",
        "route-path-characters",
        "route-capture-name",
        "route-capture-repeated",
    }


def test_captures_are_the_names_in_order():
    assert captures("/a/{id}/b/{rest+}") == ("id", "rest")
    assert captures("/a/b{c}") == ()


def test_prefixes_are_the_resources_below_the_root():
    assert prefixes("/") == ()
    assert prefixes("/a/{id}/b") == ("/a", "/a/{id}", "/a/{id}/b")


@pytest.mark.parametrize(
    "paths",
    [
        ["/users/{id}", "/users/{name}"],
        ["/users/{id}/a", "/users/{name}/b"],
        ["/{proxy}", "/{proxy+}"],
        ["/{a}", "/b", "/{c+}"],
        ["/{a}/{b}", "/{a}/{c}"],
        ["/{x}/y/{b}", "/{x}/y/{c+}"],
    ],
)
def test_two_captures_at_one_position_clash(paths):
    [(first, second, fault)] = clashes(paths)

    assert fault.code == "route-capture-clash"
    assert (first, second) == (paths[0], paths[-1])


@pytest.mark.parametrize(
    "paths",
    [
        ["/p/child", "/p/{child}", "/p/{child}/{proxy+}"],
        ["/users/{id}", "/users/{id}/a", "/groups/{name}"],
        ["/a/{x}", "/b/{y}"],
        ["/{a}/x/{b}", "/{a}/y/{c}"],
    ],
)
def test_captures_at_different_positions_do_not_clash(paths):
    assert list(clashes(paths)) == []


def test_a_clash_is_told_once_for_each_name():
    found = list(clashes(["/{a}", "/{b}", "/{b}/x", "/{b}/y"]))

    assert len(found) == 1


names = st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True).filter(
    lambda name: (
        name not in {"as", "if", "in", "is", "or", "and", "def", "del", "for", "not", "try"}
    )
)
texts = st.from_regex(r"[A-Za-z0-9_.,:-]{1,8}", fullmatch=True)


@given(st.lists(texts | names.map("{{{}}}".format), max_size=6, unique=True), st.booleans(), names)
def test_a_path_of_allowed_segments_has_no_faults(segments, greedy, name):
    last = [f"{{{name}+}}"] if greedy and f"{{{name}}}" not in segments else []
    path = "/" + "/".join([*segments, *last])

    found = [fault.code for fault in faults(path)]

    assert found in ([], ["route-capture-name"])  # a longer keyword, `{while}`


@given(st.text(max_size=30))
def test_any_text_is_a_path_or_told_why_not(path):
    found = list(faults(path))

    assert all(fault.summary and fault.hint for fault in found)
    if not found:
        assert path == "/" or all(
            part and set(part) <= set("{}+") | set("_-.,:") | {c for c in part if c.isalnum()}
            for part in path[1:].split("/")
        )

"""Variables in requirements files: expanded as pip does, but never where a secret may be."""

from pathlib import Path

import pytest
from tests.bundle.bench import origins
from tests.bundle.wheels import make_wheel

from chalice.bundle.inputs import requirements
from chalice.diagnostics import InvalidApp


def read(folder: Path, text: str, **environ: str) -> requirements.Requirements:
    (folder / "requirements.txt").write_text(text)
    return requirements.read(folder, "requirements.txt", environ)


@pytest.mark.parametrize(
    "line",
    [
        "idna==${NOPE}",
        "${NOPE}",
        "./${NOPE}/lib",
        "-r ${NOPE}.txt",
        "--extra-index-url https://${NOPE}/simple",
        "demo @ https://${NOPE}@example.com/demo-1.0-py3-none-any.whl",
    ],
)
def test_a_variable_that_is_not_set_is_said_with_its_line(tmp_path, line):
    with pytest.raises(InvalidApp) as caught:
        read(tmp_path, f"# ${{IN_A_COMMENT}}\n{line}\n", NOPE="")

    assert [
        (problem.code, problem.where, problem.summary) for problem in caught.value.problems
    ] == [("requirements-variable", "requirements.txt:2", "`${NOPE}` is not set")]


def test_every_line_with_a_variable_that_is_not_set_is_said(tmp_path):
    with pytest.raises(InvalidApp) as caught:
        read(tmp_path, "one==${ONE}\ntwo==${TWO}.${ONE}\nthree=\n")

    assert [(problem.where, problem.summary[:8]) for problem in caught.value.problems] == [
        ("requirements.txt:1", "`${ONE}`"),
        ("requirements.txt:2", "`${TWO}`"),
        ("requirements.txt:2", "`${ONE}`"),
        ("requirements.txt:3", "`three=`"),
    ]


def test_a_variable_is_what_it_stands_for_wherever_it_is(tmp_path):
    (tmp_path / "more.txt").write_text("more\n")

    found = read(
        tmp_path,
        "${NAME}==${VERSION}\n./${FOLDER}/lib\n-r ${FILE}.txt\n-f ${FOLDER}\n",
        NAME="idna",
        VERSION="3.10",
        FOLDER="libs",
        FILE="more",
    )

    assert [(line.name, line.text, line.version) for line in found.lines] == [
        ("idna", "idna==3.10", "3.10"),
        ("", "./libs/lib", ""),
        ("more", "more", ""),
    ]
    assert found.options == (f"--find-links {(tmp_path / 'libs').as_uri()}",)
    assert found.variables == {"NAME", "VERSION", "FOLDER", "FILE"}


@pytest.mark.parametrize("line", ["--index-url https://${TOKEN}@example.com/simple", "-i ${WHOLE}"])
def test_an_address_keeps_its_variables_for_whoever_asks_it(tmp_path, line):
    found = read(tmp_path, f"{line}\n", TOKEN="secret", WHOLE="https://secret@example.com/simple")

    assert "secret" not in repr(found)
    assert len(found.options) == 1


def test_a_folder_whose_address_has_a_variable_is_found(tmp_path):
    wheel = make_wheel(tmp_path, "demo", "1.0", {"demo.py": ""})

    found = read(tmp_path, f"demo @ file://${{PLACE}}/{wheel.name}\n", PLACE=str(tmp_path))

    assert found.lines[0].file() == wheel


def test_another_value_is_another_question(uv_bench):
    for version in ("1.0", "2.0"):
        uv_bench.wheel("demo", version)
    uv_bench.write("demo==${VERSION}\n")

    found = [
        origins(uv_bench.resolve(environ={**uv_bench.environ, "VERSION": version}))
        for version in ("1.0", "2.0")
    ]

    assert found == [["demo 1.0"], ["demo 2.0"]]

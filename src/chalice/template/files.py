"""Templates on disk: beside the archives that they name, or in one file with them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from chalice.diagnostics import InvalidApp, ToolError
from chalice.disk import write_whole
from chalice.template.document import MAX_BYTES, cloudformation, problems_of
from chalice.template.writing import Form, serialize

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from chalice.diagnostics import Problem
    from chalice.resources import Graph
    from chalice.template.completing import Complete
    from chalice.template.merging import Theirs

# The first moment that a zip can say. Source: APPNOTE.TXT, 4.4.6, "date and time fields".
_MOMENT = (1980, 1, 1, 0, 0, 0)
_FILE_MODE = 0o644


@dataclass(frozen=True, slots=True)
class Output:
    """How a template is to be written.

    Attributes:
        form: `json` or `yaml`.
        merged: templates that are merged into it, one after the other.
    """

    form: Form = "json"
    merged: Sequence[Theirs] = ()

    @property
    def file(self) -> str:
        """The name of the file: that of AWS Chalice, which recipes of CI systems know."""
        return f"sam.{self.form}"


@dataclass(frozen=True, slots=True)
class Written:
    """A template that CloudFormation takes.

    Attributes:
        text: as it is written: indented, where CloudFormation takes that.
        document: the template.
        graph: what was made from the application, its roles with what templates need of them.
        warnings: what deserves a look in what is merged into it.
    """

    text: str
    document: Mapping[str, Any]
    graph: Graph
    warnings: tuple[Problem, ...] = ()


def written(graph: Graph, output: Output, *, alone: bool = True) -> Written:
    """Return the template of *graph*, read and merged once.

    Args:
        graph: the resources.
        output: how it is written.
        alone: whether references to nothing and policies that are too long are looked for; who
            deploys is told of them together with what is wrong in the account.

    Raises:
        InvalidApp: a template that is merged does not fit, or AWS does not take what comes of it.
    """
    document: Mapping[str, Any] = cloudformation(graph)
    found: tuple[Problem, ...] = ()
    if output.merged:
        from chalice.template.completing import complete  # noqa: PLC0415 - most have nothing

        whole = complete(graph, output.merged)
        graph, document, found = whole.graph, whole.document, whole.warnings
        if alone:
            found += tuple(_problems_of(whole))
    elif alone and _has_policy_files(graph):
        from chalice.template.references import problems_of_references  # noqa: PLC0415 - as above

        found += problems_of_references(document, (), graph)
    text = serialize(document, output.form)
    if len(text.encode()) > MAX_BYTES and output.form == "json":
        text = serialize(document, "json", compact=True)
    found += tuple(problems_of(document, text))
    if any(problem.severity == "error" for problem in found):
        raise InvalidApp(found)
    return Written(text, document, graph, found)


def _has_policy_files(graph: Graph) -> bool:
    """Return whether roles grant what is not from the code, in which users may refer to things."""
    lines = (
        line for item in graph.resources for of in item.reasons.values() for line in of.values()
    )
    return not all(line.rpartition(":")[0].endswith(".py") for line in lines)


def _problems_of(whole: Complete) -> Iterator[Problem]:
    from chalice.template.handlers import problems_of_handlers  # noqa: PLC0415 - as above
    from chalice.template.references import problems_of_references  # noqa: PLC0415 - the same
    from chalice.template.roles import problems_of_roles  # noqa: PLC0415 - the same

    def where(name: str, key: str) -> str:
        return whole.places.get(f"{name}.{key}") or whole.places.get(name, "")

    yield from problems_of_references(whole.document, whole.merged, whole.graph)
    yield from problems_of_handlers(whole.document, whole.merged, whole.graph)
    yield from problems_of_roles(whole.document["Resources"], where)


def write(folder: Path, graph: Graph, output: Output) -> Path:
    """Write the template of *graph* into *folder* and return its file.

    Raises:
        ToolError: it cannot be written.
        InvalidApp: as for `written`.
    """
    path = folder / output.file
    content = written(graph, output).text.encode()
    try:
        if not path.is_file() or path.read_bytes() != content:
            write_whole(path, content, private=False)
    except OSError as error:
        raise ToolError(f"Cannot write `{path}`: {error.strerror or error}") from error
    return path


def into_one(path: Path, files: Iterable[Path]) -> None:
    """Write *files* into one zip, the file *path*; the same files make the same bytes.

    Raises:
        ToolError: it cannot be written.
    """
    import zipfile  # noqa: PLC0415 - only `--single-file` has one

    buffer = io.BytesIO()
    try:
        with zipfile.ZipFile(buffer, "w") as archive:
            for file in files:
                entry = zipfile.ZipInfo(file.name, _MOMENT)
                entry.external_attr = _FILE_MODE << 16
                # An archive in an archive does not get smaller.
                stored = file.suffix == ".zip"
                entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
                archive.writestr(entry, file.read_bytes())
        write_whole(path, buffer.getvalue(), private=False)
    except OSError as error:
        raise ToolError(f"Cannot write `{path}`: {error.strerror or error}") from error

"""`chalice package`: the archives that Lambda gets, and the template that deploys them."""

from __future__ import annotations

from contextlib import redirect_stdout
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from chalice.cli.ending import unwinding
from chalice.cli.options import json_option, milliseconds, stage_option
from chalice.cli.package_template import template_options
from chalice.diagnostics import InvalidApp, ToolError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from chalice.bundle.parts import Archive, Bundle
    from chalice.bundle.report import Part
    from chalice.cli.console import Console
    from chalice.cli.package_template import TemplateOptions
    from chalice.cli.progress import ProgressLine
    from chalice.cli.shell import Shell
    from chalice.packaged.package import Packaged

# Of the packages as many are listed, the largest first; `--report` has all.
_LARGEST = 5
# Of the files that one rule left out.
_EXAMPLES = 3


@click.command("package", short_help="Write the archives and the template that deploy.")
@click.argument("out", metavar="OUT", type=click.Path())
@stage_option
@click.option(
    "--report",
    is_flag=True,
    default=False,
    help="Print all that ships as a tree of sizes, and what was left out and why.",
)
@click.option(
    "--sbom", metavar="FILE", help="Write what ships as a CycloneDX document; `-` for stdout."
)
@click.option(
    "--check-start",
    is_flag=True,
    default=False,
    help="Measure the cold start of each function under Lambda's runtime client.",
)
@click.option(
    "--budget",
    callback=milliseconds,
    metavar="MS",
    help="Exit with 1 if a cold start takes longer; goes with `--check-start`.",
)
@click.option(
    "--budget-modules",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="Exit with 1 if a cold start imports more modules; goes with `--check-start`.",
)
@click.option(
    "--refresh",
    is_flag=True,
    default=False,
    help="Ask the package index again, even where an answer of the last minutes is kept.",
)
@json_option
@template_options
@click.pass_obj
def command(
    shell: Shell,
    out: str,
    stage: str,
    sbom: str | None,
    budget: float | None,
    budget_modules: int | None,
    template: TemplateOptions,
    *,
    report: bool,
    check_start: bool,
    refresh: bool,
    as_json: bool,
) -> int:
    """Write the archives that Lambda gets, and their template, into the directory OUT.

    `deployment.zip` holds the application, its requirements for the functions' Python and
    processor, and Chalice's runtime; with `automatic_layer`, requirements are in
    `layer-deployment.zip`. It is inspected before it is written: what would not run on Lambda is
    told, and nothing is written then. `sam.json` is the CloudFormation template of the stage;
    `aws cloudformation package` takes it. The same input makes the same bytes.
    """
    if not check_start and (budget, budget_modules) != (None, None):
        raise click.UsageError("A budget is for `--check-start`", click.get_current_context())
    if sbom == "-" and (as_json or report or check_start):
        raise click.UsageError(
            "`--sbom -` takes all of stdout; name a file", click.get_current_context()
        )
    folder = template.folder(shell.project_dir / out)
    with unwinding():
        try:
            packaged = _written(shell, folder, stage, template, refresh=refresh)
            written = template.write(packaged, folder, shell.project_dir / out)
        except InvalidApp as error:
            if not as_json:
                raise
            shell.console.json({"problems": [problem.to_dict() for problem in error.problems]})
            return 1
        if sbom is not None:
            _write_sbom(shell, packaged, stage, sbom)
        shell.console.problems([*packaged.warnings, *packaged.bundle.notes])
        named = template.named(packaged, shell.project_dir / out)
        if not as_json and sbom != "-":
            _print(shell, named, report=report)
            shell.console.say(f"The template is in `{_shown(written, shell.project_dir)}`")
        facts = _as_json(named, written, shell.project_dir, files=report) if as_json else None
        if check_start:
            return _check_start(shell, packaged, facts, budget, budget_modules)
    if facts is not None:
        shell.console.json(facts)
    return 0


def _written(
    shell: Shell, folder: Path, stage: str, template: TemplateOptions, *, refresh: bool
) -> Packaged:
    """Write the archives."""
    from chalice.cli.merged import variables_in  # noqa: PLC0415 - `--help` does without these
    from chalice.cli.outlined import load_checked  # noqa: PLC0415
    from chalice.packaged.package import package  # noqa: PLC0415

    # What the application prints is talk: stdout is for the answer.
    with _progress(shell.console) as progress, redirect_stdout(shell.console.err):
        return package(
            shell.project_dir,
            stage,
            folder,
            environ=shell.environ,
            progress=progress,
            refresh=refresh,
            accept=template.accept,
            load=partial(load_checked, shell),
            merged=variables_in(template.theirs),
        )


def _check_start(
    shell: Shell,
    packaged: Packaged,
    facts: dict[str, Any] | None,
    budget_ms: float | None,
    budget_modules: int | None,
) -> int:
    from chalice.cli.cold_start import check  # noqa: PLC0415 - only the measurement needs it

    try:
        return check(shell, packaged, facts, budget_ms=budget_ms, budget_modules=budget_modules)
    except ToolError as error:
        # The package is written: a program is told of it all the same.
        if facts is not None:
            shell.console.json({**facts, "error": str(error)})
        raise


def _progress(console: Console) -> ProgressLine:
    from chalice.cli import progress  # noqa: PLC0415 - `--help` does without it

    return progress.ProgressLine(console)


def _write_sbom(shell: Shell, packaged: Packaged, stage: str, name: str) -> None:
    from chalice.bundle.sbom import sbom  # noqa: PLC0415 - only who asks for it pays

    document = sbom(packaged.bundle, packaged.app_name, stage)
    if name == "-":
        shell.console.data(document.decode().rstrip("\n"))
        return
    from chalice.disk import write_output  # noqa: PLC0415 - as above

    path = shell.project_dir / name
    if path.resolve() in _shipped_files(packaged, shell.project_dir):
        raise ToolError(f"Cannot write `{name}`: it is a part of the package; name another file")
    if _is_input(path.resolve(), shell.project_dir, shell.environ):
        raise ToolError(f"Cannot write `{name}`: the package is made from it; name another file")
    try:
        write_output(path, document)
    except OSError as error:
        raise ToolError(f"Cannot write `{name}`: {error.strerror or error}") from error


def _shipped_files(packaged: Packaged, project: Path) -> set[Path]:
    """Return the archives, and the files of the project that are in them."""
    from chalice.bundle.report import archives  # noqa: PLC0415 - as above

    found = {archive.path.resolve() for archive in archives(packaged.bundle)}
    for archive in archives(packaged.bundle):
        sources = (item.source for item in archive.shipped)
        found.update((project / source).resolve() for source in sources if source)
    return found


def _is_input(path: Path, project: Path, environ: Mapping[str, str]) -> bool:
    """Return whether the build reads *path*, though it does not ship."""
    from chalice.bundle.inputs.choice import NAMES, find_inputs  # noqa: PLC0415 - as above
    from chalice.bundle.resolution import settings  # noqa: PLC0415 - as above
    from chalice.patterns import CONFIG_FILE  # noqa: PLC0415 - as above

    inputs = find_inputs(project, environ)
    names = {CONFIG_FILE, *NAMES, *(name for name, _ in inputs.texts)}
    policies = (project / CONFIG_FILE).parent.glob("policy*.json")
    sources = [line.file().resolve() for line in inputs.asked.lines if line.is_local]
    files = [*(project / name for name in names), *policies, *settings.files(project, environ)]
    if path in {*sources, *(file.resolve() for file in files)}:
        return True
    # All in a folder that is required, but where that is the project or one that it is in.
    within = [source for source in sources if not project.resolve().is_relative_to(source)]
    return any(path.is_relative_to(source) for source in within)


# --- views -----------------------------------------------------------------------------------


def _print(shell: Shell, packaged: Packaged, *, report: bool) -> None:
    from chalice.bundle.report import archives, packages, size_text  # noqa: PLC0415 - as above

    console, bundle = shell.console, packaged.bundle
    console.table(
        ("ARCHIVE", "SIZE", "UNZIPPED", "FILES"),
        [
            (
                _shown(archive.path, shell.project_dir),
                size_text(archive.size),
                size_text(archive.unzipped),
                str(len(archive.shipped)),
            )
            for archive in archives(bundle)
        ],
    )
    console.data("")
    for archive in archives(bundle):
        # As `sha256sum` writes it, and reads it with `--check`.
        console.data(f"{archive.sha256}  {_shown(archive.path, shell.project_dir)}")
    console.data("")
    if report:
        _print_report(console, bundle)
    else:
        parts = packages(bundle)
        console.table(
            ("LARGEST", "SIZE", "ZIPPED", "FILES"),
            [_cells(part.name, part) for part in parts[:_LARGEST]],
        )
        if len(parts) > _LARGEST:
            console.say(f"{len(parts) - _LARGEST} more; `--report` lists them")
    verb = "Built" if packaged.changed else "Nothing changed since it was built"
    console.say(f"{verb} for {bundle.target}, stage `{packaged.stage}`")


def _print_report(console: Console, bundle: Bundle) -> None:
    from chalice.bundle.report import archives, omissions, size_text, tree  # noqa: PLC0415 - as above

    rows = [row for archive in archives(bundle) for row in _branches(tree(archive))]
    console.table(("SHIPS", "SIZE", "ZIPPED", "FILES"), rows)
    left = omissions(bundle)
    if not left:
        return
    console.data("")
    console.table(
        ("LEFT OUT", "FROM", "SIZE", "FILES", "SUCH AS"),
        [
            (
                item.reason,
                item.origin,
                size_text(item.size),
                str(len(item.paths)),
                ", ".join(item.paths[:_EXAMPLES]),
            )
            for item in left
        ],
    )


def _branches(part: Part, depth: int = 0) -> Iterator[tuple[str, ...]]:
    yield _cells("  " * depth + part.name, part)
    for inner in part.parts:
        yield from _branches(inner, depth + 1)


def _cells(name: str, part: Part) -> tuple[str, ...]:
    from chalice.bundle.report import size_text  # noqa: PLC0415 - as above

    return (name, size_text(part.size), size_text(part.compressed), str(part.files))


def _shown(path: Path, project: Path) -> str:
    return str(path.relative_to(project)) if path.is_relative_to(project) else str(path)


def _as_json(packaged: Packaged, written: Path, project: Path, *, files: bool) -> dict[str, Any]:
    from chalice.bundle.report import archives, omissions, packages  # noqa: PLC0415 - as above

    bundle = packaged.bundle
    return {
        "stage": packaged.stage,
        "runtime": bundle.target.runtime,
        "architecture": bundle.target.architecture,
        "changed": packaged.changed,
        "template": _shown(written, project),
        "archives": [_archive_json(archive, project, files=files) for archive in archives(bundle)],
        "packages": [
            {"name": part.name, "size": part.size, "zipped": part.compressed, "files": part.files}
            for part in packages(bundle)
        ],
        "requirements": [
            {
                "name": item.name,
                "version": item.version,
                "sha256": item.sha256,
                "built": item.built,
                "where": item.where,
            }
            for item in bundle.distributions
        ],
        "left_out": [
            {
                "reason": item.reason,
                "from": item.origin,
                "size": item.size,
                "files": len(item.paths),
                **({"paths": list(item.paths)} if files else {}),
            }
            for item in omissions(bundle)
        ],
        "warnings": [note.to_dict() for note in (*packaged.warnings, *bundle.notes)],
    }


def _archive_json(archive: Archive, project: Path, *, files: bool) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "path": _shown(archive.path, project),
        "sha256": archive.sha256,
        "size": archive.size,
        "unzipped": archive.unzipped,
        "files": len(archive.shipped),
    }
    if files:
        facts["entries"] = [
            {
                "path": item.path,
                "size": item.size,
                "zipped": item.compressed,
                "from": item.origin,
            }
            for item in archive.shipped
        ]
    return facts

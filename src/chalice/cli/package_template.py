"""The options of `chalice package` that are about the template, and what they come to."""

from __future__ import annotations

import functools
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from chalice.cli.options import merge_option
from chalice.diagnostics import ToolError

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalice.diagnostics import Problem
    from chalice.packaged.package import Packaged
    from chalice.resources import Graph
    from chalice.template.files import Output
    from chalice.template.merging import Theirs

_TERRAFORM = (
    "Terraform is not written by this version of Chalice; leave `--pkg-format` out for a template"
    " of CloudFormation"
)


@dataclass(frozen=True)
class TemplateOptions:
    """What the user asked for.

    Attributes:
        form: `json`, `yaml`, or None where that was left open.
        merged: files that are merged into the template, as they were named.
        single_file: whether one zip is written in the place of a folder.
    """

    form: str | None
    merged: tuple[str, ...]
    single_file: bool

    def folder(self, out: Path) -> Path:
        """Return the folder that archives go into: *out*, or a passing one for a single file.

        Raises:
            UsageError: *out* is a file and should be a folder, or the other way round.
        """
        ctx = click.get_current_context()
        if not self.single_file:
            if out.is_file():
                raise click.UsageError(f"OUT is the file `{out.name}`; name a folder", ctx)
            return out
        if out.is_dir():
            raise click.UsageError(
                f"OUT is the folder `{out.name}`; `--single-file` takes the name of a zip", ctx
            )
        try:
            out.parent.mkdir(parents=True, exist_ok=True)
            passing = tempfile.mkdtemp(prefix=".package-", dir=out.parent)
        except OSError as error:
            raise ToolError(f"Cannot write `{out}`: {error.strerror or error}") from error
        # What is packaged may still be run after it has been written.
        ctx.call_on_close(functools.partial(shutil.rmtree, passing, ignore_errors=True))
        return Path(passing)

    @functools.cached_property
    def theirs(self) -> tuple[Theirs, ...]:
        """The templates that are merged.

        Raises:
            ToolError: one cannot be read.
            InvalidApp: one is no template.
        """
        from chalice.cli.merged import templates  # noqa: PLC0415 - as below

        return templates(self.merged)

    def accept(self, graph: Graph) -> tuple[Problem, ...]:
        """Return what deserves a look in the template of *graph*, before anything is built.

        Raises:
            InvalidApp: AWS would not take it.
        """
        from chalice.template import files  # noqa: PLC0415 - `--help` does without it

        return files.written(graph, self._output()).warnings

    def write(self, packaged: Packaged, folder: Path, out: Path) -> Path:
        """Write the template beside the archives in *folder*, and all into *out* if it is a file.

        Returns:
            the template's file, or that of everything.
        """
        from chalice.template import files  # noqa: PLC0415 - `--help` does without it

        assert packaged.deployed is not None, "`accept` was called with it"  # noqa: S101 - types
        template = files.write(folder, packaged.deployed, self._output())
        if not self.single_file:
            return template
        bundle = packaged.bundle
        archives = [item.path for item in (bundle.code, bundle.layer) if item is not None]
        files.into_one(out, [template, *archives])
        return out

    def named(self, packaged: Packaged, out: Path) -> Packaged:
        """Return *packaged* as people are told of it: archives in a zip are called `ZIP/NAME`."""
        if not self.single_file:
            return packaged
        bundle = packaged.bundle
        layer = bundle.layer
        if layer is not None:
            layer = replace(layer, path=out / layer.path.name)
        code = replace(bundle.code, path=out / bundle.code.path.name)
        return replace(packaged, bundle=replace(bundle, code=code, layer=layer))

    def _output(self) -> Output:
        from chalice.template import files  # noqa: PLC0415 - `--help` does without it
        from chalice.template.writing import is_yaml  # noqa: PLC0415 - the same

        # As AWS Chalice: what is merged decides where nothing else does.
        of_merged = any(is_yaml(Path(name)) for name in self.merged)
        in_yaml = self.form == "yaml" or (self.form is None and of_merged)
        return files.Output("yaml" if in_yaml else "json", self.theirs)


def template_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give *command* the options, and their values as its argument `template`."""

    @click.option(
        "--template-format",
        "form",
        type=click.Choice(["json", "yaml"], case_sensitive=False),
        help="The form of the template; JSON, or YAML where YAML is merged into it.",
    )
    @merge_option
    @click.option(
        "--single-file",
        is_flag=True,
        default=False,
        help="Write everything into one zip, the file OUT.",
    )
    @click.option(
        "--pkg-format",
        type=click.Choice(["cloudformation", "terraform"]),
        default="cloudformation",
        help="The kind of template; CloudFormation is the one there is.",
        callback=_refuse_terraform,
        expose_value=False,
    )
    @click.option(
        "--profile",
        metavar="NAME",
        expose_value=False,
        help="Taken as AWS Chalice takes it, without effect: packaging calls nothing of AWS.",
    )
    @functools.wraps(command)
    def with_template(
        *args: Any, form: str | None, merged: tuple[str, ...], single_file: bool, **kwargs: Any
    ) -> Any:
        return command(*args, template=TemplateOptions(form, merged, single_file), **kwargs)

    return with_template


def _refuse_terraform(ctx: click.Context, param: click.Parameter, value: str) -> None:
    del param
    if value == "terraform":
        raise click.UsageError(_TERRAFORM, ctx)

"""`chalice policy prove`: the policies of an application, beside what its tests call."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chalice.cli.options import json_option, merge_option, stage_option

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalice.cli.console import Console
    from chalice.cli.shell import Shell
    from chalice.permissions.proving import Certificate

_NOT_PROVED = 1


@click.group("policy", short_help="Prove the IAM policy by what the tests call.")
def command() -> None:
    """Prove the IAM policy that is written from the code by what the tests of the project call.

    `chalice gen-policy` prints the policy and explains it.
    """


@command.command("prove", context_settings={"allow_interspersed_args": False})
@stage_option
@click.option(
    "--function", "function", metavar="NAME", help="Only what this function calls, and may."
)
@click.option(
    "--sandbox",
    is_flag=True,
    default=False,
    help="Have the program call the AWS on this machine that `chalice sandbox start` starts.",
)
@click.option(
    "--strict", is_flag=True, default=False, help="Fail where something is granted and not used."
)
@merge_option
@json_option
@click.argument("program", nargs=-1, type=click.UNPROCESSED, metavar="[--] [COMMAND...]")
@click.pass_obj
def prove(
    shell: Shell,
    stage: str,
    function: str | None,
    program: tuple[str, ...],
    merged: tuple[str, ...],
    *,
    sandbox: bool,
    strict: bool,
    as_json: bool,
) -> int:
    """Run COMMAND, note what it calls of AWS, and ask the generated policies about each call.

    COMMAND is `python -m pytest -q` where nothing else is given. What answers in the place of AWS
    does not matter: moto, stubs, the sandbox. Calls of files that do not ship do not count.

    The exit code is 0 where everything is allowed, 1 where something is denied, where nothing is
    called though something is granted, where a call could not be recorded, and where COMMAND fails;
    with --strict also where something is granted and not used.
    """
    from chalice.cli.ending import unwinding  # noqa: PLC0415 - `--help` does without these
    from chalice.cli.proving import run  # noqa: PLC0415

    with unwinding():
        ran = run(shell, stage, function, program, merged, sandbox=sandbox)
    proof, console = ran.proof, shell.console
    found = proof.certificate
    if as_json:
        console.json({"program": list(ran.program), "exit_code": proof.code, **found.to_dict()})
    else:
        _print(console, found, many=len(proof.roles) > 1, is_whole=not proof.code)
    for role in found.not_deployed:
        console.warning(
            f"`{role}` is not made by Chalice (`manage_iam_role` is false): what is proved is what"
            " it would have to allow, and not what it allows"
        )
    console.problems(found.problems)
    for operation in proof.lost:
        console.warning(f"A call could not be recorded: {operation}")
    if proof.code:
        console.error(
            f"`{' '.join(ran.program)}` ended with {proof.code}: what it did not come to is not"
            " proved"
        )
    # Tests that replace the client itself would have every policy pass.
    nothing = not found.calls and found.spare
    failed = proof.code or proof.lost or nothing or not found.sufficient or (strict and found.spare)
    return _NOT_PROVED if failed else 0


def _print(console: Console, found: Certificate, *, many: bool, is_whole: bool) -> None:
    if found.denied:
        console.data("Denied: the code calls what its policy does not allow")
        header = ("WHERE", "ACTION", "RESOURCE", "BECAUSE")
        rows = [
            (item.where, item.action, item.resource, item.because or "no statement allows it")
            for item in found.denied
        ]
        console.table(*_with_roles(header, rows, [item.role for item in found.denied], many=many))
        for line in found.advice:
            console.data(line)
        console.data("")
    if found.spare:
        console.data("Spare: granted, and nothing has used it")
        spare: list[tuple[str, ...]] = [
            (item.action, item.resource, _listed(item.places)) for item in found.spare
        ]
        columns = ("ACTION", "RESOURCE", "NEEDED BY")
        console.table(*_with_roles(columns, spare, [item.role for item in found.spare], many=many))
        console.data("")
    for line in _wide(found, many=many):
        console.data(line)
    console.data(_verdict(found, is_whole=is_whole))


def _with_roles(
    header: tuple[str, ...], rows: Sequence[tuple[str, ...]], roles: Sequence[str], *, many: bool
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    if not many:
        return header, list(rows)
    return ("ROLE", *header), [(role, *row) for role, row in zip(roles, rows, strict=True)]


def _listed(places: Sequence[str]) -> str:
    more = len(places) - 3
    return ", ".join(places[:3]) + (f" and {more} more" if more > 0 else "")


def _wide(found: Certificate, *, many: bool) -> Iterator[str]:
    import json  # noqa: PLC0415 - `--help` does without it

    for item in found.wide:
        of = f" of {item.role}" if many else ""
        yield (
            f"Granted on `*`{of} for {_listed(item.places)}; what was touched is less. In a policy"
            " file:"
        )
        yield json.dumps(item.statement(), indent=2)
        yield ""


def _verdict(found: Certificate, *, is_whole: bool) -> str:
    calls = "1 call" if found.calls == 1 else f"{found.calls} calls"
    left_out = [
        f"{count} {what}"
        for count, what in (
            (found.by_others, "made by the tests themselves"),
            (found.of_others, "of other functions"),
        )
        if count
    ]
    without = f", without {' and '.join(left_out)}" if left_out else ""
    if found.denied:
        denied = len(found.denied)
        said = f"Not sufficient: {'1 need is' if denied == 1 else f'{denied} needs are'} denied"
    elif not found.calls:
        said = "Nothing is proved: the code has called nothing of AWS"
    elif not is_whole:
        said = "Sufficient for what the program came to before it failed"
    elif found.spare:
        said = "Sufficient, and more than was used"
    else:
        said = "Sufficient, and nothing in it is spare"
    return f"{said} ({calls} of the application{without})"

"""Lambda's limits of size, and what takes the most of them (rule 10.14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.diagnostics import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalice.bundle.parts import Archive, Bundle

MIB = 1024 * 1024

# All of a function's code, with its layers, unpacked. Lambda's own words: "Unzipped size must be
# smaller than 262144000 bytes". Source: Lambda developer guide, "Lambda quotas", row "Deployment
# package (.zip file archive) size".
MOST_UNZIPPED = 262_144_000

# One archive that is sent to Lambda itself. Source: the same row, "50 MB (zipped, when uploaded
# through the Lambda API or SDKs). Upload larger files with Amazon S3".
MOST_SENT = 50 * MIB

_NAMED = 5


def sizes(bundle: Bundle) -> Iterator[Problem]:
    """Yield what is too large in *bundle*, the largest packages first."""
    archives = [archive for archive in (bundle.code, bundle.layer) if archive is not None]
    unzipped = sum(archive.unzipped for archive in archives)
    if unzipped >= MOST_UNZIPPED:
        yield Problem(
            "package-too-large",
            f"the package is {_mb(unzipped)} unzipped, Lambda takes less than "
            f"{_mb(MOST_UNZIPPED)}, layers included: {_largest(archives)}",
            "",
            "leave requirements out, or `exclude` what no function needs",
        )
    for archive in archives:
        if archive.size > MOST_SENT:
            yield Problem(
                "package-needs-s3",
                f"`{archive.path.name}` is {_mb(archive.size)}: Lambda's API takes up to "
                f"{_mb(MOST_SENT)}, and more from an S3 bucket only; zipped: "
                f"{_largest([archive], zipped=True)}",
                "",
                "deploy it through a bucket, as CloudFormation does",
                "warning",
            )


def _largest(archives: list[Archive], *, zipped: bool = False) -> str:
    """Return the largest origins, the largest first."""
    totals: dict[str, int] = {}
    for archive in archives:
        for file in archive.shipped:
            size = file.compressed if zipped else file.size
            totals[file.origin] = totals.get(file.origin, 0) + size
    most = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    named = [f"`{origin}` {_mb(size)}" for origin, size in most[:_NAMED]]
    if len(most) > _NAMED:
        named.append(f"{len(most) - _NAMED} more {_mb(sum(size for _, size in most[_NAMED:]))}")
    return ", ".join(named)


def _mb(size: int) -> str:
    """Return *size* in the megabytes that Lambda counts in.

    >>> _mb(262_144_000)
    '250 MB'
    """
    return f"{size / MIB:.1f}".removesuffix(".0") + " MB"

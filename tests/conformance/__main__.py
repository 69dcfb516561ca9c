"""Run every conformance case and write the page: `python -m tests.conformance`."""

import sys

from tests.conformance import report


def main() -> int:
    """Print how many cases of each section hold, write the page; 1 if one fails unlisted."""
    failures = report.run_all()
    header = ("section", "cases", *failures)
    lines = [header, *report.rows(failures)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for title, *figures in lines:
        cells = (text.rjust(width) for text, width in zip(figures, widths[1:], strict=True))
        print(title.ljust(widths[0]), *cells, sep="  ")  # noqa: T201 - what was asked for
    for way, failed in failures.items():
        for name, problem in failed.items():
            print(f"FAILED {name} ({way}): {problem}")  # noqa: T201 - the same
    text = report.PAGE.read_text(encoding="utf-8")
    report.PAGE.write_text(report.with_report(text, report.page(failures)), encoding="utf-8")
    return 1 if any(failures.values()) else 0


if __name__ == "__main__":
    sys.exit(main())

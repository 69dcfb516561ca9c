"""What holds and what does not, as a table: for the terminal and for `docs/conformance.md`."""

from collections.abc import Iterable, Mapping

from tests.conformance.cases import FOLDER, Json, read, reason, run
from tests.conformance.ways import WAYS, Way

PAGE = FOLDER.parents[1] / "docs" / "conformance.md"
BEGIN, END = "<!-- cases: make conformance -->", "<!-- end of cases -->"

# The files in words, and the way they are named on the page.
SECTIONS = {
    "01_rest_event": "Events of REST APIs",
    "02_rest_response": "Results of functions",
    "03_binary": "Binary bodies",
    "04_routing": "Routing and resources",
    "05_authorizers": "Authorizers and policies",
    "06_keys_cors": "API keys, usage plans, CORS",
    "07_limits": "Sizes, limits, compression",
    "08_http_url_alb": "HTTP APIs, function URLs, load balancers",
    "09_websocket": "WebSocket APIs",
    "10_lambda_runtime": "The Lambda runtime",
    "11_event_sources": "Event sources",
    "12_chalice_local_divergences": "Where AWS Chalice's local mode differs from AWS",
}

WORDS = {"gateway": "in process", "socket": "over a socket"}

#: Way -> id of a case that fails -> what came of it.
Failures = Mapping[str, Mapping[str, str]]


def failure(case: Json, way: Way) -> str | None:
    """Return what goes wrong with *case* over *way*, in one line, or None."""
    try:
        run(case, way)
    except Exception as error:  # noqa: BLE001 - whatever goes wrong is what the report is about
        text = str(error).split("\n", 1)[0]
        return f"{type(error).__name__}: {text}"
    return None


def run_all() -> Failures:
    """Run every case that has to hold, over every way."""
    cases = [case for several in read(FOLDER).values() for case in several]
    failures: dict[str, dict[str, str]] = {}
    for way in WAYS:
        found = failures[way.name] = {}
        for case in cases:
            problem = None if reason(case) else failure(case, way)
            if problem is not None:
                found[case["id"]] = problem
    return failures


def rows(failures: Failures) -> list[tuple[str, ...]]:
    """Return a row for each section: its title, how many cases it has, how many hold."""
    found = []
    for stem, cases in read(FOLDER).items():
        asked = [case for case in cases if reason(case) is None]
        held = [
            str(sum(case["id"] not in failed for case in asked)) for failed in failures.values()
        ]
        found.append((SECTIONS[stem], str(len(cases)), *held))
    return found


def page(failures: Failures) -> str:
    """Return the part of the page that is written by `make conformance`."""
    header = ("Section", "Cases", *(f"Hold {WORDS[name]}" for name in failures))
    total = [sum(int(row[column]) for row in rows(failures)) for column in range(1, len(header))]
    lines = [
        *_table(header, [*rows(failures), ("**All**", *(f"**{item}**" for item in total))]),
        "",
        "Cases that do not hold or are not run, and why:",
        "",
        *_table(("Case", "Rule", "What it asks", "Reason"), _exceptions(failures)),
    ]
    return "\n".join(lines)


def _exceptions(failures: Failures) -> list[tuple[str, ...]]:
    found = []
    for cases in read(FOLDER).values():
        for case in cases:
            told = [failed[case["id"]] for failed in failures.values() if case["id"] in failed]
            why = reason(case) or "; ".join(dict.fromkeys(told))
            if why:
                cells = (f"`{case['id']}`", case["rule"], case["title"], why)
                found.append(tuple(text.replace("|", "\\|") for text in cells))
    return found


def _table(header: tuple[str, ...], body: Iterable[tuple[str, ...]]) -> list[str]:
    return [
        f"| {' | '.join(header)} |",
        f"|{'|'.join(['---'] * len(header))}|",
        *(f"| {' | '.join(row)} |" for row in body),
    ]


def with_report(text: str, report: str) -> str:
    """Return the page *text* with *report* between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{report}\n\n{END}{after}"


def written(text: str) -> str:
    """Return what stands between the marks of the page *text*."""
    return text.partition(BEGIN)[2].partition(END)[0].strip("\n")

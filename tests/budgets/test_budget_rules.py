"""A budget that is broken is told with its figure, and one that is kept is not."""

from dataclasses import replace

from benchmarks import budgets, events, table
from benchmarks.measure import Cold, Figures

KEPT = Figures(
    key="chalice2",
    title="this package",
    warm=dict.fromkeys(events.SCENARIOS, 1.0),
    answers=dict.fromkeys(events.SCENARIOS, (200, 17)),
    cold=Cold(4.0, None, ("chalice", "chalice.app"), 0.1),
    route_thousands=10.0,
    last_of_many=1.0,
)


def test_figures_within_the_budgets_are_fine():
    assert budgets.broken(KEPT) == []


def test_a_warm_figure_over_its_budget_is_told():
    figures = replace(KEPT, warm={**KEPT.warm, "GET hello": 30.1})

    assert budgets.broken(figures) == ["GET hello: 30.1 K, budget 30 K"]


def test_a_scenario_without_an_answer_is_told():
    figures = replace(KEPT, warm={**KEPT.warm, "415": None})

    assert budgets.broken(figures) == ["415: no answer"]


def test_cold_figures_over_their_budgets_are_told():
    figures = replace(KEPT, cold=Cold(5.1, None, (), 0.2), route_thousands=20.5, last_of_many=1.1)

    assert budgets.broken(figures) == [
        "last of 5000 routes: 1.100 x hello, budget 1.02 x hello",
        "import: 5.100 M, budget 5.0 M",
        "first call: 0.200 M, budget 0.15 M",
        "each further route: 20.500 K, budget 20.0 K",
    ]


def test_a_module_that_is_not_allowed_is_told():
    assert budgets.broken_modules(("chalice", "typing")) == [
        "module `typing` is imported at cold start and not on the allow-list"
    ]


def test_too_many_modules_are_told_by_name():
    modules = [f"chalice.m{number}" for number in range(9)]

    assert budgets.broken_modules(modules) == [f"modules added: 9, budget 8: {', '.join(modules)}"]


def test_every_scenario_but_the_routes_has_a_budget():
    assert set(budgets.WARM_THOUSANDS) == set(events.SCENARIOS)


def test_the_table_shows_costs_refusals_and_what_raises():
    figures = replace(
        KEPT,
        warm={**KEPT.warm, "GET hello": 24.34, "unknown path": 28_051.4, "415": None},
        answers={**KEPT.answers, "415": ("HTTPError", 0)},
    )

    cells = table.warm_cells(figures)

    assert cells == [
        "24.3",
        "1.0",
        "1.0",
        "1.0",
        "1.0",
        "28,051",
        "1.0",
        "raises",
        "1.0",
        "1.00 x hello",
    ]


def test_new_tables_take_the_place_of_those_in_a_page():
    page = f"above\n{table.BEGIN}\n\nold\n\n{table.END}\nbelow\n"

    assert table.put(page, "new") == f"above\n{table.BEGIN}\n\nnew\n\n{table.END}\nbelow\n"


def test_an_event_has_the_twelve_keys_and_about_twenty_headers():
    event = events.SCENARIOS["GET hello"]

    assert sorted(event) == [
        "body",
        "headers",
        "httpMethod",
        "isBase64Encoded",
        "multiValueHeaders",
        "multiValueQueryStringParameters",
        "path",
        "pathParameters",
        "queryStringParameters",
        "requestContext",
        "resource",
        "stageVariables",
    ]
    assert len(event["headers"]) == len(event["multiValueHeaders"]) == 20

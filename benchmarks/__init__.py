"""What one invocation and one cold start cost, in instructions, beside the peers: `make bench`.

Counts, not times: instructions under `valgrind --tool=callgrind` repeat to about 0.3 % whatever
else the machine does.

    events.py          the proxy events, of real shape
    applications/      the same service written for each framework; `hello` for cold starts
    probe.py           runs inside the measured interpreter and marks where a count begins and ends
    instructions.py    starts the probe under callgrind and reads the counts
    peers.py           the frameworks, each in an environment of its own under `.benchmarks/`
    measure.py         the figures of one framework
    table.py           the figures as Markdown, text or JSON
    budgets.py         the limits that `make check` holds our own figures to
"""

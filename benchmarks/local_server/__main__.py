"""Measure the local server: `python -m benchmarks.local_server [--quick]`."""

from __future__ import annotations

import argparse
import resource
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.local_server import load, servers

KEPT = "{:<46} {:>12} {:>12}  {}"


def row(name: str, ours: str, peer: str = "", budget: str = "") -> None:
    """Print one row of the table."""
    print(KEPT.format(name, ours, peer, budget), flush=True)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.local_server", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short runs, few repetitions")
    quick = parser.parse_args().quick
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as directory:
        measure(Path(directory), seconds=2 if quick else 6, rounds=2 if quick else 5)
    return 0


def measure(directory: Path, *, seconds: float, rounds: int) -> None:
    """Measure everything, in *directory*."""
    row("", "chalice", "uvicorn", "budget")
    start(directory, rounds)
    with (
        servers.ours(directory / "ours") as ours,
        servers.uvicorn(directory / "uvicorn") as peer,
    ):
        one_client(ours, peer, rounds)
        many_clients(ours, peer, seconds, rounds)
        sleeping(ours, peer)
        edit(ours, rounds)
        crowd(ours, seconds=10)
        idle(ours)


def start(directory: Path, rounds: int) -> None:
    """From the command to the first answer 200 of a client that asks every 5 ms."""
    times: dict[str, list[float]] = {"ours": [], "uvicorn": []}
    for _ in range(rounds):
        with servers.ours(directory / "ours") as server:
            times["ours"].append(server.seconds_to_first_answer)
        with servers.uvicorn(directory / "uvicorn") as server:
            times["uvicorn"].append(server.seconds_to_first_answer)
    mine, theirs = (statistics.median(values) for values in times.values())
    row("start to first answer", f"{mine:.2f} s", f"{theirs:.2f} s", "<= 0.6 s")


def one_client(ours: servers.Running, peer: servers.Running, rounds: int) -> None:
    """One request after another over one connection."""
    medians: list[list[float]] = [[], []]
    for _ in range(rounds):
        for values, server in zip(medians, (ours, peer), strict=True):
            values.append(load.run(server.port, "/", clients=1, requests=1000).latency(0.5))
    mine, theirs = (f"{statistics.median(values) * 1000:.2f} ms" for values in medians)
    row("one keep-alive client, median", mine, theirs, "<= 0.4 ms")


def many_clients(ours: servers.Running, peer: servers.Running, seconds: float, rounds: int) -> None:
    """Sixty-four clients that never rest; the servers take turns."""
    ratios, mine, theirs = [], [], []
    for _ in range(rounds):
        mine.append(load.run(ours.port, "/", clients=64, seconds=seconds).rate)
        theirs.append(load.run(peer.port, "/", clients=64, seconds=seconds).rate)
        ratios.append(mine[-1] / theirs[-1])
    row(
        "64 keep-alive clients, requests a second",
        f"{statistics.median(mine):.0f}",
        f"{statistics.median(theirs):.0f}",
        f"{statistics.median(ratios):.2f} x (>= 1.0 x)",
    )


def sleeping(ours: servers.Running, peer: servers.Running) -> None:
    """A view that sleeps, called 64 times at once."""
    mine, theirs = (
        load.run(server.port, "/sleep", clients=64, requests=1).seconds for server in (ours, peer)
    )
    row("64 requests that sleep 1 s", f"{mine:.2f} s", f"{theirs:.2f} s", "<= 1.1 s")


def edit(ours: servers.Running, rounds: int) -> None:
    """Edit the application, and ask on a new connection each time until the new code answers."""
    times, refused = [], 0
    for number in range(2, 2 + rounds):
        time.sleep(1)
        text = servers.APPLICATION.replace('"version": 1', f'"version": {number}')
        (ours.directory / "app.py").write_text(text)
        edited = time.perf_counter()
        while True:
            answer = servers.answers(ours.port)
            if answer is None or b" 200 " not in answer.split(b"\r\n")[0]:
                refused += 1
            elif f'"version":{number}'.encode() in answer:
                break
        times.append(time.perf_counter() - edited)
    row(
        "edit to first answer with the new code",
        f"{statistics.median(times):.2f} s",
        "",
        f"<= 0.3 s; {refused} refused or failed",
    )


def crowd(ours: servers.Running, seconds: float) -> None:
    """Two thousand clients that never rest."""
    outcome = load.run(ours.port, "/", clients=2000, seconds=seconds)
    other = sum(count for status, count in outcome.statuses.items() if status != 200)
    row(
        f"2,000 clients for {seconds:.0f} s, requests a second",
        f"{outcome.rate:.0f}",
        "",
        f"{outcome.refused} refused, {outcome.unanswered} unanswered, {other} not 200",
    )


def idle(ours: servers.Running, connections: int = 10_000) -> None:
    """Connections over which nothing is sent, in memory of all processes together."""
    before = servers.resident_mib(ours.process)
    kept = []
    for _ in range(connections):
        connection = socket.create_connection(("127.0.0.1", ours.port), timeout=30)
        kept.append(connection)
    time.sleep(1)
    after = servers.resident_mib(ours.process)
    still = servers.answers(ours.port) is not None
    for connection in kept:
        connection.close()
    row(
        f"{connections:,} idle connections",
        f"{after - before:.0f} MiB",
        "",
        f"< 200 MiB; whole: {after:.0f} MiB; {'answers' if still else 'DOES NOT ANSWER'}",
    )


if __name__ == "__main__":
    sys.exit(main())

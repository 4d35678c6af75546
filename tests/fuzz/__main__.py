"""`make fuzz`: tries requests by chance, and shows every one that gets a bad response as small as can be.

A run goes on where another ended with the seed it printed last.
"""

import argparse
import itertools
import time
from importlib.util import find_spec

from gateway.demo.ending import end_in_order
from tests.fuzz.requests import BY_SDL
from tests.fuzz.trials import Trial, first_found, over
from tests.opinion.trials import own_market

AT_ONCE = 250
"""Requests of one seed."""


def main() -> int:
    """Whether there was a bad response, as an exit code."""
    end_in_order()
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--cases", type=int, default=50_000, help="requests after which to stop")
    parser.add_argument("--seed", type=int, default=0, help="where to begin")
    arguments = parser.parse_args()
    if not find_spec(BY_SDL):
        say("without documents by hypothesis-graphql: install the extra `fuzz` for them")
    with own_market() as url, over(url) as trial:
        return fuzz(trial, seed=arguments.seed, cases=arguments.cases)


def fuzz(trial: Trial, *, seed: int, cases: int) -> int:
    """Requests of this seed and of those after it."""
    began, problems = time.monotonic(), 0
    try:
        for number in itertools.count(seed):
            if found := first_found(trial, seed=number, cases=AT_ONCE):
                problems += 1
                say(f"\nproblem {problems}, with `--seed {number}`:\n{found}\n")
            tried = trial.tried.total()
            say(
                f"{tried:,} of {cases:,} requests, {problems} problems, {time.monotonic() - began:,.0f} s (seed {number})"
            )
            if tried >= cases:
                break
    except KeyboardInterrupt:
        say("stopped")
    for outcome, times in sorted(trial.tried.items()):
        say(f"{times:>9,} {outcome}")
    return 1 if problems else 0


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - it is a command


if __name__ == "__main__":
    raise SystemExit(main())

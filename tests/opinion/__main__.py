"""`make proof`: tries examples until it is stopped, counts them, and shows every difference as small as can be."""

import argparse
import itertools
import json
import time
from collections.abc import Generator
from contextlib import contextmanager

from gateway.demo.ending import end_in_order
from tests.opinion.proving import Proof
from tests.opinion.trials import AS_MET, first_difference, own_market, proof_over

AT_ONCE = 25
"""Examples of one seed."""


def main() -> int:
    """Whether there was a difference, as an exit code."""
    end_in_order()
    parser = argparse.ArgumentParser(prog="python -m tests.opinion", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="where to begin")
    parser.add_argument("--most", type=float, default=float("inf"), help="operations after which to stop")
    parser.add_argument("--url", help="the owner's URL of a sample marketplace; without, one of its own is made")
    parser.add_argument("--first", action="store_true", help="stop at the first difference, and tell of it as JSON")
    arguments = parser.parse_args()
    with market(arguments.url) as url, proof_over(url) as proof:
        if arguments.first:
            return tell_first(proof, seed=arguments.seed, most=arguments.most)
        return prove(proof, seed=arguments.seed, most=arguments.most)


@contextmanager
def market(url: str | None) -> Generator[str]:
    if url:
        yield url
    else:
        with own_market() as own:
            yield own


def prove(proof: Proof, *, seed: int, most: float) -> int:
    """Examples of this seed and of those after it."""
    began, found = time.monotonic(), 0
    try:
        for number in itertools.count(seed):
            if difference := first_difference(proof, seed=number, examples=AT_ONCE):
                found += 1
                say(f"\ndifference {found}, with `--seed {number}`:\n{difference}\n")
            say(f"{proof.counts}, {found} differences, in {time.monotonic() - began:,.0f} s (seed {number})")
            if proof.counts.operations >= most:
                break
    except KeyboardInterrupt:
        say("stopped")
    return 1 if found else 0


def tell_first(proof: Proof, *, seed: int, most: float) -> int:
    """Of the first difference, and after how many operations it was met."""
    for number in itertools.count(seed):
        difference = first_difference(proof, seed=number, examples=AT_ONCE, phases=AS_MET)
        if difference or proof.counts.operations >= most:
            found = {"kind": difference.difference.kind, "difference": str(difference)} if difference else {}
            say(json.dumps({"operations": proof.counts.until_first or proof.counts.operations, **found}))
            return 1 if difference else 0
    raise AssertionError


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - it is a command


if __name__ == "__main__":
    raise SystemExit(main())

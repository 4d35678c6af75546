"""That each filter of the log finds what is common and what is rare, so that its time is that of an answer."""

import pytest

from benchmarks.enlarging import Contents, emptied, grown
from benchmarks.finding import FOUND_HEAD, finding
from benchmarks.inside import inside
from benchmarks.markets import market
from benchmarks.places import DIRECTORY
from gateway.demo import embedded
from gateway.demo.development import DevelopmentKey


def test_every_filter_is_answered(tmp_path_factory: pytest.TempPathFactory) -> None:
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    with embedded.running(tmp_path_factory.mktemp("found")) as cluster:
        there = market(cluster, 60)
        contents = Contents(most=1_000, members=60, subjects=2)
        emptied(there)
        grown(there, 0, 1_000, contents)
        found = list(finding(there, inside(DevelopmentKey.in_directory(DIRECTORY)), contents, 1))
    assert all(len(line) == len(FOUND_HEAD) for line in found)
    assert [name for name, *_ in found][:3] == ["a member's own accesses, of 10,000", "nothing", "role"]
    for name, *times in found:
        for each in times:
            # A refusal has its code behind the time.
            assert each == "–" or float(each.replace(",", "")) > 0, name

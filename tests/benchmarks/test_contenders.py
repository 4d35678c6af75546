"""What the benchmarks compare is alike: everybody answers the same, and what is taken out of a statement is only that."""

from collections.abc import Generator, Sequence

import pytest

from benchmarks import answers, contending
from benchmarks.contenders.switched import without_log, without_policy
from benchmarks.inside import Inside, inside
from benchmarks.markets import Market, fetch_as_owner, market, settings
from benchmarks.personas import OPERATOR
from benchmarks.places import DIRECTORY, python_server
from benchmarks.workloads import PAGE
from gateway.demo import embedded
from gateway.demo.development import DevelopmentKey


@pytest.fixture(scope="module")
def parts() -> Inside:
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    return inside(DevelopmentKey.in_directory(DIRECTORY))


@pytest.fixture(scope="module")
def contenders(tmp_path_factory: pytest.TempPathFactory, parts: Inside) -> Generator[Sequence[contending.Contender]]:
    if not contending.installed():
        pytest.skip("PostGraphile is not there: `make bench` fetches it")
    with embedded.running(tmp_path_factory.mktemp("contenders")) as cluster:
        there = market(cluster, 60)
        yield from compared(there, parts)


def compared(there: Market, parts: Inside) -> Generator[Sequence[contending.Contender]]:
    rows = contending.chosen(there)
    with contending.veils(parts, there, rows) as own, contending.peers(there, rows) as others:
        yield [*own, *others]


def test_all_contenders_answer_alike(contenders: Sequence[contending.Contender]) -> None:
    """Masked where names are masked, plain where they are plain, whatever form the answer has."""
    assert answers.differing(contenders) == {}


def test_a_contender_that_answers_differently_is_found(contenders: Sequence[contending.Contender]) -> None:
    """One that is asked the page in place of the point."""
    first, *others = contenders
    confused = contending.Contender(
        name="confused",
        server=first.server,
        shows=first.shows,
        questions={**first.questions, "point": first.questions["page"]},
    )
    assert answers.differing([*others, confused]) == {"point": ["confused differs from Veil without log"]}


def test_a_statement_without_its_log_reads_the_same(parts: Inside) -> None:
    """Nothing of the log is left, and nothing else is gone but whose policy is in force."""
    statement = parts.call(OPERATOR, PAGE, {}).statement.sql
    unlogged = without_log(statement)
    assert "string_to_array(answer.subjects" in statement
    assert "answer.subjects" not in unlogged
    assert "in_force" in unlogged
    assert "in_force" not in without_policy(statement)


def test_what_is_recorded_by_hand_is_what_veil_records(tmp_path_factory: pytest.TempPathFactory, parts: Inside) -> None:
    """Of each answer, and the answers are those without a record."""
    with embedded.running(tmp_path_factory.mktemp("recorded")) as cluster:
        there = market(cluster, 60)
        rows = contending.chosen(there)
        environment = {"DATABASE": there.peer}
        with (
            python_server("by hand", "benchmarks.contenders.handwritten:create", environment) as plain,
            python_server("recorded", "benchmarks.contenders.handwritten_recorded:create", environment) as recorded,
            python_server("Veil", "gateway.app:create", settings(there, parts.key)) as own,
        ):
            by_hand, recording = contending.handwritten(plain, rows), contending.handwritten(recorded, rows)
            veil = contending.veil(parts, "Veil", own, OPERATOR, rows)
            assert answers.differing([by_hand, recording, veil]) == {}
        found = {
            requester: [
                (
                    operation,
                    dict(zip(subjects, shown.split(" ") * (1 if " " in shown else len(subjects)), strict=True)),
                    *others,
                )
                for _, operation, subjects, shown, *others in fetch_as_owner(there, RECORDED, requester)
            ]
            for requester in ("a service", "development:PLATFORM")
        }
    assert {operation for operation, *_ in found["a service"]} == {"Point", "Page", "Deep", "List"}
    missing = [each for each in found["a service"] if each not in found["development:PLATFORM"]]
    assert missing == []


RECORDED = """
    select id, operation, subjects, shown, row_count, cross_border, role, purpose, outcome, policy
    from veil.access_record where requester = $1 and operation in ('Point', 'Page', 'Deep', 'List') order by id"""

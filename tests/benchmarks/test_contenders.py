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


FACTS = """
    select subjects, row_count, cross_border, subject_count from veil.access_record
    where operation = $1 order by id desc limit 1"""


def test_the_service_by_hand_records_what_veil_records(tmp_path_factory: pytest.TempPathFactory, parts: Inside) -> None:
    """Whose data each answer holds, of how many rows it is, and whether it crossed a border."""
    with embedded.running(tmp_path_factory.mktemp("recorded")) as cluster:
        there = market(cluster, 60)
        rows = contending.chosen(there)
        environment = settings(there, parts.key)
        with (
            python_server("Veil", "gateway.app:create", environment) as server,
            contending.by_hand(there, rows) as (_, recorded),
        ):
            veil = contending.veil(parts, "Veil", server, OPERATOR, rows)
            for workload in ("point", "page", "list"):
                facts: list[tuple[set[int], bool]] = []
                for contender, operation in ((veil, workload.capitalize()), (recorded, "By hand")):
                    list(contender.questions[workload].answers(contender.server, 1))
                    ((subjects, _, crossed, _),) = fetch_as_owner(there, FACTS, operation)
                    facts.append((set(subjects), crossed))
                assert facts[0] == facts[1], workload


def test_a_statement_without_its_log_reads_the_same(parts: Inside) -> None:
    """Nothing of the log is left, and nothing else is gone but whose policy is in force."""
    statement = parts.call(OPERATOR, PAGE, {}).statement.sql
    unlogged = without_log(statement)
    assert "string_to_array(answer.subjects" in statement
    assert "answer.subjects" not in unlogged
    assert "in_force" in unlogged
    assert "in_force" not in without_policy(statement)

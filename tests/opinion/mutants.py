"""`make mutants`: breaks the gateway on purpose, in one place at a time, and sees that the opinion notices each.

A mutant is a change of the source text, made in a copy of the packages and run in a process of its own. Two are run at a
time, each over a market that no other changes meanwhile. A mutant that nothing notices would be a hole in the opinion.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

from gateway.demo.ending import end_in_order
from tests.opinion.trials import own_market

ROOT = Path(__file__).parents[2]
COPIED = ("gateway", "resolvers", "schema", "tests/__init__.py", "tests/releases.py", "tests/opinion")
AT_ONCE = 2
MOST = 6_000
"""Operations after which a mutant counts as not noticed."""

SECONDS = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """What is broken, and how: one text of one file put in the place of another, which occurs in it once."""

    breaks: str
    file: str
    old: str
    new: str

    def text(self, root: Path) -> str:
        """The whole of its file, broken."""
        text = (root / self.file).read_text("utf-8")
        if text.count(self.old) != 1:
            raise ValueError(f"`{self.breaks}` does not fit `{self.file}` any more; mend it")
        return text.replace(self.old, self.new)


MUTANTS: Sequence[Mutant] = (
    # Who may see what.
    Mutant(
        breaks="a field is shown whatever its grant's conditions are",
        file="schema/policy/grants.py",
        old="treatment=treatment, conditions=grant.conditions,",
        new="treatment=treatment, conditions=(),",
    ),
    Mutant(
        breaks="of two conditions of a subject one is forgotten",
        file="resolvers/planning/decisions.py",
        old="of_subject = [condition for condition in conditions if condition.level is Level.SUBJECT]",
        new="of_subject = [condition for condition in conditions if condition.level is Level.SUBJECT][:1]",
    ),
    Mutant(
        breaks="what may be shown in part is shown whole",
        file="schema/policy/grants.py",
        old="default=Treatment.PLAIN)\n",
        new="default=Treatment.PLAIN)\n"
        "    treatment = Treatment.PLAIN if treatment is Treatment.PARTIAL else treatment\n",
    ),
    Mutant(
        breaks="a hidden identifier is shown",
        file="schema/policy/grants.py",
        old="default=Treatment.PLAIN)\n",
        new="default=Treatment.PLAIN)\n"
        "    treatment = Treatment.PLAIN if treatment is Treatment.HIDDEN else treatment\n",
    ),
    Mutant(
        breaks="what a grant does not cover is shown",
        file="schema/policy/grants.py",
        old='return Treatment.TOKEN if column.name == "id" else Treatment.HIDDEN',
        new='return Treatment.TOKEN if column.name == "id" else Treatment.PLAIN',
    ),
    Mutant(
        breaks="the least revealing grant wins, not the most",
        file="schema/policy/grants.py",
        old="key=lambda rule: rule.treatment.openness, reverse=True",
        new="key=lambda rule: rule.treatment.openness",
    ),
    Mutant(
        breaks="a field is shown for any subject of its row, not for its own",
        file="schema/catalog.py",
        old="return (column.subject,) if column.subject else self.owner.subjects",
        new="return self.owner.subjects",
    ),
    Mutant(
        breaks="what two people wrote is shown for one of them",
        file="schema/catalog.py",
        old="return column.label.is_a(Form.FREE_TEXT) and len(self.subjects_of(column)) > 1",
        new="return False",
    ),
    Mutant(
        breaks="a row is shown for somebody of whom it shows nothing",
        file="resolvers/planning/decisions.py",
        old="grant.row_subjects(entity)",
        new="entity.owner.subjects",
    ),
    Mutant(
        breaks="a field that is left out of its category is shown",
        file="schema/policy/grants.py",
        old="(column.label.category in self.categories and field not in self.without)",
        new="column.label.category in self.categories",
    ),
    Mutant(
        breaks="a category that the policy does not list is shown",
        file="schema/policy/grants.py",
        old="return is_known and all(",
        new="return all(",
    ),
    Mutant(
        breaks="a kind of identifier that the policy does not list is shown as others are",
        file="schema/policy/grants.py",
        old="return is_known and all(identifier in self.identifiers for identifier in label.identifiers)",
        new="return is_known",
    ),
    Mutant(
        breaks="a row is shown for a field that the policy does not speak of",
        file="schema/policy/grants.py",
        old="            and any(self.covers(entity, column) for column in entity.columns.values())\n",
        new="",
    ),
    Mutant(
        breaks="what is shown in part may be filtered and sorted by",
        file="schema/visibility.py",
        old="treatment_of(grant, entity, column) is treatment and",
        new="(treatment_of(grant, entity, column) is treatment or column.name != 'id') and",
    ),
    Mutant(
        breaks="what is another subject's may be filtered and sorted by",
        file="schema/visibility.py",
        old="return (is_the_rows or not of_subject) and",
        new="return",
    ),
    Mutant(
        breaks="exact times and amounts are whole for everybody",
        file="schema/policy/grants.py",
        old="        elif identifier.is_coincidental and self._is_for_the_own:\n",
        new="        elif identifier.is_coincidental:\n",
    ),
    Mutant(
        breaks="exact times and amounts are coarse for the marketplace's own too",
        file="schema/policy/grants.py",
        old="return is_own or all(role.is_own for role in self.roles)",
        new="return is_own",
    ),
    Mutant(
        breaks="details are shown where identifiers are masked",
        file="schema/treatments.py",
        old="        case Treatment.PARTIAL | Treatment.TOKEN if identifier.form in WHOLE_OR_HIDDEN:\n            return Treatment.HIDDEN\n",
        new="        case Treatment.PARTIAL | Treatment.TOKEN if identifier.form in WHOLE_OR_HIDDEN:\n            return Treatment.PLAIN\n",
    ),
    Mutant(
        breaks="of an identifier in two ways the looser treatment holds",
        file="schema/policy/grants.py",
        old="treatment = min(treatments, ",
        new="treatment = max(treatments, ",
    ),
    # Conditions.
    Mutant(
        breaks="what has ended still holds",
        file="resolvers/sql/conditions.py",
        old='sql("{} <= now() and ({} is null or {} > now())", _column(alias, starts), end, end)',
        new='sql("{} <= now()", _column(alias, starts))',
    ),
    Mutant(
        breaks="what ends at this very moment still holds",
        file="resolvers/sql/conditions.py",
        old="({} is null or {} > now())",
        new="({} is null or {} >= now())",
    ),
    Mutant(
        breaks="what has not begun holds already",
        file="resolvers/sql/conditions.py",
        old='sql("{} <= now() and ({} is null or {} > now())", _column(alias, starts), end, end)',
        new='sql("({} is null or {} > now())", end, end)',
    ),
    Mutant(
        breaks="an instrument covers categories it does not name",
        file="resolvers/sql/conditions.py",
        old="""\
        case NamesCategory(column):
            return sql("{} = any ({})", constant(named), _column(alias, column))
""",
        new="""\
        case NamesCategory():
            return TRUE
""",
    ),
    Mutant(
        breaks="an instrument need not be cited",
        file="schema/marketplace/conditions.py",
        old='            IsReference("reference"),\n',
        new="",
    ),
    Mutant(
        breaks="an instrument need not be approved",
        file="schema/marketplace/conditions.py",
        old='            IsSet("approved_at"),\n',
        new="",
    ),
    Mutant(
        breaks="a transfer need not be approved",
        file="schema/marketplace/conditions.py",
        old='IsSet("undertaking"), IsSet("approved_at"), _IN_FORCE',
        new='IsSet("undertaking"), _IN_FORCE',
    ),
    Mutant(
        breaks="an instrument shows whole cards that it does not name",
        file="schema/marketplace/conditions.py",
        old='_instrument(*_OF_A_COURT, also=(IsTrue("names_cards"),))',
        new="_instrument(*_OF_A_COURT)",
    ),
    Mutant(
        breaks="a member's request opens categories it does not name",
        file="schema/marketplace/conditions.py",
        old='_subject_has("data_subject_request", NamesCategory("categories"))',
        new='_subject_has("data_subject_request")',
    ),
    Mutant(
        breaks="an order is followed for its seller",
        file="schema/conditions.py",
        old="return isinstance(read, tuple) and read[0] == subject",
        new="return isinstance(read, tuple)",
    ),
    Mutant(
        breaks="what holds for one organisation holds for all",
        file="resolvers/sql/conditions.py",
        old='return sql("{} = call.organisation", _column(alias, column))',
        new="return TRUE",
    ),
    Mutant(
        breaks="a consent outweighs a refusal that came later",
        file="schema/marketplace/conditions.py",
        old='        unless=(of_kind, IsFalse("given"), _IN_FORCE, *refused_to),\n',
        new="",
    ),
    Mutant(
        breaks="a cancelled order makes its parties partners",
        file="schema/marketplace/conditions.py",
        old="if each != OrderStatus.CANCELLED.value)",
        new=")",
    ),
    Mutant(
        breaks="a payment that is settled is still shown to who completed it",
        file="schema/marketplace/conditions.py",
        old='("PENDING", "AUTHORISED")',
        new='("PENDING", "AUTHORISED", "SETTLED")',
    ),
    Mutant(
        breaks="a complaint is public before it is published",
        file="resolvers/sql/conditions.py",
        old='sql("{} <= now()", name(',
        new='sql("{} is not null", name(',
    ),
    Mutant(
        breaks="all of several must hold where one is enough",
        file="resolvers/sql/pieces.py",
        old='sql("({})", join(" or ", found))',
        new='sql("({})", join(" and ", found))',
    ),
    # Rows.
    Mutant(
        breaks="hidden rows are counted",
        file="resolvers/sql/pages.py",
        old="where = where_sql(self.rows, row, self._parent)\n        counted",
        new="where = where_sql(RowSet(entity=self.rows.entity, selector=self.rows.selector, visible=frozenset({frozenset()}),"
        " filters=self.rows.filters), row, self._parent)\n        counted",
    ),
    Mutant(
        breaks="links lead to hidden rows",
        file="resolvers/sql/rows.py",
        old="visible = seen(rows.visible, rows.entity, row.owner)",
        new="visible = TRUE if isinstance(rows.selector, Joined) else seen(rows.visible, rows.entity, row.owner)",
    ),
    Mutant(
        breaks="rows alike in their order come in the order of their stored ids",
        file="resolvers/planning/pages.py",
        old="SortKey(entity.storage.key, identity if stored else None,",
        new="SortKey(entity.storage.key, identity,",
    ),
    Mutant(
        breaks="an id as stored finds a row that shows a token",
        file="resolvers/binding.py",
        old="        return id_of_token(key, entity.name, given)\n",
        new="        if (found := id_of_token(key, entity.name, given)) is not None:\n            return found\n",
    ),
    Mutant(
        breaks="a page begins with the last row of the one before",
        file="resolvers/sql/rows.py",
        old="reached = TRUE if at else FALSE",
        new="reached = TRUE",
    ),
    Mutant(
        breaks="a cursor is not bound to its order",
        file="resolvers/planning/pages.py",
        old="{connection.name} by {', '.join(order)}",
        new="{connection.name} by {len([*order])} keys",
    ),
    Mutant(
        breaks="a cursor is not bound to its connection",
        file="resolvers/planning/pages.py",
        old="{connection.parent_type}.{connection.name} by",
        new="by",
    ),
    # What is shown.
    Mutant(
        breaks="tokens are the same for all organisations",
        file="gateway/identity/authenticator.py",
        old='return ("organisation", str(claims.organisation))',
        new='return ("organisation",)',
    ),
    Mutant(
        breaks="an authority's tokens are the same for all its instruments",
        file="gateway/identity/authenticator.py",
        old='("authority", str(claims.organisation), reference or "")',
        new='("authority", str(claims.organisation))',
    ),
    Mutant(
        breaks="a time is shown by its day",
        file="resolvers/sql/masking.py",
        old="date_trunc('month', ",
        new="date_trunc('day', ",
    ),
    Mutant(
        breaks="an amount is shown by three digits",
        file="resolvers/sql/masking.py",
        old="        number(AMOUNT_DIGITS),\n",
        new="        number(AMOUNT_DIGITS + 1),\n",
    ),
    Mutant(
        breaks="a value's token is the same for everybody it may be about",
        file="resolvers/sql/masking.py",
        old="if row.entity is None or column.label.is_a(Form.ID):",
        new="if column.name:",
    ),
    Mutant(
        breaks="a value's token is bound to all subjects of its row, not to its own",
        file="resolvers/sql/masking.py",
        old="for each in row.entity.subjects_of(column)]",
        new="for each in row.entity.owner.subjects]",
    ),
    Mutant(
        breaks="`hiddenFields` leaves one out",
        file="resolvers/sql/masking.py",
        old="for shown in fields if",
        new="for shown in fields[1:] if",
    ),
    Mutant(
        breaks="`maskedFields` names a masked field that is null",
        file="resolvers/sql/masked_fields.py",
        old="                has_value_sql(shown.column, row),\n",
        new='                sql("true"),\n',
    ),
    Mutant(
        breaks="`maskedFields` names what this row shows plain",
        file="resolvers/sql/masked_fields.py",
        old=" if branch.treatment in MASKS else NULL",
        new="",
    ),
    Mutant(
        breaks="figures are those of the oldest release",
        file="resolvers/sql/statistics.py",
        old="(select max(month)",
        new="(select min(month)",
    ),
    Mutant(
        breaks="figures of every release are shown as those of one",
        file="resolvers/planning/statistics.py",
        old="chosen is not None and chosen is facts.month",
        new="chosen is not None",
    ),
    # What is recorded.
    Mutant(
        breaks="the record forgets a row's second subject",
        file="resolvers/sql/reading.py",
        old="for column in self.row.entity.storage.subjects}",
        new="for column in self.row.entity.storage.subjects[:1]}",
    ),
    Mutant(
        breaks="the record forgets all subjects of a row of which the row above has named one",
        file="resolvers/sql/reading.py",
        old="if column in self.shown or column != self.parent_names",
        new="if column in self.shown or not self.parent_names",
    ),
    Mutant(
        breaks="the record takes a row's subject for the one that the row above has named",
        file="resolvers/sql/reading.py",
        old='sql("nullif({}, {})", subject, above)',
        new='sql("nullif({}, {})", above, subject)',
    ),
    Mutant(
        breaks="the record forgets who is only counted",
        file="resolvers/sql/pages.py",
        old="subjects=(subjects,) if names else (),",
        new="subjects=(subjects,) if names and not is_count else (),",
    ),
    Mutant(
        breaks="the record forgets who is looked at to tell of another page",
        file="resolvers/sql/pages.py",
        old="        if not (self.page.looks_ahead and self.read.has_subjects(_ALONE)):\n",
        new="        if self.page.looks_ahead or not self.page.looks_ahead:\n",
    ),
    Mutant(
        breaks="the record forgets who is before a cursor",
        file="resolvers/sql/pages.py",
        old="subjects=(subjects,) if names else (),",
        new="subjects=(subjects,) if names and is_count else (),",
    ),
    Mutant(
        breaks="rows that are only counted are not in the record's number",
        file="resolvers/sql/pages.py",
        old='row_counts=(sql("coalesce({}, 0)", name(alias, "rows")),) if is_count else (),',
        new="row_counts=(),",
    ),
    Mutant(
        breaks="the record says the least that was shown of a field",
        file="resolvers/sql/render.py",
        old='"treatment": each.most.value}',
        new='"treatment": each.least.value}',
    ),
    Mutant(
        breaks="what stays in a member's country crossed a border, and what left it did not",
        file="resolvers/sql/borders.py",
        old="where upper({}) <> {})",
        new="where upper({}) = {})",
    ),
    Mutant(
        breaks="rows that a link leads to are not counted in the record",
        file="resolvers/sql/reading.py",
        old='(sql("coalesce({}, 0)", name(result, "rows")),)',
        new='(sql("0 * coalesce({}, 0)", name(result, "rows")),)',
    ),
    # Conditions that close in doubt.
    Mutant(
        breaks="a refusal in a word that nobody knows does not count",
        file="resolvers/sql/conditions.py",
        old="    return all_of([any_of([known, *in_doubt]), *times])",
        new="    return all_of([known, *times])",
    ),
    Mutant(
        breaks="a refusal that does not say when it begins does not count",
        file="resolvers/sql/conditions.py",
        old='"({} <= now()) is not false and ({} > now()) is not false"',
        new='"({} <= now()) is true and ({} > now()) is not false"',
    ),
    Mutant(
        breaks="what reads only the schema is recorded as an access to data",
        file="resolvers/sql/render.py",
        old="        return ANSWERED if self.reads_data else DESCRIBED\n",
        new="        return ANSWERED\n",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """By what a mutant was noticed, and after how many operations; by nothing where it was not."""

    mutant: Mutant
    by: str | None
    operations: int


def tried(mutant: Mutant, url: str, *, most: int = MOST) -> Noticed:
    """What the opinion makes of a mutant; `url` is the owner's of the market."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        _copy(root)
        broken = mutant.text(ROOT)
        (root / mutant.file).write_text(broken, "utf-8")
        command = [sys.executable, "-m", "tests.opinion", "--first", "--url", url, "--most", str(most)]
        ran = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=SECONDS, check=False)
    lines = ran.stdout.splitlines()
    if not lines:
        raise RuntimeError(f"`{mutant.breaks}` does not run:\n{ran.stderr}")
    found = json.loads(lines[-1])
    return Noticed(mutant=mutant, by=found.get("kind"), operations=found["operations"])


def _copy(root: Path) -> None:
    for each in COPIED:
        if (ROOT / each).is_dir():
            shutil.copytree(ROOT / each, root / each, ignore=shutil.ignore_patterns("__pycache__", "graphiql"))
        else:
            (root / each).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / each, root / each)


def table(noticed: Iterable[Noticed]) -> Iterator[str]:
    """A line for each, as Markdown has tables."""
    yield "| what is broken | noticed in the | after |"
    yield "|---|---|---|"
    for each in noticed:
        yield f"| {each.mutant.breaks} | {each.by or '**not noticed**'} | {each.operations:,} |"


def main() -> int:
    end_in_order()
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--url", help="the owner's URL of a sample marketplace; without, one of its own is made")
    parser.add_argument("words", nargs="*", help="only mutants with one of these in what they break")
    arguments = parser.parse_args()
    chosen = [each for each in MUTANTS if not arguments.words or any(word in each.breaks for word in arguments.words)]
    with ExitStack() as made:
        return _all(
            chosen, [arguments.url] if arguments.url else [made.enter_context(own_market()) for _ in range(AT_ONCE)]
        )


def _all(mutants: Sequence[Mutant], urls: Sequence[str]) -> int:
    free = SimpleQueue[str]()
    for url in urls:
        free.put(url)

    def over_a_free_market(mutant: Mutant) -> Noticed:
        url = free.get()
        try:
            return tried(mutant, url)
        finally:
            free.put(url)

    with ThreadPoolExecutor(len(urls)) as pool:
        found = list(pool.map(over_a_free_market, mutants))
    for line in table(found):
        print(line)  # noqa: T201 - it is a command
    return 0 if all(each.by for each in found) else 1


if __name__ == "__main__":
    raise SystemExit(main())

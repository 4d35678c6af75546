"""The matrix of a policy as a document: for each role and purpose what is shown, how, when and why, and what is refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from gateway.policy.explaining import ALWAYS_MARK, MatrixCell, matrix_cells
from gateway.reports.report import Report, ReportTable
from schema.catalog import Catalog
from schema.labels import Category
from schema.policy.grants import Policy
from schema.policy.sentences import enumeration, in_words
from schema.requester import Purpose, Role

_COLUMNS: Final = ("purpose", "what", "identifiers", "when", "grant", "clauses")

_TREATMENTS: Final = (
    "PLAIN is shown as stored, PARTIAL in part, TOKEN as a pseudonym made for the requester, and HIDDEN not at all."
    " Where several lines apply, the most revealing one whose condition holds wins."
)


def matrix_report(policy: Policy, digest: str, origin: str, catalog: Catalog) -> Report:
    """The document. `origin` says where the policy is from."""
    matrix = _Matrix(policy=policy, catalog=catalog, cells=tuple(matrix_cells(policy, catalog)))
    clauses = [(clause.id, clause.section, clause.settles) for clause in policy.clauses.values()]
    return Report(
        title=f"Who may see what, for what and when: privacy policy {policy.version}",
        paragraphs=[
            f"{origin[:1].upper()}{origin[1:]}. Meant to hold from {policy.effective_from:%-d %B %Y}.",
            f"Digest (SHA-256): {digest}.",
            f"Questions go to {policy.contact}.",
            _TREATMENTS,
            "What no line shows is refused.",
        ],
        tables=(
            *map(matrix.of_role, policy.roles),
            ReportTable(heading="Clauses", columns=("clause", "section", "settles"), rows=clauses, starts_page=True),
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Matrix:
    """The tables of a policy's roles."""

    policy: Policy
    catalog: Catalog
    cells: tuple[MatrixCell, ...]

    def of_role(self, role: Role) -> ReportTable:
        rows = [row for purpose in sorted(self.policy.roles[role]) for row in self._of_purpose(role, purpose)]
        heading = f"{role}: {self.policy.role_descriptions[role].description}"
        return ReportTable(heading=heading, columns=_COLUMNS, rows=rows, empty="may ask for nothing", starts_page=True)

    def _of_purpose(self, role: Role, purpose: Purpose) -> Iterator[tuple[str, ...]]:
        phrases = {condition.name: str(condition) for condition in self.catalog.marketplace.conditions}
        for cell in self.cells:
            if (cell.role, cell.purpose) == (role, purpose):
                when = " and ".join(phrases.get(name, name) for name in cell.when.split(" and "))
                yield in_words(purpose), cell.what, cell.identifiers, when, cell.grant, cell.clauses
        shown = self._shown(role, purpose)
        if refused := [category.words for category in self.policy.words.categories if category not in shown]:
            nothing = "refused, whatever the case"
            yield in_words(purpose), enumeration(refused), nothing, ALWAYS_MARK, ALWAYS_MARK, ALWAYS_MARK

    def _shown(self, role: Role, purpose: Purpose) -> set[Category]:
        """The categories of which some field is shown on some row."""
        grants = self.policy.grants_for(role, purpose)
        named = (field.partition(".") for grant in grants for field in grant.fields)
        single = {self.catalog.entities[entity].labelled[field].label.category for entity, _, field in named}
        return single.union(*(grant.categories for grant in grants))

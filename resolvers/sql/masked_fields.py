"""The fields that a row shows masked, as a JSON list. Which form it shows is asked as for the masks themselves.

Neighbouring fields that are shown under the same conditions ask for these once.
"""

import json
from collections.abc import Sequence
from itertools import groupby

from resolvers.planning.plan import Branch, MaskedColumn, MaskedFieldList, MaskedFieldPart
from resolvers.sql.json_text import JsonEntry, object_text
from resolvers.sql.masking import RowAlias, case_sql, has_value_sql
from resolvers.sql.pieces import NULL, Sql, constant, spread, sql
from schema.treatments import MASKS, Treatment


def masked_fields_sql(listed: MaskedFieldList, row: RowAlias) -> Sql:
    """A list with an entry for each field that has a value and is masked in this row."""
    if not listed.fields:
        return constant("[]")
    groups = groupby(listed.fields, lambda shown: shown.branches)
    return sql(
        "'[' || {} || ']'",
        spread(constant(","), [_alike(branches, tuple(fields), listed, row) for branches, fields in groups]),
    )


def _alike(branches: Sequence[Branch], fields: Sequence[MaskedColumn], listed: MaskedFieldList, row: RowAlias) -> Sql:
    """The entries of fields that are all shown in this way; null without any."""

    def entries(treatment: Treatment) -> Sql:
        each = [
            sql(
                "case when {} then {} end",
                has_value_sql(shown.column, row),
                _entry(shown.column.name, treatment, listed),
            )
            for shown in fields
        ]
        return each[0] if len(each) == 1 else sql("nullif({}, '')", spread(constant(","), each))

    forms = [entries(branch.treatment) if branch.treatment in MASKS else NULL for branch in branches]
    return case_sql(branches, row, forms)


def _entry(field: str, treatment: Treatment, listed: MaskedFieldList) -> Sql:
    values = {
        MaskedFieldPart.FIELD: field,
        MaskedFieldPart.TREATMENT: treatment.value,
        MaskedFieldPart.TYPE_NAME: "MaskedField",
    }
    entries = [JsonEntry(each.key, each.inclusion, constant(json.dumps(values[each.part]))) for each in listed.entries]
    return object_text(entries)

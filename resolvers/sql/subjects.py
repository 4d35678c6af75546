"""Data subjects' ids as they stand in a record's text: numbers and UUIDs as they are, other texts as hexadecimal digits.

Nothing that a text holds can then be taken for another subject, or for a class.
"""

from resolvers.sql.pieces import Sql, sql, sql_type
from schema.identities import IdType


def subject_sql(column: Sql, id_type: IdType) -> Sql:
    """A data subject, from a column. It is cast, or a text would name whomever it likes in the record."""
    if id_type == "text":
        return sql("encode(convert_to({}::text, 'UTF8'), 'hex')", column)
    return sql("{}::{}", column, sql_type(id_type))


def subjects_text_sql(column: Sql, id_type: IdType) -> Sql:
    """The data subjects of an array, parted by commas; null for nobody."""
    if id_type == "text":
        each = subject_sql(sql("each"), id_type)
        return sql(
            "(select string_agg({}, ',' order by place) from unnest({}) with ordinality as all_of (each, place))",
            each,
            column,
        )
    return sql("nullif(array_to_string({}, ','), '')", column)


def subject_id_sql(text: Sql, id_type: IdType) -> Sql:
    """The id of a data subject, from what stands for it in a record's text.

    `convert_from` gives a text of the collation of names, by which no index of a column of texts finds it. Written out
    and read again, it has none of its own.
    """
    if id_type == "text":
        return sql("textin(textout(convert_from(decode({}, 'hex'), 'UTF8')))", text)
    return sql("{}::{}", text, sql_type(id_type))

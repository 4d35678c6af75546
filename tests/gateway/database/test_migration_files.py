"""What a file of SQL makes, and what of it can be skipped by itself."""

from pathlib import Path

import pytest

from gateway.database.migration_files import MigrationFile


def written(directory: Path, text: str, *, over_tables_of_others: bool = True) -> MigrationFile:
    path = directory / "001_file.sql"
    path.write_text(text, "utf-8")
    return MigrationFile(set_name="shop", path=path, over_tables_of_others=over_tables_of_others)


@pytest.mark.parametrize(
    ("text", "makes"),
    [
        ("create view shown as select 1;", ["shown"]),
        ("create or replace function shop.one() returns int return 1;\ncreate view v as select 1;", ["shop.one", "v"]),
        ("create table kept (id int);\ncreate view shown as select id from kept;", []),
        ("alter table kept add column more int;", []),
    ],
)
def test_a_file_without_tables_is_known_by_its_views_and_functions(tmp_path: Path, text: str, makes: list[str]) -> None:
    assert list(written(tmp_path, text).makes) == makes


def test_each_change_of_a_table_can_be_skipped_by_itself(tmp_path: Path) -> None:
    text = "-- What comes later.\n\nalter table a add column b int;\ncreate index on a (b);\n-- The end.\n"
    assert len(written(tmp_path, text).statements) == 2
    assert written(tmp_path, text, over_tables_of_others=False).statements == [text]


def test_a_file_with_a_body_is_one_statement(tmp_path: Path) -> None:
    text = "do $$ begin\nperform 1;\nend $$;\nalter table a add column b int;\n"
    assert written(tmp_path, text).statements == [text]

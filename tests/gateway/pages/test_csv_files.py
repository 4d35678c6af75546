"""Lists as CSV files."""

import csv
import io

from gateway.pages.csv_files import csv_file, csv_line


def test_a_spreadsheet_takes_nothing_for_a_formula() -> None:
    assert csv_line(["=1+1", "a,b", ""]) == '\'=1+1,"a,b",\r\n'


def test_a_file_is_saved_under_its_name() -> None:
    answer = csv_file("matrix", [["who", "what"], ["a", "b"]])
    assert answer.headers["content-disposition"] == 'attachment; filename="matrix.csv"'
    assert list(csv.reader(io.StringIO(bytes(answer.body).decode()))) == [["who", "what"], ["a", "b"]]

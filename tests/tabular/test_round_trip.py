"""Any table of invented people, written in any supported style, reads back the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from svclib.tabular import Form, Table, read_tables
from tests.examples import examples
from tests.tabular.people import people, styles
from tests.tabular.styles import MONTH_STYLES, Style, write

_EXAMPLES = settings(
    max_examples=examples(80),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def _assert_same(table: Table, people: Sequence[Mapping[str, Any]], numbers: list[int]) -> None:
    assert [row.number for row in table.rows] == numbers
    for row, person in zip(table.rows, people, strict=True):
        read = {field: row.cells[field].value for field in person}
        assert read == person, (row, table.headings)
        assert all(cell.flaw is None for cell in row.cells.values())


@pytest.mark.parametrize("form", ["members", "graduates", "activists", "people", "safety"])
@_EXAMPLES
@given(data=st.data(), style=styles)
def test_a_table_written_in_any_style_reads_back_the_same(form: str, data: st.DataObject, style: Style) -> None:
    persons = data.draw(people(form))
    source, numbers = write(persons, form, style)
    tables = read_tables(source)
    assert [table.form for table in tables] == [Form(form)]
    _assert_same(tables[0], persons, numbers)


@_EXAMPLES
@given(persons=people("members"), style=styles, unit=st.sampled_from(["绵阳供电公司", "阿坝供电公司"]))
def test_a_unit_merged_over_many_rows_belongs_to_each_of_them(
    persons: list[dict[str, Any]], style: Style, unit: str
) -> None:
    persons = [person | {"unit": unit} for person in persons]
    style = replace(style, merged_unit=True, repeated_header=False, empty_rows=False)
    source, numbers = write(persons, "members", style)
    _assert_same(read_tables(source)[0], persons, numbers)


@_EXAMPLES
@given(persons=people("activists"), style=styles, day=st.sampled_from(MONTH_STYLES))
def test_a_month_is_read_as_its_first_day_and_marked(persons: list[dict[str, Any]], style: Style, day: str) -> None:
    source, _numbers = write(persons, "activists", replace(style, day=day))
    for row, person in zip(read_tables(source)[0].rows, persons, strict=True):
        for field, value in person.items():
            # 1998.1 in a text file may have been 1998.10; written with two digits it is clear.
            if isinstance(value, date):
                assert row.cells[field].value == value.replace(day=1)
                assert row.cells[field].month_only

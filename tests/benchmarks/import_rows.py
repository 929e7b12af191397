"""Importing a roster of 10,000 rows, beside the same rows through bare sqlite3 executemany."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter

from svclib import open_workspace
from svclib.demo import make_demo
from svclib.demo.invented import People
from svclib.models import Sex, label
from svclib.settings import Settings
from svclib.tabular import read_tables
from tests.benchmarks.measure import Measure, seconds

ROWS = 10_000
_HEAD = (
    "工号",
    "姓名",
    "身份证号",
    "性别",
    "出生日期",
    "单位",
    "政治面貌",
    "入职时间",
    "岗位",
    "学历",
    "毕业院校",
    "联系电话",
)


def run(folder: Path) -> Iterator[Measure]:
    settings = Settings(data_dir=folder)
    make_demo(settings)
    rows = _rows()
    workbook = folder / "roster.xlsx"
    _write(workbook, rows)
    bare = seconds(lambda: _bare(folder / "bare.db", rows))
    yield Measure("reading the workbook", seconds(lambda: read_tables(workbook)), rows=ROWS)
    ws = open_workspace(settings)
    beside = {"beside": "bare executemany", "beside_seconds": bare, "rows": ROWS}
    yield Measure("preview (dry run)", seconds(lambda: ws.register.import_file(workbook, dry_run=True)), rows=ROWS)
    yield Measure("import of new people", seconds(lambda: ws.register.import_file(workbook)), **beside)
    yield Measure("the same file again: nothing changes", seconds(lambda: ws.register.import_file(workbook)), **beside)
    ws.close()


def _rows() -> list[tuple[Any, ...]]:
    rng = Random(1)
    people = People(rng)
    units = ("成都供电公司", "绵阳供电公司", "南充供电公司", "达州供电公司")
    rows = []
    for number in range(ROWS):
        born = date(1970, 1, 1) + timedelta(days=rng.randrange(11_000))
        sex = rng.choice((Sex.MALE, Sex.FEMALE))
        unit = number % len(units)
        name, _ethnicity = people.name(unit, sex, "han")
        hired = date(born.year + 23, 7, rng.randint(1, 28))
        row = (f"07{number:06d}", name, people.id_number(40, born, sex), label(sex), born, units[unit], "群众", hired)
        rows.append((*row, "配电运维工", "本科", "四川大学", people.phone()))
    return rows


def _write(path: Path, rows: list[tuple[Any, ...]]) -> None:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, _HEAD)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            else:
                sheet.write_string(number, column, value)
    book.close()


def _bare(path: Path, rows: list[tuple[Any, ...]]) -> None:
    connection = sqlite3.connect(path)
    columns = ", ".join(f"c{number} TEXT" for number in range(len(_HEAD)))
    connection.execute(f"CREATE TABLE roster (id INTEGER PRIMARY KEY, {columns})")
    marks = ", ".join("?" for _ in _HEAD)
    plain = [tuple(value.isoformat() if isinstance(value, date) else value for value in row) for row in rows]
    with connection:
        connection.executemany(f"INSERT INTO roster VALUES (NULL, {marks})", plain)
    connection.close()

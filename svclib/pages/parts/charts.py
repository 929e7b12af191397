"""What a chart of the suite is: an option of plain data, what it says in words, and the table that says the same.

The view is `chart.vue`, which a page adds to its `VIEWS` as `ui-chart`. An option is ECharts' own, as JSON, with four
differences: "@name" stands for a colour of the theme (never within data); `shape` names a mark of the suite's own,
whose data are plain lists; `told` says what a mark tells when it is pointed at; `click` which event it sends.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal

from svclib.i18n import noop as N_
from svclib.tabular import ColumnSpec, write_table

Option = dict[str, Any]
Chart = dict[str, Any]
VIEW = Path(__file__).with_name("chart.vue")
WORDS = {
    "show_table": N_("Table"),
    "show_chart": N_("Chart"),
    "save_picture": N_("Save the picture"),
    "save_data": N_("Save the data"),
    "chart_failed": N_("The picture could not be drawn."),
    "zoom_in": N_("Closer"),
    "zoom_out": N_("Further away"),
    "zoom_all": N_("Show all"),
}
"""The words of the view: a page that shows it adds them to its own."""
ROW: Mapping[str, int] = {"px": 28, "phone": 44}
"""Height in pixels of a row that can be clicked, on a large screen and on a phone."""
HEAD: Mapping[str, int] = {"px": 30, "phone": 30}
"""The same of what stands above the plot."""
Kind = Literal["text", "number", "row", "day", "last"]
"""How a value is told: as it is, as a count, as the row of this number, as a day, as the day before (a last day)."""
Heads = Mapping[str, Literal["text", "number"]]
"""The columns of a table by heading."""


def told(label: str, at: int, kind: Kind = "text", words: Sequence[str] | None = None) -> dict[str, Any]:
    """One line about a mark: the value at this place of its datum, or the word that the value numbers."""
    return {"label": label, "at": at, "kind": kind} | ({"words": list(words)} if words is not None else {})


def clicks(act: str, **places: int) -> dict[str, Any]:
    """The event that a mark sends: its data are the values at these places of its datum."""
    return {"act": act, "keys": places}


def twin(heads: Heads, rows: Sequence[Sequence[Any]]) -> dict[str, Any]:
    """The table of a chart: columns by heading, rows of texts and numbers."""
    return {
        "heads": [{"label": label, "number": kind == "number"} for label, kind in heads.items()],
        "rows": [list(row) for row in rows],
    }


def chart(
    name: str,
    *,
    title: str,
    lead: str,
    file: str,
    table: dict[str, Any] | None = None,
    option: Option | None = None,
    empty: str = "",
    rows: int = 0,
    row: Mapping[str, int] = ROW,
    head: Mapping[str, int] = HEAD,
    height: int = 320,
    aspect: float | None = None,
    bare: bool = False,
) -> Chart:
    """A chart as `chart.vue` shows it; without an option it says why there is nothing (`empty`).

    `rows`: as many rows of the same height, scrolled where there are too many; else the plot has `height` pixels. Above
    it there is room for an axis (`head`).
    `aspect`: how many degrees of latitude a degree of longitude is on the ground, for a map. `bare`: the title stands
    above it already. Without a `table` what stands beside it says the same, and hands out its data.
    """
    return {
        "name": name,
        "title": title,
        "lead": lead,
        "said": " ".join((title, lead)).strip(),
        "option": option,
        "empty": empty,
        "rows": rows,
        "row": dict(row) if rows else None,
        "head": dict(head),
        "height": height,
        "aspect": aspect,
        "bare": bare,
        "table": table,
        "file": file,
    }


def workbook(made: Chart) -> bytes:
    """The table of a chart as a workbook (.xlsx)."""
    table = made["table"]
    columns = [ColumnSpec(head["label"], "number" if head["number"] else "text") for head in table["heads"]]
    return write_table(columns, table["rows"], sheet=made["file"].partition("-")[0], title=made["title"])


def moment(day: date) -> int:
    """A day as charts count time: milliseconds of UTC."""
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)

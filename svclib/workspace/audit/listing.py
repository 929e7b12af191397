"""The trail as a list: filtered and paged in SQL, each row in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Table, and_, false, func, or_, select
from sqlmodel import SQLModel

from svclib.errors import NotFound, RuleBroken
from svclib.i18n import gettext as _
from svclib.i18n import noop as N_
from svclib.models import AuditRow, Person, Team, table
from svclib.tabular import ColumnSpec, write_table
from svclib.workspace.audit.anchors import read_anchors
from svclib.workspace.audit.telling import AuditEntry, told
from svclib.workspace.audit.words import RECORD_WORDS, actor_word, origin_word
from svclib.workspace.base import Area, Transaction, verb
from svclib.workspace.frames import frame
from svclib.workspace.register.days import as_day
from svclib.workspace.verbs import UNMASKING, VERB_WORDS

if TYPE_CHECKING:
    import pandas as pd

_AUDIT, _PERSON, _TEAM = table(AuditRow), table(Person), table(Team)
_EXPORT_LIMIT = 50_000
_NAMED_BY = ("short_name", "name", "username", "file_name")

Group = Literal["all", "writes", "reveals"]
AUDIT_COLUMNS = {
    "number": "int",
    "at": "instant",
    "actor": "text",
    "origin": "text",
    "verb": "text",
    "doing": "text",
    "table_name": "text",
    "row_id": "id",
    "record": "text",
    "changes": "text",
}
"""Columns of a page of the trail with their kinds: codes as stored, `doing`, `record` and `changes` in words."""


@dataclass(frozen=True)
class AuditQuery:
    """What of the trail is listed, newest first.

    `group`: writes, reveals (looks at plain values), or all. `after`: only rows with a greater number. `who`: the
    account's name. `verbs`: any of these (keys of VERB_WORDS). `record`: a part of a person's, team's or
    other record's name, or table and id like person/17. `since` and `until`: days of the office's clock, both included.
    `limit` None: all rows.
    """

    group: Group = "all"
    after: int = 0
    who: str | None = None
    verbs: tuple[str, ...] = ()
    record: str = ""
    since: date | str | None = None
    until: date | str | None = None
    offset: int = 0
    limit: int | None = 10


@dataclass(frozen=True)
class AuditPage:
    """One page of the trail: `rows` with AUDIT_COLUMNS, `total` rows of the whole list."""

    rows: pd.DataFrame
    total: int


@dataclass(frozen=True)
class AuditSummary:
    """The figures above the list. Moments are UTC; None where there was none yet."""

    writes_today: int
    reveals_this_month: int
    rows: int
    verified_at: datetime | None
    verified_up_to: int
    anchored_at: datetime | None
    anchored_up_to: int
    anchors_damaged: bool
    actors: tuple[str, ...]


class Listing(Area):
    """The trail as a list."""

    @verb("audit.page", writes=False)
    def page(self, tx: Transaction, query: AuditQuery) -> AuditPage:
        """Give one page of the trail, newest first. Raises RuleBroken for what is no day."""
        chosen = _condition(tx, query)
        total = int(tx.scalar(select(func.count()).select_from(_AUDIT).where(chosen)))
        rows = select(_AUDIT).where(chosen).order_by(_AUDIT.c.number.desc()).offset(query.offset).limit(query.limit)
        entries = told(tx, tx.rows(rows)) if total > query.offset else []
        return AuditPage(frame((_row(one) for one in entries), AUDIT_COLUMNS), total)

    @verb("audit.entry", writes=False)
    def entry(self, tx: Transaction, number: int) -> AuditEntry:
        """Give one row of the trail with every change in words. Raises NotFound."""
        rows = tx.rows(select(_AUDIT).where(_AUDIT.c.number == number))
        if not rows:
            raise NotFound(_("The trail has no row {number}.").format(number=number))
        return told(tx, rows)[0]

    @verb("audit.summary", writes=False)
    def summary(self, tx: Transaction) -> AuditSummary:
        """Count what was written today and looked at in plain this month, and tell how the chain stands.

        The chain's last check and anchor come from the anchor file. Raises DatabaseState when it cannot be read.
        """
        zone = ZoneInfo(tx.settings.timezone)
        today = tx.now.astimezone(zone).date()
        anchors = read_anchors(tx.settings.anchors, tx.vault)
        verified, anchored = anchors.last("verified"), anchors.last()
        count = select(func.count()).select_from(_AUDIT)
        month = (_AUDIT.c.verb == UNMASKING) & (_AUDIT.c.at >= _begin(today.replace(day=1), zone))
        return AuditSummary(
            writes_today=int(tx.scalar(count.where(_AUDIT.c.at >= _begin(today, zone), _AUDIT.c.verb != UNMASKING))),
            reveals_this_month=int(tx.scalar(count.where(month))),
            rows=int(tx.scalar(select(func.max(_AUDIT.c.number))) or 0),
            verified_at=None if verified is None else verified.at,
            verified_up_to=0 if verified is None else verified.number,
            anchored_at=None if anchored is None else anchored.at,
            anchored_up_to=0 if anchored is None else anchored.number,
            anchors_damaged=anchors.bad_line is not None,
            actors=tuple(tx.connection.execute(select(_AUDIT.c.actor).distinct().order_by(_AUDIT.c.actor)).scalars()),
        )

    @verb("audit.export", writes=False)
    def export(self, tx: Transaction, query: AuditQuery) -> bytes:
        """Give the whole list of a query, whatever its page, as a workbook (.xlsx).

        Raises RuleBroken when it has more than 50,000 rows.
        """
        chosen = _condition(tx, query)
        rows = tx.rows(select(_AUDIT).where(chosen).order_by(_AUDIT.c.number.desc()).limit(_EXPORT_LIMIT + 1))
        if len(rows) > _EXPORT_LIMIT:
            raise RuleBroken(_("More than {limit} rows do not fit. Choose fewer days.").format(limit=_EXPORT_LIMIT))
        zone = ZoneInfo(tx.settings.timezone)
        specs = [ColumnSpec(_(word), "text" if place else "number") for place, word in enumerate(SHEET_HEADINGS)]
        lines = ([one.number, *_cells(one, zone)] for one in told(tx, rows))
        return write_table(specs, lines, sheet=_("Trail"))


SHEET_HEADINGS = (
    N_("Number"),
    N_("Time"),
    N_("Who"),
    N_("From where"),
    N_("What was done"),
    N_("Record"),
    N_("Changes"),
)
"""What the columns of the list are called."""


def _cells(entry: AuditEntry, zone: ZoneInfo) -> Sequence[str]:
    when = entry.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    return (when, actor_word(entry.actor), origin_word(entry.origin), entry.doing, entry.record, entry.summary)


def _row(entry: AuditEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in AUDIT_COLUMNS if name != "changes"} | {"changes": entry.summary}


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _condition(tx: Transaction, query: AuditQuery) -> ColumnElement[bool]:
    zone = ZoneInfo(tx.settings.timezone)
    unknown = set(query.verbs) - set(VERB_WORDS)
    if unknown:
        raise RuleBroken(_("There is no verb {verb}.").format(verb=min(unknown)), field="verb")
    parts: list[ColumnElement[bool]] = [_AUDIT.c.number > query.after]
    if query.group != "all":
        looked = _AUDIT.c.verb == UNMASKING
        parts.append(looked if query.group == "reveals" else ~looked)
    if query.who:
        parts.append(_AUDIT.c.actor == query.who)
    if query.verbs:
        parts.append(_AUDIT.c.verb.in_(query.verbs))
    if query.since is not None:
        parts.append(_AUDIT.c.at >= _begin(as_day(query.since, field="since"), zone))
    if query.until is not None:
        parts.append(_AUDIT.c.at < _begin(as_day(query.until, field="until") + timedelta(days=1), zone))
    if query.record.strip():
        parts.append(_about(query.record.strip()))
    return and_(*parts)


def _about(text: str) -> ColumnElement[bool]:
    """Rows about a record of this name, or about what belongs to a person or team of this name."""
    name, slash, number = text.partition("/")
    if slash and name in RECORD_WORDS and number.isdecimal():
        return (_AUDIT.c.table_name == name) & (_AUDIT.c.row_id == int(number))
    person_ids = select(_PERSON.c.id).where(
        or_(_PERSON.c.name.contains(text, autoescape=True), _PERSON.c.employee_no == text)
    )
    found: list[ColumnElement[bool]] = [false()]
    for place in SQLModel.metadata.sorted_tables:
        if place.name in RECORD_WORDS and "id" in place.columns:
            ids = person_ids if place is _PERSON else _named(place, text, person_ids)
            if ids is not None:
                found.append((_AUDIT.c.table_name == place.name) & _AUDIT.c.row_id.in_(ids))
    return or_(*found)


def _named(place: Table, text: str, person_ids: Any) -> Any:
    teams = select(_TEAM.c.id).where(_TEAM.c.short_name.contains(text, autoescape=True))
    owners = {"person_id": person_ids, "team_id": teams}
    belongs = [place.c[name].in_(ids) for name, ids in owners.items() if name in place.columns]
    if "person_id" in place.columns:
        return select(place.c.id).where(or_(*belongs))
    column = next((place.c[one] for one in _NAMED_BY if one in place.columns), None)
    return None if column is None else select(place.c.id).where(column.contains(text, autoescape=True))

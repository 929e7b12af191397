"""The files of a rotation plan. No database, no clock.

Form 4 (轮岗安排表) of a unit is written, read back and compared; a published plan is announced with notices,
letters and calendars.
"""

from svclib.tabular.rotation.batch import Contents, write_batch
from svclib.tabular.rotation.comparing import compare
from svclib.tabular.rotation.diff import AddedRow, FieldChange, PlanDiff, RefusedRow, RowChange
from svclib.tabular.rotation.notices import (
    Announcement,
    Posting,
    Trainee,
    calendar_file,
    letter_document,
    notice_document,
    trainees_of,
)
from svclib.tabular.rotation.plan import Choice, Choices, Place, PlanRow, PlanSheet, RowKey
from svclib.tabular.rotation.reading import CellFlaw, ReturnedPlan, ReturnedRow, read_plan
from svclib.tabular.rotation.writing import plan_workbook

__all__ = [
    "AddedRow",
    "Announcement",
    "CellFlaw",
    "Choice",
    "Choices",
    "Contents",
    "FieldChange",
    "Place",
    "PlanDiff",
    "PlanRow",
    "PlanSheet",
    "Posting",
    "RefusedRow",
    "ReturnedPlan",
    "ReturnedRow",
    "RowChange",
    "RowKey",
    "Trainee",
    "calendar_file",
    "compare",
    "letter_document",
    "notice_document",
    "plan_workbook",
    "read_plan",
    "trainees_of",
    "write_batch",
]

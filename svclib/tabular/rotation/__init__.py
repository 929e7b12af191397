"""Form 4, the rotation plan of a unit (轮岗安排表): written, read back and compared. Pure: no database, no clock."""

from svclib.tabular.rotation.comparing import compare
from svclib.tabular.rotation.diff import AddedRow, FieldChange, PlanDiff, RefusedRow, RowChange
from svclib.tabular.rotation.plan import Choice, Choices, Place, PlanRow, PlanSheet, RowKey
from svclib.tabular.rotation.reading import CellFlaw, ReturnedPlan, ReturnedRow, read_plan
from svclib.tabular.rotation.writing import plan_workbook

__all__ = [
    "AddedRow",
    "CellFlaw",
    "Choice",
    "Choices",
    "FieldChange",
    "Place",
    "PlanDiff",
    "PlanRow",
    "PlanSheet",
    "RefusedRow",
    "ReturnedPlan",
    "ReturnedRow",
    "RowChange",
    "RowKey",
    "compare",
    "plan_workbook",
    "read_plan",
]

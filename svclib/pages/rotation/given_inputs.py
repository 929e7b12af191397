"""What the browser may send along with events about what is given to a plan."""

from __future__ import annotations

from typing import Literal

from svclib.pages.parts.inputs import Input
from svclib.pages.rotation.inputs import Id, PartId


class GivenFormInput(Input):
    """`row`: which absence or pair it is about; 0 where it is about none."""

    form: Literal["wish", "absence", "edit_absence", "end_absence", "home", "exception", "pair", "unpair", "details"]
    row: PartId = 0


class GivenPlaceInput(Input):
    """`row`: the station whose places are meant; 0 for the team's own, or where it is chosen in the form."""

    form: Literal["bound", "station_bound"]
    row: PartId = 0


class GivenReasonInput(Input):
    kind: Literal["pair", "absence"]
    row: Id

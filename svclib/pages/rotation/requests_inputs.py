"""What the browser may send along with the events of requests."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from svclib.pages.parts.inputs import Input, Short

Id = Annotated[int, Field(ge=1, le=2**62)]
Text = Annotated[str, StringConstraints(max_length=400)]
StateName = Literal["pending", "approved", "returned", "withdrawn"]


class StateInput(Input):
    """Which requests are listed; None: all."""

    state: StateName | None


class RequestInput(Input):
    request: Id


class DecisionInput(Input):
    """Words of a decision about the request that is open; `name`: who decides, where nobody is logged in."""

    answer: Text
    name: Short

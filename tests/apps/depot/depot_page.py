"""A page that hands out files as large as is asked for."""

from __future__ import annotations

import random

from traitlets import Int

from svclib.pages.base import event
from svclib.pages.transfer import Transfer, transfer_view


class DepotPage(Transfer):
    """A depot of files whose bytes are known by their size."""

    template_file = (__file__, "depot.vue")

    count = Int().tag(sync=True)

    def __init__(self) -> None:
        super().__init__(components={"svc-transfer": transfer_view()})

    @event(int)
    def vue_hand_out(self, megabytes: int) -> None:
        self.download(f"{megabytes}.zip", random.Random(megabytes).randbytes(megabytes * 1_000_000))

    @event()
    def vue_hand_out_two(self) -> None:
        self.vue_hand_out(2)
        self.vue_hand_out(3)

    @event()
    def vue_add(self) -> None:
        self.count += 1

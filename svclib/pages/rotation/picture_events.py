"""What can be done with the pictures: draw the boards, choose a stage, take the data of a chart away."""

from __future__ import annotations

from svclib.i18n import gettext as _
from svclib.pages.base import event
from svclib.pages.rotation.frame import Frame
from svclib.pages.rotation.inputs import ChartInput, DrawnInput, StageInput


class PictureEvents(Frame):
    """Events of the timelines, loads and map."""

    @event(DrawnInput)
    def vue_draw_board(self, data: DrawnInput) -> None:
        """Draw the boards of people and teams, or list them."""
        self.pictures.draw(drawn=data.drawn)
        self.show()

    @event(StageInput)
    def vue_choose_stage(self, data: StageInput) -> None:
        """Show how another stage is spread."""
        self.pictures.choose_stage(data.stage)
        self.show()

    @event(ChartInput)
    def vue_download_chart(self, data: ChartInput) -> None:
        """Hand out what a chart shows as a workbook."""
        name, content = self.pictures.file(data.chart)
        self.download(name, content)
        self.tell(_("Exported: {name}").format(name=name))
        self.show()

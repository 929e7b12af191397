"""The same page in Panel."""

import panel as pn

pn.extension()
button = pn.widgets.Button(name="ready-btn")
answer = pn.pane.Str("")
button.on_click(lambda _event: setattr(answer, "object", "clicked-ok"))
pn.Column(button, answer).servable()

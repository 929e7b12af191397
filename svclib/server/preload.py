"""What a page will ask for anyway is named in its head, so that it loads while the kernel starts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from jupyterlab_server.config import get_federated_extensions

_CHUNK = re.compile(r"\br\.e\((\d+)\)")


def preloads(labextensions: Sequence[str], static: Sequence[str], base: str, extensions: Sequence[str]) -> list[str]:
    """The addresses of the scripts every page needs: Voila's first chunks, the extensions' entries and large parts."""
    main = next(path for folder in static if (path := Path(folder) / "voila.js").is_file())
    chunks = dict.fromkeys(_CHUNK.findall(main.read_text(encoding="utf-8")))
    found = [
        f"{base}voila/static/{chunk}.voila.js" for chunk in chunks if (main.parent / f"{chunk}.voila.js").is_file()
    ]
    known = get_federated_extensions(list(labextensions))
    for name in extensions:
        if name in known:
            found.append(f"{base}voila/labextensions/{name}/{known[name]['jupyterlab']['_build']['load']}")
    return found

"""The built front end as the server knows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from svclib.errors import NotFound
from svclib.server import assets


def test_without_a_built_front_end_the_server_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "FOLDER", tmp_path)
    with pytest.raises(NotFound, match="make setup"):
        assets.front_end()


def test_a_page_names_its_scripts_its_own_views_among_them() -> None:
    register = assets.page_assets("register", "/below/")
    other = assets.page_assets("something-of-ones-own", "/below/")
    assert all(address.startswith("/below/assets/") for address in register["modules"])
    assert set(other["modules"]) < set(register["modules"])
    for address in (*register["modules"], register["frame"], register["style"], register["font"]):
        assert (assets.FOLDER / address.rsplit("/", 1)[1]).is_file()

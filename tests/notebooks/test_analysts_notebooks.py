"""Every analysts' notebook runs from top to bottom on demo data, imports only what it may, is kept without outputs."""

import ast
import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

import svclib
from svclib import workspace
from svclib.demo import make_demo
from svclib.settings import load_settings

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
ALLOWED = {"svclib", "pandas", "ipecharts"}

pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def _code(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_it_runs_from_top_to_bottom_on_demo_data(path: Path, tmp_path: Path) -> None:
    make_demo(load_settings())
    notebook = nbformat.read(path, as_version=4)
    # The kernel inherits SVC_DATA_DIR; a folder of its own keeps Jupyter's files out of the home folder.
    environment = {**os.environ, "IPYTHONDIR": str(tmp_path / "ipython")}
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute(env=environment)
    told = "".join(output.get("text", "") for cell in _code(notebook) for output in cell.outputs)
    assert "28 支" in told
    assert re.search(r"青羊金桥服务队：5\d%，自 2026-06-01 起", told)
    shown = [data for cell in _code(notebook) for output in cell.outputs for data in output.get("data", {})]
    assert "application/vnd.jupyter.widget-view+json" in shown


def test_an_analysts_account_gets_all_that_it_needs(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_demo(load_settings())
    monkeypatch.setattr(svclib, "open_workspace", lambda: workspace.open_workspace(as_user="analyst"))
    names: dict[str, object] = {}
    for cell in _code(nbformat.read(path, as_version=4)):
        exec(cell.source, names)


def test_it_imports_only_the_library_pandas_and_the_chart_library(path: Path) -> None:
    source = "\n".join(cell.source for cell in _code(nbformat.read(path, as_version=4)))
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module)
    assert found <= ALLOWED


def test_it_is_kept_without_outputs(path: Path) -> None:
    for cell in _code(nbformat.read(path, as_version=4)):
        assert cell.outputs == []
        assert cell.execution_count is None

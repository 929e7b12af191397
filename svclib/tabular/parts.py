"""Where the sheets of an .xlsx file stand in its archive, read without a library that takes half a second to load."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

_FOLDER = "xl"
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_TRUE = frozenset({"1", "true", "on"})


@dataclass(frozen=True)
class Parts:
    """The archive's part of each sheet by the sheet's name, and whether day numbers count from 1904."""

    sheets: Mapping[str, str]
    epoch_1904: bool


def find_parts(content: bytes) -> Parts | None:
    """Find the sheets of an archive built as Excel and WPS build it; None for any other, which openpyxl may know."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            workbook, relations = (_elements(archive.read(name)) for name in (_WORKBOOK, _RELATIONS))
    except (KeyError, OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, expat.ExpatError):
        return None
    targets = {
        own["Id"]: own["Target"] for tag, own in relations if tag == "Relationship" and own.keys() >= {"Id", "Target"}
    }
    sheets: dict[str, str] = {}
    for tag, own in workbook:
        relation = next((value for name, value in own.items() if name.endswith(":id")), "")
        if tag == "sheet" and "name" in own and relation in targets:
            sheets[own["name"]] = _path(targets[relation])
    epoch_1904 = any(tag == "workbookPr" and own.get("date1904", "").lower() in _TRUE for tag, own in workbook)
    return Parts(sheets, epoch_1904)


def _path(target: str) -> str:
    """A target counts from the workbook's folder, or from the archive's root when it begins with a stroke."""
    return target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(_FOLDER, target))


def _elements(xml: bytes) -> list[tuple[str, dict[str, str]]]:
    """Every element's name, without its prefix, and attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, attributes: found.append((tag.rpartition(":")[2], attributes))
    parser.Parse(xml, True)
    return found

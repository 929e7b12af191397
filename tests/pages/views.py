"""What every view of a page must keep: no words of its own, no word or event that is not there, no foreign language."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from svclib.pages import parts
from svclib.pages.parts import charts

PARTS = sorted(path for path in Path(parts.__file__).parent.glob("*.vue") if path != charts.VIEW)
"""The views that every page has; a page that shows charts adds theirs."""
_SILENT = {"id", "key", "icon", "tone", "kind", "act", "sort", "chosen", "step", "preset", "old_id", "new_id"}


def views_of(package: Any) -> list[Path]:
    """The views of a page's package."""
    return sorted(Path(package.__file__).parent.glob("*.vue"))


def words_asked(package: Any, *added: Path) -> set[str]:
    """The words that the package's views, the shared parts and those that the page has added show."""
    text = "\n".join(path.read_text("utf-8") for path in [*views_of(package), *PARTS, *added])
    return set(re.findall(r"\bwords\.(\w+)", text)) | {"light", "dark"}


def events_sent(package: Any) -> set[str]:
    """The events that the package's views send by name."""
    text = "\n".join(path.read_text("utf-8") for path in views_of(package))
    return set(re.findall(r"(?:\$emit\('act', |\bact\()'(\w+)'", text))


def words_of_its_own(path: Path) -> list[str]:
    """What a view shows that did not come from its page."""
    source = re.sub(r"<script>.*?</script>|<style>.*?</style>", "", path.read_text("utf-8"), flags=re.S)
    shown = re.sub(r"\{\{.*?\}\}", "", re.sub(r"<(?:[^<>\"]|\"[^\"]*\")*>", "\n", source), flags=re.S)
    return re.findall(r"[\u4e00-\u9fff]+", source) + re.findall(r"[A-Za-z]{2,}", shown)


def english(*shown: Any, allowed: str = r"xlsx?|docx?|PDF|Esc|English|Excel|system") -> list[str]:
    """The texts with Latin words among what is shown; keys, codes and icons are none."""
    return [one for one in _texts(list(shown)) if re.search(r"[A-Za-z]{2,}", re.sub(allowed, "", one))]


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for key, one in value.items() if key not in _SILENT for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []

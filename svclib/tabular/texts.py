"""Cleaning of texts: full-width characters, blanks, names."""

from __future__ import annotations

import re

from svclib.rules.identity import is_han

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
# In running text Chinese punctuation stays; letters, digits and brackets become half width.
_WIDE_LETTERS = {code: half for code, half in _WIDE.items() if chr(half).isalnum() or chr(half) in " ()-/.#&+%_"}
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff]")
_BLANKS = re.compile(r"\s+")
_DOTS = re.compile("[•・･‧∙⋅•．]")
PLACEHOLDERS = frozenset({"", "/", "//", "-", "--", "—", "——", "\\", "无", "暂无", "空", "NULL", "null", "None", "nan"})
"""What offices write into a cell that has nothing to say."""


def half_width(text: str) -> str:
    """Turn every full-width character into its half-width twin and trim: for codes, numbers and dates."""
    return _INVISIBLE.sub("", text.translate(_WIDE)).strip()


def clean_text(text: str) -> str:
    """Trim, make letters and digits half width, reduce blanks; blanks beside a Han character go."""
    if text.isalnum() and text.isascii():
        return text
    text = _BLANKS.sub(" ", _INVISIBLE.sub("", text.translate(_WIDE_LETTERS))).strip()
    if " " not in text:
        return text
    kept = [
        character
        for position, character in enumerate(text)
        if character != " " or not (is_han(text[position - 1]) and is_han(text[position + 1]))
    ]
    return "".join(kept)


def clean_name(text: str) -> str:
    """Normalise a person's name: one kind of dot (·), no blanks inside Chinese names, single blanks in Latin ones.

    Control characters stay: the rule on names must see them.
    """
    text = _DOTS.sub("·", text).translate(_WIDE)
    parts = [part for part in re.split(r"[ \t\n\r\x0b\x0c]+", text) if part]
    name = ""
    for part in parts:
        latin = bool(name) and name[-1].isascii() and part[0].isascii() and name[-1].isalpha() and part[0].isalpha()
        name += f" {part}" if latin else part
    return _DOT_BETWEEN_HAN.sub("·", name)


def several_names(text: str) -> str:
    """Normalise a cell that may hold two names: 张三 李四 is two people, 张 三 is one."""
    parts = text.split()
    if len(parts) > 1 and all(len(part) > 1 and is_han(part[0]) for part in parts):
        return "、".join(clean_name(part) for part in parts)
    return clean_name(text)


_DOT_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])\s*[.·]\s*(?=[\u3400-\u9fff])")

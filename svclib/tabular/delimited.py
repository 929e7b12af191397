"""Text files with separators: which encoding, which separator, which records."""

from __future__ import annotations

import codecs
import csv
import io
import re

from svclib.errors import BadFile
from svclib.i18n import gettext as _

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SEPARATORS = ",;\t"
_SAMPLE_RECORDS = 60
# Excel's own trick to keep a number as text in a text file: ="00123".
_KEPT_AS_TEXT = re.compile(r'="([^"]*)"')


def read_delimited(content: bytes) -> list[list[str]]:
    """Read the records of a text file: UTF-8 with or without mark, UTF-16 with mark, GB18030; comma, semicolon or tab.

    Raises BadFile when it is no text or no table.
    """
    text = _decode(content)
    separator = _separator(text)
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise BadFile(
            _("The text file can't be read as a table. Open it in Excel or WPS and save it as .xlsx.")
        ) from error
    return [[_plain(value) for value in record] for record in records]


def _decode(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _strictly(content, encoding)
    if b"\0" in content:
        raise BadFile(_("This is not a spreadsheet. Open it where it was made and save it as .xlsx."))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(content, "gb18030")


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadFile(
            _("The text file is neither UTF-8 nor GBK. Open it in Excel or WPS and save it as .xlsx.")
        ) from error


def _separator(text: str) -> str:
    """The separator that cuts the first records most often."""
    best, best_cuts = ",", 0
    for separator in _SEPARATORS:
        if separator not in text:
            continue
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        cuts = 0
        try:
            for _number, record in zip(range(_SAMPLE_RECORDS), reader, strict=False):
                cuts += len(record) - 1 if record else 0
        except csv.Error:
            continue
        if cuts > best_cuts:
            best, best_cuts = separator, cuts
    return best


def _plain(value: str) -> str:
    if value.startswith("="):
        kept = _KEPT_AS_TEXT.fullmatch(value)
        return kept[1] if kept else value
    return value

"""The catalogue check fails when it should: a check that cannot fail proves nothing."""

import shutil
from pathlib import Path

import pytest

from svclib import i18n


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(i18n.LOCALE, tmp_path / "locale")
    monkeypatch.setattr(i18n, "LOCALE", tmp_path / "locale")
    return tmp_path / "locale" / "zh_CN" / "LC_MESSAGES" / "svclib.po"


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ('msgid "Captain"\nmsgstr "队长"', 'msgid "Captain"\nmsgstr ""', "empty: 'Captain'"),
        ('msgid "Captain"', '#, fuzzy\nmsgid "Captain"', "fuzzy: 'Captain'"),
        ('msgid "Captain"', 'msgid "Kapitän"', "not in the catalogue: 'Captain'"),
        ('msgid "Captain"', 'msgid "Kapitän"', "no longer used: 'Kapitän'"),
    ],
)
def test_an_empty_fuzzy_missing_or_unused_word_is_named(
    catalogue: Path, capsys: pytest.CaptureFixture[str], before: str, after: str, fault: str
) -> None:
    text = catalogue.read_text("utf-8")
    assert before in text
    catalogue.write_text(text.replace(before, after), "utf-8")
    assert i18n._check() == 1
    assert fault in capsys.readouterr().err


def test_sentences_run_on_without_a_blank_after_a_chinese_stop_and_with_one_in_english() -> None:
    assert i18n.run_on("没有单位“甲”。", "", "是不是“乙”？") == "没有单位“甲”。是不是“乙”？"
    assert i18n.run_on("There is no unit A.", "Did you mean B?") == "There is no unit A. Did you mean B?"
    assert i18n.run_on() == ""


def test_english_needs_no_catalogue() -> None:
    i18n.use_language("en")
    assert i18n.gettext("Captain") == "Captain"

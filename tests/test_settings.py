"""Settings come from SVC_… variables; what is mistyped or impossible is refused in a sentence."""

from datetime import date
from pathlib import Path

import pytest

from svclib import BadSetting
from svclib.i18n import current_language
from svclib.settings import Settings, load_settings


def test_a_mistyped_setting_is_refused_with_the_nearest_known_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVC_DATABSE_URL", "sqlite://")
    with pytest.raises(BadSetting, match=r"SVC_DATABSE_URL.*SVC_DATABASE_URL"):
        load_settings()


def test_a_setting_unlike_any_other_is_refused_with_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVC_XQ", "1")
    with pytest.raises(BadSetting, match="SVC_TIMEZONE"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SVC_TIMEZONE", "Asia/Chengdu"),
        ("SVC_TIMEZONE", "../etc/passwd"),
        ("SVC_TODAY", "2026-02-30"),
        ("SVC_MEMBER_SHARE_MIN", "60"),
        ("SVC_LANGUAGE", "fr"),
        ("SVC_TEAM_SIZE_MIN", "eight"),
    ],
)
def test_an_impossible_value_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=name):
        load_settings()


def test_a_team_cannot_be_asked_to_be_larger_than_its_largest_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVC_TEAM_SIZE_MIN", "20")
    with pytest.raises(BadSetting, match="SVC_TEAM_SIZE_MIN"):
        load_settings()


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVC_TODAY", "")
    assert load_settings().today is None


def test_the_language_is_in_use_before_the_first_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SVC_LANGUAGE", "en")
    monkeypatch.setenv("SVC_TODAY", "tomorrow")
    with pytest.raises(BadSetting, match="cannot be 'tomorrow'"):
        load_settings()
    assert current_language() == "en"


def test_a_child_process_elsewhere_gets_absolute_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SVC_DATA_DIR", "here")
    monkeypatch.setenv("SVC_DATABASE_URL", "sqlite:///own.db")
    handed_on = load_settings().environment()
    assert handed_on["SVC_DATA_DIR"] == str(tmp_path / "here")
    assert handed_on["SVC_SECRET_FILE"] == str(tmp_path / "here" / "secret.json")
    assert handed_on["SVC_DATABASE_URL"] == f"sqlite:///{tmp_path / 'own.db'}"


def test_every_setting_stands_in_the_readme() -> None:
    readme = Path(__file__).parent.parent.joinpath("README.md").read_text("utf-8")
    missing = [name for field in Settings.model_fields if (name := f"SVC_{field.upper()}") not in readme]
    assert missing == []


def test_the_day_can_be_set() -> None:
    assert load_settings().today == date(2026, 8, 20)

"""The rules on ID numbers, phones, names and ages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svclib.models import Sex
from svclib.rules.identity import (
    age_years,
    birth_date_of,
    check_digit,
    id_number_flaw,
    name_flaw,
    phone_flaw,
    sex_of,
)
from tests.tabular.people import id_numbers, names

# The example of GB 11643-1999 itself.
STANDARD_EXAMPLE = "11010519491231002X"


def test_the_example_of_the_standard_is_accepted() -> None:
    assert check_digit(STANDARD_EXAMPLE[:17]) == "X"
    assert id_number_flaw(STANDARD_EXAMPLE) is None
    assert birth_date_of(STANDARD_EXAMPLE) == date(1949, 12, 31)
    assert sex_of(STANDARD_EXAMPLE) is Sex.FEMALE


@given(id_numbers())
def test_every_number_with_a_right_check_digit_is_accepted(number: str) -> None:
    assert id_number_flaw(number) is None
    assert f"{birth_date_of(number):%Y%m%d}" == number[6:14]
    assert (sex_of(number) is Sex.MALE) == (int(number[16]) % 2 == 1)


@given(id_numbers(), st.integers(0, 16), st.integers(1, 9))
def test_any_single_wrong_digit_is_noticed(number: str, place: int, change: int) -> None:
    wrong = number[:place] + str((int(number[place]) + change) % 10) + number[place + 1 :]
    assert id_number_flaw(wrong) is not None


@given(id_numbers(), st.integers(0, 15))
def test_two_neighbouring_digits_exchanged_are_noticed(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert (id_number_flaw(swapped) is None) == (swapped == number)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("110105491231002", "15 位"),
        ("1101051949123100", "18 位"),
        ("1101051949123100AX", "数字"),
        ("11010519491331002X", "出生日期"),
        ("110105194912310021", "校验码"),
        ("110105194912310000", "截断"),
        ("1.10105E+17", "科学计数法"),
    ],
)
def test_each_kind_of_bad_id_number_is_named(number: str, said: str) -> None:
    flaw = id_number_flaw(number)
    assert flaw is not None
    assert said in flaw
    assert number not in flaw


def test_a_number_without_a_real_birth_date_has_none() -> None:
    with pytest.raises(ValueError, match="month"):
        birth_date_of("11010519491331002X")


@pytest.mark.parametrize("phone", ["13800138000", "19912345678", "028-1234567", "010-62345678-12"])
def test_mobiles_and_landlines_are_accepted(phone: str) -> None:
    assert phone_flaw(phone) is None


@pytest.mark.parametrize(
    ("phone", "said"),
    [
        ("1380013800", "10 位"),
        ("12800138000", "11 位"),
        ("81234567", "区号"),
        ("电话13800138000", "数字"),
        ("0281234567", "028-1234567"),
        ("400-123", "电话"),
    ],
)
def test_other_texts_are_no_phone_numbers(phone: str, said: str) -> None:
    assert said in (phone_flaw(phone) or "")


@given(names)
def test_invented_names_of_all_peoples_are_names(name: str) -> None:
    assert name_flaw(name) is None


@pytest.mark.parametrize(
    "name", ["张三", "吉克·阿依", "𠮷田", "\U00031350花", "李㛃", "Anna Maria", "O'Neil", "Ñuñez", "欧阳〇"]
)
def test_rare_characters_and_latin_letters_are_names(name: str) -> None:
    assert name_flaw(name) is None


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "缺少姓名"),
        ("  ", "缺少姓名"),
        ("<script>", "标记"),
        ("张<b>三", "标记"),
        ("=cmd|'/c calc'!A0", "不能以"),
        ("+张三", "不能以"),
        ("-1", "不能以"),
        ("@SUM(A1)", "不能以"),
        ("张\x00三", "控制字符"),
        ("张\u202e三", "控制字符"),
        ("张\n三", "控制字符"),
        ("张三2", "数字"),
        ("张" * 31, "30 个字"),
        ("李?", "?"),
        ("张\ue000", "U+E000"),
        ("·", "至少"),
    ],
)
def test_what_is_no_name_is_refused_with_the_reason(name: str, said: str) -> None:
    assert said in (name_flaw(name) or "")


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2000, 8, 20), date(2026, 8, 20), 26),
        (date(2000, 8, 21), date(2026, 8, 20), 25),
        (date(2004, 2, 29), date(2025, 2, 28), 20),
        (date(2004, 2, 29), date(2025, 3, 1), 21),
        (date(2004, 2, 29), date(2028, 2, 29), 24),
    ],
)
def test_a_year_of_life_is_complete_on_the_birthday(born: date, on: date, age: int) -> None:
    assert age_years(born, on) == age

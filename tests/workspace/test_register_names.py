"""Names are found by their sound."""

import pytest

from svclib.workspace.register.names import name_keys


@pytest.mark.parametrize(
    ("name", "pinyin", "initials"),
    [
        ("李博文", "li bo wen", "lbw"),
        ("单雄信", "shan xiong xin", "sxx"),
        ("曾小华", "zeng xiao hua", "zxh"),
        ("解晓东", "xie xiao dong", "xxd"),
        ("尉迟恭", "yu chi gong", "ycg"),
        ("万俟晟", "mo qi sheng", "mqs"),
        ("吕绿", "lv lv", "ll"),
        ("买买提·吐尔逊", "mai mai ti tu er xun", "mmttex"),
        ("张A3", "zhang a3", "za"),
        ("", "", ""),
    ],
)
def test_a_name_is_read_as_people_say_it(name: str, pinyin: str, initials: str) -> None:
    assert name_keys(name) == (pinyin, initials)


def test_a_list_sorted_by_sound_keeps_each_surname_together() -> None:
    names = ["梁博", "李昂", "连伟", "李博", "梁爱", "林安"]
    assert sorted(names, key=lambda name: name_keys(name)[0]) == ["李昂", "李博", "连伟", "梁爱", "梁博", "林安"]


def test_keys_fit_their_columns_however_long_the_name_is() -> None:
    pinyin, initials = name_keys("庄" * 60)
    assert len(pinyin) <= 200
    assert len(initials) <= 30

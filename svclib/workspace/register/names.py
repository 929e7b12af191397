"""How a Chinese name is found and sorted by its sound."""

from __future__ import annotations

import os
from functools import cache

# Readings that a character has as a surname only, or rarely elsewhere; the dictionary gives the everyday one.
_SURNAMES = {
    "万俟": "mo qi", "尉迟": "yu chi", "单于": "chan yu", "澹台": "tan tai",
    "单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "朴": "piao", "翟": "zhai",
    "盖": "ge", "乐": "yue", "缪": "miao", "覃": "qin", "员": "yun", "黑": "he", "种": "chong", "折": "she",
    "祭": "zhai", "宓": "fu", "隗": "wei", "召": "shao", "句": "gou", "么": "yao", "颉": "xie", "洗": "xian",
    "乜": "nie", "秘": "bi", "重": "chong", "佴": "nai", "繁": "po", "郇": "xun",
}  # fmt: skip
# The same for given names.
_GIVEN = {"晟": "sheng", "隽": "jun", "长": "chang"}
_PINYIN_MAX = 200
_INITIALS_MAX = 30


def name_keys(name: str) -> tuple[str, str]:
    """Give the pinyin of a name, syllables apart and without tones, and its initials: 单雄信 → shan xiong xin, sxx.

    Syllables stand apart so that a list sorted by them keeps each surname together. ü is written v. Signs that have no
    sound (·, blanks) only separate; Latin letters and digits are kept in lower case.
    """
    syllables: list[str] = []
    rest = name.strip()
    for length in (2, 1):
        if rest[:length] in _SURNAMES:
            syllables += _SURNAMES[rest[:length]].split()
            rest = rest[length:]
            break
    word = ""
    for sign in rest:
        if sign.isascii() and sign.isalnum():
            word += sign.lower()
            continue
        if word:
            syllables.append(word)
            word = ""
        reading = _GIVEN.get(sign) if syllables else None
        reading = reading or _reading(sign)
        if reading:
            syllables.append(reading)
    if word:
        syllables.append(word)
    return " ".join(syllables)[:_PINYIN_MAX], "".join(syllable[0] for syllable in syllables)[:_INITIALS_MAX]


@cache
def _reading(sign: str) -> str:
    # Loaded with the first name. Single characters are asked for: the dictionary of 47,000 phrases stays away, which
    # costs a third of a second and 20 MB.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import lazy_pinyin

    spoken = lazy_pinyin(sign, errors="ignore")
    return spoken[0] if spoken else ""

"""Invented people: names, ID numbers and phones that belong to nobody.

ID numbers have the form and the check digit of GB 11643, but their area codes 510051 to 510099 were never assigned
(GB/T 2260 has nothing between the province 510000 and 510100). Mobile numbers begin with 160, which no operator has.
"""

from __future__ import annotations

from datetime import date
from random import Random

from svclib.models import Sex
from svclib.rules.identity import check_digit

_SURNAMES = (
    "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_GIVEN = {
    Sex.MALE: "强磊军勇杰涛明超刚平辉鹏飞波斌宇浩凯健俊帆峰松林川江海山岩朗晨阳东志国建文永家思明承泽子轩天佑远航博睿",
    Sex.FEMALE: "芳娜敏静丽艳娟霞玲秀英慧婷雪梅兰莉萍红洁琳燕倩颖佳雨欣怡然诗涵语桐嘉悦晓思月云芝蓉琪瑶珊露清妍",
}
_YI_FIRST = ("吉克", "沙马", "马海", "曲比", "尔古", "吉木", "阿苏", "海来", "木乃", "俄木", "阿尔", "的日")
_YI_GIVEN = {
    Sex.MALE: ("木呷", "阿木", "伍合", "尔布", "拉铁", "子哈", "曲铁", "日火", "木果", "石布"),
    Sex.FEMALE: ("阿依", "阿支", "伍各", "曲洛", "阿果", "么色", "阿加", "尔扎", "布西", "小芳"),
}
_TIBETAN_FIRST = ("扎西", "次仁", "泽仁", "降初", "四郎", "洛绒", "格桑", "丹增", "阿旺", "尼玛", "益西", "仁青")
_TIBETAN_GIVEN = {
    Sex.MALE: ("多吉", "尼玛", "邓珠", "平措", "罗布", "顿珠", "江措", "曲批", "朗加", "彭措"),
    Sex.FEMALE: ("拉姆", "卓玛", "央金", "曲珍", "志玛", "措姆", "白玛", "德吉", "拥措", "娜姆"),
}
_OWN_NAMES = {"yi": ("彝族", _YI_FIRST, _YI_GIVEN), "tibetan": ("藏族", _TIBETAN_FIRST, _TIBETAN_GIVEN)}
_ELSEWHERE = ("汉族",) * 46 + ("羌族", "回族", "土家族", "苗族")


class People:
    """Makes invented persons one after another; no two share an ID number, a phone or, in one unit, a name."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._names: set[tuple[int, str]] = set()
        self._phones = 0
        self._orders: dict[tuple[str, str], int] = {}

    def name(self, unit_id: int, sex: Sex, people: str) -> tuple[str, str]:
        """A name new to the unit, and the ethnicity that goes with it."""
        while True:
            name, ethnicity = self._any_name(sex, people)
            if (unit_id, name) not in self._names:
                self._names.add((unit_id, name))
                return name, ethnicity

    def _any_name(self, sex: Sex, people: str) -> tuple[str, str]:
        if people in _OWN_NAMES and self._rng.random() < 0.45:
            ethnicity, first, given = _OWN_NAMES[people]
            return f"{self._rng.choice(first)}·{self._rng.choice(given[sex])}", ethnicity
        length = 1 if self._rng.random() < 0.22 else 2
        given_name = "".join(self._rng.choice(_GIVEN[sex]) for _ in range(length))
        return self._rng.choice(_SURNAMES) + given_name, self._rng.choice(_ELSEWHERE)

    def id_number(self, area: int, born: date, sex: Sex) -> str:
        """A well-formed ID number of an area code that does not exist."""
        code = f"5100{51 + area % 49:02d}"
        day = f"{born:%Y%m%d}"
        order = self._orders.get((code, day), 0) + 1
        self._orders[code, day] = order
        # Odd for men, even for women.
        body = f"{code}{day}{2 * order - (sex == Sex.MALE):03d}"
        return body + check_digit(body)

    def phone(self) -> str:
        """A mobile number that no operator gives out."""
        self._phones += 1
        # A step without a common factor with the range visits every number once and looks like chance.
        return f"160{self._phones * 38_196_601 % 100_000_000:08d}"

"""The table of header words, and an office's own words beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from svclib.errors import BadFile
from svclib.tabular import Form, read_tables
from svclib.tabular.headers import WORDS_FILE, header_words
from tests.tabular.styles import csv_bytes

# Words seen in workbooks of HR offices.
SEEN = {
    "employee_no": "人员编码 工号 员工编号 人员编号 职工号 员工号 人资编码 SAP编号",
    "name": "姓名 名字 员工姓名 人员姓名 职工姓名 学员姓名",
    "id_number": "身份证号 身份证号码 身份证 公民身份号码 证件号码 证件号",
    "sex": "性别 员工性别 男女",
    "birth_date": "出生日期 出生年月 出生年月日 生日 出生时间",
    "ethnicity": "民族 族别 所属民族 民族成分",
    "unit": "单位 所属单位 工作单位 所在单位 单位名称 供电公司 二级单位 录用单位",
    "crew": "部门/班组 所在部门 部门名称 所在班组 班组名称 供电所 工区",
    "post": "岗位 岗位名称 工作岗位 现岗位 职务 职位 工种",
    "status": "政治面貌 政治面目 党团面貌 党派 是否党员 政治身份",
    "party_joined_on": "入党时间 入党日期 入党年月 加入党组织时间 党团时间",
    "branch": "党支部 所在党支部 所属支部 支部名称 组织关系所在支部",
    "decided_on": "确定时间 确定积极分子时间 列为积极分子时间 积极分子日期 支委会研究时间",
    "contact": "培养联系人 联系人(培养) 培养人 入党联系人 培养联系人姓名",
    "team": "服务队 所在服务队 党员服务队 队伍名称 队名 分队",
    "mentor": "师傅 导师 带教师傅 指导老师 师傅姓名 指导人",
    "hired_on": "入职时间 入职日期 报到时间 到岗日期 进单位时间 本单位时间",
    "work_started_on": "参加工作时间 参工时间 工作时间 首次参加工作日期 参加工作年月",
    "education": "学历 最高学历 文化程度 全日制学历 学历层次 教育程度",
    "education+degree": "学历学位",
    "school": "毕业院校 毕业学校 院校 学校",
    "school+major": "毕业院校及专业",
    "phone": "联系电话 手机 手机号 手机号码 电话 联系方式",
    "skill_level": "技能等级 职业技能等级 技术等级 职业资格 技能鉴定等级",
}


@pytest.mark.parametrize("field", list(SEEN))
def test_every_word_seen_in_offices_is_known(field: str) -> None:
    words = header_words(None)
    for word in SEEN[field].split():
        for written in (word, " ".join(word), f"*{word}（必填）", f"{word}\n"):
            assert [meaning.field for meaning in words.meanings(written, Form.PEOPLE)] == [field], written


def _extra(folder: Path, text: str) -> Path:
    (folder / WORDS_FILE).write_text(text, encoding="gbk")
    return folder


def test_an_office_can_add_words_by_field_or_by_usual_heading(tmp_path: Path) -> None:
    folder = _extra(tmp_path, "字段,表,用词\n人员编码,,全员码、一卡通号\n\nunit,people,用工主体\n")
    source = ("表.csv", csv_bytes([["姓名", "一卡通号", "用工主体"], ["张三", "00012345", "绵阳供电公司"]]))
    (table,) = read_tables(source, extra_words=folder)
    assert table.columns == {"name": 0, "employee_no": 1, "unit": 2}
    with pytest.raises(BadFile):
        read_tables(source)


def test_an_office_can_give_a_known_word_another_meaning(tmp_path: Path) -> None:
    folder = _extra(tmp_path, "field,form,words\ncrew,,单位\n")
    assert header_words(folder).meanings("单位", Form.PEOPLE)[0].field == "crew"
    assert header_words(None).meanings("单位", Form.PEOPLE)[0].field == "unit"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("没有的字段,,某词", "没有“没有的字段”这个字段"),
        ("name,poeple,某词", "没有“poeple”这种表"),
        ("name", "每行应有"),
        ("name,,", "每行应有"),
    ],
)
def test_a_mistake_in_an_offices_words_is_named_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    folder = _extra(tmp_path, f"字段,表,用词\n{line}\n")
    with pytest.raises(BadFile, match=f"第 2 行：{said}"):
        header_words(folder)


def test_a_folder_without_own_words_changes_nothing(tmp_path: Path) -> None:
    assert header_words(tmp_path) is header_words(None)

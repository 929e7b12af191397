"""Templates that an office can replace: what is filled in, and what is said of one that can't be."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svclib.errors import BadFile
from svclib.tabular.documents import Template
from svclib.tabular.rotation.notices import LETTER_TEMPLATE, NOTICE_TEMPLATE
from tests.examples import examples

NAME = "样例.docx"
CONTEXT = {"姓名": "张三", "安排": [{"服务队": "一队"}, {"服务队": "二队"}]}


def _template(folder: Path, *paragraphs: str, name: str = NAME) -> Template:
    document = docx.Document()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(str(folder / name))
    return Template(name, folder)


def _text(content: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)


def test_placeholders_and_lists_are_filled_in(tmp_path: Path) -> None:
    template = _template(tmp_path, "{{ 姓名 }}：{% for 一 in 安排 %}{{ 一.服务队 }}；{% endfor %}")
    assert _text(template.fill(CONTEXT)) == "张三：一队；二队；"


def _bare(text: str) -> str:
    """What is to be seen of a text: no blanks, no line ends, and nothing that XML forbids."""
    return "".join(character for character in text if character.isprintable() and not character.isspace())


@settings(max_examples=examples(25))
@given(st.lists(st.text(max_size=40), max_size=30))
def test_whatever_a_name_is_it_stays_that_name(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    template = _template(tmp_path_factory.mktemp("own"), "{% for 一 in 名单 %}甲{{ 一 }}乙{% endfor %}")
    text = _bare(_text(template.fill({"名单": names}))).replace("\N{REPLACEMENT CHARACTER}", "")
    assert text == _bare("".join(f"甲{name}乙" for name in names)).replace("\N{REPLACEMENT CHARACTER}", "")


def test_markup_and_placeholders_in_a_name_are_no_more_than_text(tmp_path: Path) -> None:
    template = _template(tmp_path, "{{ 姓名 }}")
    for name in ("<w:p/>", "张&三", "</w:t><w:t>", "{{ 7*7 }}", "{% for %}", "'\"]]>"):
        assert _text(template.fill({"姓名": name})) == name


def test_a_template_of_the_same_name_in_the_offices_folder_replaces_the_shipped_one(tmp_path: Path) -> None:
    own = _template(tmp_path, "本单位的格式：{{ 姓名 }}", name=LETTER_TEMPLATE)
    assert _text(own.fill(CONTEXT)) == "本单位的格式：张三"
    assert Template(NOTICE_TEMPLATE, tmp_path).path != own.path
    assert Template(LETTER_TEMPLATE).path.is_file()


def test_an_unknown_placeholder_is_named_with_those_that_are_known(tmp_path: Path) -> None:
    for text, unknown in (("{{ 名字 }}", "名字"), ("{% for 一 in 安排 %}{{ 一.队长 }}{% endfor %}", "队长")):
        with pytest.raises(BadFile) as told:
            _template(tmp_path, text).fill(CONTEXT)
        assert str(told.value) == f"模板{NAME}要填“{unknown}”，这里没有这一项。可用的有：姓名、安排、服务队。"


def test_a_placeholder_that_is_not_closed_is_shown_with_its_surroundings(tmp_path: Path) -> None:
    for text in ("姓名：{{ 姓名 ", "{% for 一 in 安排 %}{{ 一.服务队 }}", "{{ 姓名 | 大写 }}", "{% 如果 %}"):
        with pytest.raises(BadFile, match=NAME):
            _template(tmp_path, "轮岗通知", text).fill(CONTEXT)


def test_a_template_cannot_reach_into_the_program_or_run_for_ever(tmp_path: Path) -> None:
    for text in (
        "{{ 姓名.__class__.__mro__ }}",
        "{{ 安排.append.__globals__ }}",
        "{% for 一 in range(10**9) %}{% endfor %}",
        "{{ 姓名 / 0 }}",
        "{{ 1 / 0 }}",
    ):
        with pytest.raises(BadFile, match=NAME):
            _template(tmp_path, text).fill(CONTEXT)


def _empty_zip(_good: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "text/plain")
    return out.getvalue()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda good: b"",
        lambda good: b"not a document",
        lambda good: b"\xd0\xcf\x11\xe0" + bytes(600),
        lambda good: good[: len(good) // 2],
        lambda good: good[:2000] + bytes(500) + good[2500:],
        _empty_zip,
    ],
)
def test_a_broken_template_is_told_in_one_sentence(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    good = Template(NOTICE_TEMPLATE).path.read_bytes()
    (tmp_path / NAME).write_bytes(spoil(good))
    with pytest.raises(BadFile, match=NAME):
        Template(NAME, tmp_path).fill(CONTEXT)


def test_a_template_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="没有的模板"):
        Template("没有的模板.docx", tmp_path)


@pytest.mark.parametrize("name", [NOTICE_TEMPLATE, LETTER_TEMPLATE])
def test_shipped_templates_use_fonts_that_office_in_china_has(name: str) -> None:
    with zipfile.ZipFile(Template(name).path) as archive:
        body = archive.read("word/document.xml").decode()
    fonts = set(re.findall(r'w:eastAsia="([^"]+)"', body))
    assert fonts == {"仿宋", "黑体", "宋体"}

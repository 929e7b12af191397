"""Every sample by its file name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.samples import bad, good, requests, safety
from tests.samples.province import Sight, sight

SAMPLES: dict[str, Callable[[Path, Sight], Any]] = {
    "新入职毕业生名册2026.xlsx": good.graduates,
    "服务队队员名册.xlsx": good.members,
    "入党积极分子名册.xls": good.activists,
    "人员信息_GBK.csv": good.people,
    "组织机构.xlsx": good.structure,
    "服务队负责人.xlsx": good.captains,
    "安规考试成绩表.xlsx": safety.results,
    "花名册_有问题.xlsx": bad.flawed,
    "身份证号已损坏.xlsx": bad.damaged,
    "安规考试成绩表_有问题.xlsx": safety.flawed,
    "请假调整申请表.xlsx": requests.requests,
    "请假调整申请表_有问题.xlsx": requests.flawed,
}


def write_samples(folder: Path) -> None:
    """Write every sample into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, write in SAMPLES.items():
        write(folder / name, sight())

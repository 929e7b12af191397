"""The sample workbooks: what is kept is what is written, and each does in the demo what it was made to show."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from svclib import open_workspace
from svclib.demo import make_demo
from svclib.models import Office
from svclib.settings import load_settings
from svclib.workspace import Workspace, init_database
from tests.samples import bad, good, requests, safety
from tests.samples.province import sight
from tests.samples.write import SAMPLES, write_samples

KEPT = Path(__file__).parents[1] / "data" / "sample"
STRUCTURE = ("组织机构.xlsx", "服务队负责人.xlsx")


@pytest.fixture
def demo() -> Iterator[Workspace]:
    settings = load_settings()
    make_demo(settings)
    workspace = open_workspace(settings)
    yield workspace
    workspace.close()


def _content(path: Path) -> object:
    if path.suffix == ".csv":
        return path.read_bytes()
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def test_the_samples_kept_are_those_that_the_writers_write(tmp_path: Path) -> None:
    write_samples(tmp_path)
    assert {path.name for path in KEPT.iterdir()} == set(SAMPLES)
    for name in SAMPLES:
        assert _content(KEPT / name) == _content(tmp_path / name), name


def _counts(result: object) -> tuple[int, int, int, int]:
    return tuple(getattr(result, name) for name in ("created", "updated", "unchanged", "rejected_rows"))  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("新入职毕业生名册2026.xlsx", (good.GRADUATES_NEW, good.GRADUATES_CHANGED, good.GRADUATES_SAME, 0)),
        ("人员信息_GBK.csv", (0, good.NUMBERS_FILLED_IN, good.NUMBERS_KNOWN, 0)),
        ("身份证号已损坏.xlsx", (0, 0, 0, bad.DAMAGED_ROWS)),
        ("花名册_有问题.xlsx", (2, 0, 0, len(bad.EXPECTED))),
    ],
)
def test_a_list_of_people_does_in_the_demo_what_it_was_made_to_show(
    demo: Workspace, name: str, expected: tuple[int, int, int, int]
) -> None:
    assert _counts(demo.register.import_file(KEPT / name)) == expected
    created, updated, unchanged, rejected = expected
    assert _counts(demo.register.import_file(KEPT / name)) == (0, 0, created + updated + unchanged, rejected)


def test_the_members_list_changes_one_and_brings_the_smallest_team_to_its_size(demo: Workspace) -> None:
    assert "size" in _broken(demo)
    result = demo.register.import_file(KEPT / "服务队队员名册.xlsx")
    assert _counts(result)[:2] == (0, good.MEMBERS_CHANGED + good.MEMBERS_JOINING)
    assert result.rejected == ()
    assert "size" not in _broken(demo)


def _broken(workspace: Workspace) -> set[str]:
    judged = workspace.register.composition()
    return set(judged[~judged["holds"]]["rule"])


def test_the_list_of_activists_files_three_more(demo: Workspace) -> None:
    result = demo.register.import_file(KEPT / "入党积极分子名册.xls")
    assert _counts(result)[:2] == (0, good.ACTIVISTS_NEW)
    assert result.unchanged > 0
    assert result.rejected == ()


def test_the_structure_is_that_of_the_demo(demo: Workspace) -> None:
    for name in STRUCTURE:
        result = demo.register.import_structure(KEPT / name)
        assert _counts(result) == (0, 0, result.rows, 0)


def test_after_the_results_everybody_of_the_plan_may_start(demo: Workspace) -> None:
    assert demo.rotation.trainees("2026")["safe_until"].isna().any()
    result = demo.register.import_file(KEPT / "安规考试成绩表.xlsx")
    assert _counts(result) == (safety.CREATED, safety.UPDATED, result.rows - safety.CREATED - safety.UPDATED, 0)
    assert demo.rotation.trainees("2026")["safe_until"].notna().all()
    assert _counts(demo.register.import_file(KEPT / "安规考试成绩表.xlsx")) == (0, 0, result.rows, 0)
    assert result.run_id is not None
    demo.register.undo_import(result.run_id)
    assert demo.rotation.trainees("2026")["safe_until"].isna().any()


def test_every_row_of_the_results_with_flaws_is_refused_for_the_flaw_that_it_names(demo: Workspace) -> None:
    result = demo.register.import_file(KEPT / "安规考试成绩表_有问题.xlsx")
    assert {one.row: one.column for one in result.rejected} == safety.EXPECTED
    assert len(result.rejected) == len(safety.EXPECTED), "one flaw a row"
    assert _counts(result) == (1, 0, 0, len(safety.EXPECTED))


def test_the_requests_of_a_unit_wait_for_a_decision_and_can_be_taken_back(demo: Workspace) -> None:
    before = len(demo.rotation.requests("2026"))
    result = demo.register.import_file(KEPT / "请假调整申请表.xlsx")
    assert _counts(result) == (requests.CREATED, 0, 0, 0)
    listed = demo.rotation.requests("2026")
    assert len(listed) == before + requests.CREATED
    new = listed[listed["claim"].notna()]
    assert (set(new["state"]), set(new["claim"])) == ({"pending"}, {"approved", "returned"})
    assert _counts(demo.register.import_file(KEPT / "请假调整申请表.xlsx")) == (0, 0, requests.CREATED, 0)
    assert result.run_id is not None
    demo.register.undo_import(result.run_id)
    assert len(demo.rotation.requests("2026")) == before


def test_every_row_of_the_requests_with_flaws_is_refused_for_the_flaw_that_it_names(demo: Workspace) -> None:
    result = demo.register.import_file(KEPT / "请假调整申请表_有问题.xlsx")
    assert {one.row: one.column for one in result.rejected} == requests.EXPECTED
    assert len(result.rejected) == len(requests.EXPECTED), "one flaw a row"
    assert _counts(result) == (1, 0, 0, len(requests.EXPECTED))


def test_every_row_of_the_roster_with_flaws_is_refused_for_the_flaw_that_it_names(demo: Workspace) -> None:
    result = demo.register.import_file(KEPT / "花名册_有问题.xlsx", dry_run=True)
    assert {one.row: one.column for one in result.rejected} == bad.EXPECTED
    assert len(result.rejected) == len(bad.EXPECTED), "one flaw a row"
    assert all(one.reason for one in result.rejected)


def test_a_province_starts_from_nothing_and_takes_in_every_list_without_a_refused_row() -> None:
    """In the order in which the README names them: structure, people and captains, then the other lists."""
    settings = load_settings()
    init_database(settings)
    ws = open_workspace(settings)
    rows = sight().rows
    for name in ("组织机构.xlsx", "服务队队员名册.xlsx", "服务队负责人.xlsx"):
        bring = ws.register.import_structure if name in STRUCTURE else ws.register.import_file
        result = bring(KEPT / name)
        assert _counts(result) == (result.rows, 0, 0, 0), name
    figures = ws.register.summary()
    members = [row for row in rows["membership"] if row["valid_to"] is None]
    assert (figures.units, figures.teams) == (len(rows["unit"]), len(rows["team"]))
    assert (figures.stations, figures.members) == (len(rows["station"]), len(members) + good.MEMBERS_JOINING)
    judged = ws.register.composition()
    led = [one for one in rows["team_office"] if one["office"] == Office.CAPTAIN and one["valid_to"] is None]
    assert len(judged[(judged["rule"] == "captain") & judged["holds"]]) == len(led)
    lists = ("新入职毕业生名册2026.xlsx", "人员信息_GBK.csv", "入党积极分子名册.xls", "安规考试成绩表.xlsx")
    refused = {name: ws.register.import_file(KEPT / name).rejected for name in lists}
    ws.close()
    assert refused == dict.fromkeys(lists, ())


def test_the_requests_of_a_unit_fit_the_plan_that_the_demo_gives(demo: Workspace) -> None:
    demo.rotation.save_draft(demo.rotation.propose("2026"))
    demo.rotation.publish("2026")
    assert _counts(demo.register.import_file(KEPT / "请假调整申请表.xlsx")) == (requests.CREATED, 0, 0, 0)

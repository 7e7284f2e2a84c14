"""Eyes out to a sheet and in from one: each fault at its cell, all or nothing, whatever offices do to their lists."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.errors import UsageError
from luytre.civic.access.models import Role, User
from luytre.civic.registry import eye_sheet
from luytre.civic.registry.eye_book import export_book
from luytre.civic.registry.eye_sheet import COLUMNS, heading, read_sheet, rows_from_text, rows_to_text
from luytre.civic.registry.eyes import draft_of, save_eye
from luytre.civic.registry.models import Eye, Hamlet
from luytre.civic.registry.register import RegisterStep
from luytre.civic.registry.sheet_file import SheetRow
from tests.civic.test_eyes import FULL
from tests.web.cast import FakeRecorder, camera, chief

NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
LogIn = Callable[[User], Client]


@pytest.fixture
def head(log_in: LogIn) -> Client:
    Hamlet.objects.create(name="Thôn Đông")
    return log_in(chief())


def book(*rows: dict[str, object], above: int = 0, merge: str = "", columns: tuple[str, ...] = tuple(COLUMNS)) -> bytes:
    """An .xlsx as an office would have it: titles above, cells merged."""
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for number in range(above):
        sheet.append([f"DANH SÁCH {number}"])
    sheet.append([heading(name, "vi") for name in columns])
    for row in rows:
        sheet.append([row.get(name) for name in columns])
    if merge:
        sheet.merge_cells(merge)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def upload(client: Client, content: bytes, name: str = "mat.xlsx"):  # type: ignore[no-untyped-def]
    return client.post("/eyes/import", {"sheet": SimpleUploadedFile(name, content)})


def confirm(client: Client, answer):  # type: ignore[no-untyped-def]
    sealed = re.search(r'name="plan" value="([^"]+)"', answer.content.decode())
    assert sealed is not None
    return client.post("/eyes/import", {"plan": sealed[1]})


def faults(answer) -> dict[int, set[str]]:  # type: ignore[no-untyped-def]
    return {item.row.number: set(item.wrong) for item, _words in answer.context["plans"] if item.action == "wrong"}


ROW = {
    "name": "Cổng làng", "site": "Cổng làng", "hamlet": "thon dong", "site_kind": "Tuyến đường", "position": "21,0285; 105,8542",
    "owner_kind": "hộ dân", "owner_name": "Lê Văn Tám", "owner_phone": "0912 345 678", "tier": "khi được yêu cầu",
    "bearing_deg": "90,5",
    "height_m": 4, "focal_mm": 2.8, "sensor": "1/2,8", "width_px": 1920, "days_kept": "15", "condition": "hoạt động",
    "condition_day": date(2026, 11, 20), "note": "giữ",
}  # fmt: skip


@pytest.mark.django_db
def test_a_sheet_is_shown_first_and_written_when_confirmed(head: Client) -> None:
    answer = upload(head, book(ROW, {"name": "Mắt hai", "condition_day": "19/11/2026"}, above=3))
    assert answer.context["counts"] == {"new": 2, "changed": 0, "same": 0, "wrong": 0}
    assert not Eye.objects.exists()
    assert "Lê Văn Tám" not in answer.content.decode().split("<table")[0]
    assert confirm(head, answer).status_code == 302
    one, two = Eye.objects.order_by("pk")
    assert (one.site.hamlet.name, one.bearing_deg, one.focal_mm, one.sensor) == ("Thôn Đông", 90.5, 2.8, "1/2.8")  # type: ignore[union-attr]
    assert (one.owner_phone, one.condition_day, str(one.position[0])) == ("0912 345 678", date(2026, 11, 20), "21.028500")  # type: ignore[index]
    assert two.condition_day == date(2026, 11, 19)
    assert [step.code for step in RegisterStep.objects.all()] == ["added", "added"]
    assert "Lê Văn Tám" not in " ".join(RegisterStep.objects.values_list("changes", flat=True))


@pytest.mark.django_db
def test_each_fault_is_told_at_its_cell_and_while_one_is_there_nothing_can_be_written(head: Client) -> None:
    wrong = {"name": "Sai", "hamlet": "Thôn Lạ", "position": "1, 2", "owner_kind": "ông trăng", "bearing_deg": "đông",
             "height_m": 500, "sensor": date(2026, 3, 1), "condition_day": "31/02/2026", "days_kept": "1.000",
             "key": "nothere"}  # fmt: skip
    answer = upload(head, book(ROW, wrong, ROW, {"note": "không tên"}))
    assert faults(answer) == {3: set(wrong) - {"name"}, 4: {"name"}, 5: {"name"}}
    text = answer.content.decode()
    assert "hai lần" in text
    assert "dòng 2" in text
    assert 'name="plan"' not in text
    assert not Eye.objects.exists()


@pytest.mark.django_db
def test_merged_cells_are_named(head: Client) -> None:
    answer = upload(head, book({"name": "A", "road": "Đường làng"}, {"name": "B"}, merge="F2:F3"))
    assert list(COLUMNS)[5] == "road"
    assert faults(answer) == {2: {"road"}, 3: {"road"}}
    assert "gộp" in answer.content.decode()


@pytest.mark.django_db
def test_figures_exchanged_are_put_right_only_where_that_is_sure(head: Client) -> None:
    """Latitude and longitude of Viet Nam cannot be taken for one another; anything else is refused."""
    answer = upload(head, book(ROW | {"position": "105.8542, 21.0285"}))
    confirm(head, answer)
    assert str(Eye.objects.get().position[1]) == "105.854200"  # type: ignore[index]
    assert faults(upload(head, book({"name": "X", "position": "105.8542, 121.0285"}))) == {2: {"position"}}


@pytest.mark.django_db
def test_what_goes_out_comes_back_as_it_is_and_changes_are_named(head: Client, recorder: FakeRecorder) -> None:
    save_eye(None, FULL, NOW)
    save_eye(None, replace(FULL, name="=CMD()", site="", owner_name="+84", clock_error_s=-2.5), NOW)
    camera("Cổng chợ", hamlet="Thôn Đông", road="Đường tỉnh")
    for kind in ("xlsx", "csv"):
        answer = upload(head, head.get(f"/eyes/sheet/{kind}").content, f"m.{kind}")
        assert answer.context["counts"] == {"new": 0, "changed": 0, "same": 3, "wrong": 0}, kind
    eye = Eye.objects.get(name=FULL.name)
    answer = upload(head, book({"key": eye.key, "name": "Cổng mới", "height_m": 6}, columns=("key", "name", "height_m")))
    assert answer.context["plans"][0][0].changes == ("Tên", "Độ cao so với mặt đất")
    confirm(head, answer)
    eye.refresh_from_db()
    assert draft_of(eye) == replace(FULL, name="Cổng mới", height_m=6.0)


@pytest.mark.django_db
def test_a_connected_eyes_name_is_not_changed_by_a_sheet(head: Client, recorder: FakeRecorder) -> None:
    eye = Eye.objects.get(camera=camera("Cổng chợ", hamlet="Thôn Đông"))
    answer = upload(head, book({"key": eye.key, "name": "Khác", "bearing_deg": 10}, columns=("key", "name", "bearing_deg")))
    assert faults(answer) == {2: {"name"}}


@pytest.mark.django_db
def test_the_template_is_read_and_its_example_is_not_brought_in(head: Client) -> None:
    content = head.get("/eyes/sheet/xlsx?template=1").content
    made = openpyxl.load_workbook(io.BytesIO(content))
    sheet, help_sheet = made.worksheets[0], made.worksheets[-1]
    assert sheet["A2"].value == "VÍ DỤ"
    rules = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert len(rules) == 9
    assert all("$" in formula for formula in rules.values())
    assert help_sheet.max_row > len(COLUMNS)
    assert "không có mắt nào" in upload(head, content).content.decode()
    sheet["A2"] = None
    sheet["D2"] = "Thôn Đông"
    out = io.BytesIO()
    made.save(out)
    answer = upload(head, out.getvalue())
    assert answer.context["counts"]["new"] == 1, faults(answer)
    assert head.get("/eyes/sheet/pdf").status_code == 404


@pytest.mark.django_db
def test_geojson_goes_out_without_owners(head: Client) -> None:
    save_eye(None, FULL, NOW)
    save_eye(None, replace(FULL, name="Không rõ ở đâu", site="", position=None), NOW)
    content = head.get("/eyes/sheet/geojson").content.decode()
    (one,) = json.loads(content)["features"]
    assert one["geometry"]["coordinates"] == [105.8542, 21.0285]
    assert one["properties"]["bearing_deg"] == 90.0
    assert not any(word in content for word in (FULL.owner_name, FULL.owner_phone, FULL.note))


@pytest.mark.django_db
def test_what_is_no_sheet_of_ours_and_what_was_made_up_is_told(head: Client) -> None:
    for content in (b"", b"PK\x03\x04 broken", b"a,b\n1,2\n", b"\xff\xfe", b"x" * 3_000_000, b'ten\n"'):
        assert upload(head, content).status_code == 422
    assert head.post("/eyes/import", {}).status_code == 422
    assert "Hãy chọn lại tệp" in head.post("/eyes/import", {"plan": "gAAAAmadeup"}).content.decode()


@pytest.mark.django_db
def test_somebody_elses_change_between_look_and_confirmation_counts(head: Client) -> None:
    answer = upload(head, book({"name": "Cổng làng", "hamlet": "Thôn Đông"}))
    Hamlet.objects.all().delete()
    again = confirm(head, answer)
    assert again.status_code == 200
    assert faults(again) == {2: {"hamlet"}}
    assert not Eye.objects.exists()


@pytest.mark.django_db
def test_many_rows_travel_in_a_page_that_a_form_can_send_back(head: Client) -> None:
    rows = [SheetRow(number, {name: f"chữ {number} {name}" for name in COLUMNS}) for number in range(2, 2002)]
    packed = rows_to_text(rows)
    assert rows_from_text(packed) == rows
    assert len(packed) < 1_000_000


CELLS = st.none() | st.text(max_size=12) | st.integers(-10, 10_000) | st.floats(allow_nan=True) | st.dates() | st.booleans()


@pytest.mark.django_db
@given(rows=st.lists(st.dictionaries(st.sampled_from(list(COLUMNS)), CELLS, max_size=12), max_size=4))
def test_whatever_stands_in_the_cells_is_planned_or_refused_in_words(rows: list[dict[str, object]]) -> None:
    clean = [{name: value for name, value in row.items() if _can_be_a_cell(value)} for row in rows]
    plans = eye_sheet.Planner([], NOW, "vi").plan(read_sheet(book(*clean)))
    for item in plans:
        assert (item.action == "new") == (item.draft is not None)
        assert all(item.wrong.values())
        assert (item.action == "wrong") == bool(item.wrong)


def _can_be_a_cell(value: object) -> bool:
    return not isinstance(value, str) or all(letter >= " " and letter not in "\ufffe\uffff" for letter in value)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_a_sheet_or_refused_in_words(content: bytes) -> None:
    with suppress(UsageError):
        assert isinstance(read_sheet(content), list)


@pytest.mark.django_db
def test_a_book_in_english_is_read_in_english_and_vietnamese() -> None:
    Hamlet.objects.create(name="Thôn Đông")
    save_eye(None, FULL, NOW)
    for language in ("en", "vi"):
        rows = read_sheet(export_book(list(Eye.objects.all()), language))
        plans = eye_sheet.Planner(list(Eye.objects.select_related("site__hamlet", "camera")), NOW, language).plan(rows)
        assert [item.action for item in plans] == ["same"], plans[0].wrong
    assert chief is not None
    assert Role.HEAD


@pytest.mark.django_db
def test_an_eye_found_by_its_name_alone_loses_nothing_to_empty_cells() -> None:
    Hamlet.objects.create(name="Thôn Đông")
    eye = save_eye(None, FULL, NOW)
    row = SheetRow(2, dict.fromkeys(COLUMNS, "") | {"name": FULL.name, "hamlet": "thon dong", "height_m": "6"})
    plan = eye_sheet.Planner([eye], NOW, "vi").plan([row])[0]
    assert (plan.action, plan.draft) == ("changed", replace(FULL, height_m=6.0))
    emptied = eye_sheet.Planner([eye], NOW, "vi").plan([SheetRow(2, row.cells | {"key": eye.key})])[0].draft
    assert emptied is not None
    assert (emptied.owner_name, emptied.bearing_deg, emptied.tier) == ("", None, FULL.tier)


def test_an_empty_cell_of_a_choice_stays_as_it_is(db: None) -> None:
    Hamlet.objects.create(name="Thôn Đông")
    eye = save_eye(None, FULL, NOW)
    row = SheetRow(2, {"key": eye.key, "name": eye.name, "tier": "", "height_m": ""})
    plan = eye_sheet.Planner([eye], NOW, "vi").plan([row])[0]
    assert plan.draft == replace(FULL, height_m=None)

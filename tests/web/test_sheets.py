"""Cameras out to a sheet and in from one: told row by row, written only when confirmed, no password left behind."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from tablib import Dataset

from luytre.base.errors import UsageError
from luytre.base.i18n import translate
from luytre.civic.access.models import User
from luytre.civic.registry import sheet
from luytre.civic.registry.models import Camera, Hamlet
from tests.web.cast import CAMERA_PASSWORD, FakeRecorder, camera, chief

pytestmark = pytest.mark.django_db
ROW = ["", "Cổng chợ", "Chợ", "Thôn Đông", "tuyến đường", "Đường tỉnh 5", "21,0285; 105,8542", "rtsp://10.0.0.5/main", "rtsp://10.0.0.5/sub",
       "viewer", CAMERA_PASSWORD, "20"]  # fmt: skip


@pytest.fixture
def admin(log_in: Callable[[User], Client]) -> Client:
    return log_in(chief())


def made(rows: list[list[str]], kind: str = "xlsx") -> bytes:
    table = Dataset(*rows, headers=sheet_heads())
    content = table.export(kind)
    return content if isinstance(content, bytes) else str(content).encode()


def sheet_heads() -> list[str]:
    return [translate(words, "vi") for words in sheet.COLUMNS.values()]


def upload(client: Client, content: bytes, name: str = "camera.xlsx"):  # type: ignore[no-untyped-def]
    return client.post("/cameras/import", {"sheet": SimpleUploadedFile(name, content)})


def confirm(client: Client, page: str):  # type: ignore[no-untyped-def]
    sealed = re.search(r'name="plan" value="([^"]+)"', page)
    assert sealed is not None
    return client.post("/cameras/import", {"plan": sealed[1]})


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_sheet_is_shown_first_and_written_when_confirmed(admin: Client, recorder: FakeRecorder, kind: str) -> None:
    page = upload(admin, made([ROW], kind), f"c.{kind}").content.decode()
    assert "1 thêm mới, 0 thay đổi, 0 giữ nguyên, 0 sai" in page
    assert not Camera.objects.exists()
    assert not Hamlet.objects.exists()
    assert CAMERA_PASSWORD not in page
    assert not any(CAMERA_PASSWORD in str(session.get_decoded()) for session in Session.objects.all())
    assert confirm(admin, page).headers["Location"] == "/cameras"
    one = Camera.objects.get()
    assert (one.name, one.site.name, one.site.kind, one.site.road, str(one.site.hamlet), one.password, one.retention_days) == (
        "Cổng chợ", "Chợ", "route", "Đường tỉnh 5", "Thôn Đông", CAMERA_PASSWORD, 20)  # fmt: skip
    assert "thêm 1, thay đổi 0" in admin.get("/cameras").content.decode()


def test_each_wrong_cell_is_told_at_its_row_and_the_rest_goes_in(admin: Client, recorder: FakeRecorder) -> None:
    wrong = ["nothere", "", "", "", "biển", "", "1, 2", "nonsense://", "", "", "", "many"]
    twice = ["", "Lần hai", *ROW[2:]]
    answer = upload(admin, made([ROW, wrong, twice]))
    plans = answer.context["plans"]
    assert [item.action for item in plans] == ["new", "wrong", "wrong"]
    assert set(plans[1].wrong) == {"key", "name", "kind", "position", "main_url", "retention_days"}
    page = answer.content.decode()
    assert "không rõ loại điểm lắp" in page.lower()
    assert "hai dòng trong bảng" in page
    confirm(admin, page)
    assert [one.name for one in Camera.objects.all()] == ["Cổng chợ"]


def test_a_downloaded_list_comes_back_unchanged_and_changes_are_named(admin: Client, recorder: FakeRecorder) -> None:
    one = camera("Cổng chợ", road="Đường làng")
    camera("=CMD()", hamlet="")
    for kind in ("xlsx", "csv"):
        content = admin.get(f"/cameras/sheet/{kind}").content
        assert CAMERA_PASSWORD.encode() not in content
        plans = upload(admin, content, f"c.{kind}").context["plans"]
        assert [item.action for item in plans] == ["same", "same"], kind
    cells = sheet.cells_of(one, "vi") | {"name": "Cổng sau", "road": ""}
    plan = upload(admin, made([list(cells.values())])).context["plans"][0]
    assert (plan.action, plan.changes) == ("changed", ("Tên camera", "Tuyến đường"))


def test_what_a_spreadsheet_would_run_goes_out_as_text(admin: Client, recorder: FakeRecorder) -> None:
    camera('=HYPERLINK("http://x")')
    book = openpyxl.load_workbook(io.BytesIO(admin.get("/cameras/sheet/xlsx").content))
    assert [cell.data_type for cell in book.active[2] if cell.value] == ["s"] * sum(
        cell.value is not None for cell in book.active[2]
    )  # type: ignore[index,union-attr]
    assert "'=HYPERLINK" in admin.get("/cameras/sheet/csv").content.decode()


def test_the_template_has_headings_alone(admin: Client) -> None:
    camera()
    lines = admin.get("/cameras/sheet/csv?template=1").content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("Mã (giữ nguyên),Tên camera,")
    assert admin.get("/cameras/sheet/pdf").status_code == 404


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (sheet.MOST_UNPACKED_BYTES + 1))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Không nhận ra các cột"), (b"a,b\n1,2\n", "Không nhận ra các cột"),
        (b"PK\x03\x04 broken", "Không đọc được tệp này"),
        (b"\xff\xfe\x00 latin", "Không đọc được tệp này"), (bomb(), "Không đọc được tệp này"), (made([]), "không có camera nào"),
        (b"x" * (sheet.MOST_BYTES + 1), "Tệp này quá lớn"),
    ],
)  # fmt: skip
def test_what_is_no_sheet_of_ours_is_told(admin: Client, content: bytes, words: str) -> None:
    answer = upload(admin, content)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_nothing_chosen_and_a_plan_that_was_made_up(admin: Client) -> None:
    assert admin.post("/cameras/import", {}).status_code == 422
    assert "Hãy chọn lại tệp" in admin.post("/cameras/import", {"plan": "gAAAAmadeup"}).content.decode()


def test_a_large_upload_never_reaches_the_disk(admin: Client, tmp_path: Path, settings: object) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)  # type: ignore[attr-defined]
    assert upload(admin, b"x" * 4_000_000).status_code == 422
    assert list(tmp_path.glob("*.upload*")) == []


def test_semicolons_and_other_orders_of_columns_are_read() -> None:
    rows = sheet.read_sheet("dia chi luong chinh;TEN CAMERA;khác\nrtsp://10.0.0.5/a; Chợ ;x\n;;\n".encode(), "c.csv")
    assert [(row.number, row.cells["name"], row.cells["main_url"]) for row in rows] == [(2, "Chợ", "rtsp://10.0.0.5/a")]


@given(
    st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda text: f"Tên camera,Địa chỉ luồng chính\n{text}".encode()))
)
def test_any_bytes_are_rows_or_told(content: bytes) -> None:
    try:
        rows = sheet.read_sheet(content, "c.csv")
    except UsageError:
        return
    for plan in sheet.plan(rows, [], "vi"):
        assert plan.action in ("new", "wrong")

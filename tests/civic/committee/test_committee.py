"""Minutes freeze when two have signed, a resolution is one task, who left gets nothing new, the register knows what holds."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from luytre.civic import filed
from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import Role, User
from luytre.civic.chain.proof import prove
from luytre.civic.committee import launch, meetings, members, register, tasks
from luytre.civic.committee.erasing import sweep
from luytre.civic.committee.launch import Check, LaunchDraft
from luytre.civic.committee.models import CommitteeStep, Document, Meeting, Task, TaskState
from luytre.civic.committee.paper import invitation_of, minutes_of
from luytre.civic.committee.register import Force
from luytre.civic.committee.scope import own_tasks
from luytre.civic.coordination import approval as coordination
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.places import hamlet_unit
from luytre.civic.registry.refusals import said
from luytre.civic.registry.sites import hamlet_named
from tests.civic.committee.cast import DAY, HOUR, NOW, TODAY, document, meeting, member, minutes, paper, task, wish
from tests.web.cast import EARLY, person


def refused(error: pytest.ExceptionInfo[ValidationError]) -> dict[str, str]:
    return said(error.value, "vi")


# --- members ----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_who_left_keeps_the_past_and_is_given_nothing_new() -> None:
    by = person(Role.COMMITTEE)
    one = member(by, "Ông Bảy")
    old = task(by, one)
    members.leave(by, one, TODAY - DAY, "chuyển công tác", NOW)
    one.refresh_from_db()
    with pytest.raises(ValidationError) as error:
        task(by, one)
    assert refused(error) == {"who": "Ông Bảy đã thôi tham gia Ban Chỉ đạo ngày 23/11/2026: hãy chọn người đang là thành viên."}
    assert members.members_on(TODAY) == []
    assert members.members_on(TODAY - DAY) == [one]
    assert Task.objects.get(pk=old.pk).member == one
    with pytest.raises(ValidationError, match="left the committee"):
        members.leave(by, one, TODAY, "", NOW)
    again = member(by, "Ông Bảy", first_day=TODAY)
    with pytest.raises(ValidationError, match="already"):
        member(by, "ông bảy", first_day=TODAY)
    assert members.members_on(TODAY) == [again]


@pytest.mark.django_db
def test_only_the_committee_and_the_head_write() -> None:
    head, other = person(Role.HEAD), person(Role.AUDITOR)
    one = member(head, "Bà Năm", "head")
    for act in (
        lambda: member(other, "X"), lambda: document(other), lambda: task(other, one), lambda: meeting(other),
        lambda: members.leave(other, one, TODAY, "", NOW),
    ):  # fmt: skip
        with pytest.raises(ValidationError, match="Only the committee"):
            act()


# --- the register -----------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_register_tells_what_is_in_force_and_has_the_regulations_by_themselves() -> None:
    by = person(Role.HEAD)
    old = document(by, establishes=True)
    new = document(by, sign="09/QĐ-UBND", issued=date(2026, 6, 1), force_from=date(2026, 12, 1), establishes=True)
    register.end(by, old, new, "replaced", date(2026, 11, 30), NOW)
    coordination.begin_draft(by, NOW)
    draft = coordination.draft()
    assert draft is not None
    coordination.approve(by, draft.stamp, None, NOW)
    rows = {row.sign: row for row in register.rows_on(TODAY)}
    assert {sign: row.force for sign, row in rows.items()} == {
        "05/QĐ-UBND": Force.IN_FORCE, "09/QĐ-UBND": Force.COMING, "v1": Force.IN_FORCE,
    }  # fmt: skip
    assert (rows["05/QĐ-UBND"].after, rows["v1"].document, rows["v1"].regulation) == ("09/QĐ-UBND", None, "coordination")
    assert register.establishing(TODAY) == Document.objects.get(pk=old.pk)
    assert register.establishing(TODAY + 10 * DAY) == new
    with pytest.raises(ValidationError, match="itself ended"):
        register.end(by, new, old, "abolished", date(2026, 12, 2), NOW)
    with pytest.raises(ValidationError, match="strike that line out first"):
        register.strike(by, new, "nhầm", NOW)
    register.strike(by, old, "nhầm", NOW)
    assert [row.sign for row in register.rows_on(TODAY) if register.Wanted(force=Force.STRUCK).takes(row)] == ["05/QĐ-UBND"]
    assert [row.sign for row in register.rows_on(TODAY) if register.Wanted("thanh lap", "decision").takes(row)] == ["09/QĐ-UBND"]


@pytest.mark.django_db
def test_a_document_is_entered_once() -> None:
    by = person(Role.COMMITTEE)
    draft = paper()
    assert register.enter(by, draft, NOW) == register.enter(by, draft, NOW)
    with pytest.raises(ValidationError) as error:
        document(by, sign="05/qđ-ubnd")
    assert "đã có trong sổ" in refused(error)["sign"]
    with pytest.raises(ValidationError) as error:
        document(by, sign=" ", issued=TODAY + DAY, force_until=date(2020, 1, 1), kind="x", establishes=True)
    assert set(refused(error)) == {"sign", "issued", "force_until", "kind", "establishes"}


def word(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}.items() | parts.items():
            archive.writestr(name, data)
    return made.getvalue()


def test_files_are_taken_as_what_they_are(tmp_path: Path) -> None:
    good = {"pdf": b"%PDF-1.7 x %%EOF", "docx": word()}
    for kind, data in good.items():
        kept = filed.keep(tmp_path, data, register.FILES)
        assert (kept.kind, filed.read(tmp_path, kept), filed.named(kept.name)) == (kind, data, kept)
    bomb = word(bomb=bytes(filed.MOST_UNPACKED + 1))
    assert len(bomb) < register.FILES.most_bytes
    bad = (b"MZ", b"%PDF-1.7 cut", word()[:-30], bomb, word(**{"word/vbaProject.bin": b"x"}), b"PK\x03\x04", b"",
           bytes(register.FILES.most_bytes + 1))  # fmt: skip
    for data in bad:
        with pytest.raises(ValidationError) as error:
            filed.keep(tmp_path, data, register.FILES)
        assert list(refused(error)) == ["file"]
    assert len(list(tmp_path.glob("*/*"))) == 2


@given(st.binary(max_size=400), st.booleans())
def test_no_file_breaks_the_reader(tmp_path_factory: pytest.TempPathFactory, data: bytes, zipped: bool) -> None:
    folder = tmp_path_factory.getbasetemp() / "any"
    try:
        kept = filed.keep(folder, word()[: len(data)] + data if zipped else data, register.FILES)
    except ValidationError:
        return
    assert kept.kind in filed.TYPES


@pytest.mark.django_db
def test_files_that_no_line_names_go_after_a_day(tmp_path: Path) -> None:
    kept = filed.keep(tmp_path, b"%PDF-1.7 a %%EOF", register.FILES)
    filed.keep(tmp_path, b"%PDF-1.7 b %%EOF", register.FILES)
    document(person(Role.HEAD), file=kept)
    later = filed.place_of(tmp_path, kept).stat().st_mtime + 90_000
    assert (sweep(tmp_path, later - 80_000), sweep(tmp_path, later), bool(filed.read(tmp_path, kept))) == (0, 1, True)


# --- tasks ------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_task_goes_its_way_and_each_step_is_chained() -> None:
    by, doer = person(Role.COMMITTEE), person(Role.SECURITY_TEAM)
    one = task(by, member(by, "", user=doer))
    assert list(own_tasks(doer, NOW)) == [one]
    tasks.take(doer, one, NOW)
    with pytest.raises(ValidationError, match="Later than"):
        tasks.prolong(by, one, TODAY, "mưa", NOW)
    tasks.prolong(by, one, TODAY + 9 * DAY, "mưa", NOW)
    with pytest.raises(ValidationError) as error:
        tasks.report(doer, one, " ", NOW)
    assert list(refused(error)) == ["note"]
    tasks.report(doer, one, "đã lắp", NOW + HOUR)
    tasks.give_back(by, one, "thiếu biển báo", NOW + HOUR)
    tasks.report(doer, one, "đã treo biển", NOW + 2 * HOUR)
    for _press in range(2):
        tasks.confirm(by, one, "", NOW + 3 * HOUR)
    with pytest.raises(ValidationError, match="Somebody was faster"):
        tasks.drop(by, one, "thôi", NOW)
    one.refresh_from_db()
    codes = [step.code for step in CommitteeStep.objects.filter(thing=one.key)]
    assert codes == ["given", "taken", "prolonged", "reported", "returned", "reported", "done"]
    assert (one.state, one.due, one.reported) == (TaskState.DONE, TODAY + 9 * DAY, NOW + 2 * HOUR)
    assert prove().whole


@pytest.mark.django_db
def test_tasks_are_somebody_s_and_late_ones_stand_first() -> None:
    by, stranger, head_of = person(Role.HEAD), person(Role.DUTY), User.objects.create_user("hamlet")
    hamlet = hamlet_named("Thôn Đoài")
    assert hamlet is not None
    assign(None, head_of, Wanted(Role.HAMLET_HEAD, place_key(hamlet), first_day=EARLY), NOW)
    one = member(by, "Cô Sáu")
    late, later = task(by, one, due=TODAY + DAY), task(by, one, due=TODAY + 6 * DAY)
    of_unit = tasks.give(by, wish(one, member=None, unit=hamlet_unit(hamlet), due=TODAY + 4 * DAY), NOW)
    after = NOW + 2 * DAY
    assert hamlet_named("Thôn Mới") is not None
    assert [each.name for each in tasks.units_on(TODAY)] == ["Thôn Đoài", "Thôn Mới"]
    tasks.drop(by, later, "không cần", after)
    assert tasks.in_order(Task.objects.all()) == [late, of_unit, later]
    assert [tasks.is_late(each, TODAY + 2 * DAY) for each in (late, of_unit, later)] == [True, False, False]
    assert tasks.waiting_for(head_of, after) == [of_unit]
    assert tasks.waiting_for(head_of, NOW) == []
    with pytest.raises(ValidationError, match="somebody else"):
        tasks.take(stranger, late, NOW)
    with pytest.raises(ValidationError) as error:
        task(by, one, title="", due=TODAY - DAY, unit=hamlet_unit(hamlet))
    assert set(refused(error)) == {"title", "due", "who"}


# --- meetings ---------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_minutes_freeze_when_both_signed_and_are_corrected_only_by_adding() -> None:
    chair_user, by = person(Role.HEAD), person(Role.COMMITTEE)
    chair, secretary = member(by, "", "head", chair_user), member(by, "Cô Thư", "secretary")
    absent = member(by, "Ông Vắng")
    held = meeting(by)
    meetings.write_minutes(by, held, minutes(held, chair, secretary), NOW)
    held.refresh_from_db()
    with pytest.raises(ValidationError, match="Only"):
        meetings.sign(by, held, "chair", held.revision, NOW)
    assert meetings.sign(chair_user, held, "chair", held.revision, NOW) is False
    with pytest.raises(ValidationError, match="has signed already"):
        meetings.sign(chair_user, held, "chair", held.revision, NOW)
    meetings.write_minutes(by, held, minutes(held, chair, secretary, minutes="Đã bàn kỹ."), NOW)
    with pytest.raises(ValidationError, match="changed after you opened"):
        meetings.sign(chair_user, held, "chair", held.revision, NOW)
    held.refresh_from_db()
    assert held.chair_signed is None
    assert meetings.sign(by, held, "secretary", held.revision, NOW, on_paper=True) is False
    assert meetings.sign(chair_user, held, "chair", held.revision, NOW) is True
    held.refresh_from_db()
    with pytest.raises(ValidationError, match="stands elsewhere"):
        meetings.write_minutes(by, held, minutes(held, chair, secretary), NOW)
    Meeting.objects.filter(pk=held.pk).update(minutes="sửa lén")
    held.refresh_from_db()
    for _press in range(2):
        meetings.correct(by, held, "là 6 mắt, không phải 5", NOW)
    frozen = meetings.frozen_of(held)
    assert (frozen.minutes, frozen.absent, frozen.resolutions) == ("Đã bàn kỹ.", (absent.name,), ("Lắp thêm 5 mắt", "Thu quỹ"))
    assert CommitteeStep.objects.filter(thing=held.key, code="corrected").count() == 1
    assert minutes_of(held, NOW)[:5] == invitation_of(held, ["Cô Thư"], NOW)[:5] == b"%PDF-"


@pytest.mark.django_db
def test_two_who_write_minutes_lose_nothing_and_are_told() -> None:
    by = person(Role.COMMITTEE)
    chair, secretary = member(by, "A"), member(by, "B")
    held = meeting(by)
    first = minutes(held, chair, secretary)
    meetings.write_minutes(by, held, first, NOW)
    with pytest.raises(ValidationError) as error:
        meetings.write_minutes(by, held, first, NOW)
    assert "Có người khác vừa ghi" in refused(error)["__all__"]
    members.leave(by, chair, date(2026, 11, 1), "", NOW)
    chair.refresh_from_db()
    held.refresh_from_db()
    with pytest.raises(ValidationError) as error:
        meetings.write_minutes(by, held, minutes(held, chair, chair, minutes=" "), NOW)
    assert set(refused(error)) == {"chair", "secretary", "minutes"}
    soon = meeting(by, NOW + HOUR)
    with pytest.raises(ValidationError, match="not begun"):
        meetings.write_minutes(by, soon, minutes(soon, secretary, secretary), NOW)


@pytest.mark.django_db
def test_a_resolution_is_one_task_and_keeps_its_words() -> None:
    by = person(Role.COMMITTEE)
    chair, secretary = member(by, "A"), member(by, "B")
    held = meeting(by)
    meetings.write_minutes(by, held, minutes(held, chair, secretary), NOW)
    resolution = held.resolutions.get(number=1)
    made = [task(by, secretary, resolution=resolution, title=resolution.words) for _press in range(2)]
    assert made[0] == made[1]
    held.refresh_from_db()
    with pytest.raises(ValidationError, match="is a task already"):
        meetings.write_minutes(by, held, minutes(held, chair, secretary, resolutions="Khác"), NOW)
    meetings.write_minutes(by, held, minutes(held, chair, secretary, resolutions="Lắp thêm 5 mắt"), NOW)
    assert [one.words for one in held.resolutions.all()] == ["Lắp thêm 5 mắt"]


# --- the launch -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_launch_is_frozen_as_it_was() -> None:
    by = person(Role.HEAD)
    hamlet = hamlet_named("Thôn Đông")
    assert hamlet is not None
    before = launch.here()
    draft = LaunchDraft(before.revision, TODAY, "Nhà văn hóa", "Khai mạc\nKý giao ước", "Các thôn", 20)
    launch.prepare(by, draft, NOW)
    with pytest.raises(ValidationError, match="Somebody else"):
        launch.prepare(by, draft, NOW)
    lines = launch.checklist(launch.here(), set(), NOW)
    found = {line.check: line for line in lines}
    assert [check for check in Check if found[check].ok] == [Check.PROGRAMME, Check.INVITED]
    assert found[Check.PACTS].missing == ("Thôn Đông",)
    assert launch.checklist(launch.here(), {place_key(hamlet)}, NOW)[list(Check).index(Check.PACTS)].ok
    with pytest.raises(ValidationError) as error:
        launch.hold(by, lines, "", None, NOW)
    assert list(refused(error)) == ["why"]
    with pytest.raises(ValidationError, match="Set the day"):
        launch.hold(by, lines, "cứ họp", None, NOW - timedelta(days=1))
    for _press in range(2):
        launch.hold(by, lines, "ngày truyền thống", None, NOW)
    document(by, establishes=True)
    held = launch.held()
    assert held is not None
    assert (held.lines, held.why, held.programme) == (tuple(lines), "ngày truyền thống", ("Khai mạc", "Ký giao ước"))
    with pytest.raises(ValidationError, match="does not change"):
        launch.prepare(by, LaunchDraft(launch.here().revision, None, "", "", "", 20), NOW)

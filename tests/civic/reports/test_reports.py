"""Reports: numbers are their rows, drafts come by themselves, what was issued never changes, papers say what was counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import astuple, replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from django.core.exceptions import ValidationError
from docx import Document as Docx
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from tools.report_template import TARGET, build

from luytre.base.i18n import translate
from luytre.civic.access.models import Look, Role, User
from luytre.civic.chain.proof import prove
from luytre.civic.incidents.models import Incident
from luytre.civic.pacts import quarters
from luytre.civic.pacts.criteria import LineDraft
from luytre.civic.pacts.models import Measure
from luytre.civic.pacts.quarters import Points
from luytre.civic.periods import Sort, parse
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.places import hamlet_unit
from luytre.civic.regulations.rules import Heading
from luytre.civic.reports import drafts
from luytre.civic.reports.charts import Bar, bars
from luytre.civic.reports.compute import figures_of, frozen_with_rows, window_before, window_of
from luytre.civic.reports.figures import Figure, Unit, digest_of, from_json, numbers_digest, to_json
from luytre.civic.reports.issuing import Document, frozen, issue
from luytre.civic.reports.models import Draft, Report
from luytre.civic.reports.paper import Paper, as_docx, as_pdf, told
from luytre.civic.reports.sections import SECTIONS, footage
from luytre.civic.reports.sentences import propose
from luytre.civic.reports.told import change, share
from luytre.civic.rights import breaches
from luytre.civic.rights import desk as rights
from luytre.civic.rights.kinds import Decision as Answer
from luytre.civic.rights.kinds import Ground, Right, Subject
from luytre.civic.rights.taking import ClaimDraft
from luytre.civic.rights.taking import take as take_claim
from luytre.civic.workdays.days import built_in
from tests.civic.pacts.test_pacts import AFTER, a_set, hamlet, pact
from tests.civic.reports.quarter import AUGUST, KEY, MAY, NOW, QUARTER, busy_quarter, incident
from tests.web.cast import person

pytestmark = pytest.mark.django_db
CLAIM = ClaimDraft(Right.DELETE, Subject.LEDGER, "Xin xóa tên.", name="Nguyễn Thị Mận", phone="0912 345 678")


@pytest.fixture
def head(tmp_path: Path, request: pytest.FixtureRequest) -> User:
    request.getfixturevalue("settings").LUYTRE_SECRETS_DIR = tmp_path / "secrets"
    return busy_quarter(tmp_path)


def document(**changes: object) -> Document:
    draft = drafts.begin(QUARTER, NOW)
    found = Document("12/BC-CAX", date(2026, 10, 5), "TRƯỞNG CÔNG AN XÃ", "Trần Văn Tre", draft.stamp, "")
    return replace(found, digest=numbers_digest(figures_of(QUARTER, NOW)), **changes)  # type: ignore[arg-type]


def values(period: str = "2026-Q3", now: datetime = NOW) -> dict[str, int]:
    return {
        f"{section.key}.{one.key}": one.value for section in figures_of(parse(period), now).sections for one in section.figures
    }


def test_every_number_is_its_rows_and_what_was_counted_by_hand(head: User) -> None:
    figures = figures_of(QUARTER, NOW)
    for section in SECTIONS:
        found = section.rows(window_of(QUARTER, NOW))
        for spec in section.specs:
            figure, rows = figures.value(section.key, spec.key), found.get(spec.key, ())
            assert figure is not None
            assert (figure.value, figure.digest) == (sum(row.amount for row in rows), digest_of(rows)), (section.key, spec.key)
            assert not figure.places or sum(place.value for place in figure.places) == figure.value
    counted = values()
    by_hand = {
        "incidents.opened": 7, "incidents.kind_theft": 6, "incidents.closed": 2, "incidents.solved": 1, "incidents.footage": 1,
        "incidents.recovered": 5_000_000, "cameras.lost": 36_000, "cameras.mended": 1, "cameras.counted": 2,
        "footage.history": 6, "footage.export": 1, "footage.back": 7, "footage.numbered": 6, "footage.live": 0,
        "footage.days": 92, "footage.signed": 1, "answers.tips": 1, "answers.complaints": 1, "requests.asked": 1,
        "requests.refused": 1, "requests.granted": 0, "money.came": 2_000_000, "money.spent": 500_000, "money.left": 1_500_000,
    }  # fmt: skip
    assert {key: counted[key] for key in by_hand} == by_hand
    watched = counted["cameras.watched"]
    assert watched == 2 * 92 * 86_400 == counted["cameras.worked"] + counted["cameras.lost"]
    opened = figures.value("incidents", "opened")
    assert opened is not None
    assert [(one.value, one.before) for one in opened.places] == [(6, 1), (1, 0)]
    assert (opened.before, values("2026-Q2")["footage.live"]) == (1, 1)


@settings(max_examples=40)
@given(st.sampled_from(list(Sort)), st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_periods_that_touch_share_no_moment_and_leave_none_out(sort: Sort, now: datetime) -> None:
    period = replace(parse("2026"), sort=sort, number=1)
    one, following = window_of(period, now + timedelta(days=800)), window_of(period.after, now + timedelta(days=800))
    assert (one.end, one.last + timedelta(days=1)) == (following.start, following.first)
    so_far, before = window_of(period, now), window_before(period, now)
    assert so_far.start <= so_far.end <= max(so_far.start, now)
    assert before.end - before.start <= timedelta(days=366)
    assert period.is_over(now, so_far.start.tzinfo) or before.end - before.start <= max(timedelta(0), now - so_far.start)  # type: ignore[arg-type]


def test_small_numbers_are_told_as_numbers_and_shares_with_their_whole() -> None:
    def figure(value: int, before: int, of: int | None = None, of_before: int | None = None) -> Figure:
        return Figure("", value, before, of, of_before, (), "")

    assert change(figure(4, 2), Unit.COUNT, "vi") == "nhiều hơn 2"
    assert change(figure(12, 10), Unit.COUNT, "vi") == "nhiều hơn 2 (20,0\u00a0%)"
    assert change(figure(3, 3), Unit.COUNT, "vi") == "bằng kỳ trước"
    assert share(figure(1, 0, 3, 0), Unit.COUNT, "vi") == "1 trên 3"
    assert share(figure(3, 0, 6, 0), Unit.COUNT, "vi") == "3 trên 6 (50,0\u00a0%)"
    assert share(figure(0, 0, 0, 0), Unit.COUNT, "vi") == "—"
    assert change(figure(3, 3, 6, 12), Unit.COUNT, "vi") == "cao hơn 25,0 điểm %"
    assert change(figure(1, 1, 4, 12), Unit.COUNT, "vi") == "—"


def test_drafts_come_by_themselves_once_and_only_of_what_ended(head: User) -> None:
    """Nothing of the time before the program was there."""
    User.objects.update(created=datetime(2026, 10, 15, tzinfo=UTC))
    assert drafts.draft_ended(NOW) == 2
    assert set(Draft.objects.values_list("period", flat=True)) == {"2026-W47", "2026-10"}
    User.objects.update(created=datetime(2026, 1, 1, tzinfo=UTC))
    assert [drafts.draft_ended(NOW), drafts.draft_ended(NOW)] == [2, 0]
    assert set(Draft.objects.values_list("period", flat=True)) == {"2026-W47", "2026-10", "2026-Q3", "2026-H1"}


def test_the_proposed_words_hold_the_numbers(head: User) -> None:
    words = propose(QUARTER, figures_of(QUARTER, NOW))
    assert "tiếp nhận 7 vụ việc, nhiều hơn 6 so với kỳ trước; bình quân 0,5 vụ mỗi tuần" in words.situation
    assert "trộm cắp, cướp giật: 6; cháy, nổ: 1." in words.situation
    assert "5.000.000 đồng" in words.results
    assert "1 lượt xem lại, trích xuất không ghi số vụ việc" in words.lacking
    assert all(text.strip() for text in (words.situation, words.results, words.lacking, words.ahead))


def test_whoever_saves_over_another_is_told_and_the_stamp_guards(head: User) -> None:
    draft, figures = drafts.begin(QUARTER, NOW), figures_of(QUARTER, NOW)
    mine = drafts.Written(replace(drafts.words_of(draft), ahead="của tôi"), draft.stamp)
    assert drafts.save(head, QUARTER, mine, figures, NOW).ahead == "của tôi"
    with pytest.raises(ValidationError, match="Somebody else saved"):
        drafts.save(head, QUARTER, replace(mine, words=replace(mine.words, ahead="của người khác")), figures, NOW)
    assert drafts.begin(QUARTER, NOW).ahead == "của tôi"


def test_numbers_that_moved_since_the_words_are_told(head: User) -> None:
    draft = drafts.begin(QUARTER, NOW)
    assert drafts.moved_since(draft, figures_of(QUARTER, NOW)) == ()
    incident(head, AUGUST)
    moved = {(one.section, one.key): (one.was, one.now) for one in drafts.moved_since(draft, figures_of(QUARTER, NOW))}
    assert moved["incidents", "opened"] == (7, 8)


def test_what_was_issued_stays_whatever_happens_later(head: User) -> None:
    made = issue(head, QUARTER, document(), NOW)
    before = Report.objects.get().content
    incident(head, AUGUST, hamlet=Hamlet.objects.first())
    Hamlet.objects.filter(name="Thôn Đông").update(name="Thôn Khác")
    kept = frozen(Report.objects.get(key=made.key))
    assert Report.objects.get().content == before
    opened = kept.figures.value("incidents", "opened")
    assert (opened.value if opened else None, values()["incidents.opened"]) == (7, 8)
    assert "Thôn Đông" in kept.places.values()
    assert opened
    assert digest_of(kept.rows["incidents"]["opened"]) == opened.digest
    assert prove().whole
    with pytest.raises(TypeError):
        made.save()


def test_nobody_is_named_in_what_is_frozen(head: User) -> None:
    content = issue(head, QUARTER, document(), NOW).content
    for secret in ("ông Năm", "Nguyễn Thị Mận", "0912 345 678", "0912345678", "nhìn vào nhà"):  # not "0912": keys are hex
        assert secret not in content
    figures, rows = frozen_with_rows(QUARTER, NOW)
    assert from_json(to_json(figures)) == figures
    assert rows["incidents"]["opened"]


WRONG: list[tuple[dict[str, object], str]] = [
    ({"sign": " "}, "sign"), ({"day": date(2026, 9, 30)}, "day"), ({"day": date(2026, 11, 25)}, "day"),
     ({"signer": ""}, "signer"), ({"sign": "1" * 61}, "sign"), ({"digest": "0" * 64}, "__all__"), ({"stamp": 9}, "__all__"),
]  # fmt: skip


def test_what_is_wrong_is_not_issued(head: User) -> None:
    good = document()
    for changes, field in WRONG:
        _refused(head, replace(good, **changes), field)  # type: ignore[arg-type]


def _refused(head: User, wrong: Document, field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        issue(head, QUARTER, wrong, NOW)
    found = refused.value.message_dict if hasattr(refused.value, "error_dict") else {"__all__": refused.value.messages}
    assert list(found) == [field]
    assert not Report.objects.exists()


def test_a_period_that_runs_or_was_issued_gets_a_clear_answer(head: User) -> None:
    with pytest.raises(ValidationError, match="not over"):
        drafts.begin(parse("2026-Q4"), NOW)
    good = document()
    issue(head, QUARTER, good, NOW)
    for again in (lambda: drafts.begin(QUARTER, NOW), lambda: issue(head, QUARTER, good, NOW)):
        with pytest.raises(ValidationError) as refused:
            again()
        assert "12/BC-CAX" in translate(refused.value.message, "vi") % (refused.value.params or {})


def test_a_correction_is_another_report_that_says_why(head: User) -> None:
    issue(head, QUARTER, document(), NOW)
    for why in ("", "  "):
        with pytest.raises(ValidationError):
            drafts.begin_again(head, QUARTER, why, NOW)
    drafts.begin_again(head, QUARTER, "sót một vụ", NOW)
    with pytest.raises(ValidationError, match="already"):
        drafts.begin_again(head, QUARTER, "nữa", NOW)
    with pytest.raises(ValidationError):
        issue(head, QUARTER, document(), NOW)  # the same number again
    made = issue(head, QUARTER, document(sign="15/BC-CAX"), NOW)
    assert (made.version, made.reason, Report.objects.count()) == (2, "sót một vụ", 2)
    drafts.begin_again(head, QUARTER, "lại sai", NOW)
    drafts.drop(QUARTER)
    assert not Draft.objects.exists()


# --- papers -----------------------------------------------------------------------------------------------------------
def paper(head: User, **changes: object) -> Paper:
    figures = figures_of(QUARTER, NOW)
    places = {f"hamlet:{one.pk}": one.name for one in Hamlet.objects.all()}
    heading = Heading("UBND XÃ AN BÌNH", "CÔNG AN XÃ AN BÌNH", place="An Bình")
    made = Paper(QUARTER, figures, propose(QUARTER, figures), places, "An Bình", heading)
    return replace(made, **changes)  # type: ignore[arg-type]


def words_of_docx(content: bytes) -> str:
    made = Docx(BytesIO(content))
    cells = (cell.text for table in made.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(one.text for one in made.paragraphs), *cells])


def test_word_and_pdf_say_what_was_counted_in_the_layout_of_the_decree(head: User) -> None:
    made = paper(head, sign="12/BC-CAX", day=date(2026, 10, 5), signer="Trần Văn Tre", signer_title="TRƯỞNG CÔNG AN XÃ")
    docx = as_docx(made)
    pdf = "\n".join(page.extract_text() for page in PdfReader(BytesIO(as_pdf(made, NOW))).pages)
    for said in (words_of_docx(docx), pdf):
        flat = re.sub(r"\s+", "", said)
        for text in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "UBND XÃ AN BÌNH", "Số: 12/BC-CAX",
                     "An Bình, ngày 05 tháng 10 năm 2026", "BÁO CÁO", "quý III năm 2026", "TỒN TẠI, HẠN CHẾ", "Lưu: VT",
                     "Trần Văn Tre", "PHỤ LỤC SỐ LIỆU", "6 trên 7 (85,7 %)", "Thôn Đông", "5.000.000 đồng"):  # fmt: skip
            assert re.sub(r"\s+", "", text) in flat, text
        assert "DỰTHẢO" not in flat
    pictures = [name for name in ZipFile(BytesIO(docx)).namelist() if name.startswith("word/media/") and name.endswith(".png")]
    assert len(pictures) >= 5
    assert "DỰ THẢO" in words_of_docx(as_docx(paper(head)))
    money = next(one for one in told(made)["sections"] if one["title"] == "Tiền và hiện vật đóng góp")
    assert [(row["name"], row["first"], row["second"]) for row in money["hamlets"]] == [("Thôn Đông", "2.000.000 đồng", "0 đồng")]


def test_the_template_is_what_its_script_writes() -> None:
    def parts(content: bytes) -> dict[str, bytes]:
        return {name: ZipFile(BytesIO(content)).read(name) for name in ("word/document.xml", "word/header1.xml")}

    out = BytesIO()
    build().save(out)
    assert parts(out.getvalue()) == parts(TARGET.read_bytes())


def texts(svg: str) -> Iterator[str]:
    return (one.text or "" for one in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"))


@given(st.lists(st.builds(Bar, st.text("aÁ<&\"'…", max_size=60), st.integers(-5, 10**12), st.integers(0, 10**6)), max_size=8))
def test_a_chart_is_whole_whatever_stands_in_it(items: list[Bar]) -> None:
    made = bars('Theo "thôn" & <b>', "x", items, Unit.COUNT, "vi")
    if made is None:
        assert all(one.now <= 0 and one.before <= 0 for one in items)
        return
    root = ElementTree.fromstring(made.svg)
    assert not [one for one in root.iter() if "style" in one.attrib]
    assert len(list(texts(made.svg))) == 3 * sum(bool(one.now or one.before) for one in items) + 2


def test_pacts_are_scored_in_the_report_once_their_quarter_is_closed() -> None:
    by = person(Role.COMMITTEE)
    units = [hamlet_unit(hamlet(name)) for name in ("Thôn Đông", "Thôn Đoài")]
    criteria = a_set(by, of=[LineDraft("Vận động", 100, Measure.BOARD)])
    made = [pact(by, unit, criteria) for unit in units]
    (only,) = criteria.lines.all()
    found = quarters.open_quarter(by, 2026, 4, NOW)
    for one, tenths in zip(made, (805, 600), strict=True):
        quarters.score_board(by, found, one, {only.pk: Points(tenths)}, 1, NOW)
    told = [values("2026-Q4", AFTER)]
    quarters.close(by, found, AFTER)
    told.append(values("2026-Q4", AFTER))
    assert [(one["pacts.signed"], one["pacts.in_force"]) for one in told] == [(2, 2), (2, 2)]
    assert [(one["pacts.measured"], one["pacts.full"], one["pacts.points"]) for one in told] == [(0, 0, 0), (2, 200, 141)]
    assert values("2026-11", AFTER)["pacts.measured"] == 0
    assert values("2026-12", AFTER)["pacts.points"] == 141
    words = propose(parse("2026-Q4"), figures_of(parse("2026-Q4"), AFTER)).results
    assert "2 giao ước thi đua đang thực hiện. 2 đơn vị được chấm điểm, bình quân 70,5 điểm trên 100." in words


def test_claims_and_breaches_are_told_and_what_was_frozen_before_them_stays_readable() -> None:
    head, place = person(Role.HEAD), hamlet("Thôn Đông")
    one, late = (take_claim(CLAIM, f"{n:032x}", KEY, built_in([2026]), AUGUST).claim for n in (1, 2))
    refusal = rights.Deciding(Answer.REFUSED, "Sổ phải giữ.", Ground.BY_LAW)
    rights.decide(head, one, refusal, AUGUST + timedelta(days=1))
    rights.decide(head, late, replace(refusal, decision=Answer.GRANTED), AUGUST + timedelta(days=40))
    breach = breaches.open_file(head, breaches.Account(MAY, "Mất máy.", "Hình.", None, "", place), "a", AUGUST)
    breaches.notify(head, breach, AUGUST, "Công văn 12", AUGUST)
    breaches.decide_telling(head, breach, "told", "Gọi điện.", AUGUST)
    breaches.close(head, breach, "confirmed", "Khóa tủ.", AUGUST)
    counted = {key.partition(".")[2]: value for key, value in values().items() if key.startswith("rights.")}
    assert {key: value for key, value in counted.items() if value} == {
        "asked": 2, "right_delete": 2, "decided": 2, "granted": 1, "refused": 1, "in_time": 1, "ran_out": 1, "breaches": 1,
    }  # fmt: skip
    assert not any(value for key, value in values("2026-Q2").items() if key.startswith("rights."))
    figures = figures_of(QUARTER, NOW)
    found = figures.value("rights", "breaches")
    assert [one.place for one in found.places if one.value] == [f"hamlet:{place.pk}"] if found else None
    words = propose(QUARTER, figures)
    assert (
        "Tiếp nhận 2 yêu cầu về dữ liệu cá nhân; đã quyết định 2 yêu cầu: đồng ý 1, từ chối 1; trong thời hạn 1." in words.results
    )
    assert "1 yêu cầu về dữ liệu cá nhân hết hạn mà chưa có quyết định.\nXác nhận 1 vụ vi phạm" in words.lacking
    older = replace(figures, sections=tuple(one for one in figures.sections if one.key != "rights"))
    assert "dữ liệu cá nhân" not in "".join(astuple(propose(QUARTER, older)))
    titles = [one["title"] for one in told(paper(head, figures=older))["sections"]]
    assert len(titles) == len(SECTIONS) - 1


def test_looks_of_a_year_are_few_rows(head: User) -> None:
    assert Look.objects.count() == 8
    assert len(footage.SECTION.rows(window_of(QUARTER, NOW))["history"]) == 1
    assert Incident.objects.filter(opened__lt=MAY + timedelta(days=1)).count() == 1

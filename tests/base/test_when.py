"""Times as people say them; the clock is handed in, so every day is the same Tuesday."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luytre.base.letters import fold, folded_words
from luytre.base.when import read_when

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 11, 24, 22, 10, tzinfo=HERE)  # a Tuesday

YEARS = (datetime(2021, 1, 2), datetime(2026, 11, 24))  # noqa: DTZ001 - hypothesis wants them so


def read(text: str, now: datetime = NOW) -> tuple[str, str] | None:
    found = read_when(text, now, HERE)
    return (f"{found.moment.astimezone(HERE):%d/%m/%Y %H:%M:%S}", found.rest) if found else None


@pytest.mark.parametrize(
    ("text", "moment", "rest"),
    [
        ("chợ 21h30 tối qua", "23/11/2026 21:30:00", "cho"),
        ("thôn 3 hôm qua 9 rưỡi tối", "23/11/2026 21:30:00", "thon 3"),
        ("20/11 14:05", "20/11/2026 14:05:00", ""),
        ("20/11/2025 14:05:09 cổng trường", "20/11/2025 14:05:09", "cong truong"),
        ("thon 3 toi qua", "23/11/2026 20:00:00", "thon 3"),
        ("Ngõ 12 lúc 7 giờ kém 10 sáng nay", "24/11/2026 06:50:00", "ngo 12"),
        ("chín giờ rưỡi tối qua", "23/11/2026 21:30:00", ""),
        ("mười giờ kém mười hôm kia", "22/11/2026 09:50:00", ""),
        ("3h chiều", "24/11/2026 15:00:00", ""),
        ("2 giờ trưa hôm qua", "23/11/2026 14:00:00", ""),
        ("12 giờ trưa", "24/11/2026 12:00:00", ""),
        ("12h sáng nay", "24/11/2026 00:00:00", ""),
        ("12 giờ đêm qua", "24/11/2026 00:00:00", ""),
        ("2h đêm qua", "24/11/2026 02:00:00", ""),
        ("2h đêm nay", "24/11/2026 02:00:00", ""),
        ("11 giờ khuya hôm qua", "23/11/2026 23:00:00", ""),
        ("23h", "23/11/2026 23:00:00", ""),
        ("9h", "24/11/2026 09:00:00", ""),
        ("9 tối", "24/11/2026 21:00:00", ""),
        ("thứ hai 7h", "23/11/2026 07:00:00", ""),
        ("thứ ba 23h", "17/11/2026 23:00:00", ""),
        ("chủ nhật 8 giờ tối", "22/11/2026 20:00:00", ""),
        ("t6 15h", "20/11/2026 15:00:00", ""),
        ("thứ sáu tuần trước 15h", "20/11/2026 15:00:00", ""),
        ("thứ hai tuần trước 15h", "16/11/2026 15:00:00", ""),
        ("25/12 10h", "25/12/2025 10:00:00", ""),
        ("ngày 2 tháng 9 năm 2026 9h15", "02/09/2026 09:15:00", ""),
        ("29/2 8h", "29/02/2024 08:00:00", ""),
        ("ngã ba 15 phút trước", "24/11/2026 21:55:00", "nga ba"),
        ("nửa tiếng trước", "24/11/2026 21:40:00", ""),
        ("3 ngày trước 9h", "21/11/2026 09:00:00", ""),
        ("hôm qua", "23/11/2026 00:00:00", ""),
        ("21g30 bữa qua", "23/11/2026 21:30:00", ""),
        ("24h hôm qua", "24/11/2026 00:00:00", ""),
        ("nửa đêm qua cầu", "24/11/2026 00:00:00", "cau"),
    ],
)
def test_times_as_people_say_them(text: str, moment: str, rest: str) -> None:
    assert read(text) == (moment, rest)
    assert read(fold(text)) == (moment, rest)
    assert read(text.upper()) == (moment, rest)


@pytest.mark.parametrize(
    "text", ["", "chợ", "thôn 3", "cổng 12", "chợ sáng", "25h", "21:75", "31/2 9h", "24/11/2027 9h", "25/11/2026", "9 kém 75",
             "camera 5", "tối nay 23h", "nhà văn hóa thôn 7"],
)  # fmt: skip
def test_what_speaks_of_no_past_time(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "moment", "rest"),
    [
        ("yesterday 9 pm", "23/11/2026 21:00:00", ""),
        ("market 9.30pm yesterday", "23/11/2026 21:30:00", "market"),
        ("21h30 yesterday", "23/11/2026 21:30:00", ""),
        ("chợ last night at 9:30 pm", "23/11/2026 21:30:00", "cho"),
        ("half past nine last night", "23/11/2026 21:30:00", ""),
        ("quarter past 7 this morning", "24/11/2026 07:15:00", ""),
        ("12 am today", "24/11/2026 00:00:00", ""),
        ("12:05 pm", "24/11/2026 12:05:00", ""),
        ("noon yesterday", "23/11/2026 12:00:00", ""),
        ("nine o'clock yesterday evening", "23/11/2026 21:00:00", ""),
        ("9 in the morning", "24/11/2026 09:00:00", ""),
        ("the day before yesterday 8:15", "22/11/2026 08:15:00", ""),
        ("post office 15 minutes ago", "24/11/2026 21:55:00", "post office"),
        ("half an hour ago", "24/11/2026 21:40:00", ""),
        ("2 hours ago", "24/11/2026 20:10:00", ""),
        ("last Sunday 8 pm", "22/11/2026 20:00:00", ""),
        ("20 November 14:05", "20/11/2026 14:05:00", ""),
        ("Nov 20th, 2025 2:05 pm bridge", "20/11/2025 14:05:00", "bridge"),
    ],
)
def test_times_as_english_has_them(text: str, moment: str, rest: str) -> None:
    assert read(text) == (moment, rest)
    assert read(text.upper()) == (moment, rest)


@pytest.mark.parametrize("text", ["13 pm", "0 am", "market", "may", "at the market", "tonight 23h"])
def test_english_that_speaks_of_no_past_time(text: str) -> None:
    assert read(text) is None


def test_midnight_and_new_year_are_only_days() -> None:
    just_after = datetime(2027, 1, 1, 0, 5, tzinfo=HERE)
    assert read("23h50", just_after) == ("31/12/2026 23:50:00", "")
    assert read("tối qua 9 giờ", just_after) == ("31/12/2026 21:00:00", "")
    assert read("31/12 22h", just_after) == ("31/12/2026 22:00:00", "")


@given(
    st.datetimes(*YEARS),
    st.sampled_from(["{0:%d/%m/%Y %H:%M:%S}", "{0:%H:%M:%S} ngày {0:%d-%m-%Y}", "lúc {0:%H}h{0:%M}p{0:%S}s {0:%d/%m/%Y}"]),
)
def test_a_whole_date_is_read_as_it_stands(moment: datetime, form: str) -> None:
    said = form.format(moment.replace(microsecond=0))
    assert read(f"cổng chợ {said}") == (f"{moment:%d/%m/%Y %H:%M:%S}", "cong cho")


WORDS = ["hôm", "qua", "nay", "kia", "tối", "sáng", "đêm", "khuya", "rưỡi", "kém", "giờ", "h", ":", "9", "21", "30", "/", "11",
         "thứ", "hai", "chủ nhật", "tuần trước", "ngày", "tháng", "trước", "chợ", "thôn", "99", "0", "-",
         "yesterday", "pm", "half past", "nine", "ago", "May"]  # fmt: skip


@given(
    st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=10).map(" ".join)),
    st.datetimes(*YEARS),
)
def test_any_text_is_read_and_the_future_is_never_meant(text: str, now: datetime) -> None:
    moment = now.replace(tzinfo=UTC)
    found = read_when(text, moment, HERE)
    if found is not None:
        assert found.moment <= moment
        assert found.moment.utcoffset() == timedelta(0)


def test_letters_without_accents() -> None:
    assert fold("Đường Lê Lợi") == "duong le loi"
    assert folded_words("Ngã ba (Bưu điện)") == ["nga", "ba", "buu", "dien"]

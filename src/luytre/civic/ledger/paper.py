"""The book on paper: receipts and vouchers with the amount in words, and the trial balance. Vietnamese; layouts are proposals."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.utils.timezone import localtime

from luytre.base.i18n import translate
from luytre.base.money import dong
from luytre.civic import typeset
from luytre.civic.ledger.accounts import ACCOUNT_WORDS, SORT_WORDS, Account
from luytre.civic.ledger.amount_words import dong_in_words
from luytre.civic.ledger.balance import Trial
from luytre.civic.ledger.models import Estimate, Kind, Posting, Standing
from luytre.civic.registry.models import Commune
from luytre.civic.registry.places import place_name

LAYOUT = Path(__file__).parent / "layout"
_DATE = "ngày {0:%d} tháng {0:%m} năm {0:%Y}"
_TITLES = {
    Kind.MONEY: ("PHIẾU THU", "Họ tên người nộp", "Lý do nộp", ("NGƯỜI NỘP TIỀN", "THỦ QUỸ", "NGƯỜI PHỤ TRÁCH")),
    Kind.GIFT: ("BIÊN NHẬN HIỆN VẬT, CÔNG SỨC", "Họ tên người góp", "Đã nhận", ("NGƯỜI GÓP", "NGƯỜI NHẬN", "NGƯỜI PHỤ TRÁCH")),
    Kind.SPENT: ("PHIẾU CHI", "Họ tên người nhận tiền", "Lý do chi", ("NGƯỜI NHẬN TIỀN", "THỦ QUỸ", "NGƯỜI PHỤ TRÁCH")),
    Kind.MOVED: ("PHIẾU KẾ TOÁN", "", "Nội dung", ("NGƯỜI LẬP", "THỦ QUỸ", "NGƯỜI PHỤ TRÁCH")),
    Kind.REVERSAL: ("PHIẾU KẾ TOÁN (BÚT TOÁN ĐẢO)", "", "Lý do", ("NGƯỜI LẬP", "THỦ QUỸ", "NGƯỜI PHỤ TRÁCH")),
}
_UNNAMED = "(không ghi tên)"


def receipt_of(posting: Posting, name: str, taken_back: Posting | None, now: datetime) -> bytes:
    """PDF. `name`: of who gave or was paid, unsealed by the caller, who has written down that somebody looked.
    `taken_back`: the reversal, where there is one: the paper says so across its head."""
    title, who, why, signs = _TITLES[Kind(posting.kind)]
    lines = [(Account(one.account), one.amount_vnd) for one in posting.lines.all()]
    amount = sum(amount for _account, amount in lines if amount > 0)
    facts = [(who, name or _UNNAMED)] if who else []
    if posting.place:
        facts.append(("Thôn", place_name(posting.place) or "(thôn không còn)"))
    facts.append((why, posting.words or "Đóng góp"))
    facts += [("Số tiền" if posting.kind != Kind.GIFT else "Trị giá ước tính", f"{dong(amount)} đồng"),
              ("Bằng chữ", _capital(dong_in_words(amount)))] if amount else [("Trị giá", "không ước tính")]  # fmt: skip
    facts += [
        ("Ghi Nợ" if amount > 0 else "Ghi Có", f"{_vi(account)}: {dong(abs(amount))}") for account, amount in lines if amount
    ]
    if posting.reverses is not None:
        facts.append(("Đảo chứng từ", Posting.objects.get(pk=posting.reverses).sign))
    said: dict[str, Any] = _head() | {
        "title": title, "sign": posting.sign, "day": _DATE.format(posting.day), "facts": facts, "signs": signs,
        "void": f"ĐÃ HỦY bằng {taken_back.sign} ngày {taken_back.day:%d/%m/%Y}: {taken_back.words}" if taken_back else "",
        "made": f"{localtime(now):%H:%M %d/%m/%Y}",
    }  # fmt: skip
    return typeset.as_pdf(LAYOUT / "receipt.typ", said, now)


def balance_of(trial: Trial, first: date, last: date, now: datetime) -> bytes:
    """The trial balance. PDF."""
    rows = [
        [_vi(row.account), *_sides(row.opening_vnd), _figure(row.debit_vnd), _figure(row.credit_vnd), *_sides(row.closing_vnd)]
        for row in trial.rows
    ]
    opening, closing = [row.opening_vnd for row in trial.rows], [row.closing_vnd for row in trial.rows]
    sums = [*_summed(opening), trial.debit_vnd, trial.credit_vnd, *_summed(closing)]
    said: dict[str, Any] = _head() | {
        "span": f"Từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}", "rows": rows, "sums": [dong(amount) for amount in sums],
        "place_and_date": f"{Commune.here().name or '.......'}, {_DATE.format(localtime(now))}",
    }  # fmt: skip
    return typeset.as_pdf(LAYOUT / "balance.typ", said, now)


def estimate_of(estimate: Estimate, now: datetime) -> bytes:
    """What a hamlet's meeting is asked to agree to, or agreed to. PDF. `estimate` with its lines fetched."""
    lines = list(estimate.lines.all())
    rows = [
        [_capital(translate(SORT_WORDS[one.sort], "vi")), one.words, dong(one.quantity), dong(one.unit_vnd), dong(one.amount_vnd)]
        for one in lines
    ]
    whole = sum(one.amount_vnd for one in lines)
    met, vote = estimate.met, ""
    if met is not None:
        came = "thông qua" if estimate.state == Standing.AGREED else "không thông qua"
        vote = (
            f"Cuộc họp ngày {met:%d/%m/%Y} đã {came}: {estimate.votes_for} đồng ý, {estimate.votes_against} không đồng ý, "
            f"{estimate.votes_abstained} không có ý kiến."
        )
    said: dict[str, Any] = _head() | {
        "title": estimate.title, "where": place_name(estimate.place) or "" if estimate.place else "", "rows": rows,
        "sum": dong(whole), "words": _capital(dong_in_words(whole)), "vote": vote,
        "place_and_date": f"{Commune.here().name or '.......'}, {_DATE.format(localtime(now))}",
    }  # fmt: skip
    return typeset.as_pdf(LAYOUT / "estimate.typ", said, now)


def _head() -> dict[str, Any]:
    commune = Commune.here().name
    return {"issuer": f"BAN CHỈ ĐẠO {commune.upper()}" if commune else "BAN CHỈ ĐẠO XÃ"}


def _summed(amounts: list[int]) -> tuple[int, int]:
    """Debit and credit, each added up for itself: that they are alike is seen and not supposed."""
    return sum(amount for amount in amounts if amount > 0), -sum(amount for amount in amounts if amount < 0)


def _sides(amount: int) -> tuple[str, str]:
    return _figure(max(amount, 0)), _figure(max(-amount, 0))


def _figure(amount: int) -> str:
    return dong(amount) if amount else ""


def _vi(account: Account) -> str:
    return _capital(translate(ACCOUNT_WORDS[account], "vi"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

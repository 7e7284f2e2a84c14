"""Faults in words, for the command line and the page."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from luytre.base.i18n import _
from luytre.civic.chain.text import moment
from luytre.civic.chain.verify import FAULT_WORDS, Fault, FaultKind


def place(fault: Fault) -> str:
    """`row 5`, `rows 5–9`, or nothing for a table as a whole."""
    if not fault.first and not fault.last:
        return fault.detail
    if fault.first == fault.last:
        return _("row {seq}").format(seq=fault.first)
    return _("rows {first}–{last}").format(first=fault.first, last=fault.last)


def when(fault: Fault, zone: str) -> str:
    """The fault's moment as `24/11/2026 14:05:00` in the zone, with what it is the moment of; empty when it is not known."""
    if fault.at_us is None:
        return ""
    told = f"{moment(fault.at_us).astimezone(ZoneInfo(zone)):%d/%m/%Y %H:%M:%S}"
    if fault.kind is FaultKind.REMOVED:
        return _("the row before it: {when}").format(when=told)
    if fault.kind in (FaultKind.REWRITTEN, FaultKind.CHECKPOINT):
        return _("checkpoint of {when}").format(when=told)
    return told


def describe(fault: Fault, zone: str, logs: Mapping[str, str]) -> str:
    """One line: the table, the rows, what is wrong, when. `logs`: what people call a table, as message ids."""
    table = _(logs[fault.table]) + f" ({fault.table})" if fault.table in logs else fault.table
    told = ", ".join(part for part in (table, place(fault)) if part) + ": " + _(FAULT_WORDS[fault.kind])
    return told + (f" ({when(fault, zone)})" if fault.at_us is not None else "")

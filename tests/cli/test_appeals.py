"""`luytre appeals verify` by its real command."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from luytre.base.i18n import use_language
from luytre.civic.appeals.verify import Finding, Trouble, Verified
from luytre.cli import appeals


@pytest.mark.parametrize(
    ("findings", "code", "said"),
    [((), 0, "Whole: 3 files, 99 bytes."), ((Finding("a" * 64, Trouble.CHANGED),), 1, f"{'a' * 64}: is not what arrived")],
)
@pytest.mark.django_db
def test_every_fault_is_named(
    findings: tuple[Finding, ...], code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    use_language("en")
    monkeypatch.setattr("luytre.civic.appeals.verify.verify", lambda _shelf: Verified(3, 99, findings))
    found = CliRunner().invoke(appeals.appeals, ["verify"])
    assert (found.exit_code, said in found.output) == (code, True)

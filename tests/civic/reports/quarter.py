"""A third quarter of 2026 with something in every section, made with the rooms' own parts, and a little in the one before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from luytre.civic.access.looks import NO_REASON, Reason, Span
from luytre.civic.access.models import Look, LookKind, Role, User
from luytre.civic.chain.checkpoints import make_checkpoint
from luytre.civic.incidents import desk as incidents
from luytre.civic.incidents.desk import Ending, IncidentDraft
from luytre.civic.incidents.models import Incident, Result
from luytre.civic.ledger.models import Posting
from luytre.civic.periods import parse
from luytre.civic.petitions.desk import Deciding, decide
from luytre.civic.petitions.kinds import Decision
from luytre.civic.registry.models import Camera, Hamlet
from luytre.civic.tips.kinds import Kind
from luytre.civic.tips.taking import TipDraft, take
from luytre.civic.upkeep.models import Outage, Watching
from tests.civic.ledger.cast import money, spent
from tests.civic.petitions.cast import asked
from tests.web.cast import camera, person

QUARTER = parse("2026-Q3")
AUGUST = datetime(2026, 8, 5, 2, tzinfo=UTC)
MAY = datetime(2026, 5, 5, 2, tzinfo=UTC)
NOW = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
KEY = b"k" * 32


def incident(by: User, at: datetime, kind: str = Kind.THEFT, hamlet: Hamlet | None = None) -> Incident:
    return incidents.open_incident(by, IncidentDraft(kind, "Mất xe của ông Năm", at, hamlet=hamlet), at)


def closed(by: User, one: Incident, at: datetime, result: str = Result.SOLVED, *, footage: bool = False) -> None:
    incidents.close(by, one, Ending(result, "xong", by_footage=footage, recovered_vnd=5_000_000 if footage else 0), at)


def look(by: User, one: Camera, kind: LookKind, at: datetime, reason: Reason = NO_REASON) -> None:
    span = None if kind is LookKind.LIVE else Span(at - timedelta(hours=2), at - timedelta(hours=1))
    row = Look(user=by, kind=kind, camera=one.key, purpose_key=reason.purpose_key, reference=reason.reference, at=at)
    if span is not None:
        row.span_start, row.span_end = span.start, span.end
    row.save()


def cameras(by: User) -> Camera:
    """One that stood still for ten hours of August, and another of the other hamlet that worked."""
    one, other = camera("Nhà ông Năm"), camera("Chợ", hamlet="Thôn Đoài", place="Chợ")
    Camera.objects.update(created=datetime(2026, 1, 1, tzinfo=UTC))
    Watching.objects.create(begun=datetime(2026, 4, 1, tzinfo=UTC), looked=NOW)
    Outage.objects.create(camera=one.key, fault="down", start=AUGUST, end=AUGUST + timedelta(hours=10), how="back")
    for number in range(6):
        look(by, one, LookKind.HISTORY, AUGUST + timedelta(minutes=number), Reason("incident", "1/2026"))
    look(by, other, LookKind.EXPORT, AUGUST)
    look(by, one, LookKind.LIVE, MAY)
    return one


def busy_quarter(folder: Path) -> User:
    """The head, who did it all."""
    head = person(Role.HEAD)
    User.objects.update(created=datetime(2026, 1, 1, tzinfo=UTC))
    cameras(head)
    east = Hamlet.objects.get(name="Thôn Đông")
    made = [incident(head, AUGUST + timedelta(days=day), hamlet=east) for day in range(6)]
    made.append(incident(head, AUGUST, Kind.FIRE))
    closed(head, made[0], AUGUST + timedelta(hours=1), footage=True)
    closed(head, made[1], AUGUST + timedelta(days=2), Result.UNSOLVED)
    incident(head, MAY, hamlet=east)
    take(TipDraft(Kind.CAMERA, "camera nhìn vào nhà", hamlet=east), "a" * 32, KEY, folder, AUGUST)
    petition = asked(1, AUGUST).petition
    decide(head, petition, Deciding(Decision.REFUSED, "không có hình", refusal="gone"), AUGUST + timedelta(days=1))
    money(head, 2_000_000, at=AUGUST, day=AUGUST.date(), place=f"hamlet:{east.pk}")
    spent(head, 500_000, at=AUGUST, day=AUGUST.date())
    make_checkpoint(AUGUST, folder / "checkpoints", folder / "secrets")
    assert Posting.objects.count() == 2
    return head

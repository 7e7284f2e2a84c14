"""The rules of a usage regulation, as values. No database, no Django: whoever holds them can ask them (`enforce`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from luytre.base.i18n import N_

MINUTES_A_DAY = 24 * 60


class Actor(StrEnum):
    """Whom rules speak of: the roles of design/rules.md."""

    HEAD = "head"
    DUTY = "duty"
    HAMLET_HEAD = "hamlet_head"
    SECURITY_TEAM = "security_team"
    OWNER = "owner"
    COMMITTEE = "committee"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    RESIDENT = "resident"


class Way(StrEnum):
    """Ways of looking."""

    LIVE = "live"
    HISTORY = "history"
    EXPORT = "export"
    PTZ = "ptz"
    UNMASKED = "unmasked"


class Group(StrEnum):
    """Cameras by the kind of their place; `other` is for kinds that are not named."""

    ROUTE = "route"
    HOT_SPOT = "hot_spot"
    RESIDENTIAL = "residential"
    OTHER = "other"


ACTOR_WORDS = {
    Actor.HEAD: N_("head of the commune police"),
    Actor.DUTY: N_("police on duty"),
    Actor.HAMLET_HEAD: N_("hamlet head"),
    Actor.SECURITY_TEAM: N_("hamlet security team"),
    Actor.OWNER: N_("camera owner"),
    Actor.COMMITTEE: N_("committee member"),
    Actor.AUDITOR: N_("auditor"),
    Actor.ADMINISTRATOR: N_("administrator"),
    Actor.RESIDENT: N_("resident"),
}
WAY_WORDS = {
    Way.LIVE: N_("watch live"),
    Way.HISTORY: N_("look back at recordings"),
    Way.EXPORT: N_("take clips out"),
    Way.PTZ: N_("turn the camera"),
    Way.UNMASKED: N_("see without masks"),
}
GROUP_WORDS = {
    Group.ROUTE: N_("routes"),
    Group.HOT_SPOT: N_("hot spots"),
    Group.RESIDENTIAL: N_("residential points"),
    Group.OTHER: N_("other places"),
}


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """A span of each day in the commune's time, in minutes from midnight: from `start` (0–1439) up to `end` (0–1439).

    `end` before `start` goes over midnight. The two are never equal: a whole day is no `Hours` at all.
    """

    start: int
    end: int

    def covers(self, minute: int) -> bool:
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end

    def __str__(self) -> str:
        return f"{self.start // 60:02}:{self.start % 60:02}–{self.end // 60:02}:{self.end % 60:02}"


@dataclass(frozen=True, slots=True)
class Right:
    """One role may look in one way; `hours` empty: at any hour."""

    role: Actor
    way: Way
    hours: tuple[Hours, ...] = ()


@dataclass(frozen=True, slots=True)
class Purpose:
    """Why somebody may look. `reference`: the number of an incident, case or request must be given with it."""

    key: str
    vi: str
    en: str
    ways: tuple[Way, ...]
    reference: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """How long footage of a group is kept, in days."""

    group: Group
    days: int


@dataclass(frozen=True, slots=True)
class Approvals:
    """How many persons must agree before a clip leaves (0, 1 or 2), and who may."""

    persons: int
    roles: tuple[Actor, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands round the articles on paper."""

    superior: str = ""
    issuer: str = ""
    sign: str = ""
    """The document's own number and sign, like `12/QC-CAX`; its number is written in by hand where it is empty."""
    place: str = ""
    signer_title: str = ""
    signer: str = ""
    basis: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rules:
    """All that a usage regulation settles. Equal rules have equal text (`text.write`)."""

    purposes: tuple[Purpose, ...]
    rights: tuple[Right, ...]
    kept: tuple[Kept, ...]
    """One of each group, in the order of `Group`."""
    export: Approvals
    sound: bool
    masked_for: tuple[Actor, ...]
    """Roles to whom masks are burned into what they are shown."""
    watermark: bool
    prohibited: tuple[str, ...]
    notice: str
    contact: str
    review: date | None
    heading: Heading = Heading()

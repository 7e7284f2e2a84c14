"""What retention erased, with the rules that were in force then: the recorder's lines beside the regulation's versions.

The recorder knows under which of its three rules a piece went; the regulation says how many days it promised at that moment.
Proved is what design/rules.md ("Holds and erasing") says, and no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from luytre.base.i18n import N_
from luytre.civic.ports import ErasedLine
from luytre.civic.registry.models import Camera
from luytre.civic.regulations.enforce import retention_days
from luytre.civic.regulations.force import in_force

RULE_WORDS = {
    "days": N_("its days were over"),
    "bytes": N_("the camera's own share of the disk was used up"),
    "floor": N_("the disk had no free space left"),
}


@dataclass(frozen=True, slots=True)
class ErasedUnder:
    """A line of the erase log. `version` 0: no version of the regulation was in force; then `days` is None."""

    line: ErasedLine
    camera: str
    """Its name, or its key where nobody knows it any more."""
    version: int
    days: int | None
    """What that version promised for cameras at this one's kind of place; the camera's own number may be shorter."""

    @property
    def kept_days(self) -> float:
        """How old the footage was when the last of it went."""
        return (self.line.at - self.line.end).total_seconds() / 86_400


def with_rules(lines: Iterable[ErasedLine]) -> Iterator[ErasedUnder]:
    """Errors: RegulationDamaged."""
    cameras = {camera.key: camera for camera in Camera.objects.select_related("site")}
    for line in lines:
        camera, found = cameras.get(line.camera), in_force(line.at)
        days = None if found.is_built_in else retention_days(found.rules, camera.site.kind if camera else "")
        yield ErasedUnder(line, camera.name if camera else line.camera, found.number, days)

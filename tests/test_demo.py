"""The land of `make demo`: made through the product's own doors, once, and a plan of it is proven."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from luytre.civic.acceptance.facts import HungFacts
from luytre.civic.acceptance.models import AcceptanceStep, StepCode
from luytre.civic.access.models import Role
from luytre.civic.chain.proof import prove
from luytre.civic.ground.models import HamletArea, Obstacle, PastIncident, Place
from luytre.civic.planning.ask import Ask, Result
from luytre.civic.planning.compute import compute
from luytre.civic.planning.figures import figures
from luytre.civic.planning.material import material
from luytre.civic.planning.models import Candidate
from luytre.civic.registry.models import Eye, Hamlet, RegisterStep
from luytre.civic.survey.models import Need
from tests.web.cast import camera, person

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import demo_land

AT = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)


@pytest.mark.django_db
def test_the_demos_land_is_made_once_and_a_plan_of_it_is_proven() -> None:
    for name in demo_land.HAMLETS:
        Hamlet.objects.create(name=name)
    camera("Cổng chợ")
    camera("Đường ra đồng")
    person(Role.ADMINISTRATOR)
    assert demo_land.make_land(AT, lambda one: f"view of {one.name}")
    passed = AcceptanceStep.objects.get(code=StepCode.PASSED)
    assert HungFacts.read(passed.facts).view == "view of Cổng chợ"  # the last camera is left to whoever tries it out
    made = [model.objects.count() for model in (HamletArea, Place, Obstacle, PastIncident, Need, Eye, Candidate)]
    assert made[0] == len(demo_land.HAMLETS)
    assert min(made) > 0
    assert made[5] == 2 + len(demo_land.LISTED)
    steps = RegisterStep.objects.count()
    assert not demo_land.make_land(AT)
    assert RegisterStep.objects.count() == steps
    assert prove().whole
    found = compute(Ask(eyes=3), material(figures(), AT.date()))
    assert isinstance(found, Result)
    assert (len(found.eyes), found.gap, found.covered) == (3, 0, found.bound)
    assert 0 < found.before < found.covered

"""From the commune's register to a computed version: candidates proposed, wishes checked, results that say what they mean."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest
import shapely
from django.core.exceptions import ValidationError

from luytre.base.errors import UsageError
from luytre.civic.access.models import User
from luytre.civic.geometry.optics import Level
from luytre.civic.ground.land import ObstacleDraft, save_obstacle
from luytre.civic.ground.models import Place
from luytre.civic.planning.ask import Ask, Funding, Impossible, Result, ask_from, impossible_from, result_from, sizes, to_text
from luytre.civic.planning.candidates import CandidateDraft, candidate_draft, propose, remove_candidate, save_candidate
from luytre.civic.planning.compute import compute
from luytre.civic.planning.figures import Values, Weights, figures, save_figures
from luytre.civic.planning.material import material
from luytre.civic.planning.models import Candidate, Plan, Source, VersionState
from luytre.civic.planning.plans import ask_for_version, compare, decide, left_behind, run, save_plan
from luytre.civic.planning.today import coverage, eye_view, land
from luytre.civic.registry.eyes import Stale
from luytre.civic.registry.models import Eye, Hamlet
from luytre.civic.survey.models import Need, NeedState
from luytre.web import messages
from tests.civic.ground.shapes import line, point, square
from tests.civic.planning.commune import AT, TODAY, candidate, eye, hamlets, house, need, place, position, small_commune

pytestmark = pytest.mark.django_db
ASK = Ask(eyes=2, level=Level.DETECT)


def result(ask: Ask = ASK, values: Values | None = None, working: set[str] | None = None) -> Result:
    found = compute(ask, material(values or figures(), TODAY, working))
    assert isinstance(found, Result)
    return found


def test_a_plan_of_the_small_commune() -> None:
    small_commune()
    found = result()
    assert {eye.name for eye in found.eyes} <= {"Cột chợ", "Cổng trường", "Giữa đường"}
    assert len(found.eyes) == 2
    assert 0 < found.before < found.covered == found.bound <= found.total
    assert found.gap == 0
    assert found.greedy is not None
    assert found.greedy <= found.covered
    assert sum(eye.adds for eye in found.eyes) == pytest.approx(found.covered - found.before)
    assert found.cost_vnd == sum(eye.cost_vnd for eye in found.eyes)
    assert found.upkeep_vnd == 2 * Values().upkeep_vnd
    assert sum(row.weight for row in found.hamlets) == pytest.approx(found.total)
    assert sum(row.after for row in found.hamlets) == pytest.approx(found.covered)
    assert sum(row.eyes for row in found.hamlets) == found.eyes_before == 1
    assert sum(row.weight * row.after for row in found.places) == pytest.approx(found.covered)
    seen = {one.name: one for eye in found.eyes for one in eye.sees}
    assert "Cổng chợ" in seen
    assert 0 < seen["Đường tỉnh"].metres < 400
    assert found.one_more is not None
    assert found.one_more.adds > 0
    assert [(worth.name, worth.loses > 0) for worth in found.present] == [("Đầu làng", True)]


def test_what_is_pinned_forbidden_moved_and_required() -> None:
    small_commune()
    keys = dict(Candidate.objects.values_list("name", "key"))
    pinned = result(msgspec.structs.replace(ASK, eyes=1, pinned={keys["Giữa đường"]: 200.0}))
    assert [(eye.name, eye.bearing_deg) for eye in pinned.eyes] == [("Giữa đường", 200.0)]
    without = result(msgspec.structs.replace(ASK, forbidden=(keys["Cột chợ"],)))
    assert "Cột chợ" not in {eye.name for eye in without.eyes}
    lat, lon = (float(part) for part in position(300, 60))
    moved = result(msgspec.structs.replace(ASK, eyes=1, pinned={keys["Cột chợ"]: None}, moved={keys["Cột chợ"]: (lat, lon)}))
    assert (moved.eyes[0].lat, moved.eyes[0].lon) == (lat, lon)
    school = Place.objects.get(kind="school").key
    one = result(msgspec.structs.replace(ASK, eyes=1, required=(school,)))
    assert school in {seen.key for seen in one.eyes[0].sees}


def test_there_is_no_such_plan() -> None:
    small_commune()
    far = need("Bãi hoang", 350, 190)
    found = compute(msgspec.structs.replace(ASK, required=(far.key,)), material(figures(), TODAY))
    assert isinstance(found, Impossible)
    assert [(one.wish, one.name) for one in found.conflicts] == [("unseen", "Bãi hoang")]
    hamlet = str(Hamlet.objects.get(name="Thôn Đoài").pk)
    found = compute(msgspec.structs.replace(ASK, least={hamlet: 2}), material(figures(), TODAY))
    assert isinstance(found, Impossible)
    assert [(one.wish, one.name, one.wanted, one.possible) for one in found.conflicts] == [("hamlet", "Thôn Đoài", 2, 1)]


def test_phases_are_the_best_way_to_the_whole() -> None:
    small_commune()
    found = result(msgspec.structs.replace(ASK, eyes=3, phases=(1, 1)))
    assert [eye.phase for eye in found.eyes] == [1, 2, 3]
    assert [(phase.number, phase.eyes) for phase in found.phases] == [(1, 2), (2, 3), (3, 4)]
    assert found.phases[0].covered == max(result(msgspec.structs.replace(ASK, eyes=1)).covered, found.phases[0].covered)
    assert [phase.covered for phase in found.phases] == sorted(phase.covered for phase in found.phases)
    assert found.phases[-1].covered == pytest.approx(found.covered)
    assert sum(phase.cost_vnd for phase in found.phases) == found.cost_vnd


@pytest.mark.parametrize(
    ("asked", "eyes", "got"), [((), 5, [5]), ((8, 7), 15, [8, 7]), ((8, 7), 10, [8, 2]), ((2,), 5, [2, 3]), ((), 0, [0])]
)
def test_sizes_of_phases(asked: tuple[int, ...], eyes: int, got: list[int]) -> None:
    assert sizes(asked, eyes) == got


def test_an_eye_that_is_down_or_only_listed_covers_nothing() -> None:
    small_commune()
    before = result().before
    Eye.objects.update(condition="dead")
    assert result().before == 0 < before
    Eye.objects.update(condition="works", tier="listed")
    assert result().before == 0
    assert result(msgspec.structs.replace(ASK, tiers=("listed",))).before == before


def test_a_hot_spot_may_need_two_eyes() -> None:
    hamlets()
    place("hot_spot", "Cổng chợ", point(0, 0))
    eye("Một", -10, 0, 90)
    candidate("Hai", 10, 0)
    assert result(msgspec.structs.replace(ASK, eyes=0)).covered > 0
    assert result(msgspec.structs.replace(ASK, eyes=0, hot_spot_eyes=2)).covered == 0
    both = result(msgspec.structs.replace(ASK, eyes=1, hot_spot_eyes=2))
    assert both.covered == both.total


def test_nobody_is_recognised_at_home() -> None:
    hamlets()
    place("residential", "Ngõ", point(30, 0))
    house(6, 0, 4, home=True)
    candidate("Sát nhà", 0, 0, bearings="90")
    assert result(msgspec.structs.replace(ASK, eyes=1)).left_out == 1
    assert result(msgspec.structs.replace(ASK, eyes=1), Values(home_margin_m=0)).left_out == 0


def test_an_area_that_must_not_be_filmed_hides_nothing_and_no_new_eye_shows_it() -> None:
    hamlets()
    spot, _behind = place("residential", "Ngõ", point(14, 0)), place("other", "Sau lưng", point(-14, 0))
    one = eye("Đầu ngõ", 0, 0, 90)
    candidate("Đối diện", 0, 0, bearings="90 270")
    seen = coverage([one], [spot], land(), figures(), None).places[spot.key].shares[Level.OBSERVE]
    private = save_obstacle(None, ObstacleDraft(square(6, 0, 4), kind="private"), AT)
    assert coverage([one], [spot], land(), figures(), None).places[spot.key].shares[Level.OBSERVE] == seen == 1.0
    found = result(msgspec.structs.replace(ASK, eyes=1), Values(home_margin_m=0))
    assert (found.left_out, [new.bearing_deg for new in found.eyes]) == (1, [270.0])
    private.delete()
    assert result(msgspec.structs.replace(ASK, eyes=1), Values(home_margin_m=0)).left_out == 0


def test_an_eye_inside_its_house_is_taken_for_its_wall() -> None:
    hamlets()
    house(0, 0, 10)
    hung, deep = eye("Tường", 4, 0, 90), eye("Trong nhà", 0, 0, 90, hfov_deg=None, focal_mm=2.8, sensor="1/2.8")
    there = land()
    view = eye_view(Eye.objects.get(pk=hung.pk), there, Values().levels)
    assert view is not None
    assert view.view.east - there.metric.point(*map(float, position(5, 0)))[0] == pytest.approx(0.05, abs=0.2)
    inside = eye_view(Eye.objects.get(pk=deep.pk), there, Values().levels)
    assert inside is not None
    assert inside.view.hfov_deg == pytest.approx(84, abs=15)


def test_coverage_of_today() -> None:
    small_commune()
    blind, dead = eye("Chưa rõ hướng", 200, 3, None), eye("Hỏng", 300, 3, 90, condition="dead")
    found = coverage(Eye.objects.select_related("site", "camera"), Place.objects.all(), land(), Values(), None)
    road = found.places[Place.objects.get(kind="route").key]
    assert 0.05 < road.shares[Level.DETECT] < 0.3
    assert road.shares[Level.IDENTIFY] < road.shares[Level.DETECT]
    assert (found.blind, found.down) == ((blind.key,), (dead.key,))
    assert road.lost == {road.eyes[0]: pytest.approx(road.shares[Level.DETECT])}
    Eye.objects.filter(name="Đầu làng").update(ir_range_m=10)
    night = coverage(Eye.objects.select_related("site", "camera"), Place.objects.all(), land(), Values(), None, night=True)
    assert night.places[road.key].shares[Level.DETECT] < road.shares[Level.DETECT]


def test_weights_follow_residents_traffic_and_age() -> None:
    hamlets()
    place("residential", "Đông người", point(0, 0), residents=800)
    place("route", "Đường", line((0, 0), (100, 0)), vehicles_a_day=2000)
    place("school", "Trường", point(50, 50), weight=2.5)
    weights = {row.name: row.weight for row in result().places}
    assert weights == {"Đông người": 9, "Đường": pytest.approx(2, rel=0.01), "Trường": 2.5}
    save_figures(replace_weights(school=1, hundred_residents=0))
    assert {row.name: row.weight for row in result().places}["Đông người"] == 1


def replace_weights(**told: float) -> Values:
    return msgspec.structs.replace(Values(), weights=msgspec.structs.replace(Weights(), **told))


def test_figures_that_cannot_be() -> None:
    assert figures() == Values()
    for wrong, subject in [
        (Values(observe=10), "observe"), (Values(new_hfov_deg=0), "new_hfov_deg"), (Values(camera_vnd=-1), "camera_vnd"),
        (replace_weights(market=-1), "market"),
    ]:  # fmt: skip
        with pytest.raises(UsageError) as caught:
            save_figures(wrong)
        assert caught.value.subject == subject
    assert figures() == Values()


def test_candidates_are_proposed_once() -> None:
    messages.compile_all()
    hamlets()
    place("route", "Đường tỉnh", line((0, 0), (130, 0)))
    need("Ngã ba", 60, 40, 3)
    need("Cạnh ngã ba", 63, 40)
    assert propose() == 4  # the need, and three along the route; the second need nearly coincides
    assert propose() == 0
    found = {one.name: one for one in Candidate.objects.all()}
    assert sorted(name for name in found if name != "Ngã ba") == [f"Đường tỉnh, điểm {number}" for number in (1, 2, 3)]
    assert found["Ngã ba"].source == Source.NEED
    assert found["Đường tỉnh, điểm 1"].hamlet is not None
    remove_candidate(found["Ngã ba"])
    assert propose() == 0


def test_a_candidate_that_cannot_be() -> None:
    hamlets()
    with pytest.raises(ValidationError) as caught:
        save_candidate(CandidateDraft("", None, "Thôn Nào", "hướng bắc", 0, pole_vnd=-1))
    assert set(caught.value.message_dict) == {"name", "position", "hamlet", "bearings", "most_eyes", "pole_vnd"}
    with pytest.raises(ValidationError) as caught:
        save_candidate(CandidateDraft("Xa", (Decimal("22"), Decimal("105.85"))))
    assert set(caught.value.message_dict) == {"position"}
    made = candidate("Cột", 0, 0, "Thôn Đông", bearings="0, 90")
    assert made.bearings == "0 90"
    again = save_candidate(replace(candidate_draft(made), name="Cột điện"), made, made.revision)
    assert again.revision == made.revision + 1
    with pytest.raises(Stale):
        save_candidate(candidate_draft(made), made, made.revision)


def test_wishes_that_cannot_be() -> None:
    wrong = Ask(
        eyes=3, level="see", phases=(2, 2), least={"1": 5}, hot_spot_eyes=9, pinned={"a": None}, forbidden=("a",),
        funding=(Funding("", 5),), seconds=0, budget_vnd=-1,
    )  # fmt: skip
    with pytest.raises(ValidationError) as caught:
        save_plan(None, " ", wrong)
    assert set(caught.value.message_dict) == {
        "name", "level", "phases", "least", "hot_spot_eyes", "forbidden", "funding", "seconds", "budget_vnd",
    }  # fmt: skip
    with pytest.raises(ValidationError):
        save_plan(None, "x", Ask(eyes=None))
    assert not Plan.objects.exists()


def test_versions_are_computed_once_and_compared_and_decided_on(django_user_model: type[User]) -> None:
    small_commune()
    head = User.objects.create_user("head", "x")
    plan = save_plan(head, "20 lên 35", msgspec.structs.replace(ASK, pinned={"gone": None}))
    first = run(ask_for_version(head, plan, AT).pk, AT, TODAY)
    assert first.state == VersionState.DONE
    assert ask_from(first.ask).pinned == {}
    assert run(first.pk, AT, TODAY).result == first.result
    save_plan(head, "20 lên 35", msgspec.structs.replace(ASK, eyes=3), plan, plan.revision)
    second = run(ask_for_version(head, plan, AT).pk, AT, TODAY)
    assert (first.number, second.number) == (1, 2)
    found = compare(result_from(first.result), result_from(second.result))
    assert len(found.both) + len(found.first_only) == 2
    assert len(found.both) + len(found.second_only) == 3
    assert all(one <= two + 1e-9 for _name, one, two in found.hamlets) or found.first_only
    decided = decide(head, second, "Nghị quyết 12/NQ-BCĐ, 27/11/2026", AT)
    assert decided.decided == 2
    met = {one.key for eye in result_from(second.result).eyes for one in eye.sees if one.kind == "need"}
    assert {one.key for one in Need.objects.filter(state=NeedState.PLANNED)} == met
    with pytest.raises(Stale):
        save_plan(head, "x", ASK, plan, plan.revision)


def test_what_a_killed_process_left_waits_again_and_what_is_impossible_says_so() -> None:
    small_commune()
    hamlet = str(Hamlet.objects.get(name="Thôn Đoài").pk)
    plan = save_plan(None, "x", msgspec.structs.replace(ASK, least={hamlet: 2}))
    version = ask_for_version(None, plan, AT)
    version.state = VersionState.COMPUTING
    version.save()
    assert run(version.pk, AT, TODAY).state == VersionState.COMPUTING
    assert left_behind() == 1
    done = run(version.pk, AT, TODAY)
    assert done.state == VersionState.IMPOSSIBLE
    assert impossible_from(done.result).conflicts[0].wish == "hamlet"
    with pytest.raises(ValidationError):
        decide(User.objects.create_user("head", "x"), done, "1", AT)


def test_an_empty_commune_has_an_empty_plan() -> None:
    found = result()
    assert (found.total, found.covered, found.eyes, found.one_more) == (0, 0, (), None)
    assert result_from(to_text(found)) == found
    assert shapely.Point(0, 0).is_valid

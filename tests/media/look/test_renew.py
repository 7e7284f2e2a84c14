"""Which pictures become references by themselves."""

from __future__ import annotations

import numpy as np

from luytre.base.verdicts import Light, Verdict
from luytre.media.look.keeping import LEARNT_OF_A_LIGHT, surplus
from luytre.media.look.messages import HEAD, ViewHead, pack_views
from luytre.media.look.reading import Reading
from luytre.media.look.reference import Reference
from luytre.media.look.renew import APART_S, FARTHEST_PX, OLD_S, is_wanted, place_of
from luytre.media.look.signature import signature_of
from luytre.media.look.views import unpack_views
from tests.media.look.pictures import AT_S, Days, levels, reference, shot

DAY = 86_400.0


def well(by: Reference, light: Light = Light.DAY, score: float = 0.8) -> Reading:
    return Reading(Verdict.WELL, light, score, reference=by.id)


def test_another_light_of_the_same_day_is_learnt_and_of_another_day_is_not() -> None:
    accepted = reference(shot(seed=1))
    assert is_wanted(well(accepted, Light.DUSK), (accepted,), AT_S + 8 * 3600)
    assert not is_wanted(well(accepted, Light.DUSK), (accepted,), AT_S + 3 * DAY)
    fresh = reference(shot(seed=2), name="b", accepted=False, at_s=AT_S + 3 * DAY)
    assert is_wanted(well(fresh, Light.DUSK), (accepted, fresh), AT_S + 3 * DAY + 3600)


def test_what_is_nothing_new_is_not_learnt_before_it_is_old() -> None:
    accepted = reference(shot(seed=1))
    learnt = reference(shot(seed=2), name="b", accepted=False)
    known = (accepted, learnt)
    assert not is_wanted(well(learnt, score=0.95), known, AT_S + 2 * APART_S)
    assert not is_wanted(well(learnt, score=0.8), known, AT_S + APART_S / 2)
    assert is_wanted(well(learnt, score=0.8), known, AT_S + 2 * APART_S)
    assert is_wanted(well(learnt, score=0.95), known, AT_S + OLD_S + 1)
    assert not is_wanted(well(learnt, score=0.5), known, AT_S + OLD_S + 1)


def test_a_view_that_lies_elsewhere_is_never_learnt() -> None:
    accepted = reference(shot(seed=1))
    assert place_of(signature_of(shot(160, seed=2)), accepted) == (0, 0)
    assert place_of(signature_of(shot(162, seed=2)), accepted) == (-1, 0)
    assert place_of(signature_of(shot(160 + 2 * FARTHEST_PX + 2, seed=2)), accepted) is None
    assert place_of(signature_of(levels(np.full((180, 320), 99.0))), accepted) is None


def test_a_camera_that_sinks_a_little_each_day_does_not_take_its_reference_with_it() -> None:
    known = [reference(shot(160, 40, seed=1))]
    for step in range(1, 8):
        place = place_of(signature_of(shot(160, 40 - 2 * step, seed=step)), known[-1])
        if place is None:
            break
        signature = signature_of(shot(160, 40 - 2 * step, seed=step), 10.0, 640)
        known.append(Reference(str(step), signature, Light.DAY, False, AT_S + step * DAY, *place))
    assert [one.dy for one in known] == [0, 1, 2]


def test_the_oldest_learnt_of_a_light_go_and_accepted_ones_stay() -> None:
    accepted = [reference(shot(seed=1), name=f"a{n}", at_s=AT_S - n) for n in range(3)]
    learnt = [reference(shot(seed=1), name=f"l{n}", accepted=False, at_s=AT_S + n) for n in range(LEARNT_OF_A_LIGHT + 2)]
    assert sorted(surplus([*accepted, *learnt])) == ["l0", "l1"]
    assert surplus(accepted) == []


def test_a_signature_of_another_version_is_left_out_and_the_others_are_known() -> None:
    good = signature_of(shot(seed=1), 10.0, 640).pack()
    heads = [ViewHead("1", Light.DAY, True, AT_S), ViewHead("2", Light.DUSK, False, AT_S, 1, -1)]
    packed = pack_views("cho", list(zip(heads, (b"\x09" + good[1:], good), strict=True)), "{}")
    camera, known, memory = unpack_views(packed[HEAD.size :])
    assert (camera, memory) == ("cho", "{}")
    assert [(one.id, one.light, one.dx, one.dy) for one in known] == [("2", Light.DUSK, 1, -1)]


def test_an_eye_learns_dusk_through_the_day_it_was_accepted() -> None:
    days = Days(reference(shot(seed=1)), hour=16.0)
    reading = days.see(shot(gain=0.5, seed=3), 6.0)
    assert (reading.verdict, reading.light) == (Verdict.WELL, Light.DUSK)
    signature = signature_of(shot(gain=0.5, seed=3), 6.0, 640)
    assert days.eye.worth_keeping(signature, reading, AT_S + days.at_s) == (0, 0)
    turned = days.see(shot(200, gain=0.5, seed=3), 6.0)
    assert days.eye.worth_keeping(signature, turned, AT_S + days.at_s) is None

"""What telephones send becomes eyes and needs once, in the sender's hamlets; two versions wait for a person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import ValidationError

from luytre.civic.access.models import Role, User
from luytre.civic.access.units import Decree
from luytre.civic.ground.places import PlaceDraft, save_place
from luytre.civic.registry.eyes import draft_of, remove_eye, save_eye
from luytre.civic.registry.history import steps_of
from luytre.civic.registry.models import Eye, RegisterStep, Site
from luytre.civic.registry.places import merge_hamlets
from luytre.civic.registry.position import parse_position
from luytre.civic.registry.register import Thing
from luytre.civic.survey.campaigns import CampaignDraft, progress_of, save_campaign
from luytre.civic.survey.entries import Answer, OutOfReach, decide, differences, take
from luytre.civic.survey.listing import today_of
from luytre.civic.survey.models import Campaign, CampaignHamlet, Entry, Need
from luytre.civic.survey.needs import draft_of_need, save_need, set_need_state
from luytre.civic.survey.payload import read_entry
from tests.civic.survey.cast import AT, HERE, an_eye, body, hamlet, sent, surveyor
from tests.web.cast import person

pytestmark = pytest.mark.django_db


def send(by: User, **content: object) -> Answer:
    return take(by, read_entry(body(sent(**content))), AT)  # type: ignore[arg-type]


def in_a_campaign(*who: User, target: int = 4) -> Campaign:
    draft = CampaignDraft("Đợt 1", AT.date(), AT.date(), {hamlet(): target}, who)
    return save_campaign(person(Role.HEAD, "maker"), draft)


def test_a_new_eye_is_in_the_register_with_a_step_and_no_owner_stays_in_the_entry() -> None:
    by = surveyor(hamlet())
    answer = send(by, hamlet=hamlet().pk)
    eye = Eye.objects.get(key=answer.target)
    assert (answer.state, eye.name, eye.bearing_deg, eye.owner_name) == ("applied", "Cửa hàng Minh", 135.0, "Minh")
    assert (eye.site.hamlet, [step.by for step in steps_of(Thing.EYE, eye.key)]) == (hamlet(), [by])
    entry = Entry.objects.get()
    assert "owner_name" not in entry.payload["fields"]
    assert entry.payload["fields"]["bearing_deg"] == 135.0


def test_the_same_number_is_one_entry_and_one_answer() -> None:
    by, draft = surveyor(hamlet()), read_entry(body(sent("need", hamlet=hamlet().pk)))
    first, again = take(by, draft, AT), take(by, draft, AT + timedelta(hours=1))
    assert first == again
    assert (Need.objects.count(), Entry.objects.count(), RegisterStep.objects.count()) == (1, 1, 1)
    with pytest.raises(OutOfReach):
        take(surveyor(hamlet(), "other"), draft, AT)


def test_what_is_typed_wrong_leaves_nothing_and_can_be_sent_again_right() -> None:
    by, content = surveyor(hamlet()), sent(hamlet=hamlet().pk)
    wrong = content | {"fields": content["fields"] | {"owner_phone": "không có"}}
    with pytest.raises(ValidationError) as caught:
        take(by, read_entry(body(wrong)), AT)
    assert set(caught.value.message_dict) == {"owner_phone"}
    assert not Entry.objects.exists()
    assert take(by, read_entry(body(content)), AT).state == "applied"


def test_another_hamlet_is_out_of_reach_until_a_campaign_names_the_person() -> None:
    by, elsewhere = surveyor(hamlet("Thôn Đoài")), an_eye()
    for content in (
        {"hamlet": hamlet().pk},
        {"hamlet": None},
        {"target": elsewhere.key, "base": 1, "fields": {"condition": "dead"}},
    ):
        with pytest.raises(OutOfReach):
            send(by, **content)
    assert not Entry.objects.exists()
    in_a_campaign(by)
    assert send(by, hamlet=hamlet().pk).state == "applied"


def test_what_others_changed_in_other_fields_stays_and_ours_is_taken() -> None:
    by, eye = surveyor(hamlet()), an_eye(maker="Hik")
    save_eye(None, replace(draft_of(eye), address="12 đường Làng"), AT, eye)
    answer = send(by, target=eye.key, base=1, fields={"condition": "dead"}, before={"condition": "unknown"})
    eye.refresh_from_db()
    assert (answer.state, eye.condition, eye.address, eye.maker) == ("applied", "dead", "12 đường Làng", "Hik")
    assert eye.owner_phone == "0912 345 678"
    assert str(eye.condition_day) == "2026-11-27"


def test_the_same_field_changed_by_both_waits_for_a_person_and_nothing_is_overwritten() -> None:
    by, eye = surveyor(hamlet()), an_eye()
    save_eye(None, replace(draft_of(eye), condition="faulty", height_m=3.0), AT, eye)
    fields, before = {"condition": "dead", "height_m": 4.5, "note": "gọi trước"}, {"condition": "unknown", "height_m": None}
    answer = send(by, target=eye.key, base=1, fields=fields, before=before)
    entry = Entry.objects.get()
    eye.refresh_from_db()
    assert (answer.state, eye.condition, eye.height_m) == ("conflict", "faulty", 3.0)
    found = {one.field: (one.theirs, one.mine, one.hidden) for one in differences(entry, show_private=False)}
    assert found == {"condition": ("faulty", "dead", False), "height_m": (3.0, 4.5, False), "note": (None, "gọi trước", True)}
    decide(by, entry.number, {"height_m"}, AT)
    eye.refresh_from_db()
    assert (eye.condition, eye.height_m, eye.note) == ("faulty", 4.5, "")
    entry.refresh_from_db()
    assert (entry.state, entry.decided_by, "note" in entry.payload["fields"]) == ("applied", by, False)
    decide(by, entry.number, {"condition"}, AT)  # decided already
    eye.refresh_from_db()
    assert eye.condition == "faulty"


def test_a_private_field_that_somebody_filled_in_meanwhile_is_no_chance_hit() -> None:
    by, eye = surveyor(hamlet()), an_eye()
    save_eye(None, replace(draft_of(eye), owner_phone="0988 000 111"), AT, eye)
    assert send(by, target=eye.key, base=1, fields={"owner_phone": "0900 000 000"}).state == "conflict"
    eye.refresh_from_db()
    assert eye.owner_phone == "0988 000 111"
    assert decide(by, Entry.objects.get().number, (), AT).state == "discarded"


def test_an_eye_that_was_removed_meanwhile_keeps_what_was_filled_in() -> None:
    by, eye = surveyor(), an_eye()
    remove_eye(None, eye, AT)
    answer = send(by, target=eye.key, base=1, fields={"condition": "works"})
    assert answer.state == "refused"
    assert Entry.objects.get().payload["fields"] == {"condition": "works"}
    assert differences(Entry.objects.get(), show_private=True) == []
    assert decide(by, UUID(str(Entry.objects.get().number)), {"condition"}, AT).state == "discarded"


def test_needs_conflict_as_eyes_do_and_keep_their_state() -> None:
    by = surveyor(hamlet())
    key = send(by, kind="need", hamlet=hamlet().pk).target
    need = Need.objects.get(key=key)
    set_need_state(person(Role.HEAD), need, "planned", "", AT)
    save_need(None, replace(draft_of_need(Need.objects.get(key=key)), urgency=1), AT, need)
    assert send(by, kind="need", target=key, base=1, fields={"words": "hay mất xe"}, before={"words": ""}).state == "applied"
    assert send(by, kind="need", target=key, base=1, fields={"urgency": 2}, before={"urgency": 3}).state == "conflict"
    need.refresh_from_db()
    assert (need.words, need.urgency, need.state) == ("hay mất xe", 1, "planned")
    with pytest.raises(ValidationError):
        set_need_state(by, need, "declined", " ", AT)


def test_the_list_of_today_holds_ones_own_hamlets_and_nothing_private() -> None:
    by, eye = surveyor(hamlet()), an_eye(note="chủ nhà đi vắng", homes_in_view="nhà bà Tư")
    an_eye("Nơi khác", "Thôn Đoài")
    campaign = in_a_campaign()
    send(by, kind="nothing_here", hamlet=hamlet().pk, campaign=campaign.key, place="p1")
    before = today_of(by, AT)
    assert [(one.name, one.visited) for one in before.things] == [("Cổng nhà văn hoá", False)]
    assert before.things[0].position == (21.0285, 105.8542)
    assert not [private for private in ("0912", "nhà bà Tư", "đi vắng") if private in repr(before)]
    send(by, target=eye.key, base=1, fields={"condition": "works"}, campaign=campaign.key)
    send(by, kind="need", hamlet=hamlet().pk, campaign=campaign.key)
    after = today_of(by, AT)
    assert {one.name: one.visited for one in after.things} == {"Cổng nhà văn hoá": True, "Ngã ba đình": True}
    [line] = progress_of(campaign)
    assert (line.target, line.eyes, line.needs, line.nothing, line.percent) == (4, 1, 1, 1, 50)
    assert [round_.campaign for round_ in after.rounds] == [campaign]


def test_a_hamlet_that_goes_into_another_takes_needs_places_and_targets_with_it() -> None:
    old, new, by = hamlet(), hamlet("Thôn Đoài"), surveyor()
    campaign = in_a_campaign(target=4)
    CampaignHamlet.objects.create(campaign=campaign, hamlet=new, target=3)
    need = Need.objects.get(key=send(by, kind="need", hamlet=old.pk, campaign=campaign.key).target)
    place = save_place(None, PlaceDraft("market", "Chợ", '{"type":"Point","coordinates":[105.85,21.03]}', hamlet=old.name), AT)
    merge_hamlets(by, old, new, Decree(by, AT.date()), AT)
    need.refresh_from_db()
    place.refresh_from_db()
    assert (need.hamlet, place.hamlet, Entry.objects.get().hamlet) == (new, new, new)
    assert [(line.hamlet, line.target, line.needs) for line in progress_of(campaign)] == [(new, 7, 1)]


def test_a_visit_outside_of_campaigns_counts_for_a_month() -> None:
    by, eye = surveyor(hamlet()), an_eye(condition="works")
    send(by, target=eye.key, base=1, fields={})
    eye.refresh_from_db()
    assert (str(eye.condition_day), eye.condition) == ("2026-11-27", "works")
    assert [one.visited for one in today_of(by, AT + timedelta(days=29)).things] == [True]
    assert [one.visited for one in today_of(by, AT + timedelta(days=31)).things] == [False]


def test_a_mounting_place_where_nothing_hangs_is_to_be_visited_and_takes_the_camera_that_is_found() -> None:
    by = surveyor(hamlet())
    an_eye()
    pole = Site.objects.create(name="Cột điện 12", hamlet=hamlet(), kind="route")
    Site.objects.create(name="Cột nơi khác", hamlet=hamlet("Thôn Đoài"))
    assert [(one.kind, one.name) for one in today_of(by, AT).things] == [("eye", "Cổng nhà văn hoá"), ("place", "Cột điện 12")]
    eye = Eye.objects.get(key=send(by, hamlet=hamlet().pk, place=pole.key).target)
    assert (eye.site, eye.position) == (pole, parse_position(HERE))
    assert "Cột điện 12" not in [one.name for one in today_of(by, AT).things]


def test_a_role_without_the_survey_reaches_nothing() -> None:
    for role in (Role.COMMITTEE, Role.AUDITOR, Role.RESIDENT):
        by = person(role)
        in_a_campaign(by) if role == Role.COMMITTEE else None
        with pytest.raises(OutOfReach):
            send(by, hamlet=hamlet().pk)
        assert today_of(by, AT).hamlets == ()


def test_a_campaign_says_what_is_missing_in_it() -> None:
    draft = CampaignDraft(" ", AT.date(), AT.date() - timedelta(days=1), {})
    with pytest.raises(ValidationError) as caught:
        save_campaign(person(Role.HEAD), draft)
    assert set(caught.value.message_dict) == {"name", "last_day", "hamlets"}


def test_a_position_is_kept_to_the_decimetre() -> None:
    by = surveyor(hamlet())
    key = send(
        by, kind="need", hamlet=hamlet().pk, fields=sent("need")["fields"] | {"position": "21°1,71' B 105°51,25' Đ"}
    ).target
    need = Need.objects.get(key=key)
    assert (str(need.latitude), str(need.longitude)) == ("21.028500", "105.854167")
    assert HERE.startswith("21.0285")

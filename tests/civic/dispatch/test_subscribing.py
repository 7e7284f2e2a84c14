from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from luytre.civic.dispatch import subscribing
from luytre.civic.dispatch.channels import ChannelName
from luytre.civic.dispatch.models import Subscriber
from luytre.civic.dispatch.subscribing import CONFIRM, END, Wish, by_link, link_of, subscribe
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.places import hamlet_merged
from tests.civic.dispatch.cast import KEY, NOON, hamlet, subscriber
from tests.civic.dispatch.test_addresses import push

pytestmark = pytest.mark.django_db


def mail(**changes: object) -> Wish:
    fields: dict[str, object] = {
        "channel": ChannelName.MAIL,
        "address": "lan@example.vn",
        "topics": ["crime"],
        "everywhere": True,
    }
    return Wish(**{**fields, **changes})  # type: ignore[arg-type]


def test_one_address_is_one_row_and_lies_sealed() -> None:
    for address in ("lan@example.vn", " lan@EXAMPLE.vn"):
        subscribe(mail(address=address), KEY, NOON)
    one = Subscriber.objects.get()
    assert not one.confirmed
    assert "lan" not in "".join(str(getattr(one, field.attname)) for field in one._meta.concrete_fields)


def test_what_is_wrong_is_said_all_at_once() -> None:
    with pytest.raises(ValidationError) as refused:
        subscribe(mail(address="a@b.vn\nBcc: x@y.vn", topics=["zz"], everywhere=False), KEY, NOON)
    assert set(refused.value.error_dict) == {"address", "topics", "hamlets"}
    assert not Subscriber.objects.exists()


def test_nobody_changes_what_somebody_else_confirmed() -> None:
    subscribing.confirm(subscribe(mail(), KEY, NOON))
    subscribe(mail(topics=["meeting"], language="en"), KEY, NOON)
    one = Subscriber.objects.get()
    assert (one.topics, one.language, one.confirmed) == (",crime,", "vi", True)


def test_a_browser_speaks_for_itself() -> None:
    for topics in (["crime"], ["traffic", "crime"]):
        one = subscribe(mail(channel=ChannelName.PUSH, address=push(), topics=topics), KEY, NOON)
    assert (one.topics, one.confirmed, Subscriber.objects.count()) == (",crime,traffic,", True, 1)
    assert subscribing.end_push(KEY, push())
    assert not subscribing.end_push(KEY, push())


def test_a_link_is_for_one_row_and_one_purpose() -> None:
    one, other = subscriber(1), subscriber(2)
    link = link_of(KEY, END, one)
    assert by_link(KEY, END, link) == one
    for wrong in (link_of(KEY, CONFIRM, one), link_of(b"x" * 32, END, one), f"{other.key}-{link[-32:]}", "", "é-é", "-" * 500):
        assert by_link(KEY, END, wrong) is None
    subscribing.end(one)
    assert by_link(KEY, END, link) is None


def test_what_nobody_confirms_is_forgotten() -> None:
    subscribe(mail(), KEY, NOON)
    subscriber(1)
    assert subscribing.forget_unconfirmed(NOON + timedelta(days=2)) == 0
    assert subscribing.forget_unconfirmed(NOON + timedelta(days=2, minutes=1)) == 1
    assert Subscriber.objects.get().confirmed


def test_a_merged_hamlets_wishes_go_on_with_the_other() -> None:
    old, new = hamlet("Thôn Đông"), hamlet("Thôn Đoài")
    one = subscriber(1, old)
    hamlet_merged.send(Hamlet, old=old, new=new)
    old.delete()
    assert list(one.hamlets.all()) == [new]

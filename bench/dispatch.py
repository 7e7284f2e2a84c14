"""How fast a message reaches ten thousand subscribers by Web Push, and whether anybody gets it twice when its sender is killed.

    python -m bench.dispatch [--subscribers 10000] [--kills 1] [--disk DIR]

The product's own sender, database (SQLite), encryption and HTTP, without the rate by which the product holds back; a push service
on this machine, in a process of its own, counts what came for whom. The sender is killed (SIGKILL) at even distances and started
anew. What a killed one had on its way is not known and never sent again; it is told.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from pathlib import Path

from bench.measure import memory_bytes, print_table, scratch

P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
_PREPARE = """
import json, sys
from datetime import timedelta
from luytre.bridge.django import start_django
from luytre.web.prepare import prepare
prepare()
start_django()
from django.utils import timezone
from luytre.civic.access.assignments import Wanted, assign
from luytre.civic.access.models import Role, User
from luytre.civic.dispatch import desk
from luytre.civic.dispatch.models import Subscriber
from luytre.civic.dispatch.quiet import Quiet
from luytre.civic.registry.seal import seal
url, many, p256dh, auth = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
now = timezone.now()
people = {role: User.objects.create_user(role, "four-words-not-together") for role in (Role.DUTY, Role.HEAD)}
for role, user in people.items():
    assign(None, user, Wanted(role), now)
Subscriber.objects.bulk_create([
    Subscriber(
        channel="push", address_digest=f"{n:064}", topics=",disaster,", everywhere=True, asked=now, confirmed=True,
        sealed_address=seal(json.dumps({"endpoint": f"{url}/send/{n}", "p256dh": p256dh, "auth": auth})),
    )
    for n in range(many)
], batch_size=500)
draft = desk.Draft("Nước lên ở bến đò", "Không qua ngầm từ 14:00. Đi vòng cầu bản.", "disaster", now + timedelta(days=1),
                   everywhere=True, urgent=True, why_urgent="bench")
desk.approve(people[Role.HEAD], desk.write(people[Role.DUTY], draft, now), 1, now, Quiet())
"""
_SEND = """
import time
from datetime import time as time_of_day
from zoneinfo import ZoneInfo
from luytre.bridge.django import start_django
start_django()
from django.conf import settings
from django.utils import timezone
from luytre.bridge.senders.post import Post, anywhere
from luytre.bridge.senders.push import PushChannel, vapid_key
from luytre.civic.dispatch.channels import ChannelName
from luytre.civic.dispatch.models import Delivery, Message, State
from luytre.civic.dispatch.quiet import Quiet
from luytre.civic.dispatch.sending import Sender, take_up
from luytre.web.senders import letter_for
channel = PushChannel(vapid_key(settings.LUYTRE_SECRETS_DIR), "mailto:a@example.vn", Post(anywhere, ("http",)))
never = Quiet(time_of_day(0), time_of_day(0))
sender = Sender({ChannelName.PUSH: channel}, letter_for, time.monotonic, never, ZoneInfo("UTC"), {ChannelName.PUSH: 1e9})
take_up()
while Message.objects.filter(state=State.SENDING).exists():
    sender.tick(timezone.now())
from collections import Counter
import json
print(json.dumps(Counter(Delivery.objects.values_list("state", flat=True))))
"""


async def serve(port_file: Path) -> None:
    """Stands where a push service stands: 201 to all, and at /counts what came for whom."""
    from aiohttp import web

    came: Counter[str] = Counter()

    async def take(request: web.Request) -> web.Response:
        await request.read()
        came[request.match_info["who"]] += 1
        return web.Response(status=201)

    async def counts(_request: web.Request) -> web.Response:
        return web.json_response({"all": came.total(), "different": len(came), "most": max(came.values(), default=0)})

    app = web.Application()
    app.add_routes([web.post("/send/{who}", take), web.get("/counts", counts)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port_file.with_suffix(".draft").write_text(str(runner.addresses[0][1]))
    port_file.with_suffix(".draft").rename(port_file)
    await asyncio.Event().wait()


def counted(url: str) -> dict[str, int]:
    with urllib.request.urlopen(f"{url}/counts", timeout=10) as answer:
        found: dict[str, int] = json.load(answer)
    return found


def start(folder: Path, script: str, *args: str) -> subprocess.Popen[str]:
    kept = os.environ | {"LUYTRE_DATA": str(folder / "data")}
    return subprocess.Popen([sys.executable, "-c", script, *args], env=kept, text=True, stdout=subprocess.PIPE)


def send_with_kills(folder: Path, url: str, many: int, kills: int) -> tuple[float, int, dict[str, int]]:
    """Seconds while a sender ran, its greatest memory, and the deliveries' states."""
    ran, memory = 0.0, 0
    for number in range(kills + 1):
        bound = many * (number + 1) // (kills + 1) if number < kills else many * 2
        sender, begun, first = start(folder, _SEND), time.monotonic(), counted(url)["all"]
        while sender.poll() is None and counted(url)["all"] < bound:
            if counted(url)["all"] == first:
                begun = time.monotonic()  # starting up is not sending
            memory = max(memory, memory_bytes([sender.pid])[0])
            time.sleep(0.05)
        ran += time.monotonic() - begun
        if sender.poll() is None:
            sender.send_signal(signal.SIGKILL)
        told, _ = sender.communicate()
    if sender.returncode:
        raise RuntimeError("the sender ended with an error")
    return ran, memory, json.loads(told)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subscribers", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=1)
    parser.add_argument("--disk", type=Path)
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        asyncio.run(serve(args.serve))
    with scratch(args.disk) as folder:
        service = subprocess.Popen([sys.executable, "-m", "bench.dispatch", "--serve", str(folder / "port")])
        try:
            while not (folder / "port").exists():
                time.sleep(0.05)
            url = f"http://127.0.0.1:{(folder / 'port').read_text()}"
            if start(folder, _PREPARE, url, str(args.subscribers), P256DH, AUTH).wait():
                return 1
            ran, memory, states = send_with_kills(folder, url, args.subscribers, args.kills)
            came = counted(url)
        finally:
            service.kill()
            service.wait()
    unknown = states.get("unknown", 0)
    print_table(
        ["subscribers", "kills", "reached", "most for one", "not known", "a second", "the sender's memory"],
        [[
            str(args.subscribers), str(args.kills), str(came["different"]), str(came["most"]), str(unknown),
            f"{came['all'] / ran:.0f}", f"{memory / 1e6:.0f} MB",
        ]],
    )  # fmt: skip
    all_told = states.get("sent", 0) + unknown == args.subscribers
    return 0 if came["most"] == 1 and all_told and came["all"] >= args.subscribers - unknown and came["all"] / ran >= 50 else 1


if __name__ == "__main__":
    sys.exit(main())

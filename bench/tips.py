"""Whether tips are lost when very many residents tell at once, and how long each waits for its code.

    python -m bench.tips [--a-minute 200] [--minutes 1] [--photos 2] [--disk DIR]

The whole product runs beside it with cameras being recorded. Tips come at an even pace, each from another address of the
loopback network, through the web server as a browser sends them: the task first, then words and photos made small. Afterwards
every code that was given is asked for, and the tips in the database are counted.
"""

from __future__ import annotations

import argparse
import http.client
import json
import secrets
import sqlite3
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from io import BytesIO
from pathlib import Path

from PIL import Image

from bench.measure import cpu_s, print_table, running_load, scratch
from bench.product import running_product
from luytre.civic.tips.effort import zero_bits

EDGE = "edge-of-the-form"
SENDERS = 64


def photo(seed: int) -> bytes:
    """1600x1200, as a telephone's page sends it: about 400 kB."""
    written = BytesIO()
    noise = Image.effect_noise((400, 300), 40 + seed % 20).resize((1600, 1200)).convert("RGB")
    noise.save(written, "JPEG", quality=85)
    return written.getvalue()


def body_of(fields: dict[str, str], photos: list[bytes]) -> bytes:
    part = f"--{EDGE}\r\nContent-Disposition: form-data; name="
    body = "".join(f'{part}"{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()).encode()
    for number, one in enumerate(photos):
        body += f'{part}"photos"; filename="{number}.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'.encode() + one + b"\r\n"
    return body + f"--{EDGE}--\r\n".encode()


def send(web: str, number: int, photos: list[bytes]) -> tuple[float, str]:
    """Seconds until the code was there, and the code; empty where none came."""
    begun = time.monotonic()
    source = (f"127.{10 + number // 60_000}.{number // 250 % 240}.{1 + number % 250}", 0)
    try:
        with closing(http.client.HTTPConnection(web, timeout=60, source_address=source)) as connection:
            connection.request("GET", "/bao-tin/ready")
            ready = json.load(connection.getresponse())
            answer = next(str(n) for n in range(1 << 24) if zero_bits(ready["task"], str(n)) >= ready["bits"])
            fields = {"kind": "suspicious", "when": "now", "place": f"ngõ {number}", "words": f"Tin số {number}"}
            fields |= {"sending": secrets.token_hex(16), "task": ready["task"], "answer": answer}
            headers = {"Content-Type": f"multipart/form-data; boundary={EDGE}", "Accept": "application/json"}
            connection.request("POST", "/bao-tin", body_of(fields, photos), headers)
            told = connection.getresponse()
            code = json.load(told)["code"] if told.status == 201 else ""
    except (OSError, http.client.HTTPException, ValueError):
        code = ""
    return time.monotonic() - begun, code


def known(web: str, code: str) -> bool:
    with closing(http.client.HTTPConnection(web, timeout=60)) as connection:
        connection.request("POST", "/theo-doi", f"code={code}", {"Content-Type": "application/x-www-form-urlencoded"})
        return connection.getresponse().status == 200


def rows(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "luytre.sqlite3")) as base:
        return int(base.execute("SELECT count(*) FROM tips_tip").fetchone()[0])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--a-minute", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--photos", type=int, default=2)
    parser.add_argument("--cameras", type=int, default=4)
    parser.add_argument("--disk", type=Path)
    args = parser.parse_args()
    wanted = round(args.a_minute * args.minutes)
    photos = [photo(number) for number in range(8)]
    with (
        scratch(args.disk) as folder,
        running_load(args.cameras, subs=True) as load,
        running_product(folder, load.urls) as product,
        ThreadPoolExecutor(SENDERS) as pool,
    ):
        web = product.web.removeprefix("http://")
        server, before, begun = product.pids_of("luytre.web"), 0.0, time.monotonic()
        before = cpu_s(server)
        pending = []
        for number in range(wanted):
            time.sleep(max(0.0, begun + number * 60 / args.a_minute - time.monotonic()))
            some = [photos[(number + each) % len(photos)] for each in range(args.photos)]
            pending.append(pool.submit(send, web, number, some))
        done = [one.result() for one in pending]
        took, core = time.monotonic() - begun, cpu_s(server) - before
        codes = [code for _waited, code in done if code]
        lost = sum(not ok for ok in pool.map(lambda code: known(web, code), codes))
        kept = rows(folder)
    waited = sorted(seconds for seconds, _code in done)
    print_table(
        ["sent", "given a code", "in the database", "codes that lead nowhere", "median", "95 %", "worst", "web's processor time"],
        [[
            str(wanted), str(len(codes)), str(kept), str(lost), f"{statistics.median(waited):.2f} s",
            f"{waited[int(len(waited) * 0.95)]:.2f} s", f"{waited[-1]:.2f} s", f"{100 * core / took:.0f} % of a core",
        ]],
    )  # fmt: skip
    return 0 if len(codes) == kept == wanted and lost == 0 else 1


if __name__ == "__main__":
    sys.exit(main())

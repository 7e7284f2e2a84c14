"""`luytre serve`: recorder, web and jobs under one supervisor.

Owns: the three child processes. Never: imports Django or opens a camera itself, so that it stays small and does not
fall. Invariants: a child that ends is started again, later each time it ends soon (jittered, at most 30 s); one
child's end never touches another; SIGTERM and SIGINT end all of them within seconds; a supervisor that is killed
takes its children along; no line of theirs is shown before secrets were taken out.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import errno
import os
import random
import signal
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import click

from luytre.base.environment import Listen, read_environment
from luytre.base.errors import LuytreError
from luytre.base.i18n import N_, _
from luytre.base.redact import redact

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
FIRST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
GOOD_RUN_S = 60.0
STOP_WITHIN_S = 8.0
LONGEST_LINE_BYTES = 16 * 1024


@dataclass(frozen=True, slots=True)
class Child:
    """One process to keep alive."""

    name: str
    command: tuple[str, ...]


def children() -> tuple[Child, ...]:
    python = (sys.executable, "-m")
    return (
        Child("recorder", (*python, "luytre.media.recorder")),
        Child("web", (*python, "luytre.web")),
        Child("jobs", (*python, "luytre.web.jobs")),
    )


def preparation() -> tuple[str, ...]:
    return (sys.executable, "-m", "luytre.web.prepare")


def wait_s(quick_ends: int, jitter: float) -> float:
    """How long to wait before the next start, after so many ends in a row that came soon. `jitter` is 0 to 1."""
    return float(min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(quick_ends, 10)) * (0.75 + 0.5 * jitter))


def _die_with_parent() -> None:  # in the child, before exec
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(slots=True)
class Supervisor:
    """Runs `children` until `stop` is called. `say` gets each line that is to be shown, already redacted."""

    children: Sequence[Child]
    say: Callable[[str], None]
    preparation: Sequence[str] = field(default_factory=preparation)
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    jitter: Callable[[], float] = random.random
    mono_s: Callable[[], float] = time.monotonic
    processes: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)
    starts: dict[str, int] = field(default_factory=dict)
    _stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def stop(self) -> None:
        self._stopping.set()

    @property
    def is_stopping(self) -> bool:
        return self._stopping.is_set()

    async def run(self) -> None:
        """Returns when all children have ended after `stop`."""
        async with asyncio.TaskGroup() as group:
            for child in self.children:
                group.create_task(self._keep(child))

    async def _keep(self, child: Child) -> None:
        quick_ends = 0
        while not self._stopping.is_set():
            began = self.mono_s()
            code = await self._once(child)
            if self._stopping.is_set():
                return
            quick_ends = 0 if self.mono_s() - began > GOOD_RUN_S else quick_ends + 1
            pause_s = wait_s(quick_ends, self.jitter())
            text = _("ended ({code}); started again in {pause} s")
            self._line(child.name, text.format(code=code, pause=f"{pause_s:.1f}"))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), pause_s)

    async def _once(self, child: Child) -> int | str:
        try:
            process = await asyncio.create_subprocess_exec(
                *child.command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                env=dict(self.environ) | {"PYTHONUNBUFFERED": "1"},
                start_new_session=True,  # Ctrl-C goes to us alone; we end them in order
                preexec_fn=_die_with_parent,
            )
        except OSError as error:
            return error.strerror or type(error).__name__
        self.processes[child.name] = process
        self.starts[child.name] = self.starts.get(child.name, 0) + 1
        reading = asyncio.create_task(self._read(child.name, process))
        ending = asyncio.create_task(process.wait())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({ending, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not ending.done():
            await self._end(process)
        stopping.cancel()
        code = await ending
        with contextlib.suppress(TimeoutError):  # a grandchild may hold the pipe open
            await asyncio.wait_for(reading, 1.0)
        return code

    async def _end(self, process: asyncio.subprocess.Process) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_WITHIN_S)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()

    async def _read(self, name: str, process: asyncio.subprocess.Process) -> None:
        """Line by line; a line without an end is shown up to the limit once, and the rest of it passed over."""
        assert process.stdout is not None
        pending, passing_over = b"", False
        while data := await process.stdout.read(LONGEST_LINE_BYTES):
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                if not passing_over:
                    self._line(name, line.decode("utf-8", "replace").rstrip())
                passing_over = False
            if len(pending) > LONGEST_LINE_BYTES:
                if not passing_over:
                    self._line(name, pending[:LONGEST_LINE_BYTES].decode("utf-8", "replace"))
                pending, passing_over = b"", True
        if pending and not passing_over:
            self._line(name, pending.decode("utf-8", "replace"))

    def _line(self, name: str, text: str) -> None:
        self.say(f"{name:<8} | {redact(text)}")


async def _tell_when_ready(host: str, port: int, say: Callable[[str], None], ready: str) -> None:
    while True:
        try:
            _reader, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(0.05)
            continue
        writer.close()
        say(ready)
        return


async def _prepare(supervisor: Supervisor) -> bool:
    """Brings the database to the present form. Told to stop meanwhile, it is waited for: half a migration helps nobody."""
    process = await asyncio.create_subprocess_exec(
        *supervisor.preparation, stdin=asyncio.subprocess.DEVNULL, start_new_session=True
    )
    return await process.wait() == 0


async def supervise(supervisor: Supervisor, listen: Listen, ready: str) -> bool:
    """Prepares, then keeps the children alive until SIGTERM or SIGINT. False when preparing failed (it said why)."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, supervisor.stop)
    if not await _prepare(supervisor):
        return False
    if supervisor.is_stopping:
        return True
    host, port = listen.for_url.rsplit(":", 1)
    telling = asyncio.create_task(_tell_when_ready(host.strip("[]"), int(port), supervisor.say, ready))
    try:
        await supervisor.run()
    finally:
        telling.cancel()
    return True


_PORT_WORDS = {
    errno.EADDRINUSE: (
        N_("another program listens there already, perhaps Lũy Tre itself"),
        N_("Stop it, or set {name} to another port."),
    ),
    errno.EACCES: (N_("this account may not listen on that port"), N_("Set {name} to a port above 1023.")),
    errno.EADDRNOTAVAIL: (N_("this machine does not have that address"), N_("Set {name} to one it has, or to 0.0.0.0 for all.")),
}


def check_port(listen: Listen, name: str) -> None:
    """That one can listen there, asked before anything is started. `name` is the setting. Errors: LuytreError."""
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as asking:
            asking.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do: what just ended does not count
            asking.bind((listen.host, listen.port))
            asking.listen(1)
    except OSError as error:
        cause, hint = _PORT_WORDS.get(error.errno or 0, (N_("one cannot listen there"), N_("Look at {name}.")))
        raise LuytreError(cause, subject=f"{listen.host}:{listen.port}", hint=_(hint).format(name=name)) from error


READY = N_("Lũy Tre is ready: {url}")
STOPPED = N_("Stopped.")


@click.command(
    "serve", help=_("Record, show and play back: starts the recorder, the pages and the jobs, and keeps them running.")
)
@click.option(
    "--print-metrics-token", is_flag=True, help=_("Print a token for a Prometheus scraper (valid for a year), and end.")
)
def serve(print_metrics_token: bool) -> None:
    environment = read_environment()
    if print_metrics_token:
        from luytre.base.secret_files import node_key
        from luytre.bridge.tokens import METRICS_LIFETIME_S, TokenMint

        click.echo(TokenMint(node_key(environment.secrets)).mint("metrics", subject="metrics", lifetime_s=METRICS_LIFETIME_S))
        return
    check_port(environment.web, "LUYTRE_WEB_ADDR")
    check_port(environment.media, "LUYTRE_MEDIA_ADDR")
    ready = _(READY).format(url=f"http://{environment.web.for_url}")
    if not asyncio.run(supervise(Supervisor(children(), click.echo), environment.web, ready)):
        raise click.ClickException(_("it was not started; the lines above tell why"))
    click.echo(_(STOPPED))

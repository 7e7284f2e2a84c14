"""`luytre simulate`: cameras that are not there, until SIGTERM or SIGINT."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Sequence
from datetime import timedelta
from functools import reduce
from ipaddress import IPv4Address
from operator import or_
from typing import Literal

import click

from luytre.base.errors import UsageError
from luytre.base.i18n import N_, _
from luytre.base.redact import redact_url
from luytre.simulate.auth import Auth
from luytre.simulate.discovery import LOOPBACK, Discovery, announced
from luytre.simulate.encode import EncoderOptions, encode_tone
from luytre.simulate.live import KINDS, Studio
from luytre.simulate.onvif import DeviceState, Encoder, User
from luytre.simulate.onvif_server import Faults, VirtualDevice
from luytre.simulate.quirks import NAMED, WELL_BEHAVED, Quirks
from luytre.simulate.server import SimulatedServer, Stream

CodecChoice = Literal["mixed", "h264", "h265"]


@click.command(name="simulate", help=_("Cameras that are not there: moving street scenes over real RTSP, until stopped."))
@click.option("--cameras", type=click.IntRange(1, 200), default=8, show_default=True, help=_("How many cameras."))
@click.option("--port", type=click.IntRange(0, 65535), default=8554, show_default=True, help=_("TCP port (0: a free one)."))
@click.option("--host", default="127.0.0.1", show_default=True, help=_("Address to listen on."))
@click.option(
    "--codec",
    type=click.Choice(["mixed", "h264", "h265"]),
    default="mixed",
    show_default=True,
    help=_("What the cameras send; mixed: one in eight H.265."),
)
@click.option("--fps", type=click.IntRange(1, 30), default=12, show_default=True, help=_("Pictures a second."))
@click.option(
    "--width",
    "width_px",
    type=click.IntRange(640, 1920),
    default=1280,
    show_default=True,
    help=_("Width of the main pictures in pixels, a multiple of 128; the second stream has half."),
)
@click.option("--user", default="admin", show_default=True, help=_("User name that the cameras ask for."))
@click.option(
    "--password",
    default="",
    envvar="LUYTRE_SIMULATE_PASSWORD",
    help=_("Password that the cameras ask for (Digest); none: open to everybody."),
)
@click.option(
    "--onvif-port",
    type=click.IntRange(1, 65000),
    default=None,
    help=_("Serves each camera's ONVIF too: the first at this port, the next at the one after it."),
)
@click.option(
    "--found-on",
    multiple=True,
    default=(LOOPBACK,),
    show_default=True,
    envvar="LUYTRE_SIMULATE_FOUND_ON",
    metavar="ADDRESS",
    help=_("Own address on whose network the cameras let themselves be found (WS-Discovery); none: on no network."),
)
@click.option(
    "--quirk", "quirk_names", multiple=True, metavar="NAME", help=_("Misbehaviour; may be given often. See --list-quirks.")
)
@click.option("--list-quirks", is_flag=True, help=_("Prints the names of all misbehaviours."))
@click.option("--show-passwords", is_flag=True, help=_("Prints the addresses with the password in them."))
def simulate(
    cameras: int,
    port: int,
    host: str,
    codec: CodecChoice,
    fps: int,
    width_px: int,
    user: str,
    password: str,
    onvif_port: int | None,
    found_on: Sequence[str],
    quirk_names: Sequence[str],
    list_quirks: bool,
    show_passwords: bool,
) -> None:
    if list_quirks:
        for name in NAMED:
            click.echo(name)
        return
    auth = Auth(user, password, ("sha256", "md5")) if password else None
    if width_px % 128:
        raise UsageError(
            N_("this is no multiple of 128"), operation=N_("simulate cameras"), subject=f"--width {width_px}",
            hint=N_("Write 640, 1280 or 1920."),
        )  # fmt: skip
    studio = Studio(codec, fps=fps, width_px=width_px)
    server = SimulatedServer(_streams(studio, cameras), host=host, port=port, auth=auth, quirks=_quirks(quirk_names))
    devices = _devices(studio, cameras, server, auth, onvif_port) if onvif_port is not None else []
    discovery = Discovery([announced(device) for device in devices], _own_addresses(found_on) if devices else ())
    try:
        asyncio.run(_serve(server, auth, show_passwords, devices, discovery))
    finally:
        discovery.stop()
        for device in devices:
            device.stop()
        studio.close()


def _devices(studio: Studio, cameras: int, server: SimulatedServer, auth: Auth | None, first_port: int) -> list[VirtualDevice]:
    """What is set by ONVIF changes what they say, and not the pictures that they send."""
    users = {auth.user: User(auth.password)} if auth else {"admin": User("")}
    made = []
    for number in range(cameras):
        encoders = [_encoder(kind, f"/cam{number + 1}/{kind}", studio.camera(number).options(kind)) for kind in KINDS]
        state = DeviceState(serial=f"VT-{number + 1:04d}", name=f"Lũy Tre {number + 1}", users=dict(users), encoders=encoders)
        state.moves_every = timedelta(seconds=20 + 7 * (number % 8))
        faults = Faults(refuses={"SetUser"})  # the pictures of all cameras have one password
        made.append(VirtualDevice(state, faults, host=server.host, port=first_port + number, rtsp_port=server.port))
    return made


def _own_addresses(typed: Sequence[str]) -> tuple[str, ...]:
    """Errors: UsageError."""
    if tuple(typed) == ("none",):
        return ()
    try:
        return tuple(str(IPv4Address(one)) for one in typed)
    except ValueError as error:
        raise UsageError(
            N_("this is no address of this machine"), operation=N_("simulate cameras"), subject=f"--found-on {' '.join(typed)}",
            hint=N_("Write it like 192.168.1.10, or none."),
        ) from error  # fmt: skip


def _encoder(kind: str, path: str, options: EncoderOptions) -> Encoder:
    size, kbps = (options.width_px, options.height_px), 1500 if kind == "main" else 400
    return Encoder(kind, path, options.codec.upper(), *size, round(options.fps), options.gop_frames, kbps)


def _quirks(names: Sequence[str]) -> Quirks:
    unknown = [name for name in names if name not in NAMED]
    if unknown:
        raise UsageError(
            N_("there is no misbehaviour of that name"),
            operation=N_("simulate cameras"),
            subject=", ".join(unknown),
            hint=N_("`luytre simulate --list-quirks` names them all."),
        )
    return reduce(or_, (NAMED[name] for name in names), WELL_BEHAVED)


def _streams(studio: Studio, cameras: int) -> dict[str, Stream]:
    tone = encode_tone()
    return {
        f"/cam{number + 1}/{kind}": Stream(studio.camera(number).source(kind), audio=tone)
        for number in range(cameras)
        for kind in KINDS
    }


def _let_be_found(discovery: Discovery) -> None:
    """Where nobody asked for it, pictures go on without."""
    try:
        discovery.start()
    except OSError as error:
        problem = UsageError(
            N_("the cameras cannot be found there"), operation=N_("simulate cameras"),
            subject=f"--found-on {' '.join(discovery.found_on)} ({error.strerror})",
            hint=N_("Give --found-on an address of this machine, or none."),
        )  # fmt: skip
        if tuple(discovery.found_on) != (LOOPBACK,):
            raise problem from error
        click.echo(problem.sentence(), err=True)


async def _serve(
    server: SimulatedServer, auth: Auth | None, show_passwords: bool, devices: Sequence[VirtualDevice], discovery: Discovery
) -> None:
    try:
        await server.start()
        for device in devices:
            device.rtsp_port = server.port
            device.start()
    except OSError as error:
        raise UsageError(
            N_("the port cannot be opened"),
            operation=N_("simulate cameras"),
            subject=f"{server.host}:{server.port} ({error.strerror})",
            hint=N_("Another program may use it: choose another one with --port."),
        ) from error
    _let_be_found(discovery)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    for path in server.streams:
        url = server.url(path, auth.user, auth.password) if auth else server.url(path)
        click.echo(url if show_passwords else redact_url(url))
    await stopped.wait()
    await server.stop()

"""`luytre camera`: the commune's cameras from the command line. Passwords are asked for or read, never arguments."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from luytre.base.i18n import _

if TYPE_CHECKING:
    from luytre.civic.registry.address import Address
    from luytre.civic.registry.models import Camera
    from luytre.civic.registry.sites import Position


@click.group("camera", help=_("Add, list, test and remove cameras."))
def camera() -> None:
    pass


def _start() -> None:
    from luytre.bridge.django import start_django

    start_django()


def _address(typed: str) -> Address:
    from luytre.base.errors import UsageError
    from luytre.civic.registry.address import parse_address

    try:
        return parse_address(typed, files_allowed=True)
    except UsageError as error:
        raise click.UsageError(str(error)) from error


def _position(typed: str) -> Position:
    from luytre.base.errors import UsageError
    from luytre.civic.registry.position import parse_position

    try:
        return parse_position(typed)
    except UsageError as error:
        raise click.UsageError(str(error)) from error


def _password(from_stdin: bool, username: str) -> str | None:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if username and sys.stdin.isatty():
        return str(click.prompt(_("Password on the camera"), hide_input=True, default="", show_default=False))
    return None


def find_camera(key: str) -> Camera:
    from luytre.civic.registry.models import Camera

    found = Camera.objects.filter(archived=False, key=key).first()
    named = list(Camera.objects.filter(archived=False, name__iexact=key)[:2])
    if found is None and len(named) == 1:
        found = named[0]
    if found is None:
        raise click.UsageError(_("there is no camera {key}; `luytre camera list` shows them all").format(key=key))
    return found


def _refresh() -> None:
    """The recorder pulls its list by itself within seconds; asking makes it sooner, and it need not be running."""
    from luytre.base.environment import read_environment
    from luytre.base.secret_files import node_key
    from luytre.bridge.recorder import RecorderClient
    from luytre.bridge.tokens import TokenMint

    environment = read_environment()
    RecorderClient(environment.media, TokenMint(node_key(environment.secrets))).refresh()


@camera.command("add", help=_("Add the camera NAME at URL, like rtsp://192.168.1.10:554/stream1. Prints its key."))
@click.argument("name")
@click.argument("url")
@click.option("--sub-url", default="", help=_("Address of the small picture for the wall."))
@click.option("--hamlet", default="", help=_("Where it hangs; made when it is new."))
@click.option(
    "--site", default="", help=_("The mounting place (default: named as the camera). Two cameras on one pole share it.")
)
@click.option("--site-kind", type=click.Choice(["route", "hot_spot", "residential"]), help=_("What the place looks over."))
@click.option("--road", default="", help=_("The road it hangs at."))
@click.option("--position", default="", help=_("Latitude and longitude, like 21.0285, 105.8542."))
@click.option("--username", default="", help=_("User name on the camera."))
@click.option("--password-stdin", is_flag=True, help=_("Read the camera's password from the first line of standard input."))
@click.option("--retention-days", type=click.IntRange(1, 3650), help=_("Days its footage is kept (default: the commune's)."))
@click.option("--sound", is_flag=True, help=_("Record sound too. Only where the usage regulation allows it."))
def add(
    name: str, url: str, sub_url: str, hamlet: str, site: str, site_kind: str | None, road: str, position: str, username: str,
    password_stdin: bool, retention_days: int | None, sound: bool,
) -> None:  # fmt: skip
    main, sub = _address(url), _address(sub_url) if sub_url else None
    password = _password(password_stdin, username)
    _start()
    from luytre.civic.registry.cameras import CameraDraft, credentials_of, save_camera
    from luytre.civic.registry.sites import SiteDraft

    if not name.strip():
        raise click.UsageError(_("a camera needs a name"))
    found = credentials_of(main, sub, username, password)
    place = SiteDraft(site, hamlet, site_kind or "", road, _position(position) if position else None)
    saved = save_camera(
        CameraDraft(
            name=name, main=main, sub=sub, site=place, username=found.username, password=found.password,
            retention_days=retention_days, sound=sound,
        )
    )  # fmt: skip
    _refresh()
    click.echo(saved.key)


@camera.command("list", help=_("List the cameras in use."))
@click.option("--json", "as_json", is_flag=True, help=_("As JSON, for other programs. Never holds a password."))
def list_cameras(as_json: bool) -> None:
    _start()
    from luytre.civic.registry.models import Camera

    cameras = Camera.objects.filter(archived=False).select_related("site__hamlet")
    rows = [
        {"key": item.key, "name": item.name, "hamlet": item.site.hamlet.name if item.site.hamlet else "",
         "site": item.site.name, "road": item.site.road, "enabled": item.enabled, "main_url": item.main_url_shown,
         "sub_url": item.sub_url_shown, "username": item.username}
        for item in cameras
    ]  # fmt: skip
    if as_json:
        click.echo(json.dumps({"cameras": rows}, ensure_ascii=False))
        return
    if not rows:
        click.echo(_("No camera yet. Add one with `luytre camera add NAME URL`."), err=True)
    for row in rows:
        state = "" if row["enabled"] else _("switched off")
        click.echo("  ".join(str(part) for part in (row["key"], row["name"], row["hamlet"], row["main_url"], state) if part))


@camera.command(
    "test", help=_("Open a camera (by its key, its name or an address) and say what it sends. Exit 1 when it does not work.")
)
@click.argument("camera_or_url")
@click.option("--username", default="", help=_("User name on the camera, when testing an address."))
@click.option("--password-stdin", is_flag=True, help=_("Read the password from the first line of standard input."))
@click.option("--picture", type=click.Path(dir_okay=False, writable=True), help=_("Write the picture to this JPEG file."))
def test(camera_or_url: str, username: str, password_stdin: bool, picture: str | None) -> None:
    if "://" in camera_or_url or camera_or_url.startswith("/"):
        address = _address(camera_or_url)
        username = username or address.username
        url, password = address.url, _password(password_stdin, username) or address.password
    else:
        _start()
        found = find_camera(camera_or_url)
        url, username, password = found.main_url, found.username, found.password
    from luytre.base.i18n import language
    from luytre.bridge.direct_probe import DirectProbe

    answer = DirectProbe().probe(url, username, password, language())
    if not answer.ok:
        click.echo(f"{answer.sentence[:1].upper()}{answer.sentence[1:]}. {answer.hint}", err=True)
        raise click.exceptions.Exit(1)
    if picture and answer.picture_jpeg:
        with open(picture, "wb") as file:
            file.write(answer.picture_jpeg)
    click.echo(f"{answer.codec.upper()} {answer.width_px}x{answer.height_px} {answer.fps:g} fps")


@camera.command("remove", help=_("Take a camera out of use. Its footage stays until its days are over."))
@click.argument("key")
@click.option("--yes", is_flag=True, help=_("Do not ask."))
def remove(key: str, yes: bool) -> None:
    _start()
    from luytre.civic.registry.cameras import archive_camera

    found = find_camera(key)
    if not yes:
        click.confirm(_("Take “{name}” out of use? This cannot be taken back.").format(name=found.name), abort=True)
    archive_camera(found)
    _refresh()
    click.echo(_("“{name}” was taken out of use.").format(name=found.name))

"""`luytre user`: accounts from the command line, also for whoever locked themselves out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from luytre.base.i18n import _

if TYPE_CHECKING:
    from luytre.civic.access.assignments import Wanted
    from luytre.civic.access.models import User

ROLES = (
    "administrator", "head", "duty", "hamlet_head", "security_team", "surveyor", "owner", "committee", "treasurer", "auditor",
    "resident",
)  # fmt: skip
"""As `access.models.Role` has them, written out so that `--help` starts no Django."""


@click.group("user", help=_("Add people and give them new passwords."))
def user() -> None:
    pass


def _start() -> None:
    from luytre.bridge.django import start_django

    start_django()


def _give_password(account: User, from_stdin: bool) -> None:
    """One from standard input is kept as it is; else a one-time password is made and printed."""
    from django.core.exceptions import ValidationError

    from luytre.civic.access.accounts import one_time_password, set_password

    if not from_stdin:
        password = one_time_password()
        set_password(account, password, must_change=True)
        click.echo(_("One-time password: {password} (must be changed at the first login)").format(password=password))
        return
    try:
        set_password(account, sys.stdin.readline().rstrip("\r\n"), must_change=False)
    except ValidationError as error:
        raise click.UsageError(" ".join(error.messages)) from error


def _wanted(role: str, named: bool, history: bool) -> Wanted:
    """Roles of a hamlet or of cameras get only what is named: without cameras none, until somebody gives them a place."""
    from luytre.civic.access.assignments import EVERYWHERE, NAMED_CAMERAS, Wanted
    from luytre.civic.access.ways import LOCAL_ROLES, ways_of

    if named and not ways_of(role):
        raise click.UsageError(_("this role sees no camera"))
    local = role in LOCAL_ROLES
    ways = frozenset({"live", "history"} if history else {"live"}) if local else frozenset[str]()
    return Wanted(role, NAMED_CAMERAS if named or local else EVERYWHERE, ways)


@user.command("add", help=_("Add an account. Without --password-stdin a one-time password is printed."))
@click.argument("username")
@click.option("--name", default="", help=_("How the person is shown to others."))
@click.option("--role", type=click.Choice(ROLES), default="security_team", show_default=True, help=_("What the person may do."))
@click.option(
    "--camera", "cameras", multiple=True, help=_("A camera (key or name) the person may see, instead of all; may be repeated.")
)
@click.option("--history", is_flag=True, help=_("A hamlet head, security team or owner may also see recorded footage."))
@click.option("--password-stdin", is_flag=True, help=_("Read the password from standard input instead of making a one-time one."))
def add(username: str, name: str, role: str, cameras: tuple[str, ...], history: bool, password_stdin: bool) -> None:
    _start()
    from django.core.exceptions import ValidationError
    from django.db import transaction
    from django.utils import timezone

    from luytre.civic.access.models import User
    from luytre.civic.registry.grants import assign_place
    from luytre.cli.camera import find_camera

    account = User(username=username, display_name=name)
    try:
        account.full_clean(exclude=["password"])
    except ValidationError as error:
        raise click.UsageError(" ".join(error.messages)) from error
    found = [find_camera(key) for key in cameras]
    with transaction.atomic():
        account.set_unusable_password()
        account.save()
        assign_place(None, account, _wanted(role, bool(found), history), {item.key for item in found}, timezone.now())
        _give_password(account, password_stdin)


@user.command("password", help=_("Give an account a new password, and lift its lock after too many wrong tries."))
@click.argument("username")
@click.option("--password-stdin", is_flag=True, help=_("Read the password from standard input instead of making a one-time one."))
@click.option("--remove-second-step", is_flag=True, help=_("Telephone or key lost: the password alone is enough."))
def password(username: str, password_stdin: bool, remove_second_step: bool) -> None:
    _start()
    from allauth.mfa.models import Authenticator
    from axes.utils import reset

    from luytre.civic.access.models import User

    account = User.objects.filter(username__iexact=username).first()
    if account is None:
        raise click.UsageError(_("there is no account {username}").format(username=username))
    _give_password(account, password_stdin)
    if remove_second_step:
        Authenticator.objects.filter(user=account).delete()
    reset(username=account.username.lower())  # as web.views.account.name_for_counting has it

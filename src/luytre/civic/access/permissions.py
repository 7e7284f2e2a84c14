"""The permission table: every route of the web, who may use it, and over which cameras. There is no second one.

A route that is missing here is refused by `web.middleware`, and a test that walks the whole urlconf fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from luytre.civic.access.models import LookKind, Role

ADMINISTRATOR, OPERATOR, VIEWER = Role.ADMINISTRATOR, Role.OPERATOR, Role.VIEWER
EVERY_ROLE = frozenset({ADMINISTRATOR, OPERATOR, VIEWER})


class Scope(StrEnum):
    PUBLIC = "public"
    """Without an account."""
    MACHINE = "machine"
    """No person: the view checks a node's token itself."""
    ACCOUNT = "account"
    """Any account, also one that must change its password first."""
    SELF = "self"
    """The person's own account; its password is its own already."""
    OWN = "own"
    """What the page shows is only the cameras of the person's scope; the view asks `registry.scope`."""
    CAMERA = "camera"
    """The camera named by `key` in the address must be in the person's scope; else it is as if it did not exist."""
    ALL = "all"
    """The whole commune."""


@dataclass(frozen=True, slots=True)
class Permission:
    scope: Scope
    roles: frozenset[str] = EVERY_ROLE


_ADMINISTRATION = frozenset({ADMINISTRATOR})
_DUTY = frozenset({ADMINISTRATOR, OPERATOR})

PERMISSIONS: dict[str, Permission] = {
    "account_login": Permission(Scope.PUBLIC),
    "account_logout": Permission(Scope.ACCOUNT),
    "password": Permission(Scope.ACCOUNT),
    "enter": Permission(Scope.PUBLIC),
    "mfa_authenticate": Permission(Scope.PUBLIC),
    "account": Permission(Scope.SELF),
    "account_session_end": Permission(Scope.SELF),
    "account_sessions_end": Permission(Scope.SELF),
    "account_reauthenticate": Permission(Scope.SELF),
    "mfa_index": Permission(Scope.SELF),
    "mfa_reauthenticate": Permission(Scope.SELF),
    "mfa_reauthenticate_webauthn": Permission(Scope.SELF),
    "mfa_activate_totp": Permission(Scope.SELF),
    "mfa_deactivate_totp": Permission(Scope.SELF),
    "mfa_list_webauthn": Permission(Scope.SELF),
    "mfa_add_webauthn": Permission(Scope.SELF),
    "mfa_edit_webauthn": Permission(Scope.SELF),
    "mfa_remove_webauthn": Permission(Scope.SELF),
    "mfa_view_recovery_codes": Permission(Scope.SELF),
    "mfa_generate_recovery_codes": Permission(Scope.SELF),
    "people": Permission(Scope.ALL, _ADMINISTRATION),
    "person_add": Permission(Scope.ALL, _ADMINISTRATION),
    "person": Permission(Scope.ALL, _ADMINISTRATION),
    "person_edit": Permission(Scope.ALL, _ADMINISTRATION),
    "person_link": Permission(Scope.ALL, _ADMINISTRATION),
    "person_switch": Permission(Scope.ALL, _ADMINISTRATION),
    "person_sessions": Permission(Scope.ALL, _ADMINISTRATION),
    "person_second_step": Permission(Scope.ALL, _ADMINISTRATION),
    "language": Permission(Scope.PUBLIC),
    "theme": Permission(Scope.PUBLIC),
    "alive": Permission(Scope.PUBLIC),
    "manifest": Permission(Scope.PUBLIC),
    "service_worker": Permission(Scope.PUBLIC),
    "offline": Permission(Scope.PUBLIC),
    "recorder_config": Permission(Scope.MACHINE),
    "home": Permission(Scope.OWN),
    "wall": Permission(Scope.OWN),
    "wall_order": Permission(Scope.OWN),
    "playback": Permission(Scope.OWN),
    "health": Permission(Scope.OWN),
    "health_now": Permission(Scope.OWN),
    "media_token": Permission(Scope.OWN),
    "export": Permission(Scope.OWN, _DUTY),
    "bookmarks": Permission(Scope.OWN),
    "bookmark_delete": Permission(Scope.OWN),
    "bookmark_restore": Permission(Scope.OWN),
    "cameras": Permission(Scope.ALL, _DUTY),
    "camera_add": Permission(Scope.ALL, _ADMINISTRATION),
    "camera_try": Permission(Scope.ALL, _ADMINISTRATION),
    "start": Permission(Scope.ALL, _ADMINISTRATION),
    "start_leave": Permission(Scope.ALL, _ADMINISTRATION),
    "settings": Permission(Scope.ALL, _ADMINISTRATION),
    "find": Permission(Scope.OWN),
    "camera_health": Permission(Scope.CAMERA),
    "camera_export": Permission(Scope.ALL, _DUTY),
    "camera_import": Permission(Scope.ALL, _ADMINISTRATION),
    "camera_find": Permission(Scope.ALL, _ADMINISTRATION),
    "camera_find_now": Permission(Scope.ALL, _ADMINISTRATION),
    "camera_device": Permission(Scope.ALL, _ADMINISTRATION),
    "camera": Permission(Scope.CAMERA),
    "camera_edit": Permission(Scope.CAMERA, _ADMINISTRATION),
    "camera_switch": Permission(Scope.CAMERA, _ADMINISTRATION),
    "camera_remove": Permission(Scope.CAMERA, _ADMINISTRATION),
}

LOOKS: dict[LookKind, frozenset[str]] = {
    LookKind.LIVE: EVERY_ROLE,
    LookKind.HISTORY: EVERY_ROLE,
    LookKind.EXPORT: _DUTY,
}
"""Who may look in which way, over the cameras of their scope (`registry.scope` narrows a viewer's further)."""


def may_use(route: str, role: str) -> bool:
    """Whether a role may use a route at all; which cameras it meets there is the scope's matter."""
    permission = PERMISSIONS.get(route)
    return permission is not None and (permission.scope is Scope.PUBLIC or role in permission.roles)

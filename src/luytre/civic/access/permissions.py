"""The permission table: every route of the web, who may use it, and over which cameras. There is no second one.

A route that is missing here is refused by `web.middleware`, and a test that walks the whole urlconf fails.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from luytre.civic.access.models import Role
from luytre.civic.access.ways import PICTURE_ROLES, POLICE, SURVEY_ROLES

ANYBODY = frozenset({*Role.values, ""})
"""Also an account without any role in force."""


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
    DEVICE = "device"
    """As CAMERA, for what shows no picture: the administrator meets every camera here."""
    ALL = "all"
    """The whole commune."""


@dataclass(frozen=True, slots=True)
class Permission:
    scope: Scope
    roles: frozenset[str] = ANYBODY


_ADMINISTRATION = frozenset[str]({Role.ADMINISTRATOR})
_PICTURES = frozenset[str](PICTURE_ROLES)
_EXPORT = frozenset[str](POLICE)
_DEVICES = _PICTURES | _ADMINISTRATION
_CAMERAS = _EXPORT | _ADMINISTRATION
_MENDS = _DEVICES - {Role.OWNER}
"""Who sees to what is broken, each for the cameras of the own place; an owner only reads of it."""
_AUDIT = frozenset({Role.AUDITOR, Role.HEAD})
"""Who reads the access log. The administrator too: a log that is not whole is the machine's trouble first."""
_ASKED = (
    "petitions", "petition_new", "petition", "petition_hold", "petition_write", "petition_note", "petition_show",
    "petition_absent", "petition_sender", "petition_clip", "petition_scan", "petition_paper",
    "rights", "right_new", "right", "right_write", "right_note", "right_which", "right_carry", "right_sender", "right_paper",
)  # fmt: skip
"""What is done with requests for footage and claims to data."""
_ASKED_OF_HEAD = (
    "petition_decide", "right_decide", "right_extend", "right_lift", "breach_new", "breach_change", "breach_notified",
    "breach_telling", "breach_close", "breach_paper",
)  # fmt: skip
"""What of it the head alone does, and the writing of the breach file."""
_HOLDS = _EXPORT | {Role.AUDITOR}
"""Who reads which footage is on hold; only commune police set, renew and lift."""
_WORKDAYS = frozenset[str]({Role.ADMINISTRATOR, Role.HEAD})
"""Who writes down which days are off: the clocks of the law run by them."""
_MASKS = frozenset[str]({Role.ADMINISTRATOR, Role.HEAD})
"""Who draws what is hidden: one picture is seen for it, written down each time."""
_DEVICES_SET = frozenset[str]({Role.ADMINISTRATOR, Role.HEAD})
"""Who sets a camera's own clock, password and pictures; the duty reads them."""
_MAP = _DEVICES | {Role.COMMITTEE, Role.SURVEYOR}
"""Who meets the map; which layers, and what is in them, is `web.map_layers`."""
_COVERAGE = _MAP - {Role.SURVEYOR, Role.OWNER}
"""Who reads how well places are seen; who has a hamlet reads those of the hamlet."""
_MAP_DRAWN = frozenset[str]({Role.ADMINISTRATOR, Role.HEAD})
"""Who draws on the map; the duty turns eyes besides (`map_eye`)."""
_EYES_READ = _CAMERAS | {Role.COMMITTEE, Role.HAMLET_HEAD}
"""Who reads the register; a hamlet's head that of the hamlet, and owners' names are for fewer (`registry.eye_scope`)."""
_EYES_KEPT = frozenset[str]({Role.ADMINISTRATOR, Role.HEAD})
"""Who adds and removes in the register, brings sheets in and takes them out; the duty changes what is there."""
_PLANS = frozenset[str]({Role.ADMINISTRATOR, Role.HEAD, Role.COMMITTEE})
"""Who makes plans; the head alone writes down that one was decided on, after the committee's meeting."""
_SURVEY = frozenset[str](SURVEY_ROLES)
_SURVEY_OVERSEEN = frozenset[str]({Role.HEAD, Role.ADMINISTRATOR})
"""Who makes campaigns, and decides on needs and on anybody's two versions; the same as `survey.scope.OVERSEERS`."""
_TIPS = _EXPORT | {Role.HAMLET_HEAD, Role.SECURITY_TEAM}
"""Who meets tips and incidents; a hamlet's people those that were given to their hamlet (`tips.scope`, `incidents.scope`)."""
_MOBILISES = _TIPS | {Role.COMMITTEE}
"""Who reads campaigns; a hamlet's people the counts of their hamlet (`mobilisation.scope`)."""
_CAMPAIGNS = _EXPORT | {Role.COMMITTEE}
"""Who plans campaigns; the same as `mobilisation.scope.PLANS`."""
_LEDGER = frozenset[str]({Role.TREASURER, Role.HEAD})
"""Who enters in the book of contributions and reads givers' names and pledges; the same as `ledger.scope.ENTERS`."""
_LEDGER_OPENS = _LEDGER | {Role.AUDITOR}
"""Who opens invoices and minutes, each look written down; the same as `ledger.scope.OPENS_DOCUMENTS`."""
_LEDGER_READS = _LEDGER_OPENS | {Role.COMMITTEE}
"""Who reads the book, the estimates and the trial balance, with names of those alone who agreed."""
_COMMITTEE = frozenset[str]({Role.COMMITTEE, Role.HEAD})
"""Who writes what the committee decides and does; the same as `committee.scope.WRITES`."""
_COMMITTEE_READS = _COMMITTEE | {Role.AUDITOR}
_OWN_TASKS = _COMMITTEE | {Role.HAMLET_HEAD, Role.DUTY, Role.SECURITY_TEAM, Role.TREASURER}
"""Who may be given a task of the committee and sees the own ones alone (`committee.scope.own_tasks`)."""
_REPORTS = frozenset[str]({Role.HEAD, Role.COMMITTEE})
"""Who writes the words of a report; the head alone issues it. The same as `reports.scope.WRITES`."""
_REPORTS_WHOLE = _REPORTS | {Role.AUDITOR}
"""Who reads all of it; the treasurer reads the money alone (`reports.scope`)."""
_REPORTS_READ = _REPORTS_WHOLE | {Role.TREASURER}
_PACTS_OWN = _COMMITTEE_READS | {Role.HAMLET_HEAD}
"""Who reads how units stand; a hamlet's head the own hamlet and the first three, and scores and signs for it."""
REGULATES = frozenset[str]({Role.HEAD})
"""Who drafts and approves the usage regulation."""

_PACKAGE_STEPS = (
    "package_new", "package_again", "package_look", "package_file", "package_verify", "package_hand", "package_minutes",
    "clip_package",
)  # fmt: skip
_COMMITTEE_PAGES = (
    "committee", "committee_members", "committee_member", "committee_launch_paper", "committee_launch", "committee_documents",
    "committee_documents_sheet", "committee_document", "committee_document_file", "committee_tasks", "committee_meetings",
    "committee_meeting", "committee_meeting_paper",
)  # fmt: skip
_COMMITTEE_STEPS = (
    "committee_launch_held", "committee_document_new", "committee_document_end", "committee_document_strike",
    "committee_task_new", "committee_meeting_new", "committee_meeting_edit", "committee_meeting_minutes",
    "committee_meeting_sign", "committee_meeting_cancel", "committee_meeting_correct", "committee_resolution_task",
)  # fmt: skip
_LEDGER_PAGES = (
    "ledger_new", "ledger_reverse", "ledger_names", "ledger_consent", "ledger_paper", "ledger_repairs", "ledger_repair_book",
    "ledger_pledges", "ledger_pledge_new", "ledger_pledge", "ledger_pledge_names", "ledger_pledge_amend",
    "ledger_pledge_let_go", "ledger_estimate_new", "ledger_estimate_decide",
)  # fmt: skip
PERMISSIONS: dict[str, Permission] = {
    "account_login": Permission(Scope.PUBLIC),
    "account_logout": Permission(Scope.ACCOUNT),
    "password": Permission(Scope.ACCOUNT),
    "enter": Permission(Scope.PUBLIC),
    "mfa_authenticate": Permission(Scope.PUBLIC),
    "account": Permission(Scope.SELF),
    "account_session_end": Permission(Scope.SELF),
    "account_sessions_end": Permission(Scope.SELF),
    "account_device_add": Permission(Scope.SELF),
    "account_device_remove": Permission(Scope.SELF),
    "account_device_morning": Permission(Scope.SELF),
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
    "person_assign": Permission(Scope.ALL, _ADMINISTRATION),
    "person_assignment_end": Permission(Scope.ALL, _ADMINISTRATION),
    "person_link": Permission(Scope.ALL, _ADMINISTRATION),
    "person_switch": Permission(Scope.ALL, _ADMINISTRATION),
    "person_sessions": Permission(Scope.ALL, _ADMINISTRATION),
    "person_second_step": Permission(Scope.ALL, _ADMINISTRATION),
    "language": Permission(Scope.PUBLIC),
    "verifier": Permission(Scope.PUBLIC),
    "theme": Permission(Scope.PUBLIC),
    "alive": Permission(Scope.PUBLIC),
    "manifest": Permission(Scope.PUBLIC),
    "service_worker": Permission(Scope.PUBLIC),
    "offline": Permission(Scope.PUBLIC),
    "this_camera": Permission(Scope.PUBLIC),
    "openness": Permission(Scope.PUBLIC),
    "openness_file": Permission(Scope.PUBLIC),
    "tip_tell": Permission(Scope.PUBLIC),
    "tip_ready": Permission(Scope.PUBLIC),
    "tip_map": Permission(Scope.PUBLIC),
    "tip_basemap": Permission(Scope.PUBLIC),
    "tip_released": Permission(Scope.PUBLIC),
    "tip_released_picture": Permission(Scope.PUBLIC),
    "tip_worker": Permission(Scope.PUBLIC),
    "tip_follow": Permission(Scope.PUBLIC),
    "petition_ask": Permission(Scope.PUBLIC),
    "rights_ask": Permission(Scope.PUBLIC),
    "subscribe": Permission(Scope.PUBLIC),
    "subscribe_worker": Permission(Scope.PUBLIC),
    "subscribe_message": Permission(Scope.PUBLIC),
    "subscribe_confirm": Permission(Scope.PUBLIC),
    "subscribe_end": Permission(Scope.PUBLIC),
    "dispatch": Permission(Scope.ALL, _EXPORT),
    "dispatch_new": Permission(Scope.ALL, _EXPORT),
    "dispatch_message": Permission(Scope.ALL, _EXPORT),
    "dispatch_edit": Permission(Scope.ALL, _EXPORT),
    "dispatch_approve": Permission(Scope.ALL, frozenset({Role.HEAD})),
    "dispatch_refuse": Permission(Scope.ALL, frozenset({Role.HEAD})),
    "dispatch_stop": Permission(Scope.ALL, _EXPORT),
    "appeal_owner": Permission(Scope.PUBLIC),
    "appeal_begin": Permission(Scope.PUBLIC),
    "appeal_piece": Permission(Scope.PUBLIC),
    "appeal_receipt": Permission(Scope.PUBLIC),
    "appeals": Permission(Scope.OWN, _TIPS),
    "appeal_new": Permission(Scope.ALL, _EXPORT),
    "appeal": Permission(Scope.OWN, _TIPS),
    "appeal_link": Permission(Scope.OWN, _TIPS),
    "appeal_close": Permission(Scope.ALL, _EXPORT),
    "appeal_look": Permission(Scope.ALL, _EXPORT),
    "appeal_copy": Permission(Scope.ALL, _EXPORT),
    "appeal_destroy": Permission(Scope.ALL, frozenset({Role.HEAD})),
    "appeal_hand": Permission(Scope.ALL, _EXPORT),
    "appeal_bytes": Permission(Scope.ALL, _EXPORT),
    "coordination": Permission(Scope.ALL),
    "coordination_paper": Permission(Scope.ALL),
    "coordination_draft": Permission(Scope.ALL, REGULATES),
    "coordination_discard": Permission(Scope.ALL, REGULATES),
    "coordination_approve": Permission(Scope.ALL, REGULATES),
    "coordination_draft_paper": Permission(Scope.ALL, REGULATES),
    "alerts": Permission(Scope.OWN, _TIPS),
    "alerts_bar": Permission(Scope.OWN, _TIPS),
    "incidents": Permission(Scope.OWN, _TIPS),
    "incidents_layer": Permission(Scope.OWN, _TIPS),
    "incident_new": Permission(Scope.ALL, _EXPORT),
    "incident": Permission(Scope.OWN, _TIPS),
    "incident_accept": Permission(Scope.OWN, _TIPS),
    "incident_arrive": Permission(Scope.OWN, _TIPS),
    "incident_done": Permission(Scope.OWN, _TIPS),
    "incident_decline": Permission(Scope.OWN, _TIPS),
    "incident_note": Permission(Scope.OWN, _TIPS),
    "incident_give": Permission(Scope.ALL, _EXPORT),
    "incident_hold": Permission(Scope.ALL, _EXPORT),
    "incident_link": Permission(Scope.ALL, _EXPORT),
    "incident_close": Permission(Scope.ALL, _EXPORT),
    "incident_reopen": Permission(Scope.ALL, _EXPORT),
    "incident_people": Permission(Scope.ALL, _EXPORT),
    "incident_person": Permission(Scope.ALL, _EXPORT),
    "incident_person_strike": Permission(Scope.ALL, _EXPORT),
    "incident_task": Permission(Scope.ALL, _EXPORT),
    "incident_task_accept": Permission(Scope.OWN, _TIPS),
    "incident_task_arrive": Permission(Scope.OWN, _TIPS),
    "incident_task_done": Permission(Scope.OWN, _TIPS),
    "incident_task_decline": Permission(Scope.OWN, _TIPS),
    "incident_task_drop": Permission(Scope.ALL, _EXPORT),
    **dict.fromkeys(_COMMITTEE_PAGES, Permission(Scope.ALL, _COMMITTEE_READS)),
    **dict.fromkeys(_COMMITTEE_STEPS, Permission(Scope.ALL, _COMMITTEE)),
    "committee_mine": Permission(Scope.OWN, _OWN_TASKS),
    "committee_task": Permission(Scope.OWN, _OWN_TASKS | {Role.AUDITOR}),
    "committee_task_step": Permission(Scope.OWN, _OWN_TASKS),
    "pacts": Permission(Scope.OWN, _PACTS_OWN),
    "pact": Permission(Scope.OWN, _PACTS_OWN),
    "pact_paper": Permission(Scope.OWN, _PACTS_OWN),
    "pact_quarter": Permission(Scope.OWN, _PACTS_OWN),
    "pact_score": Permission(Scope.OWN, _PACTS_OWN),
    "pact_sign": Permission(Scope.OWN, _PACTS_OWN),
    "pact_sets": Permission(Scope.ALL, _COMMITTEE_READS),
    "pact_set": Permission(Scope.ALL, _COMMITTEE_READS),
    "pact_commendations": Permission(Scope.ALL, _COMMITTEE_READS),
    "pact_commendations_paper": Permission(Scope.ALL, _COMMITTEE_READS),
    "pact_quarter_paper": Permission(Scope.ALL, _COMMITTEE_READS),
    "pact_set_new": Permission(Scope.ALL, _COMMITTEE),
    "pact_new": Permission(Scope.ALL, _COMMITTEE),
    "pact_file": Permission(Scope.ALL, _COMMITTEE),
    "pact_withdraw": Permission(Scope.ALL, _COMMITTEE),
    "pact_quarter_open": Permission(Scope.ALL, _COMMITTEE),
    "pact_quarter_close": Permission(Scope.ALL, _COMMITTEE),
    "pact_commendation_strike": Permission(Scope.ALL, _COMMITTEE),
    "pact_quarter_reopen": Permission(Scope.ALL, frozenset({Role.HEAD})),
    "pact_breach": Permission(Scope.ALL, frozenset({Role.HEAD})),
    "pact_breach_back": Permission(Scope.ALL, frozenset({Role.HEAD})),
    "ledger": Permission(Scope.ALL, _LEDGER_READS),
    "ledger_sheet": Permission(Scope.ALL, _LEDGER_READS),
    "ledger_entry": Permission(Scope.ALL, _LEDGER_READS),
    "ledger_balance": Permission(Scope.ALL, _LEDGER_READS),
    "ledger_balance_paper": Permission(Scope.ALL, _LEDGER_READS),
    "ledger_balance_sheet": Permission(Scope.ALL, _LEDGER_READS),
    "ledger_estimates": Permission(Scope.ALL, _LEDGER_READS),
    "ledger_estimate": Permission(Scope.ALL, _LEDGER_READS),
    "ledger_estimate_paper": Permission(Scope.ALL, _LEDGER_READS),
    "ledger_document": Permission(Scope.ALL, _LEDGER_OPENS),
    "ledger_estimate_document": Permission(Scope.ALL, _LEDGER_OPENS),
    **dict.fromkeys(_LEDGER_PAGES, Permission(Scope.ALL, _LEDGER)),
    "reports": Permission(Scope.ALL, _REPORTS_READ),
    "report": Permission(Scope.ALL, _REPORTS_READ),
    "report_rows": Permission(Scope.ALL, _REPORTS_READ),
    "report_sheet": Permission(Scope.ALL, _REPORTS_READ),
    "report_paper": Permission(Scope.ALL, _REPORTS_WHOLE),
    "report_write": Permission(Scope.ALL, _REPORTS),
    "report_issue": Permission(Scope.ALL, REGULATES),
    "report_again": Permission(Scope.ALL, REGULATES),
    "report_drop": Permission(Scope.ALL, REGULATES),
    "mobilisation": Permission(Scope.OWN, _MOBILISES),
    "mobilisation_paper": Permission(Scope.ALL, _MOBILISES),
    "mobilisation_campaign": Permission(Scope.OWN, _MOBILISES),
    "mobilisation_sheet": Permission(Scope.OWN, _MOBILISES),
    "mobilisation_new": Permission(Scope.ALL, _CAMPAIGNS),
    "mobilisation_edit": Permission(Scope.ALL, _CAMPAIGNS),
    "mobilisation_go": Permission(Scope.OWN, _TIPS),
    "mobilisation_followup": Permission(Scope.OWN, _TIPS),
    "mobilisation_commitment": Permission(Scope.OWN, _TIPS),
    "owners": Permission(Scope.OWN, _TIPS),
    "owners_sheet": Permission(Scope.OWN, _TIPS),
    "owner_new": Permission(Scope.OWN, _TIPS),
    "owner_offers": Permission(Scope.OWN, _TIPS),
    "owner_offer": Permission(Scope.OWN, _TIPS),
    "owner": Permission(Scope.OWN, _TIPS),
    "owner_agree": Permission(Scope.OWN, _TIPS),
    "owner_narrow": Permission(Scope.OWN, _TIPS),
    "owner_withdraw": Permission(Scope.OWN, _TIPS),
    "owner_link": Permission(Scope.OWN, _TIPS),
    "owner_open": Permission(Scope.OWN, _EXPORT),
    "owner_shut": Permission(Scope.OWN, _EXPORT),
    "owner_signed": Permission(Scope.OWN, _EXPORT),
    "my_cameras": Permission(Scope.OWN, frozenset({Role.OWNER})),
    "my_camera": Permission(Scope.OWN, frozenset({Role.OWNER})),
    "offer_eye": Permission(Scope.PUBLIC),
    "owner_link_page": Permission(Scope.PUBLIC),
    "bulletins": Permission(Scope.OWN, _TIPS),
    "bulletins_line": Permission(Scope.OWN, _TIPS),
    "bulletin_new": Permission(Scope.ALL, _EXPORT),
    "bulletin": Permission(Scope.OWN, _TIPS),
    "bulletin_picture": Permission(Scope.OWN, _TIPS),
    "bulletin_paper": Permission(Scope.OWN, _TIPS),
    "bulletin_seen": Permission(Scope.OWN, _TIPS),
    "bulletin_prolong": Permission(Scope.ALL, _EXPORT),
    "bulletin_end": Permission(Scope.ALL, _EXPORT),
    "signals": Permission(Scope.OWN, _TIPS),
    "signal_new": Permission(Scope.OWN, _TIPS),
    "signal_report": Permission(Scope.OWN, _TIPS),
    "signal_sheet": Permission(Scope.OWN, _TIPS),
    "signals_paper": Permission(Scope.ALL),
    "signal_tree": Permission(Scope.OWN, _TIPS),
    "signal_tree_add": Permission(Scope.OWN, _TIPS),
    "signal_tree_change": Permission(Scope.OWN, _TIPS),
    "signal_tree_remove": Permission(Scope.OWN, _TIPS),
    "signal_tree_earlier": Permission(Scope.OWN, _TIPS),
    "signal": Permission(Scope.OWN, _TIPS),
    "signal_answer": Permission(Scope.OWN, _TIPS),
    "signal_enter": Permission(Scope.OWN, _TIPS),
    "signal_reach": Permission(Scope.OWN, _TIPS),
    "signal_note": Permission(Scope.OWN, _TIPS),
    "signal_incident": Permission(Scope.ALL, _EXPORT),
    "signal_end": Permission(Scope.OWN, _TIPS),
    **dict.fromkeys(
        ("shifts", "shift_report", "shift_paper", "shift_hand", "shift_take", "shift_note"),
        Permission(Scope.ALL, _EXPORT),
    ),
    "tips": Permission(Scope.OWN, _TIPS),
    "tip": Permission(Scope.OWN, _TIPS),
    "tip_picture": Permission(Scope.ALL, _EXPORT),
    "tip_faces": Permission(Scope.ALL, _EXPORT),
    "tip_copy": Permission(Scope.OWN, _TIPS),
    "tip_poster": Permission(Scope.ALL, _EXPORT),
    "tip_give": Permission(Scope.ALL, _EXPORT),
    "tip_write": Permission(Scope.ALL, _EXPORT),
    "tip_close": Permission(Scope.ALL, _EXPORT),
    "tip_reopen": Permission(Scope.ALL, _EXPORT),
    "tip_release": Permission(Scope.ALL, _EXPORT),
    "tip_retract": Permission(Scope.ALL, _EXPORT),
    "tip_number": Permission(Scope.ALL, _EXPORT),
    **dict.fromkeys(_ASKED, Permission(Scope.ALL, _EXPORT)),
    **dict.fromkeys(_ASKED_OF_HEAD, Permission(Scope.ALL, frozenset({Role.HEAD}))),
    **dict.fromkeys(("breaches", "breach", "dossier"), Permission(Scope.ALL, _AUDIT)),
    "recorder_config": Permission(Scope.MACHINE),
    "home": Permission(Scope.OWN),
    "wall": Permission(Scope.OWN, _PICTURES),
    "wall_order": Permission(Scope.OWN, _PICTURES),
    "playback": Permission(Scope.OWN, _PICTURES),
    "health": Permission(Scope.OWN, _DEVICES),
    "health_now": Permission(Scope.OWN, _DEVICES),
    "wiring": Permission(Scope.ALL, _CAMERAS),
    "feed_add": Permission(Scope.ALL, _EYES_KEPT),
    "feed": Permission(Scope.ALL, _EYES_KEPT),
    "feed_remove": Permission(Scope.ALL, _EYES_KEPT),
    "firm_add": Permission(Scope.ALL, _EYES_KEPT),
    "firm": Permission(Scope.ALL, _EYES_KEPT),
    "firm_remove": Permission(Scope.ALL, _EYES_KEPT),
    "health_disk": Permission(Scope.ALL, _CAMERAS),
    "disk_nights": Permission(Scope.ALL, _DEVICES_SET),
    "health_morning": Permission(Scope.OWN, _DEVICES),
    "health_todo": Permission(Scope.OWN, _DEVICES),
    "health_tickets": Permission(Scope.OWN, _DEVICES),
    "health_ticket": Permission(Scope.OWN, _DEVICES),
    "ticket_take": Permission(Scope.OWN, _MENDS),
    "ticket_wait": Permission(Scope.OWN, _MENDS),
    "ticket_note": Permission(Scope.OWN, _MENDS),
    "ticket_close": Permission(Scope.OWN, _MENDS),
    "ticket_reopen": Permission(Scope.OWN, _MENDS),
    "ticket_repair": Permission(Scope.OWN, _MENDS),
    "ticket_assign": Permission(Scope.OWN, _CAMERAS),
    "repairs_sheet": Permission(Scope.OWN, _DEVICES),
    "health_uptime": Permission(Scope.OWN, _DEVICES),
    "health_uptime_sheet": Permission(Scope.OWN, _DEVICES),
    "media_token": Permission(Scope.OWN, _PICTURES),
    "export": Permission(Scope.OWN, _EXPORT),
    "evidence": Permission(Scope.ALL, _EXPORT | {Role.AUDITOR}),
    "blurs": Permission(Scope.ALL, _EXPORT | {Role.AUDITOR}),
    "blur_new": Permission(Scope.ALL, _EXPORT),
    "blur": Permission(Scope.ALL, _EXPORT | {Role.AUDITOR}),
    "blur_save": Permission(Scope.ALL, _EXPORT),
    **dict.fromkeys(("packages", "package"), Permission(Scope.ALL, _EXPORT | {Role.AUDITOR})),
    **dict.fromkeys(_PACKAGE_STEPS, Permission(Scope.OWN, _EXPORT)),
    "package_destroy": Permission(Scope.ALL, frozenset({Role.HEAD})),
    "clip_ask": Permission(Scope.OWN, _EXPORT),
    "clip_request": Permission(Scope.ALL, _EXPORT | {Role.AUDITOR}),
    "clip_decide": Permission(Scope.ALL, _EXPORT),
    "bookmarks": Permission(Scope.OWN, _PICTURES),
    "bookmark_delete": Permission(Scope.OWN, _PICTURES),
    "bookmark_restore": Permission(Scope.OWN, _PICTURES),
    "cameras": Permission(Scope.ALL, _CAMERAS),
    "camera_add": Permission(Scope.ALL, _ADMINISTRATION),
    "camera_try": Permission(Scope.ALL, _ADMINISTRATION),
    "start": Permission(Scope.ALL, _ADMINISTRATION),
    "start_leave": Permission(Scope.ALL, _ADMINISTRATION),
    "settings": Permission(Scope.ALL, _ADMINISTRATION),
    "workdays": Permission(Scope.ALL, _WORKDAYS),
    "workdays_say": Permission(Scope.ALL, _WORKDAYS),
    "workdays_check": Permission(Scope.ALL, _WORKDAYS),
    "units": Permission(Scope.ALL, _ADMINISTRATION),
    "unit_add": Permission(Scope.ALL, _ADMINISTRATION),
    "unit_change": Permission(Scope.ALL, _ADMINISTRATION),
    "unit_merge": Permission(Scope.ALL, _ADMINISTRATION),
    "unit_end": Permission(Scope.ALL, _ADMINISTRATION),
    "camera_groups": Permission(Scope.ALL, _ADMINISTRATION),
    "camera_group_add": Permission(Scope.ALL, _ADMINISTRATION),
    "camera_group": Permission(Scope.ALL, _ADMINISTRATION),
    "camera_group_remove": Permission(Scope.ALL, _ADMINISTRATION),
    "regulation": Permission(Scope.ALL),
    "regulation_version": Permission(Scope.ALL),
    "regulation_paper": Permission(Scope.ALL),
    "regulation_draft": Permission(Scope.ALL, REGULATES),
    "regulation_section": Permission(Scope.ALL, REGULATES),
    "regulation_draft_paper": Permission(Scope.ALL, REGULATES),
    "regulation_discard": Permission(Scope.ALL, REGULATES),
    "regulation_approve": Permission(Scope.ALL, REGULATES),
    "audit": Permission(Scope.ALL, _AUDIT),
    "audit_sheet": Permission(Scope.ALL, _AUDIT),
    "audit_verify": Permission(Scope.ALL, _AUDIT),
    "audit_sign": Permission(Scope.ALL, _AUDIT),
    "audit_checkpoint": Permission(Scope.ALL, _AUDIT),
    "holds": Permission(Scope.OWN, _HOLDS),
    "holds_sheet": Permission(Scope.OWN, _HOLDS),
    "holds_due": Permission(Scope.OWN, _EXPORT),
    "hold": Permission(Scope.OWN, _HOLDS),
    "hold_new": Permission(Scope.OWN, _EXPORT),
    "hold_renew": Permission(Scope.OWN, _EXPORT),
    "hold_lift": Permission(Scope.OWN, _EXPORT),
    "erased": Permission(Scope.ALL, _AUDIT),
    "erased_sheet": Permission(Scope.ALL, _AUDIT),
    "map": Permission(Scope.OWN, _MAP),
    "map_states": Permission(Scope.OWN, _MAP),
    "map_basemap": Permission(Scope.OWN, _MAP),
    "map_layer": Permission(Scope.OWN, _MAP),
    "map_paper": Permission(Scope.OWN, _MAP),
    "coverage": Permission(Scope.OWN, _COVERAGE),
    "coverage_sheet": Permission(Scope.OWN, _COVERAGE),
    "map_candidate_add": Permission(Scope.ALL, _PLANS),
    "map_candidate": Permission(Scope.ALL, _PLANS),
    "map_candidate_remove": Permission(Scope.ALL, _PLANS),
    "map_plan": Permission(Scope.ALL, _PLANS),
    "map_plan_wish": Permission(Scope.ALL, _PLANS),
    "map_eye": Permission(Scope.OWN, _CAMERAS),
    "map_add": Permission(Scope.ALL, _MAP_DRAWN),
    "map_thing": Permission(Scope.ALL, _MAP_DRAWN),
    "map_remove": Permission(Scope.ALL, _MAP_DRAWN),
    "map_restore": Permission(Scope.ALL, _MAP_DRAWN),
    "acceptances": Permission(Scope.OWN, _EYES_READ),
    "acceptance_as_found": Permission(Scope.OWN, _EYES_KEPT),
    "acceptance": Permission(Scope.OWN, _EYES_READ),
    "acceptance_begin": Permission(Scope.OWN, _CAMERAS),
    "acceptance_step": Permission(Scope.OWN, _CAMERAS),
    "acceptance_remark": Permission(Scope.OWN, _CAMERAS),
    "acceptance_accept": Permission(Scope.OWN, _EYES_KEPT),
    "acceptance_leave": Permission(Scope.OWN, _CAMERAS),
    "acceptance_photo": Permission(Scope.OWN, _CAMERAS),
    "acceptance_paper": Permission(Scope.OWN, _CAMERAS),
    "eyes": Permission(Scope.OWN, _EYES_READ),
    "eye": Permission(Scope.OWN, _EYES_READ),
    "eye_changes": Permission(Scope.ALL, _EYES_KEPT),
    "eye_add": Permission(Scope.ALL, _EYES_KEPT),
    "eye_edit": Permission(Scope.OWN, _CAMERAS),
    "eye_remove": Permission(Scope.OWN, _EYES_KEPT),
    "eye_restore": Permission(Scope.OWN, _EYES_KEPT),
    "eye_connect": Permission(Scope.OWN, _EYES_KEPT),
    "eye_export": Permission(Scope.OWN, _EYES_KEPT),
    "eye_import": Permission(Scope.ALL, _EYES_KEPT),
    "places": Permission(Scope.ALL, _EYES_READ),
    "place": Permission(Scope.ALL, _EYES_READ),
    "place_add": Permission(Scope.ALL, _CAMERAS),
    "place_edit": Permission(Scope.ALL, _CAMERAS),
    "place_remove": Permission(Scope.ALL, _EYES_KEPT),
    "place_restore": Permission(Scope.ALL, _EYES_KEPT),
    "ground_import": Permission(Scope.ALL, _EYES_KEPT),
    "ground_import_state": Permission(Scope.ALL, _EYES_KEPT),
    "ground_export": Permission(Scope.ALL, _EYES_KEPT),
    "plans": Permission(Scope.ALL, _PLANS),
    "plan_add": Permission(Scope.ALL, _PLANS),
    "plan": Permission(Scope.ALL, _PLANS),
    "plan_edit": Permission(Scope.ALL, _PLANS),
    "plan_compute": Permission(Scope.ALL, _PLANS),
    "plan_version": Permission(Scope.ALL, _PLANS),
    "plan_map": Permission(Scope.ALL, _PLANS),
    "plan_paper": Permission(Scope.ALL, _PLANS),
    "plan_compare": Permission(Scope.ALL, _PLANS),
    "plan_wish": Permission(Scope.ALL, _PLANS),
    "plan_decide": Permission(Scope.ALL, frozenset({Role.HEAD})),
    "plan_figures": Permission(Scope.ALL, _PLANS),
    "candidates": Permission(Scope.ALL, _PLANS),
    "candidates_propose": Permission(Scope.ALL, _PLANS),
    "candidate_add": Permission(Scope.ALL, _PLANS),
    "candidate_edit": Permission(Scope.ALL, _PLANS),
    "candidate_remove": Permission(Scope.ALL, _PLANS),
    "survey": Permission(Scope.OWN, _SURVEY),
    "survey_shell": Permission(Scope.PUBLIC),
    "survey_ready": Permission(Scope.OWN, _SURVEY),
    "survey_today": Permission(Scope.OWN, _SURVEY),
    "survey_entries": Permission(Scope.OWN, _SURVEY),
    "survey_entry": Permission(Scope.OWN, _SURVEY),
    "survey_photo_put": Permission(Scope.OWN, _SURVEY),
    "survey_photo": Permission(Scope.OWN, _SURVEY | {Role.COMMITTEE}),
    "survey_photo_remove": Permission(Scope.OWN, _SURVEY),
    "survey_campaigns": Permission(Scope.OWN, _SURVEY),
    "survey_campaign_add": Permission(Scope.ALL, _SURVEY_OVERSEEN),
    "survey_campaign": Permission(Scope.ALL, _SURVEY_OVERSEEN),
    "survey_campaign_close": Permission(Scope.ALL, _SURVEY_OVERSEEN),
    "survey_needs": Permission(Scope.OWN, _SURVEY | {Role.COMMITTEE}),
    "survey_need": Permission(Scope.OWN, _SURVEY | {Role.COMMITTEE}),
    "find": Permission(Scope.OWN, _DEVICES),
    "camera_health": Permission(Scope.DEVICE, _DEVICES),
    "camera_export": Permission(Scope.ALL, _CAMERAS),
    "camera_signs": Permission(Scope.OWN, _CAMERAS),
    "camera_signs_paper": Permission(Scope.OWN, _CAMERAS),
    "camera_new_code": Permission(Scope.DEVICE, _ADMINISTRATION),
    "camera_sign": Permission(Scope.DEVICE, _CAMERAS),
    "camera_import": Permission(Scope.ALL, _ADMINISTRATION),
    "camera_find": Permission(Scope.ALL, _ADMINISTRATION),
    "camera_find_now": Permission(Scope.ALL, _ADMINISTRATION),
    "camera_device": Permission(Scope.ALL, _ADMINISTRATION),
    "camera_channels": Permission(Scope.ALL, _ADMINISTRATION),
    "camera": Permission(Scope.CAMERA, _PICTURES),
    "turn": Permission(Scope.CAMERA, _EXPORT),
    "turn_move": Permission(Scope.CAMERA, _EXPORT),
    "turn_stop": Permission(Scope.CAMERA, _EXPORT),
    "turn_take": Permission(Scope.CAMERA, _EXPORT),
    "turn_leave": Permission(Scope.CAMERA, _EXPORT),
    "turn_go": Permission(Scope.CAMERA, _EXPORT),
    "positions": Permission(Scope.CAMERA, _EXPORT),
    "position_keep": Permission(Scope.CAMERA, _EXPORT),
    "position_remove": Permission(Scope.CAMERA, _EXPORT),
    "patrol_add": Permission(Scope.CAMERA, _EXPORT),
    "patrol_run": Permission(Scope.CAMERA, _EXPORT),
    "patrol_halt": Permission(Scope.CAMERA, _EXPORT),
    "patrol_remove": Permission(Scope.CAMERA, _EXPORT),
    "camera_edit": Permission(Scope.DEVICE, _ADMINISTRATION),
    "camera_switch": Permission(Scope.DEVICE, _ADMINISTRATION),
    "device": Permission(Scope.DEVICE, _CAMERAS),
    "device_now": Permission(Scope.DEVICE, _CAMERAS),
    "device_effect": Permission(Scope.DEVICE, _CAMERAS),
    "device_motion": Permission(Scope.DEVICE, _CAMERAS),
    "device_address": Permission(Scope.DEVICE, _DEVICES_SET),
    "device_motion_count": Permission(Scope.DEVICE, _DEVICES_SET),
    "device_clock": Permission(Scope.DEVICE, _DEVICES_SET),
    "device_password": Permission(Scope.DEVICE, _DEVICES_SET),
    "device_stream": Permission(Scope.DEVICE, _DEVICES_SET),
    "device_reboot": Permission(Scope.DEVICE, _DEVICES_SET),
    "device_noted": Permission(Scope.DEVICE, _DEVICES_SET),
    "camera_views": Permission(Scope.DEVICE, _CAMERAS),
    "camera_view": Permission(Scope.DEVICE, _CAMERAS),
    "camera_view_now": Permission(Scope.DEVICE, _CAMERAS),
    "camera_view_accept": Permission(Scope.DEVICE, _MASKS),
    "camera_view_forget": Permission(Scope.DEVICE, _MASKS),
    "camera_masks": Permission(Scope.DEVICE, _MASKS),
    "camera_masks_picture": Permission(Scope.DEVICE, _MASKS),
    "camera_remove": Permission(Scope.DEVICE, _ADMINISTRATION),
}


def may_use(route: str, roles: Collection[str]) -> bool:
    """Whether one of the roles that a person has in force opens a route; which cameras it meets there is the scope's matter."""
    permission = PERMISSIONS.get(route)
    return permission is not None and (permission.scope is Scope.PUBLIC or opens(permission, roles))


def opens(permission: Permission, roles: Collection[str]) -> bool:
    return bool(permission.roles & (set(roles) or {""}))

"""Words for codes, and the words that the pages' scripts show (they get them as JSON: scripts hold no texts)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from luytre.base.errors import GAP_WORDS, PROBLEM_WORDS, GapReason, Problem
from luytre.base.i18n import N_
from luytre.bridge.recorder import RECORDER_DOWN, RECORDER_DOWN_HINT

STATES = {
    "connecting": N_("connecting"),
    "recording": N_("recording"),
    "watching": N_("live, not recorded"),
    "waiting": N_("waiting"),
    "failed": N_("down"),
    "disabled": N_("switched off"),
    "unknown": N_("not known"),
}

ARCHIVE_STATES = {
    "ok": N_("The disk is fine."),
    "full": N_("The disk is full: nothing is recorded. Free some space; recording goes on by itself."),
    "held": N_("The disk is full of footage on hold: nothing is recorded. Add space, or end a hold."),
    "read_only": N_("The disk can only be read: nothing is recorded. The disk may be failing; have it checked."),
    "missing": N_("The disk is not there: nothing is recorded. Connect it; recording goes on by itself."),
    "failed": N_("The disk reports faults: nothing is recorded. Have it checked, and replace it."),
    "unknown": N_("Nothing is known of the disk yet."),
}


def state(code: str) -> str:
    return _(STATES.get(code, STATES["unknown"]))


def archive_state(code: str) -> str:
    return _(ARCHIVE_STATES.get(code, ARCHIVE_STATES["unknown"]))


def problem_cause(code: str) -> str:
    """In the page's language; empty for a code that this version does not know (then the recorder's sentence counts)."""
    if code == "recorder_down":
        return _(RECORDER_DOWN)
    return _(PROBLEM_WORDS[Problem(code)].cause) if code in set(Problem) else ""


def problem_hint(code: str) -> str:
    if code == "recorder_down":
        return _(RECORDER_DOWN_HINT)
    return _(PROBLEM_WORDS[Problem(code)].hint) if code in set(Problem) else ""


def for_live() -> dict[str, object]:
    """Words of the wall and of a camera's own page."""
    return {
        "problems": {str(code): {"cause": _(text.cause), "hint": _(text.hint)} for code, text in PROBLEM_WORDS.items()},
        "states": {code: _(text) for code, text in STATES.items()},
        "live": _("Live"),
        "connecting": _("Connecting…"),
        "reconnecting": _("Connection to the recorder lost. Trying again…"),
        "offline": _("This device is offline. The picture returns when the network does."),
        "noH265": _(
            "This browser cannot show H.265."
            " Set the sub-stream of this camera to H.264, or use Chrome or Edge on a newer machine."
        ),
        "coded": _("converted"),
        "masked": _("homes hidden"),
        "maskedWhy": _("Some areas of this picture are hidden for you, under the usage regulation in force."),
        "maskLimit": _(
            "The recorder is already hiding homes in as many pictures as it may at once."
            " A single picture every few seconds is shown meanwhile."
        ),
        "masksUnknown": _(
            "It is not known what must be hidden in this picture, so it is not shown."
            " If it stays so, tell the administrator to look at this camera's hidden areas."
        ),
        "codedWhy": _("This browser cannot show H.265: the recorder converts the picture for it."),
        "transcodeLimit": _(
            "This browser cannot show H.265, and the recorder is already converting as many pictures as it may at once."
            " Close another picture, or use Chrome or Edge on a newer machine."
        ),
        "transcodeFailed": _("Converting the picture broke off. It is tried again in a moment."),
        "noMse": _("This browser is too old to show live pictures. Use a present Chrome, Edge, Firefox or Safari."),
        "stalled": _("No picture is coming at the moment"),
        "loggedOut": _("You were logged out. Log in again to go on watching."),
        "forbidden": _("This camera is not within your area, or no longer in use."),
        "framesLost": _("This machine or its network is too slow for all pictures: some are left out. Show fewer tiles."),
        "down": _("No picture from {count}: {names}"),
    }


def for_masks() -> dict[str, object]:
    """Words of the page where hidden areas are drawn."""
    return {
        "problems": {},
        "states": {},
        "area": _("Area {number}"),
        "point": _("Point {point} of area {number}; arrow keys move it, Delete takes it away"),
        "fromLeft": _("Area {number}, point {point}: from the left"),
        "fromTop": _("Area {number}, point {point}: from the top"),
        "addPoint": _("Add a point to area {number}"),
        "removeArea": _("Remove area {number}"),
        "clickPoints": _("Click the corners of area {number} one after the other; the first corner once more, or Esc, ends it."),
        "dragPoints": _("Drag points to move them. Nothing holds before it is saved."),
        "noAreas": _("Nothing is hidden. Press “New area”, then click its corners in the picture."),
    }


def for_blur() -> dict[str, object]:
    """Words of the page where regions of a span are drawn."""
    return for_playback() | {
        "region": _("Region {number}"),
        "regionKeys": _("Region {number}; arrow keys move it, with Shift they change its size, Delete takes the moment away"),
        "goToKey": _("Region {number}: go to {time}"),
        "wholeSpan": _("Hide it over the whole span"),
        "oneMoment": _("It hides one picture alone so far: go on in time and move it, or hide it over the whole span."),
        "beginHere": _("Begins here"),
        "endHere": _("Ends here"),
        "dropKey": _("Take this moment away"),
        "removeRegion": _("Remove the region"),
        "noRegions": _("No region yet. Draw a box over what is to be hidden."),
        "waitPicture": _("Wait until the picture is there, then draw."),
        "tooManyRegions": _("At most {most} regions can be drawn in one span."),
        "tooManyKeys": _("At most {most} moments in one region: end it and go on with a new one."),
        "noKeyHere": _("Region {number} has no moment of its own at this picture."),
        "added": _("Region {number} is there. Go on in time and move it to where it is by then."),
        "keyed": _("Region {number}: moment {time}"),
        "dropped": _("Region {number}: moment {time} taken away"),
    }


def for_wall() -> dict[str, object]:
    return for_live() | {
        "all": _("All cameras"),
        "moved": _("{name}: place {place} of {count}"),
        "arranging": _("Drag the pictures to their places, or choose one and move it with the arrow keys."),
        "orderKept": _("The order is kept for you."),
        "orderLost": _("The order could not be kept. Try again in a minute."),
        "lookBack": _("{name}: look back"),
    }


def for_playback() -> dict[str, object]:
    return for_live() | {
        "gaps": {str(code): _(text) for code, text in GAP_WORDS.items()},
        "gapUnknown": _(GAP_WORDS[GapReason.UNKNOWN]),
        "loading": _("Loading…"),
        "noFootage": _("No footage at this time."),
        "noFootageAtAll": _("No footage in this stretch of time. Zoom out, or choose another day."),
        "noFootageInSpan": _("There is no footage between the two marks."),
        "gapFromTo": _("{from} to {to}: {reason}"),
        "footageFromTo": _("{from} to {to}: footage"),
        "recorderDown": _("The recorder does not answer. Trying again…"),
        "badTime": _("This time is not understood. Write it like 21:30, 21h30 or 24/11/2026 21:30."),
        "future": _("This time is still to come."),
        "purposeMissing": _("Choose why you look."),
        "referenceMissing": _("This purpose needs the number of an incident, a case or a request."),
        "markFirst": _("Mark the beginning and the end first."),
        "markOrder": _("The end must come after the beginning."),
        "preparing": _("Preparing the clip…"),
        "started": _("The clip is being saved to this machine's downloads."),
        "exportFailed": _("The clip could not be prepared. Try again in a minute."),
        "span": _("{from} to {to} ({length})"),
        "play": _("Play"),
        "pause": _("Pause"),
        "noH265Past": _("This browser cannot play H.265: single pictures are shown. Chrome or Edge on a newer machine plays it."),
        "transcodeBusy": _(
            "The recorder is already converting as many H.265 pictures as it may at once: single pictures are shown."
        ),
        "maskBusy": _("The recorder is already hiding homes in as many pictures as it may at once: single pictures are shown."),
        "maskedClip": _("The browser is downloading it while homes are being hidden in it: it takes about as long as it plays."),
        "maskedLater": _("The recorder is already hiding homes in as many pictures as it may at once. Try again in a minute."),
        "enlarge": _("{name}: make large, or small again"),
        "takeAway": _("{name}: take away"),
        "fullSet": _("Nine cameras are the most that can be shown together. Take one away first."),
        "near": _("Near {name}:"),
        "noCameraFound": _("No camera of this name or place."),
        "skipped": _("No footage from {from} to {to}: skipped."),
        "now": _("now"),
        "atNow": _("This is the newest footage. Watch the live picture to see what happens now."),
        "nothingAfter": _("No footage comes after this."),
        "stepping": _("{rate}×: single pictures are shown, not all of them."),
        "tooSlow": _("This machine cannot play at {rate}×: single pictures are shown, not all of them."),
        "lostPictures": _("Pictures are missing here for a moment."),
        "noGaps": _("No gaps in the time shown."),
        "saving": _("Saving: {done} of {of}"),
        "saved": _("Saved to this machine's downloads ({of})."),
        "givenToBrowser": _("{of}: the browser is downloading it and shows how far it is."),
        "part": _("Part {number} of {of}: {from} to {to}"),
        "formatChanged": _("In between, the camera changed its picture format."),
        "allSaved": _("Clips taken out: {count}."),
        "approvalAsked": _("Asked for. The regulation in force wants somebody to agree before a clip leaves."),
        "approvalSee": _("See where it stands"),
        "chooseOne": _("Choose at least one camera to take out."),
        "noBookmarks": _("No moment saved yet. Press B to save the one shown."),
        "bookmarkKept": _("Saved: {time}"),
        "bookmarkFailed": _("That did not work. Try again in a minute."),
        "bookmarksFailed": _("The saved moments could not be read. Try again in a minute."),
        "bookmarkRemoved": _("Removed."),
        "bookmarkBack": _("It is back."),
        "removeBookmark": _("Remove the moment {time}"),
        "undo": _("Undo"),
    }

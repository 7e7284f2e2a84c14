"""Words of the survey's script. They lie in the shell that a telephone keeps, and are about nobody."""

from __future__ import annotations

from django.utils.translation import gettext as _


def for_survey() -> dict[str, object]:
    return _list() | _queue() | _sending() | _form() | _sensors()


def _list() -> dict[str, object]:
    return {
        "online": _("Network is there"),
        "offline": _("No network: what you fill in is kept"),
        "noList": _("The list of today is not on this telephone. Open this page once with a network, and log in."),
        "noHamlet": _("No hamlet was given to you to survey. Ask the head of the commune police."),
        "nothingListed": _("Nothing is known here yet: add what you find."),
        "kind_eye": _("camera"),
        "kind_need": _("spot that needs one"),
        "kind_place": _("place to watch"),
        "kind_nothing_here": _("nothing here"),
        "visited": _("visited"),
        "addHere": _("There is a camera"),
        "needHere": _("One is needed"),
        "nothingHere": _("No camera here"),
        "check": _("Check it"),
        "again": _("Once more"),
        "roundUntil": _("{name} (until {day})"),
        "noRound": _("without a campaign"),
        "allHamlets": _("all hamlets"),
        "progress": _("{name}: {done} of {target} ({eyes} cameras, {needs} needs)"),
        "progressOpen": _("{name}: {eyes} cameras, {needs} needs"),
    }


def _queue() -> dict[str, object]:
    return {
        "waiting": _("{count} on this telephone"),
        "others": _("{count} entries of somebody else wait on this telephone. They are sent when that person logs in."),
        "queueEmpty": _("Nothing waits: everything is with the machine."),
        "photosSent": _("photos {sent} of {count} sent"),
        "state_draft": _("Being filled in."),
        "state_waiting": _("Waits for the network."),
        "state_fault": _("Has to be corrected:"),
        "state_conflict": _("Somebody else changed the same: both versions are with the machine."),
        "state_refused": _("Not taken over; the machine keeps it."),
        "lookAtBoth": _("Look at it"),
        "putAway": _("Seen"),
        "goOn": _("Go on"),
        "edit": _("Change"),
    }


def _sending() -> dict[str, object]:
    return {
        "kept": _("“{name}” is kept on this telephone."),
        "sent": _("{count} sent."),
        "notNow": _("The machine cannot be reached. What was filled in stays here and is sent by itself."),
        "loginFirst": _("Log in to send what was filled in. It stays here meanwhile."),
        "logIn": _("Log in"),
        "otherPerson": _("Somebody else is logged in. What was filled in here is sent by whoever filled it in."),
        "conflictsMade": _("{count} could not be taken over as they are: somebody else changed the same."),
        "look": _("Look"),
        "insecure": _("This page is open without https: position, photos and working without a network need https."),
    }


def _form() -> dict[str, object]:
    return {
        "step": _("Step {number} of {of}"),
        "next": _("Next step"),
        "finish": _("Finish"),
        "missing": _("Something is missing here."),
        "reallyDrop": _("Throw away what you filled in here?"),
        "cannotKeep": _(
            "This telephone cannot keep it: its memory is full, or the browser forbids it. Send what waits, or free some space."
        ),
        "entryTooLarge": _("This entry is too large to be sent."),
        "entryNotTaken": _("The machine did not take it. Look at it once more, and send it again."),
        "photoNotTaken": _("A photo was not taken over: remove it, or take it again."),
        "photoEnough": _("At most 30 photos go with one entry."),
        "photoVideo": _("This is a video: only photos are kept."),
        "photoUnreadable": _(
            "This photo cannot be read. On an iPhone: Settings → Camera → Formats → Most Compatible, then take it again."
        ),
        "photoTooLarge": _("The photo is larger than 8 MB."),
        "photoInsecure": _("Photos need https: ask whoever looks after the machine."),
        "removePhoto": _("Remove photo {number}"),
        "clockUnread": _("Write the time like 14:05:30, with the day where it is another one."),
        "clockError": _("Off by {seconds} seconds."),
    }


def _sensors() -> dict[str, object]:
    return {
        "winds": _("north|north-east|east|south-east|south|south-west|west|north-west"),
        "windLetters": _("N|NE|E|SE|S|SW|W|NW"),
        "noDirection": _("no direction yet"),
        "senseStarted": _("Hold the telephone flat, away from iron, its upper edge where the camera looks; then take it."),
        "senseTake": _("Take this direction"),
        "senseAgain": _("Turn the telephone"),
        "senseTaken": _("Taken from the telephone’s compass: it may be off by 10° and more near iron. Correct it by the arrow."),
        "senseNone": _("This telephone gives no direction. Drag the arrow instead."),
        "senseRefused": _("The telephone was told not to give its direction. Drag the arrow instead."),
        "locating": _("Looking for the position…"),
        "located": _("Accurate to {metres} m."),
        "locateNone": _("The telephone found no position. Step out under the open sky, or type it."),
        "locateRefused": _("The telephone was told not to give its position. Allow it in the browser’s settings, or type it."),
        "locateInsecure": _("The position needs https: ask whoever looks after the machine, or type it."),
        "plotScale": _("{metres} m across, north is up"),
    }

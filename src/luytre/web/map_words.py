"""The words that the map's script shows (it gets them as JSON: scripts hold no texts)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from luytre.base.i18n import N_
from luytre.civic.geometry.optics import Level
from luytre.civic.ground.models import PlaceKind
from luytre.civic.incidents.models import State as CaseState
from luytre.civic.planning.words import LEVEL_WORDS
from luytre.civic.survey.models import Urgency

LOOKS = {
    "works": N_("works"),
    "faulty": N_("works badly"),
    "down": N_("down"),
    "off": N_("switched off"),
    "listed": N_("only listed"),
    "unknown": N_("not known"),
}


def look(code: str) -> str:
    return _(LOOKS[code])


def for_map() -> dict[str, str]:
    return _frame() | _legend() | _card() | _edit()


def _frame() -> dict[str, str]:
    return {
        "mapTitle": _(
            "Map. Arrow keys move it, plus and minus bring it nearer and further; what is in view stands in the list beside it."
        ),
        "zoomIn": _("Nearer"),
        "zoomOut": _("Further"),
        "attribution": _("Sources of the map"),
        "loggedOut": _("You were logged out. Log in again in another tab, then go on here: what you drew is kept."),
        "notLoaded": _("The server does not answer: the map shows what it had. It is tried again by itself."),
        "noBasemap": _("The base map cannot be read, so the ground is plain. Tell the administrator."),
        "leftOut": _("{layer}: {count} more than a map can show are left out."),
        "thingGone": _("What this link leads to is not there any more, or not within your area."),
        "andMore": _("and {count} more: come nearer, or search"),
        "nothingInView": _("Nothing here. Move the map, or switch layers on."),
        "measuring": _("Click points on the map, or add the point in the middle of the map."),
        "measureNone": _("No point yet"),
        "measureOne": _("The first point is set"),
        "measured": _("{length} in all, the last piece {last}"),
        "close": _("Close"),
    }


def _legend() -> dict[str, str]:
    return {
        **{f"look_{code}": _(words) for code, words in LOOKS.items()},
        **{f"place_{kind}": _(str(kind.label)) for kind in PlaceKind},
        **{f"urgency_{one}": _(str(one.label)) for one in Urgency},
        **{f"zone_{level}": _(LEVEL_WORDS[level]) for level in Level},
        **{f"phase_{number}": _("phase %(number)s") % {"number": number} for number in range(1, 5)},
        "keyCandidate": _("a place where a new eye could hang"),
        "keyPlanView": _("up to where the plan's level is reached"),
        "keyNewEye": _("new eye, with its number in the order of putting up"),
        "keyWedge": _("up to where a person can be observed; a ring where the direction is not known"),
        "keyBoundary": _("boundary"),
        **{f"case_{state}": _(str(state.label)) for state in CaseState},
        "keyHeat": _("where more happened"),
        "keyBuilding": _("building"),
        "keyWall": _("wall"),
        "keyPrivate": _("area that must not be filmed"),
        "keySite": _("mounting place"),
    }


def _card() -> dict[str, str]:
    return {
        "tallKind": _("{kind}, {height} m high"),
        "bearingUnknown": _("not known"),
        "assumed": _("assumed"),
        "factState": _("State"),
        "factKind": _("Kind"),
        "factHamlet": _("Hamlet"),
        "factSite": _("Mounting place"),
        "factRoad": _("Road"),
        "factOwner": _("Whose"),
        "factTier": _("Agreed"),
        "factCondition": _("Condition"),
        "factBearing": _("Looks towards"),
        "factHfov": _("Width of view"),
        "factReach": _("Observes as far as"),
        "factHeight": _("Height"),
        "factResidents": _("Residents"),
        "factVehicles": _("Vehicles a day"),
        "factDay": _("Day"),
        "factUrgency": _("Urgency"),
        "factReason": _("Reason"),
        "factNeedState": _("Where it stands"),
        "factSource": _("Source"),
        "toLive": _("Watch live"),
        "toPlayback": _("Look back"),
        "toHealth": _("Health"),
        "toEye": _("In the register"),
        "factPhase": _("Phase"),
        "factCost": _("Cost"),
        "factWhy": _("Why here"),
        "factWish": _("Wished for the next version"),
        "factBearings": _("Bearings to choose from"),
        "factMost": _("At most so many eyes here"),
        "toPlan": _("Back to the plan"),
        "toCandidate": _("Costs and note"),
        "planPin": _("Pin"),
        "planForbid": _("Leave out"),
        "planMove": _("Move"),
        "planFree": _("Free again"),
        "planMoveSave": _("Keep it here"),
        "planMoving": _("Drag the mark, click where it is to go, or use the arrow keys; then keep it. In this plan alone."),
        "planNoted": _("Noted for the next version: {name}. It is computed on the plan's page."),
        "toPlace": _("Its page"),
        "toNeed": _("Its page"),
        "toCase": _("Open the incident"),
        "toNear": _("Incidents near here"),
        "factCase": _("Where it stands"),
    }


def _edit() -> dict[str, str]:
    """Words of drawing and saving; only who may draw meets them."""
    return {
        "edit": _("Change"),
        "move": _("Move and turn"),
        "remove": _("Remove"),
        "removeSure": _("Remove “{name}”?"),
        "save": _("Save"),
        "cancel": _("Cancel"),
        "redraw": _("Draw anew"),
        "newThing": _("New: {kind}"),
        "changeThing": _("Change: {name}"),
        "shape": _("Shape"),
        "shape_Point": _("point"),
        "shape_LineString": _("line"),
        "shape_Polygon": _("area"),
        "draw_Point": _("Click where it is."),
        "draw_LineString": _("Click along the line; click the last point once more to end it."),
        "draw_Polygon": _("Click the corners one after the other; click the first one again to close the area."),
        "drawn": _(
            "Drag points to move them, click a point in the middle of a line to add one. Nothing holds before it is saved."
        ),
        "points": _("Points"),
        "pointsHelp": _("Latitude and longitude, one point a line: for exact places, and for drawing without a mouse."),
        "pointsWrong": _("Line {line} is no position. Write it like 20.9105, 105.9712."),
        "addCentre": _("Add the middle of the map"),
        "manyParts": _("This shape has several parts or holes: it can be drawn anew, but not bent here."),
        "nothingDrawn": _("Nothing is drawn yet."),
        "tooFew": _("More points are needed for this shape."),
        "saved": _("Saved: {name}"),
        "removed": _("Removed: {name}"),
        "undo": _("Undo: {what}"),
        "undone": _("Undone: {what}"),
        "undoStale": _("This cannot be undone any more: somebody changed it meanwhile, or it no longer fits."),
        "nothingToUndo": _("Nothing to undo"),
        "notSaved": _("Not saved. Look at what is marked below; what you drew is still there."),
        "serverAway": _("The server does not answer. What you drew is still here: try again in a moment."),
        "mayNot": _("You may not change this."),
        "stale": _("Somebody else changed this meanwhile. Choose which version counts."),
        "takeTheirs": _("Take what is there now"),
        "keepMine": _("Keep mine"),
        "editingFirst": _("Save or cancel what you are drawing first."),
        "draftBack": _("What you drew before and had not saved is here again."),
        "eyeHelp": _(
            "Drag the eye to its place, the arrow to where it looks, the side mark to how wide it looks. Arrow keys do the same."
        ),
        "handleMove": _("Place of the eye; arrow keys move it by half a metre, with Shift by five"),
        "handleTurn": _("Direction {deg}°; left and right arrow turn it by 1°, with Shift by 15°"),
        "handleWiden": _("Width of view {deg}°; left and right arrow change it by 1°, with Shift by 15°"),
        "fieldBearing": _("Looks towards (degrees, 0 is north, 90 east)"),
        "fieldHfov": _("Width of view (degrees)"),
        "fieldPlace": _("Place (latitude, longitude)"),
        "required": _("needed"),
        "choose": _("Choose"),
    }

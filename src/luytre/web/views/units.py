"""Quản trị → Tổ chức: the commune, its hamlets and units as a tree with its history; renaming from a day on, merging hamlets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from luytre.base.i18n import N_
from luytre.civic.access.models import Unit, UnitKind, UnitStepCode
from luytre.civic.access.units import Decree, History, Step, end_unit, found, histories, place_below, rename
from luytre.civic.ground.merging import take_land_along
from luytre.civic.registry.grants import hamlet_at, place_key
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.order import hamlets_in_order, name_key
from luytre.civic.registry.places import complete, merge_effect, merge_hamlets, rename_commune, rename_hamlet
from luytre.web.forms_units import AddForm, ChangeForm, MergeForm, first_values
from luytre.web.ports import ports
from luytre.web.views.pages import person


@dataclass(frozen=True, slots=True)
class Told:
    """One step in words."""

    what: str
    day: date | None
    reference: str
    by: str


@dataclass(frozen=True, slots=True)
class Node:
    """A unit as the page has it. `depth` 0 stands at the top."""

    unit: int
    kind: str
    kind_words: str
    name: str
    depth: int
    since: date | None
    history: tuple[Told, ...]
    has_below: bool


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    complete()
    known, today = histories(), timezone.localdate()
    there = {number: one for number, one in known.items() if one.end is None}
    gone = [(_node(one, 0, False, known, today), _step(one.end, known)) for one in known.values() if one.end is not None]
    context = {
        "nodes": _below(None, 0, there, known, today),
        "gone": sorted(gone, key=lambda pair: name_key(pair[0].name)),
        "mergeable": sum(one.kind == UnitKind.HAMLET for one in there.values()) > 1,
        "unnamed": not any(one.kind == UnitKind.COMMUNE for one in there.values()),
    }
    return render(request, "units.html", context)


def _below(above: int | None, depth: int, there: dict[int, History], known: dict[int, History], today: date) -> list[Node]:
    """What stands below a unit, each followed by what stands below it."""
    found: list[Node] = []
    here = [one for one in there.values() if _stands_below(one, there, today) == above]
    for one in sorted(here, key=lambda one: (list(UnitKind).index(UnitKind(one.kind)), name_key(one.name_on(today)))):
        under = _below(one.unit, depth + 1, there, known, today)
        found += [_node(one, depth, bool(under), known, today), *under]
    return found


def _stands_below(one: History, there: dict[int, History], today: date) -> int | None:
    """A hamlet from before the commune was named stands below it all the same."""
    above = one.above_on(today)
    if above is None and one.kind == UnitKind.HAMLET:
        above = next((other.unit for other in there.values() if other.kind == UnitKind.COMMUNE), None)
    return above if above in there else None


def _node(one: History, depth: int, has_below: bool, known: dict[int, History], today: date) -> Node:
    named = [step for step in one.steps if step.code == UnitStepCode.NAMED and step.order[0] <= today]
    told = tuple(_step(step, known) for step in reversed(one.steps))
    words = _(str(UnitKind(one.kind).label))
    return Node(one.unit, one.kind, words, one.name_on(today), depth, named[-1].day if named else None, told, has_below)


def _step(step: Step | None, known: dict[int, History]) -> Told:
    assert step is not None
    other = known[step.other].name_on(step.day or date.max) if step.other in known else ""
    words = {
        UnitStepCode.NAMED: _("called “%(name)s”"),
        UnitStepCode.PLACED: _("stands below %(other)s"),
        UnitStepCode.MERGED: _("merged into %(other)s"),
        UnitStepCode.ENDED: _("ended"),
    }
    return Told(words[UnitStepCode(step.code)] % {"name": step.name, "other": other}, step.day, step.reference, step.by)


def _choices_above(known: dict[int, History], without: int | None, today: date) -> list[tuple[int, str]]:
    there = [one for one in known.values() if one.end is None and one.unit != without]
    return sorted(((one.unit, one.name_on(today)) for one in there), key=lambda pair: name_key(pair[1]))


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A unit that is no place; the province, while none is named. Hamlets are added in the settings."""
    complete()
    known, today = histories(), timezone.localdate()
    province = any(one.kind == UnitKind.PROVINCE and one.end is None for one in known.values())
    kinds = [UnitKind.UNIT] if province else [UnitKind.UNIT, UnitKind.PROVINCE]
    choices = [(kind.value, _(str(kind.label)).capitalize()) for kind in kinds]
    data = request.POST if request.method == "POST" else None
    form = AddForm(choices, _choices_above(known, None, today), data)
    if request.method == "POST" and form.is_valid():
        try:
            _add(request, form)
        except ValidationError as error:
            form.tell(error)
        else:
            return _saved(request)
    return render(request, "unit_form.html", {"form": form, "name": ""}, status=422 if form.is_bound else 200)


@transaction.atomic
def _add(request: HttpRequest, form: AddForm) -> None:
    said, decree, today = form.cleaned_data, form.decree(person(request)), timezone.localdate()
    if decree.day is not None and decree.day > today:
        raise ValidationError({"day": [N_("This day is still to come: write it down when it is there.")]})
    if said["kind"] == UnitKind.UNIT:
        found(UnitKind.UNIT, said["name"], decree, above=Unit.objects.get(pk=said["above"]))
        return
    made = found(UnitKind.PROVINCE, said["name"], decree)
    for commune in Unit.objects.filter(kind=UnitKind.COMMUNE):
        place_below(commune, made, decree if decree.day else Decree(decree.by, today), today)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, unit: int) -> HttpResponse:
    """Another name from a day on; for a unit that is no place, also another above."""
    history, known, today = _present(unit), histories(), timezone.localdate()
    above = _choices_above(known, unit, today) if history.kind == UnitKind.UNIT else []
    initial = first_values(history.name_on(today), history.above_on(today), today)
    form = ChangeForm(above, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, history, form)
        except ValidationError as error:
            form.tell(error)
        else:
            return _saved(request)
    context = {"form": form, "name": history.name_on(today)}
    return render(request, "unit_form.html", context, status=422 if form.is_bound else 200)


@transaction.atomic
def _change(request: HttpRequest, history: History, form: ChangeForm) -> None:
    said, decree, today = form.cleaned_data, form.decree(person(request)), timezone.localdate()
    unit, hamlet = Unit.objects.get(pk=history.unit), hamlet_at(history.place or "")
    if said["name"] != history.name_on(decree.day or today):
        if hamlet is not None:
            rename_hamlet(hamlet, said["name"], decree, today)
        elif history.kind == UnitKind.COMMUNE:
            rename_commune(said["name"], decree, today)
        else:
            rename(unit, said["name"], decree, today)
    if "above" in said and said["above"] != history.above_on(decree.day or today):
        place_below(unit, Unit.objects.get(pk=said["above"]), decree, today)


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, unit: int) -> HttpResponse:
    """Tells what it changes, and does it once that was read (`sure`)."""
    history, now = _present(unit), timezone.now()
    hamlet = hamlet_at(history.place or "")
    if hamlet is None:
        raise Http404
    others = hamlets_in_order(Hamlet.objects.exclude(pk=hamlet.pk))
    data = request.POST if request.method == "POST" else None
    form = MergeForm([(other.pk, other.name) for other in others], data, initial={"day": timezone.localdate()})
    context = {"form": form, "hamlet": hamlet}
    if request.method == "POST" and form.is_valid():
        into = next(other for other in others if other.pk == form.cleaned_data["into"])
        if request.POST.get("sure") == place_key(into):
            try:
                with transaction.atomic():
                    take_land_along(person(request), hamlet, into, now)
                    merge_hamlets(person(request), hamlet, into, form.decree(person(request)), now)
            except ValidationError as error:
                form.tell(error)
            else:
                ports().recorder.refresh()
                messages.success(request, _("%(old)s was merged into %(new)s.") % {"old": hamlet.name, "new": into.name})
                return redirect("units")
        else:
            context |= {"effect": merge_effect(hamlet, into, now), "into": into, "sure": place_key(into)}
    return render(request, "unit_merge.html", context, status=422 if form.is_bound else 200)


@require_POST
def end(request: HttpRequest, unit: int) -> HttpResponse:
    """A unit that is no place, from today on."""
    history, today = _present(unit), timezone.localdate()
    if history.place is not None:
        raise Http404
    try:
        end_unit(Unit.objects.get(pk=unit), Decree(person(request), today), today)
    except ValidationError as error:
        messages.error(request, " ".join(_(words) for words in error.messages))
        return redirect("units")
    return _saved(request)


def _present(number: int) -> History:
    get_object_or_404(Unit, pk=number)
    history = histories(pk=number)[number]
    if history.end is not None:
        raise Http404
    return history


def _saved(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("The organisation was saved. What was before stays in its history."))
    return redirect("units")

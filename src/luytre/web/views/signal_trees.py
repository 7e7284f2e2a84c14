"""A hamlet's telephone tree: who calls whom when an alarm is sounded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luytre.civic.access.models import User
from luytre.civic.incidents.scope import oversees
from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.registry.seal import unseal
from luytre.civic.signals import tree
from luytre.civic.signals.models import TreeLine
from luytre.civic.signals.scope import own_hamlets
from luytre.web.carrying_out import carry_out
from luytre.web.forms_signals import LineForm
from luytre.web.views.pages import person


@dataclass(frozen=True, slots=True)
class Row:
    """A line as the page has it, with the form that changes it. `indent`: 0 to 3, deeper ones as 3."""

    line: TreeLine
    phone: str
    indent: int
    form: LineForm


def _hamlets(user: User, now: datetime) -> list[Hamlet]:
    """Whose trees the person reads and keeps."""
    found = Hamlet.objects.all() if oversees(user, now) else Hamlet.objects.filter(pk__in=own_hamlets(user, now))
    return hamlets_in_order(found)


def _chosen(request: HttpRequest, typed: str) -> Hamlet | None:
    offered = _hamlets(person(request), timezone.now())
    return next((one for one in offered if str(one.pk) == typed), None)


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """`?hamlet=`: whose; without it the first of the person's."""
    offered, typed = _hamlets(person(request), timezone.now()), request.GET.get("hamlet", "")
    found = _chosen(request, typed) if typed else next(iter(offered), None)
    if typed and found is None:
        raise Http404
    return _page(request, found)


def _page(request: HttpRequest, hamlet: Hamlet | None, refused: str = "", bound: LineForm | None = None) -> HttpResponse:
    """`refused`: the key of the line whose form was sent and refused; empty: that of a new one."""
    now = timezone.now()
    today, rows, adding = timezone.localdate(now), list[Row](), None
    if hamlet is not None:
        for one in tree.tree_of(hamlet):
            phone = unseal(one.line.sealed_phone)
            form = bound if bound is not None and one.line.key == refused else LineForm(
                hamlet, today, one.line, initial=_initial(one.line, phone), prefix=one.line.key
            )  # fmt: skip
            rows.append(Row(one.line, phone, min(one.depth, 3), form))
        adding = bound if bound is not None and not refused else LineForm(hamlet, today)
    context = {
        "hamlet": hamlet, "hamlets": _hamlets(person(request), now), "rows": rows, "adding": adding, "refused": refused,
    }  # fmt: skip
    return render(request, "signal_tree.html", context, status=422 if bound is not None else 200)


def _initial(line: TreeLine, phone: str) -> dict[str, Any]:
    return {
        "name": line.name, "phone": phone, "caller": line.caller.key if line.caller else "", "unit": str(line.unit_id or ""),
    }  # fmt: skip


def _back(hamlet: Hamlet) -> HttpResponse:
    return redirect(f"{reverse('signal_tree')}?hamlet={hamlet.pk}")


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    hamlet = _chosen(request, request.POST.get("hamlet", ""))
    if hamlet is None:
        raise Http404
    today = timezone.localdate()
    form = LineForm(hamlet, today, None, request.POST)
    return carry_out(
        request, form, lambda: tree.add(hamlet, form.draft(), today), _("The line was added."), lambda: _back(hamlet),
        lambda: _page(request, hamlet, bound=form),
    )  # fmt: skip


def _line(request: HttpRequest, key: str) -> TreeLine:
    mine = _hamlets(person(request), timezone.now())
    return get_object_or_404(TreeLine.objects.select_related("hamlet", "caller"), key=key, hamlet__in=mine)


@require_POST
def change(request: HttpRequest, key: str) -> HttpResponse:
    line, today = _line(request, key), timezone.localdate()
    form = LineForm(line.hamlet, today, line, request.POST, prefix=line.key)
    return carry_out(
        request, form, lambda: tree.change(line, form.draft(), today), _("The line was changed."), lambda: _back(line.hamlet),
        lambda: _page(request, line.hamlet, line.key, form),
    )  # fmt: skip


@require_POST
def remove(request: HttpRequest, key: str) -> HttpResponse:
    return _simple(request, key, tree.remove, _("The line was taken out. Whom it called is called by the one above."))


@require_POST
def earlier(request: HttpRequest, key: str) -> HttpResponse:
    return _simple(request, key, tree.earlier, _("It is called earlier."))


def _simple(request: HttpRequest, key: str, do: Callable[[TreeLine], None], words: str) -> HttpResponse:
    line = _line(request, key)
    hamlet = line.hamlet
    return carry_out(request, None, lambda: do(line), words, lambda: _back(hamlet), lambda: _back(hamlet))

"""What was told and what came of it, for everybody: `/bao-tin/da-tra-loi`; and an officer's presses that publish and take back.

The page is made of releases alone (`civic.tips.releasing`): kind, hamlet, day, how it ended, an officer's words, copies of photos
that were looked at. Nothing of the sender is read for it. No cookie, no script.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from luytre.civic.registry.models import Hamlet
from luytre.civic.registry.order import hamlets_in_order
from luytre.civic.tips import copies, releasing
from luytre.civic.tips.kinds import Kind
from luytre.civic.tips.models import End, TipPicture, TipRelease
from luytre.web.carrying_out import carry_out
from luytre.web.forms_tips import ReleaseForm
from luytre.web.kind_filters import ALL, KindFilter
from luytre.web.register_words import choices
from luytre.web.views import tips
from luytre.web.views.pages import person
from luytre.web.views.tip_faces import copy_of
from luytre.web.views.tip_public import in_its_language, public_context

ON_A_PAGE = 20
PICTURE_KEPT_S = 60
"""So long a browser may keep a picture that was taken back."""


@dataclass(frozen=True, slots=True)
class Told:
    release: TipRelease
    kind: str
    end: str
    pictures: list[TipPicture]


@require_GET
@in_its_language
def page(request: HttpRequest) -> HttpResponse:
    wanted = KindFilter.of(request, (ALL,))
    found = releasing.released()
    found = found.filter(tip__kind=wanted.kind) if wanted.kind else found
    found = found.filter(tip__hamlet=int(wanted.hamlet)) if wanted.hamlet else found
    shown = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = public_context(request) | {
        "rows": [_told(one) for one in shown.object_list], "shown": shown, "query": query.urlencode(), "wanted": wanted,
        "kinds": choices(Kind), "hamlets": hamlets_in_order(Hamlet.objects.all()),
    }  # fmt: skip
    return render(request, "public/released.html", context)


def _told(one: TipRelease) -> Told:
    pictures = list(copies.shown(one.tip)) if one.pictures else []
    return Told(one, _(str(Kind(one.tip.kind).label)), _(str(End(one.tip.end).label)), pictures)


@require_GET
def picture(request: HttpRequest, key: str, sha256: str) -> HttpResponse:
    """A copy with faces blurred, by its own digest; as soon as it is withheld or taken back there is none."""
    found = releasing.picture_of(key, sha256)
    if found is None:
        raise Http404
    return copy_of(found, f"public, max-age={PICTURE_KEPT_S}")


# --- what officers do -------------------------------------------------------------------------------------------------


@require_POST
def release(request: HttpRequest, key: str) -> HttpResponse:
    tip, form = tips.handled(request, key), ReleaseForm(request.POST)

    def do() -> None:
        data = form.cleaned_data
        releasing.release(person(request), tip, data["words"], timezone.now(), pictures=data["pictures"])

    return carry_out(
        request, form, do, _("Everybody can read it now."), lambda: redirect("tip", tip.key),
        lambda: tips.page_of(request, tip, releasing=form),
    )  # fmt: skip


@require_POST
def retract(request: HttpRequest, key: str) -> HttpResponse:
    tip = tips.handled(request, key)
    return carry_out(
        request, None, lambda: releasing.retract(person(request), tip, timezone.now()),
        _("It is on the public page no more."), lambda: redirect("tip", tip.key), lambda: redirect("tip", tip.key),
    )  # fmt: skip

"""A computed version on paper (.docx, PDF), and its map as a picture for its page."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.views.decorators.http import require_GET

from luytre.civic.ground.models import Place
from luytre.civic.planning.ask import ask_from, result_from
from luytre.civic.planning.models import Candidate, PlanVersion, VersionState
from luytre.civic.planning.paper import Paper, as_docx, as_pdf
from luytre.civic.planning.paper_words import Version, usual_heading
from luytre.civic.registry.models import Commune, Hamlet
from luytre.civic.regulations.force import in_force_now
from luytre.civic.survey.models import Need
from luytre.web.plan_map import plan_sheet
from luytre.web.views.pages import person

_PAPERS: dict[str, tuple[Callable[[Paper], bytes], str]] = {
    "pdf": (as_pdf, "application/pdf"),
    "docx": (as_docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
}


@require_GET
def paper(request: HttpRequest, key: str, number: int, form: str) -> HttpResponse:
    """The document, in Vietnamese whatever the page's language is."""
    if form not in _PAPERS:
        raise Http404
    found, now = _computed(key, number), timezone.now()
    rules = in_force_now(now)
    commune = Commune.here().name
    with translation.override("vi"):
        sheet = plan_sheet(person(request), now, result_from(found.result))
        heading = usual_heading(commune) if rules.is_built_in else rules.rules.heading
        make, content_type = _PAPERS[form]
        made = make(Paper(_printed(found), commune, heading, sheet))
    name = f"ke-hoach-mat-camera-phuong-an-{number}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(made, content_type=content_type, headers=headers)


@require_GET
def picture(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """The map of the version as SVG, for its page."""
    found = _computed(key, number)
    sheet = plan_sheet(person(request), timezone.now(), result_from(found.result))
    return HttpResponse(sheet.svg, content_type="image/svg+xml", headers={"Cache-Control": "private, no-cache"})


def _computed(key: str, number: int) -> PlanVersion:
    versions = PlanVersion.objects.select_related("plan")
    return get_object_or_404(versions, plan__key=key, number=number, state=VersionState.DONE)


def _printed(found: PlanVersion) -> Version:
    ask, plan = ask_from(found.ask), found.plan
    names = {str(pk): name for pk, name in Hamlet.objects.values_list("pk", "name")}
    keys = {*ask.required, *ask.pinned, *ask.forbidden}
    for model in (Candidate, Place, Need):
        names |= dict(model.objects.filter(key__in=keys).values_list("key", "name"))
    return Version(
        plan.name, found.number, found.at, found.answered or found.at, ask, result_from(found.result), names,
        sha256(found.result.encode()).hexdigest(), plan.decided, plan.decision,
    )  # fmt: skip

"""What the pages of both regulations share: a version's paper as a download, and the stamp that a form carries."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse

from luytre.civic.regulations.models import Version
from luytre.civic.regulations.paper import BUILT_IN_LABEL, Issue

TYPES = {"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf"}


def issue_of(version: Version | None) -> Issue:
    """What is printed beside the rules; None: the built-in ones."""
    if version is None:
        return Issue(BUILT_IN_LABEL)
    return Issue("", version.number, version.approved, version.in_force_from, version.text_digest)


def printed(form: str, name: str, make: Callable[[str], bytes]) -> HttpResponse:
    """`make` is asked for one of `TYPES`; any other form is a 404."""
    if form not in TYPES:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"', "Cache-Control": "no-store"}
    return HttpResponse(make(form), content_type=TYPES[form], headers=headers)


def stamp_in(text: str) -> int:
    """0 for anything that is no stamp."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

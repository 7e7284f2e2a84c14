"""What a press on a page does, said once for all pages: done and led back, or refused at its field with what was typed."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from luytre.civic.registry.refusals import said
from luytre.web.forms_tips import TellForm


def carry_out(
    request: HttpRequest,
    form: TellForm | None,
    do: Callable[[], object],
    words: str,
    back: Callable[[], HttpResponse],
    again: Callable[[], HttpResponse],
) -> HttpResponse:
    """`do` raises ValidationError for what the room refuses. `back`: where it leads when it is done, or where there is no form to
    say it at; `again`: the page with the form as it was sent. `words`: what is said when it is done."""
    if form is not None and not form.is_valid():
        return again()
    try:
        do()
    except ValidationError as error:
        if form is not None:
            form.tell(error)
            return again()
        messages.error(request, " ".join(said(error).values()))
        return back()
    messages.success(request, words)
    return back()

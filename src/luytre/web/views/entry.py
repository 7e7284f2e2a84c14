"""The page behind an invitation or a link for a new password. Public: its secret is the right to it."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from luytre.civic.access.models import EntryKind
from luytre.civic.access.people import open_link, use_link
from luytre.web.forms_people import EntryForm


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """Reading it uses nothing up (messengers look at links by themselves); the password that is sent does."""
    now = timezone.now()
    link = open_link(secret, now)
    if link is None:
        return render(request, "enter_over.html", status=404)
    form = EntryForm(link.user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = use_link(link, form.cleaned_data["new"], now)
        if user is None:
            return render(request, "enter_over.html", status=404)
        answer: HttpResponse = perform_login(request, user)  # asks for the second step where there is one
        return answer
    context = {"form": form, "one": link.user, "invited": link.kind == EntryKind.INVITATION, "expires": link.expires}
    return render(request, "enter.html", context, status=422 if form.is_bound else 200)

"""What allauth must do differently here: no sign-up, no greetings, words that an officer understands, secrets sealed."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luytre.civic.access.models import User
from luytre.civic.registry.seal import seal, unseal


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy(
            "The user name or the password is not right. Check whether capital letters are on."
        ),
        "rate_limited": gettext_lazy("Too many tries in a short time. Wait a minute and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """None of allauth's messages: being on the next page says enough."""

    def respond_user_inactive(self, request: HttpRequest, user: object) -> HttpResponse:
        messages.error(request, _("This account was switched off. Ask the administrator."))
        return HttpResponseRedirect(reverse("account_login"))


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second step of logging in. What proves it lies in the database sealed, as cameras' passwords do."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": gettext_lazy("This code is not right. Codes change every half minute: type the newest one."),
        "cannot_delete_authenticator": gettext_lazy("The second step cannot be switched off."),
        "cannot_generate_recovery_codes": gettext_lazy("Set up an app or a key first."),
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Key %(number)d") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": "Lũy Tre"}

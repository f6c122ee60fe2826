"""Changing one's own password, where the house takes passwords and the account has one."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from samsyn.common import second_lock
from samsyn.common.decision import Refused
from samsyn.people.actions import change_password
from samsyn.people.models import Account

LONGEST = 1000


class PasswordForm(forms.Form):
    """The old password, and the new one twice: nobody sees what they write."""

    password_now = forms.CharField(
        label=_lazy("Your password now"),
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password_new = forms.CharField(
        label=_lazy("New password"),
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password_again = forms.CharField(
        label=_lazy("New password, once more"),
        strip=False,
        max_length=LONGEST,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_password_again(self) -> str:
        """The same twice."""
        again: str = self.cleaned_data["password_again"]
        if self.cleaned_data.get("password_new") not in {None, again}:
            raise ValidationError(_("The two new passwords differ."))
        return again


def has_password(request: HttpRequest) -> bool:
    """Can whoever asks sign in with a password here?"""
    return settings.SAMSYN_PASSWORDS and isinstance(request.user, Account) and request.user.has_usable_password()


def _owner(request: HttpRequest) -> Account:
    if not has_password(request) or not isinstance(request.user, Account):
        raise Http404
    return request.user


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """The page that asks for the old one and the new one. Tries at the old one are counted with those at signing in."""
    account = _owner(request)
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _changed(request, account, form):
        return redirect("public:password_changed")
    asked = [one.get_help_text() for one in get_default_password_validators()]
    facts = {"form": form, "asked": asked}
    return render(request, "public/password.html", facts, status=422 if form.is_bound else 200)


def _changed(request: HttpRequest, account: Account, form: PasswordForm) -> bool:
    """Change it; else say in the form what is wrong."""
    viewer = request.viewer  # type: ignore[attr-defined]  # the house's own attribute
    old, new = form.cleaned_data["password_now"], form.cleaned_data["password_new"]
    # What counts tries looks at a sign-in, which tells the database of an account alone: so it is told anew.
    authenticate(request, username=account.sign_in_name, password=old)
    second_lock.tell(viewer.account, viewer.post)
    try:
        change_password(viewer, account, old=old, new=new, keep=request.session.session_key or "")
    except Refused as refused:
        decision = refused.decision
        form.add_error(decision.field, _(decision.reason) % decision.values)
    except ValidationError as lacking:
        form.add_error("password_new", lacking)
    else:
        update_session_auth_hash(request, account)
        return True
    return False


@require_http_methods(["GET", "HEAD"])
def changed(request: HttpRequest) -> HttpResponse:
    """Says that the password has been changed, and what ended with it."""
    _owner(request)
    return render(request, "public/password_changed.html")

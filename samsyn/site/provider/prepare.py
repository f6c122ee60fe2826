"""Before the village's provider answers: its tables, its two clients, and the villagers as its users."""

from __future__ import annotations

from typing import Any

from allauth.idp.oidc.models import Client
from django.contrib.auth import get_user_model
from django.core.management import call_command

from samsyn.site import settings as house
from samsyn.site.provider import settings
from samsyn.site.village.people import LATER, STAFF
from samsyn.site.village_clients import FAMILY_WORD, STAFF_WORD, secret_of

BACK = "{house}/sign-in/{word}/back/"


FAMILY = ("amal", "olof", "adam", "henrik", "tove")
"""Those who come in for their own family. One of them is protected, so the provider shows no family names of theirs."""


def prepare() -> None:
    """Bring the database to this version, and let it know the house and the village of today."""
    call_command("migrate", verbosity=0)
    people: Any = get_user_model().objects
    known = set(people.values_list("username", flat=True))
    for one in (*STAFF, *LATER):
        if one.word not in known:
            people.create(username=one.word, first_name=one.given_name, last_name=one.family_name)
    for word in FAMILY:
        if word not in known:
            people.create(username=word, first_name=word.capitalize())
    for word in (STAFF_WORD, FAMILY_WORD):
        client, _ = Client.objects.get_or_create(pk=word, defaults={"name": word})
        client.set_secret(secret_of(word, house.SECRET_KEY))
        client.set_scopes(["openid"])
        client.set_redirect_uris([BACK.format(house=each, word=word) for each in _houses()])
        client.skip_consent = True
        client.save()


def _houses() -> list[str]:
    """The addresses of the house, each by both of the names that a machine has for itself."""
    return [*settings.HOUSES, *(one.replace("//localhost:", "//127.0.0.1:") for one in settings.HOUSES)]

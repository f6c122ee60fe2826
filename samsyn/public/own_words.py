"""A password is counted without the words that others would guess first: of the place, the product and oneself."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from samsyn.organisations.place_words import names_of_the_place
from samsyn.people.models import Account
from samsyn.people.vault import open_names

SHORTEST_WORD = 4
"""Letters of the shortest word that counts: shorter ones stand inside many others."""
EVERYWHERE = ("samsyn", "lösenord", "password", "kommun", "region", "skola", "förskola", "socialtjänst", "vårdcentral")
"""Words that this product brings to every place."""
_WORD = re.compile(r"[^\W\d_]+")


def without(words: Iterable[str], password: str) -> str:
    """What is left of a password when the words are taken out, the longest first, whatever the case of letters."""
    left = password.casefold()
    for word in sorted({word.casefold() for word in words}, key=len, reverse=True):
        left = left.replace(word, "")
    return left


def words_about(account: Account | None) -> list[str]:
    """The words that are taken out: of the product, the addresses, the place's organisations and the account's own."""
    told = [*EVERYWHERE, *settings.ALLOWED_HOSTS, *names_of_the_place()]
    if account is not None:
        person = open_names(account.person)
        told += [account.sign_in_name, person.given_name, person.family_name, person.called]
    return [word for text in told for word in _WORD.findall(text) if len(word) >= SHORTEST_WORD]


class NotOfThePlace:
    """Refuses a password that is too short when words of the place are taken out of it."""

    def __init__(self, min_length: int) -> None:
        self.min_length = min_length

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raises ValidationError when too little is left."""
        if len(without(words_about(user), password)) < self.min_length:
            raise ValidationError(
                _(
                    "Without your own name and words of your place of work, too little is left of this password. "
                    "Add words that nobody ties to you."
                ),
                code="password_of_the_place",
            )

    def get_help_text(self) -> str:
        """What is asked, before a password is chosen."""
        return _("Your own name and words of your place of work do not count.")

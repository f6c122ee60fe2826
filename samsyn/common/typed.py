"""What somebody typed into a form, when its page is there no more: the words, and nothing that a page put there."""

from __future__ import annotations

import re

from django.utils.datastructures import MultiValueDict

PASSWORDS = frozenset({"password", "password_now", "password_new", "password_again"})
"""Names of the fields that hold a password: what is typed there is kept nowhere and shown on no page."""
HIDDEN = frozenset({"csrfmiddlewaretoken", "key", "version", "username", "next", "provider", "credential"}) | PASSWORDS
"""Names of the fields that no page gives back."""
_CHOSEN = re.compile(r"[a-z\d_.:+-]*")


def typed_words(data: MultiValueDict[str, str]) -> list[str]:
    """All words that were typed, each answer by itself. References, days and choices look like one small word, and
    are not among them; a single word of a child, as "Rädd.", is.
    """
    given = [value.strip() for name, values in data.lists() if name not in HIDDEN for value in values]
    return [value for value in given if not _CHOSEN.fullmatch(value)]

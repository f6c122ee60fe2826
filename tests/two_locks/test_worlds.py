"""Random worlds: the predicate and the policies say the same, and a mistake in either is found."""

from __future__ import annotations

import os
import random
from contextlib import AbstractContextManager

import pytest
from django.db.models import Model

from samsyn.people.models import Guardianship, ProtectedDetails
from samsyn.sharing.models import Challenge, Consent, Disclosure, DisclosureItem
from tests import figures
from tests.two_locks.comparing import MODELS, PARTS, Difference, compare, compare_children, compare_presence
from tests.two_locks.making import WRITTEN, Maker, World
from tests.two_locks.owner import Owner

DEEP = os.environ.get("SAMSYN_DEEP") == "1" or "SAMSYN_FIGURES" in os.environ
WORLDS, AT_ONCE = (1000, 50) if DEEP else (10, 10)
"""As many as the promise says where it is proven (``./dev prove two-locks``); every day a few of them."""
FOR_MISTAKES = 120
"""Worlds that a mistake may be hidden in, a fourth of them in each of the moments. It is found in the first few."""

MISTAKES: dict[str, tuple[str, str, str, str]] = {
    "any post that is told is believed": ("function", "post", "IF holds THEN", "IF true THEN"),
    "who held the post yesterday still does": (
        "function",
        "post",
        "AND (held.until IS NULL OR held.until >= day)",
        "AND (held.until IS NULL OR held.until >= day - 1)",
    ),
    "an ended post goes on": ("function", "post", "(post.ended_on IS NULL OR post.ended_on >= day)", "(true)"),
    "an operator reads": ("function", "post", "AND NOT own.is_operator", ""),
    "a closed account reads": ("function", "post", "AND own.is_active", ""),
    "who is away is there": ("function", "present_at", "away.since <= day", "away.since < day"),
    "the cover is the holder's for ever": (
        "function",
        "attending",
        "AND (cover.until IS NULL OR cover.until >= day)",
        "",
    ),
    "a reason never ends": ("function", "whole", "AND (until IS NULL OR until > moment)", ""),
    "a reason begins before it does": ("function", "whole", "since <= moment", "true"),
    "one post's reason is the whole unit's": ("function", "whole", "AND post_id IS NULL AND scope", "AND scope"),
    "finding is reading": ("function", "whole", "scope = 'whole'", "scope <> 'item'"),
    "a single thing is read for ever": ("function", "things", "AND (until IS NULL OR until > moment)", ""),
    "a disclosure never runs out": ("function", "things", "AND opened.expires_on >= day", ""),
    "an ended disclosure is open": (
        "function",
        "things",
        "AND (opened.ended_at IS NULL OR opened.ended_at > moment)",
        "",
    ),
    "a delivered thing is open": ("function", "things", "AND opened.way = 'open'", ""),
    "one kind opens every kind": ("function", "things", "AND item.kind = of_kind", ""),
    "a disclosure to one is to all": (
        "function",
        "opened_to",
        "opened.receiver_id =",
        "opened.receiver_id IS NOT NULL OR 1 =",
    ),
    "a unit above reads all that is found": ("function", "children_of", "AND scope = 'find' ", ""),
    "a unit above has the reasons of those below": ("function", "reached", "'find ' || one", "'unit ' || one"),
    "who is hidden is around one as others are": ("function", "children_of", " AND child_id <> ALL (hidden)", ""),
    "who is hidden has a file as others have": ("function", "whole", " AND child_id <> ALL (hidden)", ""),
    "who is hidden is read by name": ("function", "readable", "one <> ALL (hidden)", "true"),
    "who was told once knows for ever": ("function", "known_to", "AND told.until > moment", ""),
    "a former guardian is in the family": ("function", "custodians", "AND (until IS NULL OR until >= day)", ""),
    "every authority's rows are one's own": (
        "policy",
        "early_signals_sign",
        "(authority_id = ( SELECT second_lock.authority() AS authority))",
        "(true)",
    ),
    "everybody reads drafts": ("policy", "early_signals_sign", "<> 'draft'", "IS NOT NULL AND 'x' <> 'draft'"),
    "what one in the family says is wrong is read by all of it": (
        "policy",
        "sharing_claimoferror",
        "(by_id = ( SELECT second_lock.kin() AS kin))",
        "(true)",
    ),
    "everybody reads every duty": ("policy", "duties_duty", "(post_id = ", "(post_id >= "),
    "a copy to one post is to all": (
        "function",
        "copied_duties_duty",
        "to_post_id = second_lock.post()",
        "to_post_id IS NOT NULL",
    ),
    "a former guardian's names stand open": (
        "function",
        "guardians",
        "\n      AND (until IS NULL OR until >= day)",
        "",
    ),
    "who is hidden is named from the vault": ("policy", "people_protecteddetails", "<> ALL", "IS NOT NULL OR 0 <> ALL"),
    "everybody reads who may know of whom": ("policy", "protection_insight", "(post_id = ", "(post_id >= "),
    "everybody reads what was looked up": ("policy", "people_lookup", "(account_id = ", "(account_id >= "),
    "a row tells of what is closed to one in the family": (
        "function",
        "family_sees",
        "IF told_of IS NOT NULL THEN",
        "IF false THEN",
    ),
    "a row tells of what is kept from the family": (
        "function",
        "family_sees",
        "thing.disclosure_id = told_of AND mark.child_id",
        "false AND mark.child_id",
    ),
    "a question names what is closed": ("function", "family_sees", "IF asked_in IS NOT NULL THEN", "IF false THEN"),
    "what was written about a thing is read where the thing is closed": (
        "function",
        "family_sees",
        "IF followed IS NOT NULL AND",
        "IF false AND",
    ),
    "what was handed over is the sender's alone": (
        "function",
        "family_sees",
        "about, taker, named.kind",
        "about, NULL, named.kind",
    ),
    "a row tells of what was written about what is closed": (
        "function",
        "shared_in",
        "thing.disclosure_id = told_of AND thing.about_ref IS NOT NULL",
        "false",
    ),
    "a question names what was written about what is closed": (
        "function",
        "named_in",
        "thing.consent_id = asked_in AND thing.about_ref IS NOT NULL",
        "false",
    ),
    "one's own custody is the custody of all": (
        "policy",
        "people_guardianship",
        "(child_id = ANY",
        "(id > 0 OR child_id = ANY",
    ),
}


def planted(owner: Owner, mistake: tuple[str, str, str, str]) -> AbstractContextManager[None]:
    """The mistake, for the length of a block."""
    where, name, old, new = mistake
    return owner.function(name, old, new) if where == "function" else owner.policy(name, old, new)


PRESENCE = {"post", "present_at", "attending"}
"""Functions that find out who may act as a post. Most looks are by somebody who does; here the others are asked too."""
OF_FAMILY = {"family_sees", "shared_in", "named_in"}
"""Functions that find out what somebody sees in the own family."""
PAIRS = 6
"""Accounts and posts of each world of which it is asked; for a mistake in those functions, all of them."""


def search(made: list[World], seed: int, mistake: tuple[str, str, str, str] | None = None) -> Difference | None:
    """The first difference in these worlds. For a mistake: where it would be seen."""
    chance = random.Random(seed)
    where, name = mistake[:2] if mistake else ("", "")
    for world in made:
        if where == "function" and name in PRESENCE:
            found = compare_presence(world, chance, most=1000)[1]
        else:
            found = compare(world, chance, always=_seen_at(world, where, name), home=name in OF_FAMILY)[1]
        if found:
            return found[0]
    return None


def _seen_at(world: World, where: str, name: str) -> list[type[Model]]:
    """The models whose rows show a mistake, where it is some: the table's own, or those of which things are shared."""
    if where == "policy" or name.startswith("copied_"):
        table = name.removeprefix("copied_")
        return [model for model in (*MODELS, *PARTS) if model._meta.db_table == table]
    if name in OF_FAMILY:
        return [Disclosure, Challenge, Consent, *WRITTEN]
    if name == "persons":
        return [ProtectedDetails, Guardianship]
    shared = {item.kind for item in world.of(DisclosureItem)} if name == "things" else set()
    return [model for model in MODELS[1:] if getattr(getattr(model, "seen", None), "kind", "") in shared]


def test_every_mistake_can_still_be_planted(owner: Owner) -> None:
    for mistake in MISTAKES.values():
        with planted(owner, mistake):
            pass


@pytest.mark.long
def test_random_worlds_and_no_difference(owner: Owner) -> None:
    owner.without_constraints()
    decisions, differences = 0, []
    for seed in range(WORLDS // AT_ONCE):
        made = Maker(seed, AT_ONCE).make()
        with owner.knowing():
            for number, world in enumerate(made):
                chance = random.Random(f"{seed} {number}")  # so that a world that fails can be asked alone
                for compared, found in (
                    compare(world, chance),
                    compare_presence(world, chance, PAIRS),
                    compare_children(world, chance),
                ):
                    decisions += compared
                    differences += found
        assert differences[:1] == [], f"seed {seed}"
    figures.tell("two-locks", worlds=WORLDS, decisions=decisions, differences=len(differences))


@pytest.mark.deep
def test_every_planted_mistake_is_found(owner: Owner) -> None:
    owner.without_constraints()
    made = [world for seed in range(4) for world in Maker(1000 + seed, FOR_MISTAKES // 4).make()]
    not_found = []
    with owner.knowing():
        assert search(made, 1) is None
        for words, mistake in MISTAKES.items():
            with planted(owner, mistake):
                if search(made, 1, mistake) is None:
                    not_found.append(words)
    figures.tell("two-locks", mistakes=len(MISTAKES), found=len(MISTAKES) - len(not_found))
    assert not_found == []

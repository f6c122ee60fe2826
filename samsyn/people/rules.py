"""What may be written down about persons, numbers and accounts. Pure."""

from __future__ import annotations

import re
from datetime import date

from samsyn import law
from samsyn.common.decision import Decision, no, yes

SOLE_CUSTODY, UNKNOWN_CUSTODY = "sole", "unknown"
LOOK_UP_LIMIT = "look_up_limit"
SHORTEST_REASON = 5
_SIGN_IN_NAME = re.compile(r"[a-zåäö0-9][a-zåäö0-9._@-]{0,149}")
_LIKE_A_NUMBER = re.compile(r"(\d[\s.-]*){8,}")


def may_write_of_family(*, own: bool) -> Decision:
    """Nobody writes at work about the own family."""
    return no("This is about your own family. Let a colleague write it down.") if own else yes()


def may_be_named(given_name: str, family_name: str) -> Decision:
    """Is there a name at all. A newborn may have a family name only."""
    if given_name or family_name:
        return yes("There is a name.")
    return no("Write a name. For a newborn the family name is enough.", field="given_name")


def may_be_born(birth_date: date | None, today: date) -> Decision:
    """Is it a day that somebody can be born on. None: it is not known."""
    if birth_date is not None and birth_date > today:
        return no("The day has not come yet.", field="birth_date")
    return yes("The day has been.")


def may_be_a_name(*names: str) -> Decision:
    """Is what stands in the fields of a name no number."""
    if any(has_a_number(name) for name in names):
        return no("Write the name without a number. The number has a field of its own.", field="given_name")
    return yes()


def has_a_number(words: str) -> bool:
    """Does a line hold what may be somebody's number, which is kept nowhere in the clear."""
    return bool(_LIKE_A_NUMBER.search(words))


def may_enter_by_hand(
    *, names: tuple[str, ...], birth_date: date | None, told_by_number: date | None, today: date
) -> Decision:
    """May somebody be written down whom no register told of. ``told_by_number``: the birth date that a number tells."""
    named = may_be_a_name(*names)
    if not named:
        return named
    if birth_date is not None and told_by_number is not None and birth_date != told_by_number:
        return no("The number begins with another day. Compare both with the document.", field="birth_date")
    born = birth_date or told_by_number
    if not may_be_born(born, today):
        return may_be_born(born, today)
    if not is_child(born, today):
        return no("Only children are entered here, and this is the birth date of a grown-up.", field="birth_date")
    return yes("The child can be entered.")


def is_child(birth_date: date | None, day: date) -> bool:
    """Is somebody a child in the law's sense on ``day``. One whose birth date is not known counts as a child."""
    return birth_date is None or law.on(day).age_applies("child", birth_date)


def may_be_guardian(
    *, itself: bool, since: date, until: date | None, grown_up_on: date | None, has_it: bool = False
) -> Decision:
    """May custody be noted for these days. ``grown_up_on``: the day on which custody of the child ends by law.

    ``has_it``: the same person's custody is noted until further notice already.
    """
    if itself:
        return no("Nobody is the own guardian.", field="guardian")
    if has_it:
        return no("This person has custody already. End that first, if something has changed.", field="guardian")
    if until is not None and until < since:
        return no("The last day comes before the first.", field="until")
    if grown_up_on is not None and since >= grown_up_on:
        return no("Custody ends by law %(day)s.", rule="custody_until", field="since", day=grown_up_on)
    return yes("Custody can be noted.")


def is_news_of_custody(known: str, told: str, *, named: int) -> bool:
    """Does a register's word on somebody's custody change what is known. ``named``: how many guardians it names.

    "Unknown" tells nothing new, except that who had it alone does not when another is named too.
    """
    if told == UNKNOWN_CUSTODY:
        return known == SOLE_CUSTODY and named > 1
    return told != known


def may_look_up(*, acts_as_post: bool, reason: str, recent: int, limit: int | None) -> Decision:
    """May somebody look an exact number up.

    ``recent``: how many this account has looked up in the last hour. ``limit``: the most that the row of law allows.
    """
    if not acts_as_post:
        return no("You look somebody up in your work. Choose the post that you act as first.")
    if len(reason) < SHORTEST_REASON:
        return no("Write why you need to find this child. The reason is kept in the trail.", field="reason")
    if has_a_number(reason):
        return no("Write the reason without a number. It is kept in the trail.", field="reason")
    if limit is not None and recent >= limit:
        return no(
            "You have looked up %(limit)s in the last hour, which is the most. Wait a while.",
            rule=LOOK_UP_LIMIT,
            field="number",
            limit=limit,
        )
    return yes("The number can be looked up.")


def may_keep_whereabouts(*, protected: bool) -> Decision:
    """Is this somebody whose places lie in the vault. Of others no address is kept at all."""
    if not protected:
        return no("Only of a protected person are address and telephone kept, sealed. Set the protection first.")
    return yes("The places can be kept.")


def may_have_number(*, taken_by_another: bool) -> Decision:
    """May this person be known by a number. The sentence does not tell whether somebody else is here."""
    if taken_by_another:
        return no("This number cannot be noted for this person. Compare it with the document.", field="number")
    return yes("The number can be noted.")


def may_sign_in_as(name: str, *, taken: bool, has_account: bool) -> Decision:
    """May a new account have this sign-in name (small letters)."""
    if has_account:
        return no("This person has an account already.", field="person")
    if not _SIGN_IN_NAME.fullmatch(name):
        return no("A sign-in name has letters, digits and . _ - @ only.", field="sign_in_name")
    if has_a_number(name):
        return no("A sign-in name must not be an identity number: it is shown and logged.", field="sign_in_name")
    if taken:
        return no("This sign-in name is used already.", field="sign_in_name")
    return yes("The account can be opened.")


def may_change_password(*, own: bool, knows: bool, differs: bool) -> Decision:
    """May a password be changed. ``knows``: was the old one written. ``differs``: is the new one another."""
    if not own or not knows:
        return no("This is not your password now. After five tries you wait for an hour.", field="password_now")
    if not differs:
        return no("This is the password that you have already. Choose another.", field="password_new")
    return yes("The password can be changed.")


def may_be_known_as(subject: str, *, known_as_another: bool) -> Decision:
    """May an account be let in when a provider says that somebody is ``subject``."""
    if not subject:
        return no("Write the name that the provider knows this person by.", field="subject")
    if known_as_another:
        return no("The provider knows another account by this name.", field="subject")
    return yes("The account can be let in that way.")


STRENGTH = ("none", "family", "marked", "protected")
ASSUMED = "assumed"


def stored_protection(told: str) -> str:
    """What is kept of the level that a register tells. An assumed identity looks like any person and has no flag."""
    return "none" if told == ASSUMED else told


def stronger_protection(one: str, other: str) -> str:
    """The stronger of two levels as they are kept."""
    return max(one, other, key=STRENGTH.index)


def may_set_protection(before: str, after: str, ground: str) -> Decision:
    """May the protection be changed. To make it weaker somebody has to say on which decision."""
    if after == ASSUMED:
        return no(
            "Somebody with an assumed identity is entered as anybody else, as a new person. "
            "Nothing here may tie the two together.",
            field="level",
        )
    if STRENGTH.index(after) < STRENGTH.index(before) and not ground.strip():
        return no("Say on which decision the protection is lowered.", field="ground")
    return yes("The protection can be set.")

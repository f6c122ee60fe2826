"""What a consent is worth on a day: one table of states, read from the top, and what may be done with it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from samsyn.common.decision import Decision, marked, no, yes

PLAN = "plan"


@dataclass(frozen=True)
class Answers:
    """Everything that a consent's state on a day follows from.

    ``deciders``: row ids of those whose yes is needed on the day. ``everybody``: is it known that nobody else decides
    (custody of unknown kind never is). ``with_child``: a child under 18 is one of them. ``newest``: newest step by
    giver. ``hindered``: guardians whose answer is not waited for (FB 6:13); ``overridden``: guardians whose no a board
    has decided to go past (FB 6:13 a).
    """

    deciders: Sequence[int]
    newest: Mapping[int, str]
    since: date
    until: date
    on: date
    everybody: bool = True
    with_child: bool = False
    hindered: Collection[int] = field(default_factory=frozenset)
    overridden: Collection[int] = field(default_factory=frozenset)

    def has(self, step: str) -> bool:
        """Is this the newest answer of somebody who decides and whose answer counts."""
        return any(self.newest.get(one) == step for one in self._counted())

    def all_have_said_yes(self) -> bool:
        """Has everybody said yes who is waited for, and is nobody unknown."""
        waited_for = [one for one in self._counted() if one not in self.hindered or one in self.newest]
        return self.everybody and bool(waited_for) and all(self.newest.get(one) == "given" for one in waited_for)

    def _counted(self) -> list[int]:
        return [one for one in self.deciders if one not in self.overridden]


@dataclass(frozen=True)
class State:
    """One line of the table: what it is called, when it fits, what it means for what is shared, and by which row."""

    name: str
    fits: Callable[[Answers], bool]
    opens: bool
    sentence: str
    source: str


CONSENT_STATES = (
    State(
        "expired",
        lambda its: its.on > its.until,
        False,
        marked("The yes ran out on %(until)s. Ask again if it is still needed."),
        "consent_longest",
    ),
    State(
        "withdrawn",
        lambda its: its.has("withdrawn"),
        False,
        marked("Somebody who decides has taken the yes back. Nothing more is shared."),
        "consent",
    ),
    State(
        "disputed",
        lambda its: its.has("refused") and its.has("given"),
        False,
        marked("Those who decide do not agree. Nothing is shared."),
        "both_guardians",
    ),
    State(
        "refused",
        lambda its: its.has("refused"),
        False,
        marked("Somebody who decides has said no. Nothing is shared."),
        "consent",
    ),
    State(
        "given",
        lambda its: its.all_have_said_yes(),
        True,
        marked("Everyone who decides has said yes."),
        "consent",
    ),
    State(
        "partly_given",
        lambda its: its.has("given"),
        False,
        marked("Somebody has said yes. An answer is missing."),
        "both_guardians",
    ),
    State("asked", lambda _its: True, False, marked("Nobody has answered yet."), "consent"),
)
"""The states of a consent. The first line that fits is the state; nothing of it is stored."""


def state_of(answers: Answers) -> State:
    """The line of the table that fits."""
    return next(line for line in CONSENT_STATES if line.fits(answers))


def consent_stands(answers: Answers) -> Decision:
    """Does a consent open anything on this day. With joint custody all must have said yes (FB 6:13), or an exception
    that the law allows is written down. A yes of somebody who no longer decides counts for nothing."""
    state = state_of(answers)
    several = len(answers.deciders) > 1
    rule = "both_guardians" if several and state.source == "consent" else state.source
    if state.name == "expired":
        return no(state.sentence, rule="consent", until=answers.until)
    if not answers.deciders:
        return no("There is no guardian on record who can say yes.", rule="consent")
    if state.opens:
        if answers.on < answers.since:
            return no("The yes begins to hold on %(since)s.", rule="consent", since=answers.since)
        return yes(state.sentence, rule=rule)
    if not answers.everybody and state.name in ("asked", "partly_given"):
        return no("It is not known whether somebody else has custody too. Find that out first.", rule="both_guardians")
    if several and state.name in ("asked", "partly_given"):
        return no(_MISSING_WITH_CHILD if answers.with_child else _MISSING, rule=rule)
    if state.name == "asked":
        return no("The one who decides has not answered yet.", rule=rule)
    return no(state.sentence, rule=rule)


_MISSING = marked("Both guardians need to say yes. One answer is missing.")
_MISSING_WITH_CHILD = marked("The guardians and the child need to say yes. An answer is missing.")


@dataclass(frozen=True)
class Limit:
    """What a yes leaves out, as row ids: a unit, an authority, or None for everybody; a kind, or "" for all."""

    unit: int | None = None
    authority: int | None = None
    kind: str = ""
    words: str = ""

    def bars(self, *, unit: int, authority: int, kind: str) -> bool:
        """Does it keep this kind from this unit."""
        if self.unit is None and self.authority is None and not self.kind:
            return False  # only words: for people to read
        to_them = self.unit in (None, unit) and self.authority in (None, authority)
        return to_them and self.kind in ("", kind)


def consent_reaches(
    *,
    about_this: bool,
    to_receiver: bool,
    kinds: Iterable[str],
    said_yes_to: Collection[str],
    left_out: bool = False,
) -> Decision:
    """Does a consent cover what is about to be opened, and to whom. What it does not name it does not open (OSL 12:2).

    ``about_this``: it is about this child and was asked by the sender. ``kinds``: of what is to be opened, beyond the
    single things that it names. ``left_out``: the family wanted some of this kept from this receiver.
    """
    if not about_this:
        return no("That yes is about something else.", rule="consent", field="gate")
    if not to_receiver:
        return no("The family said yes to others, not to this receiver.", rule="consent", field="gate")
    if left_out:
        return no("The family wanted this kept from this receiver.", rule="consent", field="gate")
    if not set(kinds) <= set(said_yes_to):
        return no("The family said yes to less than this. Ask about this too.", rule="consent", field="gate")
    return yes(rule="consent")


def may_answer_consent(*, decides: bool, newest: str | None, step: str, until: date, on: date) -> Decision:
    """May this answer be written down. A yes can be taken back any day; what was never given cannot."""
    if not decides:
        return no("Only somebody who decides for the child today can answer.", rule="both_guardians", field="giver")
    if on > until:
        return no("This question has run out. Ask again.", rule="consent")
    if step == "withdrawn" and newest != "given":
        return no("There is no yes to take back.", rule="consent", field="step")
    if step == "refused" and newest == "given":
        return no("There is a yes. It can be taken back.", rule="consent", field="step")
    if step == newest:
        return no("That answer is already written down.", field="step")
    return yes()


def may_answer_for(*, is_giver: bool, is_staff: bool, form: str, same_authority: bool) -> Decision:
    """May this viewer give the answer: the giver with an own signature, or staff of the asker who writes down."""
    if is_staff:
        if not same_authority:
            return no("Those who asked write the answer down.", rule="consent")
        if form == "e_signed":
            return no("Only the one who answers can sign.", rule="consent", field="form")
        return yes()
    if not is_giver:
        return no("Only the one who answers can sign.", rule="consent", field="giver")
    return yes()


def text_was_read(*, shown: bytes, stands: bytes) -> Decision:
    """Is the text that was shown the one that was asked."""
    if shown != stands:
        return no("The text is not the one that was asked. Read it once more.", rule="consent", field="text")
    return yes()


def missing_in_question(*, purpose: str, kinds: int, receivers: int, errand: str = "other") -> list[Decision]:
    """What must be filled in before a family can be asked, each beside its field, in the order of the form."""
    missing = []
    if not purpose.strip():
        missing.append(no("Write what it is for, as you say it to the family.", field="purpose"))
    if kinds == 0 and errand != PLAN:
        missing.append(no("Choose what may be shared.", field="kinds"))
    if receivers == 0 and errand != PLAN:
        missing.append(no("Choose who may take part of it.", field="receivers"))
    return missing


def may_ask_consent(
    *,
    purpose: str,
    kinds: int,
    receivers: int,
    receivers_inside: int,
    until: date,
    on: date,
    longest: date,
    errand: str = "other",
    since: date | None = None,
    shared_anyway: str = "",
) -> Decision:
    """May consent be asked for, for this purpose, about so many kinds and single things, until this day.

    ``receivers_inside``: how many of the receivers are in the asker's own authority, where a no would change nothing.
    ``shared_anyway``: the row of law by which one of the receivers is told whatever the answer is, "" for none.
    """
    if missing := missing_in_question(purpose=purpose, kinds=kinds, receivers=receivers, errand=errand):
        return missing[0]
    if receivers_inside:
        return no(
            "Inside your own authority no consent is needed. Do not ask where a no would change nothing.",
            rule="own_authority",
            field="receivers",
        )
    if shared_anyway:
        return no(
            "This is shared whatever the family answers. "
            "Do not ask: tell the family what you do, why, and by which law.",
            rule=shared_anyway,
            field="receivers",
        )
    if until <= on:
        return no("Choose a day after today.", field="until")
    if since is not None and not on <= since <= until:
        return no("Choose a first day from today, before the last.", field="since")
    if until > longest:
        return no("The longest time is until %(longest)s.", rule="consent_longest", field="until", longest=longest)
    return yes()


def childs_part_is_weighed(*, part: str, reason: str, weighed: bool, grown: bool, alone: Decision | None) -> Decision:
    """Is the child's part in the answer decided and written down.

    ``weighed``: is the child of an age where a reason is always written. ``alone``: what the law says of the child's
    answering alone, None when that was not chosen.
    """
    if grown:
        return yes()
    if (weighed or part != "heard") and not reason.strip():
        return no(
            "Write why the child has this part in the answer: age, maturity, and what the child wants.",
            rule="consent_by_the_child",
            field="child_reason",
        )
    return alone if alone is not None and not alone else yes(rule="consent_by_the_child")


def may_waive(
    *,
    is_guardian: bool,
    guardians: int,
    is_waived: bool,
    others_waived: bool,
    law: Decision,
    reason: str,
    ground: str,
    number: str,
    decided_on: date,
    on: date,
) -> Decision:
    """May it be written down that one guardian's yes is enough. ``law``: what it says of this ground and measure."""
    if not is_guardian or guardians < 2:  # one of two
        return no("This is for one of two guardians.", rule="both_guardians", field="guardian")
    if is_waived:
        return no("That is already written down.", field="guardian")
    if others_waived:
        return no("One of the guardians must have said yes.", rule="both_guardians", field="guardian")
    if not law:
        return law
    if not reason.strip():
        return no("Write why it cannot wait, or what the board decided.", rule=ground, field="reason")
    if ground == "board_may_override" and not number.strip():
        return no("Write the number of the board's decision.", rule=ground, field="decision_number")
    if decided_on > on:
        return no("Choose today or an earlier day.", field="decided_on")
    return yes(rule=ground)


def may_look_at_ended_yes(*, is_theirs: bool, words: str) -> Decision:
    """May it be written down what the one who answers for the work and the family decided, now that a yes has ended."""
    if not is_theirs:
        return no("This is for the one who answers for it.")
    if not words.strip():
        return no("Write what you and the family decided.", rule="look_at_ended_consent", field="words")
    return yes(rule="look_at_ended_consent")


def may_renew(*, is_renewed: bool, on: date, until: date, from_day: date) -> Decision:
    """May a question be asked anew from this one. ``from_day``: the day from which a renewal is proposed."""
    if is_renewed:
        return no("It has been asked anew already.", rule="consent_renewal")
    return (
        yes(rule="consent_renewal")
        if on >= from_day or on > until
        else no("There is still time. You are reminded on %(day)s.", rule="consent_renewal", day=from_day)
    )

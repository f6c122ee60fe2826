"""What may be done with a sign and with a request for help: two tables of states, and one guard a verb. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from samsyn.common.decision import Decision, marked, no, yes

LONGEST_TEXT, LONGEST_LANGUAGE = 10_000, 12


@dataclass(frozen=True)
class Step:
    """One line of a table of states. ``state`` "" is before the thing is there.

    ``source``: where the step comes from. ``duty``: what somebody has to do next ("" changes nothing). ``rule``: id of
    the row of law that gives the duty its time. ``by``: who has the duty: the named person, the asker or the receiver.
    """

    state: str
    verb: str
    to: str
    source: str
    duty: str = ""
    rule: str = ""
    by: str = "named_person"


SIGN_STEPS = (
    Step("", "start", "draft", marked("GIRFEC: anyone who meets the child")),
    Step("draft", "save", "draft", marked("GIRFEC: anyone who meets the child")),
    Step("draft", "discard", "discarded", marked("Nothing was sent")),
    Step("draft", "send", "received", "GIRFEC: to the named person", "acknowledge_sign", "acknowledge_signal"),
    Step("received", "acknowledge", "acknowledged", "BTI", "talk_with_family", "talk_with_family"),
    Step("acknowledged", "talk", "dialogue", "GIRFEC: views first", "five_questions", "decision_after_signal"),
    Step("dialogue", "talk", "dialogue", marked("GIRFEC: views first")),
    Step("dialogue", "decide", "decided", "GIRFEC: the five questions", "tell_noticer", "feedback_to_noticer"),
    Step("decided", "talk", "decided", marked("GIRFEC: views first")),
    Step("decided", "tell", "decided", "BTI: feedback", "close_sign", "follow_up_help"),
    Step("decided", "close", "closed", marked("BTI: feedback")),
    Step("received", "merge", "merged", marked("One child, one matter")),
    Step("acknowledged", "merge", "merged", marked("One child, one matter")),
    Step("dialogue", "merge", "merged", marked("One child, one matter")),
)
REQUEST_STEPS = (
    Step("", "send", "sent", "Baton rule: sending moves nothing", "answer_request", "answer_request", "receiver"),
    Step("sent", "counter", "countered", "Primero", "answer_counter", "answer_request", "asker"),
    Step("countered", "agree", "agreed", "Baton rule", "accept_request", "answer_request", "receiver"),
    Step("sent", "accept", "accepted", "Baton rule", "carry_out_request", "follow_up_help", "receiver"),
    Step("agreed", "accept", "accepted", "Baton rule", "carry_out_request", "follow_up_help", "receiver"),
    Step("sent", "decline", "declined", marked("Primero: reason and alternative")),
    Step("countered", "decline", "declined", marked("Primero: reason and alternative")),
    Step("agreed", "decline", "declined", marked("Primero: reason and alternative")),
    Step("sent", "revoke", "revoked", "Primero"),
    Step("countered", "revoke", "revoked", "Primero"),
    Step("agreed", "revoke", "revoked", "Primero"),
    Step("accepted", "revoke", "revoked", marked("A yes that is taken back")),
    Step("accepted", "finish", "done", marked("Primero: success or a listed reason")),
)
PAST = {
    "start": "started", "save": "saved", "discard": "discarded", "send": "sent", "acknowledge": "acknowledged",
    "talk": "talked", "decide": "decided", "tell": "told", "close": "closed", "merge": "merged",
    "counter": "countered", "agree": "agreed", "accept": "accepted", "decline": "declined", "revoke": "revoked",
    "finish": "done",
}  # fmt: skip  # the trail's word for each verb, as in "sign.sent"
OPEN_SIGN = ("received", "acknowledged", "dialogue", "decided")
OPEN_REQUEST = ("sent", "countered", "agreed", "accepted")

WHERE_IT_STANDS = {
    "": no("This is not there yet."),
    "draft": no("The sign is still being written. It has not been sent."),
    "discarded": no("This draft has been thrown away."),
    "received": no("The sign has been sent and waits for the child's %(named_person)s to take it on."),
    "acknowledged": no("The sign has been taken on. The talk with the family comes next."),
    "dialogue": no("The talk with the family has begun. The five questions come next."),
    "decided": no("It has been decided what happens. Telling the one who noticed comes next."),
    "closed": no("This sign is closed. If something more is seen, write a new one."),
    "merged": no("This sign has been joined with an earlier one. Go on there."),
    "sent": no("The request has been sent and waits for an answer."),
    "countered": no("Another way has been proposed. The one who asked answers that first."),
    "agreed": no("You have agreed on another way. The one who was asked accepts it next."),
    "accepted": no("The request has been accepted already."),
    "declined": no("The request has been declined. See what was proposed instead."),
    "revoked": no("The request has been taken back."),
    "done": no("The request is done."),
}


@dataclass(frozen=True)
class Noted:
    """What somebody noted. ``talked_with``: "child" and references of guardians as text."""

    kind: str = ""
    observed_on: date | None = None
    saw: str = ""
    child_words: str = ""
    areas: tuple[str, ...] = ()
    talked_with: tuple[str, ...] = ()
    not_talked_because: str = ""
    did: str = ""
    harm_feared: bool = False


@dataclass(frozen=True)
class TalkHeld:
    """A talk, or the reason why it was not possible. ``with_guardians``: references as text."""

    held_on: date
    with_child: bool
    with_guardians: tuple[str, ...] = ()
    child_words: str = ""
    family_words: str = ""
    not_with_child_because: str = ""
    not_with_guardians_because: str = ""
    interpreter: str = ""


@dataclass(frozen=True)
class Answers:
    """The five questions answered, and what was decided. "Not explored, because …" is an answer."""

    in_the_way: str
    have_all_information: str
    can_do_now: str
    own_agency_can_do: str
    needed_from_others: str
    decision: str


def step(steps: Iterable[Step], state: str, verb: str) -> Step | None:
    """The line of a table for this verb in this state, None when there is none."""
    return next((line for line in steps if line.state == state and line.verb == verb), None)


def possible(steps: Iterable[Step], state: str, verb: str) -> Decision:
    """Does the table know this step. The no says where the thing stands: somebody may have been there meanwhile."""
    line = step(steps, state, verb)
    return yes(rule=line.rule) if line is not None else WHERE_IT_STANDS[state]


def verbs(steps: Iterable[Step], state: str) -> tuple[str, ...]:
    """What can be done from this state, for a page that offers it."""
    return tuple(line.verb for line in steps if line.state == state)


def all_of(*decisions: Decision) -> Decision:
    """The first no; else the first yes, which carries the table's row of law."""
    return next((one for one in decisions if not one), decisions[0])


def is_newest(seen: int | None, now: int) -> Decision:
    """Is what was on the screen still what is there. ``seen`` None: nothing was shown that could be old."""
    if seen is not None and seen != now:
        return no("Somebody has changed this since you opened it. Your own text is kept.", field="version")
    return yes()


def _named_person_does(is_named_person: bool) -> Decision:
    return yes() if is_named_person else no("The child's %(named_person)s does this.")


def _needed(words: str, sentence: Decision) -> Decision:
    return yes() if words.strip() else sentence


# --- a sign ---------------------------------------------------------------------------------------------------------


def may_write(*, state: str, is_noticer: bool, verb: str = "save") -> Decision:
    """May this post write in the draft, or throw it away."""
    return all_of(
        possible(SIGN_STEPS, state, verb),
        yes() if is_noticer else no("Only the one who began this draft writes in it."),
    )


def may_note(noted: Noted, *, kinds: Collection[str], areas: Collection[str], family: Collection[str]) -> Decision:
    """Can these choices be kept in a draft. ``family``: references, as text, of those who have custody."""
    if noted.kind and noted.kind not in kinds:
        return no("Choose one of the kinds.", field="kind")
    if not set(noted.areas) <= set(areas):
        return no("Choose among the areas.", field="areas")
    if not set(noted.talked_with) <= {"child", *family}:
        return no("Choose among the child and those who have custody today.", field="talked_with")
    return yes()


def _before_birth(day: date, *, born: date | None, on: date) -> bool:
    # A child that is not born yet on ``on`` may have been noticed any day.
    return born is not None and day < born <= on


def may_send(noted: Noted, *, state: str, is_noticer: bool, on: date, born: date | None = None) -> Decision:
    """May the sign be sent to the named person: it says what was seen, when, in which area and who knows.

    ``born``: the child's birth date; None when it is not known.
    """
    allowed = may_write(state=state, is_noticer=is_noticer, verb="send")
    if not allowed:
        return allowed
    if not noted.saw.strip():
        return no("Write what you saw.", field="saw")
    if not noted.kind:
        return no("Say whether this is a strength, a worry or both.", field="kind")
    if noted.observed_on is None:
        return no("Say which day you saw it.", field="observed_on")
    if noted.observed_on > on:
        return no("That day has not come yet. Choose the day when you saw it.", field="observed_on")
    if _before_birth(noted.observed_on, born=born, on=on):
        return no("The child was not born then. Choose the day when you saw it.", field="observed_on")
    if not noted.areas:
        return no("Choose at least one area that it is about.", field="areas")
    if not noted.talked_with and not noted.not_talked_because.strip():
        return no("Say whom you have talked with, or why nobody yet.", field="talked_with")
    return allowed


def may_cross(*, same_authority: bool, has_ground: bool, rendering: str) -> Decision:
    """May the sign leave the noticer's authority: only through a gate, and as exactly the text that was shown."""
    if same_authority:
        return yes(rule="own_authority")
    if not has_ground:
        return no("The child's %(named_person)s is in another authority. Choose on which ground to tell.", field="gate")
    return _needed(rendering, no("Look through what will be sent before you send it."))


def may_acknowledge(*, state: str, is_named_person: bool) -> Decision:
    """May the named person take the sign on."""
    return all_of(possible(SIGN_STEPS, state, "acknowledge"), _named_person_does(is_named_person))


def may_record_talk(
    talk: TalkHeld, *, state: str, is_named_person: bool, on: date, family: Collection[str], born: date | None = None
) -> Decision:
    """May this talk be written down: who took part, and for those who did not, why. ``born``: as in ``may_send``."""
    allowed = all_of(possible(SIGN_STEPS, state, "talk"), _named_person_does(is_named_person))
    if not allowed:
        return allowed
    if talk.held_on > on:
        return no("That day has not come yet. Choose the day of the talk.", field="held_on")
    if _before_birth(talk.held_on, born=born, on=on):
        return no("The child was not born then. Choose the day of the talk.", field="held_on")
    if not set(talk.with_guardians) <= set(family):
        return no("Choose among those who have custody today.", field="with_guardians")
    return all_of(allowed, *missing_in_talk(talk))


_CHILD_NOT_ASKED = no("Say why the child was not asked.", field="not_with_child_because")
_NO_GUARDIAN = no("Say why no guardian was spoken to.", field="not_with_guardians_because")


def missing_in_talk(talk: TalkHeld) -> list[Decision]:
    """What must be written about those who did not take part, each beside its field."""
    child = [] if talk.with_child or talk.not_with_child_because.strip() else [_CHILD_NOT_ASKED]
    guardians = [] if talk.with_guardians or talk.not_with_guardians_because.strip() else [_NO_GUARDIAN]
    return child + guardians


def may_decide(answers: Answers, *, state: str, is_named_person: bool, decisions: Collection[str]) -> Decision:
    """May the five questions be answered with this decision."""
    is_step = possible(SIGN_STEPS, state, "decide")
    return all_of(is_step, _named_person_does(is_named_person), *missing_in_answers(answers, decisions))


FIVE = ("in_the_way", "have_all_information", "can_do_now", "own_agency_can_do", "needed_from_others")
_EMPTY = marked("Write something here, if only that it was not explored and why.")


def missing_in_answers(answers: Answers, decisions: Collection[str]) -> list[Decision]:
    """The questions that have no answer yet, and the decision when it is none of these, each beside its field."""
    missing = [no(_EMPTY, field=one) for one in FIVE if not getattr(answers, one).strip()]
    return missing if answers.decision in decisions else [*missing, no("Say what you have decided.", field="decision")]


_UNTOLD = no("Write what the one who noticed may be told.", field="feedback")


def may_tell(*, state: str, is_named_person: bool, feedback: str) -> Decision:
    """May the one who noticed be given this answer."""
    return all_of(possible(SIGN_STEPS, state, "tell"), _named_person_does(is_named_person), _needed(feedback, _UNTOLD))


def may_close(*, state: str, is_named_person: bool, decision: str, open_requests: int, feedback: str) -> Decision:
    """May the sign be closed: decided, nothing asked of others still open, and the one who noticed is told."""
    return all_of(
        possible(SIGN_STEPS, state, "close"),
        _named_person_does(is_named_person),
        yes() if decision else no("Decide first: answer the five questions."),
        no("A request for help is still open. End it or wait for it first.") if open_requests else yes(),
        _needed(feedback, _UNTOLD),
    )


def may_merge(
    *,
    state: str,
    into_state: str,
    is_named_person: bool,
    same_sign: bool,
    same_child: bool,
    into_is_earlier: bool,
    open_requests: int,
) -> Decision:
    """May a sign be joined with an earlier one about the same child, that is still before its decision."""
    return all_of(
        possible(SIGN_STEPS, state, "merge"),
        _named_person_does(is_named_person),
        no("Choose another sign than this one.", field="into") if same_sign else yes(),
        yes() if same_child else no("The two are about different children.", field="into"),
        possible(SIGN_STEPS, into_state, "merge"),
        yes() if into_is_earlier else no("Join the later sign with the earlier one, so that no time is lost."),
        no("A request for help is still open here. End it or wait for it first.") if open_requests else yes(),
    )


def feedback_limits(*, same_authority: bool) -> Decision:
    """What an answer to the one who noticed may hold, for the page where it is written."""
    if same_authority:
        return yes("Tell what the one who noticed needs for meeting the child well, and no more.", rule="own_authority")
    return yes(
        "The one who noticed is in another authority. Say that the sign has been taken care of, and nothing about the "
        "child or the family, unless they have said yes to more.",
        rule="consent",
    )


# --- a request for help ---------------------------------------------------------------------------------------------


_ASKS = no("The child's %(named_person)s asks for help, or somebody who already helps the child.")


def asks_for_help(*, is_asker: bool) -> Decision:
    """Does it lie with the viewer: the named person, or, where no sign is meant, one who already helps the child."""
    return yes() if is_asker else _ASKS


def may_ask(
    *,
    sign_state: str | None,
    receiver_found: bool,
    asks_itself: bool,
    same_authority: bool,
    has_ground: bool,
    same_child: bool,
    owns_sign: bool,
    wanted: str,
    background: str,
) -> Decision:
    """May this help be asked for. Who asks stays responsible.

    ``same_child``: the sign, if any, is about this child. ``owns_sign``: the sign, if it is sent along, belongs to
    the asker's own authority.
    """
    if not same_child:
        return no("That sign is about another child.")
    if sign_state is not None and sign_state not in ("dialogue", "decided"):
        if sign_state in ("received", "acknowledged"):
            return no("Talk with the family first, and then ask.", rule="talk_with_family")
        return WHERE_IT_STANDS[sign_state]
    if not receiver_found:
        return no("Nobody there answers requests yet. Choose another place, or call them.", field="to_unit")
    if asks_itself:
        return no("That is your own post. Choose somebody else.", field="to_unit")
    if not wanted.strip():
        return no("Write which help you ask for.", field="wanted")
    if not background.strip():
        return no("Write what they need to know to be able to answer, and no more.", field="background")
    if not owns_sign:
        return no(
            "The sign belongs to another authority. Write what is needed in your own words.", field="includes_sign"
        )
    if not same_authority and not has_ground:
        return no("They are another authority. Choose on which ground you may ask.", field="gate")
    return yes(rule="answer_request")


def _receiver_does(is_receiver: bool, *, is_read: bool = True) -> Decision:
    read = yes() if is_read else no("Something that you could read about a child has been closed. You need do nothing.")
    return read if is_receiver else no("The one who was asked answers this.")


def _asker_does(is_asker: bool) -> Decision:
    return yes() if is_asker else no("The one who asked does this.")


def may_accept(*, state: str, is_receiver: bool, is_read: bool) -> Decision:
    """May the receiver accept, and so become responsible for the own part, while it can read what that is."""
    return all_of(possible(REQUEST_STEPS, state, "accept"), _receiver_does(is_receiver, is_read=is_read))


def may_counter(*, state: str, is_receiver: bool, is_read: bool, proposal: str) -> Decision:
    """May the receiver propose another way, while it can read what is asked."""
    words = _needed(proposal, no("Write what you propose instead.", field="proposal"))
    return all_of(possible(REQUEST_STEPS, state, "counter"), _receiver_does(is_receiver, is_read=is_read), words)


def may_agree(*, state: str, is_asker: bool, is_read: bool) -> Decision:
    """May the asker agree to the other way, while the receiver can read it. Nothing has moved before it is accepted."""
    read = yes() if is_read else no("Who you asked can read this no longer. Take it back, and ask anew.")
    return all_of(possible(REQUEST_STEPS, state, "agree"), _asker_does(is_asker), read)


def may_decline(*, state: str, is_receiver: bool, reason: str, alternative: str) -> Decision:
    """May the receiver decline: with a reason and with something that can be done instead."""
    return all_of(
        possible(REQUEST_STEPS, state, "decline"),
        _receiver_does(is_receiver),
        _needed(reason, no("Say why, so that the one who asked understands.", field="reason")),
        _needed(alternative, no("Say what could be done instead, so that nobody is left alone.", field="alternative")),
    )


def may_revoke(*, state: str, is_asker: bool, is_read: bool) -> Decision:
    """May the asker take the request back: until somebody has accepted, and when who has can read it no longer."""
    read = state == "accepted" and is_read
    return WHERE_IT_STANDS[state] if read else all_of(possible(REQUEST_STEPS, state, "revoke"), _asker_does(is_asker))


def may_finish(*, state: str, is_receiver: bool, outcome: str, outcomes: Collection[str]) -> Decision:
    """May the receiver end its part: it helped, or one of the listed reasons."""
    return all_of(
        possible(REQUEST_STEPS, state, "finish"),
        _receiver_does(is_receiver),
        yes() if outcome in outcomes else no("Say how it ended.", field="outcome"),
    )


def is_stuck(*, bounces: int, alarm_at: int | None, goes_in_circle: bool) -> bool:
    """Must somebody above help: so many have declined, or the question is back where it was declined."""
    return goes_in_circle or (alarm_at is not None and bounces >= alarm_at)


def goes_in_circle(unit: int, declined_by: Collection[int]) -> bool:
    """Has this unit declined the same matter before (A, then B, then A again)."""
    return unit in declined_by


def may_settle(*, is_holder: bool, open_: bool) -> Decision:
    """May the post that was called in say that the matter is no longer stuck."""
    if not open_:
        return no("Somebody has already helped this on.")
    return yes() if is_holder else no("The post that was called in does this.")

"""What a staff file would change, and everything in it that cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from samsyn.common.decision import no
from samsyn.organisations import rules
from samsyn.organisations.importing.reading import Faults, batches
from samsyn.organisations.importing.staff_file import STAFF_ID, Key, PersonFacts, StaffRow
from samsyn.organisations.importing.staff_notes import (
    CHANGED,
    FOR_EVER,
    NEW,
    NEW_ACCOUNT,
    NEW_SIGN_IN,
    OPERATOR,
    RENAMED,
    SHUT,
    StaffNotes,
)
from samsyn.organisations.importing.staff_there import (
    HoldingThere,
    PersonThere,
    PostThere,
    There,
    holdings_there,
    people_there,
    posts_there,
)
from samsyn.organisations.resolution import Span
from samsyn.people import rules as people_rules
from samsyn.people.models import Protection


def compare_rows(rows: list[StaffRow], notes: StaffNotes, faults: Faults) -> None:
    """Note who of the rows is new or changed, and which posts they hold. Asks the store the same few questions."""
    posts = posts_there(row.post for row in rows)
    newcomers: list[tuple[int, StaffRow, Key]] = []
    for row in rows:
        notes.rows.append(row.number)
        if row.key is None:
            continue
        place, is_first = notes.people.meet(row, row.key, faults)
        _note_holding(row, row.key, place, posts.get(row.post), notes, faults)
        if is_first and notes.people.take_sign_in_name(place, row, faults):
            newcomers.append((place, row, row.key))
    there = people_there(
        ((place, notes.system(place, key), key[1]) for place, _, key in newcomers),
        (row.facts.sign_in_name for _, row, _ in newcomers),
    )
    for place, row, _ in newcomers:
        _compare_person(place, row, there, notes, faults)


def _note_holding(
    row: StaffRow, key: Key, place: int, post: PostThere | None, notes: StaffNotes, faults: Faults
) -> None:
    if post is None:
        if row.post:
            faults(row.number, "post_id", no("There is no post with this id. Bring in the organisation first."))
        return
    notes.employers[post.principal] = post.employer
    employer = notes.people.employer[place] or post.principal
    notes.people.employer[place] = employer
    if key[0] == STAFF_ID and employer != post.principal:
        faults(row.number, "staff_id", no("The same staff id stands for two employers. Use one file for each."))
    elif row.since is not None:
        notes.holdings.add(row.number, place, post.pk, row.since, row.until)


def _compare_person(place: int, row: StaffRow, there: There, notes: StaffNotes, faults: Faults) -> None:
    person = there.people.get(place)
    owner = there.names_taken.get(row.facts.sign_in_name)
    if owner is not None and (person is None or owner != person.pk):
        taken = people_rules.may_sign_in_as(row.facts.sign_in_name, taken=True, has_account=False)
        faults(row.number, "sign_in_name", taken)
    notes.people.state[place] = state = _state(person, row.facts, there)
    if state & CHANGED:
        notes.changed.add(row.number)
    if person is not None:
        notes.people.pk[place] = person.pk
        account = there.accounts.get(person.pk)
        notes.people.account[place] = account.pk if account is not None else 0


def _state(person: PersonThere | None, facts: PersonFacts, there: There) -> int:
    if person is None:
        return NEW
    state = RENAMED if _is_renamed(person, facts, there) else 0
    account = there.accounts.get(person.pk)
    if account is None:
        return state | NEW_ACCOUNT
    if account.sign_in_name != facts.sign_in_name:
        state |= NEW_SIGN_IN
    if account.is_operator:
        state |= OPERATOR
    return state if account.is_active else state | SHUT


def _is_renamed(person: PersonThere, facts: PersonFacts, there: There) -> bool:
    """Does the file give a name that is to be taken over.

    The names of somebody who is protected, or in a child's family, come from the population register and stay.
    """
    if person.protection != Protection.NONE or person.pk in there.in_families:
        return False
    return (person.given_name, person.family_name, person.called) != (facts.given_name, facts.family_name, facts.called)


def compare_holdings(notes: StaffNotes, faults: Faults) -> None:
    """Note which holdings are new and which get another last day, post by post."""
    for some in batches(_by_post(notes)):
        held, ended = holdings_there([post for post, _ in some])
        for post, told in some:
            _compare_post(told, held.get(post, []), post in ended, notes, faults)


def _by_post(notes: StaffNotes) -> Iterator[tuple[int, list[int]]]:
    holdings = notes.holdings
    order = sorted(range(len(holdings.row)), key=lambda at: (holdings.post[at], holdings.since[at], holdings.row[at]))
    for post, told in groupby(order, key=lambda at: holdings.post[at]):
        yield post, list(told)


def _compare_post(
    told: list[int], held: list[HoldingThere], post_ended: bool, notes: StaffNotes, faults: Faults
) -> None:
    people, holdings = notes.people, notes.holdings
    standing = {(one.person, one.since.toordinal()): one for one in held}
    matched = {at: standing.pop((people.pk[holdings.person[at]], holdings.since[at]), None) for at in told}
    taken = [Span(one.since, one.until) for one in standing.values()]
    for at in told:
        row, span = holdings.row[at], Span(*holdings.days(at))
        if any(span.meets(other) for other in taken):
            faults(row, "since", no("The post is held by somebody else then. Give that one a last day first."))
            continue
        taken.append(span)
        state = people.state[holdings.person[at]]
        decision = rules.may_hold(
            span,
            operator=bool(state & OPERATOR),
            account_open=not state & SHUT,
            post_ended=post_ended,
            taken=(),
            takes_over=False,
        )
        if decision:
            _note_change(at, matched[at], notes)
        else:
            faults(row, "post_id", decision)


def _note_change(at: int, before: HoldingThere | None, notes: StaffNotes) -> None:
    until = notes.holdings.until[at]
    if before is None:
        notes.new.append(at)
    elif (before.until.toordinal() if before.until is not None else FOR_EVER) != until:
        notes.moved.append(before.pk)
        notes.moved_to.append(until)
    else:
        return
    notes.changed.add(notes.holdings.row[at])

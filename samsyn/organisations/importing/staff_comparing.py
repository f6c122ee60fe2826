"""What a staff file would change, and everything in it that cannot be."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from samsyn.common.decision import no
from samsyn.organisations import rules
from samsyn.organisations.importing.reading import Faults
from samsyn.organisations.importing.staff_file import STAFF_ID, HoldingFacts, Key, PersonFacts, StaffFile
from samsyn.organisations.importing.staff_there import PersonThere, PostThere, There
from samsyn.organisations.resolution import Span
from samsyn.people import rules as people_rules
from samsyn.people.models import Protection


@dataclass
class StaffChanges:
    """What is new and what is different. ``changed_holdings``: row id and last day. ``rows``: where it stands."""

    new_people: list[Key] = field(default_factory=list)
    renamed: list[Key] = field(default_factory=list)
    new_accounts: list[Key] = field(default_factory=list)
    changed_accounts: list[Key] = field(default_factory=list)
    new_holdings: list[HoldingFacts] = field(default_factory=list)
    changed_holdings: list[tuple[int, date | None]] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)


def compare_staff(told: StaffFile, there: There, faults: Faults) -> StaffChanges:
    """What the file changes. What cannot be is reported with its row and column."""
    changes = StaffChanges()
    for key, facts in told.people.items():
        _compare_person(key, facts, told, there, changes, faults)
    by_post: dict[str, list[HoldingFacts]] = {}
    employers: dict[Key, str] = {}
    for holding in told.holdings:
        post = there.posts.get(holding.post)
        if post is None:
            faults(holding.row, "post_id", no("There is no post with this id. Bring in the organisation first."))
        elif holding.key[0] == STAFF_ID and employers.setdefault(holding.key, post.employer) != post.employer:
            faults(holding.row, "staff_id", no("The same staff id stands for two employers. Use one file for each."))
        else:
            by_post.setdefault(holding.post, []).append(holding)
    for source_id, holdings in by_post.items():
        _compare_post(there.posts[source_id], holdings, there, changes, faults)
    return changes


def _compare_person(
    key: Key, facts: PersonFacts, told: StaffFile, there: There, changes: StaffChanges, faults: Faults
) -> None:
    row = told.first_row[key]
    person = there.people.get(key)
    owner = there.names_taken.get(facts.sign_in_name)
    if owner is not None and (person is None or owner != person.pk):
        faults(
            row,
            "sign_in_name",
            people_rules.may_sign_in_as(facts.sign_in_name, taken=True, has_account=False),
        )
    if person is None:
        changes.new_people.append(key)
        changes.rows.add(row)
        return
    account = there.accounts.get(person.pk)
    if account is None:
        changes.new_accounts.append(key)
    elif account.sign_in_name != facts.sign_in_name:
        changes.changed_accounts.append(key)
    if _is_renamed(person, facts, there):
        changes.renamed.append(key)
    if account is None or account.sign_in_name != facts.sign_in_name or _is_renamed(person, facts, there):
        changes.rows.add(row)


def _is_renamed(person: PersonThere, facts: PersonFacts, there: There) -> bool:
    """Does the file give a name that is to be taken over.

    The names of somebody who is protected, or in a child's family, come from the population register and stay.
    """
    if person.protection != Protection.NONE or person.pk in there.in_families:
        return False
    return (person.given_name, person.family_name, person.called) != (facts.given_name, facts.family_name, facts.called)


def _compare_post(
    post: PostThere, told: list[HoldingFacts], there: There, changes: StaffChanges, faults: Faults
) -> None:
    standing = {(one.person, one.since): one for one in there.holdings.get(post.pk, ())}
    matched = {one.row: standing.pop((_pk(one, there), one.since), None) for one in told}
    taken = [Span(one.since, one.until) for one in standing.values()]
    for one in sorted(told, key=lambda holding: (holding.since, holding.row)):
        person = there.people.get(one.key)
        account = there.accounts.get(person.pk) if person is not None else None
        span = Span(one.since, one.until)
        if any(span.meets(other) for other in taken):
            faults(one.row, "since", no("The post is held by somebody else then. Give that one a last day first."))
            continue
        taken.append(span)
        decision = rules.may_hold(
            span,
            operator=account is not None and account.is_operator,
            account_open=account is None or account.is_active,
            post_ended=post.ended,
            taken=(),
            takes_over=False,
        )
        if not decision:
            faults(one.row, "post_id", decision)
            continue
        before = matched[one.row]
        if before is None:
            changes.new_holdings.append(one)
        elif before.until != one.until:
            changes.changed_holdings.append((before.pk, one.until))
        else:
            continue
        changes.rows.add(one.row)


def _pk(holding: HoldingFacts, there: There) -> int:
    person = there.people.get(holding.key)
    return person.pk if person is not None else 0

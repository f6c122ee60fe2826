"""Each guard that an invariant rests on is needed: with it the deed is refused, without it the walk's own eyes see it.

What sees it is a constraint of the store, or one of the invariants; never the guard itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, timedelta
from types import ModuleType
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from pytest_django.plugin import DjangoDbBlocker

from samsyn.circle import rules as circle
from samsyn.circle.actions import give_named_person
from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.models import HandoverKind
from samsyn.circle.team_actions import add_member, close_team, remove_member
from samsyn.common import clock, second_lock
from samsyn.common.decision import Decision, Refused, yes
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.early_signals import actions as doing
from samsyn.early_signals import rules as signs
from samsyn.early_signals.models import Request, Sign
from samsyn.organisations import rules as organisations
from samsyn.organisations.actions import end_holding
from samsyn.organisations.actions_presence import set_absence
from samsyn.plans import actions as planning
from samsyn.plans import rules as plans
from samsyn.plans.models import Plan
from samsyn.sharing import consent_rules as consents
from samsyn.sharing import rules as sharing
from samsyn.sharing.actions import Sharing, ask_consent
from samsyn.sharing.models import Consent
from samsyn.trail.models import TrailEntry, TrailSubject
from tests import worlds
from tests.rooms.sharing.world import NOW
from tests.walks import deeds
from tests.walks.invariants import Watch
from tests.walks.town import Town, holder_of, team_of

Deed = Callable[["Scene"], object]


@dataclass
class Scene:
    """The lived town, and short words for what the deeds are about."""

    town: Town
    watch: Watch

    @property
    def signe(self) -> Any:
        """Signe, whose plan is in force."""
        return self.town.children[0]

    @property
    def elsa(self) -> Any:
        """Elsa, whose plan is being written."""
        return self.town.children[2]

    @property
    def hugo(self) -> Any:
        """Hugo, for whom help was asked."""
        return self.town.children[3]

    def as_(self, name: str) -> Viewer:
        """Somebody at work, as the own post."""
        return self.town.acting(self.town.world.posts[name])

    def sign(self, child: Any) -> Sign:
        """The child's first sign."""
        return Sign.objects.filter(child=child).order_by("pk")[0]

    def plan(self, child: Any) -> Plan:
        """The child's plan."""
        return Plan.objects.get(child=child)

    def sent(self, child: Any, noticer: str = "Mats") -> Sign:
        """One more sign about the child."""
        return deeds.send(self.town, self.as_(noticer), deeds.note(self.as_(noticer), child))

    def team(self, child: Any) -> Any:
        """The child's team."""
        return team_of(child)

    def offer(self, kind: HandoverKind = HandoverKind.NAMED_PERSON, to: str = "Hanna") -> Any:
        """Bo offers what is his."""
        return deeds.offer_baton(self.town, self.as_("Bo"), self.signe, kind, self.town.world.posts[to])


@dataclass(frozen=True)
class Guard:
    """A rule, and a deed that it is there to refuse. ``seen``: what sees the deed when the rule says yes to all."""

    room: ModuleType
    name: str
    deed: Deed
    seen: str

    def __str__(self) -> str:
        return f"{self.name}: {self.seen}"


def _close_with_an_open_request(scene: Scene) -> None:
    doing.close_sign(scene.as_("Bo"), scene.sign(scene.hugo), "Tack.")


def _close_without_a_word(scene: Scene) -> None:
    doing.close_sign(scene.as_("Bo"), scene.sign(scene.signe), "")


def _decide_nothing(scene: Scene) -> None:
    sign = scene.sent(scene.signe)
    for verb in ("acknowledge", "talk"):
        deeds.sign_step(scene.as_("Bo"), sign, verb, 0, sign)
    words = "Det är utforskat."
    doing.answer_five_questions(scene.as_("Bo"), sign, signs.Answers(words, words, words, words, words, ""))


def _close_in_anothers_place(scene: Scene) -> None:
    doing.close_sign(scene.as_("Hanna"), scene.sign(scene.signe), "Tack.")


def _join_two_children(scene: Scene) -> None:
    into, sign = scene.sent(scene.hugo), scene.sent(scene.signe)
    doing.merge_sign(scene.as_("Bo"), sign, into)


def _join_the_earlier_with_the_later(scene: Scene) -> None:
    earlier = scene.sent(scene.signe)
    with clock.at(clock.now() + timedelta(hours=1)):
        later = scene.sent(scene.signe, "Maja")
        doing.merge_sign(scene.as_("Bo"), earlier, later)


def _join_with_itself(scene: Scene) -> None:
    sign = scene.sent(scene.signe)
    doing.merge_sign(scene.as_("Bo"), sign, sign)


def _accept_in_anothers_place(scene: Scene) -> None:
    doing.accept_request(scene.as_("Leyla"), Request.objects.get())


def _decline_without_a_reason(scene: Scene) -> None:
    doing.decline_request(scene.as_("Ines"), Request.objects.get(), reason="", alternative="")


def _propose_nothing(scene: Scene) -> None:
    doing.counter_request(scene.as_("Ines"), Request.objects.get(), "")


def _end_without_saying_how(scene: Scene) -> None:
    doing.accept_request(scene.as_("Ines"), Request.objects.get())
    doing.finish_request(scene.as_("Ines"), Request.objects.get(), "")


def _ask_oneself(scene: Scene) -> None:
    give_named_person(SYSTEM, scene.hugo, scene.town.world.posts["Rakel"])
    deeds.ask(scene.town, scene.as_("Rakel"), scene.hugo, None, scene.town.world.units["norr"], False)


def _hand_over_without_a_note(scene: Scene) -> None:
    offer = scene.town.world.posts["Hanna"]
    propose_handover(scene.as_("Bo"), scene.signe, HandoverKind.NAMED_PERSON, offer, note="")


def _offer_twice(scene: Scene) -> None:
    scene.offer()
    scene.offer(to="Mats")


def _accept_anothers_offer(scene: Scene) -> None:
    offer = scene.offer()
    deeds.baton_step(scene.as_("Mats"), offer, "accept")


def _accept_what_has_moved(scene: Scene) -> None:
    offer = scene.offer()
    give_named_person(SYSTEM, scene.signe, scene.town.world.posts["Rakel"])
    deeds.baton_step(scene.as_("Hanna"), offer, "accept")


def _lead_from_outside_the_team(scene: Scene) -> None:
    offer = scene.offer(HandoverKind.LEAD, "Maja")  # in the school: an offer to Ines goes with what she reads
    remove_member(scene.as_("Bo"), scene.team(scene.signe), scene.town.world.posts["Maja"])
    deeds.baton_step(scene.as_("Maja"), offer, "accept")


def _two_teams(scene: Scene) -> None:
    deeds.propose(scene.town, scene.as_("Bo"), scene.signe, [scene.town.world.posts["Maja"]])


def _team_by_another(scene: Scene) -> None:
    deeds.propose(scene.town, scene.as_("Hanna"), scene.hugo, [scene.town.world.posts["Maja"]])


def _end_the_team_before_the_plan(scene: Scene) -> None:
    close_team(scene.as_("Bo"), scene.team(scene.signe), open_plan=True)


def _let_the_lead_go(scene: Scene) -> None:
    remove_member(scene.as_("Bo"), scene.team(scene.elsa), scene.town.world.posts["Bo"])


def _let_somebody_in_twice(scene: Scene) -> None:
    add_member(scene.as_("Bo"), scene.team(scene.signe), scene.town.world.posts["Maja"])


def _two_plans(scene: Scene) -> None:
    planning.start_plan(scene.as_("Bo"), scene.team(scene.signe), "En till")


def _plan_without_a_team_at_work(scene: Scene) -> None:
    team = deeds.propose(scene.town, scene.as_("Bo"), scene.hugo, [scene.town.world.posts["Maja"]])
    close_team(scene.as_("Bo"), team, open_plan=False)
    planning.start_plan(scene.as_("Bo"), team, "Utan lag")


def _agree(scene: Scene, *, review_on: date | None, heard: bool = True) -> None:
    plan = scene.plan(scene.elsa)
    deeds.plan_step(scene.town, scene.as_("Bo"), plan, "offer", 0)
    if heard:
        deeds.hear(scene.as_("Bo"), plan)
    plan.refresh_from_db()
    scene.town.yes_to_plan(plan)
    planning.agree(scene.as_("Bo"), plan, plan.version, review_on=review_on)


def _review_in_the_past(scene: Scene) -> None:
    _agree(scene, review_on=clock.today())


def _agree_without_the_child(scene: Scene) -> None:
    _agree(scene, review_on=clock.today() + timedelta(days=30), heard=False)


def _close_with_nothing_decided(scene: Scene) -> None:
    plan = scene.plan(scene.signe)
    planning.close(scene.as_("Bo"), plan, plan.version, how_to_reach_us="Ring Bo.")


def _close_and_be_gone(scene: Scene) -> None:
    plan = scene.plan(scene.signe)
    for action in plan.actions.all():
        deeds.decide_action(scene.as_("Bo"), action, 0)
    plan.refresh_from_db()
    planning.close(scene.as_("Bo"), plan, plan.version, how_to_reach_us="")


def _empty_desk(scene: Scene) -> None:
    for name in ("Bo", "Karin"):
        holding = holder_of(scene.town.world.posts[name])
        assert holding is not None
        set_absence(SYSTEM, holding.person, clock.today())


def _last_at_the_desk_leaves(scene: Scene) -> None:
    holding = holder_of(scene.town.world.posts["Karin"])
    assert holding is not None
    end_holding(SYSTEM, holding, clock.today() - timedelta(days=1))


def _open_on_half_a_yes(scene: Scene) -> None:
    bo, unit = scene.as_("Bo"), scene.town.world.units["reception"]
    consent: Consent = ask_consent(
        bo, scene.signe, purpose="Hjälp", kinds=("request",), receivers=[unit],
        until=clock.today() + timedelta(days=30), form="oral", language="sv",
    )  # fmt: skip
    ground = Sharing(gate="consent", purpose="Hjälp", told="Allt.", consent=consent)
    doing.send_request(bo, scene.signe, None, unit, wanted="Hjälp.", background="Trött.", ground=ground)


def _open_and_tell_nobody(scene: Scene) -> None:
    unit = scene.town.world.units["early team"]
    consent = scene.town.yes(scene.signe, [unit])
    ground = Sharing(gate="consent", purpose="Hjälp", consent=consent)
    doing.send_request(scene.as_("Bo"), scene.signe, None, unit, wanted="Hjälp.", background="Trött.", ground=ground)


STORE = "the store"
GUARDS = (
    Guard(signs, "may_close", _close_with_an_open_request, "I10"),
    Guard(signs, "may_close", _close_without_a_word, STORE),
    Guard(signs, "may_decide", _decide_nothing, "I16"),
    Guard(signs, "may_close", _close_in_anothers_place, "I4"),
    Guard(signs, "may_merge", _join_two_children, "I2"),
    Guard(signs, "may_merge", _join_the_earlier_with_the_later, "I17"),
    Guard(signs, "may_merge", _join_with_itself, STORE),
    Guard(signs, "may_accept", _accept_in_anothers_place, "I4"),
    Guard(signs, "may_decline", _decline_without_a_reason, STORE),
    Guard(signs, "may_counter", _propose_nothing, STORE),
    Guard(signs, "may_finish", _end_without_saying_how, STORE),
    Guard(signs, "may_ask", _ask_oneself, "I4"),
    Guard(circle, "may_hand_over", _hand_over_without_a_note, STORE),
    Guard(circle, "may_hand_over", _offer_twice, STORE),
    Guard(circle, "may_answer_handover", _accept_anothers_offer, "I4"),
    Guard(circle, "may_move", _accept_what_has_moved, STORE),
    Guard(circle, "may_move", _lead_from_outside_the_team, "I7"),
    Guard(circle, "may_propose_team", _two_teams, STORE),
    Guard(circle, "may_propose_team", _team_by_another, "I4"),
    Guard(circle, "may_close_team", _end_the_team_before_the_plan, "I12"),
    Guard(circle, "may_leave", _let_the_lead_go, "I7"),
    Guard(circle, "may_join", _let_somebody_in_twice, STORE),
    Guard(plans, "may_start", _two_plans, STORE),
    Guard(plans, "may_start", _plan_without_a_team_at_work, "I12"),
    Guard(plans, "may_agree", _review_in_the_past, "I11"),
    Guard(plans, "may_agree", _agree_without_the_child, "I8"),
    Guard(plans, "may_close", _close_with_nothing_decided, "I16"),
    Guard(plans, "may_close", _close_and_be_gone, STORE),
    Guard(organisations, "desk_stays_attended", _empty_desk, "I3"),
    Guard(organisations, "desk_stays_attended", _last_at_the_desk_leaves, "I3"),
    Guard(consents, "consent_stands", _open_on_half_a_yes, "I13"),
    Guard(sharing, "may_disclose", _open_and_tell_nobody, STORE),
)


@pytest.fixture(scope="module")
def lived_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[str, Scene]]:
    """The lived town in a database of its own, looked at once: everything holds. Ask for ``scene``."""
    with django_db_blocker.unblock(), worlds.moved_to_a_copy(), clock.at(NOW):
        with second_lock.acting():
            town = deeds.lived_town()
        watch = Watch()
        watch.look()
        here = connection.settings_dict["NAME"]
        connections.close_all()
        kept = worlds.copy_database(here)
    yield kept, Scene(town, watch)
    worlds.drop_database(kept)


@pytest.fixture
def scene(lived_once: tuple[str, Scene], django_db_blocker: DjangoDbBlocker) -> Iterator[Scene]:
    """The lived town. What a test does in it is undone."""
    kept, scene = lived_once
    with django_db_blocker.unblock(), worlds.standing_in(kept), clock.at(NOW):
        yield deepcopy(scene)


def _always(*_: object, **__: object) -> Decision:
    return yes()


@pytest.mark.parametrize("guard", GUARDS, ids=str)
def test_a_guard_is_needed_and_is_not_alone(scene: Scene, guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused), transaction.atomic():
        guard.deed(scene)
    scene.watch.look()
    monkeypatch.setattr(guard.room, guard.name, _always)
    assert _what_sees(scene, guard) == guard.seen


def _what_sees(scene: Scene, guard: Guard) -> str:
    """STORE when a constraint stops the deed, else the number of the invariant that sees it, else ""."""
    try:
        with transaction.atomic():
            guard.deed(scene)
            scene.watch.look(may_move=guard.deed is _accept_what_has_moved)
    except IntegrityError:
        return STORE
    except Refused as refused:
        return STORE if isinstance(refused.__context__, IntegrityError) else f"another guard: {refused}"
    except AssertionError as broken:
        return str(broken).partition(":")[0]
    return ""


def test_the_store_itself_refuses_to_rewrite_the_trail(scene: Scene) -> None:
    newest = TrailEntry.objects.order_by("-pk")[:1].get()
    entries, subjects = TrailEntry.objects.filter(pk=newest.pk), TrailSubject.objects.filter(entry=newest)
    assert subjects.exists()
    rewriting: tuple[Callable[[], object], ...] = (
        lambda: entries.update(act="nothing"),
        lambda: subjects.update(state="closed"),
        subjects.delete,
    )
    for rewrite in rewriting:
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            rewrite()
    scene.watch.look()

"""Lillköping for walks: the people of the sharing room's tests, with common goals, and whoever answers for a post."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from samsyn.circle.actions import belongs, current_named_person
from samsyn.circle.models import Team
from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.organisations.models import CommonGoal, Holding, Partnership, Post, Unit
from samsyn.organisations.presence import Capacity, accountable, as_post
from samsyn.people.models import Custody, Guardianship, Person
from samsyn.plans.agreement import yes_to_plan
from samsyn.plans.models import Plan
from samsyn.sharing.actions import Sharing, answer_consent, ask_consent, consent_stands, newest_consent, who_decides
from samsyn.sharing.models import Consent
from tests.rooms.sharing.world import World, lillkoping

KINDS = ("circle", "plan", "request", "sign")
BORN = date(2016, 8, 9)
ASKED_FOR = timedelta(days=180)


@dataclass
class Town:
    """The people and places, in an order that never changes, so that a number always picks the same one."""

    world: World
    goal: CommonGoal
    children: tuple[Person, ...]
    posts: tuple[Post, ...]
    units: tuple[Unit, ...]

    def acting(self, post: Post) -> Viewer:
        """Whoever answers for a post now, acting as it: its holder, or who covers for the holder."""
        answer = accountable(post, clock.now())
        person = Viewer(person=answer.person.pk, person_ref=answer.person.ref, person_label=answer.person.full_name)
        return as_post(person, Capacity(post, covering=answer.post.pk != post.pk, via=answer.via))

    def named(self, child: Person) -> Viewer:
        """Whoever answers as the child's named person now."""
        row = current_named_person(child)
        assert row is not None
        return self.acting(row.post)

    def has_team(self, child: Person) -> bool:
        """Has the authority of the child's named person an open team around the child."""
        row = current_named_person(child)
        assert row is not None
        return Team.objects.filter(child=child, authority=row.authority).exclude(state="closed").exists()

    def yes(self, child: Person, units: Sequence[Unit]) -> Consent:
        """The family's yes to what the child's named person asks: that these units take part."""
        viewer = self.named(child)
        consent = ask_consent(
            viewer,
            child,
            purpose="Lugna måndagar",
            kinds=KINDS,
            receivers=units,
            until=clock.today() + ASKED_FOR,
            form="oral",
            language="sv",
            child_reason="De har pratat om det hemma.",
        )
        for giver in who_decides(child):
            answer_consent(viewer, consent, giver, "given", form="oral", language="sv")
        return consent

    def yes_to_plan(self, plan: Plan) -> None:
        """The family's yes to having a plan, where nobody outside the authority reads it and nobody has asked yet."""
        if yes_to_plan(plan) is None:
            consent = ask_consent(
                self.named(plan.child),
                plan.child,
                errand="plan",
                purpose=plan.heading,
                kinds=[],
                receivers=[],
                until=clock.today() + ASKED_FOR,
                form="oral",
                language="sv",
                child_reason="De har pratat om det hemma.",
            )
            for giver in who_decides(plan.child):
                answer_consent(self.named(plan.child), consent, giver, "given", form="oral", language="sv")

    def ground(self, child: Person, unit: Unit) -> Sharing | None:
        """What asking this unit rests on: nothing inside the own authority, else a yes that stands."""
        named = current_named_person(child)
        assert named is not None
        if unit.authority_id == named.authority_id:
            return None
        consent = newest_consent(child, named.authority_id, unit)
        if consent is None or not consent_stands(consent):
            consent = self.yes(child, [unit])
        return Sharing(gate="consent", purpose="Lugna måndagar", told="Ni vet vad vi frågar.", consent=consent)

    def team_yes(self, child: Person, posts: Sequence[Post]) -> Consent | None:
        """A yes that names the units of these posts outside the named person's authority."""
        named = current_named_person(child)
        assert named is not None
        outside = {post.unit.pk: post.unit for post in posts if post.unit.authority_id != named.authority_id}
        return self.yes(child, list(outside.values())) if outside else None


def walking_town() -> Town:
    """Make it. Nobody has noticed anything yet, and no child has a named person stored."""
    world = lillkoping()
    elsa, hugo = (_sibling(world, name) for name in ("Elsa", "Hugo"))
    partnership = Partnership.objects.get(name="Barnets bästa")
    goal = CommonGoal.objects.create(partnership=partnership, key="school", position=1, names={"sv": "Lyckas i skolan"})
    pks = [post.pk for post in world.posts.values()]
    posts = Post.objects.filter(pk__in=pks).select_related("unit__authority__principal").order_by("pk")
    return Town(world, goal, (world.signe, world.nour, elsa, hugo), tuple(posts), tuple(world.units.values()))


def _sibling(world: World, name: str) -> Person:
    """One more child of Amal and Olof at Stobyskolan."""
    child = Person.objects.create(given_name=name, family_name="Lind", birth_date=BORN, created_at=clock.now())
    for guardian in (world.amal, world.olof):
        Guardianship.objects.create(child=child, guardian=guardian, custody=Custody.JOINT, since=BORN, source="test")
    belongs(child, world.units["stoby"], source="test")
    return child


def holder_of(post: Post) -> Holding | None:
    """Who holds a post until further notice."""
    return Holding.objects.filter(post=post, until=None).select_related("person").first()


def team_of(child: Person) -> Team | None:
    """The child's newest team."""
    return Team.objects.filter(child=child).select_related("child").order_by("-pk").first()

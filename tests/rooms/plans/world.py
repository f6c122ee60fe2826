"""Signe, her family and the team: Bo (rektor, named person), Maja (fritidshem) and Ines (social services)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

from samsyn.circle.actions import belongs, give_named_person
from samsyn.circle.models import Team
from samsyn.circle.team_actions import propose_team, start_team
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM, Viewer
from samsyn.organisations.models import (
    Authority,
    CommonGoal,
    Holding,
    Partnership,
    Post,
    PostRole,
    Principal,
    PrincipalKind,
    Sphere,
    Unit,
    UnitKind,
)
from samsyn.organisations.presence import viewer_for
from samsyn.people.models import Account, Custody, Guardianship, Person
from samsyn.plans.actions import agree, offer, start_plan
from samsyn.plans.content_actions import GoalText, add_goal, add_need
from samsyn.plans.models import Action, Goal, Need, Plan, ViewKind
from samsyn.plans.view_actions import ViewText, record_view
from samsyn.plans.who_does_what import ActionText, add_action
from samsyn.sharing.actions import answer_consent, ask_consent
from samsyn.sharing.models import Consent

TODAY = date(2026, 11, 17)
NOW = datetime(2026, 11, 17, 10, tzinfo=clock.STOCKHOLM)
LONG_AGO = date(2020, 1, 1)
_serial = count(1)


def _unit(authority: Authority, name: str, kind: UnitKind, telephone: str = "") -> Unit:
    unit = Unit.objects.create(
        authority=authority, name=name, kind=kind, telephone=telephone, source_id=f"plans-unit-{next(_serial)}"
    )
    unit.path = f"/{unit.pk}/"
    unit.save()
    return unit


def _person(name: str, family: str = "", **facts: object) -> Person:
    return Person.objects.create(given_name=name, family_name=family, created_at=NOW, **facts)


@dataclass
class Around:
    """What the tests of this room stand on. Staff are viewers; ``posts`` holds their posts by name."""

    signe: Person
    amal: Person
    olof: Person
    school: Authority
    social: Authority
    stoby: Unit
    early_team: Unit
    goals: dict[str, CommonGoal]
    partnership: Partnership
    posts: dict[str, Post]
    accounts: dict[str, Account]

    def viewer(self, name: str) -> Viewer:
        """Somebody at work, acting as the own post now."""
        return viewer_for(self.accounts[name], self.posts[name].pk, clock.now())

    @property
    def bo(self) -> Viewer:
        """Rektor, Signe's named person."""
        return self.viewer("Bo")

    @property
    def ines(self) -> Viewer:
        """Social worker in the early team."""
        return self.viewer("Ines")

    def consent(self, *, olof: str = "given") -> Consent:
        """Amal's yes and Olof's answer ("" for none yet) to the early team taking part."""
        consent = ask_consent(
            self.bo,
            self.signe,
            purpose="Lugna måndagar",
            kinds=["circle", "plan"],
            receivers=[self.early_team],
            until=TODAY + timedelta(days=180),
            form="oral",
            language="ar",
        )
        answer_consent(self.bo, consent, self.amal, "given", form="oral", language="ar")
        if olof:
            answer_consent(self.bo, consent, self.olof, olof, form="oral", language="sv")
        return consent

    def yes_to_plan(self) -> Consent:
        """Amal's and Olof's yes to having a plan that nobody outside the school reads."""
        consent = ask_consent(
            self.bo,
            self.signe,
            errand="plan",
            purpose="En plan för lugna måndagar",
            kinds=[],
            receivers=[],
            until=TODAY + timedelta(days=180),
            form="oral",
            language="ar",
        )
        for giver in (self.amal, self.olof):
            answer_consent(self.bo, consent, giver, "given", form="oral", language="sv")
        return consent

    def team(self) -> Team:
        """The team at work: Bo leads, Maja and Ines are in it."""
        team = propose_team(
            self.bo,
            self.signe,
            purpose="Lugna måndagar",
            members=[self.posts["Maja"], self.posts["Ines"]],
            consent=self.consent(),
        )
        return start_team(self.bo, team, child_view="Bra om de pratar med varandra.", lead_wish="Familjen vill ha Bo.")

    def draft(self) -> Plan:
        """A plan that has just been begun."""
        return start_plan(self.bo, self.team(), "Det ska vara lugnt på morgonen, hemma hos båda.")

    def written(self) -> Plan:
        """A plan with one need, one goal and one action, which Ines is to do."""
        plan = self.draft()
        self.write(plan)
        return now(plan)

    def write(self, plan: Plan) -> tuple[Need, Goal, Action]:
        """Write one need, one goal and one action for Ines."""
        need = add_need(self.bo, plan, now(plan).version, "Måndagsmorgnarna är svåra.")
        goal = add_goal(self.bo, need, now(plan).version, GoalText(self.goals["school"], "Signe kommer i tid"))
        action = add_action(
            self.bo,
            goal,
            now(plan).version,
            ActionText("Hembesök hos Amal", TODAY + timedelta(days=9), by_post=self.posts["Ines"]),
        )
        return need, goal, action

    def hear_everybody(self, plan: Plan) -> None:
        """Write down what Signe, Amal and Olof think."""
        record_view(self.bo, plan, self.signe, ViewText(ViewKind.SAID, "Jag vill bestämma själv vad jag tar med."))
        record_view(self.bo, plan, self.amal, ViewText(ViewKind.SAID, "Samma läggtid.", through_interpreter=True))
        record_view(self.bo, plan, self.olof, ViewText(ViewKind.PREFERRED_NOT))

    def in_force(self) -> Plan:
        """A plan that everybody has agreed to, with a review in 31 days."""
        plan = self.written()
        plan = offer(self.bo, plan, plan.version)
        self.hear_everybody(plan)
        return agree(self.bo, plan, now(plan).version, review_on=TODAY + timedelta(days=31))


def now(plan: Plan) -> Plan:
    """The plan as the store has it."""
    return Plan.objects.select_related("child", "team", "authority").get(pk=plan.pk)


def around_signe() -> Around:
    """Make the people and places, through plain rows; everything about Signe goes through the actions."""
    principal = Principal.objects.create(kind=PrincipalKind.MUNICIPALITY, code="9990", name="Lillköpings kommun")
    school = Authority.objects.create(principal=principal, name="Barnnämnden", sphere=Sphere.SCHOOL)
    social = Authority.objects.create(principal=principal, name="Socialnämnden", sphere=Sphere.SOCIAL)
    stoby = _unit(school, "Stobyskolan", UnitKind.SCHOOL, "0451-26 70 00")
    early_team = _unit(social, "Tidiga stödet", UnitKind.SOCIAL_SUPPORT, "0451-26 71 00")
    posts, accounts = {}, {}
    for name, unit, title, role in (
        ("Karin", stoby, "samordnare", PostRole.DUTY_DESK),
        ("Bo", stoby, "rektor", PostRole.NAMED_PERSON),
        ("Maja", stoby, "fritidspedagog", PostRole.STAFF),
        ("Mats", stoby, "lärare", PostRole.STAFF),
        ("Ines", early_team, "socialsekreterare", PostRole.STAFF),
    ):
        person = _person(name, "Marković" if name == "Ines" else "Ek")
        accounts[name] = Account.objects.create(person=person, sign_in_name=f"{name.casefold()}{next(_serial)}")
        posts[name] = Post.objects.create(unit=unit, title=title, role=role, source_id=f"plans-post-{next(_serial)}")
        Holding.objects.create(post=posts[name], person=person, since=LONG_AGO)
    partnership = Partnership.objects.create(name="Barnets bästa", decision_number="KS 12/26", decided_on=LONG_AGO)
    partnership.parties.set([school, social])
    goals = {
        key: CommonGoal.objects.create(partnership=partnership, key=key, position=place, names={"sv": word, "en": key})
        for place, (key, word) in enumerate((("health", "God hälsa"), ("school", "Lyckas i skolan")), start=1)
    }
    signe = _person("Signe", "Lind", birth_date=date(2018, 3, 4))
    amal, olof = _person("Amal", "Haddad", languages=["ar"]), _person("Olof", "Lind")
    for guardian, relation in ((amal, "mamma"), (olof, "pappa")):
        Guardianship.objects.create(
            child=signe, guardian=guardian, custody=Custody.JOINT, relation=relation, since=LONG_AGO, source="test"
        )
    made = Around(signe, amal, olof, school, social, stoby, early_team, goals, partnership, posts, accounts)
    belongs(signe, stoby, source="test")
    give_named_person(SYSTEM, signe, posts["Bo"])
    return made

"""Signe (8, Stobyskolan) and Nour (2, BVC), and those who notice, take on, ask and help in three authorities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from uuid import UUID

from samsyn.circle.actions import belongs
from samsyn.common import clock
from samsyn.common.viewer import Viewer
from samsyn.duties.models import Duty, DutyState
from samsyn.early_signals import rules
from samsyn.early_signals.actions import (
    acknowledge,
    answer_five_questions,
    record_talk,
    save_draft,
    send_request,
    send_sign,
    start_draft,
)
from samsyn.early_signals.models import Request, Sign
from samsyn.notices.models import Notice
from samsyn.organisations.models import (
    Absence,
    Authority,
    Cover,
    Holding,
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
from samsyn.sharing.actions import Sharing, answer_consent, ask_consent
from samsyn.sharing.models import Consent

TODAY = date(2026, 11, 17)
NOW = datetime(2026, 11, 17, 10, tzinfo=clock.STOCKHOLM)
LONG_AGO = date(2020, 1, 1)
_serial = count(1)

NOTED = rules.Noted(
    kind="worry",
    observed_on=TODAY,
    saw="Signe ville inte gå hem i torsdags.",
    child_words="Det är så stökigt på kvällarna.",
    areas=("safe", "healthy"),
    talked_with=("child",),
    did="Vi satt i kuddrummet en stund.",
)
ANSWERS = rules.Answers(
    in_the_way="Kvällarna är oroliga och hon sover för lite.",
    have_all_information="Inte om hur det är hos Olof.",
    can_do_now="En lugn start på morgonen.",
    own_agency_can_do="Elin talar med Signe om sömn.",
    needed_from_others="Kanske någon som hjälper till hemma.",
    decision="request",
)


@dataclass
class World:
    """What the tests of this room stand on. Staff are viewers; ``posts`` holds their posts by name."""

    signe: Person
    nour: Person
    amal: Person
    olof: Person
    school: Authority
    social: Authority
    region: Authority
    units: dict[str, Unit]
    posts: dict[str, Post]
    accounts: dict[str, Account]

    def as_(self, name: str, post: str = "") -> Viewer:
        """Somebody at work, acting as the own post or as another's that comes to them now."""
        viewer = viewer_for(self.accounts[name], self.posts[post or name].pk, clock.now())
        assert viewer.is_staff, f"{name} may not act as {post or name} now"
        return viewer

    def draft(self, name: str = "Maja", child: Person | None = None, noted: rules.Noted = NOTED) -> Sign:
        """A draft with all that a sign needs."""
        sign = start_draft(self.as_(name), child or self.signe)
        return save_draft(self.as_(name), sign, noted, sign.version)

    def sent(self, name: str = "Maja", saw: str = "") -> Sign:
        """A sign about Signe that waits for Bo."""
        noted = rules.Noted(**{**NOTED.__dict__, "saw": saw}) if saw else NOTED
        return send_sign(self.as_(name), self.draft(name, noted=noted))

    def in_dialogue(self) -> Sign:
        """Bo has taken the sign on and talked with Signe and Amal."""
        sign = acknowledge(self.as_("Bo"), self.sent())
        record_talk(self.as_("Bo"), sign, self.talk())
        return now(sign)

    def decided(self, decision: str = "request") -> Sign:
        """Bo has answered the five questions."""
        sign = self.in_dialogue()
        answers = rules.Answers(**{**ANSWERS.__dict__, "decision": decision})
        answer_five_questions(self.as_("Bo"), sign, answers)
        return now(sign)

    def talk(self) -> rules.TalkHeld:
        """A talk with Signe and Amal today."""
        return rules.TalkHeld(
            held_on=clock.today(),
            with_child=True,
            with_guardians=(str(self.amal.ref),),
            child_words="Jag vill att det är tyst när jag ska sova.",
            family_words="Amal är trött och vill ha hjälp.",
            interpreter="ar",
        )

    def consent(self, *units: str) -> Consent:
        """Amal's and Olof's yes to these units taking part."""
        consent = ask_consent(
            self.as_("Bo"),
            self.signe,
            purpose="Lugna kvällar för Signe",
            kinds=["request", "sign"],
            receivers=[self.units[name] for name in units],
            until=clock.today() + timedelta(days=180),
            form="oral",
            language="sv",
        )
        for guardian in (self.amal, self.olof):
            answer_consent(self.as_("Bo"), consent, guardian, "given", form="oral", language="sv")
        return consent

    def yes(self, consent: Consent) -> Sharing:
        """What Bo's asking another authority rests on."""
        return Sharing(gate="consent", purpose="Lugna kvällar för Signe", told="Ni vet vad vi frågar.", consent=consent)

    def asked(self, unit: str = "early team", *, sign: Sign | None = None, includes_sign: bool = False) -> Request:
        """Bo has asked a unit for help for Signe."""
        to_unit = self.units[unit]
        crosses = to_unit.authority_id != self.school.pk
        return send_request(
            self.as_("Bo"),
            self.signe,
            sign or self.decided(),
            to_unit,
            wanted="Någon som kan hjälpa familjen på kvällarna.",
            background="Signe är trött på morgnarna.",
            includes_sign=includes_sign,
            ground=self.yes(self.consent(unit)) if crosses else None,
        )

    def away(self, name: str, covered_by: str = "") -> None:
        """Somebody is ill today, and maybe somebody covers."""
        Absence.objects.create(person=self.accounts[name].person, since=clock.today(), until=clock.today())
        if covered_by:
            Cover.objects.create(post=self.posts[name], covered_by=self.posts[covered_by], since=clock.today())


def now(sign: Sign) -> Sign:
    """The sign as the store has it."""
    found: Sign = Sign.objects.select_related("child").get(pk=sign.pk)
    return found


def request_now(request: Request) -> Request:
    """The request as the store has it."""
    found: Request = Request.objects.get(pk=request.pk)
    return found


def open_duties(ref: UUID | None = None) -> list[tuple[str, str, date]]:
    """Open duties, of all or of one thing: what, whose, by which day."""
    rows = Duty.objects.filter(state=DutyState.OPEN).select_related("post").order_by("due_at", "pk")
    if ref is not None:
        rows = rows.filter(object_ref=ref)
    return [(row.what, row.post.title, row.due_at.astimezone(clock.STOCKHOLM).date()) for row in rows]


def told(post: Post) -> list[str]:
    """The text keys of the notices to a post, oldest first."""
    return list(Notice.objects.filter(post=post).order_by("pk").values_list("text_key", flat=True))


def _unit(authority: Authority, name: str, kind: UnitKind, parent: Unit | None = None) -> Unit:
    unit = Unit.objects.create(
        authority=authority, parent=parent, name=name, kind=kind, source_id=f"signals-unit-{next(_serial)}"
    )
    unit.path = f"{parent.path if parent else '/'}{unit.pk}/"
    unit.save()
    return unit


def _person(name: str, family: str, **facts: object) -> Person:
    return Person.objects.create(given_name=name, family_name=family, created_at=NOW, **facts)


def _authority(principal: Principal, name: str, sphere: Sphere) -> Authority:
    return Authority.objects.create(principal=principal, name=name, sphere=sphere)


def lillkoping() -> World:
    """Make the people and places through plain rows; all about the children goes through the actions."""
    town = Principal.objects.create(kind=PrincipalKind.MUNICIPALITY, code="9990", name="Lillköpings kommun")
    county = Principal.objects.create(kind=PrincipalKind.REGION, code="99", name="Region Lillköping")
    school = _authority(town, "Barnnämnden", Sphere.SCHOOL)
    social = _authority(town, "Socialnämnden", Sphere.SOCIAL)
    region = _authority(county, "Hälso- och sjukvårdsnämnden", Sphere.HEALTH)
    stoby = _unit(school, "Stobyskolan", UnitKind.SCHOOL)
    units = {
        "stoby": stoby,
        "fritids": _unit(school, "Fritids", UnitKind.OTHER, stoby),
        "elevhälsan": _unit(school, "Elevhälsan", UnitKind.OTHER),
        "early team": _unit(social, "Tidiga stödet", UnitKind.SOCIAL_SUPPORT),
        "reception": _unit(social, "Mottagningen", UnitKind.SOCIAL_RECEPTION),
        "bvc": _unit(region, "BVC Stoby", UnitKind.CHILD_HEALTH),
        "empty": _unit(social, "Nya enheten", UnitKind.OTHER),
    }
    posts, accounts = {}, {}
    for name, unit, title, role in (
        ("Karin", "stoby", "samordnare", PostRole.DUTY_DESK),
        ("Bo", "stoby", "rektor", PostRole.NAMED_PERSON),
        ("Hanna", "stoby", "biträdande rektor", PostRole.HEAD),
        ("Mats", "stoby", "lärare", PostRole.STAFF),
        ("Maja", "fritids", "fritidspedagog", PostRole.STAFF),
        ("Elin", "elevhälsan", "skolsköterska", PostRole.INTAKE),
        ("Ines", "early team", "socialsekreterare", PostRole.INTAKE),
        ("Edvin", "reception", "utredare", PostRole.HEAD),
        ("Siv", "bvc", "bvc-sköterska", PostRole.NAMED_PERSON),
    ):
        person = _person(name, "Ek")
        accounts[name] = Account.objects.create(person=person, sign_in_name=f"{name.casefold()}{next(_serial)}")
        posts[name] = Post.objects.create(
            unit=units[unit], title=title, role=role, source_id=f"signals-post-{next(_serial)}"
        )
        Holding.objects.create(post=posts[name], person=person, since=LONG_AGO)
    signe = _person("Signe", "Lind", birth_date=date(2018, 3, 4))
    nour = _person("Nour", "Haddad", birth_date=date(2024, 5, 6))
    amal, olof = _person("Amal", "Haddad", languages=["ar"]), _person("Olof", "Lind")
    for child in (signe, nour):
        for guardian in (amal, olof):
            Guardianship.objects.create(
                child=child, guardian=guardian, custody=Custody.JOINT, since=LONG_AGO, source="test"
            )
    belongs(signe, stoby, source="test")
    belongs(nour, units["bvc"], source="test")
    return World(signe, nour, amal, olof, school, social, region, units, posts, accounts)

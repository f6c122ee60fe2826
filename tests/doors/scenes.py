"""What the table of the matrix opens and sends: things of the village, and forms filled in as they should be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth import HASH_SESSION_KEY
from django.urls import reverse

from samsyn.circle.by_hand import Entered, enter
from samsyn.circle.custody_actions import Told, custody_seen, note_guardian, shown
from samsyn.circle.handover_actions import propose_handover
from samsyn.circle.language_actions import spoken
from samsyn.circle.models import HandoverKind, NamedPerson, Team
from samsyn.circle.number_actions import give_number
from samsyn.circle.unit_endings import end_unit
from samsyn.common import clock
from samsyn.common.viewer import SYSTEM
from samsyn.early_signals.actions import consult, save_draft, send_sign, start_draft
from samsyn.early_signals.models import Sign
from samsyn.early_signals.rules import Noted
from samsyn.organisations.actions_presence import set_absence
from samsyn.organisations.models import Post, Unit
from samsyn.people.actions import Facts, add_passkey, begin_look_up, passkeys_of
from samsyn.people.models import Person, SignIn
from samsyn.people.numbers import IdentitySystem
from samsyn.people.numbers import test_number as a_number
from samsyn.people.sessions import SessionStore
from samsyn.plans.models import ActionState, Plan, ViewKind
from samsyn.plans.step_actions import action_left_out
from samsyn.plans.tasks import ask_for_paper, make_paper
from samsyn.plans.view_actions import ViewText, record_view
from samsyn.protection.actions import Decided, protect
from samsyn.retention.tasks import make_extract, order_extract
from samsyn.reviews.actions import Looked, put_in_queue
from samsyn.sharing.actions import (
    About,
    Sharing,
    answer_consent,
    ask_consent,
    challenge,
    decide_in_family,
    disclose,
    guardians_today,
    keep_looks_untold,
    open_in_emergency,
)
from samsyn.sharing.models import Consent, Disclosure
from tests.village import REGISTERED, Village, number_of

PASSWORD = "ett långt lösenord som ingen har"
WORDS = "Vi hörs på fredag."
ONE_DAY, LATER = timedelta(days=1), timedelta(days=14)
LATER_NUMBER = a_number(date(2017, 3, 4), 9)
"""A number that no register knows and that nobody has."""


@dataclass(frozen=True)
class Scene:
    """What stands in the address, what follows it, and what a valid form sends. Each send gets a fresh key."""

    place: dict[str, Any] = field(default_factory=dict)
    body: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)


Make = Callable[[Village], Scene]


def plain(**body: Any) -> Make:
    """A page whose address holds no reference."""
    return lambda village: Scene(body=body)


def at(find: Callable[[Village], Any], *, query: Any = None, place: Any = None, **body: Any) -> Make:
    """A page about one thing. What is callable among ``body``, ``query`` and ``place`` is asked with the thing."""

    def make(village: Village) -> Scene:
        thing = find(village)

        def asked(given: dict[str, Any] | None) -> dict[str, Any]:
            return {name: one(thing) if callable(one) else one for name, one in (given or {}).items()}

        return Scene({"ref": thing.ref, **asked(place)}, asked(body), asked(query))

    return make


def word(**place: str) -> Make:
    """A page whose address holds a word."""
    return lambda village: Scene(place=place)


def signing_in(village: Village) -> Scene:
    """Moa's name and password."""
    account = village.account("moa")
    account.set_password(PASSWORD)
    account.save()
    return Scene(body={"username": "moa", "password": PASSWORD})


def own_password(village: Village) -> Scene:
    """Moa has a password and changes it, in a browser in which she has signed in with it."""
    signing_in(village)
    moa = village.account("moa")
    for one in SignIn.objects.filter(account=moa):
        session = SessionStore(one.pk)
        session[HASH_SESSION_KEY] = moa.get_session_auth_hash()
        session.save()
    new = "ännu ett långt och helt nytt"
    return Scene(body={"password_now": PASSWORD, "password_new": new, "password_again": new})


def own_sign_in(village: Village) -> Scene:
    """A browser in which Bo has signed in."""
    return Scene({"ref": SignIn.objects.filter(account=village.account("bo"))[0].ref})


def own_passkey(village: Village) -> Scene:
    """A passkey of Bo's."""
    add_passkey(village.acting("bo"), village.account("bo"), "Telefon", {})
    return Scene({"ref": UUID(passkeys_of(village.account("bo"))[0].data["ref"])})


def choosing(village: Village) -> Scene:
    """Bo's own post."""
    return Scene(body={"post": village.post("rektor").ref})


def by_number(village: Village) -> Scene:
    """The number of a child whom the village's register knows, and why it is asked for."""
    return Scene(body={"number": REGISTERED, "reason": "Hon väntade länge vid grinden."})


def by_hand(village: Village) -> Scene:
    """A child whom no register can know: newly arrived, without a number, of a name that nobody here has."""
    return Scene(body={"kind": "none", "given_name": "Zebiba", "reason": "Kom hit i morse och kan inte sova."})


def speaking(village: Village) -> Scene:
    """Signe speaks Arabic, and needs an interpreter."""
    child = village.child("Signe")
    body = {"languages": ["ar"], "interpreter": "ar", "person": child.ref, "shown": spoken(child)}
    return Scene({"ref": child.ref}, body)


def custody(village: Village) -> Scene:
    """Rolf is to be noted as having custody of a child whom Bo follows and of whom nobody has told who has it."""
    child = newly_arrived(village)
    return Scene({"ref": child.ref}, rolf() | {"shown": ""})


def custody_to_end(village: Village) -> Scene:
    """Rolf has custody of that child, as Bo has noted, and it has ended."""
    return _of_rolf(village, until=clock.today(), source="Pappan, per telefon")


def custody_to_take_back(village: Village) -> Scene:
    """Rolf has custody of that child, as Bo has noted by mistake."""
    return _of_rolf(village)


def number_later(village: Village) -> Scene:
    """Zebiba has got a number."""
    body = {"kind": "personnummer", "number": LATER_NUMBER, "reason": "Beslut på papper i dag."}
    return Scene({"ref": newly_arrived(village).ref}, body)


def number_to_take_back(village: Village) -> Scene:
    """Bo noted a number for Zebiba, and it was another child's."""
    child, bo = newly_arrived(village), village.acting("bo")
    give_number(bo, child, begin_look_up(bo, LATER_NUMBER, "Beslut på papper i dag."))
    return Scene({"ref": child.ref})


def _of_rolf(village: Village, **body: Any) -> Scene:
    bo, child = village.acting("bo"), newly_arrived(village)
    facts = Facts(given_name="Rolf", family_name="Ahmadi")
    row = note_guardian(bo, child, Told(facts, "sole", clock.today(), "Pappan, med pass"), None, as_shown="")
    stands = shown(custody_seen(bo, child))
    return Scene({"ref": child.ref}, {"person": row.guardian.ref, "shown": stands, **body})


def rolf() -> dict[str, Any]:
    """What Bo was told of Rolf."""
    names = {"given_name": "Rolf", "family_name": "Ahmadi", "relation": "pappa"}
    return names | {"custody": "sole", "since": clock.today(), "source": "Pappan, med pass"}


def newly_arrived(village: Village) -> Person:
    """Zebiba came to Bo's school this morning without a number, and Maja has told him what she saw."""
    bo = village.acting("bo")
    begun = begin_look_up(bo, "", "Kom hit i morse och kan inte sova.", systems={IdentitySystem.NONE})
    child = enter(bo, begun, None, Entered(Facts(given_name="Zebiba", family_name="Ahmadi"), ours=True))
    sent(village, child)
    return child


WRITTEN = {
    "kind": "worry",
    "saw": "Ville inte gå hem i torsdags.",
    "child_words": "Det är så stökigt på kvällarna.",
    "areas": ["safe", "healthy"],
    "talked_with": ["child"],
    "not_talked_because": "",
    "did": "Vi satt i kuddrummet en stund.",
}


def written(village: Village, sign: Sign) -> Sign:
    """Maja's draft with everything that is needed before it is sent."""
    noted = Noted(
        kind="worry",
        observed_on=clock.today(),
        saw=str(WRITTEN["saw"]),
        child_words=str(WRITTEN["child_words"]),
        areas=("safe", "healthy"),
        talked_with=("child",),
        did=str(WRITTEN["did"]),
    )
    return save_draft(village.acting("maja"), sign, noted, sign.version)


def sent(village: Village, child: Person) -> Sign:
    """A sign about the child that Maja has just sent to Bo."""
    maja = village.acting("maja")
    return send_sign(maja, written(village, start_draft(maja, child)))


def crossing(village: Village) -> Scene:
    """A draft of Ines's about a child whose named person is at the school: another authority, whose rows she does not
    read. Without a ground it is not sent."""
    ines = village.acting("ines")
    draft = start_draft(ines, village.plan("draft").child)
    noted = Noted(kind="worry", observed_on=clock.today(), saw=WORDS, areas=("safe",), talked_with=("child",))
    return Scene({"ref": save_draft(ines, draft, noted, draft.version).ref})


def merging(village: Village) -> Scene:
    """A new sign about a child about whom Bo has taken one on already."""
    first = village.sign("acknowledged")
    return Scene({"ref": sent(village, first.child).ref}, {"into": first.ref})


def asking(village: Village) -> Scene:
    """Help from another school of the same authority, which needs no ground."""
    sign = village.sign("dialogue")
    query = {"sign": sign.ref, "unit": village.unit("norra").ref}
    return Scene({"ref": sign.child.ref}, {"wanted": WORDS, "background": WORDS}, query)


def asking_across(village: Village) -> Scene:
    """Help from social services: another authority, which the guardians have said yes to."""
    sign, unit = village.sign("dialogue"), village.unit("early")
    said_yes(village, asked_of(village, sign.child, kinds=["request"]))
    ground = {"gate": "consent", "needed_because": WORDS, "not_less_because": WORDS, "told": WORDS, "told_how": "talk"}
    body = {"wanted": WORDS, "background": WORDS, **ground}
    return Scene({"ref": sign.child.ref}, body, {"sign": sign.ref, "unit": unit.ref})


def offering_across(village: Village) -> Scene:
    """Bo offers Siv, at child health care, to be a child's named person: another authority."""
    child, to, consent = _to_child_health_care(village)
    body = {"to_post": to.ref, "note": WORDS, "consent": consent.ref}
    return Scene({"ref": child.ref}, body)


def offered_across(village: Village) -> Scene:
    """The same, and Siv has not answered."""
    child, to, consent = _to_child_health_care(village)
    made = propose_handover(village.acting("bo"), child, HandoverKind.NAMED_PERSON, to, note=WORDS, consent=consent)
    return Scene({"ref": made.ref}, {"words": WORDS})


def _to_child_health_care(village: Village) -> tuple[Person, Post, Consent]:
    child, to = village.child("Signe"), village.post("bvc")
    consent = asked_of(village, child, to.unit)
    said_yes(village, consent)
    return child, to, consent


def said_yes(village: Village, consent: Consent) -> None:
    """Everybody who has custody has said yes to Bo."""
    for row in guardians_today(consent.child):
        answer_consent(village.acting("bo"), consent, row.guardian, "given", form="oral", language="sv")


def reviewing(village: Village) -> Scene:
    """A review of a plan, in which everybody has said what they think of it now."""
    plan = village.plan("in_review")
    ines = village.acting("ines")
    for person in (plan.child, *(row.guardian for row in guardians_today(plan.child))):
        record_view(ines, plan, person, ViewText(ViewKind.SAID, WORDS))
    plan.refresh_from_db()
    body = {
        "version": plan.version,
        "held_on": clock.today(),
        "child_scale": 7,
        "what_changed": WORDS,
        "next_on": clock.today() + LATER,
    }
    return Scene({"ref": plan.ref}, body)


def closing_plan(village: Village) -> Scene:
    """A plan in force whose actions have all been decided on."""
    plan = village.plan("active")
    for action in plan.actions.filter(state=ActionState.TO_DO):
        action_left_out(village.acting("ines"), action, WORDS)
    plan.refresh_from_db()
    return Scene({"ref": plan.ref}, {"version": plan.version, "how_to_reach_us": WORDS})


def printed(village: Village) -> Scene:
    """The plan on paper, as Ines asked for it."""
    paper = ask_for_paper(village.acting("ines"), village.plan("active"), "sv")
    make_paper.func(str(paper.ref))
    return Scene({"ref": paper.ref})


def consulting(village: Village) -> Scene:
    """A question without identity to the care for people with disabilities."""
    question = "Ett barn i lågstadiet har svårt att somna. Vad kan en skola göra?"
    return Scene(body={"to_unit": village.unit("lss").ref, "question": question, "looked_through": "on"})


def consulted(village: Village) -> Scene:
    """A question without identity that Bo has asked Ines."""
    asked = consult(village.acting("bo"), village.unit("early"), "Vad kan en skola göra?", looked_through=True)
    return Scene({"ref": asked.ref}, {"answer": WORDS})


def asking_consent(village: Village) -> Scene:
    """Signe's guardians are asked whether the early team may be told."""
    body = {
        "purpose": WORDS,
        "kinds": ["request"],
        "receivers": [village.unit("early").ref],
        "until": clock.today() + LATER,
        "form": "oral",
        "language": "sv",
    }
    return Scene({"ref": village.child("Signe").ref}, body)


def challenged(village: Village) -> Scene:
    """A guardian finds it wrong that Bo has asked Ines for help."""
    row = village.disclosure()
    giver = guardians_today(row.child)[0].guardian
    made = challenge(village.acting("bo"), row, WORDS, by=giver)
    return Scene({"ref": made.ref}, {"outcome": "kept", "words": WORDS})


def sharing(village: Village) -> Scene:
    """Bo shares a sign about Signe with Ines on the family's yes, as the page shows it."""
    bo, row = village.acting("bo"), village.disclosure()
    child, unit = row.child, village.unit("early")
    sign = Sign.objects.visible_to(bo).filter(child=child).exclude(state="draft").order_by("-pk")[0]
    consent = ask_consent(
        bo,
        child,
        purpose=WORDS,
        kinds=["sign"],
        receivers=[unit],
        until=clock.today() + LATER,
        form="oral",
        language="sv",
    )
    people = {"child": child, **{str(one.guardian.ref): one.guardian for one in guardians_today(child)}}
    for whose, giver in people.items():
        if whose != "child":
            answer_consent(bo, consent, giver, "given", form="oral", language="sv")
    query = {"item": str(sign.ref), "unit": str(unit.ref)}
    page = village.client("bo").get(reverse("desk:share", args=[child.ref], query=query))
    carried = {name: page.context["form"].initial[name] for name in ("shown", "chosen")}
    body = {**carried, "purpose": WORDS, "told": WORDS, "told_how": "talk", "way": "open"}
    return Scene({"ref": child.ref}, {**body, **{f"said_{whose}": WORDS for whose in people}}, query)


def calling_wrong(village: Village) -> Scene:
    """A guardian says that a sign about Signe is wrong."""
    row = village.disclosure()
    sign = Sign.objects.visible_to(village.acting("bo")).filter(child=row.child).exclude(state="draft")[0]
    giver = guardians_today(row.child)[0].guardian
    return Scene({"ref": row.child.ref}, {"by": giver.ref, "words": WORDS}, {"item": str(sign.ref)})


def withdrawing(village: Village) -> Scene:
    """A guardian takes back the yes that a request rests on."""
    asked = village.disclosure().consent
    assert asked is not None
    giver = guardians_today(asked.child)[0].guardian
    return Scene({"ref": asked.ref}, {"giver": giver.ref, "step": "withdrawn", "form": "oral", "language": "sv"})


def one_yes_is_enough(village: Village) -> Scene:
    """Signe's guardians are asked; one of them is in hospital, and it cannot wait."""
    bo, signe = village.acting("bo"), village.child("Signe")
    asked = ask_consent(
        bo,
        signe,
        purpose=WORDS,
        kinds=["request"],
        receivers=[village.unit("early")],
        until=clock.today() + LATER,
        form="oral",
        language="sv",
    )
    absent = guardians_today(signe)[-1].guardian
    body = {"guardian": absent.ref, "ground": "one_guardian_when_hindered", "reason": WORDS}
    return Scene({"ref": asked.ref}, {**body, "decided_on": clock.today()})


def looking_at_an_ended_yes(village: Village) -> Scene:
    """The yes that a request rests on has been taken back: Bo talks with the family about it."""
    asked = village.disclosure().consent
    assert asked is not None
    giver = guardians_today(asked.child)[0].guardian
    answer_consent(village.acting("bo"), asked, giver, "withdrawn", form="oral", language="sv")
    return Scene({"ref": village.request("sent").ref}, {"words": WORDS})


def proposing_team(village: Village) -> Scene:
    """A team around Signe with the early team in it."""
    unit, post = village.unit("early").ref, village.post("early").ref
    return Scene({"ref": village.child("Signe").ref}, {"purpose": WORDS, "units": [unit], "members": [post]})


def protected(village: Village) -> Scene:
    """A child with a plan, whose protection Bo has set: he and nobody else knows of the child now."""
    child = village.plan("active").child
    protect(village.acting("bo"), child, Decided("protected", "OSL 21:3", clock.today()))
    return Scene({"ref": child.ref})


def letting_know(village: Village) -> Scene:
    """The same, and Bo lets Ines know again."""
    body = {"post": village.post("early").ref, "why": WORDS, "until": clock.today() + LATER}
    return Scene({**protected(village).place, "verb": "give"}, body)


def closing(village: Village) -> Scene:
    """Norra skolan is to end, and Sara, who is its rektor, has children there."""
    end_unit(SYSTEM, village.unit("norra"))
    return Scene({"ref": village.unit("norra").ref})


def leaving(village: Village) -> Scene:
    """Tidigt stöd is to end: Ines has something there."""
    end_unit(SYSTEM, village.unit("early"))
    return Scene({"ref": village.post("early").ref})


def being_away(village: Village) -> Scene:
    """Two weeks away from tomorrow on, and nobody in particular who stands in."""
    return Scene(body={"since": clock.today() + ONE_DAY, "until": clock.today() + LATER, "covered_by": ""})


def coming_back(village: Village) -> Scene:
    """Bo is away, and comes back sooner."""
    bo = village.account("bo").person
    return Scene({"ref": set_absence(SYSTEM, bo, clock.today(), until=clock.today() + LATER).ref})


def herself(village: Village) -> Scene:
    """Tove, who is protected."""
    return Scene({"ref": village.account("tove").person.ref})


def herself_extracted(village: Village) -> Scene:
    """Tove orders what is held about her."""
    return Scene({"ref": village.account("tove").person.ref}, {"language": "sv"})


def to_be_extracted(village: Village) -> Scene:
    """Signe, about whom an extract is ordered."""
    return Scene({"ref": village.child("Signe").ref}, {"language": "sv"})


def extracted(village: Village) -> Scene:
    """An extract about Signe that Amal has ordered and the worker has made."""
    extract = order_extract(village.at_home("amal"), village.child("Signe"), "sv")
    make_extract.func(str(extract.ref))
    return Scene({"ref": extract.ref})


def told(village: Village) -> Scene:
    """Something about Signe that Bo has opened to the early team, and that her guardians know of."""
    return Scene({"ref": _opened(village, told="Vi har gått igenom det.").ref}, {"words": WORDS})


def withheld(village: Village) -> Scene:
    """The same, that her guardians have not been told of."""
    return Scene({"ref": _opened(village, withheld_because="Det vore farligt nu.").ref}, {"words": WORDS})


def _opened(village: Village, told: str = "", withheld_because: str = "") -> Disclosure:
    bo, signe, unit = village.acting("bo"), village.child("Signe"), village.unit("early")
    named = NamedPerson.objects.select_related("authority").get(child=signe, until=None)
    consent = asked_of(village, signe)
    said_yes(village, consent)
    ground = Sharing(gate="consent", purpose=WORDS, consent=consent, told=told, withheld_because=withheld_because)
    return disclose(bo, signe, named.authority, unit, [("circle", named.ref)], ground)


def closed_to(who: str, kind: str, make: Make) -> Make:
    """A scene about Signe in which Bo has closed the one thing it is about to one guardian, and not to the other."""

    def closed(village: Village) -> Scene:
        scene, signe = make(village), village.child("Signe")
        school = NamedPerson.objects.select_related("authority").get(child=signe, until=None).authority
        about = About(school, kind, scene.place["ref"])
        decide_in_family(village.acting("bo"), signe, village.account(who).person, about, opens=False, reason=WORDS)
        return scene

    return closed


def deciding_in_family(village: Village) -> Scene:
    """What is shared about Signe is closed to Olof."""
    olof = village.account("olof").person
    body = {"whom": olof.ref, "what": "disclosure", "step": "closes", "reason": WORDS, "until": ""}
    return Scene({"ref": village.child("Signe").ref}, body)


def keeping_from_family(village: Village) -> Scene:
    """A sign about Signe that the family does not see."""
    signe = village.child("Signe")
    sign = Sign.objects.visible_to(village.acting("bo")).filter(child=signe).exclude(state="draft").order_by("-pk")[0]
    return Scene({"ref": signe.ref}, {"thing": f"sign:{sign.ref}", "note": "third_person"})


def decided_in_family(village: Village) -> Scene:
    """A decision of Bo's about what Olof reads."""
    bo, signe = village.acting("bo"), village.child("Signe")
    about = About(NamedPerson.objects.select_related("authority").get(child=signe, until=None).authority, "plan")
    made = decide_in_family(bo, signe, village.account("olof").person, about, opens=False, reason=WORDS)
    return Scene({"ref": made.ref}, {"words": WORDS})


def untold_looks(village: Village) -> Scene:
    """Looks of the school at Signe, of which the family is not to know for now."""
    days = {"since": clock.today(), "until": "", "look_again_on": clock.today() + LATER}
    return Scene({"ref": village.child("Signe").ref}, {"because": WORDS, **days})


def told_by_name(village: Village) -> Scene:
    """Bo's own name is told to the family: he has looked at Signe's page."""
    signe = village.child("Signe")
    village.client("bo").get(f"/children/{signe.ref}/")
    return Scene({"ref": signe.ref}, {"who": village.account("bo").person.ref, "because": WORDS})


def looks_to_look_at_again(village: Village) -> Scene:
    """What Hanna decided is not told for now; Bo, who is above her, looks at it again."""
    on = clock.today() + LATER
    row = keep_looks_untold(
        village.acting("hanna"), village.child("Signe"), WORDS, since=clock.today(), until=None, look_again_on=on
    )
    return Scene({"ref": row.ref}, {"words": WORDS, "step": "told"})


def asked_of(village: Village, child: Person, *others: Unit, kinds: Sequence[str] = ("circle",)) -> Consent:
    """Bo asks a child's guardians whether the early team, and others, may know who is around it."""
    return ask_consent(
        village.acting("bo"),
        child,
        purpose=WORDS,
        kinds=kinds,
        receivers=[village.unit("early"), *others],
        until=clock.today() + LATER,
        form="oral",
        language="sv",
        child_reason=WORDS,
    )


def asked_at_home(village: Village) -> Scene:
    """A question about Signe that nobody has answered."""
    consent = asked_of(village, village.child("Signe"))
    body = {"step": "refused", "shown": bytes(consent.texts.get(language="sv").digest).hex(), "language": "sv"}
    return Scene({"ref": consent.ref}, body)


def planned_at_home(village: Village) -> Scene:
    """A plan for Signe that has been offered."""
    signe = village.child("Signe")
    found = village.plan("offered")
    named = NamedPerson.objects.get(child=signe, until=None)
    team = Team.objects.create(
        child=signe,
        authority_id=named.authority_id,
        purpose=WORDS,
        proposed_by_id=named.post_id,
        proposed_at=clock.now(),
    )
    plan = Plan.objects.create(
        child=signe,
        authority_id=named.authority_id,
        team=team,
        state=found.state,
        heading=WORDS,
        started_at=clock.now(),
    )
    return Scene({"ref": plan.ref})


def filled(body: dict[str, Any]) -> dict[str, Any]:
    """The form as a browser sends it, with a key that has not been used."""
    return {"key": uuid4(), **body}


def in_emergency(village: Village) -> Scene:
    """A child whom the school knows, opened in an emergency by number."""
    number = number_of(village.child("Signe")).value
    return Scene(body={"number": number, "code": "life", "words": "Barnet har ramlat, och vi når ingen."})


def opened_in_emergency(village: Village) -> Scene:
    """What Hanna opened, waiting for somebody else to look at it."""
    number = number_of(village.child("Signe"))
    access = open_in_emergency(village.acting("hanna"), number, "life", "Barnet har ramlat, och vi når ingen.")
    return Scene({"ref": access.review.ref}, {"found": "in_order", "words": WORDS})


def reviewing_looks(village: Village) -> Scene:
    """Looks of Maja's at Signe, which Bo, who answers for the post above, is to review."""
    maja = village.account("maja")
    looked = Looked(maja.person, maja.ref, village.post("fritids"), village.child("Signe"))
    review = put_in_queue(looked, ["sample"], key="a scene")
    return Scene({"ref": review.ref}, {"found": "in_order", "words": WORDS})

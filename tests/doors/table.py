"""The one table: every address of the house, and what each villager is answered there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from samsyn.circle.models import Relation
from samsyn.common import clock
from samsyn.organisations.models import Post
from samsyn.plans.models import Action
from tests.doors import scenes
from tests.doors.relations import EVERYBODY, FAMILY, STAFF, nobody
from tests.doors.scenes import LATER, WORDS, WRITTEN, Make, Scene, at, plain, word, written

Answers = dict[int, str]

ALL_STAFF = " ".join(STAFF)
AT_HOME = " ".join(FAMILY)
EVERY_ACCOUNT = f"{ALL_STAFF} {AT_HOME} ulla"
NOT_SENT: Answers = {405: EVERY_ACCOUNT}
"""The address takes no forms, or nothing but forms, from anybody."""
NOT_FOR_POSTS: Answers = {405: ALL_STAFF}
OTHER_METHODS = ("put", "patch", "delete", "options", "trace")
"""Methods that the house takes from nobody, whatever is asked for."""


@dataclass(frozen=True)
class Line:
    """One address. ``get`` and ``post``: status → who gets it; everybody else who has signed in gets 404.

    Who has not signed in is sent to sign in, with the text kept, unless the address is ``open`` to everybody: then the
    answer is that of Ulla. ``note`` tells apart two lines about one address.
    """

    name: str
    scene: Make = field(default_factory=plain)
    get: Answers = field(default_factory=lambda: NOT_SENT)
    post: Answers = field(default_factory=lambda: NOT_SENT)
    open: bool = False
    note: str = ""

    def expected(self, method: str, who: str) -> int:
        """The status that ``who`` gets."""
        if method in OTHER_METHODS:
            return 405
        if nobody(who) and not self.open:
            return 401 if method == "post" else 302
        answers: Answers = self.post if method == "post" else self.get
        asks = "ulla" if nobody(who) else who
        return next((status for status, names in answers.items() if asks in names.split()), 404)


def without(who: str) -> str:
    """Everybody who acts as a post, but one."""
    return " ".join(one for one in STAFF if one != who)


NEAR = "mats_at_school gun2 ida2"
"""Others at Signe's school, who find its children and see no more than that."""
COLLEAGUES = "tea2 leyla"
"""Others at Ines's unit, to which the partnership's requests are sent: what is opened to the unit they read."""
SCHOOL = f"bo hanna maja hedda sara2 {NEAR}"
"""Villagers in the authority that holds the school."""


def without_all(names: str) -> str:
    """Everybody who acts as a post, but those named."""
    return " ".join(one for one in STAFF if one not in names.split())


def _sign(state: str, **body: object) -> Make:
    return at(lambda v: v.sign(state), **body)


def _request(state: str, verb: str, **body: object) -> Make:
    return at(lambda v: v.request(state), place={"verb": verb}, **body)


def _plan(state: str, **body: object) -> Make:
    return at(lambda v: v.plan(state), **body)


def at_scene(make: Make, **place: str) -> Make:
    """A scene with one more word in its address."""

    def placed(village: Any) -> Scene:
        scene = make(village)
        return replace(scene, place={**scene.place, **place})

    return placed


def _post(word: str) -> UUID:
    return Post.objects.get(source_id=word).ref


def _version(thing: Any) -> int:
    version: int = thing.version
    return version


OPEN_PAGES = (
    Line("public:sign_in", scenes.signing_in, {200: EVERY_ACCOUNT}, {302: EVERY_ACCOUNT}, open=True),
    Line("public:provider_back", word(word="village-staff"), {401: EVERY_ACCOUNT}, open=True),
    Line("public:provider_back", word(word="no-such-provider"), {}, open=True, note="unknown"),
    Line("public:sign_in_again", plain(), {200: EVERY_ACCOUNT}, {422: EVERY_ACCOUNT}),
    Line("public:provider_ended", word(word="village-staff"), NOT_SENT, {400: EVERY_ACCOUNT}, open=True),
    Line("public:passkey_options", plain(), {200: EVERY_ACCOUNT}, open=True),
    Line("public:passkey_use", plain(), NOT_SENT, {401: EVERY_ACCOUNT}, open=True),
    Line("public:passkeys", plain(), {200: EVERY_ACCOUNT}, {422: EVERY_ACCOUNT}),
    Line("public:passkey_new", plain(), {200: EVERY_ACCOUNT}),
    Line("public:passkey_remove", scenes.own_passkey, NOT_SENT, {302: "bo"}),
    Line("public:password", scenes.own_password, {200: "moa"}, {302: "moa"}),
    Line("public:password_changed", scenes.own_password, {200: "moa"}),
    Line("public:sign_ins", plain(), {200: EVERY_ACCOUNT}),
    Line("public:stay", plain(), {200: EVERY_ACCOUNT}),
    Line("public:session_left", plain(), {200: EVERY_ACCOUNT}, open=True),
    Line("public:end_other_sign_ins", plain(), NOT_SENT, {302: EVERY_ACCOUNT}),
    Line("public:end_sign_in", scenes.own_sign_in, NOT_SENT, {302: "bo"}),
    Line("public:sign_out", plain(), NOT_SENT, {302: EVERY_ACCOUNT}, open=True),
    Line("public:signed_out", plain(), {200: EVERY_ACCOUNT}, open=True),
    Line("public:harm", plain(), {200: EVERY_ACCOUNT}, open=True),
    Line("public:rule", word(rule_id="report_of_concern"), {200: EVERY_ACCOUNT}, open=True),
    Line("public:rule", word(rule_id="no-such-rule"), {}, open=True, note="unknown"),
    Line("public:steps", plain(), {200: EVERY_ACCOUNT}, open=True),
    Line("public:gallery", plain(), {200: EVERY_ACCOUNT}, open=True),
    Line("public:language", plain(language="en", next="/"), NOT_SENT, {302: EVERY_ACCOUNT}, open=True),
    Line("demo:front", plain(), {200: EVERY_ACCOUNT}, open=True),
    Line("demo:door", word(slug="bo"), {200: EVERY_ACCOUNT}, {302: EVERY_ACCOUNT}, open=True),
)
FIRST_PAGES = (
    Line("desk:day", plain(), {200: ALL_STAFF, 302: f"{AT_HOME} ulla"}),
    Line("desk:capacity", plain(), {200: EVERY_ACCOUNT}),
    Line("desk:choose_capacity", scenes.choosing, NOT_SENT, {302: "bo"}),
    Line("desk:find", plain(name="Sig"), {200: ALL_STAFF}, {200: ALL_STAFF}),
    Line("desk:find_by_number", scenes.by_number, NOT_SENT, {302: ALL_STAFF}),
    Line("desk:by_hand", scenes.by_hand, {200: ALL_STAFF}, {302: ALL_STAFF}),
    Line("desk:begin", at(lambda v: v.child("Signe")), NOT_SENT, {302: f"bo hanna maja {NEAR}"}),
    Line("desk:children", plain(), {200: ALL_STAFF}),
    Line("desk:child", at(lambda v: v.child("Signe")), {200: f"bo hanna maja {NEAR}"}, note="at school"),
    Line("desk:child", at(lambda v: v.child("Vera")), {200: f"bo hanna maja {NEAR}"}, note="whose guardian works here"),
    Line(
        "desk:child",
        at(lambda v: v.plan("active").child),
        {200: f"bo hanna maja ines {NEAR} {COLLEAGUES}"},
        note="with a plan",
    ),
)
SIGNS = (
    Line(
        "desk:sign_edit",
        _sign("draft", **WRITTEN, version=_version, observed_on=lambda s: clock.today()),
        {200: "maja"},
        {302: "maja"},
    ),
    Line("desk:sign_review", lambda v: Scene({"ref": written(v, v.sign("draft")).ref}), {200: "maja"}, {302: "maja"}),
    Line("desk:sign_review", scenes.crossing, {200: "ines"}, {422: "ines"}, note="to another authority"),
    Line("desk:sign_discard", _sign("draft"), NOT_SENT, {302: "maja"}),
    Line("desk:sign", _sign("received"), {200: "maja bo"}),
    Line("desk:sign_take_on", _sign("received"), NOT_SENT, {302: "bo"}),
    Line("desk:sign_merge", scenes.merging, NOT_SENT, {302: "bo"}),
    Line(
        "desk:sign_talk",
        _sign(
            "acknowledged",
            held_on=lambda s: clock.today(),
            with_child="on",
            child_words=WORDS,
            not_with_guardians_because=WORDS,
        ),
        {200: "bo"},
        {302: "bo"},
    ),
    Line(
        "desk:sign_questions",
        _sign(
            "dialogue",
            in_the_way=WORDS,
            have_all_information=WORDS,
            can_do_now=WORDS,
            own_agency_can_do=WORDS,
            needed_from_others=WORDS,
            decision="own_help",
        ),
        {200: "bo"},
        {302: "bo"},
    ),
    Line("desk:sign_close", _sign("decided", feedback=WORDS), {200: "bo"}, {302: "bo"}),
)
REQUESTS = (
    Line("desk:request_new", scenes.asking, {200: "bo maja"}, {302: "bo", 422: "maja"}),
    Line(
        "desk:request_new",
        scenes.asking_across,
        {200: "bo maja"},
        {302: "bo", 422: "maja"},
        note="of another authority",
    ),
    Line("desk:request", at(lambda v: v.request("sent")), {200: f"bo ines {COLLEAGUES}"}),
    Line("desk:request", at(lambda v: v.request("revoked")), {200: "bo ines"}, note="taken back"),
    Line("desk:request_act", _request("revoked", "accept"), NOT_SENT, {422: "bo ines"}, note="taken back"),
    Line(
        "desk:request_act", _request("sent", "accept"), NOT_SENT, {302: "ines", 422: f"bo {COLLEAGUES}"}, note="accept"
    ),
    Line(
        "desk:request_act",
        _request("sent", "revoke", words=WORDS),
        NOT_SENT,
        {302: "bo", 422: f"ines {COLLEAGUES}"},
        note="revoke",
    ),
    *(
        Line("desk:request_act", _request(state, verb, **body), NOT_SENT, answers, note=verb)
        for state, verb, body, answers in (
            ("sent", "counter", {"proposal": WORDS}, {302: "ines", 422: f"bo {COLLEAGUES}"}),
            ("countered", "agree", {}, {302: "bo", 422: f"ines {COLLEAGUES}"}),
            ("sent", "decline", {"reason": WORDS, "alternative": WORDS}, {302: "ines", 422: f"bo {COLLEAGUES}"}),
            ("accepted", "finish", {"outcome": "helped", "words": WORDS}, {302: "ines", 422: f"bo {COLLEAGUES}"}),
        )
    ),
    Line("desk:request_act", _request("sent", "forget"), NOT_SENT, {}, note="unknown"),
    Line("desk:consultation_new", scenes.consulting, {200: ALL_STAFF}, {302: without("kurt"), 422: "kurt"}),
    Line("desk:consultation", scenes.consulted, {200: "bo ines"}, {302: "ines", 422: "bo"}),
)
PLANS = (
    Line(
        "desk:plan_start",
        at(lambda v: v.team_without_plan(), heading=WORDS),
        {200: f"bo ines {COLLEAGUES}"},
        {302: "bo ines", 422: COLLEAGUES},
    ),
    Line("desk:plan", _plan("active"), {200: f"bo ines {COLLEAGUES}"}),
    Line("desk:plan_write", _plan("draft"), {200: f"bo ines {COLLEAGUES}"}),
    Line(
        "desk:plan_change",
        _plan("draft", place={"verb": "add_need", "target": lambda p: p.ref}, words=WORDS, version=_version),
        {200: f"bo ines {COLLEAGUES}"},
        {302: "bo ines", 422: COLLEAGUES},
    ),
    Line(
        "desk:plan_view",
        _plan("draft", place={"whose": lambda p: p.child.ref}, kind="said", words=WORDS),
        {200: f"bo ines {COLLEAGUES}"},
        {302: "bo ines", 422: COLLEAGUES},
    ),
    Line(
        "desk:plan_wheel",
        _plan("draft", by_child="yes", safe="4"),
        {200: f"bo ines {COLLEAGUES}"},
        {302: "bo ines", 422: COLLEAGUES},
    ),
    Line(
        "desk:plan_step",
        _plan("draft", place={"verb": "offer"}, version=_version),
        NOT_SENT,
        {302: "bo ines", 422: COLLEAGUES},
    ),
    Line(
        "desk:plan_agree",
        _plan("offered", version=_version, review_on=lambda p: clock.today() + LATER),
        {200: f"bo ines {COLLEAGUES}"},
        {302: "bo ines", 422: COLLEAGUES},
    ),
    Line(
        "desk:plan_review",
        scenes.reviewing,
        {200: f"bo ines {COLLEAGUES}"},
        {302: "bo ines", 422: COLLEAGUES},
    ),
    Line("desk:plan_close", scenes.closing_plan, {200: f"bo ines {COLLEAGUES}"}, {302: "bo ines", 422: COLLEAGUES}),
    Line("desk:plan_paper", _plan("active", language="sv"), NOT_SENT, {302: f"bo ines {COLLEAGUES}"}),
    Line("desk:paper", scenes.printed, {200: f"bo ines {COLLEAGUES}"}),
    Line(
        "desk:plan_action",
        at(lambda v: Action.objects.filter(plan=v.plan("active"), by_post__isnull=False)[0], step="done"),
        {200: f"bo ines {COLLEAGUES}"},
        {302: "bo ines", 422: COLLEAGUES},
    ),
)
CONSENTS = (
    Line("desk:consent_new", scenes.asking_consent, {200: "bo"}, {302: "bo"}),
    Line("desk:consent", scenes.withdrawing, {200: "bo"}),
    Line("desk:consent_answer", scenes.withdrawing, NOT_SENT, {302: "bo"}),
    Line("desk:consent_waive", scenes.one_yes_is_enough, NOT_SENT, {302: "bo"}),
    Line("desk:yes_ended", scenes.looking_at_an_ended_yes, {200: "bo"}, {302: "bo"}),
    Line("desk:shared", at(lambda v: v.disclosure().child), {200: f"bo hanna maja ines {NEAR} {COLLEAGUES}"}),
    Line("desk:disclosure", at(lambda v: v.disclosure()), {200: f"bo ines {COLLEAGUES}"}),
    Line(
        "desk:disclosure_act",
        at(lambda v: v.disclosure(), place={"verb": "end"}),
        NOT_SENT,
        {302: "bo", 422: f"ines {COLLEAGUES}"},
        note="end",
    ),
    Line("desk:disclosure_act", at(lambda v: v.disclosure(), place={"verb": "forget"}), NOT_SENT, {}, note="unknown"),
    Line(
        "desk:challenge_new",
        at(lambda v: v.disclosure(), by=lambda row: row.child.ref, words=WORDS),
        {200: "bo"},
        {302: "bo"},
    ),
    Line("desk:share", scenes.sharing, {200: "bo"}, {302: "bo"}),
    Line("desk:wrong", scenes.calling_wrong, {200: "bo"}, {302: "bo"}),
    Line("desk:challenge", scenes.challenged, {200: "bo"}, {302: "bo"}),
    Line(
        "desk:keeping",
        at(lambda v: v.request("accepted").child, rule="placement_file", decision="SN 7/2026"),
        {200: "ines"},
        {302: "ines"},
    ),
    Line("desk:history", at(lambda v: v.disclosure().child), {200: "bo"}),
    Line("desk:protection", at(lambda v: v.plan("active").child), {200: f"bo maja ines {COLLEAGUES}"}),
    Line("desk:protection", scenes.protected, {200: "bo"}, note="protected"),
    Line(
        "desk:protection_act",
        at(
            lambda v: v.plan("active").child,
            place={"verb": "decide"},
            level="protected",
            provision="OSL 21:3",
            decided_on=lambda c: clock.today(),
        ),
        NOT_SENT,
        {302: f"bo ines maja {COLLEAGUES}"},
        note="decide",
    ),
    Line("desk:protection_act", scenes.letting_know, NOT_SENT, {302: "bo"}, note="give"),
    Line(
        "desk:protection_act",
        at(lambda v: v.plan("active").child, place={"verb": "forget"}),
        NOT_SENT,
        {},
        note="unknown",
    ),
)
CIRCLE = (
    Line("desk:languages", scenes.speaking, {200: "bo"}, {302: "bo"}),
    Line("desk:custody", scenes.custody, {200: "bo"}, {302: "bo"}),
    Line("desk:custody", at(lambda v: v.child("Signe")), {200: "bo"}, {422: "bo"}, note="two have it"),
    Line("desk:number", scenes.number_later, {200: "bo"}, {302: "bo"}),
    Line("desk:number_take_back", scenes.number_to_take_back, NOT_SENT, {302: "bo"}),
    Line("desk:custody_end", scenes.custody_to_end, NOT_SENT, {302: "bo"}),
    Line("desk:custody_take_back", scenes.custody_to_take_back, NOT_SENT, {302: "bo"}),
    Line(
        "desk:relations",
        lambda v: Scene({"ref": v.child("Signe").ref}, {"name": "Alva", "relation": "tränare", "place": "Simklubben"}),
        {200: f"bo hanna maja {NEAR}"},
        {302: "bo", 422: f"hanna maja {NEAR}"},
    ),
    Line(
        "desk:relation_end",
        at(lambda v: Relation.objects.filter(child=v.child("Signe"), until=None)[0]),
        NOT_SENT,
        {302: "bo"},
    ),
    Line(
        "desk:team_new", scenes.proposing_team, {200: f"bo hanna maja {NEAR}"}, {302: "bo", 200: f"hanna maja {NEAR}"}
    ),
    Line("desk:team", at(lambda v: v.team("proposed")), {200: "bo"}, note="proposed"),
    Line("desk:team", at(lambda v: v.team("active")), {200: f"bo ines {COLLEAGUES}"}, note="at work"),
    Line(
        "desk:team_act",
        at(lambda v: v.team("proposed"), place={"verb": "start"}, child_view=WORDS, lead_wish=""),
        NOT_SENT,
        {302: "bo"},
        note="start",
    ),
    *(
        Line(
            "desk:team_act",
            at(lambda v: v.team_without_plan(), place={"verb": verb}, **body),
            NOT_SENT,
            answers,
            note=f"at work, {note}",
        )
        for note, verb, body, answers in (
            (
                "add one of the same unit",
                "add",
                {"post": lambda t: _post("family_support")},
                {302: "bo ines", 422: COLLEAGUES},
            ),
            ("add one of another", "add", {"post": lambda t: _post("lss")}, {422: f"bo ines {COLLEAGUES}"}),
            ("remove who leads", "remove", {"post": lambda t: _post("early")}, {422: f"bo ines {COLLEAGUES}"}),
            ("close", "close", {}, {302: "bo ines", 422: COLLEAGUES}),
        )
    ),
    Line("desk:team_act", at(lambda v: v.team("active"), place={"verb": "forget"}), NOT_SENT, {}, note="unknown"),
    Line(
        "desk:handover_new",
        lambda v: Scene(
            {"ref": v.sign("acknowledged").child.ref}, {"to_post": v.post("assistant_rektor").ref, "note": WORDS}
        ),
        {200: f"bo hanna maja {NEAR}"},
        {302: "bo", 200: f"hanna maja {NEAR}"},
    ),
    Line(
        "desk:handover_new",
        scenes.offering_across,
        {200: f"bo hanna maja {NEAR}"},
        {302: "bo", 200: f"hanna maja {NEAR}"},
        note="to another authority",
    ),
    Line("desk:handover", scenes.offered_across, {200: "bo siv"}, note="to another authority"),
    *(
        Line(
            "desk:handover_act",
            at_scene(scenes.offered_across, verb=verb),
            NOT_SENT,
            answers,
            note=f"to another authority, {verb}",
        )
        for verb, answers in (
            ("accept", {302: "siv", 422: "bo"}),
            ("decline", {302: "siv", 422: "bo"}),
            ("withdraw", {302: "bo", 422: "siv"}),
        )
    ),
    Line("desk:handovers", plain(), {200: ALL_STAFF}),
    Line("desk:handover", at(lambda v: v.handover("proposed")), {200: "bo hanna"}),
    Line(
        "desk:handover_act",
        at(lambda v: v.handover("proposed"), place={"verb": "accept"}),
        NOT_SENT,
        {302: "hanna", 422: "bo"},
        note="accept",
    ),
    Line(
        "desk:handover_act",
        at(lambda v: v.handover("proposed"), place={"verb": "forget"}),
        NOT_SENT,
        {},
        note="unknown",
    ),
    Line("desk:reviews", plain(), {200: ALL_STAFF}),
    Line("desk:review", scenes.reviewing_looks, {200: "bo"}, {302: "bo"}),
    Line(
        "desk:away",
        scenes.being_away,
        {200: ALL_STAFF},
        {302: without_all("karin mats_at_school"), 422: "karin mats_at_school"},
    ),
    Line("desk:away_end", scenes.coming_back, NOT_SENT, {302: "bo"}),
)
SIGNES = "amal olof rolf_closed_out"
"""Who of Signe's family have been talked with, and so find her name. What is closed to Rolf is missing from his pages;
that it was closed does not show. He may order what is held about her, and gets what he may read: nothing."""
UNITS = (
    Line("desk:units", plain(), {200: "bo gun2 tea2 ulla"}),
    Line("desk:unit", at(lambda v: v.unit("early")), {200: "tea2 ulla"}, {302: "tea2 ulla"}, note="with something"),
    Line("desk:unit", at(lambda v: v.unit("kaa")), {200: "gun2 ulla"}, {302: "gun2 ulla"}, note="empty or not"),
    Line("desk:unit", at(lambda v: v.unit("desk")), {200: "ulla"}, {302: "ulla"}, note="the duty desk"),
    Line("desk:unit_keep", scenes.closing, NOT_SENT, {302: "gun2 ulla"}),
    Line("desk:unit_keep", at(lambda v: v.unit("early")), NOT_SENT, {422: "tea2 ulla"}, note="goes on"),
    Line("desk:leaving", scenes.leaving, {200: "ines"}),
)
AT_THE_PORTAL = (
    Line("desk:family", scenes.deciding_in_family, {200: "bo"}, {302: "bo"}),
    Line("desk:family_mark", scenes.keeping_from_family, NOT_SENT, {302: "bo"}),
    Line("desk:family_end", scenes.decided_in_family, NOT_SENT, {302: "bo"}),
    Line("desk:looks", scenes.untold_looks, {200: "bo"}, {302: "bo"}),
    Line("desk:looks_name", scenes.told_by_name, NOT_SENT, {302: "bo"}),
    Line("desk:untold_looks", scenes.looks_to_look_at_again, {200: "bo"}, {302: "bo"}),
    Line("portal:start", plain(), {200: AT_HOME}),
    Line("portal:enter", plain(), NOT_SENT, {302: f"{ALL_STAFF} {AT_HOME}"}),
    Line("portal:leave", plain(), {302: EVERY_ACCOUNT}, open=True),
    Line("portal:around", at(lambda v: v.child("Signe")), {200: SIGNES}, note="8"),
    Line("portal:around", at(lambda v: v.child("Adam")), {200: "adam amal henrik"}, note="16"),
    Line("portal:around", at(lambda v: v.child("Vera")), {200: "mats vera"}, note="whose guardian works here"),
    Line("portal:around", scenes.herself, {200: "tove"}, note="protected"),
    Line("portal:shared", at(lambda v: v.child("Signe")), {200: SIGNES}, note="8"),
    Line("portal:shared", at(lambda v: v.child("Adam")), {200: "adam amal henrik"}, note="16"),
    Line("portal:shared", at(lambda v: v.child("Vera")), {200: "mats vera"}, note="whose guardian works here"),
    Line("portal:shared", scenes.herself, {200: "tove"}, note="protected"),
    Line("portal:wrong", scenes.told, {200: "amal olof"}, {302: "amal olof"}),
    Line("portal:wrong", scenes.withheld, {}, {}, note="withheld"),
    *(
        Line(name, scenes.closed_to(who, kind, make), {200: other}, post, note=f"closed to {who}")
        for who, other in (("amal", "olof"), ("olof", "amal"))
        for name, kind, make, post in (
            ("portal:wrong", "disclosure", scenes.told, {302: other}),
            ("portal:question", "consent", scenes.asked_at_home, NOT_SENT),
            ("portal:plan", "plan", scenes.planned_at_home, NOT_SENT),
        )
    ),
    Line("portal:questions", plain(), {200: AT_HOME}),
    Line("portal:question", scenes.asked_at_home, {200: "amal olof"}),
    Line("portal:answer", scenes.asked_at_home, NOT_SENT, {302: "amal olof"}),
    Line("portal:plan", scenes.planned_at_home, {200: "amal olof"}),
    Line("portal:extract", at(lambda v: v.child("Signe")), {200: SIGNES}, note="8"),
    Line("portal:extract", at(lambda v: v.child("Adam")), {200: "adam amal henrik"}, note="16"),
    Line("portal:order_extract", scenes.to_be_extracted, NOT_SENT, {302: SIGNES}),
    Line("portal:order_extract", scenes.herself_extracted, NOT_SENT, {422: "tove"}, note="protected"),
    Line("portal:extract_paper", scenes.extracted, {200: "amal"}),
    Line("portal:extract_file", scenes.extracted, {200: "amal"}),
    Line("portal:looks", at(lambda v: v.child("Signe")), {200: "amal olof"}, note="8"),
    Line("portal:looks", at(lambda v: v.child("Adam")), {200: "adam"}, note="16"),
)
EMERGENCIES = (
    Line("desk:emergency", scenes.in_emergency, {200: ALL_STAFF}, {302: SCHOOL, 422: without_all(SCHOOL)}),
    Line("desk:review", scenes.opened_in_emergency, {200: "bo"}, {302: "bo"}, note="emergency"),
)
TABLE = (*OPEN_PAGES, *FIRST_PAGES, *AT_THE_PORTAL, *SIGNS, *REQUESTS, *PLANS, *CONSENTS, *CIRCLE, *UNITS, *EMERGENCIES)
assert len({(line.name, line.note) for line in TABLE}) == len(TABLE)
assert len(EVERYBODY) >= 20

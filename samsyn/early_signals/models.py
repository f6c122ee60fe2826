"""Early signs, the five questions, and requests for assistance."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from samsyn.common.keeping import InFile, Kept, Stays
from samsyn.common.models import Referenced, Seen, SeenByChild, SeenByPost, ToFamily
from samsyn.organisations.models import Authority, Post, Unit
from samsyn.people.models import Person
from samsyn.sharing.models import UNTOLD, Disclosure


class SignKind(models.TextChoices):
    """What was noticed. A strength is as good to note as a worry."""

    STRENGTH = "strength", gettext_lazy("a strength")
    WORRY = "worry", gettext_lazy("a worry")
    BOTH = "both", gettext_lazy("both")


class SignState(models.TextChoices):
    """States of a sign; the table of steps is in rules.py."""

    DRAFT = "draft", gettext_lazy("being written")
    RECEIVED = "received", gettext_lazy("received")
    ACKNOWLEDGED = "acknowledged", gettext_lazy("taken on")
    DIALOGUE = "dialogue", gettext_lazy("talking with the family")
    DECIDED = "decided", gettext_lazy("decided")
    CLOSED = "closed", gettext_lazy("closed")
    MERGED = "merged", gettext_lazy("joined with an earlier sign")


class SignDecision(models.TextChoices):
    """What the named person decided after the five questions."""

    NOTHING_MORE = "nothing_more", gettext_lazy("nothing more is needed now")
    ADVICE = "advice", gettext_lazy("advice to the family")
    OWN_HELP = "own_help", gettext_lazy("help from us")
    REQUEST = "request", gettext_lazy("ask somebody else for help")
    TEAM = "team", gettext_lazy("a team around the child")


class Area(models.TextChoices):
    """The eight areas of wellbeing (SHANARRI); the partnership may have its own words."""

    SAFE = "safe", gettext_lazy("Safe")
    HEALTHY = "healthy", gettext_lazy("Healthy")
    ACHIEVING = "achieving", gettext_lazy("Achieving")
    NURTURED = "nurtured", gettext_lazy("Nurtured")
    ACTIVE = "active", gettext_lazy("Active")
    RESPECTED = "respected", gettext_lazy("Respected")
    RESPONSIBLE = "responsible", gettext_lazy("Responsible")
    INCLUDED = "included", gettext_lazy("Included")


class Sign(Referenced):
    """What somebody who meets the child noticed. Owned by the authority of the child's named person once sent.

    ``areas``: list of Area values. ``talked_with``: list of "child" and references of guardians as text.
    ``told_noticer``: the feedback. ``version`` counts changes, so that two writers see each other.
    """

    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=SignState.choices, default=SignState.DRAFT)
    kind = models.CharField(max_length=8, choices=SignKind.choices, blank=True)
    observed_on = models.DateField(null=True)
    saw = models.TextField(blank=True)
    child_words = models.TextField(blank=True)
    areas = models.JSONField(default=list)
    talked_with = models.JSONField(default=list)
    not_talked_because = models.TextField(blank=True)
    did = models.TextField(blank=True)
    harm_feared = models.BooleanField(default=False)
    noticer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    noticer_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    noticer_authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, null=True, related_name="+")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="merged")
    decision = models.CharField(max_length=12, choices=SignDecision.choices, blank=True)
    told_noticer = models.TextField(blank=True)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    bounces = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    # Before it has been talked through a sign is an early guess; a fear of harm is shown only when somebody decides so.
    seen: ClassVar[Seen] = SeenByChild(
        kind="sign",
        draft_of="noticer_post",
        family=ToFamily(only=~Q(state__in=("draft", "merged")), by_default=Q(harm_feared=False), after_talk=True),
    )
    kept: ClassVar[Kept] = InFile(open_while=~Q(state__in=("draft", "closed", "merged")))

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="closed") | (~Q(decision="") & ~Q(told_noticer="")),
                name="closed_sign_has_decision_and_feedback",
            ),
            models.CheckConstraint(condition=Q(state="draft") | Q(sent_at__isnull=False), name="sent_sign_has_a_time"),
            models.CheckConstraint(
                condition=Q(state="merged", merged_into__isnull=False) | (~Q(state="merged") & Q(merged_into=None)),
                name="merged_sign_points_at_another",
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="no_sign_merges_into_itself"),
        )
        indexes = (models.Index(fields=["child", "-sent_at"]), models.Index(fields=["noticer_post", "state"]))


class Talk(Referenced):
    """A talk about a sign: with whom, in whose words, and how it was made understandable. Append-only.

    ``with_child``: the child took part. ``with_guardians``: references as text. ``child_words`` are quoted exactly.
    """

    sign = models.ForeignKey(Sign, on_delete=models.PROTECT, related_name="talks")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    held_on = models.DateField()
    with_child = models.BooleanField()
    with_guardians = models.JSONField(default=list)
    child_words = models.TextField(blank=True)
    family_words = models.TextField(blank=True)
    not_with_child_because = models.TextField(blank=True)
    not_with_guardians_because = models.TextField(blank=True)
    interpreter = models.CharField(max_length=12, blank=True)
    recorded_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    recorded_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    seen: ClassVar[Seen] = SeenByChild(kind="talk", family=ToFamily(dated=("at",), follows="sign"))
    kept: ClassVar[Kept] = InFile()


class FiveQuestions(Referenced):
    """The named person's answers to the five questions, with the decision. Append-only."""

    sign = models.OneToOneField(Sign, on_delete=models.PROTECT, related_name="five_questions")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    in_the_way = models.TextField()
    have_all_information = models.TextField()
    can_do_now = models.TextField()
    own_agency_can_do = models.TextField()
    needed_from_others = models.TextField()
    decision = models.CharField(max_length=12, choices=SignDecision.choices)
    answered_by = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    answered_by_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    seen: ClassVar[Seen] = SeenByChild(kind="five_questions", family=ToFamily(dated=("at",), follows="sign"))
    kept: ClassVar[Kept] = InFile()


class RequestState(models.TextChoices):
    """States of a request for assistance; the table of steps is in rules.py."""

    SENT = "sent", gettext_lazy("asked, waiting for an answer")
    COUNTERED = "countered", gettext_lazy("another way was proposed")
    AGREED = "agreed", gettext_lazy("agreed on the other way, to be accepted")
    ACCEPTED = "accepted", gettext_lazy("accepted")
    DECLINED = "declined", gettext_lazy("declined, with an alternative")
    REVOKED = "revoked", gettext_lazy("taken back")
    DONE = "done", gettext_lazy("done")


class Outcome(models.TextChoices):
    """How a request ended."""

    HELPED = "helped", gettext_lazy("it helped")
    FAMILY_DECLINED = "family_declined", gettext_lazy("the family did not want it")
    MOVED = "moved", gettext_lazy("the family moved")
    OTHER_HELP = "other_help", gettext_lazy("other help took over")
    NO_EFFECT = "no_effect", gettext_lazy("it did not help")


class Request(Referenced):
    """One unit asks another for help. Who asks stays responsible; who accepts is responsible for the own part.

    ``wanted``: what help is asked for. ``proposal``: the other way that the receiver proposed.
    """

    sign = models.ForeignKey(Sign, on_delete=models.PROTECT, null=True, related_name="requests")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.SENT)
    from_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    from_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    to_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    wanted = models.TextField()
    background = models.TextField()
    includes_sign = models.BooleanField(default=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, null=True, related_name="+")
    proposal = models.TextField(blank=True)
    decline_reason = models.TextField(blank=True)
    alternative = models.TextField(blank=True)
    outcome = models.CharField(max_length=16, choices=Outcome.choices, blank=True)
    outcome_words = models.TextField(blank=True)
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    # A request that rests on something withheld from the family is withheld with it.
    seen: ClassVar[Seen] = SeenByChild(
        kind="request",
        family=ToFamily(
            only=Q(disclosure=None) | ~Q(disclosure__told__in=UNTOLD),
            childs_own=Q(disclosure__consent__child_part="alone"),
            tells_of="disclosure_id",
            follows="sign",
        ),
    )
    kept: ClassVar[Kept] = InFile(open_while=~Q(state__in=("declined", "revoked", "done")))

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="declined") | (~Q(decline_reason="") & ~Q(alternative="")),
                name="declined_request_has_reason_and_alternative",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["countered", "agreed"]) | ~Q(proposal=""), name="counter_proposal_has_words"
            ),
            models.CheckConstraint(condition=~Q(state="done") | ~Q(outcome=""), name="done_request_has_an_outcome"),
        )
        indexes = (models.Index(fields=["child", "-sent_at"]), models.Index(fields=["to_post", "state"]))


class RequestStep(Referenced):
    """One step of a request, with its words. Append-only."""

    request = models.ForeignKey(Request, on_delete=models.PROTECT, related_name="steps")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    authority = models.ForeignKey(Authority, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=RequestState.choices)
    words = models.TextField(blank=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    seen: ClassVar[Seen] = SeenByChild(kind="request", item="request__ref")
    kept: ClassVar[Kept] = InFile()


class Consultation(Referenced):
    """A question to another unit without anybody's identity. It belongs to no child and can never be tied to one."""

    from_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    from_person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    to_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    question = models.TextField()
    answer = models.TextField(blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    seen: ClassVar[Seen] = SeenByPost(post="to_post", copies="from_post")
    kept: ClassVar[Kept] = Stays("belongs to no child, and can never be tied to one")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="answered_consultation_has_an_answer",
            ),
        )

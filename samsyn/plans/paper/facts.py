"""What stands on the paper: every word ready, in the language that is active; the template says nothing itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samsyn.circle.actions import current_named_person
from samsyn.common import clock
from samsyn.look.measure import runs_left
from samsyn.look.wheel import draw_wheel
from samsyn.organisations.intervals import within
from samsyn.organisations.models import Holding, Post
from samsyn.organisations.partnerships import goal_name, language, own_words
from samsyn.people.models import Guardianship, Person
from samsyn.plans.agreement import lead_of_plan
from samsyn.plans.models import Action, ActionState, Goal, Plan, PlanState, View, ViewKind
from samsyn.plans.paper.drawing import parted
from samsyn.plans.paper.letters import CANNOT_BE_DRAWN, fit_for_paper
from samsyn.plans.picture import marked_when, wheel_picture
from samsyn.plans.versions import marks_of
from samsyn.plans.view_actions import newest_views
from samsyn.plans.wheel import wheel_facts
from samsyn.sharing.actions import guardians_today

Facts = dict[str, Any]
_LONGEST_LINE = 120


def facts_of(plan: Plan, at: datetime) -> Facts:
    """The facts of the paper as it is made at this moment, in the active language."""
    guardians = guardians_today(plan.child)
    paper = _Paper(plan, guardians, at)
    facts: Facts = {
        "language": language(),
        "rtl": translation.get_language_bidi(),
        "heading": _own(plan.heading),
        "standing": paper.standing(),
        "people": paper.people(),
        **paper.views(),
        "wheel": paper.wheel(),
        "needs": paper.needs(),
        "review": paper.review(),
        "words": paper.words(),
    }
    printable: Facts = _printable(facts)
    printable["yours"] = _printable(paper.yours(holed=CANNOT_BE_DRAWN in str(printable)))
    return printable


def may_tell_where(child: Person, guardians: Iterable[Guardianship]) -> bool:
    """May names of places stand on the paper, and the child's own. Where a protected child goes must not travel on a
    paper that anybody in the family can leave on a table."""
    return not any(one.is_protected for one in (child, *(row.guardian for row in guardians)))


def _named(person: Person) -> str:
    """The name that stands on paper. Of somebody protected a word that names nobody, also where whoever asks for the
    paper reads the name on a page: it is opened from the vault for that page, and a paper is kept outside of it."""
    if not person.is_protected:
        return person.name
    nobody = Person(protection=person.protection)
    nobody.mask = person.mask
    return nobody.name


def _own(words: str) -> Facts:
    """Somebody's own words, in the direction of their own letters; "long" when they fill more than a line or two."""
    return {"text": words, "rtl": runs_left(words), "long": len(words) > _LONGEST_LINE or "\n" in words}


def _apart(words: str) -> str:
    """A name or a number inside a sentence: its letters do not turn those around it (Unicode, UAX 9, isolates)."""
    return f"\u2068{words}\u2069" if translation.get_language_bidi() else words


def _own_or_none(words: str) -> Facts | None:
    return _own(words) if words else None


def _printable(value: Any, key: str = "") -> Any:
    if isinstance(value, str):
        return value if key == "lines" else fit_for_paper(value)
    if isinstance(value, dict):
        return {name: _printable(held, name) for name, held in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(held) for held in value]
    return value


def _day(day: date | datetime | None) -> str:
    if isinstance(day, datetime):
        day = day.astimezone(clock.STOCKHOLM).date()
    return date_format(day, "j F Y") if day else ""


class _Paper:
    """One paper in the making."""

    def __init__(self, plan: Plan, guardians: list[Guardianship], at: datetime) -> None:
        self.plan, self.at = plan, at
        self.name = _named(plan.child)
        self.relations = {row.guardian_id: row for row in guardians}
        self.with_places = may_tell_where(plan.child, guardians)
        lead, named = lead_of_plan(plan), current_named_person(plan.child)
        self.lead = lead.post if lead else None
        self.named = named.post if named else None
        actions = plan.actions.exclude(by_post=None).values_list("by_post_id", flat=True)
        self.holders = self._holders({*actions, *(post.pk for post in (self.lead, self.named) if post)})

    def _holders(self, posts: Iterable[int]) -> dict[int, Person]:
        day = self.at.astimezone(clock.STOCKHOLM).date()
        rows = Holding.objects.filter(within(day), post__in=posts)
        return {row.post_id: row.person for row in rows.select_related("person").order_by("since", "pk")}

    def words(self) -> Facts:
        """The paper's own words."""
        wheel = own_words(self.plan.authority_id)["wheel"]
        made = {"number": self.plan.agreed_number, "day": _day(self.at)}
        in_force = self.plan.agreed_number > 0
        return {
            "document_title": _("Plan"),
            "title": _("The plan for %(name)s") % {"name": _apart(self.name)},
            "footer": (_("Version %(number)s, printed on %(day)s") if in_force else _("Proposal, printed on %(day)s"))
            % made,
            "views": _("What we think"),
            "disagrees": _("thinks differently"),
            "wheel": wheel[:1].upper() + wheel[1:],
            "as_table": _("The same as a table"),
            "needs": _("From need to action"),
            "need": _("Need"),
            "childs_own": _("In the child's own words"),
            "seen_by": _("We see it by:"),
            "review": _("Last time we looked back"),
            "yours": _("The plan is yours"),
        }

    def standing(self) -> list[str]:
        """How the plan stands, in sentences."""
        plan = self.plan
        since = _("In force since %(day)s.") % {"day": _day(plan.agreed_at)}
        again = _("We look at it together again on %(day)s at the latest.") % {"day": _day(plan.review_on)}
        sentences: dict[str, list[str]] = {
            PlanState.DRAFT: [_("This is a proposal. Nothing is decided before you have said yes.")],
            PlanState.OFFERED: [_("This is a proposal. Nothing is decided before you have said yes.")],
            PlanState.ACTIVE: [since, again],
            PlanState.IN_REVIEW: [since, _("We are looking at it together now.")],
            PlanState.DECLINED: [_("You said no to this plan. It is not in force.")],
            PlanState.CLOSED: [_("Closed on %(day)s.") % {"day": _day(plan.closed_at)}],
        }
        return sentences[plan.state]

    def people(self) -> list[Facts]:
        """The lead and the named person, with a way to reach them."""
        named_word = own_words(self.plan.authority_id)["named_person"]
        named_word = named_word[:1].upper() + named_word[1:]
        holds = _("Holds the plan together")
        if self.lead and self.named and self.lead.pk == self.named.pk:
            both = _("%(named_person)s, and holds the plan together") % {"named_person": named_word}
            return [self._contact(both, self.named)]
        found = ((holds, self.lead), (named_word, self.named))
        return [self._contact(what, post) for what, post in found if post]

    def _contact(self, what: str, post: Post) -> Facts:
        reach = [post.unit.name, post.unit.telephone, post.unit.telephone_hours] if self.with_places else []
        name = self._post_name(post)
        title = "" if name == post.title else post.title
        return {"what": what, "name": name, "post": title, "reach": [row for row in reach if row]}

    def _post_name(self, post: Post) -> str:
        holder = self.holders.get(post.pk)
        return holder.full_name if holder and not holder.is_protected else post.title

    def views(self) -> Facts:
        """The child's view first, then each guardian's."""
        plan = self.plan
        written = plan.state in (PlanState.ACTIVE, PlanState.CLOSED) and plan.agreed_number > 0
        newest = newest_views(plan, plan.agreed_number if written else plan.agreed_number + 1)
        child = newest.get(plan.child_id)
        adults = [newest[pk] for pk in self.relations if pk in newest]
        return {
            "child_views": [self._view(child, plan.child)] if child else [],
            "adult_views": [self._view(view, self.relations[view.whose_id].guardian) for view in adults],
        }

    def _view(self, view: View, whose: Person) -> Facts:
        quote = None
        if view.kind == ViewKind.SAID:
            quote = _own(_("“%(words)s”") % {"words": view.words}) | {"rtl": runs_left(view.words), "long": True}
        elif view.kind == ViewKind.TOO_YOUNG:
            quote = _own(view.words) | {"long": True}
        return {"quote": quote, "who": self._who(view, whose), "disagrees": view.disagrees}

    def _who(self, view: View, whose: Person) -> list[str]:
        parts = [_named(whose)]
        relation = self.relations.get(whose.pk)
        if relation is not None and relation.relation:
            parts.append(relation.relation)
        age = whose.age_on(self.at.astimezone(clock.STOCKHOLM).date()) if whose.pk == self.plan.child_id else None
        if age is not None:
            parts.append(ngettext("%(age)s year", "%(age)s years", age) % {"age": age})
        if view.kind == ViewKind.PREFERRED_NOT:
            parts.append(_("preferred not to say"))
        if view.kind == ViewKind.TOO_YOUNG:
            parts.append(_("too young to say: this is what we have seen"))
        if view.through_interpreter:
            parts.append(_("through an interpreter"))
        return parts

    def wheel(self) -> Facts | None:
        """The picture, the same in words, and the table; None while nobody has marked anything."""
        areas = wheel_facts(marks_of(self.plan))
        if all(one.child is None and one.adults is None for one in areas):
            return None
        name = fit_for_paper(self.name)
        facts = wheel_picture(areas, name, self.plan.authority_id, "paper")
        picture = draw_wheel(facts, literal_colours=True)
        sentences = (_("Further out is better."), marked_when(areas, _apart(self.name)))
        return {
            "explained": " ".join(sentence for sentence in sentences if sentence),
            "picture": parted(picture.wide, rtl=facts.rtl),
            "alt": facts.desc,
            "head": facts.words.head,
            "rows": picture.rows,
            "legend": [self.name, _("adults"), _("last time")],
        }

    def needs(self) -> list[Facts]:
        """Each need with its goals and actions."""
        rows = self.plan.needs.prefetch_related(
            "goals__common_goal", "goals__actions__by_post__unit", "goals__actions__by_person"
        )
        return [{"words": _own(need.words), "goals": [self._goal(goal) for goal in need.goals.all()]} for need in rows]

    def _goal(self, goal: Goal) -> Facts:
        return {
            "common": goal_name(goal.common_goal, language()),
            "words": _own(goal.words),
            "childs": goal.in_childs_words,
            "evidence": _own_or_none(goal.evidenced_by),
            "actions": [self._action(action) for action in goal.actions.all()],
        }

    def _action(self, action: Action) -> Facts:
        when = {
            ActionState.TO_DO.value: _("by %(day)s") % {"day": _day(action.due_on)},
            ActionState.DONE.value: _("done on %(day)s") % {"day": _day(action.done_on)},
            ActionState.LEFT_OUT.value: _("left out"),
            ActionState.HANDED_ON.value: _("handed on"),
        }
        return {
            "words": _own(action.words),
            "who": self._doer(action),
            "evidence": _own_or_none(action.evidenced_by),
            "ended": _own_or_none(action.left_out_because or action.handed_on_to),
            "when": when[action.state],
            "state": action.state,
        }

    def _doer(self, action: Action) -> list[str]:
        if action.by_post is None:
            return [_named(action.by_person)] if action.by_person else []
        return list(dict.fromkeys((self._post_name(action.by_post), action.by_post.title)))

    def review(self) -> Facts | None:
        """The last look back; None before the first."""
        last = self.plan.reviews.order_by("id").last()
        if last is None:
            return None
        scale = None
        if last.child_scale is not None:
            scale = _("%(name)s chose %(number)s of 10.") % {"name": _apart(self.name), "number": last.child_scale}
        return {
            "when": _day(last.held_on),
            "scale": scale,
            "child": _own_or_none(last.child_words),
            "changed": _own(last.what_changed),
        }

    def yours(self, *, holed: bool) -> list[Facts]:
        """What the family may do, and how to reach us. ``holed``: some sign could not be drawn."""
        sentences = [self.plan.how_to_reach_us] if self.plan.how_to_reach_us else []
        if self.plan.state not in (PlanState.CLOSED, PlanState.DECLINED):
            sentences.append(
                _("You can say no or change your mind on any day. Other help that you have a right to stays the same.")
            )
        if self.lead is not None:
            asked = self._post_name(self.lead)
            sentences.append(_("Is something wrong or missing? Tell %(name)s.") % {"name": _apart(asked)})
        if holed:
            sentences.append(
                _("Signs that could not be printed are marked %(mark)s. Ask to see the plan on a screen.")
                % {"mark": CANNOT_BE_DRAWN}
            )
        return [_own(sentence) for sentence in sentences]

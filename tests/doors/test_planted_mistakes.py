"""Mistakes planted in the rules of who may see what: each makes a test of those rules fail.

A mistake is one piece of source that is changed. The functions of the module get the changed code while the tests about
who sees what are run, one after the other, until one fails.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from types import CodeType, FunctionType, ModuleType

import pytest
from django.db import transaction
from django.utils import translation

from samsyn.common import clock
from samsyn.protection import predicate as protection
from samsyn.sharing import family, family_rules, predicate
from tests import figures
from tests.questions import put_together_anew
from tests.rooms.protection import test_protection
from tests.rooms.sharing import test_family, test_family_rules, test_predicate
from tests.rooms.sharing.world import NOW, World, lillkoping

Check = Callable[..., None]

MISTAKES = [
    (predicate, 'own = Q(**{f"{seen.authority}_id": viewer.authority})', "own = Q()"),
    (predicate, "reasons_of(viewer, at).filter(scope=Scope.WHOLE)", "reasons_of(viewer, at)"),
    (predicate, "reasons_of(viewer, at).filter(scope=Scope.ITEM)", "reasons_of(viewer, at).none()"),
    (predicate, "        receiver_id=unit_id,\n", ""),
    (predicate, "        since__lte=at,\n        expires_on__gte=day,\n", "        since__lte=at,\n"),
    (predicate, "        Q(ended_at=None) | Q(ended_at__gt=at),\n", ""),
    (predicate, '        way="open",\n', ""),
    (predicate, "Q(until=None) | Q(until__gt=at)) & Q(since__lte=at)", "Q(until=None) | Q(until__gt=at))"),
    (predicate, "now = (Q(until=None) | Q(until__gt=at)) & Q(since__lte=at)", "now = Q(since__lte=at)"),
    (predicate, "Q(post=None, unit_id=viewer.unit)\n", "Q(unit_id=viewer.unit)\n"),
    (predicate, "Q(post=None, unit_id__in=viewer.units, scope=Scope.FIND)", "Q(post=None, unit_id__in=viewer.units)"),
    (predicate, "~Exists(left_out), kind=kind, disclosure__in", "~Exists(left_out), disclosure__in"),
    (
        predicate,
        "condition | Q(pk__in=prepared(_opened_rows, viewer, at)) if model is Disclosure else condition",
        "condition",
    ),
    (predicate, "Guardianship.objects.filter(within(day))", "Guardianship.objects.filter(since__lte=day)"),
    (predicate, "return Q() if viewer.account or seen.to_everyone else NOTHING", "return Q()"),
    (predicate, "return _in_family(model, seen, viewer, at)", "return Q()"),
    (family, "shown.only & ~facts.decided(FamilyStep.CLOSES) & ", "shown.only & "),
    (family, "& Q(self.met) & ~self.marked", "& Q(self.met)"),
    (family, "& Q(self.met) & ~self.marked", "& ~self.marked"),
    (family, "who = itself | (now & ~childs_own)", "who = itself | now"),
    (family, "& self._not_after(one.not_after) & ~childs_own", "& ~childs_own"),
    (family, "step=step, whom_id=self.person", "step=step"),
    (family, "Q(until=None) | Q(until__gte=day), ~Exists(ended)", "~Exists(ended)"),
    (family_rules, "if tie.hidden or (", "if ("),
    (family_rules, "by_default = young and not tie.other_hidden", "by_default = young"),
    (family_rules, "not has_turned(tie.born, ages.guardian_until, on)\n", "True\n"),
    (family_rules, "by_default=own, decides=False", "by_default=True, decides=False"),
    (
        family_rules,
        "by_default=by_default, decides=False, not_after=max(ends))",
        "by_default=by_default, decides=False)",
    ),
    (predicate, '(here & Q(kind__in=("", kind))) | ', ""),
    (predicate, " | Q(unit=None, authority=None, kind=kind)", ""),
    (protection, "~Q(protection__in=HIDDEN) | _known_to(viewer, at)", "Q()"),
    (protection, "~_known_to(viewer, at), protection__in=HIDDEN", "~_known_to(viewer, at), protection__in=()"),
    (protection, "if viewer.knows_nobody_hidden and not viewer.acts:", "if True:"),
    (protection, "viewer.knows_nobody_hidden and not viewer.acts", "viewer.knows_nobody_hidden"),
    (protection, "since__lte=at, until__gt=at, ends=None", "since__lte=at, ends=None"),
    (protection, "~Exists(taken_back), since__lte=at", "since__lte=at"),
    (protection, "Q(post_id=viewer.post) if viewer.post is not None", "Q() if viewer.post is not None"),
]


def checks() -> list[Check]:
    """The tests of who sees what that need nothing but the world, and those of the rule itself that need nothing.

    The rule's come first, since they are quick: a guardian of a protected child is kept out by two doors, and with the
    world alone the second one would hide that the first stands open.
    """
    found = [without_a_world(one) for name, one in vars(test_family_rules).items() if stands_alone(name, one)]
    for module in (test_predicate, test_family, test_protection):
        for name, one in vars(module).items():
            needed = list(inspect.signature(one).parameters) if name.startswith("test_") else []
            marks = [mark for mark in getattr(one, "pytestmark", []) if mark.name == "parametrize"]
            if needed == ["world"]:
                found.append(one)
            elif len(needed) == 2 and "world" in needed and len(marks) == 1 and isinstance(marks[0].args[0], str):
                found.append(with_first_value(one, *marks[0].args))
    return found


def stands_alone(name: str, one: object) -> bool:
    """Is this a test that takes nothing, and not one that Hypothesis fills in."""
    plain = isinstance(one, FunctionType) and not hasattr(one, "hypothesis")
    return name.startswith("test_") and plain and not inspect.signature(one).parameters  # type: ignore[arg-type]


def without_a_world(check: Check) -> Check:
    """The same, handed a world that it does not look at."""

    @wraps(check)
    def filled(world: World) -> None:
        check()

    return filled


def with_first_value(check: Check, name: str, values: Iterable[object]) -> Check:
    """A test that takes one value more, with the first of its values."""

    @wraps(check)
    def filled(world: World) -> None:
        check(world, **{name: next(iter(values))})

    return filled


def functions(module: ModuleType) -> dict[str, FunctionType]:
    """The functions and methods that the module defines, by qualified name."""
    found = {}
    for one in vars(module).values():
        inside = vars(one).values() if inspect.isclass(one) else [one]
        for each in inside:
            if isinstance(each, FunctionType) and each.__module__ == module.__name__:
                found[each.__qualname__] = each
    return found


@contextmanager
def planted(module: ModuleType, old: str, new: str) -> Iterator[None]:
    """Let the module's functions have the changed code inside. Everybody who has imported them has it too."""
    source = inspect.getsource(module)
    assert source.count(old) == 1, f"{old!r} stands {source.count(old)} times in {module.__name__}"
    changed = ModuleType(module.__name__)
    sys.modules[module.__name__] = changed  # dataclasses look their module up
    try:
        exec(compile(source.replace(old, new), str(module.__file__), "exec"), vars(changed))  # our own source
    finally:
        sys.modules[module.__name__] = module
    ours, theirs = functions(module), functions(changed)
    kept: dict[str, CodeType] = {name: one.__code__ for name, one in ours.items()}
    with put_together_anew():
        try:
            for name, one in ours.items():
                one.__code__ = theirs[name].__code__
            yield
        finally:
            for name, one in ours.items():
                one.__code__ = kept[name]


def first_that_fails(found: list[Check]) -> str:
    """The name of the first test that fails, "" when all pass. Each has a world of its own, and it is undone."""
    for check in found:
        with clock.at(NOW), translation.override("en"), transaction.atomic():
            try:
                with transaction.atomic():
                    check(lillkoping())
            except (AssertionError, pytest.fail.Exception):
                return check.__name__
            finally:
                transaction.set_rollback(True)
    return ""


@pytest.mark.parametrize(("module", "old", "new"), MISTAKES, ids=[f"{n + 1}" for n in range(len(MISTAKES))])
def test_a_mistake_can_still_be_planted(module: ModuleType, old: str, new: str) -> None:
    with planted(module, old, new):
        pass


@pytest.mark.deep
def test_without_a_mistake_all_of_them_pass(db: None) -> None:
    assert first_that_fails(checks()) == ""


@pytest.mark.deep
@pytest.mark.parametrize(("module", "old", "new"), MISTAKES, ids=[f"{n + 1}" for n in range(len(MISTAKES))])
def test_a_planted_mistake_is_caught(db: None, module: ModuleType, old: str, new: str) -> None:
    with planted(module, old, new):
        caught = first_that_fails(checks())
    figures.add("access", planted=1, caught=int(caught != ""))
    assert caught, f"nothing notices {new!r} for {old!r} in {module.__name__}"

"""The components: wired for those who listen, safe whatever is written, lean enough for a list of thirty."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test.signals import template_rendered
from django.utils.translation import override

import samsyn.look
from samsyn.look.fields import DayInput
from samsyn.look.gallery import gallery_facts, sample_form, samples
from samsyn.look.parts import Change, Conflict, DutyRow, LawLink, PathStep
from samsyn.look.templatetags import look

ROOM = Path(samsyn.look.__file__).parent
TEMPLATES = ROOM / "templates" / "look"
NOW = datetime(2026, 11, 23, 8, 41, tzinfo=UTC)
EVIL = '<script>alert("x")</script>'


def rendered(source: str, **facts: object) -> str:
    with override("en"):
        return Template("{% load look %}" + source).render(Context(facts))


def gallery_page(language: str) -> str:
    with override(language):
        return render_to_string("look/gallery.html", gallery_facts())


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)


# ---------------------------------------------------------------- the gallery


def test_the_gallery_shows_every_component() -> None:
    source = (TEMPLATES / "gallery.html").read_text(encoding="utf-8")
    for name in look.register.tags:
        if not name.startswith("end"):
            assert re.search(rf"{{% {name}[ }}]", source + (TEMPLATES / "page.html").read_text(encoding="utf-8")), name
    for name in look.register.filters:
        assert re.search(rf"\|{name}\b", source), name


def test_every_template_of_a_component_is_used_by_the_gallery() -> None:
    with override("en"):
        names = _template_names(gallery_facts())
    for path in TEMPLATES.glob("*.html"):
        assert f"look/{path.name}" in names, path.name


def _template_names(facts: dict[str, object]) -> set[str]:
    """The names of all templates that were rendered; pytest-django has set the test environment up."""
    names: set[str] = set()

    def note(sender: object, template: Template, **_: object) -> None:
        names.add(template.name or "")

    template_rendered.connect(note)
    try:
        render_to_string("look/gallery.html", facts)
    finally:
        template_rendered.disconnect(note)
    return names


@pytest.mark.parametrize("language", ["sv", "en", "ar"])
def test_a_page_keeps_to_the_strict_policy(language: str) -> None:
    page = gallery_page(language)
    for tag, attributes in Elements(page).found:
        assert tag != "style"
        assert "style" not in attributes, attributes
        assert not any(name.startswith("on") for name in attributes), attributes
        assert tag != "script" or attributes.get("src"), "an inline script"
        for name in ("src", "href", "action"):
            assert not re.match(r"(https?:)?//|javascript:|data:", attributes.get(name) or ""), attributes


@pytest.mark.parametrize(("language", "direction"), [("sv", "ltr"), ("ar", "rtl")])
def test_the_page_says_its_language_and_direction(language: str, direction: str) -> None:
    html = Elements(gallery_page(language)).found[0]
    assert html == ("html", {"lang": language, "dir": direction, "data-color-scheme": "auto"})


def test_htmx_is_held_short() -> None:
    metas = [attributes for tag, attributes in Elements(gallery_page("en")).found if tag == "meta"]
    assert {
        "name": "htmx-config",
        "content": '{"includeIndicatorStyles":false,"allowEval":false,"selfRequestsOnly":true}',
    } in metas


@pytest.mark.parametrize("language", ["sv", "ar"])
def test_ids_are_unique_and_every_reference_to_one_is_met(language: str) -> None:
    elements = Elements(gallery_page(language)).found
    ids = [attributes["id"] for _, attributes in elements if attributes.get("id")]
    assert len(ids) == len(set(ids))
    for _, attributes in elements:
        for name in ("aria-describedby", "aria-labelledby", "for", "form"):
            for one in (attributes.get(name) or "").split():
                assert one in ids, (name, one)


def test_samples_say_the_same_things_in_every_language() -> None:
    with override("sv"):
        swedish = samples()
    with override("ar"):
        arabic = samples()
    with override("en"):
        english = samples()
    assert swedish.keys() == arabic.keys() == english.keys()


# ---------------------------------------------------------------- rows


def _row(i: int) -> DutyRow:
    ref = "3f0c2a0e-5f0b-4a53-9b5c-0d6b7f2f7a1e"
    return DutyRow(
        "TK",
        "T.K., 12 år",
        "Prata med barnet och föräldrarna",
        f"/barn/{ref}/samtal/",
        NOW + timedelta(days=i - 3),
        "Skolsköterskan Elin väntar.",
        LawLink("Överenskommelsen, punkt 3", "/lag/talk_after_signal/"),
        "Ny tid",
        f"/plikt/{ref}/",
        act_posts=bool(i % 2),
    )


def test_thirty_duties_are_lean() -> None:
    page = rendered("{% duties rows now %}", rows=[_row(i) for i in range(30)], now=NOW)
    assert page.count('<li class="duty">') == 30
    assert len(page.encode()) <= 30 * 660


def test_a_duty_says_who_what_when_why_and_is_acted_on_in_one_step() -> None:
    page = rendered("{% duties rows now 'x' %}{% acts_form %}", rows=[_row(2), _row(7)], now=NOW, csrf_token="t0k3n")
    assert "T.K., 12 år" in page
    assert '<a class="law" href="/lag/talk_after_signal/">Överenskommelsen, punkt 3</a>' in page
    assert '<span class="due due--late"><bdi>1</bdi> day late</span>' in page
    assert 'aria-describedby="x1">Ny tid</a>' in page
    assert '<button type="submit" class="act" form="acts"' in page
    assert '<form id="acts" method="post"><input type="hidden" name="csrfmiddlewaretoken" value="t0k3n"></form>' in page


def test_a_verb_that_leads_where_the_words_lead_is_the_only_link() -> None:
    row = DutyRow("Si", "Signe", "Läs", "/signal/1/", NOW, act="Läs", act_url="/signal/1/")
    page = rendered("{% duties rows now %}", rows=[row], now=NOW)
    assert page.count("/signal/1/") == 1
    assert '<span class="duty__what" id="d1">' in page


def test_only_the_next_duty_has_the_filled_button() -> None:
    nearest = DutyRow("Si", "Signe", "Svara", "#", NOW, act="Svara Maja", act_url="#", next=True)
    assert rendered("{% duties rows now %}", rows=[nearest, _row(0), _row(1)], now=NOW).count("ds-button") == 1


def test_an_unverified_paragraph_says_so() -> None:
    page = rendered(
        "{% law_link law %}|{% law_link none %}", law=LawLink("SoL 19 kap. 1 §", "/lag/x/", False), none=None
    )
    assert page == '<a class="law" href="/lag/x/">SoL 19 kap. 1 §</a> <span class="unsure">to be checked</span>|'


# ---------------------------------------------------------------- whatever is written


def test_nothing_that_is_written_becomes_markup() -> None:
    law = LawLink(EVIL, EVIL)
    page = rendered(
        "{% face e e e %}{% who e e e e e %}{% tag e e %}{% goal_mark 'book' e %}{% button e e href=e %}"
        "{% button e name=e value=e %}{% law_link law %}{{ e|bdi }}{% ticks items %}{% path steps now %}"
        "{% voice by=e %}{{ e }}{% endvoice %}{% view by=e %}{{ e }}{% endview %}{% why e %}{{ e }}{% endwhy %}"
        "{% sheet kind=e heading=e unique=e %}{{ e }}{% endsheet %}{% empty e %}{{ e }}{% endempty %}"
        "{% alert e %}{{ e }}{% endalert %}{% reach label=e url=e words=e %}{{ e }}{% endreach %}"
        "{% conflict conflict %}{% facts e items rows %}{% duties duties now %}{% ring_clock e e 0.5 %}",
        e=EVIL,
        law=law,
        items=[EVIL],
        rows=[[EVIL, EVIL]],
        steps=[PathStep(state, EVIL, EVIL, EVIL, None, EVIL, EVIL) for state in ("done", "now", "next")],
        now=NOW,
        conflict=Conflict(EVIL, EVIL, [Change(EVIL, EVIL, EVIL)]),
        duties=[DutyRow(EVIL, EVIL, EVIL, EVIL, NOW, EVIL, law, EVIL, EVIL)],
    )
    assert "<script" not in page
    assert page.count("&lt;script&gt;") > 40


def test_an_unknown_icon_is_refused() -> None:
    with pytest.raises(KeyError, match="There is no icon"):
        rendered("{% icon 'unicorn' %}")


def test_every_icon_is_in_the_sprite() -> None:
    sprite = (ROOM / "static" / "samsyn" / "icons.svg").read_text(encoding="utf-8")
    assert set(re.findall(r'<symbol[^>]* id="(\w+)"', sprite)) == set(look.ICONS)


@pytest.mark.parametrize(
    ("words", "kind"),
    [("Jag vill själv.", "<blockquote>"), ("”Jag vill.”", 'class="marked"'), ('"Jag"', 'class="marked"')],
)
def test_the_childs_words_are_quoted_once_and_kept_exactly(words: str, kind: str) -> None:
    page = rendered("{% voice by='Signe' %}{{ words }}{% endvoice %}", words=words)
    assert kind in page
    assert words.replace('"', "&quot;") in page


def test_saved_is_always_there_for_those_who_listen() -> None:
    assert rendered("{% saved at %}", at=None) == '<span class="saved" id="saved" role="status"><span></span></span>'
    assert "Saved <bdi>9:41</bdi>" in rendered("{% saved at %}", at=NOW)


def test_a_conflict_shows_the_others_change_and_keeps_ones_own() -> None:
    found = Conflict("Ines", "idag 9.41", [Change("Mål", "Lugna morgnar", "Lugna morgnar, Maja är där")])
    page = rendered("{% conflict found %}", found=found)
    assert "<bdi>Ines</bdi> saved while you were writing" in page
    assert "Lugna morgnar</dd>" in page
    assert "Lugna morgnar, Maja är där</dd>" in page
    assert rendered("{% conflict found %}", found=None).strip() == ""


# ---------------------------------------------------------------- forms


def test_label_hint_error_and_control_are_wired_together() -> None:
    form = sample_form(_english())({"kind": "1", "saw": "", "when": "2026-11-01"})
    page = rendered("{% field form.saw %}", form=form)
    assert '<label class="field-label" for="id_saw">What have you seen or heard?</label>' in page
    assert 'id="id_saw_hint"' in page
    assert 'aria-describedby="id_saw_hint id_saw_error"' in page
    assert 'aria-invalid="true"' in page
    assert 'class="ds-validation-message" data-color="danger" id="id_saw_error"' in page


def test_a_field_that_is_right_says_nothing_of_errors() -> None:
    form = sample_form(_english())()
    page = rendered("{% field form.saw %}{% field form.place %}", form=form)
    assert "aria-invalid" not in page
    assert page.count("aria-describedby") == 1


def test_choices_are_words_in_a_group_with_its_question() -> None:
    page = rendered("{% field form.kind %}{% field form.about %}", form=sample_form(_english())({"kind": "1"}))
    assert page.count("<fieldset") == 2
    assert "<legend>What I have seen is</legend>" in page
    assert page.count('<label class="choice">') == 3 + 8
    assert len(re.findall(r'<input type="radio"[^>]*checked', page)) == 1


def test_a_day_is_shown_as_browsers_want_it_in_every_language() -> None:
    class Day(forms.Form):
        when = forms.DateField(widget=DayInput)

    for language in ("sv", "en", "ar"):
        with override(language):
            page = Template("{% load look %}{% field form.when %}").render(Context({"form": Day({"when": NOW.date()})}))
        assert '<input type="date" name="when" value="2026-11-23"' in page


def test_the_childs_field_and_a_hidden_one() -> None:
    page = rendered("{% field form.words tone='voice' %}{% field form.key %}", form=sample_form(_english())())
    assert '<div class="field voice">' in page
    assert page.strip().endswith('<input type="hidden" name="key" id="id_key">')


def test_the_summary_leads_to_each_field_that_must_be_mended() -> None:
    form = sample_form(_english())({"when": "2026-11-01"})
    form.add_error(None, "The whole is wrong.")
    page = rendered("{% error_summary form other %}", form=form, other=sample_form(_english())())
    assert '<a href="#id_kind_0">' in page
    assert '<a href="#id_saw">' in page
    assert '<a href="#id_when">' in page
    assert "<li>The whole is wrong.</li>" in page
    assert 'role="alert"' in page
    assert rendered("{% error_summary form %}", form=sample_form(_english())()).strip() == ""


def test_other_languages_are_named_in_themselves() -> None:
    page = rendered("{% languages '/language/' '/back/' %}", csrf_token="t0k3n")
    assert '<button type="submit" class="linkish" name="language" value="ar" lang="ar" dir="rtl">' in page
    assert 'value="en"' not in page
    assert '<input type="hidden" name="next" value="/back/">' in page
    assert 'value="t0k3n"' in page


def _english() -> dict[str, object]:
    with override("en"):
        return samples()


def test_the_legend_names_only_marks_that_are_there() -> None:
    with override("en"):
        shown = gallery_facts()["wheel"]
        alone = replace(shown, areas=tuple(replace(area, adults=None) for area in shown.areas))
    page = rendered("{% wheel shown 'c' %}", shown=alone)
    assert "<bdi>Signe</bdi></li>" in page
    assert "w-adult-dot" not in page
    assert "w-adult-dot" in rendered("{% wheel shown 'c' %}", shown=shown)

"""Addresses of the portal, the family's own door. They hold random references and nothing else."""

from __future__ import annotations

from django.urls import URLPattern, path

from samsyn.portal import around, coming_in, extract, looks, plan, questions, shared, start

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("", start.start, name="start"),
    path("enter/", coming_in.enter, name="enter"),
    path("leave/", coming_in.leave, name="leave"),
    path("around/<uuid:ref>/", around.around, name="around"),
    path("shared/<uuid:ref>/", shared.shared, name="shared"),
    path("shared/<uuid:ref>/wrong/", shared.wrong, name="wrong"),
    path("questions/", questions.questions, name="questions"),
    path("questions/<uuid:ref>/", questions.question, name="question"),
    path("questions/<uuid:ref>/answer/", questions.answer_question, name="answer"),
    path("plans/<uuid:ref>/", plan.plan, name="plan"),
    path("looks/<uuid:ref>/", looks.looks, name="looks"),
    path("held/<uuid:ref>/", extract.extract, name="extract"),
    path("held/<uuid:ref>/order/", extract.order, name="order_extract"),
    path("held/<uuid:ref>/paper/", extract.fetch, {"what": "paper"}, name="extract_paper"),
    path("held/<uuid:ref>/file/", extract.fetch, {"what": "file"}, name="extract_file"),
]

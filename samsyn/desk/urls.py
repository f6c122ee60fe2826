"""Addresses of the desk, the door for staff. They hold random references and nothing else."""

from __future__ import annotations

from django.urls import URLPattern, path

from samsyn.desk import children, day, find, plan_writing, plans, requests, sign_work, signs

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", day.day, name="day"),
    path("capacity/", day.capacity, name="capacity"),
    path("capacity/choose/", day.choose_capacity, name="choose_capacity"),
    path("find/", find.find, name="find"),
    path("find/number/", find.find_by_number, name="find_by_number"),
    path("find/<uuid:ref>/begin/", find.begin, name="begin"),
    path("signs/<uuid:ref>/edit/", signs.edit, name="sign_edit"),
    path("signs/<uuid:ref>/review/", signs.review, name="sign_review"),
    path("signs/<uuid:ref>/discard/", signs.discard, name="sign_discard"),
    path("signs/<uuid:ref>/", sign_work.sign, name="sign"),
    path("signs/<uuid:ref>/take-on/", sign_work.take_on, name="sign_take_on"),
    path("signs/<uuid:ref>/merge/", sign_work.merge, name="sign_merge"),
    path("signs/<uuid:ref>/talk/", sign_work.talk, name="sign_talk"),
    path("signs/<uuid:ref>/questions/", sign_work.questions, name="sign_questions"),
    path("signs/<uuid:ref>/close/", sign_work.close, name="sign_close"),
    path("children/", children.children, name="children"),
    path("children/<uuid:ref>/", children.child, name="child"),
    path("children/<uuid:ref>/requests/new/", requests.new, name="request_new"),
    path("requests/<uuid:ref>/", requests.one, name="request"),
    path("requests/<uuid:ref>/<slug:verb>/", requests.act, name="request_act"),
    path("teams/<uuid:ref>/plan/new/", plans.start, name="plan_start"),
    path("plans/<uuid:ref>/", plans.plan, name="plan"),
    path("plans/<uuid:ref>/write/", plan_writing.write, name="plan_write"),
    path("plans/<uuid:ref>/write/<slug:verb>/<uuid:target>/", plan_writing.change, name="plan_change"),
    path("plans/<uuid:ref>/views/<uuid:whose>/", plans.views, name="plan_view"),
    path("plans/<uuid:ref>/wheel/", plans.wheel, name="plan_wheel"),
    path("plans/<uuid:ref>/step/<slug:verb>/", plans.offer, name="plan_step"),
    path("plans/<uuid:ref>/agree/", plans.agree, name="plan_agree"),
    path("plans/<uuid:ref>/review/", plans.review, name="plan_review"),
    path("plans/<uuid:ref>/close/", plans.close, name="plan_close"),
    path("plans/<uuid:ref>/paper/", plans.paper, name="plan_paper"),
    path("actions/<uuid:ref>/", plans.action, name="plan_action"),
    path("papers/<uuid:ref>/", plans.printed, name="paper"),
]

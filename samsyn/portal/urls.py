"""Addresses of the portal, the family's own door. They hold random references and nothing else."""

from __future__ import annotations

from django.urls import URLPattern, path

from samsyn.portal import coming_in, start

app_name = "portal"
urlpatterns: list[URLPattern] = [
    path("", start.start, name="start"),
    path("enter/", coming_in.enter, name="enter"),
    path("leave/", coming_in.leave, name="leave"),
]

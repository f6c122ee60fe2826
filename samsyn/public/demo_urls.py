"""Addresses of the demo; mounted outside production only."""

from __future__ import annotations

from django.urls import path

from samsyn.public import demo

app_name = "demo"
urlpatterns = [path("", demo.front, name="front"), path("<slug:slug>/", demo.door, name="door")]

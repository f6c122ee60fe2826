"""Addresses that anyone may open."""

from __future__ import annotations

from django.urls import path

from samsyn.look.gallery import gallery
from samsyn.public import pages, sign_in, sign_in_again, steps

app_name = "public"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/again/", sign_in_again.sign_in_again, name="sign_in_again"),
    path("sign-in/<slug:word>/back/", sign_in.provider_back, name="provider_back"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("signed-out/", sign_in.signed_out, name="signed_out"),
    path("harm/", pages.harm, name="harm"),
    path("rules/<slug:rule_id>/", pages.rule, name="rule"),
    path("steps/", steps.steps, name="steps"),
    path("gallery/", gallery, name="gallery"),
    path("language/", pages.language, name="language"),
]

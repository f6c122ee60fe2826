"""Addresses that anyone may open."""

from __future__ import annotations

from django.urls import path

from samsyn.look.gallery import gallery
from samsyn.public import ended_outside, pages, passkeys, password, sign_in, sign_in_again, sign_ins, steps

app_name = "public"
urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/again/", sign_in_again.sign_in_again, name="sign_in_again"),
    path("sign-in/<slug:word>/back/", sign_in.provider_back, name="provider_back"),
    path("sign-in/<slug:word>/ended/", ended_outside.ended, name="provider_ended"),
    path("passkeys/", passkeys.passkeys, name="passkeys"),
    path("passkeys/new/", passkeys.new_options, name="passkey_new"),
    path("passkeys/options/", passkeys.options, name="passkey_options"),
    path("passkeys/use/", passkeys.use, name="passkey_use"),
    path("passkeys/<uuid:ref>/remove/", passkeys.remove, name="passkey_remove"),
    path("password/", password.password, name="password"),
    path("password/changed/", password.changed, name="password_changed"),
    path("sign-ins/", sign_ins.sign_ins, name="sign_ins"),
    path("sign-ins/others/end/", sign_ins.end_others, name="end_other_sign_ins"),
    path("sign-ins/left/", sign_ins.left, name="session_left"),
    path("sign-ins/stay/", sign_ins.stay, name="stay"),
    path("sign-ins/<uuid:ref>/end/", sign_ins.end, name="end_sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("signed-out/", sign_in.signed_out, name="signed_out"),
    path("harm/", pages.harm, name="harm"),
    path("rules/<slug:rule_id>/", pages.rule, name="rule"),
    path("steps/", steps.steps, name="steps"),
    path("gallery/", gallery, name="gallery"),
    path("language/", pages.language, name="language"),
]

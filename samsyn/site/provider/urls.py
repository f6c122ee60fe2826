"""Addresses of the village's provider. ``account_login`` and ``account_reauthenticate`` are allauth's names."""

from __future__ import annotations

from allauth.idp.oidc import views as oidc
from django.urls import include, path

from samsyn.site.provider import views

of_oidc = [
    path(".well-known/openid-configuration", oidc.configuration, name="configuration"),
    path(".well-known/jwks.json", oidc.jwks, name="jwks"),
    path("authorize/", views.strict_authorization, name="authorization"),
    path("token/", oidc.token, name="token"),
    path("userinfo/", oidc.user_info, name="userinfo"),
    path("revoke/", oidc.revoke, name="revoke"),
    path("device/", oidc.device_code, name="device_code"),
    path("logout/", oidc.logout, name="logout"),
]
urlpatterns = [
    path("", views.front, name="front"),
    path("who/", views.choose, name="account_login"),
    path("who/again/", views.choose, name="account_reauthenticate"),
    path("forget/", views.forget, name="forget"),
    path("", include(([path("", include((of_oidc, "oidc")))], "idp"))),
]

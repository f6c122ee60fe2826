"""Every address of the house, door by door."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path

urlpatterns = [
    path("", include("samsyn.public.urls")),
    path("", include("samsyn.desk.urls")),
    path("my/", include("samsyn.portal.urls")),
]
if settings.SAMSYN_MODE != "production":
    urlpatterns.append(path("demo/", include("samsyn.public.demo_urls")))

handler400 = "samsyn.public.failures.not_taken"
handler404 = "samsyn.public.failures.not_found"
handler500 = "samsyn.public.failures.broken"

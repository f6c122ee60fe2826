"""The village's provider as a program that answers web requests."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "samsyn.site.provider.settings"
application = get_wsgi_application()

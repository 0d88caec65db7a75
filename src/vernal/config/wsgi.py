"""The web server's entry: gunicorn vernal.config.wsgi."""

import os

from django.core.wsgi import get_wsgi_application

from vernal.knowledge.check import check_all

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vernal.config.settings")
check_all()  # a broken knowledge file stops the start, with file, key and reason
application = get_wsgi_application()

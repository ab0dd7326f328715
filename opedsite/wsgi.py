"""The site as a WSGI application: Django inside our outermost layer."""

import os

from django.core.wsgi import get_wsgi_application

from opedsite.outermost import Outermost

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opedsite.settings")
# A request that waits longer than this for the database is better refused; commands have no such limit.
os.environ.setdefault("OPED_STATEMENT_TIMEOUT_MS", "5000")

application = Outermost(get_wsgi_application())

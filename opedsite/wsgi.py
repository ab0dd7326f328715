"""The site as a WSGI application: Django inside our outermost layer."""

import os

from django.core.wsgi import get_wsgi_application

from opedsite.postgresql import REQUEST_TIMEOUT_MS, limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opedsite.settings")

limit_statements(REQUEST_TIMEOUT_MS)
django_application = get_wsgi_application()

# The page cache reads models, which Django has only now.
from articles.masthead import learn_at_start  # noqa: E402
from opedsite.everybody import EverybodysApplication  # noqa: E402
from opedsite.outermost import Outermost  # noqa: E402

learn_at_start()
application = Outermost(django_application, EverybodysApplication())

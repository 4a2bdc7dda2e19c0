"""Serves users and groups over SCIM on loopback.

usage: python -m django_site PORT DATABASE, with the bearer token in the environment variable SCIM_TOKEN
"""
import os
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, make_server

import django
from django.conf import settings

PORT, DATABASE = int(sys.argv[1]), sys.argv[2]

settings.configure(
    BEARER_TOKEN=os.environ["SCIM_TOKEN"],
    SECRET_KEY="only for tests",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="django_site.urls",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django_scim", "django_site"],
    MIDDLEWARE=["django_site.access.bearer", "django_scim.middleware.SCIMAuthCheckMiddleware"],
    AUTH_USER_MODEL="django_site.User",
    MIGRATION_MODULES={"auth": None, "contenttypes": None, "django_site": None},
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATABASE, "OPTIONS": {"timeout": 30}}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    USE_TZ=True,
    SCIM_SERVICE_PROVIDER={
        "NETLOC": f"127.0.0.1:{PORT}",
        "SCHEME": "http",
        "GROUP_MODEL": "django_site.models.Group",
        "AUTHENTICATION_SCHEMES": [{"type": "oauthbearertoken", "name": "token", "description": "a bearer token"}],
    },
)
django.setup()


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main():
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", run_syncdb=True, verbosity=0)
    with make_server("127.0.0.1", PORT, get_wsgi_application(), server_class=Server) as server:
        print("Serving SCIM", flush=True)
        server.serve_forever()


main()

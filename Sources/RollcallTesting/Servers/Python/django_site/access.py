"""The bearer token of the test server."""
from django.conf import settings


class Client:
    """Whoever sends the request, for django-scim2."""

    def __init__(self, knows_token):
        self.is_authenticated = knows_token
        self.is_anonymous = not knows_token


def bearer(get_response):
    def middleware(request):
        request.user = Client(request.headers.get("Authorization") == f"Bearer {settings.BEARER_TOKEN}")
        return get_response(request)

    return middleware

"""A small Django project with django-scim2: a SCIM server that keeps to less of the RFCs than others."""

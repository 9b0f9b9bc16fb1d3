"""How people log in to Airflow: names and passwords in its own database.

For a single sign-on replace AUTH_TYPE; docs/production.md shows one for OpenID Connect.
"""

from flask_appbuilder.const import AUTH_DB

AUTH_TYPE = AUTH_DB
WTF_CSRF_ENABLED = True
# Nobody makes an account for themselves.
AUTH_USER_REGISTRATION = False
# Guessing a password stops at the fifth try of a minute.
AUTH_RATE_LIMITED = True
AUTH_RATE_LIMIT = "5 per minute"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"

"""graphite-web's settings for the test: its own, with every file below
GRAPHITE_STORAGE_DIR and without /etc/graphite/local_settings.py
(GRAPHITE_SETTINGS_MODULE names a module that changes nothing)."""

from graphite.settings import *  # noqa: F401,F403

SECRET_KEY = "of a test"
LOG_ROTATION = False
# Where Debian puts them; its settings look for them elsewhere.
STATICFILES_DIRS = ("/usr/share/graphite-web/static",)

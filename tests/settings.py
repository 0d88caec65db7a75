"""Settings for tests: nothing is kept, nothing leaves, nothing is slow on purpose."""

import os
import tempfile

os.environ.setdefault("VERNAL_VAR", tempfile.mkdtemp(prefix="vernal-tests-"))
os.environ.setdefault("VERNAL_HTTPS", "0")

from vernal.config.settings import *  # noqa: F403

# A good password hash is slow by design; tests make hundreds of accounts.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Hashed file names need `collectstatic`, which no unit test should wait for.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

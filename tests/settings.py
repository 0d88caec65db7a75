"""Settings for tests: nothing is kept, nothing leaves, nothing is slow on purpose."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "VERNAL_VAR" not in os.environ:  # the workers of pytest-xdist share the folder of the first
    os.environ["VERNAL_VAR"] = tempfile.mkdtemp(prefix="vernal-tests-")
    atexit.register(shutil.rmtree, os.environ["VERNAL_VAR"], ignore_errors=True)
os.environ.setdefault("VERNAL_HTTPS", "0")

from vernal.config.settings import *  # noqa: F403

# A good password hash is slow by design; tests make hundreds of accounts.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The tests of the second factor turn it on; all others would only log in longer.
SECOND_FACTOR_ENFORCED = False
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
(Path(os.environ["VERNAL_VAR"]) / "static").mkdir(exist_ok=True)  # whitenoise warns without it
# Hashed file names need `collectstatic`, which no unit test should wait for.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  # WhiteNoise wants the folder

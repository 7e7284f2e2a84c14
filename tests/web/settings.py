"""The product's own settings on a folder of its own, so that no test touches a real one."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="luytre-web-tests-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
for _name in [name for name in os.environ if name.startswith("LUYTRE_")]:
    del os.environ[_name]
_before = dict(os.environ)
os.environ["LUYTRE_DATA"] = _folder

from luytre.web.settings import *  # noqa: E402, F403

os.environ.clear()
os.environ.update(_before)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast: the tests log in often
WHITENOISE_AUTOREFRESH = True  # else each test client reads the whole folder of built files: half of what a refused request cost

"""The site's signing keys: taken from the environment, made once on a loopback site, strong in production."""

import json
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

LOCAL_PREFIX = "local-"
WEAK_PREFIXES = (LOCAL_PREFIX, "django-insecure-", "debug", "change-me", "changeme", "secret")
MINIMUM_LENGTH = 50
MINIMUM_DISTINCT = 12


def require_strong(name: str, value: str) -> str:
    """The key as given; raises ImproperlyConfigured for one that is short, repetitive or meant for a local site."""
    if not value:
        raise ImproperlyConfigured(f"{name} must be set for a public site; see .env.example.")
    weak = value.lower().startswith(WEAK_PREFIXES)
    if weak or len(value) < MINIMUM_LENGTH or len(set(value)) < MINIMUM_DISTINCT:
        raise ImproperlyConfigured(
            f"{name} is too weak for a public site: give at least {MINIMUM_LENGTH} random characters."
        )
    return value


def local_key(name: str, folder: Path) -> str:
    """A random key for a loopback site, kept in the data folder so that sessions survive a restart.

    Raises ImproperlyConfigured where the folder can't be written.
    """
    path = folder / "local-keys.json"
    keys: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    if name not in keys:
        keys[name] = LOCAL_PREFIX + secrets.token_urlsafe(48)
        try:
            _write(path, json.dumps(keys))
        except OSError as error:
            raise ImproperlyConfigured(f"The data folder {folder} can’t be written: {error.strerror}.") from error
    return keys[name]


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(path)

"""Signing keys: strong ones are taken, local ones are made once."""

import stat

import pytest
from django.core.exceptions import ImproperlyConfigured

from opedsite.keys import local_key, require_strong


def test_a_local_key_is_made_once_and_readable_by_its_owner_only(tmp_path):
    first, again, other = local_key("A", tmp_path), local_key("A", tmp_path), local_key("B", tmp_path)

    assert first == again != other
    assert stat.S_IMODE((tmp_path / "local-keys.json").stat().st_mode) == 0o600


def test_a_local_key_is_refused_in_production(tmp_path):
    with pytest.raises(ImproperlyConfigured, match="too weak"):
        require_strong("OPED_SECRET_KEY", local_key("A", tmp_path))

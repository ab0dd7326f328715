"""Names that look alike have one key."""

import pytest

from articles.names import look_alike_key


@pytest.mark.parametrize(
    "alike",
    [
        "Mira Okafor",
        "mira okafor",
        "Mira  Okafor",
        "MIRA OKAFOR",
        "Mira Oka\u200bfor",
        "Míra Okafór",
        "Μira Οkafor",  # Greek capitals
        "Мirа Окаfоr",  # Cyrillic letters
        "Ｍｉｒａ Ｏｋａｆｏｒ",
        "𝗠𝗶𝗿𝗮 𝗢𝗸𝗮𝗳𝗼𝗿",
        "Mlra Okafor",
        "M1ra 0kafor",
        "Mira.Okafor!",
    ],
)
def test_what_readers_take_for_one_name_has_one_key(alike):
    assert look_alike_key(alike) == look_alike_key("Mira Okafor")


@pytest.mark.parametrize("other", ["Mira Okafo", "Mara Okafor", "Okafor Mira", "میرا", ""])
def test_another_name_has_another_key(other):
    assert look_alike_key(other) != look_alike_key("Mira Okafor")

"""As our own pages write them; Django's "Nov. 27, 2026, 6:41 a.m." breaks in a narrow column."""

DATE_FORMAT = "j M Y"
DATETIME_FORMAT = "j M Y, H:i"

"""Where the files of pictures lie: originals, which nobody is served, and beside them what readers get.

A file is written under another name, brought to the disk and renamed, so a file that is there is whole.
"""

import os
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

from django.conf import settings

KEY = re.compile(r"[0-9a-f]{16}")
BEING_WRITTEN = ".part"


def new_key() -> str:
    """The name of a picture's files: nobody guesses it before the picture is on a page."""
    return secrets.token_hex(8)


def original(key: str) -> Path:
    """The picture as it is kept, in a format that Pillow recognises."""
    return Path(settings.MEDIA_ROOT) / "originals" / key


def served(key: str, name: str = "") -> Path:
    """A file that readers get, or the folder of all files of this picture."""
    return Path(settings.MEDIA_ROOT) / "served" / key / name


def write(path: Path, content: bytes) -> None:
    """Put a whole file there, or none. Raises OSError, as when the disk is full."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}{BEING_WRITTEN}")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        _sync_folder(path.parent)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def remove(key: str) -> None:
    """Delete all files of a picture; what can't be deleted now, the next tidying finds."""
    with suppress(OSError):
        original(key).unlink(missing_ok=True)
    rmtree(served(key), ignore_errors=True)


def retire(key: str) -> None:
    """Let the files of a picture count as new, so that pages which are kept somewhere can show it for a while."""
    for path in (original(key), served(key)):
        with suppress(OSError):
            os.utime(path)


def keys_older_than(seconds: float) -> set[str]:
    """The keys of all files that are older than this."""
    old = [path.name for folder in _folders() for path in folder.iterdir() if _is_older(path, seconds)]
    return {name for name in old if KEY.fullmatch(name)}


def remove_parts_older_than(seconds: float) -> None:
    """Delete what a power cut left half-written."""
    for folder in _folders():
        for path in folder.rglob(f"*{BEING_WRITTEN}"):
            if _is_older(path, seconds):
                path.unlink(missing_ok=True)


def _folders() -> list[Path]:
    return [folder for name in ("originals", "served") if (folder := settings.MEDIA_ROOT / name).is_dir()]


def _is_older(path: Path, seconds: float) -> bool:
    try:
        return path.stat().st_mtime < time.time() - seconds
    except FileNotFoundError:  # another worker was quicker
        return False


def _sync_folder(folder: Path) -> None:
    """Bring the new name to the disk too; without that a power cut may leave the row and no file."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

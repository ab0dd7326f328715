"""Static files by names that change with their contents, also where a module of ours imports its neighbour."""

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Django's own pattern also takes names of import maps for files ("oped/asides").
NEIGHBOUR = (r"""(?P<matched>from "(?P<url>\./[^"]+)")""", 'from "%(url)s"')


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """WhiteNoise's storage, which follows `from "./neighbour.js"` as well."""

    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("*.js", (NEIGHBOUR,)))

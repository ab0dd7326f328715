"""What a reader may ask for in the query of an address: the views of readers' pages read it here and nowhere else."""

from django.http import HttpRequest

NOTED = "oped.asked"


def asked(request: HttpRequest, name: str) -> str | None:
    """The parameter's value, None when the address has none.

    The name is noted in the environ: the answer depends on it, whatever its value, and a cache must know.
    """
    request.META.setdefault(NOTED, set()).add(name)
    value: str | None = request.GET.get(name)
    return value

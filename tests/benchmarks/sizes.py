"""How much a measured site holds."""

from dataclasses import dataclass

# Besides the many articles: one without a comment, one with a page of them, one with a hundred pages.
SPECIAL = {"quiet": 0, "usual": 200, "busy": 20_000}


@dataclass(frozen=True, slots=True)
class Size:
    """Numbers of articles and of comments; there are three articles at least."""

    articles: int
    comments: int

    @property
    def special(self) -> dict[str, int]:
        """Comments of the special articles; none of them takes more than a third of all."""
        return {name: min(count, self.comments // 3) for name, count in SPECIAL.items()}

    @property
    def name(self) -> str:
        return f"{self.articles}-{self.comments}"


SIZES = {
    "small": Size(500, 5_000),
    "default": Size(10_000, 200_000),
    "large": Size(10_000, 1_000_000),
}
GROWTH = (Size(100, 100), Size(100, 1_000), Size(1_000, 10_000), Size(10_000, 100_000), Size(100_000, 1_000_000))

"""Charts as SVG, readable on light and dark paper: attributes and one style that follows the reader's preference."""

import math
from collections.abc import Mapping, Sequence
from html import escape

WIDTH, BAR, LEFT = 720, 24, 230
STYLE = (
    "<style>text{font:13px system-ui,sans-serif;fill:#222}.bar{fill:#2b6cb0}.limit{fill:#8a8f98}.line{fill:none;"
    "stroke-width:2}.axis{stroke:#bbb}@media(prefers-color-scheme:dark){text{fill:#ddd}.bar{fill:#63a4e8}"
    ".limit{fill:#6b7280}.axis{stroke:#555}}</style>"
)
COLOURS = ("#2b8a3e", "#1c7ed6", "#e8590c", "#9c36b5", "#0b7285", "#c92a2a", "#b08900", "#5f3dc4", "#868e96", "#d6336c")


def bars(title: str, values: Mapping[str, float], limits: Sequence[str]) -> str:
    """One bar a value; those named in `limits` are grey."""
    most = max(values.values())
    height = 40 + BAR * len(values)
    parts = [f'<text x="0" y="16" font-weight="600">{escape(title)}</text>']
    for place, (name, value) in enumerate(values.items()):
        top, length = 32 + BAR * place, (WIDTH - LEFT - 90) * value / most
        kind = "limit" if name in limits else "bar"
        parts += [
            f'<text x="{LEFT - 8}" y="{top + 13}" text-anchor="end">{escape(name)}</text>',
            f'<rect class="{kind}" x="{LEFT}" y="{top}" width="{length:.1f}" height="{BAR - 8}" rx="2"/>',
            f'<text x="{LEFT + length + 6:.1f}" y="{top + 13}">{value:,.0f}</text>',
        ]
    return document(title, height, parts)


def lines(title: str, marks: Sequence[str], series: Mapping[str, Sequence[float | None]]) -> str:
    """A line for each series over the marks; the scale upwards is logarithmic, from 1 to 1,000 milliseconds."""
    top, bottom, right = 40, 300, WIDTH - 250

    def across(place: int) -> float:
        return 40 + (right - 60) * place / max(1, len(marks) - 1)

    def up(value: float) -> float:
        return bottom - (bottom - top) * math.log10(max(1.0, min(1000.0, value))) / 3

    parts = [f'<text x="0" y="16" font-weight="600">{escape(title)}</text>']
    for value in (1, 10, 100, 1000):
        parts.append(f'<line class="axis" x1="40" x2="{right}" y1="{up(value):.1f}" y2="{up(value):.1f}"/>')
        parts.append(f'<text x="34" y="{up(value) + 4:.1f}" text-anchor="end">{value}</text>')
    for place, mark in enumerate(marks):
        parts.append(f'<text x="{across(place):.1f}" y="{bottom + 20}" text-anchor="middle">{escape(mark)}</text>')
    for number, (name, values) in enumerate(series.items()):
        colour = COLOURS[number % len(COLOURS)]
        points = " ".join(f"{across(n):.1f},{up(value):.1f}" for n, value in enumerate(values) if value is not None)
        parts.append(f'<polyline class="line" stroke="{colour}" points="{points}"/>')
        parts.append(f'<rect x="{right + 16}" y="{top + 22 * number}" width="10" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{right + 32}" y="{top + 10 + 22 * number}">{escape(name)}</text>')
    return document(title, 330, parts)


def document(title: str, height: int, parts: Sequence[str]) -> str:
    label = escape(title, quote=True)
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{label}">'
    return "\n".join([opening, STYLE, *parts, "</svg>", ""])

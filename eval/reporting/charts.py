"""Charts of a run as SVG text for a page. The one file that imports matplotlib, which the extra ``report`` brings."""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from eval.metrics.calibration import Bin
from eval.reporting.summary import Category

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, PALE, ACCENT = "#1f2933", "#9aa5b1", "#0b6e99"
STYLE: Any = {
    # Text stays text: it is searched, scaled and read aloud, and the browser has the fonts.
    "svg.fonttype": "none",
    "svg.hashsalt": "wenju",
    "font.family": "sans-serif",
    "font.size": 10,
    "axes.edgecolor": PALE,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


def accuracy_chart(categories: dict[str, Category]) -> str:
    """A bar for each category with its interval."""
    names = list(reversed(categories))
    labels = [_roomy(name) for name in names]
    shares = [categories[n].accuracy.value or 0.0 for n in names]
    below = [s - (categories[n].accuracy.low or 0.0) for n, s in zip(names, shares, strict=True)]
    above = [(categories[n].accuracy.high or 0.0) - s for n, s in zip(names, shares, strict=True)]
    figure, axes = _figure(6.4, 0.8 + 0.27 * len(names))
    axes.barh(labels, shares, color=ACCENT, height=0.6)
    axes.errorbar(shares, labels, xerr=[below, above], fmt="none", ecolor=INK, elinewidth=1, capsize=2)
    axes.set_xlim(0, 1.02)
    axes.set_xlabel("share right, with 95 % interval")
    return _svg(figure, "Share of right answers by category")


def reliability_chart(bins: Sequence[Bin]) -> str:
    """Share of right answers over support; a point's area is its number of answers."""
    figure, axes = _figure(4.2, 3.6)
    axes.plot([0, 1], [0, 1], color=PALE, linestyle="--", linewidth=1)
    most = max((b.count for b in bins), default=1)
    axes.plot([b.support for b in bins], [b.right for b in bins], color=ACCENT, linewidth=1)
    axes.scatter(
        [b.support for b in bins], [b.right for b in bins], s=[20 + 180 * b.count / most for b in bins], color=ACCENT
    )
    for b in bins:
        axes.annotate(
            str(b.count), (b.support, b.right), textcoords="offset points", xytext=(0, -14), ha="center", fontsize=8
        )
    axes.set(xlim=(0, 1.05), ylim=(0, 1.05), xlabel="support", ylabel="share right")
    return _svg(figure, "Reliability: share of right answers over support")


def risk_chart(points: Sequence[tuple[float, float]]) -> str:
    """Share of wrong answers kept over the share of answers kept."""
    figure, axes = _figure(4.2, 3.6)
    axes.step(
        [0.0, *(c for c, _ in points)],
        [points[0][1] if points else 0.0, *(r for _, r in points)],
        where="pre",
        color=ACCENT,
    )
    axes.set(xlim=(0, 1.05), xlabel="coverage (answers kept, most supported first)", ylabel="risk (share wrong)")
    axes.set_ylim(0, max(0.05, 1.15 * max((r for _, r in points), default=0.0)))
    return _svg(figure, "Risk and coverage")


def latency_chart(milliseconds: Sequence[float]) -> str:
    """How long answers took; the scale is logarithmic, because a few take far longer."""
    import numpy as np

    figure, axes = _figure(4.2, 3.6)
    low, high = max(0.05, min(milliseconds)), max(milliseconds) * 1.01
    axes.hist(milliseconds, bins=np.geomspace(low, max(high, low * 1.5), 24).tolist(), color=ACCENT)
    axes.set_xscale("log")
    axes.set(xlabel="milliseconds from asked to answered", ylabel="questions")
    return _svg(figure, "Latency histogram")


def _roomy(name: str) -> str:
    """A label with room for Chinese characters: the library measures them with a font that lacks them and is narrower.

    Spaces before a label are measured too, and not shown.
    """
    return "  " * sum(ord(character) > 0x2E7F for character in name) + name


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        return figure, figure.subplots()


def _svg(figure: Figure, title: str) -> str:
    """The figure without XML head and fixed size, named for those who cannot see it."""
    from matplotlib import rc_context

    buffer = io.StringIO()
    with rc_context(STYLE), warnings.catch_warnings():
        # The browser draws the text, with its own fonts.
        warnings.filterwarnings("ignore", message=r"Glyph .* missing from font")
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None}, transparent=True)
    drawn = buffer.getvalue()
    drawn = drawn[drawn.index("<svg") :]
    # One id space for the whole page: charts must not take each other's clip paths and markers.
    prefix = re.sub(r"\W+", "-", title.lower())
    drawn = re.sub(r'(\bid="|url\(#|href="#)', lambda found: found[1] + prefix + "-", drawn)
    return re.sub(
        r"<svg [^>]*?(viewBox=\"[^\"]+\")[^>]*>",
        rf'<svg role="img" aria-label="{title}" \1 xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">',
        drawn,
        count=1,
    )

"""What the peers share: the plan's own texts, the starting values, and a radar in matplotlib."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.figure import Figure

from stslib.content import load_instrument

PLAN = load_instrument("preventieplan")
SCORES = tuple(range(11))
START = 5
"""Score of every scale when a page opens; the harness writes the same in the journal for our own page."""

_RINGS = (2, 4, 6, 8, 10)


def draw_radar(labels: Sequence[str], scores: Sequence[int], targets: Sequence[int | None]) -> Figure:
    """Self-scores of one phase from 0 to 10 as a filled polygon, targets as diamonds."""
    figure = Figure(figsize=(5.4, 4.2), dpi=100)
    axes = figure.add_axes((0.2, 0.12, 0.6, 0.76), projection="polar")
    angles = [2 * math.pi * index / len(labels) for index in range(len(labels))]
    axes.set_theta_offset(math.pi / 2)
    axes.set_theta_direction(-1)
    axes.set_ylim(0, 10)
    axes.set_yticks(_RINGS, [str(ring) for ring in _RINGS], fontsize=8)
    axes.set_xticks(angles, labels, fontsize=9)
    axes.plot([*angles, angles[0]], [*scores, scores[0]], color="#1f5f8b", lw=2, marker="o")
    axes.fill(angles, scores, color="#1f5f8b", alpha=0.15)
    wanted = [(angle, target) for angle, target in zip(angles, targets, strict=True) if target is not None]
    if wanted:
        axes.plot(*zip(*wanted, strict=True), ls="", marker="D", mfc="none", mec="#b3541e", ms=10)
    return figure

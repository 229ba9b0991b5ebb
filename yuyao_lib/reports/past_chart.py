"""A finding over its runs as a chart: every value with its interval, the last one named.

Drawn as plain SVG like the small lines of the index, because a plan has hundreds.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from yuyao_lib.display.numbers import amount, digits_of, measured
from yuyao_lib.findings import Estimate, Finding
from yuyao_lib.vocabulary import Language, Text, word

__all__ = ["past_chart"]

WIDE, TALL, LEFT, RIGHT, LOW, HIGH = 480, 200, 74, 450, 158, 36  # of the picture and its axes


def past_chart(points: Sequence[tuple[str, Finding]], language: Language) -> str:
    """Draw a finding over its runs; nothing where no run has a value.

    Parameters
    ----------
    points
        (when, finding), oldest first.
    language
        Of its words.
    """
    held = [(when, f.estimate) for when, f in points if f.estimate.estimate is not None]
    if not held:
        return ""
    up, marks = _scale([e for _, e in held])
    step = (RIGHT - LEFT - 40) / max(len(held) - 1, 1)
    across = [LEFT + 20 + i * step for i in range(len(held))]
    unit, last = word(held[-1][1].unit, language), held[-1][1]
    drawn = [_axis(marks, up, last.unit)]
    drawn += [_run(x, e, up) for x, (_, e) in zip(across, held, strict=True)]
    drawn.append(_named(across, [up(e.estimate or 0.0) for _, e in held], last, language))
    drawn += [_text(4, 14, unit, "start"), _text(across[0], TALL - 14, held[0][0][:10])]
    if len(held) > 1 and held[-1][0][:10] != held[0][0][:10]:
        drawn.append(_text(across[-1], TALL - 14, held[-1][0][:10]))
    says = _says([e for _, e in held], language)
    return (
        f'<svg class="past" role="img" aria-label="{escape(says, quote=True)}" width="{WIDE}"'
        f' height="{TALL}" viewBox="0 0 {WIDE} {TALL}">{"".join(drawn)}</svg>'
    )


def _says(held: list[Estimate], language: Language) -> str:
    """Say in words what the chart shows."""
    first, last, n = held[0], held[-1], len(held)
    if n == 1:
        en, zh = measured(last, "en"), measured(last, "zh")
        return Text(f"One run so far: {en}", f"目前只有一次运行：{zh}").of(language)
    return Text(
        f"{n} runs, from {measured(first, 'en')} to {measured(last, 'en')}",
        f"{n} 次运行，从 {measured(first, 'zh')} 到 {measured(last, 'zh')}",
    ).of(language)


def _scale(held: list[Estimate]) -> tuple[Callable[[float], float], list[float]]:
    """Return where a value stands, and the values named on the axis: ends, and zero if inside."""
    every = [v for e in held for v in (e.low, e.estimate, e.high) if v is not None]
    least, most = min(every), max(every)
    if most == least:
        least, most = least - (abs(least) or 1.0) / 10, most + (abs(most) or 1.0) / 10
    marks = [least, *([0.0] if least < 0 < most else []), most]

    def up(value: float) -> float:
        return LOW - (value - least) / (most - least) * (LOW - HIGH)

    return up, marks


def _axis(marks: list[float], up: Callable[[float], float], unit: str) -> str:
    """Draw lines at the values named on the axis; zero goes before an end that it would touch."""
    drawn = []
    for value in marks:
        y = up(value)
        line = "zero" if value == 0 else "grid"
        drawn.append(f'<path class="{line}" d="M{LEFT} {y:.1f}H{RIGHT}"/>')
        if value == 0 or 0.0 not in marks or abs(up(0.0) - y) > 14:
            drawn.append(_text(LEFT - 8, y + 4, amount(value, digits=digits_of(unit)), "end"))
    return "".join(drawn)


def _run(x: float, e: Estimate, up: Callable[[float], float]) -> str:
    """Draw one run: its interval and its value."""
    reach = ""
    if e.low is not None and e.high is not None:
        reach = f'<path class="reach" d="M{x:.1f} {up(e.low):.1f}V{up(e.high):.1f}"/>'
    return f'{reach}<circle cx="{x:.1f}" cy="{up(e.estimate or 0.0):.1f}" r="3.4"/>'


def _named(across: list[float], ups: list[float], last: Estimate, language: Language) -> str:
    """Join the values, and write the last one beside its mark."""
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, ups, strict=True))
    words = measured(last, language)
    x, y = across[-1], ups[-1]
    side, shift = ("end", -10) if len(across) > 1 else ("start", 10)
    return (
        f'<polyline points="{line}"/><circle class="last" cx="{x:.1f}" cy="{y:.1f}" r="4.6"/>'
        + _text(x + shift, y - 9, words, side, kind="name")
    )


def _text(x: float, y: float, words: str, anchor: str = "middle", *, kind: str = "note") -> str:
    """Write words at a place."""
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return f'<text class="{kind}" {place}>{escape(words)}</text>'

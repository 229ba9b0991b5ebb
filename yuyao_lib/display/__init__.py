"""What a notebook shows: sentences, tables, charts and cards, in English and Chinese.

Lives here: the look and the wording of results, one module a topic. Does not live here:
estimates, files, pages. `say`, `tabulate` and `draw` take a result and the data set it
came from, because nothing is shown without its origin.
"""

from yuyao_lib.display.cards import card, checks, notice, provenance
from yuyao_lib.display.completion import offer_in_ipython
from yuyao_lib.display.protection import draw, findings, say, tabulate
from yuyao_lib.display.sentences import prose
from yuyao_lib.display.shown import DISPLAY_MIME, Shown, language
from yuyao_lib.folded import fold_interruptions

__all__ = [
    "DISPLAY_MIME",
    "Shown",
    "card",
    "checks",
    "draw",
    "findings",
    "language",
    "notice",
    "prose",
    "provenance",
    "say",
    "tabulate",
]

offer_in_ipython()
fold_interruptions()

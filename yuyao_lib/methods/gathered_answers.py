"""Known answers gathered from results that say where the truth of a register holds theirs."""

from __future__ import annotations

from typing import Any

from yuyao_lib.methods.known_answers import Answer, KnownAnswers
from yuyao_lib.vocabulary import term

__all__ = ["known"]


def known(*results: Any) -> KnownAnswers:
    """Gather the estimates whose answer is set, each with its place in the truth.

    Parameters
    ----------
    *results
        Results with ``estimates`` and ``truths``, key of an estimate to a place such as
        ``"truths/hardship/jump_at_1"``; results without are passed over.

    Examples
    --------
    >>> known(None).answers
    ()
    """
    answers = []
    for result in results:
        places: dict[str, str] = getattr(result, "truths", {})
        for e in getattr(result, "estimates", ()):
            if e.key in places:
                answers.append(Answer(e.estimand or term(e.term).text, e, places[e.key]))
    return KnownAnswers(tuple(answers))

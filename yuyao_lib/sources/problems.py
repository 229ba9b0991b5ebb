"""What a check of a table found, as a list a person can act on."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from yuyao_lib.errors import DataError
from yuyao_lib.fields import Fielded
from yuyao_lib.vocabulary import Language, Text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Problem", "ValidationReport"]


@dataclass(frozen=True, slots=True)
class Problem(Fielded):
    """One kind of departure in one column.

    Attributes
    ----------
    table, column
        Where it stands; column is empty when the whole table is meant.
    what
        What is wrong, without a full stop.
    rows
        First rows concerned, counted from 1 below the header.
    n_rows
        How many rows are concerned.
    got
        Some of the values met; identity numbers are never among them.
    allowed
        What would have been right.
    guess
        The value or name probably meant; empty when none is near.
    """

    table: str
    column: str
    what: Text
    rows: tuple[int, ...] = ()
    n_rows: int = 0
    got: tuple[str, ...] = ()
    allowed: str = ""
    guess: str = ""

    @property
    def text(self) -> Text:
        """The whole problem as one sentence in each language.

        Examples
        --------
        >>> problem = Problem("unions", "star", Text("not on the list", "不在允许值之列"),
        ...     rows=(4,), n_rows=1, got=("2",), allowed="0, 3, 4, 5")
        >>> problem.text.en
        "unions.star: not on the list; row 4; got '2'; allowed: 0, 3, 4, 5."
        """
        return Text(self._sentence("en"), self._sentence("zh"))

    def _sentence(self, language: Language) -> str:
        """Join the parts that are known."""
        english = language == "en"
        parts = [self.what.of(language)]
        if self.rows:
            parts.append(_rows(self.rows, self.n_rows, english=english))
        if self.got:
            met = ", ".join(repr(value) for value in self.got)
            parts.append(f"got {met}" if english else f"实际为 {met}")
        if self.allowed:
            parts.append(f"allowed: {self.allowed}" if english else f"允许：{self.allowed}")
        place = f"{self.table}.{self.column}" if self.column else self.table
        text = (
            f"{place}: " + "; ".join(parts) + "."
            if english
            else (f"{place}：" + "；".join(parts) + "。")
        )
        if self.guess:
            text += f" Did you mean {self.guess!r}?" if english else f"是否指 {self.guess!r}？"
        return text


def _rows(rows: tuple[int, ...], n_rows: int, *, english: bool) -> str:
    """Name the rows, and how many more there are."""
    listed = ", ".join(str(row) for row in rows)
    more = n_rows - len(rows)
    if english:
        word = "row" if n_rows == 1 else "rows"
        return f"{word} {listed}" + (f" and {more:,} more" if more else "")
    return f"第 {listed} 行" + (f"，另有 {more:,} 行" if more else "")


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """Everything a check found in one table (or in the links between several).

    Attributes
    ----------
    table
        Name of the table checked.
    n_rows
        Rows looked at; none was changed or dropped.
    problems
        What was found; empty when all is as declared.
    """

    table: str
    n_rows: int
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.problems

    @property
    def text(self) -> Text:
        """All sentences, one a line."""
        if self.ok:
            return Text(
                f"{self.table}: {self.n_rows:,} rows, no problem found.",
                f"{self.table}：共 {self.n_rows:,} 行，未发现问题。",
            )
        return Text(
            "\n".join(problem.text.en for problem in self.problems),
            "\n".join(problem.text.zh for problem in self.problems),
        )

    def raise_if_bad(self) -> None:
        """Stop with every sentence when there is a problem.

        Raises
        ------
        DataError
            If the report holds any problem.
        """
        if not self.ok:
            raise DataError(self.text.en)

    def to_frame(self) -> pd.DataFrame:
        """Return one row a problem."""
        import pandas as pd

        columns = ["table", "column", "what", "rows", "n_rows", "got", "allowed", "guess"]
        found = [
            (
                p.table,
                p.column,
                p.what.en,
                ", ".join(map(str, p.rows)),
                p.n_rows,
                ", ".join(p.got),
                p.allowed,
                p.guess,
            )
            for p in self.problems
        ]
        return pd.DataFrame(found, columns=columns)

    def _repr_html_(self) -> str:
        """Show the sentences, English above Chinese."""
        lines = [f"<p lang='en'>{escape(self.text.en)}</p><p lang='zh'>{escape(self.text.zh)}</p>"]
        if not self.ok:
            lines = [
                f"<li><span lang='en'>{escape(p.text.en)}</span><br>"
                f"<span lang='zh'>{escape(p.text.zh)}</span></li>"
                for p in self.problems
            ]
            lines = ["<ol>", *lines, "</ol>"]
        return "".join(lines)

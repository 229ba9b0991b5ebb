"""Whether markup would run: ours never does, so what does was not made by our display.

The page's own policy already keeps scripts from running in a browser; a reader of mail or
another program may not know it, so such markup is shown as text.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

__all__ = ["runs"]

TAGS = {"script", "iframe", "frame", "object", "embed", "applet", "form", "base", "meta", "link"}
PLACES = {"href", "xlink:href", "src", "action", "formaction", "data", "poster", "background"}
SIGNS = (  # that a closer look is needed
    re.compile(rf"<(?:{'|'.join(sorted(TAGS))})\b", re.I),
    re.compile(r"(?:href|src|action|data|poster|background)\s*=(?!\s*[\"']?(?:#|data:[it]))", re.I),
    re.compile(r"data:text/h", re.I),
    re.compile(r"[\s/\"'][oO][nN][a-zA-Z]+\s*="),
    re.compile(r"srcdoc", re.I),
)
BLANKS = re.compile(r"[\x00-\x20]+")


def runs(html: str) -> bool:
    r"""Say whether markup holds a script, a handler, or something that loads a page.

    Examples
    --------
    >>> runs('<img alt="a &quot; onerror=1" src="data:image/png;base64,AA">')
    False
    >>> runs("<p onclick='x()'>a</p>"), runs('<a href=" java\nscript:x()">a</a>')
    (True, True)
    """
    if not any(sign.search(html) for sign in SIGNS):
        return False
    reader = _Reader(convert_charrefs=True)
    reader.feed(html)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    """Looks for what runs in tags and attributes; words and values of others are text."""

    found = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at one tag."""
        names = {name for name, _ in attrs}
        led = (BLANKS.sub("", v or "").casefold() for n, v in attrs if n in PLACES)
        self.found = (
            self.found
            or tag in TAGS
            or "srcdoc" in names
            or any(name.startswith("on") for name in names)
            or any(v.startswith(("javascript:", "vbscript:", "data:text/html")) for v in led)
        )

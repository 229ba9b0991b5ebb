"""How large a hidden cell of a table may be, for all a reader of its other cells can tell.

A cell that lies on a circle of hidden cells cannot be worked out, and yet its neighbours may
be so small that it is known to be of few. With rows and columns as places and hidden cells as
ways between them, the most it can grow is the largest flow through the others, each of which
can only shrink to nobody (Cox 1995, Journal of the American Statistical Association 90,
1453-1462).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

__all__ = ["most_in"]

Place = tuple[int, int]
Node = tuple[str, int]
WITHOUT_END = 1 << 40


def most_in(cells: Mapping[Place, int], place: Place, last: Place) -> int:
    """Return the largest count that a hidden cell can be given the cells that are shown.

    Parameters
    ----------
    cells
        Hidden cells and what they hold.
    place
        One of them.
    last
        Row and column of the totals.

    Examples
    --------
    >>> most_in({(0, 0): 4, (0, 1): 8, (1, 0): 3, (1, 1): 90}, (0, 0), (2, 2))
    7
    """
    room: dict[Node, dict[Node, int]] = {}
    for (i, j), count in cells.items():
        row, column = ("row", i), ("column", j)
        total = (i == last[0]) != (j == last[1])  # it stands on the other side of the sum
        more, less = (count, WITHOUT_END) if total else (WITHOUT_END, count)
        if (i, j) != place:
            room.setdefault(row, {})[column] = more
            room.setdefault(column, {})[row] = less
    i, j = place
    ends: tuple[Node, Node] = (("column", j), ("row", i))
    if (i == last[0]) != (j == last[1]):
        ends = ends[::-1]
    return cells[place] + _flow(room, *ends)


def _flow(room: dict[Node, dict[Node, int]], start: Node, goal: Node) -> int:
    """Return the largest flow (Edmonds and Karp 1972); what has no end has none here either."""
    sent = 0
    while sent < WITHOUT_END and (way := _way(room, start, goal)):
        least = min(room[a][b] for a, b in way)
        for a, b in way:
            room[a][b] -= least
            room[b][a] = room[b].get(a, 0) + least
        sent += least
    return sent


def _way(room: dict[Node, dict[Node, int]], start: Node, goal: Node) -> list[tuple[Node, Node]]:
    """Return the shortest way that has room; empty where there is none."""
    came: dict[Node, Node] = {start: start}
    queue = deque([start])
    while queue and goal not in came:
        here = queue.popleft()
        for there, left in room.get(here, {}).items():
            if left > 0 and there not in came:
                came[there] = here
                queue.append(there)
    if goal not in came:
        return []
    way = []
    while goal != start:
        way.append((came[goal], goal))
        goal = came[goal]
    return way

"""From notebooks to published pages: declarations, plan, runs, ledger, rendering.

Lives here: everything around a notebook's execution. Does not live here: estimates and
their display. papermill executes and nbconvert renders; both are imported only when a
report is stale.
"""

from __future__ import annotations

import sys

# On import jsonschema compiles a grammar of web addresses where rfc3987_syntax is installed:
# more than a second of every process that reads a notebook, for a check no notebook asks for.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

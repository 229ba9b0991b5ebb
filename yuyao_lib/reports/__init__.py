"""From notebooks to published pages: declarations, plan, runs, ledger, rendering.

Lives here: everything around a notebook's execution. Does not live here: estimates and
their display. papermill executes and nbconvert renders; both are imported only when a
report is stale.
"""

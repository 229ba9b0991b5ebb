"""Invented numbers for the gallery of charts and tables, and the words that go with them.

Lives here: what ``docs/gallery.ipynb`` shows, the same on every machine and every day, so
that a picture of it can be compared with an earlier one. Does not live here: the charts
and tables themselves. The numbers are of no worker, firm or place, and stand marked as
simulated; only the printed figures come from the record.
"""

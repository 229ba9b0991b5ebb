"""One small module a question: a frame goes in, a frozen result comes out.

Lives here: estimates from maintained packages and the arithmetic that joins them.
Does not live here: where a frame came from, plots, tables, pages. Heavy packages are
imported inside the functions that need them.
"""

"""What is loaded once for all reports of a run, before each has its process forked."""

from __future__ import annotations

from yuyao_lib.paths import PACKAGE

__all__ = ["heavy_imports"]

# Third-party modules worth having behind the fork; a report that needs others loads them.
WARM = (
    "numpy", "pandas", "pyarrow", "scipy.stats", "matplotlib.figure",
    "matplotlib.backends.backend_svg", "matplotlib.backends.backend_agg", "seaborn",
    "nbformat", "nbclient", "papermill", "nbconvert.exporters.templateexporter", "IPython",
    "IPython.core.completerlib", "IPython.core.magics",
    "mistune", "math_core", "uharfbuzz", "fontTools.ttLib", "fontTools.pens.t2CharStringPen",
)  # fmt: skip
# Slow to load, safe to fork from and imported inside functions: loaded once where the
# source of a reached module holds the word.
NAMED: dict[str, tuple[str, ...]] = {
    "statsmodels": ("statsmodels.api",),
    "lifelines": ("lifelines",),
    "csdid": ("csdid.att_gt",),
    "linearmodels.panel": ("linearmodels.panel",),
    "pyfixest": (
        "pyfixest.estimation.api.quantreg",
        "narwhals._pandas_like.dataframe",
        "pyarrow.pandas_compat",
    ),
}
# This package's own that every report needs, beside what its notebook reaches.
OWN = (
    "cradle", "engine", "execution", "disclosure", "finished", "page.assembly", "page.exporter",
    "page.fonts", "prepared", "released",
)  # fmt: skip


def heavy_imports(modules: set[str]) -> list[str]:
    """Return the modules worth loading once for reports that reach `modules` of this package.

    Those of this package come last, so that they find what they import already there.
    """
    files = [PACKAGE.joinpath(*name.split(".")[1:]).with_suffix(".py") for name in modules]
    text = "".join(path.read_text(encoding="utf-8") for path in files if path.is_file())
    wanted = [*WARM, *(name for word, names in NAMED.items() if word in text for name in names)]
    return [*wanted, *(f"yuyao_lib.reports.{name}" for name in OWN), *sorted(modules)]

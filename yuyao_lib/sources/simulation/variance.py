"""Variances of the wage's parts, added up quarter by quarter without keeping the parts."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

__all__ = ["Moments"]


@dataclass(slots=True)
class Moments:
    """Pooled within-quarter moments; each quarter's means are taken out.

    Examples
    --------
    >>> moments = Moments()
    >>> moments.add({"a": np.array([1.0, 3.0]), "b": np.array([0.0, 0.0])}, np.array([1.0, 3.0]))
    >>> moments.to_dict()["variance"]["a"], moments.to_dict()["share"]["a"]
    (1.0, 1.0)
    """

    names: tuple[str, ...] = ()
    n: int = 0
    products: np.ndarray = field(default_factory=lambda: np.zeros((0, 0)))

    def add(self, parts: dict[str, np.ndarray], total: np.ndarray) -> None:
        """Add one quarter; every array has shape (jobs,)."""
        if not self.names:
            self.names = (*parts, "total")
            self.products = np.zeros((len(self.names), len(self.names)))
        stacked = np.stack([*parts.values(), total])
        stacked = stacked - stacked.mean(axis=1, keepdims=True, dtype=np.float64).astype(
            stacked.dtype
        )
        self.products += (stacked @ stacked.T).astype(np.float64)
        self.n += stacked.shape[1]

    def to_dict(self) -> dict[str, dict[str, float]]:
        """Return variances, shares of the total, and twice the covariances."""
        whole = self.products / self.n
        last = len(self.names) - 1
        variance = {name: float(whole[i, i]) for i, name in enumerate(self.names)}
        pairs = {
            f"{self.names[i]}+{self.names[j]}": float(2 * whole[i, j])
            for i in range(last)
            for j in range(i + 1, last)
        }
        total = variance["total"] or 1.0
        share = {name: value / total for name, value in variance.items() if name != "total"}
        return {"variance": variance, "share": share, "twice_covariance": pairs}

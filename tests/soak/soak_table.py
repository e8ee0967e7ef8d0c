"""Rows of what was measured beside the bar it is held to, as a table. Pure."""

import math
from dataclasses import dataclass


@dataclass
class Row:
    """bar: (relation, limit), or None for a figure that is only shown."""
    measure: str
    value: float
    unit: str = ""
    bar: tuple = None
    over: str = ""

    @property
    def held(self):
        if self.bar is None:
            return True
        relation, limit = self.bar
        if math.isnan(self.value):
            return False
        return {"<=": self.value <= limit, ">=": self.value >= limit,
                "=": self.value == limit}[relation]


def growth(samples, warm_up=0.1):
    """By how much the last quarter's median is above the first quarter's, once
    the share of the samples that is warm_up is left out; NAN of too few."""
    warm = samples[int(len(samples) * warm_up):]
    quarter = len(warm) // 4
    if quarter < 3:
        return math.nan

    def middle(values):
        return sorted(values)[len(values) // 2]
    return middle(warm[-quarter:]) - middle(warm[:quarter])


def slope(xs, ys):
    """Of the straight line that fits best; NAN of too few."""
    n = len(xs)
    if n < 3:
        return math.nan
    mean_x, mean_y = sum(xs) / n, sum(ys) / n
    spread = sum((x - mean_x) ** 2 for x in xs)
    return sum((x - mean_x) * (y - mean_y)
               for x, y in zip(xs, ys)) / spread if spread else math.nan


def written(number, unit):
    if math.isnan(number):
        return "-"
    return f"{number:.6g} {unit}".rstrip()


def print_table(title, rows):
    """Returns whether every bar is held."""
    print(title)
    for row in rows:
        bar, verdict = "", ""
        if row.bar:
            bar = f"{row.bar[0]} {written(row.bar[1], row.unit)}"
            verdict = "pass" if row.held else "FAIL"
        print(f"  {row.measure:<52} {written(row.value, row.unit):>14} "
              f"{bar:>14}  {verdict:<4}  {row.over}".rstrip())
    return all(row.held for row in rows)

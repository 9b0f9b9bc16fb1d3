"""Counts taken of rows while they are read for something else."""

from pyspark.sql import Column, DataFrame, Observation


class Watched:
    """Counts taken while rows pass by: the members are read once, for the figures themselves."""

    def __init__(self) -> None:
        self.observations: list[Observation] = []

    def watch(self, rows: DataFrame, counts: list[Column]) -> DataFrame:
        self.observations.append(Observation())
        return rows.observe(self.observations[-1], *counts)

    def counts(self) -> dict[str, int]:
        """What was counted in the write that is done, what is 0 left out."""
        found = {name: n for one in self.observations for name, n in one.get.items() if n}
        return dict(sorted(found.items()))

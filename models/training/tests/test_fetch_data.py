"""`fetch-data` on repositories made here: what is exported, what never may be, what a second run changes."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from looktwice_train.breadth.annotations import coco_shapes, voc_shapes, yolo_shapes
from looktwice_train.breadth.export import Options
from looktwice_train.breadth.labels import list_items, one_per_original
from looktwice_train.breadth.repository import Repository, RepositoryError, obtain
from looktwice_train.breadth.spec import EXAM, NEVER, SOURCES, SpecError, choose, forbidden, load_sources
from looktwice_train.breadth.trivial import auroc
from looktwice_train.fetch_data import fetch_domains

OPTIONS = Options(count=8, max_side=96)


def scene(seed: int, side: int = 128) -> Image.Image:
    """A picture unlike that of any other seed: smooth random colour blobs."""
    rng = np.random.default_rng(seed)
    return Image.fromarray(rng.integers(0, 255, (9, 9, 3), np.uint8)).resize((side, side), Image.Resampling.BICUBIC)


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def commit(folder: Path, files: dict[str, bytes]) -> str:
    """A repository with one commit of the files; returns its hash."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    for args in (["init", "-q"], ["add", "-A"], [*identity, "commit", "-qm", "pictures"]):
        subprocess.run(["git", *args], cwd=folder, check=True, capture_output=True)
    return subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


def entry(name: str, repo: str, sha: str, **rule: object) -> dict[str, object]:
    notes = {
        "group": "rigid object",
        "tier": "A",
        "licence": "MIT",
        "restricted": False,
        "remarks": "made in a test",
        "image_labels": True,
    }
    return {"name": name, "repo": repo, "commit": sha, "mask_kind": "none", **notes, **rule}


def listed(tmp_path: Path, *entries: dict[str, object]) -> Path:
    path = tmp_path / "sources.json"
    path.write_text(json.dumps({"domains": entries}))
    return path


def rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "manifest.csv").open(newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture
def parts(tmp_path: Path) -> tuple[Path, str]:
    """A mirror with one repository: 6 good parts, 4 scratched ones with masks, a copy, a torn and a tiny picture."""
    folder = tmp_path / "mirror" / "lab+parts"
    files = {f"good/{i}.png": encoded(scene(i)) for i in range(6)}
    for i in range(4):
        bad = scene(100 + i)
        ImageDraw.Draw(bad).line((20, 20, 60, 60), fill="white", width=9)
        mask = Image.new("L", bad.size, 0)
        ImageDraw.Draw(mask).line((20, 20, 60, 60), fill=255, width=9)
        files |= {f"bad/{i}.png": encoded(bad), f"masks/{i}.png": encoded(mask)}
    files |= {
        "good/copy.jpg": encoded(scene(0), "JPEG"),
        "good/torn.png": encoded(scene(7))[:200],
        "good/tiny.png": encoded(scene(8, 40)),
        "notes.txt": b"text",
    }
    return tmp_path / "mirror", commit(folder, files)


PARTS = {
    "normal": ["good/*"],
    "anomalous": {"scratch": ["bad/*"]},
    "mask_kind": "outline",
    "mask": {"kind": "path", "sub": ["^bad/", ["masks/"]], "threshold": 127},
}


def test_a_domain_is_exported_with_masks_and_its_leavings_counted(tmp_path: Path, parts: tuple[Path, str]) -> None:
    mirror, sha = parts
    sources = load_sources(listed(tmp_path, entry("parts", "lab/parts", sha, **PARTS)))
    assert fetch_domains(sources, tmp_path / "out", OPTIONS, mirror) == {}
    out = tmp_path / "out" / "domains"
    found = rows(out)
    assert sum(row["label"] == "0" for row in found) == 6 and sum(row["label"] == "1" for row in found) == 4
    for row in found:
        with Image.open(out / row["image"]) as image:
            assert image.size == (int(row["width"]), int(row["height"])) == (96, 96)
        assert bool(row["mask"]) == (row["label"] == "1")
        assert row["split"] == "test" or row["label"] == "0"
    mask = np.asarray(Image.open(out / next(row["mask"] for row in found if row["mask"])))
    assert set(np.unique(mask)) == {0, 255} and mask[30, 30] == 255 and mask[80, 20] == 0
    notes = json.loads((out / "domains.json").read_text())["parts"]
    assert notes["counts"]["duplicate"] == notes["counts"]["unreadable"] == notes["counts"]["too_small"] == 1
    assert notes["licence"] == "MIT" and notes["group"] == "rigid object"


def test_a_second_run_changes_nothing_and_another_run_gives_the_same_files(
    tmp_path: Path, parts: tuple[Path, str]
) -> None:
    mirror, sha = parts
    sources = load_sources(listed(tmp_path, entry("parts", "lab/parts", sha, **PARTS)))
    contents = []
    for name in ("one", "one", "two"):
        fetch_domains(sources, tmp_path / name, OPTIONS, mirror)
        out = tmp_path / name / "domains"
        contents.append(
            {
                str(p.relative_to(out)): (p.read_bytes(), p.stat().st_mtime_ns if name == "one" else 0)
                for p in out.rglob("*.*")
                if p.is_file()
            }
        )
    assert {k: v[0] for k, v in contents[0].items()} == {k: v[0] for k, v in contents[2].items()}
    assert {k: v for k, v in contents[0].items() if k.endswith(".jpg")} == {
        k: v for k, v in contents[1].items() if k.endswith(".jpg")
    }


def test_a_changed_rule_makes_the_domain_again(tmp_path: Path, parts: tuple[Path, str]) -> None:
    mirror, sha = parts
    for exclude in ([], ["good/1.png", "good/2.png"]):
        sources = load_sources(listed(tmp_path, entry("parts", "lab/parts", sha, exclude=exclude, **PARTS)))
        fetch_domains(sources, tmp_path / "out", OPTIONS, mirror)
    assert sum(row["label"] == "0" for row in rows(tmp_path / "out" / "domains")) == 4


def test_a_run_for_one_domain_keeps_the_others_in_the_manifest(tmp_path: Path, parts: tuple[Path, str]) -> None:
    mirror, sha = parts
    path = listed(
        tmp_path,
        entry("parts", "lab/parts", sha, **PARTS),
        entry("more", "lab/parts", sha, normal=["good/*"], restricted=True),
    )
    command = [
        sys.executable,
        "-m",
        "looktwice_train",
        "fetch-data",
        "--sources",
        str(path),
        "--mirror",
        str(mirror),
        "--into",
        str(tmp_path / "out"),
        "--count",
        "3",
    ]
    categories = []
    for options in ([], ["--only", "parts"], ["--open-only"], ["--only", "more", "--open-only"]):
        done = subprocess.run(
            [*command, *options], cwd=Path(__file__).parents[1], capture_output=True, text=True, check=False
        )
        categories.append((done.returncode, {row["category"] for row in rows(tmp_path / "out" / "domains")}))
    assert categories[:3] == [(0, {"parts", "more"}), (0, {"parts", "more"}), (0, {"parts"})]
    assert categories[3][0] == 1 and "more" in done.stderr


def test_exam_domains_lie_apart_and_take_their_pictures_out_of_training(
    tmp_path: Path, parts: tuple[Path, str]
) -> None:
    mirror, sha = parts
    exam = EXAM[0]
    sources = load_sources(
        listed(
            tmp_path,
            entry("parts", "lab/parts", sha, **PARTS),
            entry(exam, "lab/parts", sha, normal=["good/[0-2].png"]),
        )
    )
    fetch_domains(sources, tmp_path / "out", OPTIONS, mirror)
    assert {row["category"] for row in rows(tmp_path / "out" / "exam")} == {exam}
    training = rows(tmp_path / "out" / "domains")
    assert {row["category"] for row in training} == {"parts"} and not (tmp_path / "out" / "domains" / exam).exists()
    assert sum(row["label"] == "0" for row in training) == 3


def test_the_exam_domains_of_the_list_are_known() -> None:
    sources = load_sources(SOURCES)
    assert {source.name for source in sources if source.exam} == set(EXAM)
    assert [source.exam for source in sources] == sorted((source.exam for source in sources), reverse=True)
    assert not any(source.restricted for source in choose(sources, open_only=True))


@pytest.mark.parametrize(
    "text",
    [
        "lab/ELPV-dataset",
        "x/pv_cells_electroluminescence",
        "x/head-ct-hemorrhage",
        "x/Brain-Tumor",
        "lab/MPDD",
        "x/MVTec-SCREW",
        "x/a/data/mvtec/bottle/test/broken",
        "lab/ad/leather/train/good/000.png",
        "data/transistor/test/good/1.png",
        "atlan-antillia/Image-Segmentation-MVTec-LEATHER",
    ],
)
def test_never_fetched_data_is_recognised(text: str) -> None:
    assert forbidden(text) in NEVER


def test_never_fetched_data_is_refused_by_name_and_by_path(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="never fetched"):
        load_sources(listed(tmp_path, entry("mpdd_plates", "lab/parts", "0" * 40, normal=["good/*"])))
    sha = commit(tmp_path / "mirror" / "lab+mixed", {"data/screw/train/good/0.png": encoded(scene(1))})
    sources = load_sources(listed(tmp_path, entry("mixed", "lab/mixed", sha, normal=["data/*"])))
    with pytest.raises(SpecError, match="screw"):
        fetch_domains(sources, tmp_path / "out", OPTIONS, tmp_path / "mirror")
    assert not (tmp_path / "out" / "domains" / "mixed").exists()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"group": "nonsense"}, "group must be"),
        ({"commit": "HEAD"}, "40 hex"),
        ({"mask_kind": "outline"}, "contradict"),
        ({"colour": "red"}, "unknown fields colour"),
        ({"name": "../out"}, "lower-case"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, change: dict[str, object], message: str) -> None:
    with pytest.raises(SpecError, match=message):
        load_sources(listed(tmp_path, {**entry("parts", "lab/parts", "0" * 40, normal=["good/*"]), **change}))


def test_a_commit_is_fetched_alone_and_a_missing_one_is_reported(tmp_path: Path) -> None:
    sha = commit(tmp_path / "web" / "lab" / "parts", {"good/1.png": encoded(scene(1))})
    gitdir = obtain("lab/parts", sha, tmp_path / "clones", f"file://{tmp_path}/web")
    with Repository(gitdir, sha) as repository:
        assert (
            list(repository.files) == ["good/1.png"]
            and repository.read("good/1.png")
            and repository.read("good/2.png") is None
        )
    with pytest.raises(RepositoryError, match="lab/none"):
        obtain("lab/none", sha, tmp_path / "clones", f"file://{tmp_path}/web")
    sources = load_sources(
        listed(
            tmp_path,
            entry("none", "lab/none", sha, normal=["good/*"]),
            entry("parts", "lab/parts", sha, normal=["good/*"]),
        )
    )
    failed = fetch_domains(sources, tmp_path / "out", OPTIONS, None, f"file://{tmp_path}/web")
    assert list(failed) == ["none"] and len(rows(tmp_path / "out" / "domains")) == 1
    assert not (tmp_path / "out" / "clones" / "lab+parts").exists()


def test_label_files_of_every_kind(tmp_path: Path) -> None:
    box = "0 0.5 0.5 0.25 0.5\nx 1 2\n1 0.1 0.1 0.2 0.1 0.2 0.2\n"
    shapes = yolo_shapes(box)
    assert (
        [c for c, _ in shapes] == ["0", "1"]
        and shapes[0][1][0] == (0.375, 0.25)
        and shapes[0][1][2] == (0.625, 0.75)
        and len(shapes[1][1]) == 3
    )
    voc = (
        "<a><size><width>100</width><height>50</height></size><object><name>dent</name>"
        "<bndbox><xmin>10</xmin><ymin>5</ymin><xmax>20</xmax><ymax>10</ymax></bndbox></object></a>"
    )
    assert voc_shapes(voc)[0] == ("dent", ((0.1, 0.1), (0.2, 0.1), (0.2, 0.2), (0.1, 0.2)))
    with pytest.raises(ValueError, match="size"):
        voc_shapes("<a/>")
    coco = {
        "images": [
            {"id": 1, "file_name": "a.png", "width": 10, "height": 20},
            {"id": 2, "file_name": "b.png", "width": 10, "height": 20},
        ],
        "categories": [{"id": 3, "name": "pore"}],
        "annotations": [
            {"image_id": 1, "category_id": 3, "bbox": [1, 2, 4, 4], "segmentation": [[0, 0, 10, 0, 10, 20]]}
        ],
    }
    assert coco_shapes(coco, outlines=True)["a.png"] == [("pore", ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)))]
    assert (
        coco_shapes(coco, outlines=False)["a.png"][0][1][0] == (0.1, 0.1)
        and coco_shapes(coco, outlines=True)["b.png"] == []
    )
    files = {f"t/{name}.png": encoded(scene(i)) for i, name in enumerate("abcd")}
    files |= {"l/a.txt": b"0 0.5 0.5 0.5 0.5\n1 0.2 0.2 0.1 0.1", "l/b.txt": b"1 0.5 0.5 0.5 0.5", "l/c.txt": b""}
    sha = commit(tmp_path / "mirror" / "lab+yolo", files)
    labels = {
        "kind": "yolo",
        "sub": ["^t/(.*)\\.png$", "l/\\1.txt"],
        "types": {"0": "hole"},
        "normal_classes": ["1"],
        "empty_is_normal": True,
    }
    rule = {"images": ["t/*"], "labels": labels, "mask": {"kind": "shapes"}, "mask_kind": "box"}
    source = load_sources(listed(tmp_path, entry("yolo", "lab/yolo", sha, **rule)))[0]
    with Repository(tmp_path / "mirror" / "lab+yolo" / ".git", sha) as repository:
        items, unlabelled = list_items(source, repository)
    assert [(i.path, i.kind, len(i.shapes)) for i in items] == [
        ("t/a.png", "hole", 1),
        ("t/b.png", None, 0),
        ("t/c.png", None, 0),
    ] and unlabelled == 1
    assert one_per_original(items, "/([ab]).png") == items


def test_auroc_counts_ties_half() -> None:
    assert auroc(np.array([1.0, 2.0, 3.0, 4.0]), np.array([0, 0, 1, 1])) == 1.0
    assert auroc(np.array([1.0, 1.0, 1.0, 1.0]), np.array([0, 0, 1, 1])) == 0.5
    assert auroc(np.array([3.0, 1.0, 2.0]), np.array([0, 1, 1])) == 0.0

"""bundle.py on a folder that the exporters have written, from small random weights; pytest, needs the packages of ../requirements.txt."""

import hashlib
import json
import shutil
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from language_fixture import END_OF_TEXT, IM_END, IM_START, VOCAB, small_decoder, write_language  # noqa: E402
from vision_fixture import SIZES, write_vision  # noqa: E402

import bundle  # noqa: E402
from qwen2_language import embeddings_of, export_embeddings, read_sizes  # noqa: E402

SERVED = read_sizes(small_decoder(tied=True).config.to_dict())


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    out = tmp_path_factory.mktemp("converted")
    model = write_language(out)
    write_vision(out, model.config.hidden_size)
    return out


@pytest.fixture
def folder(converted, tmp_path):
    return Path(shutil.copytree(converted, tmp_path / "bundle"))


def change(path: Path, edit) -> None:
    value = json.loads(path.read_text(encoding="utf-8"))
    edit(value)
    path.write_text(json.dumps(value), encoding="utf-8")


def test_every_file_of_the_bundle_is_listed_with_its_checksum(folder):
    manifest = bundle.write_bundle(folder, "small", "1.2.3")
    assert manifest == json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["files"]) == {
        "encoder.onnx", "encoder.onnx.data", "expert.onnx", "similarity.onnx", "language.onnx", "language.base.bin", "tokenizer.json",
    }
    for name, entry in manifest["files"].items():
        content = (folder / name).read_bytes()
        assert entry == {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "trained": False}
    assert (manifest["id"], manifest["version"]) == ("small", "1.2.3")
    assert manifest["language"]["tokens"] == {"imStart": IM_START, "imEnd": IM_END, "endOfText": END_OF_TEXT}
    assert manifest["vision"]["imageSize"] == SIZES.image
    assert "segmenter" not in manifest


def test_a_bundle_for_a_server_has_the_embedding_matrix_only(folder):
    export_embeddings(embeddings_of({"model.embed_tokens.weight": np.zeros((VOCAB, 32), np.float32)}), SERVED, folder, "qwen2-7b")
    (folder / "language.onnx").unlink()
    manifest = bundle.write_bundle(folder)
    assert manifest["language"]["remote"] == {"model": "qwen2-7b"}
    assert "language.onnx" not in manifest["files"]
    assert manifest["files"]["language.base.bin"]["bytes"] == 4 * VOCAB * 32


def test_a_playbook_and_a_tokenizer_configuration_become_part_of_it(folder):
    for name in ("playbook.json", "tokenizer_config.json"):
        (folder / name).write_text("{}", encoding="utf-8")
    assert {"playbook.json", "tokenizer_config.json"} <= set(bundle.write_bundle(folder)["files"])


def test_nearest_neighbours_are_those_of_numpy(folder):
    bundle.write_bundle(folder)
    rng = np.random.default_rng(3)
    query, bank = (rng.standard_normal((count, 16)).astype(np.float32) for count in (5, 9))
    query, bank = (rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (query, bank))
    distance, nearest = onnxruntime.InferenceSession(folder / "similarity.onnx").run(["distance", "nearest"], {"query": query, "bank": bank})
    np.testing.assert_allclose(distance, 1 - (query @ bank.T).max(1), atol=1e-6)
    np.testing.assert_array_equal(nearest, (query @ bank.T).argmax(1))


def test_the_command_copies_the_tokenizer(folder, tmp_path, monkeypatch, capsys):
    (tmp_path / "checkpoint").mkdir()
    (folder / "tokenizer.json").rename(tmp_path / "checkpoint" / "tokenizer.json")
    monkeypatch.setattr(sys, "argv", ["bundle.py", str(folder), "--tokenizer", str(tmp_path / "checkpoint"), "--id", "small"])
    bundle.main()
    assert (folder / "tokenizer.json").is_file()
    assert capsys.readouterr().out.startswith("small@0.1.0: 7 files")


@pytest.mark.parametrize(
    ("file", "edit", "message"),
    [
        ("vision.json", lambda value: value["vision"].pop("patch"), r"vision\.json: vision\.patch is missing"),
        ("vision.json", lambda value: value["expert"].update(imageTokens="16"), r'vision\.json: expert\.imageTokens must be a positive whole number, it is "16"'),
        ("vision.json", lambda value: value["vision"].update(mean=[0.5]), r"vision\.json: vision\.mean must be three numbers"),
        ("vision.json", lambda value: value["vision"].update(imageSize=384), r"encoder\.onnx: axis -1 of pixels is 31, but vision\.json's vision\.imageSize says 384"),
        ("language.json", lambda value: value.update(embedding=[]), r"language\.json: embedding must be an object"),
        ("language.json", lambda value: value.update(width=48), r"expert\.onnx: axis -1 of image_tokens is 32, but language\.json's width says 48"),
        ("language.json", lambda value: value["embedding"].update(file="other.bin"), r"language\.json: embedding\.file is 'other\.bin'"),
        ("language.json", lambda value: value["embedding"]["weights"].update(bytes=4), rf"language\.json: embedding\.weights is no float32 matrix of {VOCAB} x 32"),
        ("language.json", lambda value: value.update(vocab=100), rf"tokenizer\.json: token {IM_END} is outside of language\.json's vocab of 100"),
        ("tokenizer.json", lambda value: value["added_tokens"].pop(), r"tokenizer\.json: added_tokens lacks <\|im_end\|>"),
        ("tokenizer.json", lambda value: value["added_tokens"][0].update(id="x"), r"tokenizer\.json: every token of model\.vocab and added_tokens must have"),
        ("tokenizer.json", lambda value: value.update(model={"type": "Unigram"}), r"tokenizer\.json: model must be a BPE"),
    ],
)
def test_what_does_not_fit_is_told_in_one_line(folder, file, edit, message):
    change(folder / file, edit)
    with pytest.raises(SystemExit, match=f"^{message}[^\n]*$"):
        bundle.write_bundle(folder)


@pytest.mark.parametrize("file", ["vision.json", "language.json", "tokenizer.json", "encoder.onnx", "encoder.onnx.data", "language.onnx", "language.base.bin"])
def test_a_missing_file_is_named(folder, file):
    (folder / file).unlink()
    with pytest.raises(SystemExit, match=f"^{file} is missing in [^\n]*$"):
        bundle.write_bundle(folder)


@pytest.mark.parametrize("licences", [[], [1], [{"component": "expert.onnx", "source": "somewhere"}]])
def test_licences_must_be_whole(tmp_path, licences):
    path = tmp_path / "licences.json"
    path.write_text(json.dumps({"licences": licences}), encoding="utf-8")
    with pytest.raises(SystemExit, match=r"^licences\.json: licences must be a list of objects with component, source, licence\.$"):
        bundle.read_licences(path)


def test_damaged_files_are_named(folder):
    (folder / "language.base.bin").write_bytes(b"\0" * 100_000)
    with pytest.raises(SystemExit, match=r"^language\.base\.bin is cut off: [^\n]*$"):
        bundle.write_bundle(folder)
    (folder / "expert.onnx").write_bytes(b"no graph")
    with pytest.raises(SystemExit, match=r"^expert\.onnx is no ONNX file[^\n]*$"):
        bundle.write_bundle(folder)

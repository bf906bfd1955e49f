"""The exported Qwen2 graph beside transformers' own, on small random weights; pytest, needs the packages of ../requirements.txt."""

import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parent))
from language_fixture import small_decoder  # noqa: E402

from qwen2_language import decoder_tensors, export_language, read_sizes  # noqa: E402


def run(session: onnxruntime.InferenceSession, embeds: np.ndarray, cache: dict[str, np.ndarray], past: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """One run; Python cannot fetch into the buffers that it feeds, so the new rows are computed first and fed in a second run."""
    n, total = embeds.shape[1], past + embeds.shape[1]
    mask = np.where(np.arange(total)[None] > past + np.arange(n)[:, None], -1e9, 0).astype(np.float32)
    # Each run fills in one more layer's new rows; the last one has all of them.
    for _ in range(len(cache) // 2 + 1):
        fed = {name: value[:, :total] for name, value in cache.items()}
        names = [output.name for output in session.get_outputs()]
        results = dict(zip(names, session.run(names, {"embeds": embeds, "position": np.array([past]), "mask": mask, **fed}), strict=True))
        for name in cache:
            kind, layer = name.split("_cache.")
            cache[name][0, past:total] = results[f"new_{kind}.{layer}"].reshape(n, -1)
    return results["logits"][0], cache


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("chunks", [[9], [4, 5], [1] * 9])
def test_graph_agrees_with_transformers(tmp_path, tied, chunks):
    model = small_decoder(tied)
    sizes = read_sizes(model.config.to_dict())
    prefixed = {f"language_model.{name}": value.numpy() for name, value in model.state_dict().items() if not (tied and name == "lm_head.weight")}
    export_language(decoder_tensors(prefixed), sizes, tmp_path)
    session = onnxruntime.InferenceSession(tmp_path / "language.onnx")
    embeds = torch.randn(1, 9, sizes.width, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        wanted = model(inputs_embeds=embeds).logits[0].numpy()
    cache = {f"{kind}_cache.{i}": np.zeros((1, 9, sizes.kv_width), np.float32) for i in range(sizes.layers) for kind in ("key", "value")}
    past = 0
    for count in chunks:
        logits, cache = run(session, embeds[:, past : past + count].numpy(), cache, past)
        past += count
        np.testing.assert_allclose(logits, wanted[past - 1], atol=1e-3)


def test_other_checkpoints_are_refused(tmp_path):
    model = small_decoder(True)
    tensors = {name: value.numpy() for name, value in model.state_dict().items() if name != "lm_head.weight"}
    sizes = read_sizes(model.config.to_dict())
    with pytest.raises(SystemExit, match="model_type is 'llama'"):
        read_sizes({"model_type": "llama"})
    del tensors["model.layers.1.self_attn.k_proj.bias"]
    with pytest.raises(SystemExit, match="lacks layers.1.self_attn.k_proj.bias"):
        export_language(decoder_tensors(tensors), sizes, tmp_path)
    with pytest.raises(SystemExit, match="0 tensors"):
        decoder_tensors({})

"""Turns the vision half of a published Anomaly-OV checkpoint into the graphs that the runtime runs: the SigLIP encoder, and the LTFM expert with the projector.

Usage: anomaly_ov.py --expert pretrained_expert_7b.pth --vision VISION [--projector PROJECTOR] --out FOLDER

EXPERT is Anomaly-OV's own file; VISION a safetensors or PyTorch file that holds LLaVA-OneVision's vision tower (keys ending in
`vision_model.*`, any prefix), PROJECTOR the one with `mm_projector.0` and `.2` (by default the same file). FOLDER gets `encoder.onnx` and `expert.onnx` with
the inputs and outputs of docs/design/model.md, and `vision.json`: the `vision` and `expert` entries for a bundle's manifest.json. Image tokens are the base
view's patches, anomaly tokens the global one and each view's four, all through the projector, as LLaVA-OneVision's language model takes them.

The language model is converted by qwen2_language.py; bundle.py makes a bundle of both. Checkpoints are read with
`weights_only=True`: nothing in them is executed. Facts about the architecture: Xu et al., CVPR 2025, section 4, and the published code.
"""

import argparse
import json
from dataclasses import dataclass
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn
from torch.nn import functional as F

TEMPERATURE = 100.0
"""Cosines are multiplied by it before the softmax over {normal, anomalous}."""
POOLED = 2
"""Significance tokens per view and side."""


@dataclass(frozen=True)
class VisionSizes:
    """Sizes of the vision tower; the defaults are SigLIP-so400m/14 at 384 px as LLaVA-OneVision cuts it (26 of 27 layers)."""

    image: int = 384
    patch: int = 14
    width: int = 1152
    heads: int = 16
    inner: int = 4304
    layers: int = 26
    levels: tuple[int, ...] = (6, 12, 18, 24)

    @property
    def grid(self) -> int:
        return self.image // self.patch


class EncoderLayer(nn.Module):
    """A pre-norm transformer layer with the parameter names of SigLIP."""

    def __init__(self, sizes: VisionSizes) -> None:
        super().__init__()
        width = sizes.width
        self.heads = sizes.heads
        self.layer_norm1 = nn.LayerNorm(width, eps=1e-6)
        self.layer_norm2 = nn.LayerNorm(width, eps=1e-6)
        self.self_attn = nn.ModuleDict({name: nn.Linear(width, width) for name in ("q_proj", "k_proj", "v_proj", "out_proj")})
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(width, sizes.inner), "fc2": nn.Linear(sizes.inner, width)})

    def forward(self, x: Tensor) -> Tensor:
        normed = self.layer_norm1(x)
        views, patches, width = x.shape
        query, key, value = (
            self.self_attn[name](normed).reshape(views, patches, self.heads, width // self.heads).transpose(1, 2)
            for name in ("q_proj", "k_proj", "v_proj")
        )
        weights = (query @ key.transpose(-2, -1) / (width // self.heads) ** 0.5).softmax(-1)
        mixed = (weights @ value).transpose(1, 2).reshape(views, patches, width)
        x = x + self.self_attn["out_proj"](mixed)
        return x + self.mlp["fc2"](F.gelu(self.mlp["fc1"](self.layer_norm2(x)), approximate="tanh"))


class Encoder(nn.Module):
    """pixels [V,3,S,S] -> levels [V,L+1,P,D]: the hidden states after the named layers, then after the last one (no final norm)."""

    def __init__(self, sizes: VisionSizes) -> None:
        super().__init__()
        self.sizes = sizes
        self.embeddings = nn.ModuleDict(
            {
                "patch_embedding": nn.Conv2d(3, sizes.width, sizes.patch, stride=sizes.patch),
                "position_embedding": nn.Embedding(sizes.grid**2, sizes.width),
            }
        )
        self.encoder = nn.ModuleDict({"layers": nn.ModuleList(EncoderLayer(sizes) for _ in range(sizes.layers))})

    def forward(self, pixels: Tensor) -> Tensor:
        x = self.embeddings["patch_embedding"](pixels).flatten(2).transpose(1, 2)
        x = x + self.embeddings["position_embedding"].weight
        kept = []
        for depth, layer in enumerate(self.encoder["layers"], start=1):
            x = layer(x)
            if depth in self.sizes.levels:
                kept.append(x)
        return torch.stack([*kept, x], dim=1)


class QFormer(nn.Module):
    """One cross-attention whose values are the keys' own features, unprojected."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.query_proj = nn.Linear(width, inner)
        self.key_proj = nn.Linear(width, inner)

    def forward(self, queries: Tensor, features: Tensor) -> Tensor:
        query, key = self.query_proj(queries), self.key_proj(features)
        return (query @ key.transpose(-2, -1) / key.shape[-1] ** 0.5).softmax(-1) @ features


class Expert(nn.Module):
    """The LTFM expert for one image of V views, view 0 the base view, with the parameter names of the published file.

    levels [V,L+1,P,D] -> maps [V,P], significance [V], score [1], anomaly_tokens [1+4V,D] (the global one, then each view's four).
    """

    def __init__(self, sizes: VisionSizes, embedding: int = 512, head: int = 512) -> None:
        super().__init__()
        levels, width = len(sizes.levels), sizes.width
        self.grid = sizes.grid
        self.positive_embedding = nn.Parameter(torch.randn(1, embedding))
        self.negative_embedding = nn.Parameter(torch.randn(1, embedding))
        self.pooling_layer = nn.Sequential(nn.Linear(sizes.grid**2, 1))
        self.class_predictor = nn.Sequential(nn.Linear(width, embedding), nn.GELU(), nn.Linear(embedding, embedding))
        self.siglip_adaptors = nn.ModuleList(nn.Linear(width, embedding) for _ in range(levels))
        self.prompt_adaptors = nn.ModuleList(nn.Linear(2 * embedding, embedding) for _ in range(levels))
        self.final_predictor = nn.Sequential(nn.Linear(width, head), nn.GELU(), nn.Linear(head, 1))
        self.q_former = QFormer(width, embedding)

    def first_look(self, levels: Tensor) -> tuple[Tensor, Tensor]:
        """The anomaly maps [V,P] and their means [V]. In the published weights the SECOND embedding stands for anomalous."""
        base = self.pooling_layer(levels[0, -1].T).squeeze(-1)
        described = self.class_predictor(base)
        maps = torch.zeros_like(levels[:, 0, :, 0])
        for level, (adapt, prompt) in enumerate(zip(self.siglip_adaptors, self.prompt_adaptors, strict=True)):
            patches = adapt(levels[:, level])
            patches = patches / patches.norm(dim=-1, keepdim=True)
            ends = torch.stack([torch.cat([end[0], described]) for end in (self.positive_embedding, self.negative_embedding)])
            ends = prompt(ends)
            ends = ends / ends.norm(dim=-1, keepdim=True)
            maps = maps + (TEMPERATURE * patches @ ends.T).softmax(-1)[..., 1]
        maps = maps / len(self.siglip_adaptors)
        return maps, maps.mean(-1)

    def pool(self, x: Tensor) -> Tensor:
        """[V,C,P] -> [V,4,C]: means over the four quarters of the grid as adaptive pooling cuts it (they overlap on an odd grid)."""
        grid = x.unflatten(-1, (self.grid, self.grid))
        low, high = slice(0, -(-self.grid // 2)), slice(self.grid // 2, self.grid)
        quarters = [grid[:, :, rows, columns].mean((-2, -1)) for rows in (low, high) for columns in (low, high)]
        return torch.stack(quarters, dim=1)

    def forward(self, levels: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        maps, significance = self.first_look(levels)
        features = levels[:, -1]
        in_view = self.pool(maps[:, None])
        tokens = self.pool(features.transpose(1, 2) * maps[:, None]) / in_view
        looked = self.q_former(tokens, features)
        weights = in_view * significance[:, None, None]
        whole = (looked * weights).mean((0, 1)) / weights.mean((0, 1))
        score = self.final_predictor(whole).sigmoid()
        return maps, significance, score, torch.cat([whole[None], looked.flatten(0, 1)])


class BundleEncoder(nn.Module):
    """The encoder as the runtime calls it: pixels [V,3,S,S] -> levels [V,L+1,P,D], cls [V,D]. SigLIP has no class token: the mean patch stands in."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        levels = self.encoder(pixels)
        return levels, levels[:, -1].mean(1)


class BundleExpert(nn.Module):
    """The expert as the runtime calls it: levels [V,L+1,P,D], cls [V,D] (not used), valid [V,P] -> the outputs of docs/design/model.md."""

    def __init__(self, expert: Expert, width: int, language_width: int) -> None:
        super().__init__()
        self.expert = expert
        self.projector = nn.Sequential(nn.Linear(width, language_width), nn.GELU(), nn.Linear(language_width, language_width))

    def forward(self, levels: Tensor, cls: Tensor, valid: Tensor) -> tuple[Tensor, ...]:
        maps, significance, score, tokens = self.expert(levels)
        features = levels[:, -1]
        # Part of the runtime's call; an input that nothing reads would be dropped from the graph.
        features = features + 0 * cls[:, None]
        image_tokens = self.projector(levels[0, -1])
        return maps * valid, significance, score, image_tokens, self.projector(tokens), features, tokens[:1]


def load_checkpoint(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors or PyTorch file, in float32."""
    if path.suffix == ".safetensors":
        from safetensors.torch import load_file

        tensors = load_file(path)
    else:
        tensors = torch.load(path, map_location="cpu", weights_only=True)
    return {name: tensor.float() for name, tensor in tensors.items()}


def load_exactly(module: nn.Module, tensors: dict[str, Tensor], source: str) -> None:
    """Loads the module's parameters by name; names and shapes that are missing or differ are an error, further tensors are not."""
    wanted = module.state_dict()
    missing = [name for name in wanted if name not in tensors]
    if missing:
        raise SystemExit(f"{source} lacks {len(missing)} tensors, the first is {missing[0]}: is it the right checkpoint?")
    wrong = [name for name in wanted if tensors[name].shape != wanted[name].shape]
    if wrong:
        found, expected = tuple(tensors[wrong[0]].shape), tuple(wanted[wrong[0]].shape)
        raise SystemExit(f"{source}: {wrong[0]} has shape {found}, expected {expected}.")
    module.load_state_dict({name: tensors[name] for name in wanted})


def vision_tensors(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The vision tower's tensors without whatever stands before `vision_model.`."""
    marker = "vision_model."
    return {name.split(marker, 1)[1]: tensor for name, tensor in tensors.items() if marker in name}


def projector_tensors(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The projector's two layers without whatever stands before `mm_projector.`."""
    marker = "mm_projector."
    return {name.split(marker, 1)[1]: tensor for name, tensor in tensors.items() if marker in name}


def strip_notes(path: Path) -> None:
    """Takes out what the exporter notes about the code that it traced: paths of the machine, and most of the size of a small graph."""
    model = onnx.load(path, load_external_data=False)
    for part in (model, model.graph, *model.graph.node, *model.graph.input, *model.graph.output, *model.graph.value_info, *model.graph.initializer):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    path.write_bytes(model.SerializeToString(deterministic=True))


def export(encoder: Encoder, expert: BundleExpert, out: Path) -> None:
    """Writes both graphs, for any number of views, and the manifest's entries."""
    out.mkdir(parents=True, exist_ok=True)
    sizes = encoder.sizes
    patches = sizes.grid**2
    pixels = torch.zeros(2, 3, sizes.image, sizes.image)
    looked = (torch.zeros(2, len(sizes.levels) + 1, patches, sizes.width), torch.zeros(2, sizes.width), torch.zeros(2, patches))
    views = torch.export.Dim("views", min=1, max=64)
    outputs = ["maps", "significance", "score", "image_tokens", "anomaly_tokens", "features", "global"]
    graphs = [
        (BundleEncoder(encoder), (pixels,), "encoder.onnx", ["pixels"], ["levels", "cls"]),
        (expert, looked, "expert.onnx", ["levels", "cls", "valid"], outputs),
    ]
    for module, example, name, given, returned in graphs:
        torch.onnx.export(
            module.eval(),
            example,
            out / name,
            input_names=given,
            output_names=returned,
            dynamic_shapes=tuple({0: views} for _ in example),
            opset_version=18,
            dynamo=True,
            external_data=name == "encoder.onnx",
            verbose=False,
        )
        strip_notes(out / name)
    entries = {
        "vision": {
            "imageSize": sizes.image, "patch": sizes.patch, "grid": sizes.grid, "width": sizes.width, "levels": len(sizes.levels) + 1,
            "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5],
        },
        "expert": {"imageTokens": patches, "globalWidth": sizes.width, "featureWidth": sizes.width},
    }
    (out / "vision.json").write_text(json.dumps(entries, indent=2) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--expert", type=Path, required=True)
    parser.add_argument("--vision", type=Path, required=True)
    parser.add_argument("--projector", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    source = arguments.projector or arguments.vision
    projector = projector_tensors(load_checkpoint(source))
    if "0.weight" not in projector:
        raise SystemExit(f"{source} has no mm_projector.0.weight: name the file that has it with --projector.")
    sizes = VisionSizes()
    encoder, expert = Encoder(sizes), BundleExpert(Expert(sizes), sizes.width, len(projector["0.weight"]))
    load_exactly(expert.expert, load_checkpoint(arguments.expert), str(arguments.expert))
    load_exactly(expert.projector, projector, str(source))
    load_exactly(encoder, vision_tensors(load_checkpoint(arguments.vision)), str(arguments.vision))
    export(encoder, expert, arguments.out)


if __name__ == "__main__":
    main()

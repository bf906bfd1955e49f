"""One training example of `language`: a conversation about an image through expert, projector, language model and mask decoder."""
from __future__ import annotations

import random
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from ..data.conversations import ANOMALY, IMAGE, Encoder, Sequence, build, pad
from ..data.features_store import FeatureStore, Group
from ..data.sampler import collate
from ..instruct import Example
from ..language_base.model import SmolLM2, load_base
from ..modules.ltc import LtcProjector
from ..modules.ltfm import AnomalyExpert
from ..modules.precision import PRODUCTS, autocast
from ..paths import CACHE
from .mask import MaskModel, group_weights, load_expert, mask_losses, to_pixels

# At run time the calibrated score decides and the prompt names the verdict (docs/decisions/consistent-verdict.md).
BUCKETS = {1: "highly", 0: "slightly"}
UNSURE = "moderately"

VERDICT_TOKENS, VERDICT_WEIGHT = 4, 4.0


class ImagePool:
    """Groups by image path and by label, for conversations about a given image and for virtual ones."""

    def __init__(self, store: FeatureStore, most: int | None = None) -> None:
        """`most`: take about so many groups, from all shards alike; the expert looks at each once, which costs seconds without a GPU."""
        self.store = store
        self.by_name: dict[tuple[str, str], Group] = {}
        self.by_label: dict[int, list[Group]] = {0: [], 1: []}
        for group in store.groups[:: max(1, round(len(store.groups) / (most or len(store.groups))))]:
            if group.shard in ("real", "tiles"):
                self.by_name[(group.meta["dataset"], group.meta["image"])] = group  # tiles come later and win
            if group.shard in ("real", "synth"):
                self.by_label[group.label].append(group)

    def knows(self, example: Example) -> bool:
        """Whether the image has been encoded (`features --limit` leaves some out)."""
        return (example.dataset, str(example.image).rsplit("/", 1)[-1]) in self.by_name

    def find(self, conversation: dict, rng: random.Random) -> Group | None:
        """The group of the conversation's image, a random one of its label (of any, if it cannot be judged) for virtual ones, None without image."""
        if conversation.get("virtual"):
            return rng.choice(self.by_label[rng.randrange(2) if conversation.get("unsure") else conversation["label"]])
        if not conversation.get("image"):
            return None
        path = conversation["image"]
        return self.by_name.get((conversation["dataset"], path.rsplit("/", 1)[-1]))


class TurnModel:
    """Expert (frozen) + projector + language model + mask decoder."""

    def __init__(self, expert: AnomalyExpert, projector: LtcProjector, mask: MaskModel, language: SmolLM2, encoder: Encoder) -> None:
        self.expert, self.projector, self.mask, self.language, self.encoder = expert, projector, mask, language, encoder
        self.lora_only = False
        self.known: dict[int, tuple[Tensor, Tensor]] = {}

    def load(self, state: dict) -> None:
        """What `train` has saved."""
        self.projector.load_state_dict(state["projector"])
        self.mask.load_state_dict(state["mask"])
        self.language.load_lora(state["lora"])

    def freeze_all_but_lora(self) -> None:
        self.lora_only = True
        for module in (self.projector, self.mask):
            module.requires_grad_(False)

    def tokens_of(self, group: Group, store: FeatureStore) -> tuple[Tensor, Tensor]:
        """Image and anomaly tokens of a group; with `lora_only` they never change and are kept, 60 kB an image."""
        if (found := self.known.get(id(group))) is None:
            with torch.no_grad():
                image, anomaly, _ = self.image_tokens(collate(store, [group], pixels=False))
            found = (image.half(), anomaly.half())
            if self.lora_only:
                self.known[id(group)] = found
        return found[0].float(), found[1].float()

    def image_tokens(self, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """One image's batch -> image tokens [49,W], anomaly tokens [1+4V,W], maps [1,V,P]."""
        with torch.no_grad(), autocast():
            out = self.expert(batch["levels"], batch["cues"], batch["valid"])
        anomaly = torch.cat([out["global"].float()[:, None], out["tokens"].float().flatten(1, 2)], dim=1)
        maps = out["maps"].float()
        with autocast():
            image, tokens = self.projector(batch["levels"][:, 0], maps[:, 0], anomaly)
        return image[0].float(), tokens[0].float(), maps

    def embed(self, ids: Tensor, images: list[tuple[Tensor, Tensor] | None]) -> Tensor:
        """ids [B,n] with placeholders -> embeddings [B,n,W]."""
        embeds = self.language.embed(ids.clamp(min=0))
        rows = []
        for row, pair in enumerate(images):
            line = embeds[row]
            if pair is not None:
                for code, tokens in ((IMAGE, pair[0]), (ANOMALY, pair[1])):
                    where = (ids[row] == code).nonzero()[:, 0]
                    line = line.index_copy(0, where, tokens[: len(where)])
            rows.append(line)
        return torch.stack(rows)

    def parameters(self):
        for module in (self.projector, self.mask, self.language):
            yield from (p for p in module.parameters() if p.requires_grad)


def open_model(expert: str, checkpoint: Path | None = None, compress: bool = True) -> TurnModel:
    """The frozen expert with projector, masks and language model, as of `checkpoint` where there is one."""
    language = SmolLM2(load_base(CACHE / "base" / "smollm2.npz"), dtype=PRODUCTS)
    model = TurnModel(load_expert(CACHE / "checkpoints" / f"{expert}.pt"), LtcProjector(compress=compress), MaskModel(), language, Encoder())
    if checkpoint is not None:
        model.load(torch.load(checkpoint, weights_only=False))
    return model


def token_weights(sequence: Sequence, seg: int) -> list[float]:
    """Loss weight per position: the first tokens of the first answer (its verdict) and `<seg>` decide everything after them."""
    first = sequence.loss.index(True) if True in sequence.loss else 0
    return [
        0.0 if not counted else VERDICT_WEIGHT if first <= i < first + VERDICT_TOKENS or token == seg else 1.0
        for i, (token, counted) in enumerate(zip(sequence.ids, sequence.loss))
    ]


def text_loss(model: TurnModel, hidden: Tensor, ids: Tensor, weight: Tensor) -> tuple[Tensor, float]:
    """Weighted mean next-token cross-entropy where `weight` [B,n] is positive, and the greedy accuracy there."""
    wanted = weight[:, 1:] > 0
    target, share = ids[:, 1:][wanted], weight[:, 1:][wanted]
    logits = model.language.logits(hidden[:, :-1][wanted])
    accuracy = float((logits.argmax(-1) == target).float().mean())
    return (F.cross_entropy(logits, target, reduction="none") * share).sum() / share.sum(), accuracy


def training_step(model: TurnModel, pool: ImagePool, conversations: list[dict], rng: random.Random, with_images: bool) -> tuple[Tensor, dict[str, float]]:
    groups = [pool.find(c, rng) for c in conversations]
    batches = [collate(pool.store, [g], pixels=True) if g is not None and with_images else None for g in groups]
    images, maps, sequences = [], [], []
    for conversation, group, batch in zip(conversations, groups, batches):
        if group is None:
            images.append(None)
            maps.append(None)
            sequences.append(build(model.encoder, conversation, 0))
            continue
        if batch is None:
            images.append(model.tokens_of(group, pool.store))
            maps.append(None)
        else:
            with torch.set_grad_enabled(not model.lora_only):
                image, anomaly, found = model.image_tokens(batch)
            images.append((image, anomaly))
            maps.append(found)
        sequences.append(build(model.encoder, conversation, len(group.rows)))
    ids = pad([s.ids for s in sequences])
    weight = pad([token_weights(s, model.encoder.special.seg) for s in sequences])
    embeds = model.embed(ids, images)
    hidden, _ = model.language(embeds, frozen_below=0 if with_images and not model.lora_only else model.language.first_lora_layer)
    text, accuracy = text_loss(model, hidden, ids, weight)
    total, report = text, {"text": float(text.detach()), "accuracy": accuracy}
    rows = [i for i, (s, g, c) in enumerate(zip(sequences, groups, conversations))
            if with_images and s.segs and g is not None and g.masked and g.label and not c.get("virtual")]
    if rows:
        losses = []
        for row in rows:
            prompt = hidden[row, sequences[row].segs[-1]][None]
            batch = batches[row]
            with autocast():
                logits, _ = model.mask(batch["levels"][:, :1], maps[row][:, :1], to_pixels(batch["pixels"][:, :1]), prompt)
            losses.append(mask_losses(logits.float()[:, 0], batch["mask"][:, 0].float() / 255, group_weights([groups[row]])))
        masks = torch.stack(losses).mean()
        total, report["mask"] = total + 0.5 * masks, float(masks.detach())
    return total, report


def as_spliced_at_run_time(conversation: dict) -> dict:
    """Move each playbook entry to where the runtime puts it (model.md): after the evidence of a first look, else after the question.

    The verdict is spoken before any entry is looked up, so an entry in a question must not hint at it; normal images get none.
    """
    label = conversation["label"]
    turns, found = [], False
    for turn in conversation["turns"]:
        question, answer = list(turn["question"]), list(turn["answer"])
        entries = [s for s in question if s.get("kind") == "playbook"]
        if label is not None and entries and (not found):
            question = [s for s in question if s.get("kind") != "playbook"]
            where = next((i for i, s in enumerate(answer) if s.get("kind") == "evidence"), None)
            if where is not None:
                answer[where + 1 : where + 1] = entries
        found = found or any("<seg>" in s["text"] for s in answer)
        turns.append({**turn, "question": question, "answer": answer})
    return {**conversation, "label": label or 0, "bucket": UNSURE if conversation.get("unsure") else BUCKETS[label or 0], "turns": turns}

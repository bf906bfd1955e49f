"""The command line with a bundle whose language model runs on a server, which reads what it gets with torch itself; pytest, needs Node and this repository's packages besides ../requirements.txt."""

import base64
import io
import json
import os
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from language_fixture import IM_START, write_language  # noqa: E402
from vision_fixture import write_vision  # noqa: E402

import bundle  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
IMAGES = ROOT / "tests" / "fixtures" / "images"


class Handler(BaseHTTPRequestHandler):
    """Greedy completions of `model`, with logit_bias, min_tokens and stop_token_ids as vLLM has them; `prompts` keeps the tensors."""

    model = None
    prompts: list[torch.Tensor] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        saved = io.BytesIO(base64.b64decode(body["prompt_embeds"], validate=True))
        prompt = torch.load(saved, weights_only=True, map_location="cpu")
        self.prompts.append(prompt)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        try:
            self.answer(body, prompt)
        except BrokenPipeError:
            # The answer was not wanted to its end.
            self.close_connection = True

    def answer(self, body: dict, prompt: torch.Tensor) -> None:
        bias = torch.zeros(self.model.config.vocab_size)
        for token, value in body["logit_bias"].items():
            bias[int(token)] = value
        for said in range(body["max_tokens"]):
            with torch.no_grad():
                logits = self.model(inputs_embeds=prompt[None]).logits[0, -1] + bias
            if said < body["min_tokens"]:
                logits[body["stop_token_ids"]] = -torch.inf
            token = int(logits.argmax())
            reason = "stop" if token in body["stop_token_ids"] else "length" if said + 1 == body["max_tokens"] else None
            chunk = {"choices": [{"index": 0, "text": "", "token_ids": [token], "finish_reason": reason}]}
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            if reason == "stop":
                break
            prompt = torch.cat([prompt, self.model.get_input_embeddings()(torch.tensor([token])).detach()])
        self.wfile.write(b"data: [DONE]\n\n")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def bundles(tmp_path_factory):
    """The same model as two bundles: one whose language model runs in the runtime, one whose runs on a server."""
    local = tmp_path_factory.mktemp("local")
    Handler.model = write_language(local)
    write_vision(local, Handler.model.config.hidden_size)
    bundle.write_bundle(local)
    served = Path(shutil.copytree(local, tmp_path_factory.mktemp("served") / "bundle"))
    (served / "language.onnx").unlink()
    entry = json.loads((served / "language.json").read_text(encoding="utf-8"))
    (served / "language.json").write_text(json.dumps(entry | {"remote": {"model": "qwen2"}}), encoding="utf-8")
    bundle.write_bundle(served)
    return local, served


@pytest.fixture
def address():
    Handler.prompts = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()


def ask(folder: Path, image: str, **environment: str) -> dict:
    command = ["node", str(ROOT / "bin" / "looktwice.mjs"), "ask", str(IMAGES / image), "What is wrong here?", "--max-tokens", "24", "--json"]
    environment = {**os.environ, "LOOKTWICE_ROOT": str(ROOT), "LOOKTWICE_BUNDLE": str(folder), **environment}
    return json.loads(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


@pytest.mark.parametrize("image", ["cookie-cracked-1.jpg", "cube-normal-1.jpg"])
def test_torch_reads_the_prompt_and_the_answer_is_the_same(bundles, address, image):
    local, served = bundles
    expected, found = ask(local, image), ask(served, image, LOOKTWICE_COMPLETIONS_URL=address)
    assert {key: found[key] for key in ("answer", "masks", "finishReason")} == {key: expected[key] for key in ("answer", "masks", "finishReason")}
    first, *later = Handler.prompts
    assert first.dtype == torch.float32 and first.shape[1] == Handler.model.config.hidden_size
    start = Handler.model.get_input_embeddings().weight[IM_START]
    torch.testing.assert_close(first[0], start, rtol=0, atol=0)
    for prompt in later:
        assert torch.equal(prompt[: len(first)], first)

"""The frozen language base: SmolLM2-135M read from GGUF, requantised to int4, as PyTorch module and as ONNX graph."""

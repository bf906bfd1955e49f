"""Instruction data: mask measurements, the playbook, and the generator of conversations."""

from .conversation import generate
from .examples import Example, example_from_record
from .measure import evidence_text, measure_mask

__all__ = ["Example", "evidence_text", "example_from_record", "generate", "measure_mask"]

"""Instruction data: mask measurements, the playbook, and the generator of conversations."""

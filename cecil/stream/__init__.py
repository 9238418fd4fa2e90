"""Bytes to records and back: blocks, lines, JSON text, compression, limits, markers, quarantine, counts.

Knows nothing of sources, detectors or formats other than lines and JSON.
"""

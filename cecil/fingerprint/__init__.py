"""LLM call records to fingerprints, and fingerprints to sums of tokens and money.

A record goes one way: `adapters` recognises its shape and reads it into a raw `Call`; `fingerprinter`
turns that into `record.Fingerprint`, the closed type whose fields cannot hold text; `prices` puts a list
price on it; `rollup` adds up, and `savings` says what could be saved. A new log shape is one more adapter;
nothing else changes.

Pure: no I/O beyond this package's own price list, no clock, no network.
"""

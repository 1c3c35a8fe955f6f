"""Data to begin with: presets of plans, the demo, a real network, and a generator of made-up ones."""

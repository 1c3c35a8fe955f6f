"""The referral graph: a pure domain at the top; stores, streams and the engine around it."""

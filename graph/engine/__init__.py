"""The event-driven engine: the relay numbers and announces facts, workers turn them into money."""

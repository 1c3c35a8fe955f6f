"""The deterministic simulator: one seed, one course of events, every fault that a network of processes can have."""

"""Subscriptions: what is heard of, who may keep a connection open, and the two transports."""

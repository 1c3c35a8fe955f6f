"""What Redis keeps for a while, and nobody misses for long."""

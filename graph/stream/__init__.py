"""Redis Streams as the messenger: it says that a scope has news, never what the news is. May lose, double, delay."""

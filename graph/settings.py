"""Settings from the environment, each with the prefix THREEFOLD_. The README lists them."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  pydantic reads the annotations

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything that may differ between two installations.

    Without `neo4j_uri` (or `redis_url`) the local server of `home` is used; `threefold up` starts it.
    """

    model_config = SettingsConfigDict(env_prefix="THREEFOLD_", frozen=True, extra="ignore")

    home: Path = Field(default_factory=lambda: user_data_path("threefold"))
    cache: Path = Field(default_factory=lambda: user_cache_path("threefold"))
    neo4j_uri: str | None = None
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr = SecretStr("")
    neo4j_database: str = "neo4j"
    redis_url: SecretStr | None = None
    local_heap_mb: int = Field(default=1024, ge=256)
    """Java heap of the local Neo4j, in MiB."""
    api_host: str = "127.0.0.1"
    api_port: int = Field(default=8000, ge=0, le=65535)
    partitions: int = Field(default=16, ge=1, le=1024)
    """Streams of news. All processes of one installation must agree on it."""
    lease_ms: int = Field(default=10_000, ge=500)
    """How long a relay or a worker that died keeps its place."""
    worker_idle_ms: int = Field(default=60_000, ge=500)
    """After how long a message that another worker left unfinished is taken over."""
    sweep_s: float = Field(default=10.0, gt=0)
    """How long the oldest unapplied event may stay the same before it is announced again."""
    audit_file: Path | None = None
    """Where the audit's checkpoints are appended; in `home` unless set."""
    audit_key_file: Path | None = None
    """The private key that signs them; in `home` unless set, and made at first use."""
    privacy_folder: Path | None = None
    """Where the keys of personal values and the register of erasures are kept; in `home` unless set."""
    master_keys: SecretStr | None = None
    """Master keys from elsewhere than the key file: `kid=base64` pairs joined by commas, the first one active."""
    phone_region: str = Field(default="CN", pattern="^[A-Z]{2}$")
    """The country of a phone number that names none."""
    settle_every_s: float = Field(default=3600.0, gt=0)
    """How often the jobs settle what is due."""
    month_end_after_days: int = Field(default=3, ge=0, le=366)
    """How many days after its end a month is closed."""
    adjustment_limit_minor: int = Field(default=100_000, ge=0)
    """Above so many minor units an adjustment needs a second person."""

    @property
    def jars(self) -> Path:
        """Where the local Neo4j's jars are kept, for all homes of this user."""
        return self.cache.absolute() / "jars"

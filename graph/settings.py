"""Settings from the environment, each with the prefix THREEFOLD_. docs/settings.md lists them."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  pydantic reads the annotations
from typing import Literal

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
    member_depth: int = Field(default=10, ge=0, le=1000)
    """How many levels below themselves a member sees."""
    adjustment_limit_minor: int = Field(default=100_000, ge=0)
    """Above so many minor units an adjustment needs a second person."""
    jwks_url: str | None = None
    """Where the identity provider publishes its keys: HTTPS. Without it the local signing key of `home` counts."""
    token_issuer: str | None = None
    """The `iss` that tokens must have; needed with a JWKS URL."""
    token_audience: str = "threefold"  # noqa: S105  no secret
    """The `aud` that tokens must have."""
    token_max_s: int = Field(default=86_400, ge=60)
    """Tokens that are valid for longer are refused."""
    max_body_bytes: int = Field(default=65_536, ge=1024, le=16_777_216)
    """The largest body of a request, in bytes."""
    max_tokens: int = Field(default=1_000, ge=50)
    """The most tokens of a GraphQL document."""
    max_depth: int = Field(default=12, ge=1, le=50)
    """The most fields inside each other."""
    max_fields: int = Field(default=300, ge=1)
    """The most fields of a document, fragments written out."""
    max_aliases: int = Field(default=15, ge=0)
    """The most aliases, fragments written out."""
    max_directives: int = Field(default=20, ge=0)
    """The most directives, fragments written out."""
    max_cost: int = Field(default=5_000, ge=1)
    """The most points that one operation may cost."""
    budget_points: int = Field(default=50_000, ge=0)
    """The points that a principal may spend at once; 0 counts nothing."""
    budget_restore_per_s: int = Field(default=2_000, ge=1)
    """The points that a principal gets back in a second."""
    request_within_s: float = Field(default=10.0, gt=0)
    """How long a request may be worked at, transactions in Neo4j included."""
    body_within_s: float = Field(default=10.0, gt=0)
    """How long a client may take to send a request."""
    trusted_documents: Literal["off", "prefer", "require"] = "off"
    """Whether documents of the manifest can be asked for by hash, or only those (staff who analyse apart)."""
    trusted_manifest: Path | None = None
    """The manifest that `threefold trust` wrote."""
    introspection: Literal["everyone", "staff", "nobody"] = "staff"
    """Who may read the schema through the API, and gets suggestions for misspelt names."""
    graphiql: bool = True
    """Whether a browser is shown GraphiQL."""
    allowed_hosts: str = "127.0.0.1,localhost,[::1]"
    """The names under which the API answers, separated by commas."""
    cors_origins: str = ""
    """The origins whose pages may call the API, separated by commas."""
    hsts_s: int = Field(default=0, ge=0)
    """For how many seconds browsers shall insist on https; said over https only, and not at all when 0."""
    stream_connections: int = Field(default=1000, ge=1)
    """Sockets and event streams that one API process keeps open."""
    stream_connections_each: int = Field(default=20, ge=1)
    """How many of them one principal may have."""
    stream_operations: int = Field(default=50, ge=1)
    """Operations open at once on one socket."""
    stream_recheck_s: float = Field(default=30.0, gt=0)
    """How often the proof that a connection was opened with is checked again."""
    stream_message_bytes: int = Field(default=131_072, ge=1024)
    """A longer message ends its socket."""

    @property
    def jars(self) -> Path:
        """Where the local Neo4j's jars are kept, for all homes of this user."""
        return self.cache.absolute() / "jars"

"""The only reader of the environment: ``WENJU_*`` variables or a ``.env`` file in the working folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from index.store.chosen import ChosenModel
from index.store.embedding import BUILT_IN_MODEL
from index.store.engines.contract import Store
from index.store.engines.opening import FOLDER, OF_DATABASES, open_store
from index.text.chunking import ChunkOptions
from rag.generators.contract import GeneratorOptions

# Written without brackets and quotation marks, which a list in JSON would want.
Names = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """All settings, each with its default. Unknown ``WENJU_*`` names in ``.env`` are ignored."""

    model_config = SettingsConfigDict(env_prefix="WENJU_", env_file=".env", frozen=True, extra="ignore")

    index: Path = Field(Path(".wenju"), description="Folder of the index")
    store: str = Field(
        FOLDER,
        repr=False,  # it may hold a password
        description="sqlite, all in that folder, or postgresql://USER:PASSWORD@HOST/DATABASE, which machines share",
    )
    embedding_model: str = Field(
        str(BUILT_IN_MODEL),
        description="wenju-embed or wenju-e5, both built in, a sentence-transformers folder, or a hub name such as BAAI/bge-m3",
    )
    embedding_url: str | None = Field(
        None, description="OpenAI-compatible service that has the embedding model; the model is its name there"
    )
    embedding_api_key: SecretStr | None = Field(None, description="Its key")
    reranker_model: str | None = Field(
        None, description="A cross-encoder, folder or hub name such as BAAI/bge-reranker-v2-m3, that orders passages"
    )
    token_vocabulary: str = Field(
        "wenju_zh",
        description="tiktoken encoding for chunk sizes, and of tokens to embed; o200k_base where it can be fetched",
    )
    chunk_least: int = Field(200, ge=20, le=4000, description="Smallest chunk aimed at, in tokens")
    chunk_most: int = Field(400, ge=40, le=8000, description="Largest chunk, in tokens; a longer sentence stands alone")
    shared: Path = Field(Path("../shared"), description="Further reports, benchmarks and question sets; may be absent")
    host: str = Field("127.0.0.1", description="Interface to listen on")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on")
    max_body_bytes: int = Field(1024 * 1024, ge=1024, description="Largest request body")
    max_upload_bytes: int = Field(64 * 1024 * 1024, ge=1024, description="Largest body of POST /v1/documents")
    public_url: str | None = Field(None, description="Address under which people reach the service, for links")
    allowed_hosts: Names = Field(
        (), description="Further names that the service is called by, where it asks for no key; separated by commas"
    )
    allowed_origins: Names = Field(
        (), description="Origins whose pages may use the service, such as http://localhost:3000; separated by commas"
    )
    api_keys: SecretStr | None = Field(None, description="KEY or KEY=scope+scope, separated by commas")
    api_key_file: Path | None = Field(None, description="TOML file of hashed keys; see docs/keys.md")
    rate_per_minute: int = Field(0, ge=0, description="Requests a minute of each key; 0 for no limit")
    feedback: bool = Field(True, description="Keep what readers say of answers, in feedback.jsonl of the index")
    insecure: bool = Field(False, description="Serve other machines without any key")
    workers: int = Field(1, ge=1, le=64, description="Processes that serve; as many as there are cores to spare")
    log: Literal["text", "json"] = Field("text", description="Form of the lines on standard error")
    log_questions: bool = Field(False, description="Let the text of questions stand in the log")
    chat_events: bool = Field(False, description="Send Open WebUI's source events in chat streams")
    chat_sources: bool = Field(False, description="Append a Markdown list of sources to chat answers")
    llm_base_url: str | None = Field(
        None, description="OpenAI-compatible endpoint; OpenAI's own if only a model is set"
    )
    llm_model: str | None = Field(None, description="Its model; set it to have the generator openai")
    llm_api_key: SecretStr | None = Field(None, description="Its key")
    llm_timeout: float = Field(30.0, gt=0, le=600, description="Seconds for a whole reply of it")
    llm_budget: int = Field(3000, ge=200, le=200_000, description="Tokens of evidence sent to it at most")

    @field_validator("allowed_hosts", "allowed_origins", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        return value.replace(",", " ").lower().split() if isinstance(value, str) else value

    @field_validator("allowed_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        origins = tuple(each.rstrip("/") for each in value)
        for each in origins:
            parts = urlsplit(each)
            if not parts.scheme or not parts.netloc or parts.path or parts.query or "*" in each:
                raise ValueError(f"{each!r} is no origin; name each as http://localhost:3000, without a path or *")
        return origins

    @field_validator("allowed_hosts")
    @classmethod
    def _hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for each in value:
            if "/" in each or "*" in each:
                raise ValueError(f"{each!r} is no host; name each as wenju or reports.example, without http:// or *")
        return value

    @field_validator("public_url", "llm_base_url", "embedding_url")
    @classmethod
    def _an_address(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value

    @field_validator("store")
    @classmethod
    def _a_store(cls, value: str) -> str:
        if value != FOLDER and not value.startswith(OF_DATABASES):
            raise ValueError("must be sqlite, or begin with postgresql://")
        return value

    @field_validator("embedding_model", "reranker_model", "token_vocabulary")
    @classmethod
    def _not_empty(cls, value: str | None) -> str | None:
        if value is not None and not value.strip():
            raise ValueError("must not be empty")
        return value

    @model_validator(mode="after")
    def _sizes_in_order(self) -> Settings:
        if self.chunk_least > self.chunk_most:
            raise ValueError("chunk_least must not be larger than chunk_most")
        return self

    @model_validator(mode="after")
    def _a_service_is_asked_for_its_model(self) -> Settings:
        if self.embedding_url is not None and self.embedding_model == str(BUILT_IN_MODEL):
            raise ValueError("WENJU_EMBEDDING_URL needs WENJU_EMBEDDING_MODEL, the model's name at that service")
        return self

    @property
    def embedding(self) -> ChosenModel:
        key = self.embedding_api_key
        return ChosenModel(self.embedding_model, self.embedding_url, key.get_secret_value() if key else None)

    @property
    def held(self) -> Store:
        """Where the index is. Raises StoreError where that needs what is not installed."""
        return open_store(self.store, self.index)

    @property
    def in_a_folder(self) -> bool:
        """Whether all of the index is in the folder of this machine."""
        return self.store == FOLDER

    @property
    def chunking(self) -> ChunkOptions:
        return ChunkOptions(self.chunk_least, self.chunk_most)

    @property
    def generating(self) -> GeneratorOptions:
        return GeneratorOptions(
            base_url=self.llm_base_url,
            model=self.llm_model,
            api_key=self.llm_api_key.get_secret_value() if self.llm_api_key else None,
            timeout=self.llm_timeout,
            budget=self.llm_budget,
            vocabulary=self.token_vocabulary,
        )


class Telemetry(BaseSettings):
    """Those of OpenTelemetry's own variables that say whether and how traces are sent; its packages read the rest.

    They read no ``.env`` file, so that this does not either.
    """

    model_config = SettingsConfigDict(env_prefix="OTEL_", env_ignore_empty=True, frozen=True, extra="ignore")

    sdk_disabled: str = "false"
    traces_exporter: str | None = None
    exporter_otlp_endpoint: str | None = None
    exporter_otlp_traces_endpoint: str | None = None
    exporter_otlp_protocol: str = "http/protobuf"
    exporter_otlp_traces_protocol: str | None = None

    @property
    def exporter(self) -> str:
        """What sends traces: ``otlp``, another that was named, or ``none``."""
        if self.sdk_disabled.strip().lower() == "true":
            return "none"
        named = self.exporter_otlp_endpoint or self.exporter_otlp_traces_endpoint
        return (self.traces_exporter or ("otlp" if named else "none")).strip().lower()

    @property
    def protocol(self) -> str:
        """How they are sent."""
        return (self.exporter_otlp_traces_protocol or self.exporter_otlp_protocol).strip().lower()


def share_counts(folder: Path) -> None:
    """Have processes that are started from now on count into files of one folder; the library for that reads the environment."""
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)

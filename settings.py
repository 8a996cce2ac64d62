"""The only reader of the environment: ``WENJU_*`` variables or a ``.env`` file in the working folder."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from index.chunking import ChunkOptions
from index.embedding import BUILT_IN_MODEL


class Settings(BaseSettings):
    """All settings, each with its default. Unknown ``WENJU_*`` names in ``.env`` are ignored."""

    model_config = SettingsConfigDict(env_prefix="WENJU_", env_file=".env", frozen=True, extra="ignore")

    index: Path = Field(Path(".wenju"), description="Folder of the index")
    embedding_model: str = Field(
        str(BUILT_IN_MODEL), description="A sentence-transformers folder, or a hub name such as BAAI/bge-m3"
    )
    token_vocabulary: str = Field(
        "wenju_zh", description="tiktoken encoding for chunk sizes; o200k_base where it can be fetched"
    )
    chunk_least: int = Field(200, ge=20, le=4000, description="Smallest chunk aimed at, in tokens")
    chunk_most: int = Field(400, ge=40, le=8000, description="Largest chunk, in tokens; a longer sentence stands alone")
    shared: Path = Field(Path("../shared"), description="Further reports, benchmarks and question sets; may be absent")
    host: str = Field("127.0.0.1", description="Interface to listen on")
    port: int = Field(8000, ge=1, le=65535, description="Port to listen on")
    max_body_bytes: int = Field(1024 * 1024, ge=1024, description="Largest request body")

    @field_validator("embedding_model", "token_vocabulary")
    @classmethod
    def _not_empty(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("must not be empty")
        return value

    @model_validator(mode="after")
    def _sizes_in_order(self) -> Settings:
        if self.chunk_least > self.chunk_most:
            raise ValueError("chunk_least must not be larger than chunk_most")
        return self

    @property
    def chunking(self) -> ChunkOptions:
        return ChunkOptions(self.chunk_least, self.chunk_most)

"""What can go wrong, in one tree.

::

    StudioError                    a sentence a merchant can act on, in Chinese
    ├── InputError                 what the user gave cannot be used (exit 2)
    │   ├── WorkspaceError         no workspace here, or its folder cannot be used
    │   ├── SettingsError          a setting that cannot be saved
    │   ├── ImportFailed           a file that cannot be read at all
    │   └── PromptError            a prompt file that is missing or does not render
    ├── ConflictError              somebody else saved first (exit 2)
    ├── StoreError                 the database cannot do it now (exit 3)
    │   ├── StoreBusy              locked by another process
    │   ├── StoreFull              no space left on the disk
    │   └── StoreUnavailable       cannot be opened or reached
    ├── ServiceError               an outside service failed (exit 3)
    │   ├── ModelError             the language model endpoint
    │   │   ├── ModelAuthError     the key is wrong or has no access
    │   │   ├── ModelBusy          rate limit or quota
    │   │   ├── ModelTimeout       no answer in time
    │   │   ├── ModelUnreachable   no connection, or the server failed
    │   │   ├── ModelRefused       the model declined to write this
    │   │   └── ModelAnswerError   an answer that is not what was asked for
    │   └── EmbeddingError         the embedding model
    └── Cancelled                  the user stopped it (exit 2)

Problems in the user's data are not errors: they are collected as :class:`Problem` values.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in the user's data: where it is, which field, and what to do (Chinese)."""

    source: str
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.source} · {self.field}" if self.field else self.source
        return f"{place}：{self.message}"

    def to_json(self) -> dict[str, str]:
        return asdict(self)


class StudioError(Exception):
    """A failed operation; ``str(error)`` says what happened, what is safe and what to do."""

    exit_code = 2


class InputError(StudioError):
    """What the user gave cannot be used."""


class WorkspaceError(InputError):
    """There is no workspace here, or its folder cannot be used."""


class SettingsError(InputError):
    """A setting that cannot be saved."""


class ImportFailed(InputError):
    """A file that cannot be read at all."""


class PromptError(InputError):
    """A prompt file that is missing or does not render."""


class ConflictError(StudioError):
    """Somebody else saved first; nothing was overwritten."""


class StoreError(StudioError):
    """The database cannot do it now."""

    exit_code = 3


class StoreBusy(StoreError):
    """The database is locked by another process."""


class StoreFull(StoreError):
    """No space is left where the database lives."""


class StoreUnavailable(StoreError):
    """The database cannot be opened or reached."""


class ServiceError(StudioError):
    """An outside service failed."""

    exit_code = 3


class ModelError(ServiceError):
    """The language model endpoint failed; ``raw`` keeps whatever text it did send."""

    def __init__(self, message: str, *, raw: str = "") -> None:
        super().__init__(message)
        self.raw = raw


class ModelAuthError(ModelError):
    """The key is wrong or has no access."""


class ModelBusy(ModelError):
    """Rate limit or quota; ``retry_after`` is in seconds when the server said so."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class ModelTimeout(ModelError):
    """No answer in time."""


class ModelUnreachable(ModelError):
    """No connection, or the server failed."""


class ModelRefused(ModelError):
    """The model declined to write this."""


class ModelAnswerError(ModelError):
    """An answer that is not what was asked for."""


class EmbeddingError(ServiceError):
    """The embedding model cannot be loaded or reached."""


class Cancelled(StudioError):
    """The user stopped it; what was finished is saved."""

"""All settings of Dragoman in one frozen value, read from a mapping of environment variables.

Nothing here looks at the environment by itself: callers pass it in, and `to_environ` turns settings back into
variables, which is how the supervisor hands them to its children.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from gateway import setting_values as values


class SettingError(ValueError):
    """A variable holds something that can't be used. The message names it and says what to write."""


@dataclass(frozen=True)
class _Spec:
    variable: str
    unit: str  # what the values are, as the table in docs/operations.md says it
    about: str
    parse: Callable[[str], Any]  # raises ValueError with words that go on "… must be"
    shown_default: str | None = None  # where the default doesn't speak for itself


def _setting(
    default: Any, variable: str, unit: str, about: str, parse: Callable[[str], Any], *,
    shown_default: str | None = None, secret: bool = False,
) -> Any:  # fmt: skip
    spec = _Spec(variable, unit, about, parse, shown_default)
    return field(default=default, repr=not secret, metadata={"spec": spec})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Built by `read`; tests may call the constructor, which checks nothing but what several settings share."""

    host: str = _setting("127.0.0.1", "DRAGOMAN_HOST", "address", "Address that the gateway listens on.", values.host)
    port: int = _setting(8080, "DRAGOMAN_PORT", "number", "Its port; 0 takes any free one.", values.whole(0, 65535))
    data_dir: Path = _setting(  # noqa: RUF009 - a Path is immutable
        Path("var"), "DRAGOMAN_DATA_DIR", "folder",
        "Where the embedded store keeps its files; a relative path counts from the working directory.", Path,
    )  # fmt: skip
    redis_url: str | None = _setting(
        None, "REDIS_URL", "URL", "Redis 7 or Valkey to use instead of the embedded store.", values.redis_url,
        shown_default="embedded store", secret=True,
    )  # fmt: skip
    key_prefix: str = _setting(
        "dragoman", "DRAGOMAN_KEY_PREFIX", "text", "First part of every key in the store.", values.prefix
    )
    partitions: int = _setting(
        1, "DRAGOMAN_PARTITIONS", "number",
        "Feeds and job queues that conversations are spread over. Never change it on a store that holds conversations.",
        values.whole(1, 1024),
    )  # fmt: skip
    workers: int = _setting(
        0, "DRAGOMAN_WORKERS", "processes", "Translation workers that `dragoman serve` starts; 0: one for each CPU.",
        values.whole(0, 256),
    )  # fmt: skip
    origins: tuple[str, ...] = _setting(
        (), "DRAGOMAN_ORIGINS", "list of origins",
        "Web sites whose pages may open a chat, besides the gateway's own.", values.listed(values.origin),
    )  # fmt: skip
    working_language: str = _setting(
        "en", "DRAGOMAN_WORKING_LANGUAGE", "language", "What agents read and write.", values.language_code
    )
    shop_languages: tuple[str, ...] = _setting(
        (), "DRAGOMAN_SHOP_LANGUAGES", "list of languages", "Languages that visitors may be taken to write; none: all.",
        values.listed(values.language_code),
    )  # fmt: skip
    translate: bool = _setting(
        True,
        "DRAGOMAN_TRANSLATE",
        "1 or 0",
        "Whether messages are translated; 0 relays them as they are.",
        values.switch,
    )
    max_text: int = _setting(5000, "DRAGOMAN_MAX_TEXT", "characters", "Longest message.", values.whole(1, 100_000))
    visitor_rate: float = _setting(
        2.0,
        "DRAGOMAN_VISITOR_RATE",
        "messages/s",
        "What one visitor may send in the long run.",
        values.number(0.01, 10_000),
    )
    visitor_burst: int = _setting(
        10, "DRAGOMAN_VISITOR_BURST", "messages", "What one visitor may send at once.", values.whole(1, 100_000)
    )
    feed_length: int = _setting(
        100_000, "DRAGOMAN_FEED_LENGTH", "events",
        "How far a gateway may fall behind before it has to read whole conversations again.",
        values.whole(1000, 100_000_000),
    )  # fmt: skip
    models_dir: Path | None = _setting(  # noqa: RUF009
        None, "DRAGOMAN_MODELS_DIR", "folder", "Where models lie, besides those in the installed packages.", Path,
        shown_default="`models` in the data folder",
    )  # fmt: skip
    model_mirror: str | None = _setting(
        None, "DRAGOMAN_MODEL_MIRROR", "URL",
        "Web server that shows another installation's models folder, to fetch models from.", values.web_address,
        shown_default="their publishers",
    )  # fmt: skip
    model_memory: int = _setting(
        2048, "DRAGOMAN_MODEL_MEMORY", "MB", "What one worker's models may take; the longest unused make room.",
        values.whole(1, 1_048_576),
    )  # fmt: skip
    recent: int = _setting(
        8192, "DRAGOMAN_RECENT", "segments",
        "Latest translations that a worker keeps in memory for when the same is said again; 0: none.",
        values.whole(0, 1_000_000),
    )  # fmt: skip
    secret: str | None = _setting(
        None, "DRAGOMAN_SECRET", "text", "Key that signs visitors' tokens; the same on every gateway.", values.secret,
        shown_default="made once and kept in the store", secret=True,
    )  # fmt: skip
    log_level: str = _setting(
        "info",
        "DRAGOMAN_LOG_LEVEL",
        "word",
        f"Least weight of what is logged: {', '.join(values.LOG_LEVELS)}.",
        values.log_level,
    )
    max_frame: int = _setting(
        262_144, "DRAGOMAN_MAX_FRAME", "bytes", "Largest WebSocket frame from a client.", values.whole(4096, 16_777_216)
    )
    socket_queue: int = _setting(
        512, "DRAGOMAN_SOCKET_QUEUE", "frames", "What may wait for a slow reader before it is cut off.",
        values.whole(8, 100_000),
    )  # fmt: skip
    secure_cookies: bool = _setting(
        False, "DRAGOMAN_SECURE_COOKIES", "1 or 0", "Send the agents' cookie over HTTPS only. Set it behind HTTPS.",
        values.switch,
    )  # fmt: skip
    trust_proxy: bool = _setting(
        False, "DRAGOMAN_TRUST_PROXY", "1 or 0",
        "Believe X-Forwarded-For, -Proto and -Host. Only where every request comes through your own proxy.",
        values.switch,
    )  # fmt: skip

    def __post_init__(self) -> None:
        # A character takes up to 12 bytes as an escaped pair in JSON, but browsers send UTF-8: at most 4.
        if self.max_frame < 4 * self.max_text + 1024:
            raise SettingError(
                f"DRAGOMAN_MAX_FRAME must be at least {4 * self.max_text + 1024} bytes "
                f"for messages of DRAGOMAN_MAX_TEXT={self.max_text} characters, not {self.max_frame}"
            )

    @property
    def models_path(self) -> Path:
        """The folder of models, whether set or not. It need not exist."""
        return self.models_dir if self.models_dir is not None else self.data_dir / "models"

    @property
    def tables_path(self) -> Path:
        """The folder of the shop's own word lists and phrases. It need not exist."""
        return self.data_dir / "tables"


_SPECS: dict[str, _Spec] = {each.name: each.metadata["spec"] for each in fields(Settings)}
_DEFAULTS: dict[str, Any] = {each.name: each.default for each in fields(Settings)}


def read(environ: Mapping[str, str]) -> Settings:
    """Settings from environment variables. An empty variable counts as not set. Raises SettingError."""
    held: dict[str, Any] = {}
    for name, spec in _SPECS.items():
        text = environ.get(spec.variable, "").strip()
        if not text:
            continue
        try:
            held[name] = spec.parse(text)
        except ValueError as error:
            # Never repeat a secret or a URL with a password in a message that ends up in a log.
            shown = "" if spec.variable in ("DRAGOMAN_SECRET", "REDIS_URL") else f", not {text!r}"
            raise SettingError(f"{spec.variable} must be {error}{shown}") from None
    return Settings(**held)


def to_environ(settings: Settings) -> dict[str, str]:
    """The variables that `read` makes the same settings of; what has its default is left out."""
    variables = {}
    for name, spec in _SPECS.items():
        value = getattr(settings, name)
        if value == _DEFAULTS[name]:
            continue
        if isinstance(value, bool):
            variables[spec.variable] = "1" if value else "0"
        elif isinstance(value, tuple):
            variables[spec.variable] = ",".join(value)
        else:
            variables[spec.variable] = str(value)
    return variables


def variable_names() -> frozenset[str]:
    """Every variable that `read` looks at."""
    return frozenset(spec.variable for spec in _SPECS.values())


def unknown(environ: Mapping[str, str]) -> list[str]:
    """A sentence for each DRAGOMAN_ variable that is no setting, most likely a slip of the pen."""
    known = variable_names()
    sentences = []
    for name in sorted(environ):
        if name.startswith("DRAGOMAN_") and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            sentences.append(f"{name} is not a setting" + (f"; did you mean {near[0]}?" if near else ""))
    return sentences


def table() -> str:
    """All settings as a Markdown table, which docs/operations.md carries."""
    lines = ["| variable | value | default | what it does |", "|---|---|---|---|"]
    for name, spec in _SPECS.items():
        default = _DEFAULTS[name]
        if spec.shown_default is not None:
            shown = spec.shown_default
        elif isinstance(default, tuple):
            shown = "none"
        elif isinstance(default, float):
            shown = f"{default:g}"
        else:
            shown = str(int(default) if isinstance(default, bool) else default)
        lines.append(f"| `{spec.variable}` | {spec.unit} | {shown} | {spec.about} |")
    return "\n".join(lines) + "\n"

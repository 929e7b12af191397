"""Settings: environment variables SVC_…, each documented beside its default. A mistyped one is refused."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from svclib.errors import BadSetting
from svclib.i18n import LANGUAGES, use_language
from svclib.i18n import gettext as _

PREFIX = "SVC_"
SERVED = "SVC_SERVED"
"""Set by the server for each page's kernel: a process with it acts for a visitor, or not at all."""
TICKET = "SVC_TICKET"
"""A page's ticket, set by the server for its kernel and taken out of the environment when it is read."""
OIDC_SECRET = "SVC_OIDC_CLIENT_SECRET"  # noqa: S105 - a variable's name
_HANDED = frozenset({SERVED, TICKET})
"""Not settings: never known to people."""
_KEPT_BACK = _HANDED | {OIDC_SECRET}
"""Never handed on to another process."""


def _default_data_dir() -> Path:
    """`data/` of a checkout; for an installed package the user's own data folder."""
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "pyproject.toml").is_file():
        return checkout / "data"
    return Path.home() / ".local" / "share" / "svclib"


class Settings(BaseSettings):
    """Everything an office may set. Paths are made absolute; figures are checked when read."""

    # An empty variable is an unset one: `SVC_TODAY= svc …` means the clock.
    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True)

    data_dir: Path = Field(default_factory=_default_data_dir)
    """Live database, keys, uploads in progress and own header words."""
    database_url: str = ""
    """SQLAlchemy address, e.g. postgresql+psycopg://user@host/name. Empty: svc.db (SQLite) in the data folder."""
    secret_file: Path | None = None
    """Keys for protected fields, made by `svc init` only (mode 0600). Empty: secret.json in the data folder."""
    anchor_file: Path | None = None
    """Anchors of the audit trail, best on another disk or machine. Empty: audit-anchors.jsonl in the data folder."""
    language: Literal["zh_CN", "en"] = "zh_CN"
    """Language of pages, messages and workbooks."""
    timezone: str = "Asia/Shanghai"
    """Zone in which days begin."""
    today: date | None = None
    """Pretend that it is this day, for demos and tests. Empty: the clock; a demo database brings its own day."""

    member_share_min: float = Field(default=0.60, ge=0, le=1)
    """Least share of party members in a team (over 60 %: Sichuan Daily, 11 September 2013)."""
    count_probationary: bool = True
    """Whether probationary members count as party members in that share."""
    team_size_min: int = Field(default=8, ge=1)
    """Fewest members of a team."""
    team_size_max: int = Field(default=16, ge=1)
    """Most members of a team."""
    hiring_age_min_years: int = Field(default=16, ge=14, le=30)
    """Youngest age at hiring that an import accepts, in years."""

    safety_pass_score: float = Field(default=80, ge=0, le=100)
    """Fewest points with which a safety education or examination is passed."""
    safety_valid_days: int = Field(default=365, ge=1, le=3650)
    """How long safety education and examinations count where the record names no last day, in days."""
    safety_away_months: int = Field(default=3, ge=0, le=60)
    """After how many months away on end the safety examination is to be passed again; 0: never for that."""

    scan_max_mb: int = Field(default=10, ge=1, le=100)
    """Largest scan of a signed notice, in megabytes."""

    session_hours: float = Field(default=12, gt=0, le=24 * 30)
    """How long a login lasts at most, in hours."""
    session_idle_minutes: int = Field(default=60, ge=1)
    """After how many minutes without any use a login ends."""

    password_length_min: int = Field(default=10, ge=8, le=64)
    """Fewest characters of a new password."""

    pages_max: int = Field(default=100, ge=1)
    """Most pages open at the same time."""
    pages_per_user: int = Field(default=10, ge=1)
    """Most pages one account may have open at the same time."""
    page_memory_mb: int = Field(default=1024, ge=0)
    """Most memory a page may take for itself, in megabytes. 0: no limit."""
    page_idle_minutes: float = Field(default=120, ge=0)
    """A page nobody has used for so many minutes is ended. 0: never."""
    page_reconnect_seconds: float = Field(default=6, ge=1)
    """How long a page waits for its browser when the connection is cut, in seconds."""
    page_connect_seconds: float = Field(default=30, ge=5)
    """How long a page waits for its browser to connect for the first time, in seconds."""

    base_url: str = Field(default="/", pattern=r"^/([\w~-][\w.~-]*/)*$")
    """Path under which the suite is served, with a slash on both ends."""
    proxy_address: str = "127.0.0.1"
    """The one address that a proxy in front may have: with --behind-proxy only its forwarded headers are believed."""

    sso_header: str = Field(default="", pattern=r"^[A-Za-z0-9-]*$")
    """Header in which a sign-on proxy names the visitor's account, e.g. X-Remote-User. Empty: off."""
    sso_proxy_address: str = "127.0.0.1"
    """The one address from which that header is believed."""
    oidc_issuer: str = ""
    """Address of an OpenID Connect provider, e.g. https://id.example.cn/realms/office. Empty: off."""
    oidc_client_id: str = ""
    """The name by which the provider knows this suite."""
    oidc_client_secret: SecretStr = SecretStr("")
    """The secret that goes with it; never handed on to a page."""
    oidc_claim: str = "preferred_username"
    """Which claim of the provider's is the user name here: one that its users cannot change themselves."""

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("no such time zone") from error
        return value

    @model_validator(mode="after")
    def _sizes_in_order(self) -> Self:
        if self.team_size_min > self.team_size_max:
            raise PydanticCustomError("sizes", "SVC_TEAM_SIZE_MIN is above SVC_TEAM_SIZE_MAX")
        return self

    @property
    def url(self) -> str:
        """Address of the database."""
        return self.database_url or f"sqlite:///{self.data_dir.resolve() / 'svc.db'}"

    @property
    def keys(self) -> Path:
        """Where the keys for protected fields are kept."""
        return (self.secret_file or self.data_dir / "secret.json").resolve()

    @property
    def anchors(self) -> Path:
        """Where the anchors of the audit trail are written."""
        return (self.anchor_file or self.data_dir / "audit-anchors.jsonl").resolve()

    def environment(self) -> dict[str, str]:
        """The same settings as variables with absolute paths, for a child process in another folder."""
        own = {"SVC_DATA_DIR": str(self.data_dir.resolve())}
        own |= {"SVC_SECRET_FILE": str(self.keys), "SVC_ANCHOR_FILE": str(self.anchors)}
        # A quarter of a second to import, which only those pay that start a server.
        from sqlalchemy import make_url

        address = make_url(self.url)
        if address.get_backend_name() == "sqlite" and address.database not in {None, "", ":memory:"}:
            address = address.set(database=str(Path(str(address.database)).resolve()))
        own["SVC_BASE_URL"] = self.base_url
        own["SVC_DATABASE_URL"] = address.render_as_string(hide_password=False)
        kept = {name: value for name, value in os.environ.items() if name.startswith(PREFIX) and name not in _KEPT_BACK}
        return kept | own


_kept: tuple[dict[str, str], Settings] | None = None


def keep_settings() -> Settings:
    """Read the settings, and let forks of this process with the same variables have them as they are."""
    global _kept
    settings = load_settings()
    _kept = _variables(), settings
    return settings


def load_settings(*, base_url: str | None = None) -> Settings:
    """Read the settings from SVC_… variables, and use their language from here on; `base_url` goes before its variable.

    Raises BadSetting naming the variable, and the nearest known name where the variable does not exist.
    """
    known = {PREFIX + field.upper(): field for field in Settings.model_fields}
    language = os.environ.get("SVC_LANGUAGE")
    if language in LANGUAGES:
        use_language(language)
    variables = _variables()
    if _kept is not None and base_url is None and variables == _kept[0]:
        return _kept[1]
    for name in variables:
        if name.upper() not in known:
            raise BadSetting(_unknown(name, list(known)))
    try:
        return Settings() if base_url is None else Settings(base_url=base_url)
    except ValidationError as error:
        first = error.errors()[0]
        if first["type"] == "sizes":
            raise BadSetting(_("SVC_TEAM_SIZE_MIN is larger than SVC_TEAM_SIZE_MAX.")) from error
        name = PREFIX + str(first["loc"][0]).upper()
        raise BadSetting(
            _("{name} cannot be {value!r}. See the list of settings in the README.").format(
                name=name, value=first["input"]
            )
        ) from error


def _variables() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if name.upper().startswith(PREFIX) and name not in _HANDED
    }


def _unknown(name: str, known: list[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name.upper(), known, n=1, cutoff=0.6)
    if near:
        return _("There is no setting {name}. Did you mean {near}?").format(name=name, near=near[0])
    return _("There is no setting {name}. Known are: {known}.").format(name=name, known=", ".join(known))

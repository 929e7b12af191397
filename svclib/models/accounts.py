"""Accounts, who is logged in, and what slows guessing down. Secrets stand here as hashes only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from svclib.models.base import Instant, Row, Versioned


class Account(Versioned, table=True):
    """Somebody who may log in, with one role and its scope. Never deleted: the trail names it.

    `username` is stored as it is compared: in its normal form and in small letters. `password_hash` is None where only
    single sign-on lets in.
    """

    __table_args__ = (UniqueConstraint("username"),)

    username: str = Field(max_length=40)
    display_name: str = Field(max_length=60)
    role: str = Field(max_length=20)
    unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    party_body_id: int | None = Field(default=None, foreign_key="party_body.id", index=True)
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    password_hash: str | None = Field(default=None, max_length=255)
    must_change: bool = Field(default=False, nullable=False)
    password_set_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant, nullable=False)
    disabled_at: datetime | None = Field(default=None, sa_type=Instant)
    last_login_at: datetime | None = Field(default=None, sa_type=Instant)


class LoginSession(Row, table=True):
    """One login, from its beginning to its end. The cookie holds the token, this row its hash."""

    __tablename__ = "login_session"
    __table_args__ = (UniqueConstraint("token_hash"),)

    account_id: int = Field(foreign_key="account.id", index=True)
    token_hash: str = Field(max_length=64)
    method: str = Field(max_length=20)
    origin: str = Field(max_length=80)
    begun_at: datetime = Field(sa_type=Instant, nullable=False)
    seen_at: datetime = Field(sa_type=Instant, nullable=False)
    ends_at: datetime = Field(sa_type=Instant, nullable=False)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class PageTicket(SQLModel, table=True):
    """What lets one page's kernel act for one login, as long as both last."""

    __tablename__ = "page_ticket"
    __table_args__ = (Index("ix_page_ticket_kernel_id", "kernel_id"),)

    ticket_hash: str = Field(primary_key=True, max_length=64)
    session_id: int = Field(foreign_key="login_session.id", index=True)
    kernel_id: str = Field(max_length=64)
    issued_at: datetime = Field(sa_type=Instant, nullable=False)


class LoginAttempt(SQLModel, table=True):
    """How often logging in has failed from an address: for one name (as a keyed fingerprint), and "" for all names."""

    __tablename__ = "login_attempt"

    address: str = Field(primary_key=True, max_length=80)
    name_index: str = Field(primary_key=True, max_length=64)
    failures: int
    tried_at: datetime = Field(sa_type=Instant, nullable=False)
    succeeded_at: datetime | None = Field(default=None, sa_type=Instant)

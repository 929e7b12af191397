"""How long somebody who tries to log in must wait: guessing becomes slow, and nobody is locked out by another.

Failures are counted in two places, for the name together with the address it was tried from, and for the address alone:

- A name from one address has `PAIR_FREE` failures free; after that each next one doubles the wait, from a second up to
  `WAIT_MAX`.
- An address has `ADDRESS_FREE` failures free over all names; then waits grow likewise. A name that has logged in from
  this address in the last `KNOWN_FOR` does not wait for the others there: only its own failures count.
- There is no count on a name alone. Whoever guesses from elsewhere makes nobody but that address wait, so an account
  cannot be locked from afar. What that leaves open, guessing from very many addresses, is met by the rules for
  passwords: of those they let pass, none is among the first hundred million to be tried.
- While it must wait an attempt is not looked at and not counted: hammering neither helps nor harms. A success clears
  the name's count at that address; a count rests for `FORGOTTEN_AFTER` and begins anew.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

PAIR_FREE = 5
ADDRESS_FREE = 20
WAIT_MAX = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)
KNOWN_FOR = timedelta(days=30)
_IPV6_PREFIX = 64


@dataclass(frozen=True)
class Tally:
    """Failures so far, the last attempt's moment, and the last success's."""

    failures: int = 0
    tried_at: datetime | None = None
    succeeded_at: datetime | None = None

    def failures_at(self, now: datetime) -> int:
        """The failures that still count."""
        return self.failures if self.tried_at is not None and now - self.tried_at < FORGOTTEN_AFTER else 0


def growing_wait(failures: int, free: int) -> timedelta:
    """The wait after this many failures: none at first, then doubling from a second up to `WAIT_MAX`."""
    if failures < free:
        return timedelta()
    # A large count would overflow what a timedelta can hold.
    return min(timedelta(seconds=2 ** min(failures - free, 20)), WAIT_MAX)


def wait_left(pair: Tally, address: Tally, now: datetime) -> timedelta:
    """How long the next attempt must still wait, for this name and address. See this module's text."""
    known = pair.succeeded_at is not None and now - pair.succeeded_at < KNOWN_FOR
    waits = [_left(pair, PAIR_FREE, now)]
    if not known:
        waits.append(_left(address, ADDRESS_FREE, now))
    return max(waits)


def _left(tally: Tally, free: int, now: datetime) -> timedelta:
    if tally.tried_at is None:
        return timedelta()
    return max(tally.tried_at + growing_wait(tally.failures_at(now), free) - now, timedelta())


def network_of(origin: str) -> str:
    """What counts as one address; of IPv6 the network of 64 bits, for whoever has one has billions of addresses."""
    try:
        address = ipaddress.ip_address(origin)
    except ValueError:
        return origin[:80]
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return str(mapped)
    if address.version == 6:
        return str(ipaddress.ip_network((address, _IPV6_PREFIX), strict=False))
    return str(address)

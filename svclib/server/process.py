"""What the server asks of the system, for itself and for all that it starts."""

from __future__ import annotations

import resource

_DESCRIPTORS = 65_536


def prepare_process() -> None:
    """Leave no memory on the disk, and hold as many connections as there may be pages.

    Where dumps are on, the dump of a process that crashes would hold personal data, and that of a page's would lie in
    the folder that is served, where it runs. An open page takes a dozen of the server's descriptors; many systems allow
    a process no more than 1,024 unless it asks.
    """
    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, hard))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))

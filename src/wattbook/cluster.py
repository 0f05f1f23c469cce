"""A Dask cluster that runs already, as a place to submit work to."""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import partial
from typing import Any

from wattbook import __version__
from wattbook.errors import InputError
from wattbook.paths import DATA

CONNECT_SECONDS = 10


def what_shapes_rows() -> str:
    """Give a digest of the package's version and word lists: two machines that share it derive the same rows."""
    digest = hashlib.sha256(__version__.encode())
    for path in sorted((DATA / "lexicon").iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()


@contextmanager
def connected(address: str) -> Iterator[tuple[Callable[..., Any], int]]:
    """Give a way to submit work to the cluster whose scheduler is at ``address``, and the number of its threads.

    A task whose worker dies is done again by another one.  Raises InputError where no scheduler or worker
    answers within ``CONNECT_SECONDS``, where a worker's package or word lists are not those of this machine, and
    where the cluster is lost.
    """
    try:
        from distributed import Client
        from distributed.comm.core import CommClosedError, connect
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise InputError("--scheduler", "the package `distributed` is not installed (extra `cluster`)") from None
    # What went wrong is said once, below.
    for name in ("distributed", "distributed.client"):
        logging.getLogger(name).setLevel(logging.CRITICAL)

    async def knock() -> None:
        await (await connect(address, timeout=CONNECT_SECONDS)).close()  # type: ignore[no-untyped-call]

    try:
        # A client that cannot connect complains again when it is thrown away: see first whether somebody is there.
        asyncio.run(asyncio.wait_for(knock(), CONNECT_SECONDS))
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as error:
        reason = f"no Dask scheduler answers there ({type(error).__name__})"
        raise InputError(address or "--scheduler", reason) from None
    with client:
        try:
            client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            raise InputError(address, f"the cluster has no worker after {CONNECT_SECONDS} seconds") from None
        try:
            theirs = client.run(what_shapes_rows)
            if set(theirs.values()) != {what_shapes_rows()}:
                raise InputError(address, "a worker has another version of wattbook or other word lists")
            threads = sum(client.nthreads().values())  # type: ignore[no-untyped-call]
            yield partial(client.submit, pure=False), threads
        except ModuleNotFoundError as error:
            raise InputError(address, f"a worker lacks the package {error.name}") from None
        except (CancelledError, CommClosedError, KilledWorker) as error:
            raise InputError(address, f"the cluster is lost ({type(error).__name__})") from None

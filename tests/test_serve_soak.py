"""cecil-serve under load for a minute: many clients at once, slow ones among them; none is lost, and memory is flat."""

import asyncio
from pathlib import Path

import pytest

from cecil.api.server import ServerManager
from tests.bench.serve import Client, Soak, asked, memory
from tests.conftest import ROOT

SECONDS = 60.0
CLIENTS = 300


@pytest.mark.slow
def test_no_client_is_lost_and_memory_is_flat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(ROOT / ".test-cache"))
    sizes: list[float] = []

    async def load(server: ServerManager) -> Soak:
        # All workers are there before anything is measured.
        first = [await Client.open(server) for _ in range(16)]
        await asyncio.gather(*(client.ask("/v1/redact", asked(b"{}")) for client in first))
        for client in first:
            client.close()
        soak = Soak(server, SECONDS)
        clients = [asyncio.ensure_future(soak.client(n)) for n in range(CLIENTS)]
        while not all(one.done() for one in clients):
            await asyncio.sleep(1)
            sizes.append(sum(memory(server.pid)))
        return soak

    arguments = ["--rate", "0", "--nlp", "none"]
    with ServerManager(uds=str(tmp_path / "serve.sock"), arguments=arguments) as server:
        soak = asyncio.run(load(server))
        assert server.healthy()
    assert not soak.wrong
    kinds = {"requests", "streams", "slow_writer", "slow_reader", "mixed", "breaks_off"}
    assert set(soak.done) == kinds
    third = len(sizes) // 3
    assert max(sizes[2 * third :]) < max(sizes[third : 2 * third]) * 1.15

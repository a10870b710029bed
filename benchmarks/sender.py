"""`python -m benchmarks.sender API COUNT CHATS AT_ONCE`: the raw send rate of python-telegram-bot's own client."""

import asyncio
import sys

from telegram import Bot
from telegram.constants import ParseMode
from telegram.request import HTTPXRequest

from benchmarks.post import TOKEN
from bot.clock import monotonic

FIRST_CHAT = 500_000
TEXT = "<b>⏳ BA-20261121-001</b> 响应时限还剩 2 分钟，请尽快处理。"


async def rate(api: str, count: int, chats: int, at_once: int) -> float:
    """Messages a second, with so many under way at once."""
    request = HTTPXRequest(connection_pool_size=max(at_once, 1), read_timeout=10.0)
    waiting = iter(range(count))
    async with Bot(TOKEN, base_url=f"{api}/bot", request=request) as bot:

        async def send() -> None:
            for number in waiting:
                await bot.send_message(FIRST_CHAT + number % chats, TEXT, parse_mode=ParseMode.HTML)

        began = monotonic()
        await asyncio.gather(*(send() for _ in range(at_once)))
        return count / (monotonic() - began)


if __name__ == "__main__":
    print(asyncio.run(rate(sys.argv[1], *map(int, sys.argv[2:5]))))

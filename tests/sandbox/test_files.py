"""Files go both ways."""

from __future__ import annotations

import pytest
import telegram
from telegram.error import BadRequest, InvalidToken

from sandbox.phones import Phone
from sandbox.world import World
from tests.sandbox import raw
from tests.sandbox.conftest import TOKEN


async def test_a_file_from_a_phone_can_be_fetched(bot: telegram.Bot, engineer: Phone) -> None:
    """getFile gives a path under which the bytes are served."""
    engineer.sends_document("巡检.txt", "正常".encode(), caption="巡检记录")
    engineer.sends_photo("机柜", data=b"\xff\xd8 cabinet")
    document, photo = [update.message for update in await bot.get_updates()]
    assert document is not None and document.document is not None
    assert (document.document.file_name, document.document.mime_type) == ("巡检.txt", "text/plain")
    fetched = await (await document.document.get_file()).download_as_bytearray()
    assert bytes(fetched).decode() == "正常"
    assert photo is not None and len(photo.photo) == 2
    fetched = await (await photo.photo[-1].get_file()).download_as_bytearray()
    assert bytes(fetched) == b"\xff\xd8 cabinet"


async def test_big_files_cannot_be_fetched(bot: telegram.Bot, engineer: Phone) -> None:
    """More than 20 MB arrive as a message, but not as bytes."""
    engineer.sends_document("录像.mp4", size=20 * 1024 * 1024 + 1)
    (update,) = await bot.get_updates()
    assert update.message is not None and update.message.document is not None
    with pytest.raises(BadRequest, match="File is too big"):
        await update.message.document.get_file()
    with pytest.raises(BadRequest, match="Invalid file_id"):
        await bot.get_file("nothing")


async def test_the_bot_sends_documents_and_photos(bot: telegram.Bot, world: World, engineer: Phone) -> None:
    """Uploads are kept and can be sent again by id; the caption may carry markup."""
    sent = await bot.send_document(2001, "表".encode(), filename="月报.docx", caption="<b>月报</b>", parse_mode="HTML")
    assert sent.document is not None and sent.document.file_name == "月报.docx"
    again = await bot.send_document(2001, sent.document.file_id)
    assert again.document is not None and again.document.file_id == sent.document.file_id
    picture = await bot.send_photo(2001, b"\xff\xd8 chart", caption="趋势")
    assert picture.photo and [one.text for one in engineer.chat] == ["月报", "", "趋势"]
    assert world.files.find(sent.document.file_id).data.decode() == "表"


async def test_an_upload_may_be_attached_by_name(url: str, engineer: Phone) -> None:
    """attach:// names another part of the same request."""
    body = (
        '--x\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n2001\r\n'
        '--x\r\nContent-Disposition: form-data; name="document"\r\n\r\nattach://f1\r\n'
        '--x\r\nContent-Disposition: form-data; name="f1"; filename="a.txt"\r\n\r\nhello\r\n--x--\r\n'
    )
    answer = await raw.request(
        f"{url}/bot{TOKEN}/sendDocument",
        verb="POST",
        body=body.encode(),
        kind="multipart/form-data; boundary=x",
    )
    assert answer.json["result"]["document"]["file_name"] == "a.txt"


async def test_bad_uploads_are_refused(bot: telegram.Bot, engineer: Phone) -> None:
    """Empty files, unknown ids, addresses that cannot be fetched and long captions are refused."""
    with pytest.raises(BadRequest, match="File must be non-empty"):
        await bot.send_document(2001, b"", filename="a.txt")
    with pytest.raises(BadRequest, match="Wrong file identifier/http url specified"):
        await bot.send_photo(2001, "nothing")
    with pytest.raises(BadRequest, match="Failed to get http url content"):
        await bot.send_photo(2001, "https://example.org/a.jpg")
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_photo(2001, b"x", caption="字" * 1025)


async def test_files_need_the_token(url: str, world: World) -> None:
    """A wrong token is unauthorized, a wrong path is not found."""
    stored = world.files.keep("document", b"x", name="a.txt")
    assert (await raw.request(f"{url}/file/bot{TOKEN}/{stored.path}")).body == b"x"
    assert (await raw.request(f"{url}/file/bot100:wrong/{stored.path}")).status == 401
    assert (await raw.request(f"{url}/file/bot{TOKEN}/documents/none.txt")).status == 404


async def test_another_bot_cannot_use_the_server(url: str) -> None:
    """The client sees a wrong token as such on downloads too."""
    client = telegram.Bot("100:wrong", base_url=f"{url}/bot", base_file_url=f"{url}/file/bot")
    with pytest.raises(InvalidToken):
        await client.get_file("x")
    await client.shutdown()
    for request in client._request:
        await request.shutdown()


async def test_albums_forwards_and_copies(bot: telegram.Bot, world: World, engineer: Phone) -> None:
    """The bot sends albums, forwards a photo with its origin, and copies one under a new caption."""
    album = await bot.send_media_group(
        2001, [telegram.InputMediaPhoto(b"1", caption="前"), telegram.InputMediaPhoto(b"2")]
    )
    assert len({one.media_group_id for one in album}) == 1 and album[0].caption == "前"
    officer = world.phone(3001, "值班员", started=True)
    photo = engineer.sends_photo("机柜")
    forwarded = await bot.forward_message(officer.id, 2001, photo.id)
    assert isinstance(forwarded.forward_origin, telegram.MessageOriginUser)
    await bot.copy_message(officer.id, 2001, photo.id, caption="现场照片")
    assert [one.text for one in officer.chat] == ["机柜", "现场照片"]
    with pytest.raises(BadRequest, match="Message to forward not found"):
        await bot.forward_message(officer.id, 2001, 999)

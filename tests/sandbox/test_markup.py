"""Entities: those that Telegram finds by itself, and those of HTML."""

from __future__ import annotations

import html

import pytest
import telegram
from telegram.error import BadRequest

from sandbox import entities, markup
from sandbox.errors import ApiError
from sandbox.phones import Phone


def found(text: str) -> list[tuple[str, str]]:
    """Kind and words of every entity."""
    return [(one.type, entities.words_of(text, one)) for one in entities.found_in(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/report", [("bot_command", "/report")]),
        ("/report@weibao_bot 无图像", [("bot_command", "/report@weibao_bot")]),
        ("请按 /done。", [("bot_command", "/done")]),
        ("/done完成", []),
        ("请按/done", []),
        ("/报障", []),
        ("a/b", []),
        ("//done", []),
        ("/done/x", []),
        ("@weibao_bot 请处理", [("mention", "@weibao_bot")]),
        ("@weibao_bot，请处理", [("mention", "@weibao_bot")]),
        ("@weibao_bot请处理", []),
        ("请@weibao_bot", []),
        ("a@b.cn", [("email", "a@b.cn")]),
        ("见 https://example.org/a/b 页", [("url", "https://example.org/a/b")]),
        ("#演练 开始", [("hashtag", "#演练")]),
    ],
)
def test_entities_need_a_neighbour_that_is_no_word(text: str, expected: list[tuple[str, str]]) -> None:
    """Commands and mentions are Latin, and a Chinese neighbour hides them."""
    assert found(text) == expected


def test_offsets_count_utf16_units() -> None:
    """A character outside the basic plane takes two."""
    (one,) = entities.found_in("🔥𠮷 /done")
    assert (one.offset, one.length) == (5, 5)


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("<b>重大</b>故障", "重大故障", [("bold", 0, 2)]),
        ("🔥<i>甲<b>乙</b></i>", "🔥甲乙", [("italic", 2, 2), ("bold", 3, 1)]),
        ("a &lt;b&gt; &amp; &quot;c&quot; &#39;&#x4e2d;", 'a <b> & "c" \'中', []),
        ("&nbsp;&copy;", "&nbsp;&copy;", []),
        ('<a href="https://example.org/?a=1&amp;b=2">页</a>', "页", [("text_link", 0, 1)]),
        ("<pre><code class='language-sh'>ls</code></pre>", "ls", [("pre", 0, 2)]),
        ("<STRONG>甲</Strong><u></u>", "甲", [("bold", 0, 1)]),
        ('<span class="tg-spoiler">密</span>', "密", [("spoiler", 0, 1)]),
        ("<blockquote expandable>长</blockquote>", "长", [("expandable_blockquote", 0, 1)]),
        ("<code>/done</code>", "/done", [("code", 0, 5)]),
    ],
)
def test_html_becomes_entities(source: str, text: str, expected: list[tuple[str, int, int]]) -> None:
    """The tags of the Bot API mark stretches; the four named references are read, others stay."""
    plain, marks = markup.from_html(source)
    assert plain == text
    assert [(one.type, one.offset, one.length) for one in marks] == expected


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>甲</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("甲<x>", 'Unsupported start tag "x" at byte offset 3'),
        ("电压 < 3", 'Unsupported start tag "" at byte offset 7'),
        ("<b>甲", 'Can\'t find end tag corresponding to start tag "b"'),
        ("甲</b>", "Unexpected end tag at byte offset 3"),
        ("<b>甲</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<b>甲</b", "Unclosed end tag at byte offset 6"),
        ("<span>甲</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_bad_html_is_refused_with_its_place(source: str, words: str) -> None:
    """The refusal says what is wrong and at which byte."""
    with pytest.raises(ApiError) as caught:
        markup.from_html(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {words}"


def test_escaped_text_always_passes() -> None:
    """Whatever a person writes survives escaping unchanged."""
    for text in ("<b>", "a < b && c > d", "&lt;", "</", "<!-- -->", "\"'<a href=", "&#60;b&#62;"):
        assert markup.from_html(f"<b>{html.escape(text)}</b>")[0] == text


async def test_the_client_sees_the_refusal(bot: telegram.Bot, engineer: Phone) -> None:
    """Bad markup is a 400 for sending and for editing."""
    sent = await bot.send_message(2001, "卡片")
    with pytest.raises(BadRequest, match="Can't parse entities: unsupported start tag"):
        await bot.send_message(2001, "<故障>", parse_mode="HTML")
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot.edit_message_text("<b>", 2001, sent.message_id, parse_mode="HTML")


async def test_given_entities_are_kept_and_shifted_by_trimming(bot: telegram.Bot, engineer: Phone) -> None:
    """Leading blanks go, and entities move with their words; commands are found beside them."""
    bold = telegram.MessageEntity("bold", offset=2, length=2)
    await bot.send_message(2001, "  甲乙 /done ", entities=[bold])
    (message,) = engineer.chat
    assert message.text == "甲乙 /done"
    assert [(one.type, one.offset, one.length) for one in message.entities] == [
        ("bold", 0, 2),
        ("bot_command", 3, 5),
    ]

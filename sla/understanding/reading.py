"""A message as it is judged: one spelling, what tries to command the judge cut away, quotations set apart."""

import re
import unicodedata
from dataclasses import dataclass

_EDGES = " 。,.:;\n\t"
_UNSEEN = re.compile("[\ufe0e\ufe0f\u200b-\u200d\U0001f3fb-\U0001f3ff]")  # what only colours or joins pictures
_TOO_LONG = 600  # signs; who writes more says what matters at the beginning or at the end
_MARKUP = re.compile(
    r"<([a-z]+)>[a-z0-9 _-]{0,20}</\1>|<[^<>]{0,80}>|\[/?[a-z一-鿿 _-]{2,12}\]|\{+[^{}]{0,120}\}+"
    r"|`{3}[^`]{0,80}`{3}|#+[^#\n]{1,30}#+|〔[^〔〕]{0,20}〕"
)
_LABELS = (
    r"(?:level|severity|kind|priority|confidence|other|major|general|minor|consultation|fault|urgent|重大"
    r"|一般|咨询|其[他它]|图像调取|会议保障|表扬|praise|最高|最低|紧急|级别|级|类别|分级|优先级|规则"
    r"|提示词|指令|限制|tickets|工单)"
)
_COMMAND = re.compile(
    r"(?:忽略|无视|忘[掉记]|绕过|ignore|disregard|forget)[^。.,，;；:：!！\n]{0,30}(?:规则|提示词?|指令"
    r"|限制|设定|要求|instructions?|prompt|rules?|above)"
    r"|(?:请|务必|必须|应当|应该|你要|一律|全部|都|按|给我|直接|不要|别)?[^。.,，;；:：!！\n(（“”\"]{0,12}"
    r"(?:标[为成注记]|判[为成定]|归[为成到入]|分[为成]类?|列[为成]|当[作成]|视[为作]|设[为成]|改成|输出"
    r"|评[为成]|定[为成]|分类[为成到]?|算作|选|classify as|set to|output|mark as|treat as)"
    r"[“”\"'「『]?\s*" + _LABELS + r"[^。.,，;；:：!！\s—-]{0,8}"
    r"|按[“”\"'「]?(?:其他|咨询|一般|重大|other|general|major)[“”\"'」]?(?:办理|处理|来办)|(?:severity"
    r"|level|kind|priority|confidence)\s*[=:：]+\s*[a-z0-9.]+"
    r"|(?:请|本条|此单)?[^。.,，;；\n]{0,4}(?:confidence|severity|级别)(?:必须|应当?|一律|设"
    r"|改)?[为成][^。.,，;；\n]{0,16}|(?:假装|当作|就当)这?是[^。.,，:：;；\n(]{0,10}(?:\([^()]{0,12}\))?"
    r"|system\s*[:：]|assistant\s*[:：]|你(?:现在)?是(?:一个)?(?:分类器|助手|ai|模型"
    r"|机器人)[^。.,，;；\n]{0,10}|作为(?:一个)?(?:ai|模型|分类器|助手)[^。.,，;；\n]{0,6}"
    r"|从现在起[^。.,，\n]{0,12}|现在执行新指令|以下是测试|请勿受理|drop table[^-]*-*|(?:分级|分类"
    r"|级别)结果?\s*[:：]\s*(?:重大|一般|咨询|其他)[^。.,，\n]{0,10}|以root身份"
    r"|[\[【(（#]{1,3}(?:系统提示|系统|管理员指令|管理员|system|inst|/inst|免打扰模式"
    r"|已处理[^】\])）#]*)[\]】)）#]{1,3}"
    r"|(?:立即|马上)?呼叫(?:全体|所有人)|无需响应|不要派人|不要升级|关闭全部工单[^。.,，\n]*|打[0-9]+分"
    r"|免打扰模式|级别[:：]无|(?:工单)?改成最高级|(?:这|此)只是咨询|(?:设|选)(?:成|为)?[0-9]",
)
_QUOTED = re.compile(r"[“\"「『《‘'][^“”\"」』》’']{1,40}[”\"」』》’']")
_CLAUSE = re.compile(r"[,，。.;；!！?？:：\n\s…—]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A message made ready: its words, the same without what it quotes, its clauses, and whether it gave orders."""

    plain: str
    unquoted: str
    clauses: tuple[str, ...]
    commands: bool
    quotes: bool


def read(text: str) -> Reading:
    """The message as it is judged."""
    folded = _UNSEEN.sub("", unicodedata.normalize("NFKC", text)).casefold()
    if len(folded) > 2 * _TOO_LONG:
        folded = folded[:_TOO_LONG] + "。" + folded[-_TOO_LONG:]
    plain = _COMMAND.sub("。", _MARKUP.sub("。", folded)).strip(_EDGES)
    clauses = tuple(clause for clause in _CLAUSE.split(plain) if clause)
    unquoted = _QUOTED.sub("“”", plain)
    commands = plain != folded.strip(_EDGES)
    return Reading(plain=plain, unquoted=unquoted, clauses=clauses, commands=commands, quotes=unquoted != plain)

"""One spelling for all: capitals, full width, Chinese numerals, the most usual traditional characters."""

import re
import unicodedata

Signs = tuple[str, ...]

_TRADITIONAL = "機電話視頻會議網絡臺頭線纜終顯響擴調製設備務軟體無單衛攝錄圖監測連結導轉換發壓統應廣係聯記護維離斷壞聲"
_SIMPLIFIED = "机电话视频会议网络台头线缆终显响扩调制设备务软体无单卫摄录图监测连结导转换发压统应广系联记护维离断坏声"
_AS_USUAL = str.maketrans(_TRADITIONAL + "兆", _SIMPLIFIED + "m")  # 370兆 is 370M
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "幺": 1, "两": 2}
_TENS = {"十": 10, "百": 100}
_NUMERAL = re.compile("[零〇幺一二两三四五六七八九十百]+")
_SIGN = re.compile(r"[a-z]+|[0-9]+|[^\W_]")
_LATIN = re.compile(r"[a-z0-9]+(?:[\s\-_./()+]+[a-z0-9]+)*")
_BREAKS = re.compile(r"[\s\-_./()+]+")


def plain(text: str) -> str:
    """The text as it is compared."""
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_AS_USUAL)
    return _NUMERAL.sub(lambda found: _number(found.group()), folded)


def signs(text: str) -> Signs:
    """Each character, each Latin word and each number of a plain text, in order."""
    return tuple(_SIGN.findall(text))


def models(text: str) -> Signs:
    """What may be a model in a plain text: Latin letters and digits, forgiven their dashes and spaces."""
    runs = (_BREAKS.sub("", run) for run in _LATIN.findall(text))
    return tuple(dict.fromkeys(run for run in runs if len(run) > 2))


def _number(numeral: str) -> str:
    """三 is 3, 二十一 is 21, 二零九 is 209."""
    if not set(numeral) & _TENS.keys():
        return "".join(str(_DIGITS[sign]) for sign in numeral)
    total, digit = 0, None
    for sign in numeral:
        if sign in _TENS:
            total += (1 if digit is None else digit) * _TENS[sign]
            digit = None
        else:
            digit = _DIGITS[sign]
    return str(total + (digit or 0))

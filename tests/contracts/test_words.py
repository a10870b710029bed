"""What people of each contract write is proposed as the right level of that contract."""

from collections.abc import Mapping

import pytest

from bot.config import settings
from sla.profile import Profile
from sla.understanding import propose
from tests.contracts import files

SAID = [
    ("shaoguan-command", "全市视频会议全部中断，所有分会场都掉线", "major"),
    ("shaoguan-command", "三楼会议室有一块拼接屏花屏", "general"),
    ("shaoguan-command", "请问调音台怎么静音", "consultation"),
    ("shaoguan-command", "下周汛期重保，申请派人值守", "other"),
    ("shaoguan-rescue", "指挥车失联，卫星链路中断", "major"),
    ("shaoguan-rescue", "有一台对讲机充不进电", "general"),
    ("shaoguan-rescue", "便携站怎么对星", "consultation"),
    ("shaoguan-rescue", "下月防汛演练，请派人参加", "other"),
    ("beijing-command-center", "请调取长安街路口监控画面", "image_retrieval"),
    ("beijing-command-center", "麻烦调看一下密云水库的实时画面", "image_retrieval"),
    ("beijing-command-center", "明天下午三点召开视频会，请安排会议保障", "meeting_guarantee"),
    ("beijing-command-center", "209 会议室话筒没有声音", "general"),
    ("beijing-command-center", "密云区监控画面黑屏", "general"),
    ("beijing-command-center", "值守区一台电脑遭攻击，疑似信息泄露", "major"),
    ("beijing-command-center", "请问录像在哪里下载", "consultation"),
    ("beijing-command-center", "申请给单兵账号开通权限", "other"),
    ("beijing-it-ops", "OA 打不开，大面积断网", "major"),
    ("beijing-it-ops", "公文传输专线丢包", "general"),
    ("beijing-it-ops", "服务器硬盘告警", "general"),
    ("beijing-it-ops", "如何设置邮箱签名", "consultation"),
    ("beijing-it-ops", "新来一位同事，申请开账号", "other"),
    ("beijing-it-ops", "申请开通一条专线", "other"),
    ("beijing-gov-cloud", "申请给云主机扩容", "other"),
    ("beijing-gov-cloud", "预警发布平台打不开", "important"),
    ("beijing-gov-cloud", "口令泄露，怀疑账号被盗", "important"),
    ("beijing-gov-cloud", "3 号云主机远程不上", "general"),
    ("beijing-gov-cloud", "传真发不出去", "general"),
    ("beijing-gov-cloud", "请问怎么看快照", "consultation"),
    ("beijing-gov-cloud", "两会前请安排漏洞扫描", "other"),
]


@pytest.fixture(scope="module")
def profiles() -> Mapping[str, Profile]:
    """All contracts, as the program reads them."""
    return settings.load(files.FOLDER.parent / "config.example.toml", {}).contracts


@pytest.mark.parametrize(("slug", "text", "level"), SAID)
def test_what_is_said_is_proposed(profiles: Mapping[str, Profile], slug: str, text: str, level: str) -> None:
    """The level that a dispatcher of the contract would give is the one that holds, or one of the two asked about."""
    profile = profiles[slug]
    found = propose(text, profile.word_list, profile.terms())
    assert level == found.level or level in found.unsure


@pytest.mark.parametrize("slug", files.SLUGS)
def test_what_says_nothing_is_the_usual_fault(profiles: Mapping[str, Profile], slug: str) -> None:
    """A message without words, such as a picture, is a fault of the mildest level, so that it is paged."""
    profile = profiles[slug]
    assert propose("", profile.word_list, profile.terms()).level == "general"

"""Settings as a clerk writes them, in a folder of their own."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.config import settings
from bot.config.settings import Settings

ROOT = Path(__file__).parent.parent.parent
TOKEN = "100:made-up-token-of-the-tests"
CHINESE: Mapping[str, str] = {}

PEOPLE = """
[[people]]
key = "engineer-1"
name = "值班工程师甲"
telegram_id = 2001
roles = [{ contract = "shaoguan-command", role = "engineer", post = "video" }]

[[people]]
key = "lead-1"
name = "技术负责人"
telegram_id = 2002
roles = [{ contract = "shaoguan-command", role = "technical_lead" }]

[[people]]
key = "manager-1"
name = "项目经理"
telegram_id = 2003
roles = [{ contract = "shaoguan-command", role = "project_manager" }]

[[people]]
key = "officer-1"
name = "监督管理员"
telegram_id = 2004
roles = [{ contract = "shaoguan-command", role = "supervising_officer" }]

[[people]]
key = "reporter-1"
name = "指挥中心值班员"
roles = [{ contract = "shaoguan-command", role = "reporter" }]

[[people]]
key = "admin-1"
name = "热线管理员"
roles = [{ contract = "shaoguan-command", role = "admin" }]

[[rosters]]
contract = "shaoguan-command"
role = "engineer"
rotation = { start = 2026-01-05T08:00:00+08:00, every = "24h", people = ["engineer-1"] }
"""

GROUP = """
[[groups]]
contract = "shaoguan-command"
chat_id = -1001
audience = "vendor"
"""

CONFIG = f"""
[telegram]
token = "{TOKEN}"
"""

BEGUN = "\nmonths = 12\nservice_start = 2026-01-01\n"
# Whenever the tests are run: the years are known, as they are where somebody writes each notice down.
CALENDAR = "".join(f"\n[calendar.{year}]\nholidays = [{year}-01-01]\n" for year in range(2027, 2100))


@dataclass(frozen=True)
class Folder:
    """A folder with config.toml, people.toml and contracts/."""

    path: Path

    @property
    def config(self) -> Path:
        """The file that commands are pointed at."""
        return self.path / "config.toml"

    def write(self, name: str, text: str) -> "Folder":
        """Write one file anew."""
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return self

    def change(self, name: str, old: str, new: str) -> "Folder":
        """Change words of one file."""
        text = (self.path / name).read_text(encoding="utf-8")
        assert old in text, f"{name} does not say {old!r}"
        return self.write(name, text.replace(old, new))

    def add(self, name: str, text: str) -> "Folder":
        """Add to the end of one file."""
        return self.write(name, (self.path / name).read_text(encoding="utf-8") + text)

    def load(self, env: Mapping[str, str] = CHINESE) -> Settings:
        """The settings as the program reads them."""
        return settings.load(self.config, env)


def good(path: Path) -> Folder:
    """A folder in which all is well."""
    folder = Folder(path)
    folder.write("config.toml", CALENDAR + CONFIG).write("people.toml", PEOPLE)
    for name in ("shaoguan-command.toml", "ledger-shaoguan-command.csv"):
        folder.write(f"contracts/{name}", (ROOT / "contracts" / name).read_text(encoding="utf-8"))
    return folder.change("contracts/shaoguan-command.toml", "\nmonths = 12\n", BEGUN)  # as it is once both have begun

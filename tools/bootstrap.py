"""Makes .venv with the locked packages and the hotline command; does nothing when nothing has changed.

Standard library only, and readable by an old Python, so that even the refusal of one is a sentence.
"""

from __future__ import annotations

import argparse
import fcntl
import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {"runtime": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}
OLDEST, NEWEST = (3, 11), (3, 15)  # the newest Python that every locked package has wheels for

# Two lines for sh, then Python: so a checkout path may hold spaces or be very long.
COMMAND = """#!/bin/sh
'''exec' "{python}" -P "$0" "$@"
' '''
import sys

from bot.cli import main

sys.exit(main())
"""


class Hindrance(Exception):
    """The set-up cannot go on; the text says what the reader can do."""


def main() -> int:
    """Brings .venv up to date and returns the exit code."""
    parser = argparse.ArgumentParser(description="准备 .venv 和 hotline 命令 (set up .venv)")
    parser.add_argument("--dev", action="store_true", help="连同测试和检查工具 (with test and lint tools)")
    parser.add_argument("--postgres", action="store_true", help="测试用的 PostgreSQL (server for tests)")
    wanted = parser.parse_args()
    held = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)  # two makes at once take turns; the lock ends with the process
    try:
        ensure_venv("dev" if wanted.dev else "runtime")
        if wanted.postgres:
            ensure_postgres()
    except Hindrance as hindrance:
        say(str(hindrance))
        return 1
    except subprocess.CalledProcessError as failure:
        say(f"安装没有完成：{' '.join(failure.cmd[:5])} … 返回 {failure.returncode}。原因见上面的输出。")
        return 1
    return 0


def ensure_venv(kind: str) -> None:
    """Installs the packages of this kind unless the stamp says that they are there."""
    if any(stamp(kept) == read(stamp_file(kept)) for kept in {kind, "dev"}) and PYTHON.exists():
        return
    if not (PYTHON.exists() and runs(str(PYTHON), "import pip, sys; assert sys.version_info >= (3, 11)")):
        shutil.rmtree(VENV, ignore_errors=True)  # an interrupted or foreign one
        python = choose_python()
        say(f"用 {python} 建立 .venv …")
        subprocess.run([python, "-m", "venv", str(VENV)], check=True)
    for old in LOCKS:
        stamp_file(old).unlink(missing_ok=True)
    say(f"按 {LOCKS[kind].name} 安装依赖 …")
    pip = [str(PYTHON), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    subprocess.run([*pip, "--only-binary", ":all:", "--require-hashes", "-r", str(LOCKS[kind])], check=True)
    write_command()
    stamp_file(kind).write_text(stamp(kind), encoding="utf-8")


def choose_python() -> str:
    """Returns the newest suitable Python that can make a venv, after installing that ability if need be."""
    able = [path for path in pythons() if runs(path, "import ensurepip, venv")]
    if able:
        return able[0]
    if not pythons():
        raise Hindrance("需要 Python 3.11 或更新的版本，PATH 上没有找到。(Python 3.11 or newer is needed.)")
    apt_install("python3-venv", "缺少 python3-venv，无法建立 .venv")
    able = [path for path in ["/usr/bin/python3", *pythons()] if runs(path, "import ensurepip, venv")]
    if not able:
        raise Hindrance("已安装 python3-venv，但 PATH 上的 Python 仍不能建立 .venv。")
    return able[0]


def pythons() -> list[str]:
    """Every suitable Python on PATH, the newest first; a name that does not run is passed over."""
    found: dict[tuple[int, int], str] = {}
    for folder in os.get_exec_path():
        for path in sorted(glob.glob(os.path.join(glob.escape(folder), "python3*"))):
            if re.fullmatch(r"python3(\.\d+)?", os.path.basename(path)):
                answer = run_quietly(path, "import sys; print(*sys.version_info[:2])").split()
                if len(answer) == 2 and OLDEST <= (int(answer[0]), int(answer[1])) <= NEWEST:
                    found.setdefault((int(answer[0]), int(answer[1])), path)
    return [found[version] for version in sorted(found, reverse=True)]


def ensure_postgres() -> None:
    """Sees to the server programs; a lack of them never stops the set-up: their tests say so themselves."""
    there = shutil.which("initdb") or glob.glob("/usr/lib/postgresql/*/bin/initdb")
    if there or os.environ.get("HOTLINE_TEST_POSTGRES"):
        return
    try:
        apt_install("postgresql", "没有找到测试用的 PostgreSQL 服务程序")
    except (Hindrance, subprocess.CalledProcessError) as hindrance:
        say(f"{hindrance} 相关测试将被跳过。(Its tests will be skipped.)")


def apt_install(package: str, lack: str) -> None:
    """Installs a Debian package when we are root, or says which one is missing."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Hindrance(f"{lack}。请先安装：sudo apt-get install {package}（please install {package}）")
    say(f"{lack}，现在安装 {package} …")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
    install = [*apt, "install", "-y", "--no-install-recommends", package]
    silent = subprocess.DEVNULL
    if subprocess.run(install, env=quiet, stdout=silent, stderr=silent).returncode:
        subprocess.run([*apt, "update"], env=quiet, check=True)
        subprocess.run(install, env=quiet, check=True, stdout=silent)


def write_command() -> None:
    """Puts .venv/bin/hotline in place, and the checkout on the import path of .venv."""
    (packages,) = VENV.glob("lib/python3*/site-packages")
    (packages / "hotline.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    command = VENV / "bin" / "hotline"
    command.write_text(COMMAND.format(python=PYTHON), encoding="utf-8")
    command.chmod(0o755)


def stamp(kind: str) -> str:
    """What .venv depends on, in one digest: this script, pyproject, the lock, the Python, the place."""
    parts = [Path(__file__), ROOT / "pyproject.toml", LOCKS[kind], VENV / "pyvenv.cfg"]
    return hashlib.sha256("\0".join([str(ROOT), *map(read, parts)]).encode()).hexdigest()


def stamp_file(kind: str) -> Path:
    """Where the digest of the last complete installation is kept."""
    return VENV / f"hotline-{kind}.stamp"


def read(path: Path) -> str:
    """The text of a file, or nothing if it is not there."""
    return path.read_text(encoding="utf-8") if path.exists() else ""


def runs(python: str, code: str) -> bool:
    """Whether this Python can do that."""
    return run_quietly(python, code + "\nprint('yes')") == "yes\n"


def run_quietly(python: str, code: str) -> str:
    """What this Python prints, or nothing when it fails."""
    try:
        return subprocess.run([python, "-I", "-c", code], capture_output=True, text=True, timeout=60).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def say(sentence: str) -> None:
    """Tells the person at the terminal."""
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())

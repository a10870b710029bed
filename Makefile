SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
CONFIG ?= config.toml
TEST_ARGS ?= -n auto --maxprocesses 4
UV ?= uv
LOCK := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help setup run demo test chaos bench check fix lock model classify-report

help: ## 列出这些命令（list these verbs）
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

setup: ## 准备 .venv 和 hotline 命令（create .venv with the hotline command）
	@$(PYTHON) tools/bootstrap.py

demo: setup ## 不用账号，在本机演示全过程（the whole story on this machine, no account; DEMO_ARGS="--once"）
	@$(BIN)/hotline demo $(DEMO_ARGS)

run: setup ## 按 config.toml 运行热线（run the bot; CONFIG=file）
	@$(BIN)/hotline run --config $(CONFIG)

test: ## 运行全部测试，含 PostgreSQL（all tests; TEST_ARGS="-k name"）
	@$(PYTHON) tools/bootstrap.py --dev --postgres
	@$(BIN)/python -m pytest $(TEST_ARGS)

chaos: ## 反复弄坏正在运行的热线，逐项核对承诺（hurt it, round after round; CHAOS_ARGS="--rounds 20"）
	@$(PYTHON) tools/bootstrap.py --dev --postgres
	@$(BIN)/python -m tests.chaos $(CHAOS_ARGS)

bench: ## 量速度，并与常见做法对比，打印一张表（figures beside the plain way; BENCH_ARGS="--quick"）
	@$(PYTHON) tools/bootstrap.py --dev --postgres
	@$(BIN)/python -m benchmarks $(BENCH_ARGS)

check: ## 检查写法、类型和导入次序（lint, format, types, import order）
	@$(PYTHON) tools/bootstrap.py --dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

fix: ## 自动修正写法（let ruff repair what it can）
	@$(PYTHON) tools/bootstrap.py --dev
	$(BIN)/ruff check --fix . && $(BIN)/ruff format .

lock: ## 重新锁定依赖版本，需要 uv（pin the dependencies anew; LOCK_ARGS=--upgrade）
	$(LOCK) $(LOCK_ARGS) --extra postgres --extra notify --extra ics -o requirements.lock pyproject.toml
	$(LOCK) $(LOCK_ARGS) --extra postgres --extra notify --extra ics --group test --group lint -c requirements.lock -o requirements-dev.lock pyproject.toml

model: ## 用已标注的消息重新生成分类模型（teach the model anew from the labelled messages）
	@$(BIN)/python -m bot classify --train --config config.example.toml -o sla/understanding/weights.txt

classify-report: ## 分类的准确度、校准、错例、速度，并记一行趋势（how well messages are understood）
	@$(BIN)/python -m benchmarks.understanding

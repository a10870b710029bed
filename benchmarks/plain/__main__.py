"""`python -m benchmarks.plain`: run the plain bot until it is told to stop."""

import argparse

from benchmarks.plain import bot
from benchmarks.post import TOKEN


def main() -> None:
    """Read the arguments and poll."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--api", required=True)
    parser.add_argument("--jobs", required=True)
    parser.add_argument("--page", type=int, nargs="+", required=True)
    args = parser.parse_args()
    bot.quiet()
    bot.application(TOKEN, args.api, bot.Duty(page=tuple(args.page), jobs=args.jobs)).run_polling()


if __name__ == "__main__":
    main()

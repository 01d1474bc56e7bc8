"""The command `galley-spark`."""

import argparse
import shutil
import sys

from . import issues


def parser():
    top = argparse.ArgumentParser(
        prog="galley-spark",
        description="Runs galley over a whole collection on Apache Spark: the same results as one machine has.",
        epilog="Exit codes: 0 done; 1 some records could not be processed (errors.jsonl has them); 2 nothing was done.",
    )
    commands = top.add_subparsers(dest="command", required=True)
    for name, text in [
        ("clean", "repair issues: files, and changes.jsonl with every change and finding"),
        ("check", "changes and findings, nothing repaired"),
        ("export", "articles, one record each"),
        ("duplicates", "copies of articles: pairs and clusters"),
    ]:
        command = commands.add_parser(name, help=text, description=text)
        command.add_argument("--in", dest="input", required=True, metavar="PATH", help="folder of texts, JSON Lines or Parquet")
        command.add_argument("--out", required=True, metavar="PATH", help="folder of the output; PATH.partial while it is made")
        command.add_argument("--master", metavar="URL", help="Spark's master: local[2], spark://host:7077 (default: as spark-submit says)")
        command.add_argument("--galley", default=shutil.which("galley") or "galley", metavar="FILE", help="the binary shipped to the workers")
        command.add_argument("--config", metavar="FILE", help="a galley.toml; its text is passed to every worker")
        command.add_argument("--root", metavar="DIR", help="the folder the galley.toml is taken to stand in (default: --in)")
        command.add_argument("--partitions", type=int, default=64, metavar="N", help="tasks of a stage (default 64); the output's files depend on it")
        command.add_argument("--format", choices=["jsonl", "parquet"], default="jsonl", help="of cleaned files and of pairs")
        command.add_argument("--keep-stages", action="store_true", help="keep what was between input and output")
    return top


def main(argv=None):
    args = parser().parse_args(argv)
    if args.partitions < 1:
        parser().error("--partitions is 1 or more")
    from .job import Job  # Spark takes seconds to import: not for --help

    try:
        job = Job(args)
        if args.command == "duplicates":
            from . import duplicates

            failed = duplicates.run(job)
        else:
            failed = issues.run(job)
    except SystemExit as error:
        if isinstance(error.code, str):
            print(error.code, file=sys.stderr)
            return 2
        raise
    if failed:
        print(f"galley-spark: {failed} records could not be processed: {args.out}/errors.jsonl", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

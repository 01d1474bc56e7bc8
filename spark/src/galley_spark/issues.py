"""clean, check and export: one task an issue, nothing between them."""

from pyspark.sql import functions as F

from . import records

FILES = "id string, files array<struct<path string, text string, bytes string, changed boolean>>"


def run(job):
    """Writes changes.jsonl, for clean the files, for export the articles, and errors.jsonl where there are any."""
    task = job.args.command
    answers = job.stage("answers", lambda: job.worker(records.issues(job), task))

    def of(*kinds):
        return answers.where(F.regexp_like("value", F.lit(f'^\\{{"kind":"({"|".join(kinds)})"')))

    closing = of("issue")
    if task == "export":
        job.output("articles.jsonl", of("article"))
    else:
        job.output("changes.jsonl", of("change", "finding"))
    if task == "clean":
        files = closing.select(F.from_json("value", FILES).alias("issue")).select("issue.id", F.explode("issue.files").alias("file"))
        files = files.select("id", "file.*")
        if job.args.format == "parquet":
            job.parquet("files.parquet", lambda: files)
        else:
            job.output("files.jsonl", files.select(F.to_json(F.struct("*"))))
    errors = of("error")
    failed = errors.count()
    if failed:
        job.output("errors.jsonl", errors)
    sums = ["applied", "held", "rejected", "displaced", "findings"]
    table = closing.select(F.from_json("value", ", ".join(f"{name} long" for name in sums)).alias("issue")).select("issue.*")
    row = table.agg(F.count("*").alias("issues"), *[F.coalesce(F.sum(name), F.lit(0)).alias(name) for name in sums]).first()
    job.finish({**row.asDict(), "errors": failed})
    return failed

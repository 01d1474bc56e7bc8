"""clean, check and export: one task an issue, nothing between them."""

from pyspark.sql import functions as F

from . import records

FILES = "id string, files array<struct<path string, text string, bytes string, changed boolean>>"


def run(job):
    """Writes changes.jsonl, for clean the files, for export the articles, and errors.jsonl where there are any."""
    task = job.args.command
    answers = job.stage("answers", lambda: job.worker(records.issues(job), task))

    def of(*kinds):
        starts = tuple(f'{{"kind":"{kind}"' for kind in kinds)
        return answers.filter(lambda line: line.startswith(starts))

    closing = of("issue")
    if task == "export":
        job.output("articles.jsonl", of("article"))
    else:
        job.output("changes.jsonl", of("change", "finding"))
    if task == "clean":
        files = job.spark.read.schema(FILES).json(closing).select("id", F.explode("files").alias("file")).select("id", "file.*")
        if job.args.format == "parquet":
            job.parquet("files.parquet", files)
        else:
            job.output("files.jsonl", files.toJSON())
    errors = of("error")
    failed = errors.count()
    if failed:
        job.output("errors.jsonl", errors)
    sums = ["applied", "held", "rejected", "displaced", "findings"]
    table = job.spark.read.schema(", ".join(f"{name} long" for name in sums)).json(closing)
    row = table.agg(F.count("*").alias("issues"), *[F.coalesce(F.sum(name), F.lit(0)).alias(name) for name in sums]).first()
    job.finish({**row.asDict(), "errors": failed})
    return failed

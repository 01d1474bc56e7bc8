"""Inputs as lines of JSON: issues of text files, JSON Lines and Parquet."""

import json
import re

from pyspark.sql import functions as F

JSON_LINES = r"(?i)\.(jsonl|ndjson)(\.gz)?$"
PARQUET = r"(?i)\.parquet$"


def names(job, pattern):
    """The input files whose name matches, in natural order."""
    found = [row[0] for row in job.files().select("path").where(F.col("path").rlike(pattern)).collect()]
    return sorted(found, key=natural)


def natural(path):
    """The order of `galley` itself: folder by folder, numbers by value."""
    return [[(0, int(run), "") if run.isdigit() else (1, 0, run) for run in re.findall(r"[0-9]+|[^0-9]+", part)] for part in path.split("/")]


def given(job):
    """Records that are lines already, in the order of the files and their lines; None where the input has files of text."""
    base = job.args.input.rstrip("/")
    lines = names(job, JSON_LINES)
    if lines:
        return job.context.textFile(",".join(f"{base}/{name}" for name in lines)).filter(lambda line: line.strip())
    if names(job, PARQUET):
        return job.spark.read.option("recursiveFileLookup", "true").parquet(base).toJSON()
    return None


def issues(job):
    """One line an issue. Which files are the pages of one issue is for `galley worker --task group` to say."""
    lines = given(job)
    if lines is not None:
        return lines
    base = job.args.input.rstrip("/")
    files = job.files().withColumn("path", F.concat(F.lit(base + "/"), "path"))
    folder = F.regexp_extract("path", r"^(.*)/[^/]*$", 1)
    folders = files.select(folder.alias("folder"), F.regexp_extract("path", r"([^/]*)$", 1).alias("name"))
    folders = folders.groupBy("folder").agg(F.sort_array(F.collect_list("name")).alias("names")).toJSON()
    groups = job.worker(folders, "group").map(json.loads).filter(lambda group: group["kind"] == "group")
    rows = groups.flatMap(lambda group: [(group["id"], n, path) for n, path in enumerate(group["paths"])])
    groups = job.spark.createDataFrame(rows, "id string, n int, path string")
    whole = groups.join(files.select("path", F.base64("content").alias("bytes")), "path")
    whole = whole.groupBy("id").agg(F.sort_array(F.collect_list(F.struct("n", "path", "bytes"))).alias("files"))
    return whole.repartition(job.args.partitions, "id").sortWithinPartitions("id").toJSON()

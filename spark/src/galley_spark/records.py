"""Inputs as lines of JSON: issues of text files, JSON Lines and Parquet."""

import json
import re
from urllib.parse import unquote, urlsplit

from pyspark.sql import functions as F

JSON_LINES = r"(?i)\.(jsonl|ndjson)(\.gz)?$"
PARQUET = r"(?i)\.parquet$"
# The file of a row, as a URI, and where the part of it starts that one task reads.
_PLACE = ["_metadata.file_path AS path", "_metadata.file_block_start AS block"]


def names(job, pattern):
    """The input files whose name matches, in natural order."""
    found = [row[0] for row in job.files().select("path").where(F.col("path").rlike(pattern)).collect()]
    return sorted(found, key=natural)


def natural(path):
    """The order of `galley` itself: folder by folder, numbers by value."""
    return [[(0, int(run), "") if run.isdigit() else (1, 0, run) for run in re.findall(r"[0-9]+|[^0-9]+", part)] for part in path.split("/")]


def given(job):
    """Records that are lines already, in the order of the files and their lines; None where the input has files of text."""
    base = job.base
    lines = names(job, JSON_LINES)
    if lines:
        return job.read(",".join(f"{base}/{name}" for name in lines)).where(F.regexp_like("value", F.lit(r"\S")))
    if names(job, PARQUET):
        return job.spark.read.option("recursiveFileLookup", "true").parquet(base).select(F.to_json(F.struct("*")).alias("value"))
    return None


def issues(job):
    """One line an issue. Which files are the pages of one issue is for `galley worker --task group` to say."""
    lines = given(job)
    if lines is not None:
        return lines
    files = job.files().withColumn("path", F.concat(F.lit(job.shown), "path"))
    folder = F.regexp_extract("path", r"^(.*)/[^/]*$", 1)
    folders = files.select(folder.alias("folder"), F.regexp_extract("path", r"([^/]*)$", 1).alias("name"))
    folders = folders.groupBy("folder").agg(F.sort_array(F.collect_list("name")).alias("names")).select(F.to_json(F.struct("*")))
    groups = job.worker(folders, "group").select(F.from_json("value", "kind string, id string, paths array<string>").alias("group"))
    groups = groups.where("group.kind = 'group'").select("group.id", F.posexplode("group.paths").alias("n", "path"))
    whole = groups.join(files.select("path", F.base64("content").alias("bytes")), "path")
    whole = whole.groupBy("id").agg(F.sort_array(F.collect_list(F.struct("n", "path", "bytes"))).alias("files"))
    return whole.repartition(job.args.partitions, "id").sortWithinPartitions("id").select(F.to_json(F.struct("*")).alias("value"))


def articles(job):
    """A row an article: n, its number in the order of the input, and the line {"n", "path", "line", "record": as it came in}."""
    base = job.base
    lines, tables = names(job, JSON_LINES), names(job, PARQUET)
    if lines or tables:
        reader = job.spark.read.option("recursiveFileLookup", "true")
        if lines:
            rows = reader.text([f"{base}/{name}" for name in lines]).selectExpr("value AS record", *_PLACE)
        else:
            table = reader.parquet(*[f"{base}/{name}" for name in tables])
            rows = table.selectExpr("to_json(struct(*)) AS record", *_PLACE)
        return _numbered(job, rows)
    return _line(job.table("articles", lambda: _in_order(job)), F.lit('""'))


def _in_order(job):
    """The articles of issues, numbered in the natural order of their names."""
    found = job.worker(issues(job), "articles").where(F.startswith("value", F.lit('{"id"'))).rdd.map(lambda row: row[0])
    found = found.map(lambda line: (natural(json.loads(line)["id"]), line)).sortByKey(numPartitions=job.args.partitions)
    return found.zipWithIndex().map(lambda row: (row[1], 0, row[0][1])).toDF("n long, line long, record string")


def _line(rows, path):
    parts = (F.lit('{"n":'), "n", F.lit(',"path":'), path, F.lit(',"line":'), "line", F.lit(',"record":'), "record", F.lit("}"))
    return rows.select("n", F.concat(*parts).alias("value"))


def _numbered(job, rows):
    """The lines of all files numbered through, in natural order of the files; the line of the file starts at 1.

    Rows of one block of one file stand together in one partition, and `monotonically_increasing_id` counts within partitions: where each
    block starts is all that one pass has to find out."""
    rows = rows.withColumn("id", F.monotonically_increasing_id())
    blocks = rows.groupBy("path", "block").agg(F.min("id").alias("first"), F.count("*").alias("count")).collect()
    blocks.sort(key=lambda block: (natural(unquote(block["path"])), block["block"]))
    starts, number, line, path = [], 0, 0, None
    root = len(job.root()) + 1
    for block in blocks:
        line = line if block["path"] == path else 0
        path = block["path"]
        given = json.dumps(job.shown + unquote(urlsplit(path).path)[root:], ensure_ascii=False)
        starts.append((path, block["block"], number - block["first"], line + 1 - block["first"], given))
        number, line = number + block["count"], line + block["count"]
    starts = job.spark.createDataFrame(starts, "path string, block long, to_n long, to_line long, given string")
    rows = rows.join(F.broadcast(starts), ["path", "block"]).where(F.regexp_like("record", F.lit(r"\S")))
    return _line(rows.selectExpr("id + to_n AS n", "id + to_line AS line", "record", "given"), F.col("given"))

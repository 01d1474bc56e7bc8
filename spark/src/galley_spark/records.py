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
        return job.context.textFile(",".join(f"{base}/{name}" for name in lines)).filter(lambda line: line.strip())
    if names(job, PARQUET):
        return job.spark.read.option("recursiveFileLookup", "true").parquet(base).toJSON()
    return None


def issues(job):
    """One line an issue. Which files are the pages of one issue is for `galley worker --task group` to say."""
    lines = given(job)
    if lines is not None:
        return lines
    base = job.base
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


def articles(job):
    """One line an article: {"n": its number in the order of the input, "path", "line", "record": as it came in}."""
    base = job.base
    lines, tables = names(job, JSON_LINES), names(job, PARQUET)
    if lines or tables:
        reader = job.spark.read.option("recursiveFileLookup", "true")
        if lines:
            rows = reader.text([f"{base}/{name}" for name in lines]).selectExpr("value AS record", *_PLACE)
        else:
            table = reader.parquet(*[f"{base}/{name}" for name in tables])
            rows = table.selectExpr("to_json(struct(*)) AS record", *_PLACE)
        return _numbered(job, rows.rdd.mapPartitions(_counted))
    found = job.worker(issues(job), "articles").filter(lambda line: line.startswith('{"id"'))
    found = found.map(lambda line: (natural(json.loads(line)["id"]), line)).sortByKey(numPartitions=job.args.partitions)
    return found.zipWithIndex().map(lambda row: '{"n":%d,"path":"","line":0,"record":%s}' % (row[1], row[0][1]))



def _counted(rows):
    """Each row with its place and its number in its block of its file."""
    last, count = None, 0
    for row in rows:
        place = (row["path"], row["block"])
        count = count + 1 if place == last else 0
        last = place
        yield place, count, row["record"]


def _numbered(job, rows):
    """The lines of all files numbered through, in natural order of the files; the line of the file starts at 1."""
    rows.persist()
    blocks = rows.map(lambda row: (row[0], 1)).reduceByKey(lambda x, y: x + y).collect()
    blocks.sort(key=lambda block: (natural(unquote(block[0][0])), block[0][1]))
    starts, number, line, path = {}, 0, 0, None
    for (file, block), count in blocks:
        line = line if file == path else 0
        starts[file, block] = (number, line)
        number, line, path = number + count, line + count, file
    start, base = len(job.root()), job.base

    def wrapped(row):
        place, count, record = row
        number, line = starts[place]
        path = json.dumps(base + unquote(urlsplit(place[0]).path)[start:], ensure_ascii=False)
        return '{"n":%d,"path":%s,"line":%d,"record":%s}' % (number + count, path, line + count + 1, record)

    return rows.filter(lambda row: row[2].strip()).map(wrapped)

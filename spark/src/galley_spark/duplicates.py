"""Copies of articles, as `galley duplicates` finds them: its own steps, joined over machines.

sketch → texts that are exactly the same go on as the first of them → hashes by bin → links by text → pairs that share enough, of each text
the nearest → verify → pairs and clusters. What a hash weighs, what is enough and what is nearer is for the binary to say
(`--task links`, `shared`, `candidates`, `constants`); every number that decides stands there once.
"""

import json
import subprocess

from pyspark.sql import Window
from pyspark.sql import functions as F

from . import records
from .clusters import clusters

SKETCH = "kind string, n long, exact string, units long, size struct<hashes: int, common: int, noisy: boolean>, bins array<string>"
# Texts that are the same as one of very many, in one record for the binary.
TOGETHER = 64


def run(job):
    """Writes pairs.jsonl and clusters.jsonl (or pairs.parquet, clusters.parquet), and errors.jsonl where there are any."""
    n = job.args.partitions
    constants = json.loads(subprocess.run([job.args.galley, "worker", "--task", "constants"], input="", check=True, capture_output=True, text=True).stdout)
    lines = records.articles(job)
    sketches = job.table("sketches", lambda: _sketches(job, lines))
    good = sketches.where("units > 0")

    # A text and those that are the same: each group goes on as its first.
    groups = good.groupBy("exact").agg(F.sort_array(F.collect_list("n")).alias("members")).where(F.size("members") > 1)
    groups = groups.select(F.col("members")[0].alias("first"), "members")
    later = groups.select(F.explode(F.expr("slice(members, 2, size(members))")).alias("n"))
    candidates = job.table("candidates", lambda: _candidates(job, good.join(later, "n", "left_anti"), constants["nearest"]))
    pairs = job.table("pairs", lambda: _pairs(job, lines, _wanted(candidates, groups, constants["exact_members"])))

    errors = sketches.select("error").union(pairs.select("error")).where("error IS NOT NULL")
    pairs = pairs.where("error IS NULL")
    texts, last = good.select(F.count("*"), F.max("n")).first()
    # The order of the output by its own means: a sorting Spark would take a sample, which is another one each time.
    part = (F.col("b") * n / ((last or 0) + 1)).cast("int")
    ordered = pairs.repartitionById(n, part).sortWithinPartitions("b", "a").select("record")
    merged = pairs.where("merges").selectExpr("a", "b", "from_json(record, 'a string, b string') AS id")
    found = clusters(job.spark, merged, job.table)
    if job.args.format == "parquet":
        job.parquet("pairs.parquet", lambda: _table(job, ordered))
        job.parquet("clusters.parquet", lambda: _table(job, found))
    else:
        job.output("pairs.jsonl", ordered)
        job.output("clusters.jsonl", found)
    failed = errors.count()
    if failed:
        job.output("errors.jsonl", errors)
    job.finish({"texts": texts, "pairs": pairs.count(), "clusters": found.count(), "errors": failed})
    return failed


def _table(job, lines):
    return job.spark.read.json(lines.rdd.map(lambda row: row[0]))


def _sketches(job, lines):
    answers = job.worker(lines.select("value"), "sketch", "--bins", str(job.args.partitions))
    parsed = answers.select(F.from_json("value", SKETCH).alias("sketch"), "value")
    return parsed.select("sketch.*", F.when(F.col("sketch.kind") == "error", F.col("value")).alias("error"))


def _candidates(job, sketches, nearest):
    """Of each text the nearest before it that share enough with it."""
    n, task = job.args.partitions, job.worker
    bins = sketches.select("n", F.posexplode("bins").alias("bin", "hashes")).where("hashes <> ''")
    bins = bins.repartitionById(n, "bin").sortWithinPartitions("n")
    links = task(bins.select(F.concat(F.lit('{"n":'), "n", F.lit(',"hashes":"'), "hashes", F.lit('"}'))), "links")
    # {"b":…,"links":…}: what is in the line is for the next step alone.
    links = links.withColumn("b", F.substring_index(F.substr("value", F.lit(6)), ",", 1).cast("long"))
    shared = task(links.repartition(n, "b").sortWithinPartitions("b").select("value"), "shared")
    shared = shared.select(F.from_json("value", "a long, b long, rare long, evidence long, frequent long").alias("pair")).select("pair.*")
    for side in "ab":
        shared = shared.join(sketches.select(F.col("n").alias(side), F.col("size").alias(f"size_{side}")), side)
    found = task(shared.select(F.to_json(F.struct("*"))), "candidates")
    found = found.select(F.from_json("value", "a long, b long, rank long").alias("pair")).select("pair.*")
    place = F.row_number().over(Window.partitionBy("b").orderBy(F.desc("rank"), "a"))
    return found.withColumn("place", place).where(F.col("place") <= nearest).select("a", "b")


def _wanted(candidates, groups, shown):
    """Which texts make up which record for `verify`: record (exact, a, b), side, n.

    A pair of first texts goes with those that are the same as either, up to `shown`. Of texts that are the same, the first `shown` make one
    record, and the later ones with the first of them others."""
    first = groups.select("first", F.slice("members", 1, shown).alias("shown"))
    near = candidates.select(F.lit(False).alias("exact"), "a", "b", F.explode(F.array(F.lit("a"), F.lit("b"))).alias("side"))
    near = near.withColumn("first", F.when(F.col("side") == "a", F.col("a")).otherwise(F.col("b"))).join(first, "first", "left")
    near = near.select("exact", "a", "b", "side", F.explode(F.coalesce("shown", F.array("first"))).alias("n"))
    place = F.posexplode("members").alias("place", "n")
    record = F.when(F.col("place") < shown, 0).otherwise(F.floor((F.col("place") - shown) / TOGETHER) + 1).alias("b")
    of_group = groups.select("first", place).select(F.lit(True).alias("exact"), F.col("first").alias("a"), record, "n")
    side = F.when(F.col("b") == 0, "a").otherwise("b").alias("side")
    again = of_group.where("b > 0").select("exact", "a", "b", F.lit("a").alias("side"), F.col("a").alias("n")).distinct()
    return near.union(of_group.select("exact", "a", "b", side, "n")).union(again)


def _pairs(job, lines, wanted):
    """The copies among the pairs wanted, each with its record."""
    def texts(side):
        # Nulls are not collected: these are the texts of one side, in order.
        of = F.sort_array(F.collect_list(F.when(F.col("side") == side, F.struct("n", "value"))))
        return F.array_join(F.transform(of, lambda text: text["value"]), ",").alias(f"side_{side}")

    rows = wanted.join(lines, "n").groupBy("exact", "a", "b").agg(texts("a"), texts("b"))
    parts = (F.lit('{"exact":'), F.col("exact").cast("string"), F.lit(',"a":['), "side_a", F.lit('],"b":['), "side_b", F.lit("]}"))
    answers = job.worker(rows.select(F.concat(*parts)), "verify")
    # {"n":[a,b],"merges":…,"record":{…}}: the record is passed on as it is, to the byte.
    head = F.substring_index("value", ',"record":', 1)
    tail = F.expr("substring(value, length(head) + 11, length(value) - length(head) - 11)")
    answers = answers.withColumn("head", head).withColumn("about", F.from_json(F.concat("head", F.lit("}")), "n array<long>, merges boolean"))
    error = F.when(F.startswith("value", F.lit('{"kind":"error"')), F.col("value"))
    return answers.select(F.col("about.n")[0].alias("a"), F.col("about.n")[1].alias("b"), "about.merges", tail.alias("record"), error.alias("error"))

"""Copies of articles, as `galley duplicates` finds them: its own steps, joined over machines.

sketch → texts that are exactly the same go on as the first of them → the texts of each hash, hot ones cut to their first few → pairs that
share enough, of each text the nearest → verify → pairs and clusters. What a hash weighs, what is enough and what is nearer is for the
binary to say (`--task constants`, `candidates`); every number that decides stands there once.
"""

import json
import re
import subprocess

from pyspark.sql import Window
from pyspark.sql import functions as F

from . import records

SKETCH = (
    "n long, exact string, units long, common long, noisy boolean, hashes array<long>"  # 32 bits without a sign need a long
)
ANSWER = re.compile(r'^\{"n":\[(\d+),(\d+)\],"merges":(true|false),"record":(.*)\}$', re.DOTALL)


def run(job):
    """Writes pairs.jsonl and clusters.jsonl (or pairs.parquet, clusters.parquet), and errors.jsonl where there are any."""
    spark, n = job.spark, job.args.partitions
    constants = json.loads(subprocess.run([job.args.galley, "worker", "--task", "constants"], input="", check=True, capture_output=True, text=True).stdout)
    lines = job.stage("records", lambda: records.articles(job))
    answers = job.stage("sketches", lambda: job.worker(lines, "sketch"))
    errors = answers.filter(lambda line: line.startswith('{"kind":"error"'))
    sketches = spark.read.schema(SKETCH).json(answers.filter(lambda line: line.startswith('{"kind":"sketch"'))).where("units > 0")

    # A text and those that are the same: each group goes on as its first.
    same = sketches.groupBy("exact").agg(F.sort_array(F.collect_list("n")).alias("members"))
    firsts = same.select(F.col("members")[0].alias("n"), F.slice("members", 1, constants["exact_members"]).alias("shown"))
    exact = same.where(F.size("members") > 1).select(F.posexplode("members").alias("i", "b"), "members")
    before = F.when(F.col("i") < constants["exact_members"], F.expr("slice(members, 1, i)")).otherwise(F.expr("slice(members, 1, 1)"))
    exact = exact.where("i > 0").select(F.explode(before).alias("a"), "b")

    sizes = sketches.select("n", F.struct(F.size("hashes").alias("hashes"), "common", "noisy").alias("size"))
    found = job.stage("candidates", lambda: job.worker(_shared(sketches.join(firsts.select("n"), "n"), sizes, constants, n), "candidates"))
    candidates = spark.read.schema("a long, b long, rank long").json(found)
    nearest = Window.partitionBy("b").orderBy(F.desc("rank"), "a")
    candidates = candidates.withColumn("place", F.row_number().over(nearest)).where(F.col("place") <= constants["nearest"]).select("a", "b")

    def verified():
        texts = lines.map(lambda line: (int(line[5 : line.index(",")]), line)).toDF("n long, line string")
        shown = firsts.select("n", F.explode("shown").alias("member")).join(texts.withColumnRenamed("n", "member"), "member")
        shown = shown.groupBy("n").agg(F.sort_array(F.collect_list(F.struct("member", "line"))).alias("members"))
        shown = shown.select("n", F.col("members.line").alias("lines"))
        a, b = (shown.select(F.col("n").alias(side), F.col("lines").alias(f"lines_{side}")) for side in "ab")
        near = candidates.join(a, "a").join(b, "b").select("a", "b", "lines_a", "lines_b", F.lit(False).alias("exact"))
        one = [texts.select(F.col("n").alias(side), F.array("line").alias(f"lines_{side}")) for side in "ab"]
        twins = exact.join(one[0], "a").join(one[1], "b").select("a", "b", "lines_a", "lines_b", F.lit(True).alias("exact"))
        rows = near.unionByName(twins).repartition(n, "a", "b").sortWithinPartitions("b", "a").rdd
        return job.worker(rows.map(_pair), "verify")

    answers = job.stage("pairs", verified)
    errors = errors.union(answers.filter(lambda line: line.startswith('{"kind":"error"')))
    pairs = answers.map(ANSWER.match).filter(bool).map(lambda m: (int(m[2]), int(m[1]), m[3] == "true", m[4]))
    ordered = pairs.sortBy(lambda pair: pair[:2], numPartitions=n).map(lambda pair: pair[3])
    clusters = _clusters(job, pairs.filter(lambda p: p[2]).map(lambda p: (p[1], p[0])), answers)
    if job.args.format == "parquet":
        job.parquet("pairs.parquet", spark.read.json(ordered))
        job.parquet("clusters.parquet", spark.read.json(clusters))
    else:
        job.output("pairs.jsonl", ordered)
        job.output("clusters.jsonl", clusters)
    failed = errors.count()
    if failed:
        job.output("errors.jsonl", errors)
    job.finish({"texts": sketches.count(), "pairs": pairs.count(), "clusters": clusters.count(), "errors": failed})
    return failed


def _pair(row):
    """The records of both sides as they came in; they are JSON already."""
    sides = (",".join(row[f"lines_{side}"]) for side in "ab")
    return '{"exact":%s,"a":[%s],"b":[%s]}' % (str(row["exact"]).lower(), *sides)


def _shared(sketches, sizes, constants, partitions):
    """Pairs of texts with what they share, as lines. A hash of very many texts is counted in parts, each of which keeps its first few,
    so that no task ever holds all of them."""
    postings = sketches.select("n", F.explode("hashes").alias("hash"))
    frequent, kept = constants["frequent"], constants["kept"]
    parts = postings.groupBy("hash", F.pmod("n", F.lit(16)).alias("salt")).agg(
        F.count("*").alias("count"), F.slice(F.sort_array(F.collect_list("n")), 1, frequent).alias("first")
    )
    hashes = parts.groupBy("hash").agg(
        F.sum("count").alias("count"), F.sort_array(F.flatten(F.collect_list("first"))).alias("first")
    )
    weight = F.lit(0)
    for most, weighs in reversed(constants["weights"]):
        weight = F.when(F.col("count") <= most, weighs).otherwise(weight)
    hashes = hashes.where("count > 1").select(
        "hash",
        weight.alias("weight"),
        F.explode(F.when(F.col("count") > frequent, F.slice("first", 1, kept)).otherwise(F.col("first"))).alias("a"),
    )
    linked = postings.join(hashes, "hash").where("a < n")
    shared = linked.groupBy("a", F.col("n").alias("b")).agg(
        F.sum((F.col("weight") > 0).cast("long")).alias("rare"),
        F.sum("weight").alias("evidence"),
        F.sum((F.col("weight") == 0).cast("long")).alias("frequent"),
    )
    shared = shared.where((F.col("evidence") >= constants["evidence"]) | (F.col("rare") + F.col("frequent") >= constants["shared_frequent"]))
    a, b = (sizes.select(F.col("n").alias(side), F.col("size").alias(f"size_{side}")) for side in "ab")
    return shared.join(a, "a").join(b, "b").toJSON()


def _clusters(job, edges, answers):
    """Connected components by alternating stars (Kiveris et al., "Connected Components in MapReduce and Beyond", 2014): every text ends
    up linked to the smallest of its component. The members are named by the ids of the pairs."""
    links = edges.map(lambda e: (max(e), min(e))).toDF("v long, u long").distinct().localCheckpoint()
    seen = None
    while True:
        # Large star: what a node is linked to and is larger goes to the smallest it knows.
        both = links.union(links.select(F.col("u").alias("v"), F.col("v").alias("u")))
        least = both.groupBy("v").agg(F.least(F.min("u"), F.col("v")).alias("m"))
        large = both.join(least, "v").where("u > v").select(F.col("u").alias("v"), F.col("m").alias("u")).distinct()
        # Small star: what is smaller, and the node itself, goes to the smallest.
        least = large.groupBy("v").agg(F.min("u").alias("m"))
        small = large.join(least, "v").select(F.col("u").alias("v"), F.col("m").alias("u")).union(least.select("v", F.col("m").alias("u")))
        links = small.where("v <> u").distinct().localCheckpoint()
        now = links.agg(F.count("*"), F.sum(F.xxhash64("v", "u").cast("decimal(38,0)"))).first()
        if now == seen:
            break
        seen = now
    names = answers.map(ANSWER.match).filter(bool).flatMap(_named).distinct()
    members = links.rdd.flatMap(lambda link: [(link["v"], link["u"]), (link["u"], link["u"])]).distinct().join(names)
    named = members.map(lambda m: (m[1][0], (m[0], m[1][1]))).groupByKey().mapValues(lambda of: [name for _, name in sorted(of)])
    numbered = named.sortByKey(numPartitions=1).values().zipWithIndex()
    return numbered.map(
        lambda g: json.dumps({"kind": "cluster", "v": 1, "cluster": g[1] + 1, "members": g[0]}, ensure_ascii=False, separators=(",", ":"))
    )


def _named(match):
    record = json.loads(match[4])
    return [(int(match[1]), record["a"]), (int(match[2]), record["b"])]

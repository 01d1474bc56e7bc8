"""Clusters: the connected components of pairs that merge, as lines of JSON in the order of their first members."""

import itertools
import json

from pyspark.sql import functions as F

# Pairs that fit into the driver's memory many times over: one pass there costs less than Spark takes to plan one of its own.
FEW = 1_000_000


def clusters(spark, pairs, table, few=FEW):
    """Of pairs (a, b, id: struct<a, b>); members are named by the ids. `table` keeps a table that is made once (`Job.table`)."""
    if pairs.count() > few:
        return _everywhere(pairs, table).zipWithIndex().map(_line).toDF("value string")
    return spark.createDataFrame([_line(group) for group in zip(_here(pairs.collect()), itertools.count())], "value string").coalesce(1)


def _line(group):
    names, before = group
    record = {"kind": "cluster", "v": 1, "cluster": before + 1, "members": names}
    return (json.dumps(record, ensure_ascii=False, separators=(",", ":")),)


def _here(pairs):
    """By union-find; the smallest number stands for its group."""
    above, names = {}, {}

    def find(text):
        while above.setdefault(text, text) != text:
            above[text] = above[above[text]]
            text = above[text]
        return text

    for a, b, (id_a, id_b) in pairs:
        names[a], names[b] = id_a, id_b
        low, high = sorted((find(a), find(b)))
        above[high] = low
    groups = {}
    for text in sorted(names):
        groups.setdefault(find(text), []).append(names[text])
    return [groups[first] for first in sorted(groups)]


def _everywhere(pairs, table):
    """By alternating stars (Kiveris et al., "Connected Components in MapReduce and Beyond", 2014): every text ends up linked to the
    smallest of its component. Each round stands on disk, where no killed executor takes it along."""
    links = table("links-0", lambda: pairs.select(F.greatest("a", "b").alias("v"), F.least("a", "b").alias("u")).distinct())
    seen = None
    for turn in itertools.count(1):
        # Large star: what a node is linked to and is larger goes to the smallest it knows.
        both = links.union(links.select(F.col("u").alias("v"), F.col("v").alias("u")))
        least = both.groupBy("v").agg(F.least(F.min("u"), F.col("v")).alias("m"))
        large = both.join(least, "v").where("u > v").select(F.col("u").alias("v"), F.col("m").alias("u")).distinct()
        # Small star: what is smaller, and the node itself, goes to the smallest.
        least = large.groupBy("v").agg(F.min("u").alias("m"))
        small = large.join(least, "v").select(F.col("u").alias("v"), F.col("m").alias("u")).union(least.select("v", F.col("m").alias("u")))
        links = table(f"links-{turn}", lambda links=small: links.where("v <> u").distinct())
        now = links.agg(F.count("*"), F.sum(F.xxhash64("v", "u").cast("decimal(38,0)"))).first()
        if now == seen:
            break
        seen = now
    names = pairs.selectExpr("a AS v", "id.a AS name").union(pairs.selectExpr("b", "id.b")).distinct()
    members = links.union(links.selectExpr("u AS v", "u")).distinct().join(names, "v")
    groups = members.groupBy("u").agg(F.sort_array(F.collect_list(F.struct("v", "name"))).alias("members"))
    return groups.repartition(1).sortWithinPartitions("u").select("members.name").rdd.map(lambda row: row[0])

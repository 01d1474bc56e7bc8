"""The same results as one machine has, in Spark's local mode.

usage: GALLEY=target/release/galley python -m unittest discover spark/tests
GALLEY_ARTICLES names more articles to compare (JSON Lines), GALLEY_ISSUES more issues to clean (a folder of texts).
"""

import glob
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
REPO = os.path.dirname(os.path.dirname(HERE))
GALLEY = os.path.abspath(os.environ.get("GALLEY", os.path.join(REPO, "target/release/galley")))


def spark(command, source, out, *options, code=0):
    """Runs the command as a user does; a session of Spark each."""
    # Of so short a job, half would be the compiler of the Java machine at its highest level.
    quick = {"JAVA_TOOL_OPTIONS": "-XX:TieredStopAtLevel=1"}
    environment = {**os.environ, **quick, "PYTHONPATH": os.path.join(REPO, "spark/src"), "PYSPARK_PYTHON": sys.executable}
    run = subprocess.run(
        [sys.executable, "-m", "galley_spark.main", command, "--in", source, "--out", out, "--galley", GALLEY, "--master", "local[2]",
         "--partitions", "4", *options],
        env=environment, stderr=None if os.environ.get("SPARK_LOGS") else subprocess.DEVNULL,
    )  # fmt: skip
    assert run.returncode == code, run.returncode


def lines(folder):
    found = []
    for part in sorted(glob.glob(os.path.join(folder, "part-*"))):
        with open(part, encoding="utf-8") as file:
            found += file.read().split("\n")[:-1]
    return found


def digest(folder):
    """All bytes of an output that are data: file names and contents."""
    total = hashlib.sha256()
    for path in sorted(glob.glob(os.path.join(folder, "**/part-*"), recursive=True)):
        with open(path, "rb") as file:
            total.update(os.path.relpath(path, folder).encode() + file.read())
    return total.hexdigest()


class Equal(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def articles(self):
        """Notices of one form, made articles with copies, texts that are the same many times over or nearly so, and a line that is none."""
        made = subprocess.run([sys.executable, os.path.join(REPO, "benches/make_articles.py"), "400"], check=True, capture_output=True, text=True)
        rows = made.stdout.splitlines()
        with open(os.path.join(REPO, "testdata/duplicates/notices.jsonl"), encoding="utf-8") as file:
            notices = file.read().splitlines()
        copies = [{**json.loads(rows[3]), "id": f"again-{i}"} for i in range(80)] + [{**json.loads(rows[99]), "id": "again-too"}]
        letters = json.loads(rows[5])["text"]
        copies += [{"id": f"nearly-{i}", "text": "".join("x" if (at * 31 + i * 7 + at * i) % 59 == 0 else c for at, c in enumerate(letters))} for i in range(40)]
        os.mkdir(self.path("in"))
        for name, of in [("b10.jsonl", rows), ("b9.jsonl", notices + ["", "no json"]), ("c.jsonl", [json.dumps(c) for c in copies])]:
            with open(self.path("in", name), "w", encoding="utf-8") as file:
                file.write("\n".join(of) + "\n")
        return self.path("in")

    def same_copies(self, source, code=0):
        single = subprocess.run([GALLEY, "duplicates", "--no-config", "--format", "jsonl", source], capture_output=True, text=True).stdout
        single = single.splitlines()
        spark("duplicates", source, self.path("out"), code=code)
        pairs, clusters = lines(self.path("out/pairs.jsonl")), lines(self.path("out/clusters.jsonl"))
        self.assertGreater(len(pairs), 20)
        self.assertEqual(pairs, [line for line in single if not line.startswith('{"kind":"cluster"')])
        self.assertEqual(clusters, [line for line in single if line.startswith('{"kind":"cluster"')])

    def test_copies(self):
        source = self.articles()
        self.same_copies(source, code=1)
        errors = [json.loads(line) for line in lines(self.path("out/errors.jsonl"))]
        self.assertEqual(len(errors), 1)
        self.assertIn("b9.jsonl:", errors[0]["id"])
        first = digest(self.path("out"))
        spark("duplicates", source, self.path("out"), code=1)
        self.assertEqual(digest(self.path("out")), first, "a job that is submitted again gives the same bytes")
        self.assertFalse(os.path.exists(self.path("out.partial")))

    @unittest.skipUnless(os.environ.get("GALLEY_ARTICLES"), "GALLEY_ARTICLES is not set")
    def test_copies_of_more_articles(self):
        self.same_copies(os.environ["GALLEY_ARTICLES"])

    def test_clusters_here_and_in_spark(self):
        source = os.path.join(REPO, "spark/src")
        sys.path.insert(0, source)
        for name, value in [("PYTHONPATH", source), ("PYSPARK_PYTHON", sys.executable)]:
            os.environ[name] = value  # of Spark's own Python processes
        from galley_spark.clusters import clusters
        from pyspark.sql import SparkSession

        session = SparkSession.builder.master("local[2]").config("spark.sql.shuffle.partitions", "2").getOrCreate()
        self.addCleanup(session.stop)
        # A chain, the largest in its middle, a star and a ring.
        links = [(n, 99) for n in (3, 4)] + [(n, n + 10) for n in range(4, 40, 10)] + [(50, n) for n in range(51, 58)] + [(60, 61), (61, 62), (60, 62)]
        pairs = session.createDataFrame([(a, b, (f"“{a}\x1f", f"“{b}\x1f")) for a, b in links], "a long, b long, id struct<a: string, b: string>")
        table = lambda _name, make: make().localCheckpoint()  # noqa: E731
        here, spread = ([row[0] for row in clusters(session, pairs, table, few).collect()] for few in (100, 1))
        self.assertEqual([len(json.loads(line)["members"]) for line in here], [7, 8, 3])
        self.assertEqual(here, spread)

    def same_repairs(self, source):
        subprocess.run([GALLEY, "clean", "--no-config", "--quiet", "--out", self.path("single"), "--changes", self.path("changes.jsonl"), source],
                       check=True)  # fmt: skip
        spark("clean", source, self.path("out"))
        with open(self.path("changes.jsonl"), encoding="utf-8") as file:
            changes = file.read().split("\n")[:-1]
        self.assertGreater(len(changes), 4)
        self.assertEqual(sorted(lines(self.path("out/changes.jsonl"))), sorted(changes))
        files = [json.loads(line) for line in lines(self.path("out/files.jsonl"))]
        for file in files:
            with open(os.path.join(self.path("single"), os.path.relpath(file["path"], source)), encoding="utf-8", newline="") as single:
                self.assertEqual(file["text"], single.read(), file["path"])
        written = [name for _, _, names in os.walk(self.path("single")) for name in names if not name.startswith("galley-")]
        self.assertEqual(len(files), len(written))

    def test_repairs(self):
        source = self.path("batch")
        shutil.copytree(os.path.join(REPO, "testdata/issues"), source)
        os.mkdir(os.path.join(source, "报 1938"))
        for page in ("p10", "p2"):
            shutil.copy(os.path.join(source, "kecheng-2022-07.txt"), os.path.join(source, "报 1938", page + ".txt"))
        self.same_repairs(source)

    @unittest.skipUnless(os.environ.get("GALLEY_ISSUES"), "GALLEY_ISSUES is not set")
    def test_repairs_of_more_issues(self):
        self.same_repairs(os.environ["GALLEY_ISSUES"])

    def test_a_job_that_was_killed_goes_on(self):
        source = self.articles()
        spark("duplicates", source, self.path("whole"), "--keep-stages", code=1)
        # As after a killed driver: some stages are finished, one is half there, nothing is in place.
        shutil.copytree(self.path("whole"), self.path("out.partial"))
        shutil.rmtree(self.path("whole", "stages"))
        for half in ("stages/pairs/_SUCCESS", "galley-run.json"):
            os.remove(self.path("out.partial", half))
        shutil.rmtree(self.path("out.partial", "pairs.jsonl"))
        shutil.rmtree(self.path("out.partial", "clusters.jsonl"))
        spark("duplicates", source, self.path("out"), code=1)
        self.assertEqual(digest(self.path("out")), digest(self.path("whole")))


if __name__ == "__main__":
    unittest.main()

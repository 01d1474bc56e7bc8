"""A job: its session, its stages on disk, and one rename that makes the output visible."""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile

from pyspark import SparkContext
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from .worker import Worker, frame, strings

# Fast rather than small: stages are read once and deleted. It needs nothing that Spark does not bring along.
SNAPPY = "org.apache.hadoop.io.compress.SnappyCodec"


class Job:
    """Stages are folders in `OUT.partial`; one that is finished is not made again when a job that was killed is submitted anew. When
    all are, the folder is renamed: a reader of `OUT` sees all of it or nothing."""

    def __init__(self, args):
        if not os.access(args.galley, os.X_OK):
            raise SystemExit(f"galley-spark: {args.galley}: no galley binary that can be run there; name it with --galley")
        self.version = subprocess.run([args.galley, "--version", "--json"], check=True, capture_output=True, text=True).stdout.strip()
        self.args = args
        self.settings = _read(args.config)
        builder = SparkSession.builder.appName(f"galley-spark {args.command}")
        if args.master:
            builder = builder.master(args.master)
        # Spark may choose how it joins by the sizes it measures: the order of an output is always asked for. How the input is cut must
        # not depend on how many executors are there yet: a resubmitted job cuts it in the same places.
        for name in ("spark.sql.shuffle.partitions", "spark.sql.leafNodeDefaultParallelism"):
            builder = builder.config(name, str(args.partitions))
        self.spark = builder.getOrCreate()
        self.context: SparkContext = self.spark.sparkContext
        self.context.addFile(args.galley)
        self._ship()
        # What paths are relative to, and how they are shown: a file is given by its name in its folder, which may not be written out.
        given = args.input.rstrip("/") or "/"
        folder = os.path.dirname(given) if self._fs(given).getFileStatus(self._path(given)).isFile() else given
        self.base, self.shown = folder or ".", os.path.join(folder, "")
        root = args.root if args.root is not None else self.base
        self.worker = Worker(self.spark, os.path.basename(args.galley), self.settings, root)
        self.partial = args.out.rstrip("/") + ".partial"
        self._begin()

    def _ship(self):
        """Gives the executors this package, so that only the machine a job is submitted on has it installed."""
        self.shipped = tempfile.TemporaryDirectory()
        package = os.path.dirname(os.path.abspath(__file__))
        name = os.path.join(self.shipped.name, os.path.basename(package))
        self.context.addPyFile(shutil.make_archive(name, "zip", os.path.dirname(package), os.path.basename(package)))

    # The file system of the output, through Hadoop's own classes: it may be HDFS or an object store as well as a folder.

    def _path(self, name):
        return self.context._jvm.org.apache.hadoop.fs.Path(name)

    def _fs(self, name):
        return self._path(name).getFileSystem(self.context._jsc.hadoopConfiguration())

    def exists(self, name):
        return self._fs(name).exists(self._path(name))

    def delete(self, name):
        self._fs(name).delete(self._path(name), True)

    def _text(self, name):
        lines = self.context.textFile(name, 1).collect()
        return "\n".join(lines)

    def _write(self, name, text):
        out = self._fs(name).create(self._path(name), True)
        out.write(bytearray((text + "\n").encode("utf-8")))
        out.close()

    def files(self):
        """All input files: path relative to the input, length, time of change, content. What is not selected is not read."""
        found = self.spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(self.args.input)
        scheme = self._resolved().toString().rstrip("/")
        return found.withColumn("path", F.expr(f"substring(path, {len(scheme) + 2})"))

    def root(self):
        """The path of the input's folder on its file system."""
        return self._resolved().toUri().getPath().rstrip("/")

    def _resolved(self):
        return self._fs(self.base).resolvePath(self._path(self.base))

    def _begin(self):
        seen = self.files().select(F.count("*"), F.sum(F.xxhash64("path", "length", "modificationTime").cast("decimal(38,0)"))).first()
        if not seen[0]:
            raise SystemExit(f"galley-spark: {self.args.input}: no files there")
        about = [self.args.command, self.version, self.settings, self.args.partitions, self.args.input, str(seen[0]), str(seen[1])]
        self.key = hashlib.sha256(json.dumps(about).encode()).hexdigest()
        key = self.partial + "/stages/key"
        if self.exists(key) and self._text(key) == self.key:
            return
        if self.exists(self.partial):
            self.delete(self.partial)
        self._write(key, self.key)

    def read(self, names):
        """The lines of text files, in the order of the files."""
        return frame(self.spark, self.context._jsc.textFile(names, self.args.partitions))

    def stage(self, name, make):
        """The lines of a stage, in order: from disk if it is finished there, else made and written."""
        folder = f"stages/{name}"
        self._once(folder, lambda path: strings(make()).saveAsTextFile(path, self.context._jvm.java.lang.Class.forName(SNAPPY)))
        return self.read(f"{self.partial}/{folder}")

    def table(self, name, make):
        """The same for a table whose order is nobody's business."""
        self.parquet(f"stages/{name}", make)
        return self.spark.read.parquet(f"{self.partial}/stages/{name}")

    def output(self, name, lines):
        """Writes lines where the finished output has them."""
        self._once(name, lambda path: strings(lines).saveAsTextFile(path))

    def parquet(self, name, make):
        """The same for a table."""
        self._once(name, lambda path: make().write.parquet(path))

    def _once(self, name, write):
        folder = f"{self.partial}/{name}"
        if not self.exists(folder + "/_SUCCESS"):
            if self.exists(folder):
                self.delete(folder)
            write(folder)

    def finish(self, counts):
        """Puts the output in place."""
        about = {"command": self.args.command, "galley": json.loads(self.version), "key": self.key, "counts": counts}
        self._write(self.partial + "/galley-run.json", json.dumps(about, indent=2, sort_keys=True))
        if not self.args.keep_stages:
            self.delete(self.partial + "/stages")
        out = self.args.out.rstrip("/")
        if self.exists(out):
            # Two renames are not one: a reader may find nothing there for a moment, and never a mixture.
            self.delete(out)
        if not self._fs(out).rename(self._path(self.partial), self._path(out)):
            raise SystemExit(f"galley-spark: {self.partial} cannot be renamed to {out}; the output is complete there")


def _read(path):
    if not path:
        return ""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError as error:
        raise SystemExit(f"galley-spark: {path}: {error.strerror}") from None

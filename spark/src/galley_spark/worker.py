"""`galley worker` as a step of a frame of lines: lines in, lines out."""

from pyspark import SparkFiles
from pyspark.sql import DataFrame

BUFFER = 1 << 16


class Worker:
    """How the binary is called on an executor. It was shipped with the job (`SparkContext.addFile`).

    Lines go from Spark's own process to the binary's and back (`JavaRDD.pipe`, which is asked for by its Java name): taking them through
    Python costs more than most of what the binary does with them."""

    def __init__(self, spark, name, settings="", root=""):
        self.spark = spark
        # Executors have shipped files in their working directory; local mode has one process and a folder for them.
        binary = SparkFiles.get(name) if spark.sparkContext._jsc.isLocal() else f"./{name}"
        # Nothing of an executor's environment is a setting.
        self.command = ["env", "-i", binary, "worker", "--settings", settings] + (["--root", root] if root else [])

    def __call__(self, lines, task, *options):
        """The answers to a frame of lines, partition by partition, in order. A process that fails fails its task, and Spark tries it
        again; the executor's log has its words."""
        command = [*self.command, "--task", task, *options]
        return frame(self.spark, strings(lines).pipe(command, {}, False, BUFFER, "UTF-8"))


def strings(lines):
    """The lines of a frame of one column as what Spark calls a JavaRDD of strings."""
    encoder = lines.sparkSession._jvm.org.apache.spark.sql.Encoders.STRING()
    return getattr(lines._jdf, "as")(encoder).toJavaRDD()


def frame(spark, lines):
    """And back: its one column is `value`."""
    encoder = spark._jvm.org.apache.spark.sql.Encoders.STRING()
    return DataFrame(spark._jsparkSession.createDataset(lines.rdd(), encoder).toDF(), spark)

"""`galley worker` as a step of an RDD: lines in, lines out."""

import os
import subprocess
import threading

from pyspark import SparkFiles


class Worker:
    """How the binary is called on an executor. It was shipped with the job (`SparkContext.addFile`)."""

    def __init__(self, name, settings="", root=""):
        self.name = name
        self.options = ["--settings", settings] + (["--root", root] if root else [])

    def __call__(self, lines, task, *options):
        """The answers to an RDD of lines, partition by partition, in order."""
        command = ["worker", "--task", task, *self.options, *options]
        name = self.name
        return lines.mapPartitions(lambda part: _pipe([SparkFiles.get(name), *command], part))


def _pipe(command, lines):
    """Feeds a process while its answers are read; a process that fails fails the task, and Spark tries it again."""
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={"PATH": os.environ.get("PATH", "")})
    broken = []

    def feed():
        try:
            with process.stdin as out:
                for line in lines:
                    out.write(line.encode("utf-8") + b"\n")
        except BrokenPipeError:
            pass  # The exit code says why.
        except Exception as error:  # noqa: BLE001: what the source of the lines raised is raised where it is seen
            broken.append(error)

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    for line in process.stdout:
        yield line[:-1].decode("utf-8")
    feeder.join()
    if broken:
        raise broken[0]
    if process.wait() != 0:
        raise RuntimeError(f"{' '.join(command[:4])}: exit code {process.returncode}; the executor's log has its words")

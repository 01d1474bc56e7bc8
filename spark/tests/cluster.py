"""The same results on a standalone cluster of one master and two workers on 127.0.0.1, with an executor killed in the middle, and with the
driver killed and the job submitted again.

usage: GALLEY=target/release/galley python spark/tests/cluster.py ARTICLES.jsonl
"""

import glob
import os
import signal
import subprocess
import sys
import tempfile
import time

import pyspark

from test_equal import GALLEY, REPO, digest, lines

HOME = os.path.dirname(pyspark.__file__)
MASTER = "spark://127.0.0.1:7177"


def daemon(folder, *command):
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable, "SPARK_WORKER_DIR": folder}
    log = open(os.path.join(folder, "log"), "ab")
    return subprocess.Popen([os.path.join(HOME, "bin/spark-class"), *command], env=environment, stdout=log, stderr=log, start_new_session=True)


def submit(source, out):
    environment = {**os.environ, "PYTHONPATH": os.path.join(REPO, "spark/src"), "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    command = [sys.executable, "-m", "galley_spark.main", "duplicates", "--in", source, "--out", out, "--galley", GALLEY, "--master", MASTER]
    return subprocess.Popen([*command, "--partitions", "16"], env=environment, stderr=None if os.environ.get("SPARK_LOGS") else subprocess.DEVNULL, start_new_session=True)


def executors():
    found = subprocess.run(["pgrep", "-f", "CoarseGrainedExecutorBackend"], capture_output=True, text=True).stdout.split()
    return [int(pid) for pid in found]


def stages(out):
    return len(glob.glob(out + ".partial/stages/*/_SUCCESS"))


def wait(until, seconds=600):
    end = time.time() + seconds
    while not until():
        if time.time() > end:
            sys.exit("waited too long")
        time.sleep(0.2)


def main():
    source = os.path.abspath(sys.argv[1])
    folder = tempfile.mkdtemp()
    daemons = [daemon(folder, "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "7177", "--webui-port", "7178")]
    time.sleep(5)
    for _ in range(2):
        daemons.append(daemon(folder, "org.apache.spark.deploy.worker.Worker", "--cores", "1", "--memory", "2g", "--host", "127.0.0.1", MASTER))
    try:
        single = subprocess.run([GALLEY, "duplicates", "--no-config", "--format", "jsonl", source], capture_output=True, text=True).stdout
        started = time.time()
        job = submit(source, folder + "/whole")
        job.wait()
        print(f"whole: exit {job.returncode}, {time.time() - started:.1f} s")
        found = lines(folder + "/whole/pairs.jsonl") + lines(folder + "/whole/clusters.jsonl")
        assert found == single.splitlines(), "not what one machine finds"

        job = submit(source, folder + "/executor")
        wait(lambda: stages(folder + "/executor") >= 2)
        killed = executors()[0]
        os.kill(killed, signal.SIGKILL)
        job.wait()
        print(f"executor {killed} killed: exit {job.returncode}")
        assert digest(folder + "/executor") == digest(folder + "/whole"), "other bytes after a killed executor"

        job = submit(source, folder + "/driver")
        wait(lambda: stages(folder + "/driver") >= 2)
        os.killpg(job.pid, signal.SIGKILL)
        job.wait()
        assert not os.path.exists(folder + "/driver"), "something half-written is visible"
        job = submit(source, folder + "/driver")
        job.wait()
        print(f"driver killed and submitted again: exit {job.returncode}")
        assert digest(folder + "/driver") == digest(folder + "/whole"), "other bytes after a killed driver"
        print("3 passed, 0 failed")
    finally:
        for process in daemons:
            os.killpg(process.pid, signal.SIGTERM)


if __name__ == "__main__":
    main()

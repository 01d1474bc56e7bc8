#!/usr/bin/env python3
"""What `galley worker` costs beside the command that reads the same files: CPU time (user and system) of both, one thread each.

usage: compare_worker.py DIR [RUNS] (GALLEY names the binary; target/release/galley if it is not set)

The records are those that spark/ makes of a folder of texts: one an issue, the bytes of its files in base64. The commands write the same
changes and files as the worker does. `check` also looks for copies over the batch, which is no worker's task: those rules are left out.
"""
import base64, json, os, resource, statistics, subprocess, sys, tempfile

GALLEY = os.environ.get("GALLEY", "target/release/galley")
BATCH = "duplicate-article,truncated-article,duplicate-page"

def cpu(command, stdin):
    """Seconds of user and system time."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with open(stdin) as given, open(os.devnull, "w") as null:
        # `check` exits with 1 where its gate is red.
        code = subprocess.run(command, stdin=given, stdout=null).returncode
    assert code in (0, 1), code
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime

def main():
    folder, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5
    with tempfile.TemporaryDirectory() as made:
        records = os.path.join(made, "records.jsonl")
        with open(records, "w") as out:
            for name in sorted(os.listdir(folder)):
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    data = base64.b64encode(file.read()).decode()
                out.write(json.dumps({"id": path, "files": [{"n": 0, "path": path, "bytes": data}]}) + "\n")
        options = ["--no-config", "-j1"]
        commands = {
            "clean": ["clean", *options, "--quiet", "--out", f"{made}/out", "--changes", f"{made}/changes.jsonl", folder],
            "check": ["check", *options, "--format", "jsonl", "--ignore", BATCH, folder],
        }
        for task, command in commands.items():
            worker = [GALLEY, "worker", "--task", task, "-j1"]
            # By turns, so that what else the machine does falls on both.
            pairs = [(cpu([GALLEY, *command], os.devnull), cpu(worker, records)) for _ in range(runs)]
            alone, piped = (statistics.median(side) for side in zip(*pairs))
            print(f"{task}: command {alone:.2f} s, worker {piped:.2f} s, overhead {piped / alone - 1:+.1%} (medians of {runs}; {pairs})")

if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Makes opencc/*.txt and opencc/*.json from OpenCC's own dictionaries.

usage: make_opencc.py CLIB DICTIONARIES_DIR

CLIB is opencc/clib inside the unpacked PyPI wheel `opencc==1.4.2` (Apache-2.0). The files are written in the form that
OpenCC 1.1 and 1.4 both read, so that its own engine can work from them: no comments, keys in byte order, groups whose
match policy is a union merged into one dictionary, a segmentation in each config. The configs' step that normalizes
compatibility ideographs is left out: the stage of forms does that before.
"""
import glob, json, os, subprocess, sys, tempfile

clib, out = sys.argv[1], os.path.join(sys.argv[2], "opencc")
share, tool = f"{clib}/share/opencc/", f"{clib}/bin/opencc_dict"
os.makedirs(out, exist_ok=True)
os.chmod(tool, 0o755)

def read(name):
    with tempfile.NamedTemporaryFile(suffix=".txt") as text:
        subprocess.run([tool, "-i", share + name, "-o", text.name, "-f", "ocd2", "-t", "text"], check=True)
        rows = {}
        for line in open(text.name, encoding="utf-8"):
            key, tab, value = line.rstrip("\n").partition("\t")
            if tab and value and not key.startswith("#"):
                rows.setdefault(key, value)
        return rows

def write(name, rows):
    with open(f"{out}/{name}.txt", "w", encoding="utf-8", newline="\n") as f:
        f.writelines(f"{k}\t{v}\n" for k, v in sorted(rows.items(), key=lambda row: row[0].encode()))

def dictionary(node):
    if node["type"] != "group":
        name = node["file"].removesuffix(".ocd2")
        write(name, read(node["file"]))
        return {"type": "text", "file": f"{name}.txt"}
    if node.get("match_policy") != "union":
        return {"type": "group", "match_policy": "short_circuit", "dicts": [dictionary(d) for d in node["dicts"]]}
    rows = {}
    for d in node["dicts"]:
        for key, value in read(d["file"]).items():
            rows.setdefault(key, value)
    name = node["dicts"][0]["file"].removesuffix(".ocd2") + "Union"
    write(name, rows)
    return {"type": "text", "file": f"{name}.txt"}

for path in sorted(glob.glob(share + "*.json")):
    config = json.load(open(path, encoding="utf-8"))
    chain = [{"dict": dictionary(step["dict"])} for step in config["conversion_chain"]]
    if "segmentation" in config:
        segments = dictionary(config["segmentation"]["dict"])
    else:
        segments = chain[0]["dict"]
        segments = segments["dicts"][0] if segments["type"] == "group" else segments
    made = {"name": config["name"], "segmentation": {"type": "mmseg", "dict": segments}, "conversion_chain": chain}
    with open(f"{out}/{os.path.basename(path)}", "w", encoding="utf-8", newline="\n") as f:
        json.dump(made, f, ensure_ascii=False, indent=1)
        f.write("\n")

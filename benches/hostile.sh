#!/usr/bin/env bash
# What an attack costs: 1 GB of nesting, plain and as a bomb of 1 MB, through check and validate. Prints wall seconds and peak memory in MB.
# usage: benches/hostile.sh [path of galley]
set -euo pipefail
galley=${1:-target/release/galley}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 - "$dir" <<'PY'
import gzip, sys
chunk = b"<a>" * (1 << 20)
with open(sys.argv[1] + "/deep.xml", "wb") as plain, gzip.open(sys.argv[1] + "/bomb.xml.gz", "wb", 1) as packed:
    for out in (plain, packed):
        out.write(b"<alto>")
        for _ in range(341):
            out.write(chunk)
with open(sys.argv[1] + "/laughs.xml", "w") as out:
    entities = "".join(f'<!ENTITY l{i} "{f"&l{i-1};" * 10}">' for i in range(1, 10))
    out.write(f'<!DOCTYPE alto [<!ENTITY l0 "lol">{entities}]><alto>&l9;</alto>')
PY
for file in deep.xml bomb.xml.gz laughs.xml; do
  for command in check validate; do
    /usr/bin/time -f "$command $file: %e s wall, %U s user, %M kB" "$galley" "$command" --quiet "$dir/$file" || true
  done
done

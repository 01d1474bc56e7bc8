#!/usr/bin/env python3
"""The peer of `cargo bench --bench ocr`: lxml reads the same Strings, sets two attributes on each tenth line's last and writes the file.

usage: ocr_lxml.py FILE [RUNS]
"""
import sys, time
from lxml import etree

data = open(sys.argv[1], "rb").read()
best = [9e9, 9e9]
for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 7):
    start = time.process_time()
    root = etree.fromstring(data)
    lines, words = [], []
    for line in root.iter("{*}TextLine"):
        of_line = list(line.iter("{*}String"))
        words += [(s.get("CONTENT"), s.get("HPOS"), s.get("VPOS"), s.get("WIDTH"), s.get("HEIGHT"), s.get("WC")) for s in of_line]
        lines.append(of_line)
    best[0] = min(best[0], time.process_time() - start)
    for of_line in lines[::10]:
        if of_line:
            of_line[-1].set("SUBS_TYPE", "HypPart1")
            of_line[-1].set("SUBS_CONTENT", "Veränderung")
    etree.tostring(root)
    best[1] = min(best[1], time.process_time() - start)
for name, seconds in zip(("read", "read and splice"), best):
    print(f"lxml: {name}: {len(data) / seconds / 1e6:.1f} MB/s")

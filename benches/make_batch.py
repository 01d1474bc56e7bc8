#!/usr/bin/env python3
"""Makes a batch of text files of 10-200 KB from the pages in testdata/issues, for timing.

usage: make_batch.py DIR MEGABYTES [zh|de]

Whole regions of the real pages are drawn at random (fixed seed) until a file has its size, so line lengths, breaks and
marks are those of print. The same call makes the same bytes.
"""
import glob, os, random, re, sys

def main():
    folder, total = sys.argv[1], int(float(sys.argv[2]) * 1e6)
    language = sys.argv[3] if len(sys.argv) > 3 else "zh"
    here = os.path.join(os.path.dirname(__file__), "..", "testdata", "issues")
    pattern = {"zh": "kecheng-*.txt", "de": "reichsanzeiger/*.txt"}[language]
    regions = []
    for path in sorted(glob.glob(os.path.join(here, pattern))):
        text = open(path, encoding="utf-8").read().strip("\n")
        blocks = re.split(r"\n\s*\n", text)
        # Neighbours stay together, so that the breaks between them are real ones.
        regions += ["\n\n".join(blocks[i:i + 6]) for i in range(0, len(blocks), 6)]
    draw, made, number = random.Random(1), 0, 0
    os.makedirs(folder, exist_ok=True)
    while made < total:
        size, parts = draw.randint(10_000, 200_000), []
        while size > 0:
            parts.append(draw.choice(regions))
            size -= len(parts[-1].encode())
        data = ("\n\n".join(parts) + "\n").encode()
        with open(os.path.join(folder, f"issue-{number:06}.txt"), "wb") as out:
            out.write(data)
        made += len(data)
        number += 1

if __name__ == "__main__":
    main()

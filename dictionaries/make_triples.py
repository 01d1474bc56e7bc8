#!/usr/bin/env python3
"""Makes latin/triples.tsv from the word lists of this folder: python3 dictionaries/make_triples.py

A row is two letters and those that may follow them. A triple counts by how often its words occur; kept are those that make at least
one in 100,000 of the triples of German, English or French. Letters are without accents; README.md says what it is for.
"""

import collections
import unicodedata
from pathlib import Path

HERE = Path(__file__).resolve().parent
LEAST = 1e-5


def triples(language):
    counts = collections.Counter()
    for row in (HERE / language / "words.tsv").read_text(encoding="utf-8").splitlines():
        word, zipf = row.split("\t")[:2]
        letters = "".join(c for c in unicodedata.normalize("NFKD", word) if "a" <= c <= "z")
        for i in range(len(letters) - 2):
            counts[letters[i:i + 3]] += 10 ** (float(zipf) / 100)
    whole = sum(counts.values())
    return {triple for triple, count in counts.items() if count >= LEAST * whole}


def main():
    follow = collections.defaultdict(set)
    for triple in triples("de") | triples("en") | triples("fr"):
        follow[triple[:2]].add(triple[2])
    rows = [f"{pair}\t{''.join(sorted(letters))}\n" for pair, letters in sorted(follow.items())]
    (HERE / "latin" / "triples.tsv").write_text("".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()

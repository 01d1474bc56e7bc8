#!/usr/bin/env python3
"""Finds known copies with galley duplicates and with MinHash libraries, and prints what each found and how fast.

    python3 -m venv venv && venv/bin/pip install gaoya==0.2.2 rensa==0.5.0 datasketch==2.0.0
    cargo build --release
    venv/bin/python benches/compare_duplicates.py SET_DIR [--galley target/release/galley] [--only galley,gaoya,rensa,datasketch]

SET_DIR/docs.jsonl has {"id", "lang", "text"} a line; SET_DIR/truth.tsv the copy, its original and a kind, parted by tabs. Without SET_DIR a
set is made of benches/make_articles.py's articles (kind n5).

What is counted:
- galley: the whole command, from reading the file to writing the pairs: parsing, folding, sketches, candidates, comparison letter by
  letter. Its pairs are verified, and come with kind, spans and error rate.
- the others: signatures and look-ups of texts that are in memory already, folded here as galley folds them (letters and digits, lower
  case, no accents, simplified characters). Reading and folding are not counted. Shingles are 5 letters or 3 Han characters.
  Their pairs are those whose estimated similarity passes the threshold.
docs/s is wall time, CPU the seconds of all threads. Copies of one original are copies of each other.
"""
import argparse, collections, json, os, subprocess, sys, tempfile, time, unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))


def simplified():
    path = os.path.join(HERE, "..", "dictionaries", "han", "ts-characters.tsv")
    rows = (line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8"))
    return {ord(row[0]): row[1].split(" ")[0] for row in rows}


def fold(text, table):
    spelt = text.translate({ord("ß"): "ss", ord("æ"): "ae", ord("œ"): "oe", ord("ø"): "o", ord("ł"): "l", ord("đ"): "d", ord("ſ"): "s"})
    letters = (c for c in unicodedata.normalize("NFKD", spelt.lower()) if c.isalnum())
    return "".join(letters).translate(table)


def shingles(text):
    han = sum("\u3400" <= c <= "\u9fff" for c in text) * 2 > len(text)
    k = 3 if han else 5
    return {text[i:i + k] for i in range(max(len(text) - k + 1, 1))}


def galley(path, args):
    out = subprocess.run([args.galley, "duplicates", "--format", "jsonl", path], stdout=subprocess.PIPE, check=True).stdout
    records = (json.loads(line) for line in out.decode().splitlines())
    return {tuple(sorted((r["a"], r["b"]))) for r in records if "a" in r}


def gaoya(folded, bands, rows, threshold):
    from gaoya.minhash import MinHashStringIndex
    index = MinHashStringIndex(hash_size=32, jaccard_threshold=threshold, num_bands=bands, band_size=rows, analyzer=lambda text: list(shingles(text)))
    numbers = list(range(len(folded)))
    for number, text in zip(numbers, folded):
        index.insert_document(number, text)
    return ((i, j) for i, text in zip(numbers, folded) for j in index.query(text) if j < i)


def gaoya_own(folded, bands, rows, threshold, k=5):
    """gaoya's own analyzer and threads: faster than shingles made in Python, of k characters whatever the script."""
    from gaoya.minhash import MinHashStringIndex
    index = MinHashStringIndex(hash_size=32, jaccard_threshold=threshold, num_bands=bands, band_size=rows, analyzer="char", ngram_range=(k, k))
    index.par_bulk_insert_docs(list(range(len(folded))), folded)
    return ((i, j) for i, found in enumerate(index.par_bulk_query(folded)) for j in found if j < i)


def rensa(folded, bands, threshold, permutations=128):
    from rensa import RMinHash, RMinHashLSH
    lsh, hashes = RMinHashLSH(threshold=threshold, num_perm=permutations, num_bands=bands), []
    for number, text in enumerate(folded):
        minhash = RMinHash(num_perm=permutations, seed=42)
        minhash.update(list(shingles(text)))
        hashes.append(minhash)
        lsh.insert(number, minhash)
    return ((i, j) for i, minhash in enumerate(hashes) for j in lsh.query(minhash) if j < i and minhash.jaccard(hashes[j]) >= threshold)


def datasketch(folded, threshold, permutations=128):
    from datasketch import MinHash, MinHashLSH
    lsh, hashes = MinHashLSH(threshold=threshold, num_perm=permutations), []
    for number, text in enumerate(folded):
        minhash = MinHash(num_perm=permutations)
        minhash.update_batch([s.encode() for s in shingles(text)])
        hashes.append(minhash)
        lsh.insert(number, minhash)
    return ((i, j) for i, minhash in enumerate(hashes) for j in lsh.query(minhash) if j < i and minhash.jaccard(hashes[j]) >= threshold)


def made(folder, number=20000):
    """Articles with known copies, where no set was named."""
    lines = subprocess.run([sys.executable, os.path.join(HERE, "make_articles.py"), str(number)], stdout=subprocess.PIPE, check=True).stdout
    with open(os.path.join(folder, "docs.jsonl"), "wb") as out:
        out.write(lines)
    ids = [json.loads(line)["id"] for line in lines.decode().splitlines()]
    with open(os.path.join(folder, "truth.tsv"), "w") as out:
        out.writelines(f"{i}\t{i.split('-copy')[0]}\tn5\n" for i in ids if "-copy" in i)
    return folder


def cpu():
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", nargs="?")
    parser.add_argument("--galley", default=os.path.join(HERE, "..", "target", "release", "galley"))
    parser.add_argument("--only", default="galley,gaoya,rensa,datasketch")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = args.set or made(folder)
        docs = [json.loads(line) for line in open(os.path.join(path, "docs.jsonl"), encoding="utf-8")]
        truth = [line.rstrip("\n").split("\t") for line in open(os.path.join(path, "truth.tsv"), encoding="utf-8")]
        parent = {}

        def find(x):
            while parent.setdefault(x, x) != x:
                x = parent[x]
            return x

        for a, b, _ in truth:
            parent[find(a)] = find(b)
        kinds = sorted({kind for _, _, kind in truth})
        table, ids = simplified(), [d["id"] for d in docs]
        folded = [fold(d["text"], table) for d in docs]
        runs = [
            ("galley", "galley duplicates (whole command)", lambda: galley(os.path.join(path, "docs.jsonl"), args)),
            ("gaoya", "gaoya 32×4, .25, own 5-grams", lambda: gaoya_own(folded, 32, 4, 0.25)),
            ("gaoya", "gaoya 64×2, .2, own 5-grams", lambda: gaoya_own(folded, 64, 2, 0.2)),
            ("gaoya", "gaoya 64×2, .2, shingles 5/3", lambda: gaoya(folded, 64, 2, 0.2)),
            ("rensa", "rensa 32 bands, .25", lambda: rensa(folded, 32, 0.25)),
            ("datasketch", "datasketch .3", lambda: datasketch(folded, 0.3)),
        ]
        print("| method | " + " | ".join(kinds) + " | precision | pairs | docs/s | CPU s |")
        print("|---|" + "---|" * (len(kinds) + 4))
        for library, name, run in runs:
            if library not in args.only.split(","):
                continue
            begun, used = time.time(), cpu()
            try:
                said = {p if isinstance(p[0], str) else tuple(sorted((ids[p[0]], ids[p[1]]))) for p in run()}
            except ImportError as error:
                print(f"| {name} | not installed: {error} |")
                continue
            wall, used = time.time() - begun, cpu() - used
            hit, of = collections.Counter(), collections.Counter()
            for a, b, kind in truth:
                of[kind] += 1
                hit[kind] += tuple(sorted((a, b))) in said
            right = sum(find(a) == find(b) for a, b in said)
            recall = " | ".join(f"{hit[k] / of[k]:.3f}" for k in kinds)
            print(f"| {name} | {recall} | {right / max(len(said), 1):.4f} | {len(said)} | {len(docs) / wall:,.0f} | {used:.1f} |", flush=True)


if __name__ == "__main__":
    main()

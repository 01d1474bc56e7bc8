#!/usr/bin/env python3
"""Makes articles with known copies as JSON Lines, for timing galley duplicates and galley index.

usage: make_articles.py NUMBER [zh|de|en|fr|all] > articles.jsonl

Words are drawn by their frequency from dictionaries/ (fixed seed), about 1.7 KB an article. Every hundredth article is a copy of
one of the thousand before it, with 5 % of its characters changed; its id is that of the original with "-copy". The same call makes the same bytes.
"""
import collections, itertools, json, os, random, sys

def words(language):
    path = os.path.join(os.path.dirname(__file__), "..", "dictionaries", language, "words.tsv")
    rows = [line.rstrip("\n").split("\t") for line in open(path, encoding="utf-8")]
    weigh = (lambda n: float(n)) if language == "zh" else (lambda n: 10 ** (float(n) / 100))
    return [row[0] for row in rows], list(itertools.accumulate(weigh(row[1]) for row in rows))

def main():
    number, which = int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "all"
    languages = ["zh", "de", "en", "fr"] if which == "all" else [which]
    lists = {language: words(language) for language in languages}
    draw, recent = random.Random(1), collections.deque(maxlen=1000)
    for i in range(number):
        if i % 100 == 99:
            original = draw.choice(recent)
            letters = list(original["text"])
            for at in draw.sample(range(len(letters)), len(letters) // 20):
                letters[at] = draw.choice(letters)
            article = dict(original, id=original["id"] + f"-copy{i}", text="".join(letters))
        else:
            language = languages[i % len(languages)]
            known, weights = lists[language]
            drawn = draw.choices(known, cum_weights=weights, k=330 if language == "zh" else 260)
            mark, gap = ("。", "") if language == "zh" else (". ", " ")
            text = mark.join(gap.join(drawn[at:at + 15]) for at in range(0, len(drawn), 15))
            article = {"id": f"a{i}", "lang": language, "text": text}
            recent.append(article)
        print(json.dumps(article, ensure_ascii=False))

if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes the cases of text out of order: two columns cut into each other line by line (rules/interleaved-columns), and title lines
swapped or torn from each other (rules/headline-order).

usage: python3 testdata/make_order_cases.py        (writes beside itself; the same files every time)

The material are real articles: the four of issues/kecheng-2022-07.txt, with its column breaks repaired by the labels made by hand, and
two pages of issues/reichsanzeiger. Interleaved: the text of two articles is set in lines of one width (Chinese), or taken in its printed
lines (German), and the lines alternate. Swapped: the title lines of an article are put in every order that cannot be right (暨 or ——
before its first half); between: a paragraph of an article stands between two of its title lines. keep- cases have the same lines in order.
"""
import itertools
import pathlib

HERE = pathlib.Path(__file__).parent
PAGE = (HERE / "issues/kecheng-2022-07.txt").read_text("utf-8").split("\n")
# Lines of the page, 1-based, by the hand labels: titles, paragraphs (column breaks inside a sentence put together).
ARTICLES = [
    ([5, 7, 9], [[11], [13], [15, 17], [19, 21], [23], [25]]),
    ([29, 27, 31], [[33], [35], [37]]),
    ([39], [[41], [43, 45], [47], [49, 51], [53]]),
    ([59], [[61], [63, 65]]),
]
LINES = 12


def titles(n):
    return [PAGE[line - 1].strip() for line in ARTICLES[n][0]]


def body(n):
    return ["".join(PAGE[line - 1].strip() for line in part) for part in ARTICLES[n][1]]


def write(rule, name, blocks, between="\n\n"):
    folder = HERE / "rules" / rule
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.txt").write_text(between.join(blocks) + "\n", "utf-8")


def set_in_lines(n, width):
    """The text of an article in lines of one width, without the last, short one of each paragraph; marks stay with the word before them."""
    lines = []
    for paragraph in body(n):
        while len(paragraph) > width:
            cut = width
            while paragraph[cut] in "，。、；：！？”）》":
                cut -= 1
            lines.append(paragraph[:cut])
            paragraph = paragraph[cut:]
    return lines


def alternate(a, b):
    return [line for pair in zip(a, b) for line in pair]


def interleaved():
    rule = "interleaved-columns"
    number = 0
    for width in (14, 18, 22):
        for a, b in itertools.combinations(range(4), 2):
            number += 1
            first, second = set_in_lines(a, width)[:LINES], set_in_lines(b, width)[:LINES]
            write(rule, f"found-{number:02}-zh-{width}", alternate(first, second), "\n")
            if a == 0:
                write(rule, f"keep-zh-{width}-{b}", first + second, "\n")
    windows = []
    for name in ("1918_268_0134", "1912_1_0031"):
        lines = [l for l in (HERE / f"issues/reichsanzeiger/{name}.txt").read_text("utf-8").split("\n") if len(l) > 25]
        for start in range(0, len(lines) - 16, 16):
            window = lines[start : start + 16]
            if sum(l.endswith("⸗") for l in window) >= 4:
                windows.append(window)
    for a, b in zip(windows[::2], windows[1::2]):
        number += 1
        write(rule, f"found-{number:02}-de", alternate(a, b), "\n")
    for n, window in enumerate(windows[:3]):
        write(rule, f"keep-de-{n}", window, "\n")


def swapped():
    rule = "headline-order"
    before = [titles(2)[0], *body(2)[:2]]
    orders = []
    first, second, other = titles(1)
    for order in itertools.permutations([first, second, other]):
        if order.index(second) < order.index(first):
            orders.append((list(order), 1))
    # The second title line set as a deck, with its dash.
    for n, headline, deck, rest in [(0, 2, 1, [0]), (1, 0, 2, []), (0, 2, 0, [1])]:
        lines = titles(n)
        dashed = "——" + lines[deck].replace("\u3000", " ")
        for place in range(len(rest) + 1):
            others = [lines[i] for i in rest]
            orders.append(([dashed, *others[:place], lines[headline], *others[place:]], n))
    number = 0
    for order, n in orders:
        for context in ([], before):
            number += 1
            write(rule, f"found-swapped-{number:02}", context + order + body(n))
    number = 0
    # Paragraphs that do not tell the title above them themselves.
    for n, gap, paragraphs in [(0, 1, (1, 2, 3, 5)), (1, 1, (1, 2))]:
        for paragraph in paragraphs:
            for context in ([], before):
                number += 1
                lines, text = titles(n), body(n)
                rest = text[:paragraph] + text[paragraph + 1 :]
                write(rule, f"found-between-{number:02}", context + lines[:gap] + [text[paragraph]] + lines[gap:] + rest)
    for n in range(4):
        write(rule, f"keep-article-{n + 1}", titles(n) + body(n))
    write(rule, "keep-two-articles", titles(0) + body(0) + titles(1) + body(1))


if __name__ == "__main__":
    interleaved()
    swapped()

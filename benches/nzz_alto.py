#!/usr/bin/env python3
"""Writes ALTO from printed lines and their boxes, without marking paragraphs, and cleans such ALTO as score_joins.py asks.

usage: nzz_alto.py alto TEXTS BOXES OUT          one ALTO file for each TEXTS/NAME.txt with BOXES/NAME.geo.tsv
       nzz_alto.py clean TEXTS BOXES GALLEY IN OUT
                                                 for each IN/NAME.txt: ALTO, galley export --to txt --apply all, OUT/NAME.txt

The columns of NAME.geo.tsv are line_no (1-based line of TEXTS/NAME.txt), x0, y0, x1, y1 in pixels. All lines stand in one TextBlock; IN
may hold the texts with or without their empty lines, in the same order. A line's words share its box by their length.
To measure what boxes tell of paragraphs:
       score_joins.py --tool 'nzz_alto.py clean nzz nzz-geo galley {in} {out}' nzz-noblank
"""
import glob, os, subprocess, sys, tempfile
from xml.sax.saxutils import quoteattr

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<alto xmlns="http://www.loc.gov/standards/alto/ns-v3#">
<Description><MeasurementUnit>pixel</MeasurementUnit><sourceImageInformation><fileName>%s.png</fileName></sourceImageInformation></Description>
<Layout><Page ID="P1" PHYSICAL_IMG_NR="1" WIDTH="%d" HEIGHT="%d"><PrintSpace><TextBlock ID="B1">
"""
TAIL = "</TextBlock></PrintSpace></Page></Layout></alto>\n"


def alto(name, lines, boxes):
    right, bottom = max(b[2] for b in boxes.values()), max(b[3] for b in boxes.values())
    out = [HEAD % (name, right + 50, bottom + 50)]
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words:
            continue
        box = boxes.get(number)
        place = ' HPOS="%d" VPOS="%d" WIDTH="%d" HEIGHT="%d"' % (box[0], box[1], box[2] - box[0], box[3] - box[1]) if box else ""
        out.append("<TextLine%s>" % place)
        letters, at = max(1, len(" ".join(words))), 0
        for i, word in enumerate(words):
            if i:
                out.append("<SP/>")
            if box:
                x0, x1 = (box[0] + (box[2] - box[0]) * n // letters for n in (at, at + len(word)))
                place = ' HPOS="%d" VPOS="%d" WIDTH="%d" HEIGHT="%d"' % (x0, box[1], x1 - x0, box[3] - box[1])
            out.append("<String%s CONTENT=%s/>" % (place if box else "", quoteattr(word)))
            at += len(word) + 1
        out.append("</TextLine>\n")
    return "".join(out) + TAIL


def read_boxes(path):
    rows = (row.split("\t") for row in open(path, encoding="utf-8").read().split("\n")[1:] if row)
    return {int(row[0]): tuple(int(float(n)) for n in row[1:5]) for row in rows}


def make(texts, folder, out):
    os.makedirs(out, exist_ok=True)
    for path in sorted(glob.glob(os.path.join(texts, "*.txt"))):
        name = os.path.basename(path)[:-4]
        boxes = os.path.join(folder, name + ".geo.tsv")
        if os.path.exists(boxes):
            lines = open(path, encoding="utf-8").read().split("\n")
            with open(os.path.join(out, name + ".xml"), "w", encoding="utf-8") as file:
                file.write(alto(name, lines, read_boxes(boxes)))


def main():
    if sys.argv[1:2] == ["alto"] and len(sys.argv) == 5:
        return make(*sys.argv[2:])
    if sys.argv[1:2] == ["clean"] and len(sys.argv) == 7:
        texts, boxes, galley, given, out = sys.argv[2:]
        with tempfile.TemporaryDirectory() as folder:
            make(texts, boxes, folder)
            wanted = {os.path.basename(p)[:-4] for p in glob.glob(os.path.join(given, "*.txt"))}
            for path in glob.glob(os.path.join(folder, "*.xml")):
                if os.path.basename(path)[:-4] not in wanted:
                    os.remove(path)
            os.makedirs(out, exist_ok=True)
            for path in sorted(glob.glob(os.path.join(folder, "*.xml"))):
                name = os.path.splitext(os.path.basename(path))[0]
                with open(os.path.join(out, name + ".txt"), "wb") as text:
                    subprocess.run([galley, "export", "--to", "txt", "--unit", "page", "--apply", "all", "-q", path], check=True, stdout=text)
        return None
    sys.exit(__doc__)


if __name__ == "__main__":
    main()

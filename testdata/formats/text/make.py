#!/usr/bin/env python3
"""Writes the files of this folder whose exact bytes matter. Run it here after a change: python3 make.py

The sentences are our own (CC0). What each file must read as stands in tests/readers.rs.
"""

HANS = "县图书馆周末延长开放时间\n昨夜一场大雪，北山公路暂时封闭。\n\n记者从市交通局获悉\n"
HANT = "市政廳舉行新春茶會\n颱風過境，多處樹木倒塌。\n\n據悉，該輪已抵達上海\n"
LATIN = "Die Kälte hält an.\nLe bœuf se vend très cher.\n„Wir bleiben hier“, sagte er.\n"


def write(name, data):
    with open(name, "wb") as file:
        file.write(data)


def crlf(text):
    return text.replace("\n", "\r\n")


write("utf8-bom.txt", b"\xef\xbb\xbf" + HANS.encode())
write("utf8-crlf.txt", crlf(HANS).encode())
write("utf8-mixed-ends.txt", "一\r\n二\n三\r四\r\n五".encode())
write("utf8-form-feeds.txt", "页一\n\f\n页二\n\f页三\f".encode())
write("utf8-no-final-newline.txt", HANS.rstrip("\n").encode())
write("utf8-damaged.txt", HANS.encode().replace("大".encode(), b"\xe5\xa4").replace("北".encode(), b"\xff"))
write("utf16le-bom.txt", b"\xff\xfe" + crlf(HANS).encode("utf-16-le"))
write("utf16be.txt", HANT.encode("utf-16-be"))
write("gbk-crlf.txt", crlf(HANS).encode("gbk"))
write("gb18030-four-bytes.txt", (HANS + "㐂𠀀\n").encode("gb18030"))
write("gbk-damaged.txt", HANS.encode("gbk").replace("，".encode("gbk"), b"\xa3\n").replace("获".encode("gbk"), b"\xff"))
write("big5.txt", HANT.encode("big5"))
# Two letters with a combining mark, one code each: 8862 is U+00CA U+0304, 88A5 is U+00EA U+030C.
write("big5-two-characters.txt", HANT.encode("big5") + b"\x88\x62\x88\xa5x\n")
write("windows-1252.txt", LATIN.encode("cp1252"))
write("nul.txt", b"text\nwith\0nul\n")
write("pdf.txt", b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\n")
write("empty.txt", b"")
write("utf8-bom-only.txt", b"\xef\xbb\xbf")

//! Bytes to text and back: encodings, line ends, damage, offsets.

use std::fs;
use std::path::Path;

use encoding_rs::{BIG5, EUC_JP, EUC_KR, Encoding, GB18030, GBK, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use galleyproof::error::Error;
use galleyproof::inputs::{InputFile, IssueInput};
use galleyproof::read::{ByteMap, LineEnd, ReadOptions, decode, encoding_for_label, read_issue};
use galleyproof::write::encode::RenderOptions;
use galleyproof::write::splice::WriteMode;
use proptest::prelude::*;

const KEEP: RenderOptions = RenderOptions { keep_encoding: true, write_mode: WriteMode::Annotate };
const TO_UTF_8: RenderOptions = RenderOptions { keep_encoding: false, write_mode: WriteMode::Annotate };
const PATH: &str = "x.txt";

const HANS: &str = "县图书馆周末延长开放时间\n昨夜一场大雪，北山公路暂时封闭。\n\n记者从市交通局获悉\n";
const HANT: &str = "市政廳舉行新春茶會\n颱風過境，多處樹木倒塌。\n\n據悉，該輪已抵達上海\n";
const LATIN: &str = "Die Kälte hält an.\nLe bœuf se vend très cher.\n„Wir bleiben hier“, sagte er.\n";

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata/formats/text").join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn read(bytes: &[u8], encoding: Option<&'static Encoding>) -> (String, ByteMap) {
    decode(Path::new(PATH), bytes.to_vec(), encoding).unwrap_or_else(|e| panic!("{}", e.chain()))
}

/// As a file of this encoding, without a byte order mark; `None` if it lacks a character.
fn encode(text: &str, encoding: &'static Encoding) -> Option<Vec<u8>> {
    if encoding == UTF_16LE {
        return Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    if encoding == UTF_16BE {
        return Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    let (bytes, _, lacks) = encoding.encode(text);
    (!lacks).then(|| bytes.into_owned())
}

#[test]
fn every_fixture_reads_as_its_text_and_writes_back_as_its_bytes() {
    let forms = "页一\n\u{c}\n页二\n\u{c}页三\u{c}";
    let (four, two) = (format!("{HANS}㐂𠀀\n"), format!("{HANT}\u{CA}\u{304}\u{EA}\u{30C}x\n"));
    for (name, text, encoding, bom, end) in [
        ("utf8-bom.txt", HANS, UTF_8, true, LineEnd::Lf),
        ("utf8-crlf.txt", HANS, UTF_8, false, LineEnd::CrLf),
        ("utf8-mixed-ends.txt", "一\n二\n三\n四\n五", UTF_8, false, LineEnd::CrLf),
        ("utf8-form-feeds.txt", forms, UTF_8, false, LineEnd::Lf),
        ("utf8-no-final-newline.txt", HANS.trim_end(), UTF_8, false, LineEnd::Lf),
        ("utf16le-bom.txt", HANS, UTF_16LE, true, LineEnd::CrLf),
        ("utf16be.txt", HANT, UTF_16BE, false, LineEnd::Lf),
        ("gbk-crlf.txt", HANS, GBK, false, LineEnd::CrLf),
        ("gb18030-four-bytes.txt", &four, GB18030, false, LineEnd::Lf),
        ("big5.txt", HANT, BIG5, false, LineEnd::Lf),
        ("big5-two-characters.txt", &two, BIG5, false, LineEnd::Lf),
        ("windows-1252.txt", LATIN, WINDOWS_1252, false, LineEnd::Lf),
        ("empty.txt", "", UTF_8, false, LineEnd::Lf),
        ("utf8-bom-only.txt", "", UTF_8, true, LineEnd::Lf),
    ] {
        let bytes = fixture(name);
        let (read_text, map) = read(&bytes, None);
        assert_eq!(read_text, text, "{name}");
        assert_eq!((map.encoding(), map.has_bom(), map.line_end()), (encoding, bom, end), "{name}");
        assert!(map.decode_errors().is_empty(), "{name}");
        assert_eq!(map.render(Path::new(name), text, text, &[], KEEP).unwrap(), bytes, "{name}");
        assert_eq!(&*map.original(text), &bytes[..], "{name}");
        assert_eq!((map.to_file(text.len()), map.to_text(bytes.len())), (bytes.len(), text.len()), "{name}");
    }
}

#[test]
fn undecodable_bytes_are_named_and_survive() {
    for (name, places) in [("utf8-damaged.txt", [(49, 2, 2), (57, 1, 2)]), ("gbk-damaged.txt", [(37, 1, 2), (73, 1, 5)])] {
        let bytes = fixture(name);
        let (text, map) = read(&bytes, None);
        let found: Vec<_> = map.decode_errors().iter().map(|e| (e.offset, e.len, e.line)).collect();
        assert_eq!(found, places, "{name}");
        assert_eq!(text.matches('\u{FFFD}').count(), 2, "{name}");
        let render = |new: &str, hunk, options| map.render(Path::new(name), &text, new, &[hunk], options);

        // A change elsewhere leaves them; so does a change around them that keeps their number.
        let new = text.replace("县", "縣");
        let written = render(&new, (0..3, 0..3), KEEP).unwrap();
        assert_eq!(written[3..], bytes[3..][..written.len() - 3], "{name}");
        let written = render(&new, (0..text.len(), 0..new.len()), KEEP).unwrap();
        assert_eq!(written[3..], bytes[3..][..written.len() - 3], "{name}");

        // A change that drops them is refused, and so is a conversion that would have to.
        let at = text.find('\u{FFFD}').unwrap();
        let dropped = text.replacen('\u{FFFD}', "", 1);
        assert!(matches!(render(&dropped, (at..at + 3, at..at), KEEP), Err(Error::UndecodableEdited { line: 2, .. })), "{name}");
        if map.encoding() != UTF_8 {
            assert!(matches!(render(&new, (0..3, 0..3), TO_UTF_8), Err(Error::UndecodableKept { line: 2, .. })), "{name}");
        }
    }
}

#[test]
fn an_undecodable_byte_does_not_swallow_its_new_neighbour() {
    // B0 before a newline is half a character; with the newline gone it would make one with the next byte.
    let bytes = b"\xB9\xE3\xB0\n\xA1\xA1\xB9\xE3\xB9\xE3\xB9\xE3\n";
    let (text, map) = read(bytes, Some(GBK));
    assert_eq!(text, "广\u{FFFD}\n\u{3000}广广广\n");
    let new = text.replacen('\n', "", 1);
    let refused = map.render(Path::new(PATH), &text, &new, &[(6..7, 6..6)], KEEP);
    assert!(matches!(refused, Err(Error::UndecodableEdited { line: 1, .. })), "{refused:?}");
}

#[test]
fn no_text_is_an_error_that_says_so() {
    for (bytes, reason) in [
        (fixture("nul.txt"), "a NUL character at byte 9"),
        (fixture("pdf.txt"), "a PDF document"),
        (b"\xFF\xFE\0\0t\0\0\0".to_vec(), "UTF-32"),
        (vec![0; 64], "a NUL character at byte 0"),
        (b"\xFF\xFEa\0\0\0".to_vec(), "a NUL character at byte 4"),
    ] {
        let error = decode(Path::new(PATH), bytes, None).unwrap_err();
        assert!(matches!(&error, Error::NotText { .. }) && error.to_string().contains(reason), "{error}");
    }
    let garbled = decode(Path::new(PATH), encode(&HANS.repeat(3), GBK).unwrap(), Some(UTF_8)).unwrap_err();
    assert!(matches!(garbled, Error::Garbled { line: 1, encoding: "UTF-8", .. }), "{garbled}");
}

#[test]
fn short_texts_are_told_apart() {
    let lines = |name| String::from_utf8(fixture(name)).unwrap();
    let mut wrong = Vec::new();
    for (name, encodings) in [
        ("sentences-zh-hans.txt", &[UTF_8, GBK, UTF_16LE, UTF_16BE][..]),
        ("sentences-zh-hant.txt", &[UTF_8, GBK, BIG5, UTF_16LE, UTF_16BE]),
        ("sentences-latin.txt", &[UTF_8, WINDOWS_1252, UTF_16LE, UTF_16BE]),
    ] {
        let text = lines(name);
        for (line, &encoding) in text.lines().flat_map(|line| encodings.iter().map(move |e| (line, e))) {
            for line in [line.to_owned(), format!("{line}\n")] {
                // Without a line end nothing marks UTF-16; longer texts are recognised all the same.
                if line.chars().count() < 12 && !line.ends_with('\n') && [UTF_16LE, UTF_16BE].contains(&encoding) {
                    continue;
                }
                let bytes = encode(&line, encoding).expect("the sentences keep to the encodings");
                if decode(Path::new(PATH), bytes, None).map(|(text, _)| text).ok().as_deref() != Some(&line) {
                    wrong.push(format!("{} {line:?}", encoding.name()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn detection_looks_past_a_long_ascii_head() {
    let head = "plain ASCII lines\n".repeat(10_000);
    for (tail, encoding) in [(HANS, GBK), (HANT, BIG5), (LATIN, WINDOWS_1252)] {
        let text = format!("{head}{tail}");
        let (found, map) = read(&encode(&text, encoding).unwrap(), None);
        assert_eq!(map.encoding(), encoding);
        assert_eq!(found, text);
    }
}

#[test]
fn a_label_overrides_detection_and_a_byte_order_mark_overrides_the_label() {
    let (text, map) = read("中文中文".as_bytes(), Some(GBK));
    assert!(map.encoding() == GBK && text.starts_with('涓'));
    assert_eq!(read(&fixture("utf8-bom.txt"), Some(GBK)).0, HANS);
    assert_eq!(read(&fixture("utf16le-bom.txt"), Some(UTF_8)).0, HANS);
    assert_eq!(encoding_for_label("latin1").unwrap(), WINDOWS_1252);
    assert_eq!(encoding_for_label("GB2312").unwrap(), GBK);
    for label in ["utf-9", "", "iso-2022-jp", "hz-gb-2312"] {
        assert!(matches!(encoding_for_label(label), Err(Error::Encoding { .. })), "{label}");
    }
}

#[test]
fn changed_lines_take_the_line_end_of_the_file_and_others_keep_theirs() {
    let (text, map) = read(b"a-\r\nb\nc\rd\r\ne", None);
    assert_eq!((text.as_str(), map.line_end()), ("a-\nb\nc\nd\ne", LineEnd::CrLf));
    let render = |new: &str, hunks: &[_]| String::from_utf8(map.render(Path::new(PATH), &text, new, hunks, TO_UTF_8).unwrap()).unwrap();
    assert_eq!(render("ab\nc\nd\ne", &[(1..3, 1..1)]), "ab\nc\rd\r\ne");
    assert_eq!(render("ab\nc\nd\ne", &[(1..5, 1..3)]), "ab\r\nc\rd\r\ne", "fewer line ends than before: the file's own kind");
    assert_eq!(render("A-\nB\nC\nd\ne", &[(0..7, 0..7)]), "A-\r\nB\nC\rd\r\ne", "as many as before: each its own");
    assert_eq!(render("a-\nb\nc\nd\ne\n", &[(10..10, 10..11)]).as_str(), "a-\r\nb\nc\rd\r\ne\r\n");
    // What was a lone carriage return must not become one line end with the newline that follows it now.
    let (text, map) = read(b"a\rb\nc\n", None);
    let written = map.render(Path::new(PATH), &text, "a\n\nc\n", &[(2..3, 2..2)], TO_UTF_8).unwrap();
    assert_eq!(written, b"a\r\n\nc\n");
}

#[test]
fn keeping_the_encoding_fails_on_a_character_it_lacks() {
    let (text, map) = read(&fixture("big5.txt"), None);
    let new = text.replace("新春", "㐂春");
    let error = map.render(Path::new(PATH), &text, &new, &[(15..18, 15..18)], KEEP).unwrap_err();
    assert_eq!(error.to_string(), "x.txt:1: `㐂` (U+3402) cannot be written in Big5; without --keep-encoding the file becomes UTF-8");
    assert_eq!(map.render(Path::new(PATH), &text, &new, &[(15..18, 15..18)], TO_UTF_8).unwrap(), new.as_bytes());
    // Half of a code for two characters cannot be changed either.
    let (text, map) = read(&fixture("big5-two-characters.txt"), None);
    let (at, new) = (text.find('\u{304}').unwrap(), text.replace('\u{304}', ""));
    let error = map.render(Path::new(PATH), &text, &new, &[(at..at + 2, at..at)], KEEP).unwrap_err();
    assert!(matches!(error, Error::Unencodable { line: 5, .. }), "{error}");
    assert_eq!(map.render(Path::new(PATH), &text, &new, &[(at..at + 2, at..at)], TO_UTF_8).unwrap(), new.as_bytes());
    // Shift_JIS would write the yen sign as a backslash.
    let (text, map) = read(&encode("値段は五", SHIFT_JIS).unwrap(), Some(SHIFT_JIS));
    let error = map.render(Path::new(PATH), &text, "値段は¥五", &[(9..9, 9..11)], KEEP).unwrap_err();
    assert!(matches!(error, Error::Unencodable { character: '¥', .. }), "{error}");
}

#[test]
fn pages_of_an_issue_are_joined_by_a_form_feed_of_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<InputFile> = [("p1.txt", fixture("gbk-crlf.txt")), ("p2.txt", fixture("nul.txt")), ("p3.txt", fixture("utf8-bom.txt"))]
        .into_iter()
        .map(|(name, bytes)| {
            fs::write(folder.path().join(name), bytes).unwrap();
            InputFile { path: folder.path().join(name), relative: name.into() }
        })
        .collect();
    let read = read_issue(&IssueInput { id: "issue".into(), files, mets: None }, &ReadOptions::default());
    assert_eq!(read.issue.text, format!("{HANS}\u{c}\u{c}{HANS}"));
    let spans: Vec<_> = read.issue.sources.iter().map(|s| s.span.clone()).collect();
    let len = HANS.len();
    assert_eq!(spans, [0..len, len + 1..len + 1, len + 2..2 * len + 2]);
    assert!(matches!(&read.errors[..], [Error::NotText { path, .. }] if path.ends_with("p2.txt")));
    let unread = &read.issue.sources[1];
    assert!(unread.bytes.is_unread());
    assert!(matches!(unread.bytes.render(&unread.path, "", "", &[], TO_UTF_8), Err(Error::NeverRead { .. })));
    // The form feeds belong to no file: writing one gives it alone.
    let source = &read.issue.sources[2];
    let text = &read.issue.text[source.span.clone()];
    assert_eq!(source.bytes.render(&source.path, text, text, &[], TO_UTF_8).unwrap(), fixture("utf8-bom.txt"));
}

const ENCODINGS: [&Encoding; 10] = [UTF_8, UTF_16LE, UTF_16BE, GBK, GB18030, BIG5, WINDOWS_1252, SHIFT_JIS, EUC_JP, EUC_KR];

/// Text of characters that most of the encodings have, with every kind of line end.
fn raw_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec!["一", "中", "文", "a", "b", " ", "，", "-", "é", "ö", "Ж", "α", "ｱ", "𠀀", "㐂", "\u{c}", "€"]),
        2 => prop::sample::select(vec!["\n", "\r\n", "\r"]),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn normal(raw: &str) -> String {
    raw.replace("\r\n", "\n").replace('\r', "\n")
}

/// What an encoding has of a text.
fn within(raw: &str, encoding: &'static Encoding) -> String {
    raw.chars()
        .filter(|c| encode(c.encode_utf8(&mut [0; 4]), encoding).is_some_and(|b| encoding.is_single_byte() || !b.is_empty()))
        .collect()
}

proptest! {
    #[test]
    fn every_boundary_maps_exactly(raw in raw_text(), encoding in prop::sample::select(&ENCODINGS[..]), bom in any::<bool>()) {
        let raw = within(&raw, encoding);
        let mut bytes = encode(&raw, encoding).unwrap();
        let marked = bom && [UTF_8, UTF_16LE, UTF_16BE].contains(&encoding);
        if marked {
            bytes.splice(0..0, encode("\u{FEFF}", encoding).unwrap());
        }
        let (text, map) = read(&bytes, Some(encoding));
        prop_assert_eq!(&text, &normal(&raw));
        prop_assert_eq!(map.has_bom(), marked);
        for at in (0..=text.len()).filter(|&at| text.is_char_boundary(at)) {
            let in_file = map.to_file(at);
            prop_assert_eq!(&read(&bytes[..in_file], Some(encoding)).0, &text[..at], "{}", encoding.name());
            prop_assert_eq!(map.to_text(in_file), at);
        }
        prop_assert_eq!(map.render(Path::new(PATH), &text, &text, &[], KEEP).unwrap(), bytes);
        prop_assert_eq!(read(&map.render(Path::new(PATH), &text, &text, &[], TO_UTF_8).unwrap(), Some(UTF_8)).0, text);
    }

    #[test]
    fn any_bytes_are_read_and_written_back(mut bytes in prop::collection::vec(1u8.., 0..60), encoding in prop::sample::select(&ENCODINGS[..]), lines in 0..3usize) {
        for at in 0..lines {
            let at = bytes.len() * at / 3;
            bytes.splice(at..at, *b"\r\n\r");
        }
        if let Ok((text, map)) = decode(Path::new(PATH), bytes.clone(), Some(encoding)) {
            let mut before = 0;
            for at in (0..=text.len()).filter(|&at| text.is_char_boundary(at)) {
                let in_file = map.to_file(at);
                prop_assert!(in_file >= before && in_file <= bytes.len());
                before = in_file;
                // Half of a Big5 code for two characters maps to its start.
                prop_assert!(map.to_text(in_file) == at || map.encoding() == BIG5);
            }
            prop_assert_eq!(map.render(Path::new(PATH), &text, &text, &[], KEEP).unwrap(), bytes.clone());
            for error in map.decode_errors() {
                prop_assert_eq!(&text[map.to_text(error.offset)..][..3], "\u{FFFD}");
                prop_assert_eq!(map.span_to_file(map.to_text(error.offset)..map.to_text(error.offset) + 3), error.offset..error.offset + error.len);
                prop_assert_eq!(error.line, 1 + text[..map.to_text(error.offset)].matches('\n').count());
            }
        }
        let _ = decode(Path::new(PATH), bytes, None);
    }

    #[test]
    fn edits_write_what_reads_as_the_new_text(
        parts in prop::collection::vec((raw_text(), raw_text(), raw_text()), 0..4), tail in raw_text(), encoding in prop::sample::select(&ENCODINGS[..]),
    ) {
        let (mut raw, mut changes) = (String::new(), Vec::new());
        for (kept, before, after) in &parts {
            raw += &within(kept, encoding);
            let from = normal(&raw).len();
            raw += &within(before, encoding);
            changes.push((from..normal(&raw).len(), normal(&within(after, encoding))));
        }
        raw += &within(&tail, encoding);
        let bytes = encode(&raw, encoding).unwrap();
        let (text, map) = read(&bytes, Some(encoding));
        let (mut new, mut hunks, mut from) = (String::new(), Vec::new(), 0);
        for (before, after) in changes {
            // A line end cut in two by the parts is one line end; such a part starts inside the other.
            let before = before.start.max(from)..before.end.max(from);
            new += &text[from..before.start];
            hunks.push((before.clone(), new.len()..new.len() + after.len()));
            new += &after;
            from = before.end;
        }
        new += &text[from..];
        for options in [KEEP, TO_UTF_8] {
            let written = map.render(Path::new(PATH), &text, &new, &hunks, options);
            let reads_as = if options.keep_encoding { encoding } else { UTF_8 };
            prop_assert_eq!(read(&written.unwrap(), Some(reads_as)).0, new.clone(), "{} {:?}", encoding.name(), options);
        }
    }
}

//! Which encoding a file without a byte order mark is in.
//!
//! In order: valid UTF-8; UTF-16 that shows itself by its high bytes; UTF-8 with a few damaged bytes; then GB18030, Big5
//! and windows-1252 by what stands in the decoded text; chardetng's opinion where none of the three reads like text.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// What a file is taken for.
#[derive(Clone, Debug, PartialEq)]
pub enum Guess {
    /// Text in this encoding.
    Encoding(&'static Encoding),
    /// No text; the reason, to follow "not a text file".
    NotText(String),
}

/// Bytes looked at, from the first that is not ASCII: enough for any of the tests below, and quick in large files.
const SAMPLE: usize = 64 * 1024;

/// The first bytes of formats that people hand in for text.
const MAGIC: &[(&[u8], &str)] = &[
    (b"%PDF-", "a PDF document"),
    (b"{\\rtf", "an RTF document; save it as plain text"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "an old office document"),
    (b"\x1F\x8B", "a gzip archive"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xFF\xD8\xFF", "a JPEG image"),
    (b"II*\0", "a TIFF image"),
    (b"MM\0*", "a TIFF image"),
    (b"\0\0\0\x0CjP  ", "a JPEG 2000 image"),
    (b"\xFF\xFE\0\0", "UTF-32, which is not supported; save it as UTF-8"),
    (b"\0\0\xFE\xFF", "UTF-32, which is not supported; save it as UTF-8"),
];

/// Why the bytes are no text whatever the encoding: the well-known format they begin like.
pub fn not_text(bytes: &[u8]) -> Option<String> {
    MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, name)| format!("it begins like {name}"))
}

/// The encoding of `bytes`, which begin with no byte order mark.
pub fn detect(bytes: &[u8]) -> Guess {
    let nul = memchr::memchr(0, bytes);
    if nul.is_none() && simdutf8::basic::from_utf8(bytes).is_ok() {
        return Guess::Encoding(UTF_8);
    }
    if let Some(order) = utf_16(&bytes[..bytes.len().min(SAMPLE)], nul.is_some()) {
        return Guess::Encoding(order);
    }
    if let Some(at) = nul {
        return Guess::NotText(format!("a NUL character at byte {at}"));
    }
    let first = bytes.iter().position(|b| !b.is_ascii()).unwrap_or(0);
    let sample = &bytes[first..bytes.len().min(first + SAMPLE)];
    if mostly_utf_8(sample) {
        return Guess::Encoding(UTF_8);
    }
    let found = by_content(&bytes[first.saturating_sub(1)..first + sample.len()], first.min(1)).unwrap_or_else(|| {
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        detector.feed(sample, true);
        detector.guess(None, Utf8Detection::Deny)
    });
    Guess::Encoding(match found {
        // The narrower name where it suffices, so that --keep-encoding adds no four-byte codes that GBK readers cannot read.
        _ if (found == GBK || found == GB18030) && has_four_byte_codes(&bytes[first..]) => GB18030,
        _ if found == GB18030 => GBK,
        _ => found,
    })
}

/// UTF-16 without a byte order mark: in one byte order nearly all code units are characters of newspapers.
fn utf_16(sample: &[u8], has_nul: bool) -> Option<&'static Encoding> {
    let units = sample.len() / 2;
    if units < 2 {
        return None;
    }
    let likely = |order: fn([u8; 2]) -> u16| {
        let likely = sample.chunks_exact(2).filter(|pair| is_likely_unit(order([pair[0], pair[1]]))).count();
        likely as f32 / units as f32
    };
    let (little, big) = (likely(u16::from_le_bytes), likely(u16::from_be_bytes));
    let (order, best, other) = if little >= big { (UTF_16LE, little, big) } else { (UTF_16BE, big, little) };
    // Every newline and every Latin character holds a NUL byte. Without any, Latin text in a one-byte encoding looks
    // like rare Han characters; but then nearly all bytes are ASCII, which in Han characters about half are.
    let ascii = sample.iter().filter(|b| b.is_ascii_graphic() || b.is_ascii_whitespace()).count();
    let evidence = has_nul || (units >= 8 && ascii * 4 < sample.len() * 3);
    (evidence && best >= 0.9 && best > other).then_some(order)
}

/// Latin with its diacritics and marks, Han characters and their punctuation, full-width forms, line ends.
fn is_likely_unit(unit: u16) -> bool {
    matches!(unit, 0x09 | 0x0A | 0x0C | 0x0D | 0x20..=0x7E | 0xA0..=0x17F | 0x2010..=0x203A | 0x3000..=0x301F | 0x4E00..=0x9FA5 | 0xFF01..=0xFF5E)
}

/// UTF-8 with damage: at least four valid sequences for each malformed one. Other encodings make valid sequences by chance only.
fn mostly_utf_8(sample: &[u8]) -> bool {
    let (mut valid, mut malformed) = (0, 0);
    for chunk in sample.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        malformed += usize::from(!chunk.invalid().is_empty());
    }
    valid >= 4 * malformed
}

/// The one of the three usual encodings in which the sample reads like text; `None` if it does in none.
///
/// `from` is where the first non-ASCII byte stands in `sample`.
fn by_content(sample: &[u8], from: usize) -> Option<&'static Encoding> {
    let scores =
        [(GB18030, han_score(GB18030, &sample[from..])), (BIG5, han_score(BIG5, &sample[from..])), (WINDOWS_1252, latin_score(sample))];
    let (found, score) = scores.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
    (score > 0.25).then_some(found)
}

/// How much the sample reads like Chinese in this encoding: the mean over its non-ASCII characters, 2 at best.
fn han_score(encoding: &'static Encoding, sample: &[u8]) -> f32 {
    let (text, _) = encoding.decode_without_bom_handling(sample);
    let (mut sum, mut count) = (0.0, 0);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        count += 1;
        sum += match c {
            '\u{FFFD}' => -6.0,
            _ if COMMON.contains(c) => 2.0,
            '，' | '。' | '、' | '：' | '；' | '！' | '？' | '《' | '》' | '（' | '）' | '「' | '」' | '『' | '』' | '“' | '”' | '…'
            | '—' | '·' => 2.0,
            '\u{3000}' | '０'..='９' => 1.0,
            '\u{4E00}'..='\u{9FFF}' => -0.5,
            '\u{E000}'..='\u{F8FF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'.. => -4.0,
            _ => -1.0,
        };
    }
    sum / count.max(1) as f32
}

/// How much the sample reads like a western European language in windows-1252: the mean over its non-ASCII bytes, 2 at best.
fn latin_score(sample: &[u8]) -> f32 {
    let (mut sum, mut count) = (0.0, 0);
    for (at, &byte) in sample.iter().enumerate().filter(|(_, b)| !b.is_ascii()) {
        count += 1;
        let left = at.checked_sub(1).map_or(b' ', |i| sample[i]);
        let right = sample.get(at + 1).copied().unwrap_or(b' ');
        let beside_letter = left.is_ascii_alphabetic() || right.is_ascii_alphabetic();
        sum += match byte {
            0x81 | 0x8D | 0x8F | 0x90 | 0x9D => -6.0,
            // Two neighbours beyond ASCII: Latin words hardly have them.
            _ if !left.is_ascii() && !right.is_ascii() => -4.0,
            // ÀÂÄÇÈÉÊËÎÏÔÖÙÛÜß and their small letters, Œœ Ÿÿ
            0xC0 | 0xC2 | 0xC4 | 0xC7..=0xCB | 0xCE | 0xCF | 0xD4 | 0xD6 | 0xD9 | 0xDB | 0xDC | 0xDF | 0x8C if beside_letter => 2.0,
            0xE0 | 0xE2 | 0xE4 | 0xE7..=0xEB | 0xEE | 0xEF | 0xF4 | 0xF6 | 0xF9 | 0xFB | 0xFC | 0xFF | 0x9C if beside_letter => 2.0,
            // „…†‘’“”–—£§«°»
            0x82 | 0x84..=0x86 | 0x91..=0x94 | 0x96 | 0x97 | 0xA3 | 0xA7 | 0xAB | 0xB0 | 0xBB => 1.0,
            0xA0 | 0xAD => 0.5,
            _ => -1.0,
        };
    }
    sum / count.max(1) as f32
}

/// Codes only GB18030 has: a digit after a lead byte.
fn has_four_byte_codes(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|b| !b.is_ascii()) {
        match &rest[at..] {
            [0x81..=0xFE, b'0'..=b'9', 0x81..=0xFE, b'0'..=b'9', ..] => return true,
            [0x80 | 0xFF, tail @ ..] | [_, _, tail @ ..] => rest = tail,
            _ => return false,
        }
    }
    false
}

/// The 400 most frequent characters by the word counts of jieba's dictionary (MIT), with their traditional forms by
/// OpenCC (Apache-2.0): about two thirds of running text, and next to nothing of text in the wrong encoding.
const COMMON: &str = "\
    一万三上下不与专世业东两並个中为主举么义之也书乾了争事二于五些交产京人什今从他代以们件任众会传但佈位住体何作你併使來便係\
    保信個們做備傢傳儿元先光兒党入內全兩公共关兵其具内再军农决几出分別利别到制前力加务动動務化北区區十华南即却卻历原去县又及\
    反发取受变口古只叫可台史号司各合同名后向听员命和品員商問噹嚮四回因团国國團土在地场城基報場增声处备外多大天太头女她好如委\
    子学學它安完官定实家實对导将將專對導小少就展山州工己已市布师带師帶常干平年并幹幾广应府度廣建开式张張強强彆当形很後得從德\
    心必性总情想意感應成我或战戰所手才打技把报指据接提據收改放政教数數文斯新方於族无日时明是時曆更書最會月有期本朮术机权李条\
    来東林果样條業樣機檯權次正此步武歷死每比民气氣水求汉江決沒没河治法活流济海清游湖漢濟点無然爭爲牠物特王现現理生產用由电界\
    當發白百的皇目直相省看真眼着瞭知石研社神种科称程種稱空立笑第等箇管米类糰系級組結給統經線縣總纔级线组经结给统美義老考者而\
    职联聯聲職聽能自至臺與舉色花華萬處號衆行術衕表被裏製西要見規见规解言計記設話認說調論議變计认议记论设话说调資質质资走起路\
    身車軍轉车转農边达过运近还这进连迴选這通連進遊運過道達選還邊那部都里重量金錶長长門開間閤關门问间队阳院陽隊隻难集難電非面\
    領頭題類领题風风首馬马體高髮麪麼黃黄點黨齣為裡";

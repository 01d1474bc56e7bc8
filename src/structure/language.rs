//! Language and script of each region, from function words, word endings and characters of one script.
//!
//! Only German, English, French and Chinese have data elsewhere in galleyproof. The lists for Latin, Italian, Spanish,
//! Dutch, Portuguese and the Scandinavian languages are here so that those are *not* taken for one of the four.

use std::sync::LazyLock;

use crate::model::{Issue, Language, Span};

/// Letters of a region that are looked at: more adds time and no certainty.
const SAMPLE: u32 = 600;

/// The languages of `words.tsv`, in the order of the score arrays; the first three have a [`Language`].
const LANGUAGES: [&str; 9] = ["de", "en", "fr", "la", "it", "es", "nl", "pt", "sc"];
const KNOWN: [Language; 3] = [Language::De, Language::En, Language::Fr];

/// What the letters of a stretch of text say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// A language galleyproof has data for.
    Is(Language),
    /// Surely another one.
    Other,
    /// Too little, or too mixed; the neighbours may tell. The flag: the letters are Han.
    Open { han: bool },
}

/// Gives every region its language; regions that do not tell inherit from their neighbours, their page or the issue.
///
/// With an override every region gets it.
pub fn language(issue: &mut Issue, language_override: Option<Language>) {
    if let Some(language) = language_override {
        issue.regions.iter_mut().for_each(|r| r.language = language);
        return;
    }
    let mut verdicts = Vec::with_capacity(issue.regions.len());
    let mut totals = Totals::default();
    let mut page_totals = vec![Totals::default(); issue.pages.len()];
    for region in &issue.regions {
        let counts = Counts::of(&issue.text[region_span(issue, &region.lines)]);
        let verdict = counts.verdict();
        let letters = counts.latin + counts.han * 4;
        totals.add(verdict, letters);
        page_totals[region.page as usize].add(verdict, letters);
        verdicts.push(verdict);
    }
    // The next region that tells, from behind, so that a long row of silent regions is walked once.
    let mut following: Vec<Option<Verdict>> = vec![None; verdicts.len()];
    for i in (1..verdicts.len()).rev() {
        following[i - 1] = if matches!(verdicts[i], Verdict::Open { .. }) { following[i] } else { Some(verdicts[i]) };
    }
    let mut before: Option<Verdict> = None;
    for (i, region) in issue.regions.iter_mut().enumerate() {
        if let Some(last) = i.checked_sub(1).map(|i| verdicts[i]).filter(|v| !matches!(v, Verdict::Open { .. })) {
            before = Some(last);
        }
        region.language = match verdicts[i] {
            Verdict::Is(language) => language,
            Verdict::Other => Language::Unknown,
            Verdict::Open { han } => {
                let inherited = match (before, following[i]) {
                    (Some(a), Some(b)) if a == b => a.known(),
                    _ => page_totals[region.page as usize].majority().or_else(|| totals.majority()),
                };
                match inherited {
                    Some(language) if language.is_chinese() == han => language,
                    _ if han => Language::Zh,
                    _ => Language::Unknown,
                }
            }
        };
    }
}

/// The language most of the bytes of an issue are in; unknown where that is most, or where there is no text.
pub fn main_language(issue: &Issue) -> Language {
    let mut bytes = [0usize; Language::ALL.len()];
    for region in issue.regions.iter().filter(|r| !r.lines.is_empty()) {
        if let Some(at) = Language::ALL.iter().position(|l| *l == region.language) {
            bytes[at] += region_span(issue, &region.lines).len();
        }
    }
    let most = bytes.iter().copied().max().unwrap_or(0);
    bytes.iter().position(|b| *b == most).map_or(Language::Unknown, |at| Language::ALL[at])
}

/// The language of a stretch of text that stands alone; `Unknown` if it does not tell.
pub fn detect(text: &str) -> Language {
    match Counts::of(text).verdict() {
        Verdict::Is(language) => language,
        Verdict::Open { han: true } => Language::Zh,
        _ => Language::Unknown,
    }
}

fn region_span(issue: &Issue, lines: &std::ops::Range<usize>) -> Span {
    issue.lines[lines.start].span.start..issue.lines[lines.end - 1].span.end
}

impl Verdict {
    fn known(self) -> Option<Language> {
        if let Verdict::Is(language) = self { Some(language) } else { None }
    }
}

/// Letters per verdict of a page or an issue.
#[derive(Clone, Copy, Default)]
struct Totals {
    letters: [u32; 7],
    other: u32,
}

impl Totals {
    fn add(&mut self, verdict: Verdict, letters: u32) {
        match verdict {
            Verdict::Is(language) => self.letters[language as usize] += letters,
            Verdict::Other => self.other += letters,
            Verdict::Open { .. } => {}
        }
    }

    /// The language of three quarters of the letters that told.
    fn majority(&self) -> Option<Language> {
        let all = self.letters.iter().sum::<u32>() + self.other;
        Language::ALL.into_iter().find(|&l| all > 0 && self.letters[l as usize] * 4 >= all * 3)
    }
}

/// What was counted in a stretch of text.
#[derive(Default)]
struct Counts {
    latin: u32,
    words: u32,
    han: u32,
    simplified: u32,
    traditional: u32,
    kana: u32,
    /// Letters of scripts galleyproof does not read: Greek, Cyrillic, Hangul, …
    foreign: u32,
    scores: [u32; LANGUAGES.len()],
}

impl Counts {
    fn of(text: &str) -> Counts {
        let mut counts = Counts::default();
        let words = &*WORDS;
        let scripts = &*SCRIPTS;
        let bytes = text.as_bytes();
        let mut word = Word::default();
        let mut checkpoint = SAMPLE / 4;
        let mut i = 0;
        while i < bytes.len() {
            let byte = bytes[i];
            if byte < 0x80 {
                i += 1;
                let letter = byte | 0x20;
                if letter.is_ascii_lowercase() {
                    word.push(letter);
                    counts.latin += 1;
                } else if word.length > 0 {
                    if byte == b'\'' && word.length < 8 {
                        word.push(b'\'');
                    }
                    counts.word(words, &mut word);
                    if counts.latin > checkpoint {
                        if checkpoint >= SAMPLE || counts.decided() {
                            break;
                        }
                        checkpoint *= 2;
                    }
                }
            } else if (0xe4..=0xe9).contains(&byte) && i + 2 < bytes.len() {
                let code = (u32::from(byte & 15) << 12) | (u32::from(bytes[i + 1] & 63) << 6) | u32::from(bytes[i + 2] & 63);
                i += 3;
                counts.word(words, &mut word);
                counts.han += 1;
                let only = match scripts.of(code) {
                    1 => Some(&mut counts.simplified),
                    2 => Some(&mut counts.traditional),
                    _ => None,
                };
                if let Some(only) = only {
                    *only += 1;
                    if counts.simplified.min(counts.traditional) == 0 && counts.simplified.max(counts.traditional) > 12 {
                        break;
                    }
                }
                if counts.han > SAMPLE / 4 {
                    break;
                }
            } else {
                let Some(c) = text[i..].chars().next() else { break };
                i += c.len_utf8();
                counts.other_char(c, words, &mut word);
            }
        }
        counts.word(words, &mut word);
        counts
    }

    /// The letters so far tell one language from all others beyond doubt.
    fn decided(&self) -> bool {
        let (mut first, mut second) = (0, 0);
        for &score in &self.scores {
            (first, second) = if score > first { (score, first) } else { (first, second.max(score)) };
        }
        first > 90 && first > second * 3
    }

    fn other_char(&mut self, c: char, words: &WordTable, word: &mut Word) {
        match c {
            '\u{df}'..='\u{f6}' | '\u{f8}'..='\u{ff}' => self.letter(word, c as u32 as u8),
            '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{de}' => self.letter(word, (c as u32 as u8) + 0x20),
            'ſ' => self.letter(word, b's'),
            'ꝛ' => self.letter(word, b'r'),
            'ů' => self.letter(word, b'u'),
            'ẽ' | 'ē' | 'ę' => self.letter(word, b'e'),
            'ā' => self.letter(word, b'a'),
            'ō' => self.letter(word, b'o'),
            'ũ' | 'ū' => self.letter(word, b'u'),
            'œ' | 'Œ' => self.letter(word, b'o'),
            '\u{364}' | '\u{308}' => word.umlaut(),
            '\u{300}'..='\u{36f}' => {}
            '’' if word.length > 0 => {
                word.push(b'\'');
                self.word(words, word);
            }
            '\u{100}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{a720}'..='\u{a7ff}' => self.letter(word, b'?'),
            _ => {
                self.word(words, word);
                match c {
                    '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}' | '\u{a0}'..='\u{bf}' => {}
                    '\u{3041}'..='\u{30ff}' => self.kana += 1,
                    '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{3134f}' => self.han += 1,
                    c if c.is_alphabetic() => self.foreign += 1,
                    _ => {}
                }
            }
        }
    }

    fn letter(&mut self, word: &mut Word, letter: u8) {
        word.push(letter);
        self.latin += 1;
    }

    /// Scores the word that ends here, if there is one: Chinese text asks at every character.
    #[inline]
    fn word(&mut self, words: &WordTable, word: &mut Word) {
        if word.length > 0 {
            self.score(words, word);
        }
    }

    fn score(&mut self, words: &WordTable, word: &mut Word) {
        if word.length > 1 || word.last8 >= 0x80 {
            self.words += 1;
        }
        let hit = if word.length <= 8 { words.get(word.last8) } else { 0 };
        let (hit, unit) = match hit {
            0 if word.length > 4 => (words.get(ending(word.last8)), 1),
            _ => (hit, 2),
        };
        if hit != 0 {
            // A word of one language counts three times one that three share.
            let share = match hit.count_ones() {
                1 => 6,
                2 => 3,
                _ => 2,
            };
            let mut rest = hit;
            while rest != 0 {
                self.scores[rest.trailing_zeros() as usize] += share * unit;
                rest &= rest - 1;
            }
        }
        if word.umlauts > 0 {
            self.scores[0] += 3;
        }
        *word = Word::default();
    }

    fn verdict(&self) -> Verdict {
        let han_weight = self.han * 4;
        if self.kana * 10 > self.han + 10 || self.foreign > (self.latin + han_weight) / 2 + 3 {
            return Verdict::Other;
        }
        if self.han > 0 && han_weight >= self.latin {
            return match (self.simplified, self.traditional) {
                (s, t) if s > t * 2 => Verdict::Is(Language::ZhHans),
                (s, t) if t > s * 2 => Verdict::Is(Language::ZhHant),
                _ => Verdict::Open { han: true },
            };
        }
        let mut order: [usize; LANGUAGES.len()] = std::array::from_fn(|i| i);
        order.sort_by_key(|&i| std::cmp::Reverse(self.scores[i]));
        let (first, second) = (self.scores[order[0]], self.scores[order[1]]);
        // Twelve is one function word of one language.
        if first < 24 || first * 4 < second * 5 + 24 || first < self.words {
            return Verdict::Open { han: false };
        }
        KNOWN.get(order[0]).map_or(Verdict::Other, |&l| Verdict::Is(l))
    }
}

/// The word being read: its last eight letters (Latin-1, lower case) and how many it has.
#[derive(Default)]
struct Word {
    last8: u64,
    length: u32,
    umlauts: u32,
}

impl Word {
    #[inline]
    fn push(&mut self, letter: u8) {
        self.last8 = self.last8 << 8 | u64::from(letter);
        self.length += 1;
        self.umlauts += u32::from(matches!(letter, 0xe4 | 0xf6 | 0xfc | 0xdf));
    }

    /// A small e over the letter before (old German print) or a combining diaeresis.
    fn umlaut(&mut self) {
        let letter = match self.last8 as u8 {
            b'a' => 0xe4,
            b'o' => 0xf6,
            b'u' => 0xfc,
            other => other,
        };
        self.last8 = self.last8 & !0xff | u64::from(letter);
        self.umlauts += u32::from(letter >= 0x80);
    }
}

/// The table key of a word ending: its last three letters behind a mark no word has.
fn ending(last8: u64) -> u64 {
    last8 & 0xff_ffff | 1 << 40
}

/// Function words and endings → bit set of [`LANGUAGES`]; open addressing over packed Latin-1 letters.
struct WordTable {
    keys: Box<[u64]>,
    values: Box<[u16]>,
}

const SLOTS: usize = 8192;

impl WordTable {
    fn load(tsv: &str) -> WordTable {
        let mut table = WordTable { keys: vec![0; SLOTS].into(), values: vec![0; SLOTS].into() };
        for row in tsv.lines() {
            let (word, languages) = row.split_once('\t').unwrap_or((row, ""));
            let pack = |word: &str| word.chars().fold(0u64, |key, c| key << 8 | u64::from(c as u32 as u8));
            let key = match word.strip_prefix('-') {
                Some(end) => ending(pack(end)),
                None => pack(word),
            };
            let bits = languages.split(' ').filter_map(|l| LANGUAGES.iter().position(|&x| x == l)).fold(0, |b, i| b | 1 << i);
            let slot = table.slot(key);
            table.keys[slot] = key;
            table.values[slot] = bits;
        }
        table
    }

    #[inline]
    fn slot(&self, key: u64) -> usize {
        let mut slot = (key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 51) as usize & (SLOTS - 1);
        while self.keys[slot] != 0 && self.keys[slot] != key {
            slot = (slot + 1) & (SLOTS - 1);
        }
        slot
    }

    #[inline]
    fn get(&self, key: u64) -> u16 {
        self.values[self.slot(key)]
    }
}

/// Two bits a character from U+4E00 on: 1 only in simplified text, 2 only in traditional text.
struct Scripts(Box<[u8]>);

impl Scripts {
    const FIRST: u32 = 0x4e00;
    const COUNT: usize = 0x5200;

    fn load(tsv: &str) -> Scripts {
        let mut table = vec![0u8; Self::COUNT].into_boxed_slice();
        for row in tsv.lines() {
            if let Some((c, script)) = row.split_once('\t')
                && let Some(c) = c.chars().next()
                && let Some(cell) = table.get_mut((c as u32).wrapping_sub(Self::FIRST) as usize)
            {
                *cell = if script == "Hans" { 1 } else { 2 };
            }
        }
        Scripts(table)
    }

    #[inline]
    fn of(&self, code: u32) -> u8 {
        self.0.get(code.wrapping_sub(Self::FIRST) as usize).copied().unwrap_or(0)
    }
}

/// The script that has a Han character to itself: [`Language::ZhHans`] or [`Language::ZhHant`]; `None` for what both share.
pub fn only_script(c: char) -> Option<Language> {
    match SCRIPTS.of(c as u32) {
        1 => Some(Language::ZhHans),
        2 => Some(Language::ZhHant),
        _ => None,
    }
}

static WORDS: LazyLock<WordTable> = LazyLock::new(|| WordTable::load(include_str!("../../dictionaries/structure/words.tsv")));
static SCRIPTS: LazyLock<Scripts> = LazyLock::new(|| Scripts::load(include_str!("../../dictionaries/structure/script.tsv")));

//! What the whole issue tells of its line ends: which marks stand there more often than inside lines, how wide columns are.

use super::line::{LineView, Opening};
use super::sign::{Sign, class_of};
use crate::breaks::Boundary;

/// Counts over the lines of a run of boundaries.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Lines.
    pub lines: u32,
    /// Word spaces inside lines.
    pub spaces: u32,
    /// By class: line ends.
    pub ends: [u32; Sign::COUNT],
    /// By class: line ends whose next line opens with a small letter.
    pub ends_before_lower: [u32; Sign::COUNT],
    /// By class: marks after a letter and before a space inside a line.
    pub inside: [u32; Sign::COUNT],
    /// By class: line ends before a small letter where the words on both sides say that one word was split.
    pub splits: [u32; Sign::COUNT],
    /// By class: line ends before a small letter where they say that a word ends.
    pub wholes: [u32; Sign::COUNT],
    /// Characters a printer hardly sets but a scanner reads, and capitals right after small letters.
    pub rubbish: u32,
}

/// What the words on both sides of a line end say by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Witness {
    /// The joined form is a word and the commoner reading.
    Split,
    /// Both parts are words, the joined form is none.
    Whole,
    Nothing,
}

/// Bytes that are rubbish wherever they stand; `»` and `«` count by their second byte, which other letters seldom have.
const RUBBISH: [bool; 256] = {
    let mut table = [false; 256];
    let marks = b"^*|\\~_{}<>#@\xab\xbb\xac";
    let mut i = 0;
    while i < marks.len() {
        table[marks[i] as usize] = true;
        i += 1;
    }
    table
};

impl Document {
    /// Counts.
    pub fn new(text: &str, views: &[LineView], boundaries: &[Boundary], view_of: impl Fn(usize) -> usize) -> Document {
        let mut document = Document { lines: views.len() as u32, ..Document::default() };
        for view in views {
            document.count_inside(&text[view.start as usize..view.end as usize]);
        }
        for boundary in boundaries {
            let (before, after) = (&views[view_of(boundary.before)], &views[view_of(boundary.after)]);
            document.ends[before.sign as usize] += 1;
            document.ends_before_lower[before.sign as usize] += u32::from(after.opening == Opening::Lower);
        }
        document
    }

    fn count_inside(&mut self, line: &str) {
        let bytes = line.as_bytes();
        let mut last = b' ';
        for &byte in bytes {
            let rubbish = RUBBISH[usize::from(byte)] || byte.is_ascii_uppercase() && last.is_ascii_lowercase();
            self.rubbish += u32::from(rubbish);
            last = byte;
        }
        for at in memchr::memchr_iter(b' ', bytes) {
            self.spaces += 1;
            let Some(&last) = bytes[..at].last() else { continue };
            if last.is_ascii_alphanumeric() {
                continue;
            }
            let Some(c) = line[..at].chars().next_back() else { continue };
            if !c.is_alphanumeric() {
                self.inside[class_of(c) as usize] += 1;
            }
        }
    }

    /// How much more often than chance would have it the mark stands at line ends before a small letter, as a logarithm.
    pub fn excess(&self, sign: Sign) -> f32 {
        let chance = self.inside[sign as usize] as f32 / self.spaces.max(1) as f32 * self.lines as f32;
        ((self.ends_before_lower[sign as usize] as f32 + 0.5) / (chance + 0.5)).ln()
    }

    /// Counts what the words at a line end say.
    pub fn witness(&mut self, sign: Sign, witness: Witness) {
        match witness {
            Witness::Split => self.splits[sign as usize] += 1,
            Witness::Whole => self.wholes[sign as usize] += 1,
            Witness::Nothing => {}
        }
    }

    /// The log-odds that the mark splits a word, by the other line ends of the issue (`own`: what this one says, if it was
    /// counted), and how many there are.
    pub fn splitting(&self, sign: Sign, own: Witness) -> (f32, u32) {
        let splits = self.splits[sign as usize].saturating_sub(u32::from(own == Witness::Split));
        let wholes = self.wholes[sign as usize].saturating_sub(u32::from(own == Witness::Whole));
        (((splits as f32 + 0.2) / (wholes as f32 + 1.0)).ln(), splits + wholes)
    }

    /// Whether the issue writes `/` for commas, as prints before 1700 do; they cut words without a sign as well.
    pub fn has_virgules(&self) -> bool {
        self.inside[Sign::Slash as usize] * 50 > self.spaces
    }

    /// Rubbish a line, as a logarithm; 0 where there is little.
    pub fn damage(&self) -> f32 {
        ((self.rubbish as f32 + 0.2) / (self.lines as f32 + 4.0) / 0.05).ln().clamp(0.0, 4.0)
    }

    /// How many fewer split signs there are than a narrow column has, as a logarithm; 0 when there are enough.
    pub fn missing_hyphens(&self) -> f32 {
        let lines = self.lines as f32;
        (-((self.hyphen_rate() * lines + 0.5) / (lines * 0.1 + 0.5)).ln()).max(0.0)
    }

    /// The share of lines that end on a split sign.
    pub fn hyphen_rate(&self) -> f32 {
        let hyphens: u32 =
            [Sign::Hyphen, Sign::NotSign, Sign::DoubleHyphen, Sign::Soft, Sign::Equals].iter().map(|s| self.ends[*s as usize]).sum();
        hyphens as f32 / self.lines.max(1) as f32
    }
}

/// The width of the column around each line, in characters: what four lines in five around it do not go over.
pub fn columns(views: &[LineView]) -> Vec<f32> {
    const REACH: usize = 10;
    /// Lines that share a look around: a column has many more.
    const STEP: usize = 4;
    let mut window = Vec::with_capacity(2 * REACH + STEP);
    let mut columns = Vec::with_capacity(views.len());
    for start in (0..views.len()).step_by(STEP) {
        window.clear();
        window.extend(views[start.saturating_sub(REACH)..(start + REACH + STEP).min(views.len())].iter().map(|v| v.width));
        let at = (window.len() * 4 / 5).min(window.len() - 1);
        let column = f32::from(*window.select_nth_unstable(at).1);
        columns.resize((start + STEP).min(views.len()), column);
    }
    columns
}

//! A line of text as it is typed: graphemes, a cursor, line ends shown as signs.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_segmentation::UnicodeSegmentation;

/// Text with a cursor between two of its graphemes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Field {
    graphemes: Vec<String>,
    at: usize,
}

impl Field {
    /// The text with the cursor at its end.
    pub fn new(text: &str) -> Field {
        let graphemes: Vec<String> = text.graphemes(true).map(str::to_owned).collect();
        Field { at: graphemes.len(), graphemes }
    }

    /// What was typed.
    pub fn text(&self) -> String {
        self.graphemes.concat()
    }

    /// What stands before and after the cursor.
    pub fn halves(&self) -> [String; 2] {
        [self.graphemes[..self.at].concat(), self.graphemes[self.at..].concat()]
    }

    /// Takes a key; `lines` tells whether Enter is a line end of the text.
    pub fn key(&mut self, key: KeyEvent, lines: bool) {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('u') if control => *self = Field::default(),
            KeyCode::Char('a') if control => self.at = 0,
            KeyCode::Char('e') if control => self.at = self.graphemes.len(),
            KeyCode::Char(c) if !control => self.insert(c),
            KeyCode::Enter if lines => self.insert('\n'),
            KeyCode::Backspace if self.at > 0 => {
                self.at -= 1;
                self.graphemes.remove(self.at);
            }
            KeyCode::Delete if self.at < self.graphemes.len() => drop(self.graphemes.remove(self.at)),
            KeyCode::Left => self.at = self.at.saturating_sub(1),
            KeyCode::Right => self.at = (self.at + 1).min(self.graphemes.len()),
            KeyCode::Home => self.at = 0,
            KeyCode::End => self.at = self.graphemes.len(),
            _ => {}
        }
    }

    fn insert(&mut self, c: char) {
        let [before, after] = self.halves();
        let before = format!("{before}{c}");
        // A combining mark may have joined the grapheme before it.
        self.at = before.graphemes(true).count();
        self.graphemes = before.graphemes(true).chain(after.graphemes(true)).map(str::to_owned).collect();
    }
}

//! What the model sees of a break: the last characters of the text before, the first of the text after.
//!
//! Only what stands near the break counts, so a break looks the same after the blocks around it have been joined.

use super::characters::Class;
use crate::dictionary::fold_han;

/// Characters kept of the text before a break.
pub const TAIL: usize = 48;
/// Characters kept of the text after a break.
pub const HEAD: usize = 96;

/// One end of a break. The text before is kept backwards: index 0 is always next to the break.
#[derive(Clone)]
pub struct Side<const N: usize> {
    chars: [char; N],
    classes: [Class; N],
    len: usize,
    /// The text goes on beyond what is kept.
    pub more: bool,
}

impl<const N: usize> Default for Side<N> {
    fn default() -> Self {
        Side { chars: ['\0'; N], classes: [Class::Other; N], len: 0, more: false }
    }
}

impl<const N: usize> Side<N> {
    /// Forgets the text, keeps the memory.
    pub fn clear(&mut self) {
        self.len = 0;
        self.more = false;
    }

    /// Adds the next character away from the break, simplified; `false` once there is no room.
    pub fn push(&mut self, c: char) -> bool {
        if self.len == N {
            self.more = true;
            return false;
        }
        self.chars[self.len] = fold_han(c);
        // Breaks are decided before the marks are repaired: half-width marks stand for the full-width ones where they can.
        let nearer = self.len.checked_sub(1).map(|i| self.classes[i]);
        self.classes[self.len] = match c {
            '"' if nearer.is_none_or(Class::closes) => {
                if N == TAIL {
                    Class::CloseQuote
                } else {
                    Class::OpenQuote
                }
            }
            '.' | '．' if !matches!(nearer, Some(Class::Digit | Class::Latin)) => Class::Stop,
            _ => Class::of(c),
        };
        self.len += 1;
        if self.len == 2 && self.chars[..2] == ['一', '一'] {
            // 一一 next to the break is what OCR reads for ——.
            self.chars[..2].fill('—');
            self.classes[..2].fill(Class::Dash);
        }
        true
    }

    pub fn chars(&self) -> &[char] {
        &self.chars[..self.len]
    }

    pub fn classes(&self) -> &[Class] {
        &self.classes[..self.len]
    }

    /// The class at a distance from the break; `None` beyond the text.
    pub fn class(&self, i: usize) -> Option<Class> {
        self.classes().get(i).copied()
    }
}

/// Both sides of one break.
#[derive(Clone, Default)]
pub struct Window {
    pub tail: Side<TAIL>,
    pub head: Side<HEAD>,
}

//! `unreadable-file`, `undecodable-bytes`, `internal-error`: what reading and processing report. No rule looks for them;
//! they stand among the rules so that they can be explained, selected and counted like all others.

use super::{Meta, Proposals, Rule, Stage, View};
use crate::edit::Severity;

pub struct UnreadableFile;
pub struct UndecodableBytes;
pub struct InternalError;

impl Rule for UnreadableFile {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "unreadable-file",
            stage: Stage::Findings,
            severity: Severity::Error,
            summary: "Reports a file that could not be read.",
            why: "A page that silently drops out of a batch is missed by nobody until a reader looks for it. The rest of the batch is done; the exit code is 2.",
            caution: "A file in an encoding that was guessed wrong: name it with --encoding.",
            source: "The operating system, or the decoder.",
            examples: &[],
        }
    }

    fn check_issue(&self, _: &View, _: &mut Proposals) {}
}

impl Rule for UndecodableBytes {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "undecodable-bytes",
            stage: Stage::Findings,
            severity: Severity::Error,
            summary: "Reports bytes that are no text in the encoding of their file, with their offsets.",
            why: "Most programs put U+FFFD there and the original is gone. galleyproof writes the bytes back as they were, or does not write the file.",
            caution: "If the encoding was guessed wrong, all of the file is: name it with --encoding.",
            source: "WHATWG Encoding Standard.",
            examples: &[],
        }
    }

    fn check_issue(&self, _: &View, _: &mut Proposals) {}
}

impl Rule for InternalError {
    fn meta(&self) -> &'static Meta {
        &Meta {
            name: "internal-error",
            stage: Stage::Findings,
            severity: Severity::Error,
            summary: "Reports an issue whose processing failed inside galleyproof.",
            why: "One bad issue must not end a night's batch: it is left untouched, the rest is done, and the exit code is 2.",
            caution: "It is always a defect of galleyproof: please report it.",
            source: "galleyproof.",
            examples: &[],
        }
    }

    fn check_issue(&self, _: &View, _: &mut Proposals) {}
}

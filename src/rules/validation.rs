//! What `galley validate` reports. No rule looks for these in a text; they stand among the rules so that they can be explained, selected,
//! counted and given a severity like all others.

use super::{Meta, Proposals, Rule, Stage, View};
use crate::edit::Severity;

/// A defect of files.
pub struct Validation(&'static Meta);

impl Rule for Validation {
    fn meta(&self) -> &'static Meta {
        self.0
    }

    fn check_issue(&self, _: &View, _: &mut Proposals) {}
}

/// Shorter than a struct for each: they differ in nothing but what they say.
const fn meta(
    name: &'static str,
    severity: Severity,
    summary: &'static str,
    why: &'static str,
    caution: &'static str,
    source: &'static str,
) -> Meta {
    Meta { name, stage: Stage::Findings, severity, summary, why, caution, source, examples: &[] }
}

pub const MALFORMED_XML: Validation = Validation(&meta(
    "malformed-xml",
    Severity::Error,
    "`validate`: a document that is not well-formed, was cut off, or has what is refused for safety: a DTD with definitions, entities, nesting or tags without end.",
    "No program can read it to its end, and some read a part of it without a word. Entities can fetch files and fill any memory.",
    "A harmless internal DTD is refused too: remove it.",
    "XML 1.0; limits: 128 elements deep, 256 attributes, 1 MB a tag, 64 MB a document.",
));
pub const WRONG_NAMESPACE: Validation = Validation(&meta(
    "wrong-namespace",
    Severity::Error,
    "`validate`: the root is in none of the namespaces of its format, or a prefix is declared nowhere.",
    "Programs find elements by namespace: with a wrong one the page is empty to them.",
    "A namespace of a version that is newer than this galley.",
    "ALTO 1 to 4.4 (none, CCS, ns-v2 to ns-v4), PAGE 2009 to 2024, METS 1 and 2.",
));
pub const DUPLICATE_ID: Validation = Validation(&meta(
    "duplicate-id",
    Severity::Error,
    "`validate`: two elements of a document have the same id.",
    "METS, reading order and links name elements by id: one that stands twice leads to the wrong text.",
    "No exception is known.",
    "xsd:ID in the schemas of ALTO, PAGE and METS; HTML's id in hOCR.",
));
pub const DANGLING_REFERENCE: Validation = Validation(&meta(
    "dangling-reference",
    Severity::Warning,
    "`validate`: something is referred to by an id that no element has.",
    "The order of blocks, the style of a word or the file of a page is lost.",
    "A document that was cut out of a larger one.",
    "xsd:IDREF in the schemas of ALTO, PAGE and METS.",
));
pub const BROKEN_BOX: Validation = Validation(&meta(
    "broken-box",
    Severity::Warning,
    "`validate`: a coordinate is no number, not finite, or a box is turned inside out.",
    "Programs stop at it, or draw the box elsewhere.",
    "No exception is known.",
    "The schemas of ALTO and PAGE; the hOCR specification.",
));
pub const BOX_OUTSIDE_PAGE: Validation = Validation(&meta(
    "box-outside-page",
    Severity::Warning,
    "`validate`: a box reaches over the edge of its page by more than rounding.",
    "The image was scaled, turned or cropped after the OCR, or the page's size is that of another: every box is then suspect.",
    "Engines that deskew put boxes a little over the edge.",
    "The page's own size: Page WIDTH and HEIGHT, imageWidth and imageHeight, the bbox of ocr_page.",
));
pub const BROKEN_HYPHENATION: Validation = Validation(&meta(
    "broken-hyphenation",
    Severity::Warning,
    "`validate`: ALTO's HYP, SUBS_TYPE and SUBS_CONTENT contradict each other.",
    "Search engines index SUBS_CONTENT: half a pair gives half a word, or a wrong one.",
    "The other half of the first or last word of a page is looked for on no other page.",
    "ALTO, String and HYP.",
));
pub const REGION_TEXT_DIFFERS: Validation = Validation(&meta(
    "region-text-differs",
    Severity::Warning,
    "`validate`: the text of a PAGE region is not the text of its lines.",
    "Programs that read regions and programs that read lines work on different texts; a correction was made on one level only.",
    "Lines that are not in reading order.",
    "OCR-D: consistency of text results on different levels.",
));
pub const MISSING_FILE: Validation = Validation(&meta(
    "missing-file",
    Severity::Error,
    "`validate`: a file that METS or a manifest names is not there, or cannot be read.",
    "A delivery without it is not complete.",
    "METS of a batch whose images are kept elsewhere: give missing-file another severity in galley.toml.",
    "METS FLocat; BagIt (RFC 8493).",
));
pub const WRONG_SIZE: Validation = Validation(&meta(
    "wrong-size",
    Severity::Error,
    "`validate`: a file is longer or shorter than METS says.",
    "It was changed or cut off after the METS was written.",
    "Line ends that a transfer has changed.",
    "METS file SIZE.",
));
pub const WRONG_CHECKSUM: Validation = Validation(&meta(
    "wrong-checksum",
    Severity::Error,
    "`validate`: the checksum of a file is not the one METS or a manifest has.",
    "It is damaged, or was changed after the checksum was made.",
    "No exception is known.",
    "METS file CHECKSUM; BagIt (RFC 8493). MD5, SHA-1, SHA-256, SHA-384 and SHA-512 are known.",
));
pub const EXTRA_FILE: Validation = Validation(&meta(
    "extra-file",
    Severity::Error,
    "`validate`: a file below `data/` of a bag that a manifest does not list.",
    "A bag with payload that no manifest covers is not valid: the file is of unknown origin, or the manifest is old.",
    "No exception is known.",
    "BagIt (RFC 8493), section 3.",
));
pub const BROKEN_MANIFEST: Validation = Validation(&meta(
    "broken-manifest",
    Severity::Error,
    "`validate`: a manifest of a bag that is missing, unknown, or has a line that is no checksum and path.",
    "What it should cover cannot be checked.",
    "No exception is known.",
    "BagIt (RFC 8493), section 2.",
));

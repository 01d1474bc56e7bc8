//! The named features of Latin breaks.

use crate::breaks::loglinear::Feature;

/// Declares a feature set: an enum, and the names of the weights files in the same order.
macro_rules! features {
    ($(#[$doc:meta])* $set:ident { $($name:ident => $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        #[allow(missing_docs)]
        pub enum $set { $($name,)* }

        impl $set {
            /// The names, in the order of the variants.
            pub const NAMES: &[&str] = &[$($text,)*];

            /// The feature with its value.
            pub fn is(self, value: f32) -> Feature {
                (self as u16, value)
            }
        }
    };
}

features! {
    /// What speaks for or against one word over a break.
    Word {
        NextLower => "next-lower-case",
        NextCapital => "next-capital",
        NextDigit => "next-digit",
        AllCapitals => "all-capitals",
        QuoteRepeated => "quote-repeated",
        LeadOther => "mark-before-next",
        Ascii => "hyphen",
        NotSign => "not-sign",
        DoubleHyphen => "double-hyphen",
        Soft => "soft-hyphen",
        Equals => "equals-sign",
        HyphenAnd => "hyphen-and-marks",
        SpacedHyphen => "hyphen-after-space",
        Dash => "dash",
        Comma => "comma",
        Period => "period",
        ColonLike => "colon-or-semicolon",
        Exclaim => "exclamation-mark",
        Guillemet => "guillemet",
        Apostrophe => "apostrophe",
        Quote => "quote",
        Bracket => "bracket",
        Odd => "odd-mark",
        Mixed => "mixed-marks",
        SignExcess => "sign-mostly-at-line-ends",
        SignSplits => "sign-splits-words-in-issue",
        SignUnsure => "sign-rarely-seen-in-issue",
        HyphenRate => "hyphens-a-line",
        NoHyphens => "no-hyphens-in-issue",
        JoinedKnown => "joined-is-a-word",
        JoinedZipf => "joined-frequency",
        JoinedIssue => "joined-elsewhere-in-issue",
        HyphenatedIssue => "hyphenated-elsewhere-in-issue",
        BeforeUnknown => "part-before-unknown",
        BeforeZipf => "part-before-frequency",
        BeforeIssue => "part-before-elsewhere-in-issue",
        AfterUnknown => "part-after-unknown",
        AfterZipf => "part-after-frequency",
        AfterIssue => "part-after-elsewhere-in-issue",
        BothKnown => "parts-are-words",
        LeastZipf => "rarer-part-frequency",
        JoinedOverParts => "joined-over-rarer-part",
        JoinedOverChance => "joined-over-both-parts",
        JoinedRare => "joined-rarer-than-both-parts",
        Prefix => "part-before-opens-words",
        Reach => "joined-opens-words-so-far",
        ReachLead => "joined-reaches-farther-than-part",
        ReachNone => "joined-opens-no-word",
        LostRate => "hyphens-missing-in-issue",
        Seam => "letters-go-together",
        BeforeShort => "part-before-short",
        AfterShort => "part-after-short",
        BeforeCapital => "part-before-capital",
        BeforeDigit => "part-before-digit",
        HyphenBefore => "hyphen-before-part",
        HyphenAfter => "hyphen-after-part",
        Fullness => "line-shorter-than-column",
        NoLexicon => "no-lexicon",
        Conjunction => "next-is-conjunction",
        AdjectivePair => "adjective-pair",
        NumberPair => "number-pair",
        Clitic => "pronoun-after-hyphen",
        PeriodBeforeHyphen => "period-before-hyphen",
        CapitalKnownLower => "next-capital-part-known",
        LongBoth => "parts-long",
    }
}

features! {
    /// What speaks for or against the end of a paragraph at a line end, in text whose paragraphs no empty line sets apart.
    Paragraph {
        Hyphen => "line-end-hyphen",
        Comma => "comma",
        NoMark => "no-mark",
        Final => "final-mark",
        FinalQuote => "final-mark-and-quote",
        Abbreviation => "abbreviation",
        Colon => "colon",
        Semicolon => "semicolon",
        Dash => "dash",
        OtherMark => "other-mark",
        NextLower => "next-lower-case",
        NextCapital => "next-capital",
        NextDigit => "next-digit",
        NextNone => "next-without-letters",
        FinalCapital => "final-mark-and-next-capital",
        FunctionWord => "ends-on-function-word",
        LeadQuote => "next-opens-with-quote",
        LeadDash => "next-opens-with-dash",
        LeadBracket => "next-opens-with-bracket",
        LeadOther => "next-opens-with-other-mark",
        Dateline => "next-opens-with-dateline",
        ShortSentence => "next-opens-with-short-sentence",
        Numbered => "next-opens-with-number",
        Capitals => "capitals",
        NextCapitals => "next-capitals",
        Short50 => "line-under-half",
        Short70 => "line-under-7-tenths",
        Short85 => "line-under-17-twentieths",
        Short93 => "line-under-19-twentieths",
        Full => "line-full",
        Over => "line-over-column",
        Gap => "line-gap",
        FinalShort50 => "final-mark-on-line-under-half",
        FinalShort70 => "final-mark-on-line-under-7-tenths",
        FinalShort85 => "final-mark-on-line-under-17-twentieths",
        FinalShort93 => "final-mark-on-line-under-19-twentieths",
        FinalFull => "final-mark-on-full-line",
        NoMarkShort50 => "no-mark-on-line-under-half",
        NoMarkShort70 => "no-mark-on-line-under-7-tenths",
        NoMarkShort85 => "no-mark-on-line-under-17-twentieths",
        Room => "room-for-next-word",
        FinalRoom => "final-mark-and-room-for-next-word",
        RoomMuch => "room-for-much-more",
        NextShort50 => "next-line-under-half",
        NextShort70 => "next-line-under-7-tenths",
        NextShort85 => "next-line-under-17-twentieths",
        NextIndentWidth => "next-line-narrower-by-an-indent",
        FinalNextIndentWidth => "final-mark-and-next-line-narrower",
        PreviousShort => "line-before-short",
        PreviousFinal => "line-before-ends-sentence",
        AfterNextShort => "line-after-next-short",
        Indent => "next-line-indented",
        IndentBack => "next-line-less-indented",
        RoleChange => "role-changes",
        Title => "title-role",
        NarrowColumn => "narrow-column",
        WideColumn => "wide-column",
        ProbabilityBefore => "paragraph-ends-before",
        ProbabilityAfter => "paragraph-ends-after",
        FirstLook => "first-look",
        ProbabilityBefore2 => "paragraph-ends-two-before",
        ProbabilityAfter2 => "paragraph-ends-two-after",
    }
}

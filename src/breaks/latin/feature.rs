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
        Slash => "slash",
        Odd => "odd-mark",
        Mixed => "mixed-marks",
        SignExcess => "sign-mostly-at-line-ends",
        SignSplits => "sign-splits-words-in-issue",
        SignUnsure => "sign-rarely-seen-in-issue",
        Damage => "rubbish-in-issue",
        NoDamage => "no-rubbish-in-issue",
        NoisyCapital => "next-capital-and-rubbish-in-issue",
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
        ConjunctionClean => "next-is-conjunction-and-no-rubbish-in-issue",
        AdjectivePair => "adjective-pair",
        NumberPair => "number-pair",
        Clitic => "pronoun-after-hyphen",
        PeriodBeforeHyphen => "period-before-hyphen",
        CapitalKnownLower => "next-capital-part-known",
        LongBoth => "parts-long",
        CommonParts => "parts-are-common-words",
        PartsCommon4 => "parts-are-very-common-words",
        Abbreviation => "abbreviation",
        CapitalAfterKnown => "next-capital-and-joined-known",
        Opens => "part-before-opens-words-so-often",
        OpensOverAlone => "part-before-opens-words-over-alone",
        OpensNone => "part-before-opens-no-words",
        Closes => "part-after-closes-words-so-often",
        ClosesOverAlone => "part-after-closes-words-over-alone",
        ClosesNone => "part-after-closes-no-words",
        PiecesOverWords => "parts-as-pieces-over-words",
        LooksKnown => "joined-looks-like-a-word",
        LooksZipf => "joined-looks-like-frequency",
        LooksNone => "joined-looks-like-no-word",
        BeforeLooks => "part-before-looks-like-a-word",
        AfterLooks => "part-after-looks-like-a-word",
        AfterNoun => "next-small-where-issue-has-capital",
        AfterNotNoun => "next-small-as-issue-has-it",
        BeforeVeryCommon => "part-before-very-common",
        AfterVeryCommon => "part-after-very-common",
        JoinedCommon => "joined-common",
        Virgules => "virgules-in-issue",
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
        FinalWidth0 => "final-mark-on-line-under-4-tenths",
        FinalWidth1 => "final-mark-on-line-under-6-tenths",
        FinalWidth2 => "final-mark-on-line-under-3-quarters",
        FinalWidth3 => "final-mark-on-line-under-85-hundredths",
        FinalWidth4 => "final-mark-on-line-under-9-tenths",
        FinalWidth5 => "final-mark-on-line-under-94-hundredths",
        FinalWidth6 => "final-mark-on-line-under-98-hundredths",
        FinalWidth7 => "final-mark-on-line-full",
        FinalWidth8 => "final-mark-on-line-over",
        OpenWidth0 => "no-mark-on-line-under-4-tenths",
        OpenWidth1 => "no-mark-on-line-under-6-tenths",
        OpenWidth2 => "no-mark-on-line-under-3-quarters",
        OpenWidth3 => "no-mark-on-line-under-85-hundredths",
        OpenWidth4 => "no-mark-on-line-under-9-tenths",
        OpenWidth5 => "no-mark-on-line-under-94-hundredths",
        OpenWidth6 => "no-mark-on-line-under-98-hundredths",
        OpenWidth7 => "no-mark-on-line-full",
        OpenWidth8 => "no-mark-on-line-over",
        MarkWidth0 => "other-mark-on-line-under-4-tenths",
        MarkWidth1 => "other-mark-on-line-under-6-tenths",
        MarkWidth2 => "other-mark-on-line-under-3-quarters",
        MarkWidth3 => "other-mark-on-line-under-85-hundredths",
        MarkWidth4 => "other-mark-on-line-under-9-tenths",
        MarkWidth5 => "other-mark-on-line-under-94-hundredths",
        MarkWidth6 => "other-mark-on-line-under-98-hundredths",
        MarkWidth7 => "other-mark-on-line-full",
        MarkWidth8 => "other-mark-on-line-over",
        NextWidth0 => "next-line-under-half",
        NextWidth1 => "next-line-under-3-quarters",
        NextWidth2 => "next-line-under-88-hundredths",
        NextWidth3 => "next-line-under-92-hundredths",
        NextWidth4 => "next-line-under-96-hundredths",
        NextWidth5 => "next-line-full",
        NextWidth6 => "next-line-over",
        Room => "room-for-next-word",
        FinalRoom => "final-mark-and-room-for-next-word",
        RoomMuch => "room-for-much-more",
        NextNarrow => "next-line-as-narrow-as-first-lines",
        FinalNextNarrow => "final-mark-and-next-line-as-narrow-as-first-lines",
        Rate => "paragraphs-around",
        FinalRate => "final-mark-and-paragraphs-around",
        DashRate => "dash-opens-paragraphs-in-issue",
        NextOpen => "next-line-no-mark",
        NextFinal => "next-line-final-mark",
        NextHyphen => "next-line-hyphen",
        NextHeading => "next-line-like-heading",
        IsHeading => "line-like-heading",
        PreviousOpen => "line-before-no-mark",
        PreviousHyphen => "line-before-hyphen",
        AfterNextLower => "line-after-next-lower-case",
        AfterNextUpper => "line-after-next-capital",
        AfterNextHeading => "line-after-next-like-heading",
        ShortLines => "short-lines-around",
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

features! {
    /// What the boxes of the lines say of the end of a paragraph, beside what the text says.
    Boxes {
        TextSays => "text-says",
        Indent0 => "next-line-left-of-column",
        Indent1 => "next-line-at-margin",
        Indent2 => "next-line-hardly-indented",
        Indent3 => "next-line-indented",
        Indent4 => "next-line-much-indented",
        Indent5 => "next-line-far-right",
        FromLine0 => "next-starts-far-left-of-line",
        FromLine1 => "next-starts-left-of-line",
        FromLine2 => "next-starts-below-line",
        FromLine3 => "next-starts-hardly-right-of-line",
        FromLine4 => "next-starts-right-of-line",
        FromLine5 => "next-starts-far-right-of-line",
        FromNext0 => "next-starts-far-left-of-its-next",
        FromNext1 => "next-starts-left-of-its-next",
        FromNext2 => "next-starts-above-its-next",
        FromNext3 => "next-starts-hardly-right-of-its-next",
        FromNext4 => "next-starts-right-of-its-next",
        FromNext5 => "next-starts-far-right-of-its-next",
        Short0 => "line-full",
        Short1 => "line-hardly-short",
        Short2 => "line-little-short",
        Short3 => "line-short",
        Short4 => "line-quite-short",
        Short5 => "line-much-short",
        Short6 => "line-very-short",
        Gap0 => "gap-narrow",
        Gap1 => "gap-usual",
        Gap2 => "gap-little-wide",
        Gap3 => "gap-wide",
        Gap4 => "gap-wider",
        Gap5 => "gap-widest",
        NewColumn => "new-column",
        Height0 => "next-much-lower",
        Height1 => "next-lower",
        Height2 => "next-as-high",
        Height3 => "next-higher",
        Height4 => "next-much-higher",
        Was0 => "line-at-margin",
        Was1 => "line-hardly-indented",
        Was2 => "line-indented",
        NotIndentedFull => "not-indented-and-full",
        NotIndentedFullFinal => "not-indented-and-full-and-final",
        NotIndentedShort => "not-indented-and-short",
        NotIndentedShortFinal => "not-indented-and-short-and-final",
        IndentedFull => "indented-and-full",
        IndentedFullFinal => "indented-and-full-and-final",
        IndentedShort => "indented-and-short",
        IndentedShortFinal => "indented-and-short-and-final",
        Centred => "next-line-centred",
    }
}

/// What changes the weight of everything else at a paragraph end: each feature has a second weight where one of these holds.
pub const PARAGRAPH_SETTINGS: [Paragraph; 3] = [Paragraph::Room, Paragraph::IsHeading, Paragraph::AfterNextShort];

/// The names of the paragraph features, those in a setting included (`room-for-next-word/final-mark`).
pub fn paragraph_names() -> Vec<String> {
    let plain = Paragraph::NAMES.iter().map(|name| (*name).to_owned());
    let inside = PARAGRAPH_SETTINGS
        .iter()
        .flat_map(|setting| Paragraph::NAMES.iter().map(|name| format!("{}/{name}", Paragraph::NAMES[*setting as usize])));
    plain.chain(inside).collect()
}

/// Adds to the features of a paragraph end those of the settings it is in.
pub fn add_settings(features: &mut impl Extend<Feature>, plain: &[Feature]) {
    for (copy, setting) in PARAGRAPH_SETTINGS.iter().enumerate() {
        if plain.iter().any(|(i, _)| *i == *setting as u16) {
            let offset = (Paragraph::NAMES.len() * (copy + 1)) as u16;
            features.extend(plain.iter().map(|(i, v)| (i + offset, *v)));
        }
    }
}

//! The features of the model of Chinese breaks, by name. The names are those of `dictionaries/han/breaks.tsv`.

macro_rules! features {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// One feature; its number is its place in [`NAMES`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u16)]
        pub enum Feature { $($(#[$doc])* $variant,)* }

        /// The names, in the order of the numbers.
        pub const NAMES: &[&str] = &[$($name,)*];
    };
}

features! {
    // Where the break stands.
    KindPage = "kind-page",
    KindLine = "kind-line",
    LoneBreak = "little-text-around",
    /// Two short blocks and nothing else: the rest of a column looks like a title there.
    SingleBreak = "only-two-blocks",
    /// What the widths of the lines say, as log-odds; only the model of lines weighs it.
    Layout = "line-layout",

    // The text before ends with 。！？: nearly always the end of a paragraph.
    AfterStop = "after-stop",
    AfterStopQuote = "after-stop-and-quote",
    AfterStopShort = "after-stop-short-block",
    AfterStopOpensCloser = "after-stop-opens-with-closer",
    AfterStopOpensQuote = "after-stop-opens-with-quote",
    AfterStopOpensEarly = "after-stop-early-mark",
    AfterStopParticular = "after-stop-opens-like-paragraph",
    AfterStopQuoteOpen = "after-stop-quote-open",

    // It ends with ： or ；.
    AfterColon = "after-colon",
    AfterSemicolon = "after-semicolon",
    AfterColonSpeech = "after-colon-of-speech",
    AfterColonShort = "after-colon-short-block",
    AfterColonOpensQuote = "after-colon-opens-with-quote",
    AfterColonOpensItem = "after-colon-opens-with-item",
    AfterColonOpensBracket = "after-colon-opens-with-bracket",
    AfterColonOpensHan = "after-colon-opens-with-han",
    AfterColonEarly = "after-colon-early-mark",
    AfterColonByline = "after-colon-byline",
    /// `央视网消息（新闻联播）：`: the report comes.
    AfterColonOfByline = "after-colon-of-byline",
    AfterSemicolonItem = "after-semicolon-opens-with-item",

    // It ends otherwise.
    EndComma = "comma-at-end",
    EndEnumeration = "enumeration-at-end",
    EndCloseQuote = "closing-quote-at-end",
    BareCloseQuote = "bare-closing-quote-at-end",
    EndCloseBracket = "closing-bracket-at-end",
    BareCloseBracket = "bare-closing-bracket-at-end",
    EndCredit = "bracket-after-full-stop",
    EndEllipsisQuote = "ellipsis-and-quote-at-end",
    EndOpener = "opener-at-end",
    EndDash = "dash-at-end",
    EndEllipsis = "ellipsis-at-end",
    EndDigit = "digit-at-end",
    EndLatin = "latin-at-end",
    EndOther = "sign-at-end",
    EndOf = "particle-of-at-end",
    EndPreposition = "preposition-at-end",
    EndAdverb = "adverb-at-end",
    BareCredit = "credit-at-end",

    // How the text before reads: running text, or something like a title.
    NoFinalMark = "no-final-mark",
    Comma9 = "comma-inside-9",
    Comma14 = "comma-inside-14",
    Comma20 = "comma-inside-20",
    Comma30 = "comma-inside-30",
    BodyComma = "no-final-mark-after-comma",
    EqualHalves = "equal-halves",
    LabelBefore = "label-before",
    InnerEnumeration = "enumeration-inside",
    FirstBlock = "first-block",
    AmongShort = "among-short-blocks",
    Bare5 = "bare-5",
    Bare9 = "bare-9",
    Bare13 = "bare-13",
    Bare17 = "bare-17",
    Bare21 = "bare-21",
    Bare25 = "bare-25",
    Bare32 = "bare-32",
    Bare40 = "bare-40",
    BareLong = "bare-long",
    InnerSpace = "inner-space",
    InnerSpaces = "inner-spaces",
    AllBracketed = "all-in-brackets",
    BylineBefore = "byline-before",
    /// The text before begins with a byline or a dateline and goes on into the report.
    ReportBegun = "report-begun",
    DeckBefore = "deck-before",
    ItemBefore = "item-before",
    DashBefore = "dash-before",
    QuoteOpen = "quote-left-open",
    BracketOpen = "bracket-left-open",
    OpenSentenceShort = "sentence-just-begun",
    BareOpening = "bare-opens-like-paragraph",
    BareDigits = "bare-with-digits",

    // What comes next.
    OpensCloser = "opens-with-closer",
    OpensQuote = "opens-with-quote",
    OpensBracket = "opens-with-bracket",
    OpensTitle = "opens-with-book-title",
    OpensDash = "opens-with-dash",
    OpensBullet = "opens-with-bullet",
    OpensDigit = "opens-with-digit",
    OpensLatin = "opens-with-latin",
    OpensOther = "opens-with-sign",
    Indented = "indented",
    NextByline = "next-opens-with-byline",
    NextItem = "next-opens-with-item",
    NextSpeaker = "next-opens-with-speaker",
    /// `附记：`, `地点：`.
    NextLabel = "next-opens-with-label",
    NextAllBracketed = "next-all-in-brackets",
    NextAdverb = "next-opens-with-adverb",
    NextParticle = "next-opens-with-particle",
    NextConjunction = "next-opens-with-conjunction",
    NextUnit = "next-opens-with-unit",
    Mark1 = "mark-after-one",
    Mark2 = "mark-after-two",
    Mark4 = "mark-after-four",
    Mark8 = "mark-after-eight",
    MarkStop = "early-stop",
    MarkEnumeration = "early-enumeration",
    NextShortBare = "next-like-title",
    NextShortStopped = "next-short-and-stopped",
    ClosesUnopened = "closes-what-was-not-opened",

    // Both sides together.
    DigitDigit = "number-across-break",
    DigitUnit = "unit-across-break",
    LatinLatin = "latin-across-break",
    ToldAgain = "title-told-again",
    ToldLittle = "title-told-in-part",
    ToldNot = "title-not-told-again",
    BareByline = "bare-then-byline",
    BareAdverb = "bare-then-adverb",
    BareQuote = "bare-then-quote",
    BareItem = "bare-then-item",
    BareDigit = "bare-then-digit",
    BareEarly = "bare-then-early-mark",
    BareParagraph = "bare-then-long-sentence",
    BothBare = "title-then-title",
    NextTiny = "next-is-a-tail",
    Dateline = "dateline-across-break",
    Decimal = "decimal-across-break",
    Labels = "label-then-label",
    ToldCharacters = "characters-told-again",
    BeginsTold = "next-begins-with-title",
    ToldFull = "title-told-in-full",
    SameItem = "item-then-item",

    // The dictionary.
    InsidePair = "inside-pair",
    PairStrong = "inside-pair-strong",
    PairNone = "no-inside-pair",
    BarePairNone = "bare-no-inside-pair",
    WordEnd = "word-end-likely",
    WordBegin = "word-begin-likely",
    WordAcross = "word-across-break",
    WordAcrossGain = "word-across-gain",
    WordAcrossRare = "rare-word-across-break",
    WordAcrossLong = "long-word-across-break",
    BareAcross = "bare-word-across-break",
    BarePair = "bare-inside-pair",
    BareEnd = "bare-word-end-likely",
    BareBegin = "bare-word-begin-likely",
}

impl Feature {
    /// Its number, as [`crate::breaks::loglinear`] wants it.
    pub fn index(self) -> u16 {
        self as u16
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        NAMES[self as usize]
    }
}

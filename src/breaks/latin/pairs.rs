//! Words that stand beside a hyphen that was printed.

/// Words before which a hyphen stands for a part left out: `Hoch- und Tiefbau`.
pub fn is_conjunction(word: &str) -> bool {
    matches!(word, "und" | "u" | "oder" | "bis" | "sowie" | "resp" | "bezw" | "and" | "or" | "et" | "ou")
}

/// Two adjectives with a hyphen: `demokratisch-sozialistisch`, `anglo-ägyptisch`.
pub fn adjective_pair(before: &str, after: &str) -> bool {
    let stem = after.trim_end_matches(['e', 'n', 'r', 's', 'm']);
    let adjective = |w: &str| w.ends_with("isch") || w.ends_with("lich") || w.ends_with("ell") || w.ends_with("al") || w.ends_with("iv");
    let adjective_after = stem.len() > 5 && (adjective(stem) || stem.ends_with("ien") || stem.ends_with("an"));
    before.len() > 3 && adjective_after && (adjective(before) || before.ends_with('o') || before.ends_with("ig"))
}

/// Parts of a number: `twenty-five`, `vingt-cinq`.
pub fn number_pair(before: &str, after: &str) -> bool {
    matches!(
        before,
        "twenty"
            | "thirty"
            | "forty"
            | "fifty"
            | "sixty"
            | "seventy"
            | "eighty"
            | "ninety"
            | "dix"
            | "vingt"
            | "trente"
            | "quarante"
            | "cinquante"
            | "soixante"
            | "quatre"
    ) && matches!(
        after,
        "one"
            | "two"
            | "three"
            | "four"
            | "five"
            | "six"
            | "seven"
            | "eight"
            | "nine"
            | "first"
            | "second"
            | "third"
            | "fourth"
            | "fifth"
            | "sixth"
            | "seventh"
            | "eighth"
            | "ninth"
            | "deux"
            | "trois"
            | "quatre"
            | "cinq"
            | "sept"
            | "huit"
            | "neuf"
            | "dix"
            | "douze"
            | "quinze"
            | "seize"
            | "vingt"
            | "vingts"
    )
}

/// What French hangs on a verb or a pronoun with a hyphen, and the second parts of its commonest hyphenated words.
pub fn is_clitic(word: &str) -> bool {
    matches!(
        word,
        "ci" | "là"
            | "il"
            | "ils"
            | "elle"
            | "elles"
            | "on"
            | "je"
            | "tu"
            | "nous"
            | "vous"
            | "moi"
            | "toi"
            | "lui"
            | "leur"
            | "le"
            | "la"
            | "les"
            | "y"
            | "en"
            | "même"
            | "mêmes"
            | "être"
            | "t"
            | "ce"
            | "dire"
    )
}

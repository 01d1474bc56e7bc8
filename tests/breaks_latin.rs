//! What becomes of line and page ends in German, English and French text.

use galleyproof::breaks::{self, Joint};
use galleyproof::dictionary::Dictionaries;
use galleyproof::edit::Applicability;
use galleyproof::model::{Issue, Language, Source};
use galleyproof::structure;

/// The decision at the line end after `tail`: joint, applicability, bytes dropped before and after.
fn at(language: Language, text: &str, tail: &str) -> (Joint, Option<Applicability>, usize, usize) {
    let mut issue = Issue { text: text.to_owned(), ..Issue::default() };
    issue.sources.push(Source { path: "x".into(), span: 0..text.len(), bytes: Default::default() });
    structure::structure(&mut issue, Some(language));
    let breaks = breaks::decide(&issue, &Dictionaries::builtin());
    let found = breaks.iter().find(|b| issue.line_text(b.boundary.before).trim_end().ends_with(tail)).expect("a line end");
    let d = &found.decision;
    assert!(d.applicability.is_none() || !d.evidence.is_empty(), "no evidence at {tail}");
    (d.joint, d.applicability, d.drop_before, d.drop_after)
}

fn joint(language: Language, text: &str, tail: &str) -> Joint {
    at(language, text, tail).0
}

#[test]
fn a_hyphen_inside_a_word_goes() {
    let text = "The chairman of the great com-\nmittee spoke on Monday to the\nmembers of the old society.\n";
    assert_eq!(at(Language::En, text, "com-"), (Joint::Join, Some(Applicability::Safe), 1, 0));
}

#[test]
fn a_word_over_a_page_end_is_safe() {
    let text = "The chairman of the great com-\n\u{c}\nmittee spoke on Monday, and the\nmembers of it agreed with him.\n";
    assert_eq!(at(Language::En, text, "com-"), (Joint::Join, Some(Applicability::Safe), 1, 0));
}

#[test]
fn capitals_go_on_in_capitals() {
    let text = "A MEETING OF THE CLERGY-\nMEN WAS HELD IN THE TOWN\nHALL ON THE SAME EVENING.\n";
    assert_eq!(joint(Language::En, text, "CLERGY-"), Joint::Join);
}

#[test]
fn the_hyphen_of_a_compound_stays() {
    let german = "Gestern traf der neue Vize-\nAdmiral im Hafen ein und wurde\nvon der Menge freudig begrüßt.\n";
    assert_eq!(joint(Language::De, german, "Vize-"), Joint::Keep);
    let french = "On chanta la messe de Jésus-\nChrist dans la grande église\ndu village, devant le maire.\n";
    assert_eq!(joint(Language::Fr, french, "Jésus-"), Joint::Keep);
}

#[test]
fn numbers_keep_their_hyphen() {
    let text = "Die Sitzung fand am Montag von 10-\n12 Uhr im großen Saale statt und\nwurde dann auf Mittwoch vertagt.\n";
    assert_ne!(joint(Language::De, text, "10-"), Joint::Join);
}

#[test]
fn a_part_left_out_is_followed_by_a_space() {
    let text = "Die Firma führt alle Hoch-\nund Tiefbauten in der Stadt\nzu billigen Preisen aus.\n";
    assert_eq!(joint(Language::De, text, "Hoch-"), Joint::Hanging);
}

#[test]
fn a_quotation_mark_told_again_goes_too() {
    let text = "„Wir wissen, daß wir morgen sol-\n„len vor den Richter treten, und\n„wir fürchten sein Urteil nicht.\n";
    assert_eq!(at(Language::De, text, "sol-"), (Joint::Join, Some(Applicability::Safe), 1, "„".len()));
}

#[test]
fn a_lost_sign_is_found_by_the_word() {
    let text = "The new mayor was solemnly in\nstalled by the old council of\nthe town on Tuesday last week.\n";
    assert_ne!(at(Language::En, text, "solemnly in").1, Some(Applicability::Safe));
    let whole = "The new mayor was seen in\nthe old council of the town on\nTuesday last week.\n";
    assert_eq!(joint(Language::En, whole, "seen in"), Joint::Space);
}

#[test]
fn the_not_sign_is_a_hyphen() {
    let text = "Die Versammlung beschloß ein¬\nstimmig, den Antrag der Ge¬\nmeinde anzunehmen und sofort\nauszuführen.\n";
    assert_eq!(joint(Language::De, text, "ein¬"), Joint::Join);
    assert_eq!(joint(Language::De, text, "Ge¬"), Joint::Join);
}

#[test]
fn a_dash_is_no_hyphen() {
    let text = "He came home late in the evening —\nand nobody in the whole house had\nheard a single step of his.\n";
    assert_eq!(joint(Language::En, text, "—"), Joint::Space);
}

#[test]
fn two_words_stay_two() {
    let text = "Der Rat der Stadt hat am Montag\nüber die neue Brücke beraten und\nden Bau derselben beschlossen.\n";
    assert_eq!(joint(Language::De, text, "Montag"), Joint::Space);
    assert_eq!(joint(Language::De, text, "beraten und"), Joint::Space);
}

#[test]
fn where_hardly_a_word_is_cut_a_doubtful_join_waits_for_a_person() {
    let line = "The old council of the town met again on Monday.\n";
    let doubtful = "They spoke of the new power-\nhouse and of the great bridge.\n";
    let certain = "They spoke of the great com-\nmittee and of the new bridge.\n";
    let whole: String = line.repeat(40);
    assert_eq!(at(Language::En, &format!("{whole}{doubtful}"), "power-").1, Some(Applicability::Review));
    assert_eq!(at(Language::En, &format!("{whole}{certain}"), "com-").1, Some(Applicability::Safe));
}

#[test]
fn a_misread_letter_does_not_hide_the_word() {
    let text = "Der Rat hat gestern die Kommis»\nfion für das Gesetz er»\nnannt und die Verord»\nnung genehmigt.\n";
    assert_eq!(joint(Language::De, text, "Kommis»"), Joint::Join);
}

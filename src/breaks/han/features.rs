//! From a window around a break to the features of the model.

use super::association::associate;
use super::characters::Class;
use super::names::Feature as F;
use super::opening::{Opening, opening};
use super::told::{Told, told_again};
use super::window::Window;
use crate::breaks::BoundaryKind;
use crate::breaks::loglinear;
use crate::dictionary::Dictionaries;

/// What the model has to know of a break besides the text on both sides.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    pub kind: BoundaryKind,
    /// There is hardly any text besides: a snippet.
    pub lone: bool,
    /// There are only these two blocks, and they are short.
    pub single: bool,
    /// The line after is indented.
    pub indented: bool,
    /// Nothing stands before the text before.
    pub first: bool,
    /// Three or more short blocks stand here in a row.
    pub among_short: bool,
}

/// The features of one break, as they are collected.
#[derive(Default)]
pub struct Row {
    pub features: Vec<loglinear::Feature>,
    /// The word over the break, for the evidence: characters before it, characters after it.
    pub across: Option<(usize, usize)>,
}

impl Row {
    pub fn clear(&mut self) {
        self.features.clear();
        self.across = None;
    }

    pub fn set(&mut self, feature: F) {
        self.features.push((feature.index(), 1.0));
    }

    pub fn value(&mut self, feature: F, value: f32) {
        if value != 0.0 {
            self.features.push((feature.index(), value));
        }
    }

    pub fn set_if(&mut self, feature: F, condition: bool) {
        if condition {
            self.set(feature);
        }
    }
}

/// How the text before a break reads, from its last characters.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Before {
    /// Characters, marks and spaces included; the window's size at most.
    length: usize,
    /// Characters since the last 。！？ or the beginning.
    sentence: usize,
    /// A 。！？ or ； stands in it before its last character.
    stop: bool,
    /// A ， does; characters before the first one, if the text is all there.
    comma: Option<usize>,
    enumeration: bool,
    /// A ： stands within its first ten characters.
    label: bool,
    spaces: usize,
    digits: usize,
    /// Quotation marks and brackets opened and not closed (negative: closed and not opened).
    quotes: i32,
    brackets: i32,
}

impl Before {
    fn read(window: &Window) -> Before {
        let classes = window.tail.classes();
        let mut before = Before { length: classes.len(), sentence: classes.len(), ..Before::default() };
        for (i, class) in classes.iter().enumerate().rev() {
            match class {
                Class::Stop | Class::Semicolon if i > 0 => {
                    before.stop = true;
                    before.sentence = i;
                }
                Class::Comma if i > 0 => before.comma = before.comma.or(Some(classes.len() - 1 - i)),
                Class::Enumeration if i > 0 => before.enumeration = true,
                Class::Colon if i > 0 => before.label |= classes.len() - i <= 10 && !window.tail.more,
                Class::Space => before.spaces += 1,
                Class::Digit => before.digits += 1,
                Class::OpenQuote => before.quotes += 1,
                Class::CloseQuote => before.quotes = (before.quotes - 1).max(0),
                Class::OpenBracket | Class::OpenTitle => before.brackets += 1,
                Class::CloseBracket => before.brackets = (before.brackets - 1).max(0),
                _ => {}
            }
        }
        before
    }

    /// No mark inside: it may be a title.
    fn bare(&self) -> bool {
        !self.stop && self.comma.is_none()
    }
}

/// How the text after a break begins.
struct After {
    opening: Opening,
    /// Characters before the first mark, and the mark.
    first_mark: Option<(usize, Class)>,
    /// The whole block is short and has no mark at its end.
    like_title: bool,
    short_and_stopped: bool,
    closes_unopened: bool,
    /// `（图为……）`: the whole block stands in brackets.
    all_bracketed: bool,
}

impl After {
    fn read(window: &Window) -> After {
        let (chars, classes) = (window.head.chars(), window.head.classes());
        let first_mark = classes.iter().position(|c| c.is_pause()).map(|i| (i, classes[i]));
        let short = !window.head.more && classes.len() <= 34;
        let stopped = matches!(classes.iter().rev().find(|c| !matches!(c, Class::CloseQuote | Class::CloseBracket)), Some(Class::Stop));
        let inner = classes.iter().any(|c| matches!(c, Class::Stop | Class::Comma | Class::Semicolon | Class::Colon));
        let opened = classes.iter().take(40).position(|c| matches!(c, Class::OpenQuote));
        let closed = classes.iter().take(40).position(|c| *c == Class::CloseQuote);
        After {
            opening: opening(chars, classes),
            first_mark,
            like_title: short && !inner,
            short_and_stopped: short && stopped,
            all_bracketed: !window.head.more
                && classes.first() == Some(&Class::OpenBracket)
                && classes.iter().position(|c| *c == Class::CloseBracket) == Some(classes.len() - 1),
            closes_unopened: closed.is_some_and(|c| opened.is_none_or(|o| c < o)),
        }
    }

    fn early(&self, within: usize) -> bool {
        self.first_mark.is_some_and(|(i, _)| i <= within)
    }
}

/// Collects the features of a break into `row`.
pub fn extract(window: &Window, place: Place, dictionaries: &Dictionaries, row: &mut Row) {
    row.clear();
    row.set_if(F::KindPage, place.kind == BoundaryKind::Page);
    row.set_if(F::LoneBreak, place.lone);
    row.set_if(F::SingleBreak, place.single);
    row.set_if(F::Indented, place.indented);
    row.set_if(F::AmongShort, place.among_short);
    let closers = window.tail.classes().iter().take_while(|c| matches!(c, Class::CloseQuote | Class::CloseBracket)).count();
    let before = Before::read(window);
    let mut after = After::read(window);
    if before.length < 32
        && after.opening.byline
        && dateline_across(window)
        && beginning(window, |chars, classes| opening(chars, classes).byline)
    {
        // The second half of a dateline opens nothing.
        after.opening.byline = false;
    }
    match window.tail.class(closers) {
        Some(Class::Stop) if !decimal(window) => after_stop(window, &before, &after, closers, row),
        Some(Class::Colon | Class::Semicolon) if closers == 0 => after_colon(window, &before, &after, row),
        _ => open(window, place, &before, &after, dictionaries, row),
    }
}

/// `2.` and `55万亩`: the point at the end parts the digits of one number.
fn decimal(window: &Window) -> bool {
    matches!(window.tail.chars().first(), Some('.' | '．' | '·' | '・'))
        && window.tail.class(1) == Some(Class::Digit)
        && window.head.class(0) == Some(Class::Digit)
}

fn after_stop(window: &Window, before: &Before, after: &After, closers: usize, row: &mut Row) {
    row.set(if closers > 0 { F::AfterStopQuote } else { F::AfterStop });
    row.set_if(F::AfterStopShort, before.length < 25);
    row.set_if(F::AfterStopQuoteOpen, before.quotes > 0);
    row.set_if(F::AfterStopOpensEarly, after.early(2));
    match window.head.class(0) {
        Some(class) if class.closes() => row.set(F::AfterStopOpensCloser),
        Some(Class::OpenQuote) => row.set(F::AfterStopOpensQuote),
        _ => {}
    }
    row.set_if(F::AfterStopParticular, after.opening != Opening::default() || after.like_title);
}

fn after_colon(window: &Window, before: &Before, after: &After, row: &mut Row) {
    if window.tail.class(0) == Some(Class::Semicolon) {
        row.set(F::AfterSemicolon);
        row.set_if(F::AfterSemicolonItem, after.opening.item);
        return;
    }
    row.set(F::AfterColon);
    row.set_if(F::AfterColonShort, before.length < 20);
    row.set_if(F::AfterColonSpeech, window.tail.chars().get(1).is_some_and(|c| super::opening::is_saying(*c)));
    row.set_if(F::AfterColonEarly, after.early(2));
    row.set_if(F::AfterColonByline, after.opening.byline);
    row.set_if(F::AfterColonOfByline, beginning(window, |chars, classes| opening(chars, classes).byline));
    if after.opening.item {
        row.set(F::AfterColonOpensItem);
    }
    match window.head.class(0) {
        Some(Class::OpenQuote) => row.set(F::AfterColonOpensQuote),
        Some(Class::OpenBracket | Class::OpenTitle) => row.set(F::AfterColonOpensBracket),
        Some(Class::Han) => row.set(F::AfterColonOpensHan),
        Some(class) if class.closes() => row.set(F::OpensCloser),
        _ => {}
    }
}

fn open(window: &Window, place: Place, before: &Before, after: &After, dictionaries: &Dictionaries, row: &mut Row) {
    row.set_if(F::FirstBlock, place.first && !place.lone);
    end(window, before, row);
    reads(window, before, after, row);
    opens(window, after, row);
    both(window, before, after, dictionaries, row);
}

/// The last character of the text before.
fn end(window: &Window, before: &Before, row: &mut Row) {
    let chars = window.tail.chars();
    let Some(&last) = chars.first() else { return };
    match window.tail.classes()[0] {
        Class::Comma => row.set(F::EndComma),
        Class::Enumeration => row.set(F::EndEnumeration),
        Class::CloseQuote if window.tail.class(1) == Some(Class::Ellipsis) => row.set(F::EndEllipsisQuote),
        Class::CloseQuote => row.set(if before.bare() { F::BareCloseQuote } else { F::EndCloseQuote }),
        Class::CloseBracket if credit(window) => row.set(F::EndCredit),
        Class::CloseBracket => row.set(if before.bare() { F::BareCloseBracket } else { F::EndCloseBracket }),
        Class::OpenQuote | Class::OpenBracket | Class::OpenTitle => row.set(F::EndOpener),
        Class::Dash => row.set(F::EndDash),
        Class::Ellipsis => row.set(F::EndEllipsis),
        Class::Digit => row.set(F::EndDigit),
        Class::Latin => row.set(F::EndLatin),
        Class::Han => match last {
            '的' | '地' | '得' => row.set(F::EndOf),
            '在' | '对' | '从' | '把' | '被' | '向' | '以' | '将' | '由' | '于' | '为' | '与' | '和' | '及' | '或' | '跟' | '同' | '给'
            | '使' | '让' | '并' | '而' | '且' | '但' | '因' | '如' | '其' | '该' | '这' | '那' | '每' | '各' | '所' | '个' => {
                row.set(F::EndPreposition)
            }
            '是' | '有' | '不' | '也' | '就' | '都' | '要' | '会' | '能' | '可' | '很' | '最' | '更' | '还' | '又' | '再' | '已' | '未'
            | '我' | '他' | '她' | '它' | '们' | '了' | '着' | '过' => row.set(F::EndAdverb),
            '摄' | '图' | '文' | '电' | '讯' | '社' | '报' => row.set(F::BareCredit),
            _ => {}
        },
        _ => row.set(F::EndOther),
    }
}

/// `。（新华社记者 …摄）`: the bracket at the end opens after a full stop.
fn credit(window: &Window) -> bool {
    let classes = window.tail.classes();
    let open = classes.iter().position(|c| *c == Class::OpenBracket);
    open.is_some_and(|i| matches!(classes.get(i + 1), Some(Class::Stop | Class::CloseQuote)))
}

/// Whether the text before reads like running text or like a title.
fn reads(window: &Window, before: &Before, after: &After, row: &mut Row) {
    let length = before.length;
    if before.stop {
        row.set(F::NoFinalMark);
        row.set_if(F::OpenSentenceShort, before.sentence <= 5);
    } else if let Some(at) = before.comma {
        row.set(match length {
            0..=9 => F::Comma9,
            10..=14 => F::Comma14,
            15..=20 => F::Comma20,
            21..=30 => F::Comma30,
            _ => F::BodyComma,
        });
        row.set_if(F::EqualHalves, length < 32 && length == 2 * at + 1);
    } else {
        row.set(match length {
            0..=5 => F::Bare5,
            6..=9 => F::Bare9,
            10..=13 => F::Bare13,
            14..=17 => F::Bare17,
            18..=21 => F::Bare21,
            22..=25 => F::Bare25,
            26..=32 => F::Bare32,
            33..=47 => F::Bare40,
            _ => F::BareLong,
        });
        row.set_if(F::BareDigits, before.digits > 0);
    }
    row.set_if(F::LabelBefore, before.label);
    row.set_if(F::InnerEnumeration, before.enumeration && length < 40);
    row.set_if(F::InnerSpace, before.spaces == 1);
    row.set_if(F::InnerSpaces, before.spaces > 1);
    row.set_if(F::QuoteOpen, before.quotes > 0);
    row.set_if(F::BracketOpen, before.brackets > 0);
    beginning(window, |chars, classes| {
        let start = opening(chars, classes);
        if start.byline && length < 32 {
            // Between the day and the word for a dispatch there is nothing else it could be; it is too rare to be weighed so by itself.
            let between = chars.last() == Some(&'日') && matches!(window.head.chars().first(), Some('电' | '讯'));
            match (dateline_across(window), report_has_begun(chars, classes)) {
                (true, _) => row.value(F::Dateline, if between { 6.0 } else { 1.0 }),
                (_, true) => row.set(F::ReportBegun),
                _ => row.set(F::BylineBefore),
            }
        }
        if before.bare() && deck(chars) {
            row.value(F::DeckBefore, 2.0);
        }
        row.set_if(F::ItemBefore, start.item);
        row.set_if(F::SameItem, start.item && after.opening.item);
        row.set_if(F::DashBefore, classes.first() == Some(&Class::Dash));
        row.set_if(F::AllBracketed, classes.first() == Some(&Class::OpenBracket) && classes.last() == Some(&Class::CloseBracket));
        row.set_if(F::BareOpening, before.bare() && (start.adverb || start.speaker));
        true
    });
}

/// Reads the text before from its beginning; `false` where the window does not reach back so far.
fn beginning(window: &Window, read: impl FnOnce(&[char], &[Class]) -> bool) -> bool {
    let length = window.tail.chars().len();
    if window.tail.more || length == super::window::TAIL {
        return false;
    }
    let mut chars = ['\0'; super::window::TAIL];
    let mut classes = [Class::Other; super::window::TAIL];
    for (i, (c, class)) in window.tail.chars().iter().zip(window.tail.classes()).rev().enumerate() {
        (chars[i], classes[i]) = (*c, *class);
    }
    read(&chars[..length], &classes[..length])
}

/// `——记青溪镇修路工程`: what a deck opens with, alone or after its title.
fn deck(chars: &[char]) -> bool {
    let stroke = |c: char| matches!(c, '—' | '-' | '－' | '―' | '─' | '–');
    chars.windows(3).any(|w| stroke(w[0]) && stroke(w[1]) && matches!(w[2], '记' | '访' | '写' | '看' | '读' | '谈' | '评' | '致' | '论'))
}

/// `本报讯近日`, `新华社北京1月1日电国家主席`, `央视网消息（新闻联播）：总书记`: more than a byline, the report itself has begun.
fn report_has_begun(chars: &[char], classes: &[Class]) -> bool {
    let said = chars.iter().zip(classes).rposition(|(c, class)| matches!(c, '讯' | '电') || *class == Class::Colon);
    said.is_some_and(|at| at >= 2 && chars.len() > at + 2 && classes[at + 1] != Class::OpenBracket)
}

/// What the text after begins with.
fn opens(window: &Window, after: &After, row: &mut Row) {
    let Some(&first) = window.head.chars().first() else { return };
    match window.head.classes()[0] {
        class if class.closes() => row.set(F::OpensCloser),
        Class::OpenQuote => row.set(F::OpensQuote),
        Class::OpenBracket => row.set(F::OpensBracket),
        Class::OpenTitle => row.set(F::OpensTitle),
        Class::Dash | Class::Ellipsis => row.set(F::OpensDash),
        Class::Bullet => row.set(F::OpensBullet),
        Class::Digit => row.set(F::OpensDigit),
        Class::Latin => row.set(F::OpensLatin),
        Class::Han => match first {
            '的' | '地' | '得' | '了' | '着' | '过' | '们' | '等' | '吗' | '呢' | '吧' | '之' | '者' | '性' | '化' => {
                row.set(F::NextParticle)
            }
            '和' | '与' | '及' | '或' | '并' | '而' | '且' | '但' | '则' | '也' | '就' | '都' | '还' | '又' | '是' | '有' | '为' | '以'
            | '于' => row.set(F::NextConjunction),
            '年' | '月' | '日' | '时' | '分' | '万' | '亿' | '元' | '名' | '人' | '次' | '多' | '余' | '家' | '个' | '项' | '届' | '号'
            | '米' | '吨' => row.set(F::NextUnit),
            _ => {}
        },
        _ => row.set(F::OpensOther),
    }
    row.set_if(F::NextByline, after.opening.byline);
    row.set_if(F::NextItem, after.opening.item);
    row.set_if(F::NextSpeaker, after.opening.speaker);
    row.set_if(F::NextLabel, !after.opening.speaker && matches!(after.first_mark, Some((1..=6, Class::Colon))));
    row.set_if(F::NextAllBracketed, after.all_bracketed);
    row.set_if(F::NextAdverb, after.opening.adverb);
    if let Some((at @ 1.., mark)) = after.first_mark.filter(|_| !after.opening.adverb && !after.opening.speaker) {
        match at {
            1 => row.set(F::Mark1),
            2 => row.set(F::Mark2),
            3..=4 => row.set(F::Mark4),
            5..=8 => row.set(F::Mark8),
            _ => {}
        }
        row.set_if(F::MarkStop, at <= 6 && mark == Class::Stop);
        row.set_if(F::MarkEnumeration, at <= 6 && mark == Class::Enumeration);
    }
    row.set_if(F::NextShortBare, after.like_title);
    row.set_if(F::NextTiny, after.like_title && window.head.chars().len() <= 5);
    row.set_if(F::NextShortStopped, after.short_and_stopped);
    row.set_if(F::ClosesUnopened, after.closes_unopened);
}

/// What only both sides together tell.
fn both(window: &Window, before: &Before, after: &After, dictionaries: &Dictionaries, row: &mut Row) {
    let (Some(a), Some(b)) = (window.tail.class(0), window.head.class(0)) else { return };
    row.set_if(F::DigitDigit, a == Class::Digit && b == Class::Digit);
    row.set_if(F::LatinLatin, a == Class::Latin && b == Class::Latin);
    row.set_if(
        F::DigitUnit,
        a == Class::Digit && matches!(window.head.chars()[0], '年' | '月' | '日' | '时' | '万' | '亿' | '元' | '多' | '个' | '名'),
    );
    let label = |classes: &[Class]| classes.iter().take(10).any(|c| *c == Class::Colon);
    row.set_if(F::Labels, before.label && label(window.head.classes()));
    row.set_if(F::Decimal, decimal(window));
    let bare = before.bare();
    if bare {
        let Told { pairs: told, characters, begins } = told_again(window);
        row.value(F::ToldAgain, told);
        row.value(F::ToldCharacters, characters);
        row.value(F::BeginsTold, begins);
        row.set_if(F::ToldFull, told > 0.6);
        row.set_if(F::ToldLittle, told > 0.0 && told < 0.2);
        row.set_if(F::ToldNot, told == 0.0);
        row.set_if(F::BareByline, after.opening.byline);
        row.set_if(F::BareAdverb, after.opening.adverb || after.opening.speaker);
        row.set_if(F::BareQuote, matches!(b, Class::OpenQuote | Class::OpenTitle | Class::OpenBracket));
        row.set_if(F::BareItem, after.opening.item);
        row.set_if(F::BareDigit, b == Class::Digit);
        row.set_if(F::BareEarly, after.early(3));
        row.set_if(F::BareParagraph, after.first_mark.is_some_and(|(i, _)| i > 8));
        row.set_if(F::BothBare, after.like_title);
    }
    if a == Class::Han && b == Class::Han {
        associate(window, dictionaries, bare, row);
    }
}

/// `新华社北京１月１日` and `电（记者 …）`: the break stands inside a dateline.
fn dateline_across(window: &Window) -> bool {
    let said = |c: &char| matches!(c, '电' | '讯');
    let head = window.head.chars();
    if window.tail.chars().iter().any(said) {
        return head.len() > 1 && matches!((head[0], head[1]), ('报', '道'));
    }
    let at = head.iter().take(14).position(said);
    at.is_some_and(|i| i == 0 || head[i - 1] == '日')
}

//! The role of each line and region.

use super::jump::{is_whole, jump_line};
use super::openings::is_byline;
use super::{blocks, furniture, printed, titles};
use crate::model::{Issue, Role};

/// Gives every line and region its role.
///
/// `Body` is the default and the answer in doubt. Page furniture is found first; nothing else looks at those lines.
pub fn roles(issue: &mut Issue) {
    furniture::mark(issue);
    single_lines(issue);
    printed::mark(issue);
    titles::mark(issue);
    blocks::mark(issue);
    for region in &mut issue.regions {
        region.role = most(issue.lines[region.lines.clone()].iter().map(|l| l.role));
    }
}

/// Roles a line shows on its face: jump lines and bylines.
fn single_lines(issue: &mut Issue) {
    for i in 0..issue.lines.len() {
        let line = &issue.lines[i];
        if line.role != Role::Body || line.span.len() > 90 {
            continue;
        }
        let text = &issue.text[line.span.clone()];
        if jump_line(text).is_some_and(|jump| is_whole(text, &jump)) {
            issue.lines[i].role = Role::JumpLine;
        } else if issue.regions[line.region as usize].lines.len() == 1 && is_byline(text) {
            issue.lines[i].role = Role::Byline;
        }
    }
}

/// The commonest role; the first of the commonest.
fn most(roles: impl Iterator<Item = Role> + Clone) -> Role {
    let mut best = (Role::Body, 0);
    for role in roles.clone() {
        let count = roles.clone().filter(|&r| r == role).count();
        if count > best.1 {
            best = (role, count);
        }
        if count * 2 > roles.size_hint().0 {
            break;
        }
    }
    best.0
}

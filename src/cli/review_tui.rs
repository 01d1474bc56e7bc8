//! `galley review --tui`

use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, bail};

use super::coloured;
use super::interrupt::interrupted;
use super::review::ReviewArgs;
use super::run::Runner;
use crate::error::Shown;
use crate::messages::say;
use crate::review::cards::Review;
use crate::review::decisions::Decisions;
use crate::review::tui::{self, App, Session};
use crate::review::{people, store};

/// Shows the review in the terminal until the person leaves.
pub fn run(args: &ReviewArgs, runner: &Runner, decisions: &Path, review: Review) -> anyhow::Result<()> {
    if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        bail!(say("tui.no-terminal", &[]));
    }
    let user = store::user(args.user.as_deref());
    let fps: Vec<String> = review.cards.iter().map(|c| c.fp.clone()).collect();
    let none = Arc::new(Decisions::default());
    let held = runner.base.settings.decisions.as_ref().unwrap_or(&none);
    let collection = &runner.base.config.collection;
    let mut app = App::new(Session {
        journal: store::journal(decisions, &user)?,
        words: collection.words.clone(),
        allow: collection.allow.clone(),
        news: people::news(decisions, held, &user, fps.iter().map(String::as_str))?,
        assigned: people::assignments(decisions)?,
        colour: coloured(args.run.color),
        user: user.clone(),
        review,
    });
    tui::run(&mut app, interrupted).context("the terminal")?;
    people::looked(decisions, &user, fps.iter().map(String::as_str))?;
    let file = store::file_of(decisions, &user)?;
    writeln!(std::io::stdout(), "{}", say("tui.left", &[("n", &app.saved()), ("file", &Shown(&file))]))?;
    Ok(())
}

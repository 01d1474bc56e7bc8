//! The review in a terminal, for people on a server: the keys, the cards and the decisions file of the page.
//!
//! [`state`] is the whole of it, driven by key events and tested so; [`view`] draws it; here stands only what needs a real terminal.

mod field;
pub mod state;
pub mod view;

use std::io;
use std::time::Duration;

use ratatui::crossterm::event::{self, Event, KeyEventKind};

pub use state::{App, Session};

/// How long a key is waited for before somebody asks whether to stop.
const TICK: Duration = Duration::from_millis(250);

/// Shows the review until the person leaves, or `stop` says so. The terminal is as before afterwards, also after a panic.
///
/// # Errors
/// Those of the terminal. What was decided is saved already.
pub fn run(app: &mut App, stop: impl Fn() -> bool) -> io::Result<()> {
    let mut terminal = ratatui::try_init()?;
    let result = (|| {
        while !app.done() && !stop() {
            terminal.draw(|frame| view::draw(frame, app))?;
            if event::poll(TICK)?
                && let Event::Key(key) = event::read()?
                && key.kind != KeyEventKind::Release
            {
                app.key(key);
            }
        }
        Ok(())
    })();
    ratatui::try_restore()?;
    result
}

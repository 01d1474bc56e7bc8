//! Ctrl-C: what is begun is finished and written, then the command ends with 130. A second Ctrl-C ends it at once.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::messages::say;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Listens from now on; to be called once.
pub fn listen() {
    // Without a handler Ctrl-C ends the command at once, which every write survives: there is nothing to complain about.
    let _ = ctrlc::set_handler(|| {
        if INTERRUPTED.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
        eprintln!("galley: {}", say("run.interrupting", &[]));
    });
}

/// Whether somebody wants the command to stop.
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

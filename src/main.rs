//! The `galley` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    galleyproof::cli::main()
}

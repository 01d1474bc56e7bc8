//! What makes the command at home in a shell: completions, man pages, variables, the long version.

use std::ffi::OsString;
use std::fmt::Display;
use std::fs;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Arg, ArgAction, Args, Command};
use serde_json::json;

use crate::error::Error;
use crate::messages::{Lang, say};
use crate::rules::{RULES, nearest_of};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  galley completions bash > ~/.local/share/bash-completion/completions/galley\n  galley completions zsh > \"${fpath[1]}/_galley\"\n  \
    galley completions fish > ~/.config/fish/completions/galley.fish"
)]
pub struct CompletionsArgs {
    /// The shell.
    shell: clap_complete::Shell,
}

/// Prints a completion script.
pub fn completions(args: &CompletionsArgs, mut command: Command) -> anyhow::Result<ExitCode> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "galley", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  galley man --out ~/.local/share/man/man1")]
pub struct ManArgs {
    /// Write a page for each command below this folder; without it the main page goes to standard output.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// Writes man pages.
pub fn man(args: &ManArgs, mut command: Command) -> anyhow::Result<ExitCode> {
    command.build();
    let Some(out) = &args.out else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        std::io::stdout().write_all(&page)?;
        return Ok(ExitCode::SUCCESS);
    };
    fs::create_dir_all(out).map_err(|source| Error::Write { path: out.clone(), source })?;
    clap_mangen::generate_to(command, out).map_err(|source| Error::Write { path: out.clone(), source })?;
    Ok(ExitCode::SUCCESS)
}

/// `--version --json`
pub fn version() -> serde_json::Value {
    json!({
        "galleyproof": env!("CARGO_PKG_VERSION"),
        "unicode": {
            "normalization": version_of(unicode_normalization::UNICODE_VERSION),
            "segmentation": version_of(unicode_segmentation::UNICODE_VERSION),
        },
        // A hash of `dictionaries/` as it was built in, and the release of OpenCC whose tables are among it.
        "data": { "dictionaries": env!("DICTIONARIES_VERSION"), "opencc": "1.4.2" },
        "records": 1,
        "rules": RULES.len(),
        "target": format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
    })
}

fn version_of((major, minor, patch): (impl Display, impl Display, impl Display)) -> String {
    format!("{major}.{minor}.{patch}")
}

/// Whether the terminal is one of those that make links of OSC 8; `FORCE_HYPERLINK` (0 or 1) decides where it is set.
pub fn makes_links() -> bool {
    let set = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    if let Some(forced) = set("FORCE_HYPERLINK") {
        return forced != "0";
    }
    let by_name = || {
        let program = set("TERM_PROGRAM").unwrap_or_default();
        ["iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio"].contains(&program.as_str())
    };
    // VTE (GNOME Terminal and its kin) has them from 0.50 on.
    let vte = || set("VTE_VERSION").and_then(|v| v.parse::<u32>().ok()).is_some_and(|v| v >= 5000);
    let other = || ["KITTY_WINDOW_ID", "WT_SESSION", "KONSOLE_VERSION", "DOMTERM"].iter().any(|name| set(name).is_some());
    std::io::stdout().is_terminal() && (by_name() || vte() || other())
}

/// Flags that decide what is written where; no variable may stand for them.
const NOT_FROM_VARIABLES: &[&str] = &["help", "version", "out", "write", "diff", "patches", "check", "resume", "output", "file-list"];

/// Commands whose flags a variable may stand for.
const WITH_VARIABLES: &[&str] = &["check", "clean", "vocabulary"];

/// The language to speak: of `--lang`, `GALLEY_LANG` or the locale. Asked before the arguments are parsed, for what is wrong with them.
pub fn lang(args: &[OsString]) -> Lang {
    let mut flags = args.iter().take_while(|a| *a != "--").filter_map(|a| a.to_str());
    let flag = flags.find_map(|a| a.strip_prefix("--lang=").or((a == "--lang").then_some("")));
    let value = match flag {
        Some("") => args.iter().skip_while(|a| *a != "--lang").nth(1).and_then(|a| a.to_str()).map(str::to_string),
        flag => flag.map(str::to_string),
    };
    let variable = |name: &str| std::env::var(name).ok().filter(|v| !v.is_empty());
    let chosen = value.or_else(|| ["GALLEY_LANG", "LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable));
    Lang::of_locale(&chosen.unwrap_or_default())
}

/// Lets `GALLEY_LANGUAGE` stand for `--language` and so on; a flag goes first.
pub fn with_variables(mut command: Command) -> Command {
    command = command.mut_arg("lang", |arg| arg.env("GALLEY_LANG").hide_env(true));
    for name in WITH_VARIABLES {
        command = command.mut_subcommand(name, |sub| {
            sub.mut_args(|arg| match variable(&arg) {
                Some(name) => arg.env(name).hide_env(true),
                None => arg,
            })
        });
    }
    command
}

fn variable(arg: &Arg) -> Option<String> {
    let long = arg.get_long().filter(|long| !NOT_FROM_VARIABLES.contains(long))?;
    let takes = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append | ArgAction::SetTrue);
    takes.then(|| format!("GALLEY_{}", long.to_uppercase().replace('-', "_")))
}

/// Names a `GALLEY_*` variable that no flag reads: most likely a slip of the pen.
pub fn warn_of_variables(command: &Command) {
    let flags = command.get_subcommands().filter(|c| WITH_VARIABLES.contains(&c.get_name())).flat_map(Command::get_arguments);
    let known: Vec<String> = flags.chain(command.get_arguments()).filter_map(variable).collect();
    let mut set: Vec<String> =
        std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).filter(|n| n.starts_with("GALLEY_")).collect();
    set.sort();
    for name in set.iter().filter(|n| !known.contains(n)) {
        match nearest_of(name, known.iter().map(String::as_str)) {
            Some(near) => eprintln!("galley: {}", say("name.variable-near", &[("name", name), ("near", &near)])),
            None => eprintln!("galley: {}", say("name.variable", &[("name", name)])),
        }
    }
}

//! `galley config`

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};

use super::ConfigArgs;
use crate::config::{COMMENTED, Configs, FILE_NAME, Loaded, schema};
use crate::error::{Error, Shown};
use crate::messages::say;

#[derive(Debug, Args)]
#[command(after_help = "Precedence: flags, GALLEY_* variables, overrides, the nearest galley.toml, the files it extends, defaults.\n\n\
    Examples:\n  galley config init\n  galley config show batch/1938/p1.txt\n  galley config schema > galley.schema.json")]
pub struct ConfigCommandArgs {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Print what holds for a file or folder, and which files say so.
    Show(ShowArgs),
    /// Write a galley.toml with every setting explained, all commented out.
    Init,
    /// Print the JSON Schema of galley.toml, for editors.
    Schema,
}

#[derive(Debug, Args)]
struct ShowArgs {
    /// A file or folder.
    #[arg(default_value = ".", value_name = "PATH")]
    path: PathBuf,
    #[command(flatten)]
    config: ConfigArgs,
}

/// Shows, writes or describes.
pub fn run(args: &ConfigCommandArgs) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout();
    match &args.command {
        ConfigCommand::Show(args) => {
            let configs = match &args.config.config {
                _ if args.config.no_config => Configs::fixed(Loaded::default()),
                Some(path) => Configs::fixed(Loaded::read(&std::path::absolute(path)?).context("--config")?),
                None => Configs::default(),
            };
            let path = std::path::absolute(&args.path)?;
            if !path.exists() {
                return Err(Error::NotFound { path: args.path.clone() }.into());
            }
            let loaded = configs.of(&path)?;
            if loaded.files.is_empty() {
                writeln!(out, "# {}", say("config.none", &[("file", &FILE_NAME)]))?;
            }
            for file in &loaded.files {
                writeln!(out, "# {}", say("config.from", &[("path", &Shown(file))]))?;
            }
            let matching = loaded.matching(&path);
            if !matching.is_empty() {
                writeln!(out, "# {}", say("config.overrides", &[("n", &matching.len())]))?;
            }
            write!(out, "{}", toml::to_string(&loaded.with(&matching)).context("writing TOML")?)?;
        }
        ConfigCommand::Init => {
            let mut file = match OpenOptions::new().write(true).create_new(true).open(FILE_NAME) {
                Err(e) if e.kind() == ErrorKind::AlreadyExists => bail!(say("config.there", &[("file", &FILE_NAME)])),
                file => file.with_context(|| say("config.unwritable", &[("file", &FILE_NAME)]))?,
            };
            file.write_all(COMMENTED.as_bytes()).with_context(|| say("config.unwritable", &[("file", &FILE_NAME)]))?;
            writeln!(out, "{}", say("config.written", &[("file", &FILE_NAME)]))?;
        }
        ConfigCommand::Schema => {
            serde_json::to_writer_pretty(&mut out, &schema())?;
            writeln!(out)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

//! What is wrong with a command line, in galley's own words and language.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::messages::say;

/// The message of an error of clap, with the usage line; `None` for what is no error (help, version) or has no words of ours.
pub fn told(error: &clap::Error) -> Option<String> {
    let one = |kind| match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(all) => Some(all.join(", ")).filter(|t| !t.is_empty()),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        ContextValue::StyledStrs(all) => all.first().map(ToString::to_string),
        _ => None,
    };
    let arg = one(ContextKind::InvalidArg).unwrap_or_default();
    let value = one(ContextKind::InvalidValue).unwrap_or_default();
    let message = match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => say("usage.no-value", &[("arg", &arg)]),
        ErrorKind::InvalidValue => match (one(ContextKind::SuggestedValue), one(ContextKind::ValidValue)) {
            (Some(near), _) => say("usage.value-near", &[("arg", &arg), ("value", &value), ("near", &near)]),
            (None, Some(known)) => say("usage.value-known", &[("arg", &arg), ("value", &value), ("known", &known)]),
            (None, None) => say("usage.value", &[("arg", &arg), ("value", &value)]),
        },
        ErrorKind::ValueValidation => {
            let reason = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            say("usage.value-because", &[("arg", &arg), ("value", &value), ("reason", &reason)])
        }
        ErrorKind::UnknownArgument => match one(ContextKind::SuggestedArg) {
            Some(near) => say("usage.flag-near", &[("arg", &arg), ("near", &near)]),
            None => say("usage.flag", &[("arg", &arg)]),
        },
        ErrorKind::InvalidSubcommand => {
            let name = one(ContextKind::InvalidSubcommand).unwrap_or_default();
            match one(ContextKind::SuggestedSubcommand) {
                Some(near) => say("usage.command-near", &[("name", &name), ("near", &near)]),
                None => say("usage.command", &[("name", &name)]),
            }
        }
        ErrorKind::MissingRequiredArgument => say("usage.missing", &[("arg", &arg)]),
        ErrorKind::ArgumentConflict => match one(ContextKind::PriorArg) {
            Some(other) if other != arg => say("usage.conflict", &[("arg", &arg), ("other", &other)]),
            _ => say("usage.twice", &[("arg", &arg)]),
        },
        _ => return None,
    };
    let usage = one(ContextKind::Usage).map(|line| line.trim_start_matches("Usage:").trim().to_string());
    let usage = usage.filter(|line| !line.is_empty()).map_or(String::new(), |line| format!("\n{}", say("usage.line", &[("line", &line)])));
    Some(message + &usage)
}

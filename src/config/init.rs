//! The commented file of `galley config init`, and the JSON Schema of `galley config schema`.

use serde_json::{Value, json};

use super::Config;
use crate::rules::RULES;

/// A `galley.toml` with every setting and its default, commented out.
pub const COMMENTED: &str = include_str!("galley.toml");

/// The JSON Schema (draft 2020-12) of a `galley.toml`, with the names of all rules.
pub fn schema() -> Value {
    let mut schema = schemars::schema_for!(Config).to_value();
    schema["title"] = json!("galley.toml");
    let Some(entry) = schema.pointer("/properties/rules/additionalProperties").cloned() else { return schema };
    let names = || -> Value {
        let rule = |r: &&dyn crate::rules::Rule| {
            let mut entry = entry.clone();
            entry["description"] = json!(r.meta().summary);
            (r.meta().name.to_string(), entry)
        };
        Value::Object(RULES.iter().map(rule).collect())
    };
    for place in ["/properties/rules", "/$defs/Override/properties/rules"] {
        if let Some(Value::Object(rules)) = schema.pointer_mut(place) {
            rules.insert("properties".into(), names());
            rules.insert("additionalProperties".into(), json!(false));
        }
    }
    schema
}

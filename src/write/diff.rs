//! Unified diffs that `git apply` takes: bytes in, bytes out, one `diff --git` a file.

use std::io::{self, Write};
use std::path::Path;

use similar::{Algorithm, TextDiff};

/// Writes the diff of one file, three lines of context; nothing if the two are equal.
///
/// Works on bytes, so CRLF, a missing final newline and any encoding survive.
pub fn unified(out: &mut impl Write, path: &Path, old: &[u8], new: &[u8]) -> io::Result<()> {
    if old == new {
        return Ok(());
    }
    // Lines end at \n alone, as git counts them: a lone \r or a form feed is part of its line.
    let lines = |bytes| -> Vec<&[u8]> { <[u8]>::split_inclusive(bytes, |b: &u8| *b == b'\n').collect() };
    let (old, new) = (lines(old), lines(new));
    let diff = TextDiff::configure().algorithm(Algorithm::Myers).diff_slices(&old, &new);
    head(out, path)?;
    for group in diff.grouped_ops(3) {
        let (first, last) = (&group[0], &group[group.len() - 1]);
        let (from, to) = (first.old_range().start..last.old_range().end, first.new_range().start..last.new_range().end);
        writeln!(out, "@@ -{} +{} @@", range(from), range(to))?;
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let sign: &[u8] = match change.tag() {
                similar::ChangeTag::Equal => b" ",
                similar::ChangeTag::Delete => b"-",
                similar::ChangeTag::Insert => b"+",
            };
            line(out, sign, change.value())?;
        }
    }
    Ok(())
}

/// What stands before the hunks of a file.
pub(super) fn head(out: &mut impl Write, path: &Path) -> io::Result<()> {
    let (a, b) = (quoted("a/", path), quoted("b/", path));
    for part in [&b"diff --git "[..], &a, b" ", &b, b"\n--- ", &a, b"\n+++ ", &b, b"\n"] {
        out.write_all(part)?;
    }
    Ok(())
}

/// A line of a hunk after its sign.
pub(super) fn line(out: &mut impl Write, sign: &[u8], line: &[u8]) -> io::Result<()> {
    out.write_all(sign)?;
    out.write_all(line)?;
    if !line.ends_with(b"\n") {
        out.write_all(b"\n\\ No newline at end of file\n")?;
    }
    Ok(())
}

/// A line range as unified diffs count: 1-based start and length; an empty range names the line before it.
pub(super) fn range(lines: std::ops::Range<usize>) -> String {
    match lines.len() {
        0 => format!("{},0", lines.start),
        1 => format!("{}", lines.start + 1),
        n => format!("{},{n}", lines.start + 1),
    }
}

/// The path as git writes it: bytes, in C quotes if it holds a quote, a backslash or a control character.
fn quoted(prefix: &str, path: &Path) -> Vec<u8> {
    let bytes = path.as_os_str().as_encoded_bytes();
    let bytes = bytes.strip_prefix(b"./").unwrap_or(bytes);
    let bytes = bytes.strip_prefix(b"/").unwrap_or(bytes);
    let mut name = prefix.as_bytes().to_vec();
    if !bytes.iter().any(|b| b.is_ascii_control() || matches!(b, b'"' | b'\\' | 0x80..)) {
        name.extend(bytes);
        return name;
    }
    name.insert(0, b'"');
    for &b in bytes {
        match b {
            b'"' | b'\\' => name.extend([b'\\', b]),
            b'\n' => name.extend(b"\\n"),
            b'\t' => name.extend(b"\\t"),
            0x20..0x7f => name.push(b),
            _ => name.extend(format!("\\{b:03o}").bytes()),
        }
    }
    name.push(b'"');
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_a_missing_final_newline_and_keeps_carriage_returns() {
        let mut out = Vec::new();
        unified(&mut out, Path::new("a b.txt"), "头\r\n示\r\n范".as_bytes(), "头\r\n示范".as_bytes()).unwrap();
        let expected = "diff --git a/a b.txt b/a b.txt\n--- a/a b.txt\n+++ b/a b.txt\n@@ -1,3 +1,2 @@\n 头\r\n-示\r\n-范\n\
                        \\ No newline at end of file\n+示范\n\\ No newline at end of file\n";
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn quotes_names_as_git_does() {
        assert_eq!(quoted("a/", Path::new("报\n.txt")), b"\"a/\\346\\212\\245\\n.txt\"");
    }
}

//! Text within HTML.

use std::fmt::{self, Display, Formatter, Write};

/// Text whose words in backticks are code.
pub(super) struct Code<'a>(pub(super) &'a str);

impl Display for Code<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        for (place, part) in self.0.split('`').enumerate() {
            let (begin, end) = if place % 2 == 1 { ("<code>", "</code>") } else { ("", "") };
            write!(out, "{begin}{}{end}", Escaped(part))?;
        }
        Ok(())
    }
}

/// Text without markup.
pub(super) struct Escaped<'a>(pub(super) &'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        for char in self.0.chars() {
            match char {
                '&' => out.write_str("&amp;")?,
                '<' => out.write_str("&lt;")?,
                '>' => out.write_str("&gt;")?,
                '"' => out.write_str("&quot;")?,
                _ => out.write_char(char)?,
            }
        }
        Ok(())
    }
}

//! The rules for the text of a key. An error completes a sentence that begins with the key.

use std::time::Duration;

/// The rule of one key.
pub(crate) type Rule = fn(&str) -> Result<(), String>;

pub(crate) fn any(_: &str) -> Result<(), String> {
    Ok(())
}

pub(crate) fn not_empty(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("must not be empty".to_owned());
    }
    Ok(())
}

/// A text that needs no escapes in JSON, and for which a signal handler has room: events are written without a look at each
/// character.
pub(crate) fn plain(text: &str) -> Result<(), String> {
    const MAX_BYTES: usize = 128;
    not_empty(text)?;
    if text.contains(|c: char| c.is_control() || matches!(c, '"' | '\\')) {
        return Err("must not contain quotes, backslashes or control characters".to_owned());
    }
    if text.len() > MAX_BYTES {
        return Err(format!("must have at most {MAX_BYTES} bytes"));
    }
    Ok(())
}

/// The name of a file or directory on every platform.
pub(crate) fn file_name(name: &str) -> Result<(), String> {
    not_empty(name)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if name.starts_with('.') || !name.chars().all(allowed) {
        let wrong = "must consist of ASCII letters, digits, `.`, `_` and `-`, and must not begin with `.`: it is used as a file name";
        return Err(wrong.to_owned());
    }
    Ok(())
}

/// The prefix of environment variables.
pub(crate) fn variable_prefix(prefix: &str) -> Result<(), String> {
    not_empty(prefix)?;
    let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if prefix.starts_with(|c: char| c.is_ascii_digit()) || !prefix.chars().all(allowed) {
        let wrong = "must consist of `A`-`Z`, `0`-`9` and `_`, and must not begin with a digit: it is the prefix of environment variables";
        return Err(wrong.to_owned());
    }
    Ok(())
}

/// A single word, since an error class is shown as one.
pub(crate) fn class_name(name: &str) -> Result<(), String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '-');
    if name.is_empty() || !name.chars().all(allowed) {
        return Err("must be a word of ASCII letters, digits, `_`, `.`, `:` and `-`".to_owned());
    }
    Ok(())
}

/// A token of RFC 9110.
pub(crate) fn header_name(name: &str) -> Result<(), String> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.is_empty() || !name.bytes().all(allowed) {
        return Err("must consist of ASCII letters, digits, `-`, `_` and `.`".to_owned());
    }
    Ok(())
}

/// The duration that a text such as `30m` means.
pub(crate) fn interval(text: &str) -> Result<Duration, String> {
    let wrong = || "takes a number and a unit: `\"90s\"`, `\"30m\"`, `\"1h\"` or `\"1d\"`".to_owned();
    let unit = match text.chars().last() {
        Some('s') => 1,
        Some('m') => 60,
        Some('h') => 60 * 60,
        Some('d') => 24 * 60 * 60,
        _ => return Err(wrong()),
    };
    let digits = &text[..text.len() - 1];
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let seconds = digits.parse::<u64>().ok().and_then(|count| count.checked_mul(unit)).ok_or_else(wrong)?;
    if seconds < 60 {
        return Err("must be at least one minute: `\"1m\"`".to_owned());
    }
    Ok(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals() {
        for (text, seconds) in [("60s", 60), ("1m", 60), ("30m", 1800), ("1h", 3600), ("2d", 172_800)] {
            assert_eq!(interval(text), Ok(Duration::from_secs(seconds)));
        }
        for text in [
            "",
            "s",
            "1",
            "-1h",
            "1.5h",
            "1 h",
            "59s",
            "0h",
            "1w",
            "1µ",
            "99999999999999999999d",
            "9999999999999999999d",
        ] {
            assert!(interval(text).is_err(), "{text}");
        }
    }

    #[test]
    fn names() {
        let accepted = |rule: Rule, name| rule(name).is_ok();
        assert!(accepted(file_name, "my.tool-2_x"));
        for name in ["", " ", ".hidden", "..", "a/b", "a b", "é"] {
            assert!(!accepted(file_name, name), "{name}");
        }
        assert!(accepted(variable_prefix, "MY_TOOL_2") && accepted(variable_prefix, "_7ZIP"));
        for prefix in ["", "tool", "7ZIP", "A-B", "A B", "É"] {
            assert!(!accepted(variable_prefix, prefix), "{prefix}");
        }
        assert!(accepted(plain, "cli-telemetry/1.0 (é)"));
        let too_long = "x".repeat(129);
        for name in ["", " ", "a\"b", "a\\b", "a\nb", &too_long] {
            assert!(!accepted(plain, name), "{name}");
        }
        assert!(accepted(class_name, "io::Error.not-found"));
        for name in ["", "two words", "é", "a/b"] {
            assert!(!accepted(class_name, name), "{name}");
        }
        assert!(accepted(header_name, "x-api-key"));
        for name in ["", "a b", "a:", "é"] {
            assert!(!accepted(header_name, name), "{name}");
        }
    }
}

//! Parses the small JSON files that decide about consent: one object, whose values are words or lists of words.
//!
//! The parser is hand-written because every run contains it: `serde_json`'s deserializer would add some 40 KB to a
//! program that does not use it otherwise, most of it for numbers that these files do not contain. Everything else
//! counts as malformed, even if it is valid JSON: strings with escapes, numbers with fractions, nesting.

/// Calls `each` with every key and its value, or with every key and each item of its list.
///
/// `None` if the text is malformed. `each` may already have been called by then.
pub(crate) fn entries<'a>(text: &'a str, each: &mut dyn FnMut(&'a str, &'a str)) -> Option<()> {
    let mut rest = Rest(text);
    rest.expect('{')?;
    if !rest.take('}') {
        loop {
            let key = rest.string()?;
            rest.expect(':')?;
            if rest.take('[') {
                if !rest.take(']') {
                    loop {
                        each(key, rest.string()?);
                        if rest.take(']') {
                            break;
                        }
                        rest.expect(',')?;
                    }
                }
            } else {
                each(key, rest.word()?);
            }
            if rest.take('}') {
                break;
            }
            rest.expect(',')?;
        }
    }
    rest.is_empty().then_some(())
}

/// The unread rest of the text.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn skip_space(&mut self) {
        self.0 = self.0.trim_start_matches([' ', '\t', '\r', '\n']);
    }

    fn is_empty(&mut self) -> bool {
        self.skip_space();
        self.0.is_empty()
    }

    fn take(&mut self, wanted: char) -> bool {
        self.skip_space();
        match self.0.strip_prefix(wanted) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    fn expect(&mut self, wanted: char) -> Option<()> {
        self.take(wanted).then_some(())
    }

    fn string(&mut self) -> Option<&'a str> {
        self.expect('"')?;
        // By bytes: in UTF-8, none of these is ever part of another character.
        let end = self.0.bytes().position(|byte| matches!(byte, b'"' | b'\\') || byte.is_ascii_control())?;
        let (text, rest) = self.0.split_at_checked(end)?;
        self.0 = rest.strip_prefix('"')?;
        Some(text)
    }

    /// A string, or `true`, `false`, `null` or a whole number.
    fn word(&mut self) -> Option<&'a str> {
        self.skip_space();
        if self.0.starts_with('"') {
            return self.string();
        }
        let end = self.0.find(|char: char| !char.is_ascii_alphanumeric()).unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at_checked(end)?;
        self.0 = rest;
        // Not every JSON reader accepts a longer number.
        let number = (1..20).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_digit())
            && (word == "0" || !word.starts_with('0'));
        (number || matches!(word, "true" | "false" | "null")).then_some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Vec<(&str, &str)>> {
        let mut found = Vec::new();
        entries(text, &mut |key, value| found.push((key, value)))?;
        Some(found)
    }

    #[test]
    fn words_and_lists() {
        assert_eq!(read("{}"), Some(vec![]));
        assert_eq!(
            read(" { \"a\" : 1 , \"b\":\"two\",\"c\":[],\r\n\"d\":[\"x\", \"y\"],\"e\":true}\n"),
            Some(vec![("a", "1"), ("b", "two"), ("d", "x"), ("d", "y"), ("e", "true")])
        );
    }

    #[test]
    fn what_is_read_is_json() {
        for text in ["{\"a\":1}", "{\"a\":[\"x\"],\"b\":null}", " {\"ä\":\"ö\"} "] {
            assert!(read(text).is_some() && serde_json::from_str::<serde_json::Value>(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn everything_else_is_malformed() {
        for text in [
            "",
            "{",
            "}",
            "[]",
            "{}x",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{\"a\":[\"x\",]}",
            "{\"a\":[1]}",
            "{\"a\":{}}",
            "{\"a\":01}",
            "{\"a\":1.5}",
            "{\"a\":10000000000000000000}",
            "{\"a\":yes}",
            "{\"a\":\"\\n\"}",
            "{\"a\":\"\n\"}",
            "{\"a\":\"x}",
            "{a:1}",
            "{\"a\":1 \"b\":2}",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

//! Parses the small JSON files that decide about consent: one object, whose values are words or lists of words.
//!
//! Every run reads one. So nothing is allocated, and everything else counts as malformed, even if it is valid JSON: strings
//! with escapes, numbers with fractions, nesting.

use super::reader::{Reader, is_number};

/// Calls `each` with every key and its value, or with every key and each item of its list.
///
/// `None` if the text is malformed. `each` may already have been called by then.
pub(crate) fn entries<'a>(text: &'a str, each: &mut dyn FnMut(&'a str, &'a str)) -> Option<()> {
    let reader = &mut Reader::new(text);
    reader.expect(b'{')?;
    let mut has_more = !reader.has(b'}');
    while has_more {
        let key = reader.plain()?;
        reader.expect(b':')?;
        if reader.has(b'[') {
            let mut has_more = !reader.has(b']');
            while has_more {
                each(key, reader.plain()?);
                has_more = reader.has_another(b']')?;
            }
        } else {
            each(key, word(reader)?);
        }
        has_more = reader.has_another(b'}')?;
    }
    reader.next().is_none().then_some(())
}

/// A string, or `true`, `false`, `null` or a whole number.
fn word<'a>(reader: &mut Reader<'a>) -> Option<&'a str> {
    if reader.next() == Some(b'"') {
        return reader.plain();
    }
    // Not every JSON reader accepts a longer number.
    const DIGITS_MAX: usize = 19;
    let word = reader.word()?;
    let is_word = word.len() <= DIGITS_MAX && is_number(word) || matches!(word, "true" | "false" | "null");
    is_word.then_some(word)
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

//! Reads any JSON whose numbers are integers, without a copy and without a tree.

use std::str::Chars;

use super::reader::{Reader, is_number};

/// The deepest nesting that is read. Ours is at most three.
const MAX_DEPTH: usize = 8;

/// A JSON value: its text, which is valid. It is read again by whoever looks into it, since that takes no memory and little
/// code, and the texts are short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Json<'a>(&'a str);

impl<'a> Json<'a> {
    const NULL: Json<'static> = Json("null");

    /// `None` if `text` is not one JSON value, has a number with a fraction, an exponent or more than 64 bits, or is nested
    /// deeper than [`MAX_DEPTH`].
    pub(crate) fn parse(text: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(std::str::from_utf8(text).ok()?);
        let value = value(&mut reader, MAX_DEPTH)?;
        reader.next().is_none().then_some(value)
    }

    /// The text of the value, without space around it.
    pub(crate) fn as_json(self) -> &'a str {
        self.0
    }

    /// The first value of `key`, which is compared as it is written.
    #[inline(never)]
    pub(crate) fn find(self, key: &str) -> Option<Json<'a>> {
        for (name, value) in self.as_object()? {
            if name == key {
                return Some(value);
            }
        }
        None
    }

    /// The first value of `key`; null if there is none.
    pub(crate) fn get(self, key: &str) -> Json<'a> {
        self.find(key).unwrap_or(Json::NULL)
    }

    /// The entries in the order of the text. A key may be there twice, and is as it is written.
    pub(crate) fn as_object(self) -> Option<Entries<'a>> {
        Some(Entries(self.inside(b'{')?))
    }

    pub(crate) fn as_list(self) -> Option<Items<'a>> {
        Some(Items(self.inside(b'[')?))
    }

    /// What follows the bracket, if the value begins with it.
    fn inside(self, bracket: u8) -> Option<Reader<'a>> {
        let mut reader = Reader::new(self.0);
        reader.expect(bracket)?;
        Some(reader)
    }

    /// A text without escapes. What an event holds has none.
    #[inline(never)]
    pub(crate) fn as_str(self) -> Option<&'a str> {
        self.as_text().filter(|text| !text.contains('\\'))
    }

    /// As it is written, with its escapes.
    fn as_text(self) -> Option<&'a str> {
        Reader::new(self.0).string()
    }

    pub(crate) fn as_i64(self) -> Option<i64> {
        self.0.parse().ok()
    }

    pub(crate) fn as_u64(self) -> Option<u64> {
        self.as_i64().and_then(|number| u64::try_from(number).ok())
    }

    /// A text without its control characters.
    #[inline(never)]
    pub(crate) fn as_line(self) -> Option<String> {
        let mut chars = self.as_text()?.chars();
        let mut line = String::new();
        while let Some(char) = decode(&mut chars) {
            if !char.is_control() {
                line.push(char);
            }
        }
        Some(line)
    }

    pub(crate) fn as_bool(self) -> Option<bool> {
        match self.0 {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    pub(crate) fn is_null(self) -> bool {
        self == Json::NULL
    }
}

/// The entries of an object.
pub(crate) struct Entries<'a>(Reader<'a>);

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a str, Json<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        // The text is valid: a comma stands between two entries.
        self.0.has(b',');
        let key = self.0.string()?;
        self.0.expect(b':')?;
        Some((key, value(&mut self.0, MAX_DEPTH)?))
    }
}

/// The items of a list.
#[derive(Debug, Clone)]
pub(crate) struct Items<'a>(Reader<'a>);

impl<'a> Iterator for Items<'a> {
    type Item = Json<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.has(b',');
        value(&mut self.0, MAX_DEPTH)
    }
}

/// The next value, if nothing in it is nested deeper than `depth`.
fn value<'a>(reader: &mut Reader<'a>, depth: usize) -> Option<Json<'a>> {
    let first = reader.next()?;
    let start = reader.rest();
    match first {
        b'"' => text(reader)?,
        b'[' | b'{' => nested(reader, first, depth.checked_sub(1)?)?,
        _ => word(reader)?,
    }
    Some(Json(reader.since(start)))
}

/// A list or an object, which begins with `bracket`.
fn nested(reader: &mut Reader<'_>, bracket: u8, depth: usize) -> Option<()> {
    let end = if bracket == b'[' { b']' } else { b'}' };
    reader.expect(bracket)?;
    let mut has_more = !reader.has(end);
    while has_more {
        if bracket == b'{' {
            text(reader)?;
            reader.expect(b':')?;
        }
        value(reader, depth)?;
        has_more = reader.has_another(end)?;
    }
    Some(())
}

/// A string whose escapes have a meaning.
fn text(reader: &mut Reader<'_>) -> Option<()> {
    let mut rest = reader.string()?;
    // Nearly every text has none.
    while let Some(escape) = rest.find('\\') {
        let mut chars = rest.get(escape..)?.chars();
        decode(&mut chars)?;
        rest = chars.as_str();
    }
    Some(())
}

/// `true`, `false`, `null`, or an integer.
fn word(reader: &mut Reader<'_>) -> Option<()> {
    let word = reader.word()?;
    let is_integer = || is_number(word.strip_prefix('-').unwrap_or(word)) && word.parse::<i64>().is_ok();
    (matches!(word, "true" | "false" | "null") || is_integer()).then_some(())
}

/// The next character of a string, which may be written with an escape.
#[inline(never)]
fn decode(chars: &mut Chars<'_>) -> Option<char> {
    let char = chars.next()?;
    if char != '\\' {
        return Some(char);
    }
    Some(match chars.next()? {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let first = unit(chars)?;
            if matches!(first, 0xd800..0xdc00) {
                // Beyond 16 bits: two units make one character.
                *chars = chars.as_str().strip_prefix("\\u")?.chars();
                let second = unit(chars)?.checked_sub(0xdc00).filter(|second| *second < 0x400)?;
                char::from_u32(0x10000 + (first - 0xd800) * 0x400 + second)?
            } else {
                char::from_u32(first)?
            }
        }
        other => Some(other).filter(|char| matches!(char, '"' | '\\' | '/'))?,
    })
}

/// Four hexadecimal digits.
#[inline(never)]
fn unit(chars: &mut Chars<'_>) -> Option<u32> {
    let (digits, rest) = chars.as_str().split_at_checked(4)?;
    let mut unit = 0;
    for digit in digits.chars() {
        unit = unit << 4 | digit.to_digit(16)?;
    }
    *chars = rest.chars();
    Some(unit)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn decoded(text: &str) -> String {
        let mut chars = text.chars();
        std::iter::from_fn(|| decode(&mut chars)).collect()
    }

    /// The same value as `serde_json` reads it.
    fn reference(value: Json<'_>) -> Value {
        if let Some(entries) = value.as_object() {
            return entries.map(|(key, value)| (decoded(key), reference(value))).collect();
        }
        if let Some(items) = value.as_list() {
            return items.map(reference).collect();
        }
        if let Some(text) = value.as_text() {
            return decoded(text).into();
        }
        if value.is_null() {
            return Value::Null;
        }
        value.as_bool().map_or_else(|| value.as_i64().unwrap().into(), Value::from)
    }

    #[test]
    fn every_kind_of_value() {
        for text in [
            " null ",
            "true",
            "-7",
            "0",
            "9223372036854775807",
            "-9223372036854775808",
            r#""a\"\\\/\b\f\n\r\tä\u00e4\ud83d\ude00""#,
            "[]",
            "{}",
            r#" { "a" : [ 1 , "x" , {"b": null}, [ ], {} ] ,"":false } "#,
            "[[[[[[[[1]]]]]]]]",
        ] {
            let value = Json::parse(text.as_bytes()).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(reference(value), serde_json::from_str::<Value>(text).unwrap(), "{text}");
        }
    }

    #[test]
    fn what_is_not_read() {
        for text in [
            "",
            "{",
            "[1",
            "[1,]",
            "[1 2]",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{a:1}",
            "{}{}",
            "01",
            "+1",
            "-",
            "--1",
            "1.5",
            "1e3",
            "9223372036854775808",
            "yes",
            "\"",
            "\"a\nb\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u+123\"",
            "\"\\ud83d\"",
            "\"\\ud83dx\"",
            "\"\\udc00\"",
            "[[[[[[[[[1]]]]]]]]]",
        ] {
            assert_eq!(Json::parse(text.as_bytes()), None, "{text}");
        }
        assert_eq!(Json::parse(b"\"\xff\""), None);
    }

    #[test]
    fn texts() {
        let text =
            |json: &str| Json::parse(json.as_bytes()).map(|json| (json.as_str().map(str::to_owned), json.as_line()));
        assert_eq!(text(r#""plain""#), Some((Some("plain".to_owned()), Some("plain".to_owned()))));
        assert_eq!(text(r#""a\n\"b\u001b""#), Some((None, Some("a\"b".to_owned()))));
        assert_eq!(text("1"), Some((None, None)));
    }

    #[test]
    fn a_missing_key_is_null() {
        let value = Json::parse(br#"{"a":{"b":2}}"#).unwrap();
        assert_eq!(value.get("a").get("b").as_u64(), Some(2));
        assert!(value.get("b").get("a").is_null());
        assert_eq!(value.find("b"), None);
        assert_eq!(value.get("a").as_json(), r#"{"b":2}"#);
    }
}

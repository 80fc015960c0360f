//! Writes JSON by hand: a run writes one line, and a serializer takes three times as many instructions for it.
//!
//! Nothing is escaped. All texts are constants that the compiler has checked, or were read from a queue whose reader refuses
//! what would need an escape; the rest are numbers.

/// Appends the key of an object's next field. The object's first field has a comma, too, for [`open`] to overwrite.
#[inline(never)]
pub(crate) fn key(line: &mut Vec<u8>, key: &str) {
    line.extend_from_slice(b",\"");
    line.extend_from_slice(key.as_bytes());
    line.extend_from_slice(b"\":");
}

/// Makes an object of the fields that begin at `start`.
pub(crate) fn open(line: &mut [u8], start: usize) {
    if let Some(comma) = line.get_mut(start) {
        *comma = b'{';
    }
}

#[inline]
pub(crate) fn text(line: &mut Vec<u8>, text: &str) {
    line.push(b'"');
    line.extend_from_slice(text.as_bytes());
    line.push(b'"');
}

pub(crate) fn flag(line: &mut Vec<u8>, flag: bool) {
    line.extend_from_slice(if flag { b"true" } else { b"false" });
}

pub(crate) fn integer(line: &mut Vec<u8>, number: i64) {
    if number < 0 {
        line.push(b'-');
    }
    unsigned(line, number.unsigned_abs());
}

pub(crate) fn unsigned(line: &mut Vec<u8>, number: u64) {
    line.extend_from_slice(digits(number, &mut [0; DIGITS_MAX]));
}

/// The most digits that a number has.
pub(crate) const DIGITS_MAX: usize = 20;

/// The number's digits, written into `buffer`.
pub(crate) fn digits(number: u64, buffer: &mut [u8; DIGITS_MAX]) -> &[u8] {
    let (mut rest, mut start) = (number, DIGITS_MAX);
    for digit in buffer.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        start -= 1;
        if rest == 0 {
            break;
        }
    }
    buffer.get(start..).unwrap_or_default()
}

/// Appends an array of values that are already in JSON.
pub(crate) fn array<'a>(line: &mut Vec<u8>, values: impl Iterator<Item = &'a [u8]>) {
    let start = line.len();
    for json in values {
        line.push(b',');
        line.extend_from_slice(json);
    }
    close_array(line, start);
}

/// Appends an array of texts.
pub(crate) fn texts<'a>(line: &mut Vec<u8>, texts: impl Iterator<Item = &'a str>) {
    let start = line.len();
    for name in texts {
        item(line, name);
    }
    close_array(line, start);
}

/// Appends a text to an array. The array's first item has a comma, too, for [`close_array`] to overwrite.
pub(crate) fn item(line: &mut Vec<u8>, item: &str) {
    line.push(b',');
    text(line, item);
}

/// Makes an array of the items that begin at `start`.
pub(crate) fn close_array(line: &mut Vec<u8>, start: usize) {
    match line.get_mut(start) {
        Some(comma) => *comma = b'[',
        None => line.push(b'['),
    }
    line.push(b']');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut line = Vec::new();
        write(&mut line);
        String::from_utf8(line).unwrap()
    }

    #[test]
    fn numbers() {
        for number in [0, 1, 9, 10, 99, 100, 1_795_447_574_939, -1, i64::MAX, i64::MIN] {
            assert_eq!(written(|line| integer(line, number)), number.to_string());
        }
        assert_eq!(written(|line| unsigned(line, u64::MAX)), u64::MAX.to_string());
    }

    #[test]
    fn arrays() {
        for names in [&[][..], &["a"], &["a", "", "b c"]] {
            let array = serde_json::to_string(names).unwrap();
            assert_eq!(written(|line| texts(line, names.iter().copied())), array);
            let values: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
            assert_eq!(written(|line| super::array(line, values.iter().map(String::as_bytes))), array);
        }
    }
}

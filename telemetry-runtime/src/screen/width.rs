//! How many columns a character takes.

/// The columns that a terminal gives `char`: two for the characters of East Asia and for emoji, none for those that combine
/// with the one before, otherwise one.
///
/// Rounded to blocks of Unicode, because a table of all characters would make every program larger than the rest of the
/// question does. A wrong guess makes a line a little shorter or longer.
#[inline(never)]
pub(crate) fn width(char: char) -> usize {
    match u32::from(char) {
        0x0300..=0x036f | 0x200b..=0x200f | 0x20d0..=0x20ff | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1faff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths() {
        for (text, columns) in
            [("", 0), ("abc", 3), ("größe", 5), ("e\u{301}", 1), ("目的", 4), ("🚀", 2), ("한국어", 6)]
        {
            assert_eq!(text.chars().map(width).sum::<usize>(), columns, "{text}");
        }
    }
}

//! Text laid out at words, with a hanging indent.

use std::fmt::{self, Arguments, Write};

use super::{Screen, Style, width};

/// Longer lines are hard to read. clap wraps its help here, too.
const COLUMNS_MAX: usize = 100;

/// Lays out what is written to it.
///
/// Lines are broken at spaces, and after wide characters, which stand for words without spaces between them. A longer word
/// is left whole: an address that is cut in two can neither be clicked nor copied. Control characters never reach the terminal.
///
/// `write!` and `writeln!` return nothing, since writing into memory cannot fail.
pub(crate) struct Wrap {
    /// What is laid out.
    text: String,
    screen: Screen,
    /// Where lines are broken.
    limit: usize,
    /// The indent of the lines that follow a break.
    indent: usize,
    /// The columns that are taken on the current line.
    column: usize,
    /// Not yet in the text, because they are left out where a line is broken.
    spaces: usize,
    /// Not yet in the text, because it may not fit on the line.
    word: String,
    word_columns: usize,
}

// The methods that are called from many places are not inlined: every program has a copy of their callers.
impl Wrap {
    #[inline(never)]
    pub(crate) fn new(screen: Screen) -> Self {
        let limit = screen.columns.map_or(usize::MAX, |columns| columns.min(COLUMNS_MAX));
        let (text, word) = (String::new(), String::new());
        Wrap { text, screen, limit, indent: 0, column: 0, spaces: 0, word, word_columns: 0 }
    }

    /// Sets the indent for the following lines.
    pub(crate) fn hang(&mut self, indent: usize) {
        self.indent = indent;
    }

    #[inline(never)]
    pub(crate) fn put(&mut self, text: &str) {
        for char in text.chars() {
            match char {
                '\n' => self.end_line(),
                ' ' => {
                    self.place();
                    self.spaces += 1;
                }
                _ if width(char) > 1 => {
                    self.place();
                    self.push(char);
                    self.place();
                }
                _ => self.push(char),
            }
        }
    }

    #[inline(never)]
    pub(crate) fn write_fmt(&mut self, text: Arguments<'_>) {
        let _ = fmt::write(self, text);
    }

    /// Writes texts in a style, where the terminal has styles.
    #[inline(never)]
    pub(crate) fn styled(&mut self, style: Style, texts: &[&str]) {
        let (begin, end) = self.screen.around(Some(style));
        self.escape(begin);
        for text in texts {
            self.put(text);
        }
        self.escape(end);
    }

    /// Writes formatted text in a style, where the terminal has styles.
    #[inline(never)]
    pub(crate) fn write_styled(&mut self, style: Style, text: Arguments<'_>) {
        let (begin, end) = self.screen.around(Some(style));
        self.escape(begin);
        self.write_fmt(text);
        self.escape(end);
    }

    /// Writes text that is not broken, such as a command to copy.
    #[inline(never)]
    pub(crate) fn whole(&mut self, text: &str) {
        text.chars().for_each(|char| self.push(char));
    }

    /// Everything that was written, laid out.
    #[inline(never)]
    pub(crate) fn finish(mut self) -> String {
        self.place();
        self.text
    }

    /// Adds an escape sequence, which takes no room.
    #[inline(never)]
    fn escape(&mut self, sequence: &str) {
        self.word.push_str(sequence);
    }

    fn push(&mut self, char: char) {
        let shown = if char.is_control() { char::REPLACEMENT_CHARACTER } else { char };
        self.word.push(shown);
        self.word_columns += width(shown);
    }

    /// Puts the word on this line, or on the next.
    #[inline(never)]
    fn place(&mut self) {
        if self.word.is_empty() {
            return;
        }
        let is_first = self.column <= self.indent;
        if !is_first && self.column + self.spaces + self.word_columns > self.limit {
            self.text.push('\n');
            self.column = 0;
            self.spaces = self.indent;
        }
        self.column += self.spaces + self.word_columns;
        while self.spaces > 0 {
            self.text.push(' ');
            self.spaces -= 1;
        }
        self.text.push_str(&self.word);
        self.word_columns = 0;
        self.word.clear();
    }

    fn end_line(&mut self) {
        self.place();
        self.column = 0;
        self.spaces = 0;
        self.text.push('\n');
    }
}

impl Write for Wrap {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.put(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(columns: usize) -> Screen {
        Screen { columns: Some(columns), has_styles: false }
    }

    fn wrapped(screen: Screen, indent: usize, text: &str) -> String {
        let mut wrap = Wrap::new(screen);
        wrap.hang(indent);
        wrap.put(text);
        wrap.finish()
    }

    #[test]
    fn lines_are_broken_at_words_and_hang() {
        assert_eq!(wrapped(screen(20), 4, "one two three four five six"), "one two three four\n    five six");
        assert_eq!(wrapped(screen(18), 2, "one two three four\nfive"), "one two three four\nfive");
        assert_eq!(wrapped(screen(12), 10, "  Never:  one two"), "  Never:  one\n          two");
        let file = Screen { columns: None, has_styles: false };
        let long = "word ".repeat(100);
        assert_eq!(wrapped(file, 4, &long), long.trim_end());
        // Wide terminals do not make long lines.
        assert_eq!(wrapped(screen(300), 0, &long).lines().map(str::len).max(), Some(99));
    }

    #[test]
    fn a_long_word_is_left_whole() {
        assert_eq!(wrapped(screen(10), 2, "see https://example.com/a now"), "see\n  https://example.com/a\n  now");
    }

    #[test]
    fn words_without_spaces_are_broken_anywhere() {
        assert_eq!(wrapped(screen(8), 2, "目的は失敗を知ること"), "目的は失\n  敗を知\n  ること");
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(wrapped(screen(80), 0, "a\x1b[31mb\tc\u{9b}"), "a\u{fffd}[31mb\u{fffd}c\u{fffd}");
    }

    #[test]
    fn a_style_takes_no_room() {
        for (has_styles, expected) in [(true, "\x1b[1mone two\nthree\x1b[0m four"), (false, "one two\nthree four")] {
            let mut wrap = Wrap::new(Screen { columns: Some(10), has_styles });
            wrap.styled(Style::Bold, &["one two", " three"]);
            wrap.put(" four");
            assert_eq!(wrap.finish(), expected);
        }
    }

    #[test]
    fn a_command_is_kept_whole() {
        let mut wrap = Wrap::new(screen(12));
        wrap.put("type ");
        wrap.whole("a telemetry");
        wrap.put(" now");
        assert_eq!(wrap.finish(), "type\na telemetry\nnow");
    }
}

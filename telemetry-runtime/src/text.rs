//! Text that grows.

use std::fmt::{self, Arguments, Write};

/// Text to write to. `write!` and `writeln!` return nothing, since writing into memory cannot fail.
///
/// None of its methods is inlined: the management commands write a lot, and every program has a copy of them.
#[derive(Debug, Default)]
pub(crate) struct Text(String);

impl Text {
    #[inline(never)]
    pub(crate) fn put(&mut self, text: &str) {
        self.0.push_str(text);
    }

    #[inline(never)]
    pub(crate) fn write_fmt(&mut self, text: Arguments<'_>) {
        let _ = self.0.write_fmt(text);
    }

    #[inline(never)]
    pub(crate) fn repeat(&mut self, text: &str, times: usize) {
        for _ in 0..times {
            self.0.push_str(text);
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.put(text);
        Ok(())
    }
}

/// The texts with `separator` between them. std's `join` is larger, for any kind of list.
#[inline(never)]
pub(crate) fn joined(texts: &[&str], separator: &str) -> String {
    let mut joined = Text::default();
    let mut before = "";
    for text in texts {
        joined.put(before);
        joined.put(text);
        before = separator;
    }
    joined.finish()
}

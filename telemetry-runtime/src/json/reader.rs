//! Reads the pieces that JSON is made of.

/// The unread rest of a text.
#[derive(Debug, Clone)]
pub(super) struct Reader<'a> {
    rest: &'a str,
}

// What is not inlined is called from many places.
impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Reader { rest: text }
    }

    /// The byte that comes next, if any. Space before it is skipped, here and below.
    pub(super) fn next(&mut self) -> Option<u8> {
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
        let spaces = self.rest.as_bytes().iter().take_while(|byte| is_space(byte)).count();
        self.take(spaces)?;
        self.rest.bytes().next()
    }

    /// Whether `wanted`, which is ASCII, comes next. Then it is read.
    #[inline(never)]
    pub(super) fn has(&mut self, wanted: u8) -> bool {
        self.next() == Some(wanted) && self.take(1).is_some()
    }

    pub(super) fn expect(&mut self, wanted: u8) -> Option<()> {
        self.has(wanted).then_some(())
    }

    /// After an item or an entry: whether another one follows. The comma before it is read, or `end`.
    pub(super) fn has_another(&mut self, end: u8) -> Option<bool> {
        if self.has(end) {
            return Some(false);
        }
        self.expect(b',')?;
        Some(true)
    }

    /// What stands between two quotes and has no escapes.
    #[inline(never)]
    pub(super) fn plain(&mut self) -> Option<&'a str> {
        self.expect(b'"')?;
        let text = self.unescaped()?;
        (self.take(1)? == "\"").then_some(text)
    }

    /// What stands between two quotes, with its escapes, whether they have a meaning or not.
    #[inline(never)]
    pub(super) fn string(&mut self) -> Option<&'a str> {
        self.expect(b'"')?;
        let start = self.rest();
        loop {
            self.unescaped()?;
            let text = self.since(start);
            match self.take(1)? {
                "\"" => return Some(text),
                "\\" => self.take(1)?,
                _ => return None,
            };
        }
    }

    /// A number, `true`, `false` or `null`, or what may be none of these, but stands without quotes.
    #[inline(never)]
    pub(super) fn word(&mut self) -> Option<&'a str> {
        self.next();
        let end = self.rest.bytes().position(|byte| !byte.is_ascii_alphanumeric() && byte != b'-');
        self.take(end.unwrap_or(self.rest.len()))
    }

    /// What is not read yet.
    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    /// What was read since `start` was the rest.
    pub(super) fn since(&self, start: &'a str) -> &'a str {
        start.get(..start.len() - self.rest.len()).unwrap_or_default()
    }

    /// What comes before the next quote, backslash or control character.
    fn unescaped(&mut self) -> Option<&'a str> {
        // By bytes: in UTF-8, none of these is ever part of another character.
        let end = self.rest.bytes().position(|byte| matches!(byte, b'"' | b'\\') || byte < b' ')?;
        self.take(end)
    }

    fn take(&mut self, bytes: usize) -> Option<&'a str> {
        let (taken, rest) = self.rest.split_at_checked(bytes)?;
        self.rest = rest;
        Some(taken)
    }
}

/// Whether the word is a whole number as JSON has it: Rust reads more.
pub(super) fn is_number(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_digit()) && !word.is_empty() && (word == "0" || !word.starts_with('0'))
}

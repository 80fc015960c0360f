//! A hash of what a CLI declares, for the compiler to calculate.

/// FNV-1a.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fingerprint(u64);

impl Fingerprint {
    pub(super) const EMPTY: Self = Fingerprint(0xcbf2_9ce4_8422_2325);

    #[must_use]
    pub(super) const fn and_byte(self, byte: u8) -> Self {
        Fingerprint((self.0 ^ byte as u64).wrapping_mul(0x0100_0000_01b3))
    }

    #[must_use]
    pub(super) const fn and_text(mut self, text: &str) -> Self {
        let mut rest = text.as_bytes();
        while let [first, after @ ..] = rest {
            self = self.and_byte(*first);
            rest = after;
        }
        // No text contains this byte.
        self.and_byte(0xff)
    }

    #[must_use]
    pub(super) const fn and(mut self, other: Self) -> Self {
        let bytes = other.0.to_le_bytes();
        let mut position = 0;
        while position < bytes.len() {
            self = self.and_byte(bytes[position]);
            position += 1;
        }
        self
    }

    /// As a number that every JSON reader represents exactly.
    pub(super) const fn get(self) -> u64 {
        self.0 >> 12
    }
}

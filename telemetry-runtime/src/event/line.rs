//! The event as one line of the queue: a compact JSON object, written in three pieces.
//!
//! Each piece is written as soon as it is known, so that a signal handler, which must not allocate, only has to add
//! the last one. Until then the object is open: its closing brace is missing.

use super::fields::Piece;
use super::{CliCommandEvent, json};

/// Enough for the first piece of nearly every line.
const START_CAPACITY: usize = 384;

/// The maximum length of the last piece without facts and phases.
const END_MAX_BYTES: usize = 192;

impl CliCommandEvent {
    /// Begins a line with the first piece.
    pub(crate) fn start_line(&self) -> Vec<u8> {
        let mut line = Vec::with_capacity(START_CAPACITY);
        self.fields().write(Piece::Start, &mut line);
        json::open(&mut line, 0);
        if let Some(context) = self.context {
            context.write(&mut line);
        }
        line
    }

    /// Appends the second piece.
    pub(crate) fn extend_with_command(&self, line: &mut Vec<u8>) {
        self.fields().write(Piece::Command, line);
        if let Some(options) = self.options {
            options.write(line);
        }
        if let Some(active) = self.active {
            active.write(line);
        }
    }

    /// Appends the last piece and closes the object. Does not allocate if `line` has room for [`Self::end_max_bytes`].
    pub(crate) fn extend_with_end(&self, line: &mut Vec<u8>) {
        self.fields().write(Piece::End, line);
        if let Some(measures) = self.measures {
            measures.write(&self.root.app.details, line);
        }
        line.push(b'}');
    }

    /// The maximum length of the last piece, including the closing brace and a line feed.
    pub(crate) fn end_max_bytes(&self) -> usize {
        END_MAX_BYTES + self.root.app.details.measures_max_bytes
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::declare::ErrorClassName;
    use crate::event::sample::event;
    use crate::event::{CliCommandEvent, Ending, NAMES_COUNT, Outcome, TaskStatus, every_field};

    #[test]
    fn an_event_has_these_keys_in_this_order() {
        let line = event().to_json();
        let places = every_field().map(|field| line.find(&format!("\"{}\":", field.name)));
        assert!(places.clone().all(|place| place.is_some()) && places.is_sorted(), "{line}");
        let event: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(event.as_object().unwrap().len(), NAMES_COUNT);
    }

    #[test]
    fn the_last_piece_fits_its_limit() {
        for error_class in ErrorClassName::FIXED {
            let (ending, status) = (Ending::Abandoned, TaskStatus::Interrupted);
            let outcome = Outcome { ending, status, exit_code: i32::MIN, error_class: Some(error_class) };
            let event = CliCommandEvent { outcome, duration_us: i64::MIN, ..event() };
            let mut line = Vec::new();
            event.extend_with_end(&mut line);
            assert!(line.len() < END_MAX_BYTES);
        }
    }
}

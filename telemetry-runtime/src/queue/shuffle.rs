//! A random order of events.

use crate::event::Row;

/// The lines, with the events of the CLI `app` in the order of their session ids, which are random. Everything else stays
/// in its place.
pub(super) fn shuffled(bytes: &[u8], app: &str) -> Vec<u8> {
    let session_id = |line: &[u8]| match Row::parse(line.trim_ascii_end(), app) {
        Row::Event(record) if line.ends_with(b"\n") => Some(record.fields.session_id),
        _ => None,
    };
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
    let (places, mut events): (Vec<usize>, Vec<_>) =
        lines.iter().enumerate().filter_map(|(place, line)| Some((place, (session_id(line)?, *line)))).unzip();
    events.sort_unstable();
    for (place, (_, event)) in places.into_iter().zip(events) {
        if let Some(line) = lines.get_mut(place) {
            *line = event;
        }
    }
    lines.concat()
}

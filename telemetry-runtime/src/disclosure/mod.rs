//! What is collected and where it goes, from the constants alone.

mod fields;

pub(crate) use fields::FIELDS;

use crate::app::App;

/// The names of the event's fields.
pub(crate) fn fields() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().map(|field| field.name)
}

/// The host that events are sent to, if they are sent.
pub(crate) fn destination(app: &App) -> Option<&'static str> {
    let (_, rest) = app.endpoint?.split_once("://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    rest.get(..end)
}

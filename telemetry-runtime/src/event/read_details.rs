//! Reads the details of an event back from JSON.

use super::details::{Detail, Group, Value, Visitor, Words};
use super::read::{self, ReadNames};
use crate::json::Json;

/// How many groups of details `row` has. `None` if one of them does not have the form of an event's.
pub(super) fn count_groups(row: Json<'_>) -> Option<usize> {
    let mut count = 0;
    for group in Group::ALL {
        let Some(details) = row.find(group.as_str()) else { continue };
        let mut is_empty = true;
        for (name, value) in details.as_object()? {
            read::short(name)?;
            read_value(group, value)?;
            is_empty = false;
        }
        count += usize::from(!is_empty);
    }
    Some(count)
}

/// Calls `visit` with each detail of a group.
#[inline(never)]
pub(super) fn visit(row: Json<'_>, group: Group, visit: &mut Visitor<'_>) {
    for (name, value) in row.get(group.as_str()).as_object().into_iter().flatten() {
        if let Some(value) = read_value(group, value) {
            visit(Detail { name, value });
        }
    }
}

fn read_value(group: Group, value: Json<'_>) -> Option<Value<'_>> {
    let (is_option, is_time) = (group == Group::Options, group == Group::Phases);
    if let Some(flag) = value.as_bool().filter(|_| is_option || group == Group::Context) {
        return Some(Value::Flag(flag));
    }
    if let Some(words) = ReadNames::read(value).filter(|_| is_option) {
        return Some(Value::Words(Words::Read(words)));
    }
    if is_time { value.as_u64().map(Value::Time) } else { read::name(value).map(Value::Word) }
}

//! Reads the details of an event back from JSON.

use super::details::{Detail, Value, Visitor, Words};
use super::read::{self, ReadNames};
use crate::declare::Group;
use crate::json::Json;

/// How many entries of `row` are not groups of details. `None` if a group is empty, occurs twice, or does not have the form
/// that it has in an event.
pub(super) fn count_others(row: Json<'_>) -> Option<usize> {
    let mut others = 0;
    let mut groups = Group::ALL.to_vec();
    for (key, value) in row.as_object()? {
        match groups.iter().position(|group| group.as_str() == key) {
            None => others += 1,
            Some(place) => check(groups.swap_remove(place), value)?,
        }
    }
    Some(others)
}

fn check(group: Group, details: Json<'_>) -> Option<()> {
    let mut is_empty = true;
    for (name, value) in details.as_object()? {
        read::short(name)?;
        read_value(group, value)?;
        is_empty = false;
    }
    (!is_empty).then_some(())
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

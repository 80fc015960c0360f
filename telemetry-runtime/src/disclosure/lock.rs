//! The disclosure in a file that an author keeps with the source, so that a change to it is seen in review.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Disclosure, destinations, fields};

/// The lists in the file: key, name of an entry, and whether users who have agreed are asked again when an entry is added.
/// Version and platform are not listed: they differ between releases and machines without anybody's decision.
const LISTS: [(&str, &str, bool); 5] = [
    ("commands", "command", false),
    ("destinations", "destination", true),
    ("error_classes", "error class", false),
    ("fields", "field", true),
    (VALUES, "value", false),
];

/// The values of options, facts and circumstances. Left out if there are none.
const VALUES: &str = "values";

/// The lists, sorted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lock(BTreeMap<&'static str, BTreeSet<String>>);

impl Lock {
    pub(crate) fn of(disclosure: &Disclosure) -> Self {
        let owned = |names: &mut dyn Iterator<Item = &str>| names.map(str::to_owned).collect();
        let app = disclosure.app();
        // As a user would type them, but without the names of transparent commands.
        let command_lines = disclosure.commands.iter().filter(|path| !path.is_empty());
        let mut fields: BTreeSet<_> = fields(app).map(str::to_owned).collect();
        app.details.for_each_agreed(&mut |agreed| fields.extend([agreed.to_owned()]));
        Lock(BTreeMap::from([
            ("commands", command_lines.map(|path| path.replace('\t', " ")).collect()),
            ("destinations", owned(&mut destinations(disclosure.app()))),
            ("error_classes", owned(&mut disclosure.classes.iter())),
            ("fields", fields),
            (VALUES, disclosure.values().collect()),
        ]))
    }

    /// `None` if `text` was not written by [`Lock::to_json`].
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let json: Value = serde_json::from_str(text).ok()?;
        let lists = LISTS.iter().map(|&(key, ..)| {
            let entries = match json.get(key) {
                None if key == VALUES => return Some((key, BTreeSet::new())),
                list => list?.as_array()?.iter(),
            };
            Some((key, entries.map(|entry| entry.as_str().map(str::to_owned)).collect::<Option<_>>()?))
        });
        Some(Lock(lists.collect::<Option<_>>()?))
    }

    pub(crate) fn to_json(&self) -> String {
        let lists: BTreeMap<_, _> = self.0.iter().filter(|(key, list)| **key != VALUES || !list.is_empty()).collect();
        format!("{:#}\n", serde_json::json!(lists))
    }

    /// The differences from `earlier`, one line each.
    pub(crate) fn changes_since(&self, earlier: &Lock) -> Vec<String> {
        let changes = LISTS.iter().flat_map(|&(key, called, asks)| {
            let (now, before) = (&self.0[key], &earlier.0[key]);
            let again = if asks { " (users will be asked again)" } else { "" };
            let added = now.difference(before).map(move |entry| format!("+ {called} `{entry}`{again}"));
            let removed = before.difference(now).map(move |entry| format!("- {called} `{entry}`"));
            added.chain(removed)
        });
        changes.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lock(lists: [&[&str]; 5]) -> Lock {
        let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Lock(LISTS.iter().zip(lists).map(|(&(key, ..), names)| (key, owned(names))).collect())
    }

    #[test]
    fn a_lock_is_read_as_it_was_written() {
        let lock = lock([
            &["remote", "remote add"],
            &["example.com"],
            &["Error"],
            &["v", "options.all"],
            &["options.all=true"],
        ]);
        assert_eq!(Lock::parse(&lock.to_json()), Some(lock));
        for text in
            ["", "{}", "[]", r#"{"commands":[1],"destinations":[],"error_classes":[],"fields":[1],"values":[]}"#]
        {
            assert_eq!(Lock::parse(text), None, "{text}");
        }
    }

    #[test]
    fn changes_say_what_users_are_asked_about() {
        let before = lock([&["add", "remove"], &[], &["Error", "Timeout"], &["v", "os"], &["facts.cache=hit"]]);
        let now = lock([
            &["add", "rename"],
            &["example.com"],
            &["Error"],
            &["v", "options.jobs=0|1+", "os"],
            &["facts.cache=hit", "facts.cache=miss"],
        ]);
        assert_eq!(
            now.changes_since(&before),
            [
                "+ command `rename`",
                "- command `remove`",
                "+ destination `example.com` (users will be asked again)",
                "- error class `Timeout`",
                "+ field `options.jobs=0|1+` (users will be asked again)",
                "+ value `facts.cache=miss`",
            ]
        );
        assert!(now.changes_since(&now).is_empty());
    }
}

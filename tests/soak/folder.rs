//! What is in a user's telemetry folder.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use serde_json::Value;

/// Describes the files of the queue.
const DOCUMENTATION: &str = include_str!("../../telemetry-runtime/src/queue/mod.rs");

/// The lines of the files that are yet to be delivered, and the counts beside them.
#[derive(Debug, Default)]
pub(crate) struct Queued {
    pub(crate) ids: HashSet<String>,
    /// Lines that the soak has left there.
    pub(crate) junk: u64,
    /// Events that were dropped, as the queue itself says.
    pub(crate) dropped: u64,
}

#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(path: PathBuf) -> Self {
        Folder(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// What is queued. A worker may rename and remove files meanwhile, but nobody adds lines.
    pub(crate) fn queued(&self) -> Queued {
        let mut queued = Queued::default();
        // A line is in exactly one file, but that may have another name when it is read.
        while let Err(error) = self.read_all(&mut queued) {
            assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
            queued = Queued::default();
        }
        queued
    }

    fn read_all(&self, queued: &mut Queued) -> io::Result<()> {
        for name in self.names() {
            if name.starts_with("queue.lost") {
                queued.dropped += fs::metadata(self.file(&name))?.len();
            } else if name.ends_with(".jsonl") && name != "rejected.jsonl" && !name.starts_with("sent.") {
                let delivered = name.strip_prefix("sealed-").map_or(0, offset);
                let bytes = fs::read(self.file(&name))?;
                queued.read(bytes.get(delivered..).unwrap_or_default());
            }
        }
        Ok(())
    }

    /// The names of all files and folders.
    pub(crate) fn names(&self) -> Vec<String> {
        fs::read_dir(&self.0).map_or_else(
            |_| Vec::new(),
            |entries| entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect(),
        )
    }

    /// The names that the documentation of the queue does not know.
    pub(crate) fn undocumented(&self) -> Vec<String> {
        let row = |line: &'static str| line.strip_prefix("//! | `")?.split('`').next();
        let documented: Vec<&str> = DOCUMENTATION.lines().filter_map(row).collect();
        assert!(documented.contains(&"queue.jsonl"), "the table is not read correctly: {documented:?}");
        let is_known = |name: &str| {
            documented.iter().any(|known| match *known {
                "sealed-N-OFFSET.jsonl" => name.starts_with("sealed-") && name.ends_with(".jsonl"),
                // A process that is killed leaves it behind.
                "consent.json.PID" => name.strip_prefix("consent.json.").is_some_and(|pid| pid.parse::<u32>().is_ok()),
                known => known.trim_end_matches('/') == name,
            })
        };
        self.names().into_iter().filter(|name| !is_known(name)).collect()
    }

    /// The state of deliveries.
    pub(crate) fn state(&self) -> Value {
        let text = fs::read(self.file("delivery.json")).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    /// The events that deliveries have dropped, by reason.
    pub(crate) fn dropped(&self) -> HashMap<String, u64> {
        let state = self.state();
        let reasons = state["dropped"].as_object().into_iter().flatten();
        reasons.map(|(reason, count)| (reason.clone(), count.as_u64().unwrap_or(0))).collect()
    }

    /// Changes the state of deliveries, as long as there is none.
    pub(crate) fn change_state(&self, change: impl FnOnce(&mut Value)) -> io::Result<()> {
        let lock = File::options().create(true).append(true).open(self.file("drain.lock"))?;
        lock.try_lock()?;
        let mut state = self.state();
        if state.is_null() {
            return Ok(());
        }
        change(&mut state);
        let new = self.file("delivery.json.new");
        fs::write(&new, state.to_string()).and_then(|()| fs::rename(&new, self.file("delivery.json")))
    }
}

/// `N-OFFSET.jsonl`
fn offset(name: &str) -> usize {
    let offset = name.trim_end_matches(".jsonl").split('-').nth(1).and_then(|offset| offset.parse().ok());
    offset.expect("the name of a sealed file has an offset")
}

impl Queued {
    fn read(&mut self, text: &[u8]) {
        for line in text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
            // A line that is torn counts for nothing: its run has written another one.
            let line: Value = serde_json::from_slice(line).unwrap_or_default();
            if let Some(id) = line["session_id"].as_str() {
                self.ids.insert(id.replace('-', ""));
            }
            self.dropped += line["dropped"].as_u64().unwrap_or(0);
            self.junk += u64::from(line["junk"].is_string());
        }
    }
}

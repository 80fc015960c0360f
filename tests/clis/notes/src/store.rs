use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{bail, Context, Result};

/// One note a line: the text, then the tags, each behind a tabulator.
pub struct Store {
    path: PathBuf,
    notes: Vec<Note>,
}

pub struct Note {
    text: String,
    tags: Vec<String>,
}

impl Store {
    pub fn open(path: &Path) -> Result<Self> {
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            text => text.with_context(|| format!("cannot read {}", path.display()))?,
        };
        Ok(Store { path: path.to_owned(), notes: text.lines().map(Note::parse).collect() })
    }

    pub fn add(&mut self, text: String) -> Result<usize> {
        if text.contains(['\t', '\n']) {
            bail!("a note is one line without tabulators");
        }
        self.notes.push(Note { text, tags: Vec::new() });
        Ok(self.notes.len())
    }

    pub fn notes(&self) -> impl Iterator<Item = (usize, &Note)> {
        (1..).zip(&self.notes)
    }

    pub fn note(&mut self, number: usize) -> Result<&mut Note> {
        number.checked_sub(1).and_then(|index| self.notes.get_mut(index)).with_context(|| format!("no note {number}"))
    }

    pub fn remove(&mut self, number: usize) -> Result<()> {
        self.note(number)?;
        self.notes.remove(number - 1);
        Ok(())
    }

    pub fn save(&self) -> Result<()> {
        let lines: String = self.notes.iter().map(|note| format!("{}\n", note.line())).collect();
        fs::write(&self.path, lines).with_context(|| format!("cannot write {}", self.path.display()))
    }
}

impl Note {
    fn parse(line: &str) -> Self {
        let mut fields = line.split('\t').map(str::to_owned);
        Note { text: fields.next().unwrap_or_default(), tags: fields.collect() }
    }

    fn line(&self) -> String {
        let tags: String = self.tags.iter().map(|tag| format!("\t{tag}")).collect();
        format!("{}{tags}", self.text)
    }

    pub fn has(&self, tag: &str) -> bool {
        self.tags.iter().any(|own| own == tag)
    }

    pub fn tag(&mut self, tag: String) {
        if !self.has(&tag) {
            self.tags.push(tag);
        }
    }

    pub fn untag(&mut self, tag: &str) -> Result<()> {
        if !self.has(tag) {
            bail!("the note has no tag {tag}");
        }
        self.tags.retain(|own| own != tag);
        Ok(())
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.text)?;
        self.tags.iter().try_for_each(|tag| write!(f, " #{tag}"))
    }
}

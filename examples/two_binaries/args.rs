//! What both programs take.

use std::fs::File;
use std::io::{self, Read};
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Input {
    /// Defaults to the standard input
    file: Option<PathBuf>,
}

impl Input {
    pub fn read(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        match &self.file {
            Some(file) => File::open(file)?.read_to_end(&mut bytes)?,
            None => io::stdin().read_to_end(&mut bytes)?,
        };
        Ok(bytes)
    }
}

//! `show --html`: what is queued and what was sent, as one page without script that needs nothing else.

mod chart;
mod page;
mod text;

use std::io::{self, IsTerminal};
use std::path::Path;

use self::page::Page;
use super::readable::Calendar;
use super::{Done, ManageError, Output, show};
use crate::declare::App;
use crate::screen::printable;
use crate::sys::{self, files};
use crate::{environment, queue};

/// Writes the page to a pipe or a file. On a terminal, keeps it beside the queue and opens it.
pub(super) fn run(app: &App, out: &mut Output) -> Done {
    let contents = show::read(app)?;
    let calendar = Calendar::now();
    let dir = environment::queue_dir(app).ok();
    let sent = dir.as_deref().map(queue::SentFiles::read).unwrap_or_default();
    let (records, sent) = (contents.records(app.name), sent.sent(app.name, calendar.now_unix_ms()));
    let page = Page::new(app, &records, &sent, calendar).html();
    if !io::stdout().is_terminal() {
        return out.text(&page);
    }
    let Some(dir) = dir.filter(|dir| dir.is_dir()) else { return out.line(format_args!("No events are queued.")) };
    let (path, new) = (dir.join(queue::PAGE), dir.join(queue::PAGE_NEW));
    let written = files::write_new(&new, page.as_bytes()).and_then(|()| files::rename(&new, &path));
    written.map_err(|cause| ManageError::file("write", &path, cause))?;
    open(&path, out)
}

fn open(path: &Path, out: &mut Output) -> Done {
    let shown = printable(path);
    // Not waited for: it may be the browser itself.
    match sys::opener(path).spawn() {
        Ok(_) => out.line(format_args!("The page is {shown}; opening it.")),
        Err(_) => out.line(format_args!("The page is {shown}; open it in a browser.")),
    }
}

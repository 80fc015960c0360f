//! A run that is waited for, or killed.

use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

#[derive(Debug)]
pub(crate) struct Run {
    child: Child,
    started: Instant,
    /// When it is killed.
    lives: Option<Duration>,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) success: bool,
    /// The id, if the run is recorded and has said so.
    pub(crate) id: Option<String>,
    pub(crate) began: SystemTime,
}

impl Run {
    pub(crate) fn start(command: &mut Command, lives: Option<Duration>) -> Self {
        let child = command.stdout(Stdio::piped()).spawn().expect("the program runs");
        Run { child, started: Instant::now(), lives }
    }

    pub(crate) fn end(mut self) -> Ended {
        if let Some(lives) = self.lives {
            thread::sleep(lives.saturating_sub(self.started.elapsed()));
            // It may have ended already.
            let _ = self.child.kill();
        }
        let output = self.child.wait_with_output().expect("it is a child");
        let text = String::from_utf8_lossy(&output.stdout);
        let introduction = text.split_once(' ').filter(|(id, _)| id.len() == 32);
        let milliseconds = introduction.and_then(|(_, start)| start.trim().parse().ok());
        Ended {
            success: output.status.success(),
            id: introduction.map(|(id, _)| id.to_owned()),
            began: SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds.unwrap_or(0)),
        }
    }
}

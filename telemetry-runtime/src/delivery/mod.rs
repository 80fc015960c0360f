//! Delivery: later, by another process, to where the author of the CLI has said.

mod state;

use crate::app::App;
use crate::queue::{Appended, Queue};

#[allow(unused_imports)]
pub(crate) use state::{Dropped, LastError, Status};

/// Without a sender there is nothing to start.
#[cfg(not(feature = "http"))]
pub(crate) fn after_append(_app: &App, _queue: &Queue, _appended: Appended) {}
#[cfg(feature = "http")]
pub(crate) fn after_append(_app: &App, _queue: &Queue, _appended: Appended) {}

//! The forms in which events leave the machine.

pub(crate) mod nemo;
#[cfg(feature = "otlp")]
pub(crate) mod otlp;

#[cfg(feature = "http")]
pub(crate) use body::{Accepted, Form, gzip};

#[cfg(feature = "http")]
mod body;

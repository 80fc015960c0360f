//! The formats in which events leave the machine.

#[cfg(feature = "http")]
mod encoding;
pub(crate) mod nemo;
#[cfg(feature = "otlp")]
mod otlp;
mod time;

#[cfg(feature = "http")]
pub(crate) use self::encoding::{Accepted, Encoding, gzip};
#[cfg(feature = "http")]
pub(crate) use self::time::as_sent;

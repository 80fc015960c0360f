//! What tells one run from another, and says nothing else: a random number and the time.

use std::time::{SystemTime, UNIX_EPOCH};

use uuid::Uuid;

/// A random UUID (version 4), or none when the system has no randomness to give without waiting.
#[cfg(target_os = "linux")]
pub(crate) fn session_id() -> Option<Uuid> {
    use rustix::rand::{GetRandomFlags, getrandom};

    let mut bytes = [0; 16];
    let filled = getrandom(&mut bytes, GetRandomFlags::NONBLOCK).ok()?;
    (filled == bytes.len()).then(|| uuid::Builder::from_random_bytes(bytes).into_uuid())
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn session_id() -> Option<Uuid> {
    Some(Uuid::new_v4())
}

/// Now, in milliseconds since the Unix epoch; 0 if the clock stands before it.
pub(crate) fn unix_ms() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| u64::try_from(time.as_millis()).unwrap_or(0))
}

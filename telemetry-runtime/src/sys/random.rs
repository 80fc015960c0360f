//! Random bytes from the operating system.

/// Sixteen random bytes, or `None` if the kernel would have to block to provide them. There is no generator in the
/// process: its state would be copied by a fork, and both processes would then draw the same bytes.
#[cfg(target_os = "linux")]
pub(crate) fn bytes() -> Option<[u8; 16]> {
    use rustix::rand::{GetRandomFlags, getrandom};

    let mut bytes = [0; 16];
    let filled = getrandom(&mut bytes, GetRandomFlags::NONBLOCK).ok()?;
    (filled == bytes.len()).then_some(bytes)
}

/// Sixteen random bytes from the source that `uuid` uses on this platform.
#[cfg(not(target_os = "linux"))]
pub(crate) fn bytes() -> Option<[u8; 16]> {
    Some(uuid::Uuid::new_v4().into_bytes())
}

//! The forms in which events leave the machine.

pub(crate) mod nemo;

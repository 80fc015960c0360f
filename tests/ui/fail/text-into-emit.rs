// The end of a run is told by constants and numbers.
use telemetry_runtime::{TaskStatus, emit_command_event};

fn main() {
    let leaked: &'static str = String::leak(String::from("secret"));
    let class: Option<&'static str> = Some(leaked);
    emit_command_event(TaskStatus::Failure, 1, class);
    emit_command_event(leaked, 1, None);
}

// There is no way to make an event, nor to change one.
use telemetry_runtime::CliCommandEvent;

fn main() {
    let _ = CliCommandEvent::new("secret");
    if let Some(mut event) = CliCommandEvent::current() {
        event.path = Default::default();
    }
}

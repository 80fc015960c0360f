// A path holds positions, not names.
use telemetry_runtime::__private::CommandPath;

fn main() {
    let secret: &'static str = String::leak(String::from("secret"));
    let mut path = CommandPath::default();
    path.push(secret);
    path.enter(secret, |_| {});
}

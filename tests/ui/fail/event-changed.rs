use telemetry_runtime::CliCommandEvent;

fn changed(event: CliCommandEvent) -> CliCommandEvent {
    CliCommandEvent { duration_us: 1, ..event }
}

fn main() {
    let _ = CliCommandEvent::current().map(changed);
}

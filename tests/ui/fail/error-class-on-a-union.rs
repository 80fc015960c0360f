use telemetry_runtime::ErrorClass;

#[derive(ErrorClass)]
union Error {
    a: u8,
}

fn main() {}

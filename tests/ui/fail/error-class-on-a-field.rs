use telemetry_runtime::ErrorClass;

#[derive(ErrorClass)]
enum Error {
    Io(#[error_class(transparent)] std::io::Error),
}

fn main() {}

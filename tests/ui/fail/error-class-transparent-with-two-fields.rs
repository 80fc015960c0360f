use telemetry_runtime::ErrorClass;

#[derive(ErrorClass)]
enum Error {
    #[error_class(transparent)]
    Io(std::io::Error, u8),
    #[error_class(transparent)]
    Nothing,
}

fn main() {}

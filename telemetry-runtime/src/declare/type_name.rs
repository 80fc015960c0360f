//! Error classes made from type names, as `std::any::type_name` reports them.

use super::error_class::ErrorClassName;

impl ErrorClassName {
    /// The type's name, without its path and generic parameters.
    pub(crate) fn of_type<E: ?Sized>() -> Self {
        ErrorClassName(short_name(std::any::type_name::<E>()))
    }
}

/// What may precede a type's path: pointers, which are errors if their target is one.
const PREFIXES: [&str; 4] = ["&", "alloc::boxed::Box<", "alloc::sync::Arc<", "dyn "];

/// Extracts `Name` from `path::to::Name<with, parameters>`. The path may have parameters as well:
/// `<a::Type as a::Trait>::method::Name`.
fn short_name(mut name: &'static str) -> &'static str {
    while let Some(inner) = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)) {
        name = inner;
    }
    let (mut start, mut depth, mut before) = (0, 0, 0);
    for (index, byte) in name.bytes().enumerate() {
        match byte {
            b'<' => depth += 1,
            // Not the arrow of `fn(A) -> B`.
            b'>' if depth > 0 && before != b'-' => depth -= 1,
            b':' if depth == 0 => start = index + 1,
            // The end of a smart pointer's parameters, or of `Name` in `dyn Name + Send`.
            b'>' | b',' | b' ' if depth == 0 => break,
            _ => {}
        }
        before = byte;
    }
    let name = name.get(start..).unwrap_or_default();
    let end = name.find(|c: char| c != '_' && !c.is_alphanumeric()).unwrap_or(name.len());
    name.get(..end).filter(|name| !name.is_empty()).unwrap_or("Error")
}

#[cfg(test)]
mod tests {
    use super::short_name;

    #[test]
    fn type_names_are_shortened() {
        for (name, short) in [
            ("Plain", "Plain"),
            ("a::b::Error", "Error"),
            ("a::Wrapper<b::Inner>", "Wrapper"),
            ("a::Wrapper<fn(b::Inner) -> u8>", "Wrapper"),
            ("a::Wrapper<b::Inner, alloc::vec::Vec<u8>>", "Wrapper"),
            ("<a::Type as a::Trait>::method::Local", "Local"),
            ("<a::Type<u8> as a::Trait<fn() -> u8>>::method::Local<u8>", "Local"),
            ("a::<impl a::Type>::method::Local", "Local"),
            ("a::f::{{closure}}::Local", "Local"),
            ("&a::Error", "Error"),
            ("alloc::boxed::Box<a::Io>", "Io"),
            ("alloc::sync::Arc<alloc::boxed::Box<a::Wrapper<b::Inner>>>", "Wrapper"),
            ("alloc::sync::Arc<dyn core::error::Error + core::marker::Send>", "Error"),
            ("alloc::sync::Arc<dyn a::Failure<u8>>", "Failure"),
            ("(a::Error, b::Error)", "Error"),
            ("", "Error"),
        ] {
            assert_eq!(short_name(name), short, "{name}");
        }
    }
}

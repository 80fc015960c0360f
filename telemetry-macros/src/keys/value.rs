//! Reads and checks the value of one key.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{Expr, ExprGroup, ExprLit, ExprParen, Lit, LitStr, Path, Token, Type, braced, parenthesized, token};

use crate::args::{Text, Word, skip_entry};

/// What is wrong with a text, as the end of "`key` ..".
type Check = fn(&str) -> Result<(), String>;

/// A key without a value.
pub(crate) fn bare(key: &Ident, input: ParseStream<'_>) -> syn::Result<()> {
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(());
    }
    let mut value = TokenStream::new();
    while !input.is_empty() && !input.peek(Token![,]) {
        value.extend([input.parse::<TokenTree>()?]);
    }
    Err(syn::Error::new_spanned(value, format_args!("`{key}` takes no value")))
}

/// The value behind `=`, by a parser of its own.
pub(crate) fn assigned<T>(
    key: &Ident,
    input: ParseStream<'_>,
    what: &str,
    parse: fn(ParseStream<'_>) -> syn::Result<T>,
) -> syn::Result<T> {
    if !input.peek(Token![=]) {
        return Err(syn::Error::new_spanned(key, format_args!("`{key}` takes {what}: `{key} = ..`")));
    }
    input.parse::<Token![=]>()?;
    let start = input.span();
    parse(input).map_err(|_| syn::Error::new(start, format_args!("`{key}` takes {what}")))
}

fn expr(key: &Ident, input: ParseStream<'_>, what: &str) -> syn::Result<Expr> {
    assigned(key, input, what, Expr::parse)
}

/// The string literal that `expr` is, also inside the invisible group of a `macro_rules` fragment.
pub(crate) fn as_literal(expr: &Expr) -> Option<&Lit> {
    match expr {
        Expr::Lit(ExprLit { lit, .. }) => Some(lit),
        Expr::Group(ExprGroup { expr, .. }) | Expr::Paren(ExprParen { expr, .. }) => as_literal(expr),
        _ => None,
    }
}

fn checked(key: &Ident, literal: LitStr, check: Check) -> syn::Result<LitStr> {
    match check(&literal.value()) {
        Ok(()) => Ok(literal),
        Err(wrong) => Err(syn::Error::new_spanned(&literal, format_args!("`{key}` {wrong}"))),
    }
}

/// A string literal and nothing else.
pub(crate) fn literal(key: &Ident, input: ParseStream<'_>, check: Check) -> syn::Result<LitStr> {
    let what = "a string literal";
    let expr = expr(key, input, what)?;
    match as_literal(&expr) {
        Some(Lit::Str(literal)) => checked(key, literal.clone(), check),
        _ => Err(syn::Error::new_spanned(&expr, format_args!("`{key}` takes {what}"))),
    }
}

/// A string literal, or an expression such as `env!("..")` whose value only the compiler knows.
pub(crate) fn text(key: &Ident, input: ParseStream<'_>, check: Check) -> syn::Result<Text> {
    let what = "a string literal or a constant expression";
    let expr = expr(key, input, what)?;
    match as_literal(&expr) {
        Some(Lit::Str(literal)) => checked(key, literal.clone(), check).map(Text::Literal),
        Some(_) => Err(syn::Error::new_spanned(&expr, format_args!("`{key}` takes {what}"))),
        None => Ok(Text::Const(expr)),
    }
}

/// One of a few words; `words` maps them to the variants of the runtime's enum.
pub(crate) fn word(key: &Ident, input: ParseStream<'_>, words: &[(&str, &str)]) -> syn::Result<Word> {
    let quoted: Vec<String> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
    let what = format!("one of {}", quoted.join(", "));
    let expr = expr(key, input, &what)?;
    if let Some(Lit::Str(literal)) = as_literal(&expr) {
        let value = literal.value();
        if let Some((_, variant)) = words.iter().find(|(word, _)| *word == value) {
            return Ok(Word(Ident::new(variant, literal.span())));
        }
    }
    Err(syn::Error::new_spanned(&expr, format_args!("`{key}` takes {what}")))
}

/// `true` or `false`.
pub(crate) fn flag(key: &Ident, input: ParseStream<'_>) -> syn::Result<bool> {
    let what = "`true` or `false`";
    let expr = expr(key, input, what)?;
    match as_literal(&expr) {
        Some(Lit::Bool(flag)) => Ok(flag.value),
        _ => Err(syn::Error::new_spanned(&expr, format_args!("`{key}` takes {what}"))),
    }
}

/// A path to a module.
pub(crate) fn module_path(input: ParseStream<'_>) -> syn::Result<Path> {
    let path = input.call(Path::parse_mod_style)?;
    // syn takes it for the name of one.
    match path.segments.iter().find(|segment| segment.ident == "Self") {
        Some(segment) => Err(syn::Error::new_spanned(segment, "`Self` is no module")),
        None => Ok(path),
    }
}

/// `(T1, T2, ..)`.
pub(crate) fn types(key: &Ident, input: ParseStream<'_>) -> syn::Result<Vec<Type>> {
    if !input.peek(token::Paren) {
        return Err(syn::Error::new_spanned(key, "`errors` takes a list of types: `errors(MyError, ..)`"));
    }
    let content;
    parenthesized!(content in input);
    match Punctuated::<Type, Token![,]>::parse_terminated(&content) {
        Ok(types) => Ok(types.into_iter().collect()),
        Err(error) => {
            // What is left over would be reported a second time.
            content.parse::<TokenStream>()?;
            Err(syn::Error::new(error.span(), "`errors` takes a list of types"))
        }
    }
}

/// `{ "name" = value, .. }`.
pub(crate) fn headers(key: &Ident, input: ParseStream<'_>) -> syn::Result<Vec<(LitStr, Text)>> {
    let what = "a list `{ \"name\" = value, .. }`";
    let content = assigned(key, input, what, |input| {
        let content;
        braced!(content in input);
        content.parse::<TokenStream>()
    })?;
    header_list.parse2(content)
}

fn header_list(input: ParseStream<'_>) -> syn::Result<Vec<(LitStr, Text)>> {
    let mut headers: Vec<(LitStr, Text)> = Vec::new();
    let mut errors: Option<syn::Error> = None;
    while !input.is_empty() {
        match header(input, &headers) {
            Ok(header) => headers.push(header),
            Err(error) => match &mut errors {
                Some(errors) => errors.combine(error),
                None => errors = Some(error),
            },
        }
        skip_entry(input)?;
    }
    errors.map_or(Ok(headers), Err)
}

fn header(input: ParseStream<'_>, earlier: &[(LitStr, Text)]) -> syn::Result<(LitStr, Text)> {
    let name: LitStr =
        input.parse().map_err(|error| syn::Error::new(error.span(), "expected a header: `\"name\" = value`"))?;
    input.parse::<Token![=]>().map_err(|error| syn::Error::new(error.span(), "expected `=` and the header's value"))?;
    let value: Expr = input.parse()?;
    let value = match as_literal(&value) {
        Some(Lit::Str(literal)) => {
            // A line break in a value would start a header of its own.
            if !literal.value().bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
                return Err(syn::Error::new_spanned(literal, "a header's value consists of visible ASCII characters"));
            }
            Text::Literal(literal.clone())
        }
        Some(_) => {
            let message = "a header's value is a string literal or a constant expression";
            return Err(syn::Error::new_spanned(&value, message));
        }
        None => Text::Const(value),
    };
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if name.value().is_empty() || !name.value().bytes().all(token) {
        return Err(syn::Error::new_spanned(
            &name,
            "not a header name: only ASCII letters, digits and `-_.` are usual in one",
        ));
    }
    if let Some((first, _)) = earlier.iter().find(|(other, _)| other.value().eq_ignore_ascii_case(&name.value())) {
        let mut error = syn::Error::new_spanned(&name, format_args!("header `{}` is given twice", name.value()));
        error.combine(syn::Error::new_spanned(first, "first one here"));
        return Err(error);
    }
    Ok((name, value))
}

pub(crate) fn not_empty(text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err("must not be empty".to_owned());
    }
    Ok(())
}

/// The app's name becomes a folder's name.
pub(crate) fn app(name: &str) -> Result<(), String> {
    not_empty(name)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if name.starts_with('.') || !name.chars().all(allowed) {
        return Err(
            "consists of ASCII letters, digits, `.`, `_` and `-`, and does not start with `.`: it names a folder"
                .to_owned(),
        );
    }
    Ok(())
}

/// The prefix of the environment variables.
pub(crate) fn env(prefix: &str) -> Result<(), String> {
    not_empty(prefix)?;
    let allowed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    if prefix.starts_with(|c: char| c.is_ascii_digit()) || !prefix.chars().all(allowed) {
        return Err("consists of `A`-`Z`, `0`-`9` and `_`, and does not start with a digit: it begins the names of environment variables".to_owned());
    }
    Ok(())
}

/// `http` is accepted where nobody can listen on the way.
pub(crate) fn endpoint(url: &str) -> Result<(), String> {
    let (scheme, rest) = url.split_once("://").ok_or("takes an absolute URL: `https://host/path`")?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if url.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err("takes a URL without white space".to_owned());
    }
    if authority.contains('@') {
        return Err("takes a URL without a user or password: secrets go into `headers`".to_owned());
    }
    let host = host(authority).ok_or("takes a URL with a host: `https://host/path`")?;
    match scheme.to_ascii_lowercase().as_str() {
        "https" => Ok(()),
        "http" if is_loopback(host) => Ok(()),
        "http" => Err("takes an `https://` URL; `http://` only to `localhost`, `127.0.0.1` or `[::1]`".to_owned()),
        _ => Err("takes an `https://` URL".to_owned()),
    }
}

/// The host of `host`, `host:port` or `[v6]:port`.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(v6) => {
            let end = v6.find(']')? + 2;
            (authority.get(..end)?, authority.get(end..)?)
        }
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let port_is_right = port.is_empty() || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
    (!host.is_empty() && port_is_right).then_some(host)
}

fn is_loopback(host: &str) -> bool {
    match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(v6) => v6.parse::<std::net::Ipv6Addr>().is_ok_and(|address| address.is_loopback()),
        None => {
            host.eq_ignore_ascii_case("localhost")
                || host.parse::<std::net::Ipv4Addr>().is_ok_and(|address| address.is_loopback())
        }
    }
}

/// A string literal such as `"30m"`, in seconds.
pub(crate) fn interval(key: &Ident, input: ParseStream<'_>) -> syn::Result<u64> {
    let literal = literal(key, input, |_| Ok(()))?;
    seconds(&literal.value()).map_err(|wrong| syn::Error::new_spanned(&literal, format_args!("`{key}` {wrong}")))
}

fn seconds(text: &str) -> Result<u64, String> {
    let wrong = || "takes a number and a unit: \"90s\", \"30m\", \"1h\" or \"1d\"".to_owned();
    let unit = match text.chars().last() {
        Some('s') => 1,
        Some('m') => 60,
        Some('h') => 60 * 60,
        Some('d') => 24 * 60 * 60,
        _ => return Err(wrong()),
    };
    let digits = &text[..text.len() - 1];
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let seconds = digits.parse::<u64>().ok().and_then(|count| count.checked_mul(unit)).ok_or_else(wrong)?;
    if seconds < 60 {
        return Err("must be at least one minute: \"1m\"".to_owned());
    }
    Ok(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints() {
        for url in [
            "https://telemetry.example.com/v1/events",
            "HTTPS://example.com",
            "https://example.com:8443/x?y#z",
            "http://localhost:4318",
            "http://127.0.0.2:1/",
            "http://[::1]:80/",
            "https://[2001:db8::1]/",
        ] {
            assert_eq!(endpoint(url), Ok(()), "{url}");
        }
        for url in [
            "",
            "example.com",
            "https://",
            "https:///path",
            "https://:80/",
            "https://host:port/",
            "https://host:99999/",
            "https://user:secret@example.com",
            "https://exa mple.com",
            "https://example.com/\n",
            "http://example.com",
            "http://localhost.example.com",
            "http://[::2]/",
            "http://[::1",
            "ftp://example.com",
            "file:///etc/passwd",
        ] {
            assert!(endpoint(url).is_err(), "{url}");
        }
    }

    #[test]
    fn intervals() {
        for (text, seconds) in [("60s", 60), ("1m", 60), ("30m", 1800), ("1h", 3600), ("2d", 172_800)] {
            assert_eq!(super::seconds(text), Ok(seconds));
        }
        for text in [
            "",
            "s",
            "1",
            "-1h",
            "1.5h",
            "1 h",
            "59s",
            "0h",
            "1w",
            "1µ",
            "99999999999999999999d",
            "9999999999999999999d",
        ] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }

    #[test]
    fn names() {
        assert!(app("my.tool-2_x").is_ok() && env("MY_TOOL_2").is_ok() && env("_7ZIP").is_ok());
        for name in ["", " ", ".hidden", "..", "a/b", "a b", "é"] {
            assert!(app(name).is_err(), "{name}");
        }
        for prefix in ["", "tool", "7ZIP", "A-B", "A B", "É"] {
            assert!(env(prefix).is_err(), "{prefix}");
        }
    }
}

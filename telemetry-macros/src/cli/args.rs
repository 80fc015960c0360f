//! The keys of `#[telemetry_cli(..)]`, and of `#[telemetry(..)]` on variants and fields.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Expr, LitStr, Meta, Path, Token, Type, parenthesized, parse_quote};

use crate::ctxt::Ctxt;
use crate::value::{self, assigned, bare, flag, headers, literal, text, types, word};

/// First word of the helper attribute that the shim writes. Nobody else has a reason to write it.
const MARKER: &str = "__telemetry_cli";
const PARSER: &str = "parser";

const CLI_KEYS: &str = "`app`, `env`, `endpoint`, `protocol`, `consent`, `purpose`, `contact`, `privacy_url`, `interval`, \
    `headers`, `otel_env`, `errors`, `abandoned`, `event`, `source`, `client_id`, `system_version`, `parse`, `root`, `crate`";
const MEMBER_KEYS: &str = "`skip`, `opaque`";

/// The features of the runtime that decide which keys make sense.
#[derive(Clone, Copy)]
pub(crate) struct Features {
    pub(crate) http: bool,
    pub(crate) otlp: bool,
}

impl Features {
    pub(crate) const ENABLED: Features = Features { http: cfg!(feature = "http"), otlp: cfg!(feature = "otlp") };
}

/// A text the author wrote, or an expression the compiler evaluates to one.
pub(crate) enum Text {
    Literal(LitStr),
    Const(Expr),
}

impl ToTokens for Text {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Text::Literal(literal) => literal.to_tokens(tokens),
            // The type is written out so that a wrong one is reported at the author's expression.
            Text::Const(expr) => tokens.extend(quote!({ let __text: &'static ::core::primitive::str = #expr; __text })),
        }
    }
}

/// A value that is one of a few words; holds the variant of the runtime's enum.
pub(crate) struct Word(pub(crate) Ident);

/// One key: where it stands, and its value unless that is wrong.
pub(crate) struct Slot<T> {
    key: Option<Ident>,
    value: Option<T>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Slot { key: None, value: None }
    }
}

/// What became of one key.
#[derive(PartialEq)]
pub(crate) enum Outcome {
    Read,
    Wrong,
    Unknown,
}

impl<T> Slot<T> {
    pub(crate) fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }

    pub(crate) fn key(&self) -> Option<&Ident> {
        self.key.as_ref()
    }

    /// Reports a key that is given twice, and a value that is wrong.
    pub(crate) fn fill(&mut self, cx: &Ctxt, key: &Ident, value: syn::Result<T>) -> Outcome {
        if let Some(first) = &self.key {
            let mut error = syn::Error::new_spanned(key, format_args!("`{key}` is given twice"));
            error.combine(syn::Error::new_spanned(first, "first one here"));
            cx.syn_error(error);
        } else {
            self.key = Some(key.clone());
        }
        match value {
            Ok(value) => {
                self.value = Some(value);
                Outcome::Read
            }
            Err(error) => {
                cx.syn_error(error);
                Outcome::Wrong
            }
        }
    }
}

/// Reads `key ..` entries up to the end, each with `read`.
///
/// After a mistake it goes on behind the next comma, so that one mistake does not hide another.
pub(crate) fn entries(
    cx: &Ctxt,
    input: ParseStream<'_>,
    known: &str,
    mut read: impl FnMut(&Ident, ParseStream<'_>) -> Outcome,
) -> syn::Result<()> {
    while !input.is_empty() {
        if input.peek(Ident::peek_any) {
            let key = input.call(Ident::parse_any)?;
            match read(&key, input) {
                Outcome::Unknown => cx.error(&key, format_args!("unknown key `{key}`; expected one of {known}")),
                Outcome::Read if !input.is_empty() && !input.peek(Token![,]) => {
                    cx.syn_error(input.error("expected `,`"));
                }
                Outcome::Read | Outcome::Wrong => {}
            }
        } else {
            cx.syn_error(input.error(format_args!("expected a key: one of {known}")));
        }
        skip_entry(input)?;
    }
    Ok(())
}

/// Skips what is left of an entry, and the comma behind it.
pub(crate) fn skip_entry(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    input.parse::<Option<Token![,]>>()?;
    Ok(())
}

/// All that stands in the parentheses of `#[telemetry_cli(..)]`.
#[derive(Default)]
pub(crate) struct CliArgs {
    /// The shim has seen `#[derive(Parser)]`.
    parser: bool,
    krate: Slot<Path>,
    root: Slot<()>,
    parse: Slot<bool>,
    pub(crate) app: Slot<LitStr>,
    pub(crate) env: Slot<LitStr>,
    pub(crate) endpoint: Slot<Text>,
    pub(crate) protocol: Slot<Word>,
    pub(crate) consent: Slot<Word>,
    pub(crate) purpose: Slot<Text>,
    pub(crate) contact: Slot<Text>,
    pub(crate) privacy_url: Slot<Text>,
    pub(crate) interval: Slot<u64>,
    pub(crate) headers: Slot<Vec<(LitStr, Text)>>,
    pub(crate) otel_env: Slot<bool>,
    pub(crate) errors: Slot<Vec<Type>>,
    pub(crate) abandoned: Slot<bool>,
    pub(crate) event: Slot<LitStr>,
    pub(crate) source: Slot<LitStr>,
    pub(crate) client_id: Slot<LitStr>,
    pub(crate) system_version: Slot<LitStr>,
    /// The first key that only a root has.
    root_key: Option<Ident>,
}

/// The helper attribute that carries the keys from the shim to the derive.
pub(crate) fn helper_attribute(parser: bool, args: &TokenStream) -> TokenStream {
    let marker = format_ident!("{MARKER}");
    let parser = parser.then(|| format_ident!("{PARSER}"));
    quote!(#[telemetry(#marker(#parser), #args)])
}

/// The `crate = path` among the keys; the usual name when there is none, or none that is right.
pub(crate) fn crate_path(args: &TokenStream) -> Path {
    let cx = Ctxt::new();
    let read = |input: ParseStream<'_>| {
        let mut cli = CliArgs::default();
        cli.entries(&cx, Features::ENABLED, input)?;
        Ok(cli.crate_path())
    };
    let path = read.parse2(args.clone()).unwrap_or_else(|_| default_crate());
    // The derive reads the same keys again and reports what is wrong with them.
    let _ = cx.check();
    path
}

pub(crate) fn default_crate() -> Path {
    parse_quote!(::telemetry_runtime)
}

impl CliArgs {
    /// Reads the helper attribute that the shim has written on the item.
    pub(crate) fn read(cx: &Ctxt, features: Features, attrs: &[Attribute]) -> Self {
        let mut args = CliArgs::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("telemetry")) {
            if !is_marked(attr) {
                let message = "`#[telemetry(..)]` goes on variants and fields; \
                    the keys of the type itself go into `#[telemetry_cli(..)]`";
                cx.error(attr, message);
                continue;
            }
            let read = attr.parse_args_with(|input: ParseStream<'_>| {
                args.marker(input)?;
                args.entries(cx, features, input)
            });
            if let Err(error) = read {
                cx.syn_error(error);
            }
        }
        args.check_root(cx);
        args
    }

    fn marker(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        input.parse::<Ident>()?;
        let content;
        parenthesized!(content in input);
        self.parser = content.parse::<Option<Ident>>()?.is_some();
        input.parse::<Token![,]>()?;
        Ok(())
    }

    fn entries(&mut self, cx: &Ctxt, features: Features, input: ParseStream<'_>) -> syn::Result<()> {
        entries(cx, input, CLI_KEYS, |key, input| {
            let name = key.to_string();
            match name.as_str() {
                "crate" => return self.krate.fill(cx, key, assigned(key, input, "a path", value::module_path)),
                "root" => return self.root.fill(cx, key, bare(key, input)),
                _ => {}
            }
            let outcome = self.root_entry(cx, features, key, input);
            if outcome != Outcome::Unknown {
                self.root_key.get_or_insert_with(|| key.clone());
            }
            outcome
        })
    }

    fn root_entry(&mut self, cx: &Ctxt, features: Features, key: &Ident, input: ParseStream<'_>) -> Outcome {
        match key.to_string().as_str() {
            "parse" => self.parse.fill(cx, key, flag(key, input)),
            "app" => self.app.fill(cx, key, literal(key, input, value::app)),
            "env" => self.env.fill(cx, key, literal(key, input, value::env)),
            "endpoint" => self.endpoint.fill(cx, key, endpoint(features, key, input)),
            "protocol" => self.protocol.fill(cx, key, protocol(features, key, input)),
            "consent" => self.consent.fill(cx, key, consent(key, input)),
            "purpose" => self.purpose.fill(cx, key, text(key, input, value::not_empty)),
            "contact" => self.contact.fill(cx, key, text(key, input, value::not_empty)),
            "privacy_url" => self.privacy_url.fill(cx, key, text(key, input, value::not_empty)),
            "interval" => self.interval.fill(cx, key, value::interval(key, input)),
            "headers" => self.headers.fill(cx, key, headers(key, input)),
            "otel_env" => self.otel_env.fill(cx, key, otel_env(features, key, input)),
            "errors" => self.errors.fill(cx, key, types(key, input)),
            "abandoned" if !input.peek(Token![=]) => self.abandoned.fill(cx, key, bare(key, input).map(|()| true)),
            "abandoned" => self.abandoned.fill(cx, key, flag(key, input)),
            "event" => self.event.fill(cx, key, literal(key, input, value::not_empty)),
            "source" => self.source.fill(cx, key, literal(key, input, value::not_empty)),
            "client_id" => self.client_id.fill(cx, key, literal(key, input, value::not_empty)),
            "system_version" => self.system_version.fill(cx, key, literal(key, input, value::not_empty)),
            _ => Outcome::Unknown,
        }
    }

    fn check_root(&self, cx: &Ctxt) {
        if let Some(key) = self.root_key.as_ref().filter(|_| !self.is_root()) {
            let message = format!(
                "`{key}` is a key of the root: there, `#[telemetry_cli]` must stand above `#[derive(Parser)]`; \
                 a root that does not derive `Parser` says `root`"
            );
            cx.error(key, message);
        }
    }

    pub(crate) fn is_root(&self) -> bool {
        self.parser || self.root.key().is_some()
    }

    pub(crate) fn derives_parser(&self) -> bool {
        self.parser
    }

    /// Whether the root gets functions of its own that parse and record.
    pub(crate) fn parses(&self) -> bool {
        self.parser && self.parse.get() != Some(&false)
    }

    pub(crate) fn crate_path(&self) -> Path {
        self.krate.get().cloned().unwrap_or_else(default_crate)
    }
}

fn endpoint(features: Features, key: &Ident, input: ParseStream<'_>) -> syn::Result<Text> {
    let endpoint = text(key, input, value::endpoint)?;
    if features.http || features.otlp {
        return Ok(endpoint);
    }
    Err(syn::Error::new_spanned(key, "`endpoint` needs the feature `http` or `otlp` of telemetry-runtime"))
}

fn otel_env(features: Features, key: &Ident, input: ParseStream<'_>) -> syn::Result<bool> {
    let on = if input.peek(Token![=]) { flag(key, input)? } else { bare(key, input).map(|()| true)? };
    if !on || features.otlp {
        return Ok(on);
    }
    Err(syn::Error::new_spanned(key, "`otel_env` needs the feature `otlp` of telemetry-runtime"))
}

fn protocol(features: Features, key: &Ident, input: ParseStream<'_>) -> syn::Result<Word> {
    let protocol = word(key, input, &[("nemo", "Nemo"), ("otlp", "Otlp")])?;
    if protocol.0 != "Otlp" || features.otlp {
        return Ok(protocol);
    }
    Err(syn::Error::new(protocol.0.span(), "`protocol = \"otlp\"` needs the feature `otlp` of telemetry-runtime"))
}

fn consent(key: &Ident, input: ParseStream<'_>) -> syn::Result<Word> {
    word(key, input, &[("ask", "Ask"), ("opt-in", "OptIn"), ("opt-out", "OptOut")])
}

/// Whether the shim has written this attribute.
fn is_marked(attr: &Attribute) -> bool {
    match &attr.meta {
        Meta::List(list) => {
            let first = list.tokens.clone().into_iter().next();
            matches!(first, Some(TokenTree::Ident(word)) if word == MARKER)
        }
        _ => false,
    }
}

/// `#[telemetry(..)]` on a variant or a field.
#[derive(Default)]
pub(crate) struct MemberArgs {
    pub(crate) skip: Slot<()>,
    pub(crate) opaque: Slot<()>,
}

impl MemberArgs {
    pub(crate) fn read(cx: &Ctxt, attrs: &[Attribute]) -> Self {
        let mut args = MemberArgs::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("telemetry")) {
            match &attr.meta {
                Meta::List(list) if !list.tokens.is_empty() => {
                    let read = attr.parse_args_with(|input: ParseStream<'_>| args.entries(cx, input));
                    if let Err(error) = read {
                        cx.syn_error(error);
                    }
                }
                _ => cx.error(attr, format_args!("expected `#[telemetry(..)]` with one of {MEMBER_KEYS}")),
            }
        }
        args
    }

    fn entries(&mut self, cx: &Ctxt, input: ParseStream<'_>) -> syn::Result<()> {
        entries(cx, input, MEMBER_KEYS, |key, input| match key.to_string().as_str() {
            "skip" => self.skip.fill(cx, key, bare(key, input)),
            "opaque" => self.opaque.fill(cx, key, bare(key, input)),
            _ => Outcome::Unknown,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Features = Features { http: true, otlp: true };
    const NONE: Features = Features { http: false, otlp: false };

    fn read(features: Features, parser: bool, args: TokenStream) -> Result<CliArgs, String> {
        let helper = helper_attribute(parser, &args);
        let cx = Ctxt::new();
        let args = CliArgs::read(&cx, features, &[parse_quote!(#helper)]);
        cx.check().map(|()| args).map_err(|errors| errors.to_string())
    }

    #[test]
    fn every_key() {
        let args = read(
            ALL,
            true,
            quote! {
                app = "a", env = "A", endpoint = "https://example.com", protocol = "otlp", consent = "opt-in", purpose = "p",
                contact = CONTACT, privacy_url = concat!("https://", "x"), interval = "2h", headers = { "x-a" = "1", "x-b" = env!("B"), },
                otel_env, abandoned, errors(MyError, other::Error), event = "e", source = "s", client_id = "c", system_version = "v", parse = false, root, crate = crate::x,
            },
        )
        .ok()
        .unwrap();
        assert!(args.is_root() && !args.parses());
        assert_eq!(args.interval.get(), Some(&7200));
        assert_eq!(args.headers.get().unwrap().len(), 2);
        assert_eq!(args.errors.get().unwrap().len(), 2);
        assert_eq!(args.crate_path().to_token_stream().to_string(), quote!(crate::x).to_string());
    }

    #[test]
    fn every_mistake_is_found() {
        let errors = read(
            NONE,
            true,
            quote!(app = 1, app = "x", colour = "red" "blue", 7, endpoint = E, interval = "1s", parse),
        )
        .err()
        .unwrap();
        for part in [
            "string literal",
            "given twice",
            "first one here",
            "unknown key `colour`",
            "expected a key",
            "needs the feature",
            "one minute",
            "`true` or `false`",
        ] {
            assert!(errors.contains(part), "{part} in {errors}");
        }
    }

    #[test]
    fn keys_of_the_root_need_a_root() {
        assert!(read(ALL, false, quote!(app = "x")).err().unwrap().contains("above `#[derive(Parser)]`"));
        assert!(read(ALL, false, quote!(app = "x", root)).is_ok());
        assert!(read(ALL, false, quote!(crate = x)).is_ok());
    }

    #[test]
    fn the_crate_is_found_among_mistakes() {
        let path = |args| crate_path(&args).to_token_stream().to_string();
        assert_eq!(path(quote!(app = , colour, crate = my::rt, endpoint = crate::X)), quote!(my::rt).to_string());
        assert_eq!(path(quote!(crate = 5)), quote!(::telemetry_runtime).to_string());
        assert_eq!(path(quote!(crate = self::Self)), quote!(::telemetry_runtime).to_string());
    }
}

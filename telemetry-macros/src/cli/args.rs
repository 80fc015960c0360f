//! The keys of `#[telemetry_cli(..)]`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{format_ident, quote};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Expr, LitStr, Meta, Path, Token, Type, parenthesized};

use crate::cli::context::Context;
use crate::cli::headers::{Header, headers};
use crate::cli::listed::{Entry, commands};
use crate::ctxt::Ctxt;
use crate::generated::default_crate;
use crate::keys::value::{Text, Word, assigned, bare, flag, literal, module_path, switch, text, types, word};
use crate::keys::{EntryStatus, Slot, read_entries, rules};

/// First word of the helper attribute that the shim writes. Authors never write it.
const MARKER: &str = "__telemetry_cli";
const PARSER: &str = "parser";
const VALUE_ENUM: &str = "value_enum";

/// What the shim found out about the item.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Kind {
    /// There is a `#[derive(Parser)]`.
    Parser,
    /// There is a `#[derive(ValueEnum)]`.
    ValueEnum,
    #[default]
    Other,
}

const EXPECTED: &str = "one of `app`, `bin`, `version`, `env`, `endpoint`, `protocol`, `consent`, `purpose`, `contact`, \
    `privacy_url`, `interval`, `headers`, `otel_env`, `errors`, `facts`, `phases`, `context`, `actives`, `abandoned`, `time`, `event`, `source`, `client_id`, \
    `system_version`, `parse`, `root`, `command`, `commands`, `crate`";

/// The features of the runtime that decide which keys are allowed.
#[derive(Clone, Copy)]
pub(crate) struct Features {
    pub(crate) http: bool,
    pub(crate) otlp: bool,
}

impl Features {
    pub(crate) const ENABLED: Features = Features { http: cfg!(feature = "http"), otlp: cfg!(feature = "otlp") };
}

/// Everything in the parentheses of `#[telemetry_cli(..)]`.
#[derive(Default)]
pub(crate) struct CliArgs {
    kind: Kind,
    krate: Slot<Path>,
    root: Slot<()>,
    parse: Slot<bool>,
    /// The `clap::Command` of a CLI without clap's derive.
    pub(crate) command: Slot<Expr>,
    pub(crate) commands: Slot<Vec<Entry>>,
    pub(crate) app: Slot<LitStr>,
    pub(crate) bin: Slot<LitStr>,
    pub(crate) version: Slot<Text>,
    pub(crate) env: Slot<LitStr>,
    pub(crate) endpoint: Slot<Text>,
    pub(crate) protocol: Slot<Word>,
    pub(crate) consent: Slot<Word>,
    pub(crate) purpose: Slot<Text>,
    pub(crate) contact: Slot<Text>,
    pub(crate) privacy_url: Slot<Text>,
    pub(crate) interval_secs: Slot<u64>,
    pub(crate) headers: Slot<Vec<Header>>,
    pub(crate) otel_env: Slot<bool>,
    pub(crate) errors: Slot<Vec<Type>>,
    pub(crate) facts: Slot<Vec<Type>>,
    pub(crate) phases: Slot<Vec<Type>>,
    pub(crate) context: Slot<Context>,
    pub(crate) actives: Slot<bool>,
    pub(crate) abandoned: Slot<bool>,
    pub(crate) time: Slot<Word>,
    pub(crate) event: Slot<LitStr>,
    pub(crate) source: Slot<LitStr>,
    pub(crate) client_id: Slot<LitStr>,
    pub(crate) system_version: Slot<LitStr>,
    /// The first key that only a root can have.
    root_key: Option<Ident>,
}

/// The helper attribute that carries the keys from the shim to the derive.
pub(crate) fn helper_attribute(kind: Kind, args: &TokenStream) -> TokenStream {
    let marker = format_ident!("{MARKER}");
    let kind = match kind {
        Kind::Parser => Some(format_ident!("{PARSER}")),
        Kind::ValueEnum => Some(format_ident!("{VALUE_ENUM}")),
        Kind::Other => None,
    };
    quote!(#[telemetry(#marker(#kind), #args)])
}

/// The key `crate = path`; the default path if it is missing or wrong.
pub(crate) fn crate_path(args: &TokenStream) -> Path {
    let cx = Ctxt::new();
    let read = |input: ParseStream<'_>| {
        let mut cli = CliArgs::default();
        cli.read_entries(&cx, Features::ENABLED, input)?;
        Ok(cli.crate_path())
    };
    let path = read.parse2(args.clone()).unwrap_or_else(|_| default_crate());
    // The derive reads the same keys again and reports their mistakes.
    let _ = cx.check();
    path
}

impl CliArgs {
    /// Reads the helper attribute that the shim wrote on the item.
    pub(crate) fn read(cx: &Ctxt, features: Features, attrs: &[Attribute]) -> Self {
        let mut args = CliArgs::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("telemetry")) {
            if !is_marked(attr) {
                let message = "`#[telemetry(..)]` belongs on variants and fields; \
                    the keys of the type itself go into `#[telemetry_cli(..)]`";
                cx.error(attr, message);
                continue;
            }
            let read = attr.parse_args_with(|input: ParseStream<'_>| {
                args.read_marker(input)?;
                args.read_entries(cx, features, input)
            });
            if let Err(error) = read {
                cx.syn_error(error);
            }
        }
        args.check_root(cx);
        args.check_protocol(cx, features);
        args
    }

    fn read_marker(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        input.parse::<Ident>()?;
        let content;
        parenthesized!(content in input);
        self.kind = match content.parse::<Option<Ident>>()? {
            Some(word) if word == PARSER => Kind::Parser,
            Some(_) => Kind::ValueEnum,
            None => Kind::Other,
        };
        input.parse::<Token![,]>()?;
        Ok(())
    }

    fn read_entries(&mut self, cx: &Ctxt, features: Features, input: ParseStream<'_>) -> syn::Result<()> {
        read_entries(cx, input, EXPECTED, |key, input| match key.to_string().as_str() {
            "crate" => self.krate.fill(cx, key, module_path(key, input)),
            "root" => self.root.fill(cx, key, bare(key, input)),
            "command" => self.command.fill(cx, key, command(key, input)),
            "commands" => self.commands.fill(cx, key, commands(cx, key, input)),
            _ => {
                let status = self.read_root_entry(cx, features, key, input);
                if status != EntryStatus::UnknownKey {
                    self.root_key.get_or_insert_with(|| key.clone());
                }
                status
            }
        })
    }

    fn read_root_entry(&mut self, cx: &Ctxt, features: Features, key: &Ident, input: ParseStream<'_>) -> EntryStatus {
        match key.to_string().as_str() {
            "app" => self.app.fill(cx, key, literal(key, input, rules::file_name)),
            "bin" => self.bin.fill(cx, key, literal(key, input, rules::file_name)),
            "version" => self.version.fill(cx, key, text(key, input, rules::not_empty)),
            "env" => self.env.fill(cx, key, literal(key, input, rules::variable_prefix)),
            "endpoint" => self.endpoint.fill(cx, key, endpoint(features, key, input)),
            "protocol" => self.protocol.fill(cx, key, protocol(features, key, input)),
            "consent" => self.consent.fill(cx, key, consent(key, input)),
            "purpose" => self.purpose.fill(cx, key, text(key, input, rules::not_empty)),
            "contact" => self.contact.fill(cx, key, text(key, input, rules::not_empty)),
            "privacy_url" => self.privacy_url.fill(cx, key, text(key, input, rules::not_empty)),
            "interval" => self.interval_secs.fill(cx, key, interval_secs(key, input)),
            "headers" => self.headers.fill(cx, key, headers(key, input)),
            "otel_env" => self.otel_env.fill(cx, key, otel_env(features, key, input)),
            "errors" => self.errors.fill(cx, key, types(key, input)),
            "facts" => self.facts.fill(cx, key, types(key, input)),
            "phases" => self.phases.fill(cx, key, types(key, input)),
            "context" => self.context.fill(cx, key, Context::read(cx, key, input)),
            "actives" => self.actives.fill(cx, key, switch(key, input)),
            "abandoned" => self.abandoned.fill(cx, key, switch(key, input)),
            "time" => self.time.fill(cx, key, word(key, input, &[("hour", "Hour"), ("exact", "Exact")])),
            "event" => self.event.fill(cx, key, literal(key, input, rules::plain)),
            "source" => self.source.fill(cx, key, literal(key, input, rules::plain)),
            "client_id" => self.client_id.fill(cx, key, literal(key, input, rules::plain)),
            "system_version" => self.system_version.fill(cx, key, literal(key, input, rules::plain)),
            "parse" => self.parse.fill(cx, key, flag(key, input)),
            _ => EntryStatus::UnknownKey,
        }
    }

    fn check_root(&self, cx: &Ctxt) {
        if let Some(key) = self.root_key.as_ref().filter(|_| !self.is_root()) {
            let message = format!(
                "`{key}` is allowed only on the root of the CLI. If this is the root, put `#[telemetry_cli]` above \
                 `#[derive(Parser)]`; if it does not derive `Parser`, add the key `root`, or `command` if it is built with `clap::Command`"
            );
            cx.error(key, message);
        }
    }

    /// A build that can send both protocols must not guess: a receiver of the other one would refuse every event.
    fn check_protocol(&self, cx: &Ctxt, features: Features) {
        if let Some(endpoint) = self.endpoint.key().filter(|_| features.otlp && !self.protocol.is_given()) {
            let message = "`endpoint` needs the key `protocol` in a build with the feature `otlp`: `protocol = \"otlp\"` for an \
                OpenTelemetry collector, `protocol = \"nemo\"` for the envelope of NVIDIA's NeMo Agent Toolkit";
            cx.error(endpoint, message);
        }
    }

    pub(crate) fn is_root(&self) -> bool {
        self.derives_parser() || self.root.is_given() || self.command.is_given() || self.commands.is_given()
    }

    /// The key `root`.
    pub(crate) fn named_root(&self) -> Option<&Ident> {
        self.root.key()
    }

    pub(crate) fn derives_parser(&self) -> bool {
        self.kind == Kind::Parser
    }

    pub(crate) fn derives_value_enum(&self) -> bool {
        self.kind == Kind::ValueEnum
    }

    /// Whether the root gets its own parse functions, which also record.
    pub(crate) fn parses(&self) -> bool {
        self.derives_parser() && self.may_parse()
    }

    /// Whether the author leaves the names of the functions that parse to the macro.
    pub(crate) fn may_parse(&self) -> bool {
        self.parse.get() != Some(&false)
    }

    pub(crate) fn crate_path(&self) -> Path {
        self.krate.get().cloned().unwrap_or_else(default_crate)
    }
}

fn command(key: &Ident, input: ParseStream<'_>) -> syn::Result<Expr> {
    assigned(key, input, "an expression of type `clap::Command`", Expr::parse)
}

/// The runtime checks the URL, in a constant.
fn endpoint(features: Features, key: &Ident, input: ParseStream<'_>) -> syn::Result<Text> {
    let endpoint = text(key, input, rules::any)?;
    if features.http || features.otlp {
        return Ok(endpoint);
    }
    Err(syn::Error::new_spanned(key, "`endpoint` requires the feature `http` or `otlp` of telemetry-runtime"))
}

fn otel_env(features: Features, key: &Ident, input: ParseStream<'_>) -> syn::Result<bool> {
    let on = switch(key, input)?;
    if !on || features.otlp {
        return Ok(on);
    }
    Err(syn::Error::new_spanned(key, "`otel_env` requires the feature `otlp` of telemetry-runtime"))
}

fn protocol(features: Features, key: &Ident, input: ParseStream<'_>) -> syn::Result<Word> {
    let protocol = word(key, input, &[("nemo", "Nemo"), ("otlp", "Otlp")])?;
    if protocol.0 != "Otlp" || features.otlp {
        return Ok(protocol);
    }
    Err(syn::Error::new(protocol.0.span(), "`protocol = \"otlp\"` requires the feature `otlp` of telemetry-runtime"))
}

fn consent(key: &Ident, input: ParseStream<'_>) -> syn::Result<Word> {
    word(key, input, &[("ask", "Ask"), ("opt-in", "OptIn"), ("opt-out", "OptOut")])
}

fn interval_secs(key: &Ident, input: ParseStream<'_>) -> syn::Result<u64> {
    let literal = literal(key, input, |text| rules::interval(text).map(drop))?;
    let interval = rules::interval(&literal.value()).map_err(|wrong| syn::Error::new_spanned(&literal, wrong))?;
    Ok(interval.as_secs())
}

/// Whether the shim wrote this attribute.
fn is_marked(attr: &Attribute) -> bool {
    match &attr.meta {
        Meta::List(list) => {
            let first = list.tokens.clone().into_iter().next();
            matches!(first, Some(TokenTree::Ident(word)) if word == MARKER)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::ToTokens;
    use syn::parse_quote;

    const ALL: Features = Features { http: true, otlp: true };
    const NONE: Features = Features { http: false, otlp: false };

    fn read(features: Features, kind: Kind, args: TokenStream) -> Result<CliArgs, String> {
        let helper = helper_attribute(kind, &args);
        let cx = Ctxt::new();
        let args = CliArgs::read(&cx, features, &[parse_quote!(#helper)]);
        cx.check().map(|()| args).map_err(|errors| errors.to_string())
    }

    #[test]
    fn every_key() {
        let args = read(
            ALL,
            Kind::Parser,
            quote! {
                app = "a", bin = "b", version = "1", env = "A", endpoint = "https://example.com", protocol = "otlp", consent = "opt-in", purpose = "p",
                contact = CONTACT, privacy_url = concat!("https://", "x"), interval = "2h", headers = { "x-a" = "1", "x-b" = env!("B"), },
                otel_env, abandoned, time = "exact", errors(MyError, other::Error), facts(Cache), phases(), context(agent, channel = "x", libc), actives, event = "e", source = "s", client_id = "c", system_version = "v", parse = false, root,
                command = cli(1, 2).x(), commands("a", "b"("c")), crate = crate::x,
            },
        )
        .ok()
        .unwrap();
        assert!(args.is_root() && !args.parses());
        assert_eq!(args.interval_secs.get(), Some(&7200));
        assert_eq!(args.headers.get().unwrap().len(), 2);
        assert_eq!(args.errors.get().unwrap().len(), 2);
        assert!(args.command.get().is_some());
        assert_eq!(args.commands.get().unwrap().len(), 2);
        assert_eq!(args.crate_path().to_token_stream().to_string(), quote!(crate::x).to_string());
    }

    #[test]
    fn every_mistake_is_found() {
        let errors = read(
            NONE,
            Kind::Parser,
            quote!(app = 1, app = "x", colour = "red" "blue", 7, endpoint = E, interval = "1s", parse),
        )
        .err()
        .unwrap();
        for part in [
            "string literal",
            "specified twice",
            "first specified here",
            "unknown key `colour`",
            "expected a key",
            "requires the feature",
            "one minute",
            "`true` or `false`",
        ] {
            assert!(errors.contains(part), "{part} in {errors}");
        }
    }

    #[test]
    fn an_endpoint_names_its_protocol_where_there_are_two() {
        let http = Features { http: true, otlp: false };
        assert!(read(http, Kind::Parser, quote!(endpoint = "https://example.com")).is_ok());
        assert!(read(ALL, Kind::Parser, quote!(endpoint = "https://example.com", protocol = "nemo")).is_ok());
        let missing = read(ALL, Kind::Parser, quote!(endpoint = "https://example.com"));
        assert!(missing.err().unwrap().contains("needs the key `protocol`"));
    }

    #[test]
    fn keys_of_the_root_need_a_root() {
        assert!(read(ALL, Kind::Other, quote!(app = "x")).err().unwrap().contains("above `#[derive(Parser)]`"));
        assert!(read(ALL, Kind::Other, quote!(app = "x", root)).is_ok());
        assert!(read(ALL, Kind::Other, quote!(crate = x)).is_ok());
    }

    #[test]
    fn the_crate_is_found_among_mistakes() {
        let path = |args| crate_path(&args).to_token_stream().to_string();
        assert_eq!(path(quote!(app = , colour, crate = my::rt, endpoint = crate::X)), quote!(my::rt).to_string());
        assert_eq!(path(quote!(crate = 5)), quote!(::telemetry_runtime).to_string());
        assert_eq!(path(quote!(crate = self::Self)), quote!(::telemetry_runtime).to_string());
    }
}

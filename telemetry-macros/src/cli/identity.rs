//! The name and version of a CLI: from the keys of its root, else from clap (the version) or cargo.

use std::env;

use heck::ToShoutySnakeCase;
use syn::{DeriveInput, Expr, Lit, LitStr};

use crate::cli::args::CliArgs;
use crate::cli::clap_attr::ClapAttrs;
use crate::ctxt::Ctxt;
use crate::keys::rules;
use crate::keys::value::{Text, as_literal};

/// What cargo says about the crate being compiled.
pub(crate) struct Build {
    pub(crate) package: Option<String>,
    /// `None` in a library.
    pub(crate) bin: Option<String>,
}

impl Build {
    pub(crate) fn current() -> Self {
        Build { package: env::var("CARGO_PKG_NAME").ok(), bin: env::var("CARGO_BIN_NAME").ok() }
    }
}

pub(crate) struct Identity {
    pub(crate) app: String,
    pub(crate) bin: String,
    /// `None` means the package's version.
    pub(crate) version: Option<Text>,
    /// The prefix of the environment variables.
    pub(crate) env: String,
}

impl Identity {
    pub(crate) fn read(cx: &Ctxt, args: &CliArgs, build: Build, input: &DeriveInput) -> Self {
        if !args.app.is_given() && !args.bin.is_given() {
            check_default(cx, &build, input);
        }
        let bin = args.bin.get().map(LitStr::value).or(build.bin);
        let app = args.app.get().map(LitStr::value).or_else(|| bin.clone()).or(build.package).unwrap_or_default();
        let bin = bin.unwrap_or_else(|| app.clone());
        let env = args.env.get().map_or_else(|| variable_prefix(&app), LitStr::value);
        let version = args.version.get().cloned().or_else(|| clap_version(input));
        Identity { app, bin, version, env }
    }
}

/// Reports a name from cargo that cannot be the name of an app.
fn check_default(cx: &Ctxt, build: &Build, input: &DeriveInput) {
    let (whose, name) = match (&build.bin, &build.package) {
        (Some(bin), _) => ("binary", bin.as_str()),
        (None, package) => ("package", package.as_deref().unwrap_or_default()),
    };
    if let Err(wrong) = rules::file_name(name) {
        let message = format!("set `app = \"..\"`: the {whose}'s name, `{name}`, cannot be used because it {wrong}");
        cx.syn_error(syn::Error::new(input.ident.span(), message));
    }
}

/// The version that clap's `version = ..` declares on the root, if the compiler can evaluate it.
///
/// clap also accepts a value that exists only at run time, and a macro cannot tell whether an expression is constant. So only
/// string literals and the macros below count.
fn clap_version(input: &DeriveInput) -> Option<Text> {
    const CONSTANT: &[&str] = &["concat", "crate_version", "env", "include_str", "stringify"];
    let version = ClapAttrs::read(&input.attrs).ok()?.version?;
    match as_literal(&version) {
        Some(Lit::Str(literal)) => Some(Text::Literal(literal.clone())),
        Some(_) => None,
        None => {
            let Expr::Macro(call) = &version else { return None };
            let name = &call.mac.path.segments.last()?.ident;
            CONSTANT.iter().any(|constant| name == constant).then_some(Text::Const(version))
        }
    }
}

/// The default prefix of an app's environment variables.
fn variable_prefix(app: &str) -> String {
    let prefix = app.to_shouty_snake_case();
    // The name of a variable cannot begin with a digit.
    if prefix.starts_with(|c: char| c.is_ascii_digit()) { format!("_{prefix}") } else { prefix }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Features;
    use crate::cli::args::{Kind, helper_attribute};
    use proc_macro2::TokenStream;
    use quote::{ToTokens, quote};
    use syn::parse_quote;

    fn versions_of(input: DeriveInput) -> String {
        clap_version(&input).map(|version| version.to_token_stream().to_string()).unwrap_or_default()
    }

    #[test]
    fn only_a_constant_version_is_taken_from_clap() {
        assert_eq!(
            versions_of(parse_quote!(
                #[command(version = "1.2")]
                struct Cli {}
            )),
            "\"1.2\""
        );
        assert_eq!(
            versions_of(parse_quote!(
                #[clap(version("1.2"))]
                struct Cli {}
            )),
            "\"1.2\""
        );
        let constant = versions_of(parse_quote!(
            #[command(version = concat!("v", "1"))]
            struct Cli {}
        ));
        assert!(constant.contains("concat !"), "{constant}");
        for input in [
            parse_quote!(
                #[command(version)]
                struct Cli {}
            ),
            parse_quote!(
                #[command(version = VERSION)]
                struct Cli {}
            ),
            parse_quote!(
                #[command(version = version())]
                struct Cli {}
            ),
            parse_quote!(
                #[command(version = format!("{}", 1))]
                struct Cli {}
            ),
            parse_quote!(
                #[command(version = 1)]
                struct Cli {}
            ),
        ] {
            assert_eq!(versions_of(input), "");
        }
    }

    #[test]
    fn the_app_is_named_by_its_key_its_binary_or_its_package() {
        let name = |args: TokenStream, bin: Option<&str>| {
            let cx = Ctxt::new();
            let helper = helper_attribute(Kind::Parser, &args);
            let input: DeriveInput = parse_quote!(#helper struct Cli {});
            let args = CliArgs::read(&cx, Features { http: false, otlp: false }, &input.attrs);
            let build = Build { package: Some("app-cli".to_owned()), bin: bin.map(str::to_owned) };
            let identity = Identity::read(&cx, &args, build, &input);
            cx.check().map(|()| (identity.app, identity.bin, identity.env)).map_err(|errors| errors.to_string())
        };
        let names = |app: &str, bin: &str, env: &str| Ok((app.to_owned(), bin.to_owned(), env.to_owned()));
        assert_eq!(name(quote!(), None), names("app-cli", "app-cli", "APP_CLI"));
        assert_eq!(name(quote!(), Some("app")), names("app", "app", "APP"));
        assert_eq!(name(quote!(bin = "app"), None), names("app", "app", "APP"));
        assert_eq!(name(quote!(bin = "x"), Some("app")), names("x", "x", "X"));
        assert_eq!(name(quote!(app = "my-app"), Some("app")), names("my-app", "app", "MY_APP"));
        assert!(name(quote!(), Some("an app")).unwrap_err().contains("the binary's name, `an app`"));
        assert_eq!(name(quote!(app = "app"), Some("an app")), names("app", "an app", "APP"));
    }

    #[test]
    fn prefixes_are_names_of_variables() {
        for (app, prefix) in
            [("toolkit", "TOOLKIT"), ("my-cool.app", "MY_COOL_APP"), ("7zip", "_7ZIP"), ("nat2", "NAT2")]
        {
            assert_eq!(variable_prefix(app), prefix);
            assert!(rules::variable_prefix(prefix).is_ok());
        }
    }
}

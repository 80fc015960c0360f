//! `#[telemetry_cli]`: parse, check, expand.

mod arg_attr;
mod args;
mod builder;
mod casing;
mod clap_attr;
mod context;
mod expand;
mod facts;
mod fallback;
mod headers;
mod identity;
mod listed;
mod member;
mod model;
mod names;
mod options;
mod parse_fns;
mod record;
mod root;
mod shim;
mod siblings;
mod value_enum;

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput, Fields, Type};

use crate::ctxt::Ctxt;

use self::args::CliArgs;
pub(crate) use self::args::Features;
use self::builder::Builder;
pub(crate) use self::casing::Casing;
pub(crate) use self::identity::Build;
use self::model::Tree;
pub(crate) use self::names::{known_key, labels};
pub(crate) use self::record::Buckets;
use self::root::Root;
pub(crate) use self::shim::expand as attribute;

/// The hidden derive.
pub(crate) fn derive(input: &DeriveInput, features: Features, build: Build) -> TokenStream {
    let cx = Ctxt::new();
    let args = CliArgs::read(&cx, features, &input.attrs);
    if args.derives_value_enum() {
        return value_enum::derive(cx, &args, input);
    }
    let builder = Builder::read(&cx, &args, input);
    let tree = match &builder {
        Some(builder) => Tree::Listed(builder.commands),
        None => Tree::read(&cx, input),
    };
    if args.derives_parser() && matches!(&input.data, Data::Struct(data) if matches!(data.fields, Fields::Unnamed(_))) {
        // clap rejects it, so the parse functions would have no `Parser` to use.
        cx.reported_elsewhere();
    }
    if tree.sources().any(|source| matches!(expand::bare_type(source.ty), Type::TraitObject(_) | Type::ImplTrait(_))) {
        // clap accepts neither type here.
        cx.reported_elsewhere();
    }
    siblings::check(&cx, &tree);
    let root = args.is_root().then(|| Root::read(&cx, &args, build, input));
    match cx.check() {
        Ok(()) => expand::expand(input, &args, &tree, root.as_ref(), builder.as_ref()),
        Err(errors) => fallback::expand(input, &args, builder.as_ref(), &errors),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::{Kind, helper_attribute};
    use quote::quote;

    fn derived(input: TokenStream) -> String {
        let features = Features { http: false, otlp: false };
        derive(&syn::parse2(input).unwrap(), features, Build { package: Some("tool".to_owned()), bin: None })
            .to_string()
    }

    #[test]
    fn positions_count_only_what_is_in_the_tree() {
        let derived = derived(quote! {
            enum Cli {
                #[command(skip)]
                Skipped(u8),
                First,
                #[command(external_subcommand)]
                Other(Vec<String>),
            }
        });
        let commands = quote!(&[__telemetry::CommandNode::command("first", &[]), __telemetry::CommandNode::external()]);
        let arms = quote! {
            Self::Skipped { .. } => {}
            Self::First { .. } => { __path.push(0); }
            Self::Other { .. } => __path.push(1),
        };
        assert!(derived.contains(&commands.to_string()) && derived.contains(&arms.to_string()), "{derived}");
    }

    #[test]
    fn the_keys_of_variants_are_carried_to_the_tree() {
        let derived = derived(quote! {
            enum Cli {
                #[telemetry(skip)]
                Secret,
                #[telemetry(no_prompt)]
                Hook,
                #[command(flatten)]
                #[telemetry(opaque, no_prompt)]
                Unlisted(Other),
                #[telemetry(transparent)]
                Plugin(Plugin),
            }
        });
        let commands = quote!(&[
            __telemetry::CommandNode::command("secret", &[]).skipped(),
            __telemetry::CommandNode::command("hook", &[]).no_prompt(),
            __telemetry::CommandNode::unlisted().no_prompt(),
            __telemetry::CommandNode::command("plugin", __telemetry::TreeProbe::<Plugin>::COMMANDS)
                .with_options(__telemetry::TreeProbe::<Plugin>::OPTIONS)
                .transparent()
        ]);
        let arm = quote!(Self::Unlisted { .. } => { __path.push(2); });
        assert!(derived.contains(&commands.to_string()) && derived.contains(&arm.to_string()), "{derived}");
    }

    #[test]
    fn only_a_root_that_derives_parser_parses() {
        let cli = |kind, args| {
            let helper = helper_attribute(kind, &args);
            derived(quote!(#helper enum Cli {}))
        };
        let nested = cli(Kind::Other, quote!());
        assert!(!nested.contains("TelemetryApp") && !nested.contains("check_depth"), "{nested}");
        let named = cli(Kind::Other, quote!(root));
        assert!(named.contains("TelemetryApp") && named.contains("check_depth"), "{named}");
        assert!(!named.contains("parse_functions"), "{named}");
        let parser = cli(Kind::Parser, quote!());
        assert!(parser.contains("parse_functions") && parser.contains("\"TOOL_TELEMETRY_ENABLED\""), "{parser}");
    }

    #[test]
    fn the_flag_may_be_in_any_type_that_is_held() {
        let cli = |kind, fields: TokenStream| {
            let helper = helper_attribute(kind, &quote!());
            derived(quote!(#helper struct Cli { #fields }))
        };
        let fields = quote!(file: PathBuf, #[command(flatten)] a: A, #[command(flatten)] b: B);
        let root = cli(Kind::Parser, fields.clone());
        let types = quote!(first_flag(&[__telemetry::TreeProbe::<A>::FLAG, __telemetry::TreeProbe::<B>::FLAG]));
        assert!(root.contains(&types.to_string()) && root.contains("CLAP_COMMAND"), "{root}");
        assert!(!cli(Kind::Other, fields).contains("CLAP_COMMAND"));
        let flat = cli(Kind::Parser, quote!(file: PathBuf));
        assert!(!flat.contains("FLAG") && !flat.contains("CLAP_COMMAND"), "{flat}");
    }

    #[test]
    fn what_clap_rejects_gets_a_silent_stub() {
        for input in [
            "enum Cli { Two(u8, u8) }",
            "enum Cli { #[command(subcommand)] Fields { a: u8 } }",
            "enum Cli { #[command(flatten)] Unit }",
            "enum Cli { #[command(name = 1)] Unit }",
            "struct Cli { #[command(external_subcommand)] a: u8 }",
            "union Cli { a: u8 }",
            "struct Cli { #[command(subcommand)] a: dyn A + B }",
        ] {
            let derived = derived(input.parse().unwrap());
            assert!(!derived.contains("compile_error") && derived.contains("COMMANDS"), "{derived}");
        }
    }
}

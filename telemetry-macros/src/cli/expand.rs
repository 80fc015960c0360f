//! The hidden derive: writes what a type says about its commands as constants, and a match that finds the chosen one.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Generics, Ident, Type, parse_quote};

use crate::args::{CliArgs, Features};
use crate::ctxt::Ctxt;
use crate::model::{Below, Fields, Name, Shape, Source, Tree, Variant};
use crate::root::Root;
use crate::{check, fallback, generics};

pub(crate) fn derive(input: &DeriveInput, features: Features, package: Option<String>) -> TokenStream {
    let cx = Ctxt::new();
    let args = CliArgs::read(&cx, features, &input.attrs);
    let tree = Tree::read(&cx, input);
    if args.derives_parser()
        && matches!(&input.data, Data::Struct(data) if matches!(data.fields, syn::Fields::Unnamed(_)))
    {
        // clap refuses it, and then there is no `Parser` that the functions of a root could use.
        cx.reported_elsewhere();
    }
    if tree.sources().any(|source| matches!(bare_type(source.ty), Type::TraitObject(_) | Type::ImplTrait(_))) {
        // Neither holds commands, and neither can stand where the type of a field that does is named.
        cx.reported_elsewhere();
    }
    check::siblings(&cx, &tree);
    let root = args.is_root().then(|| Root::read(&cx, &args, package, &input.ident));
    match cx.check() {
        Ok(()) => expand(input, &args, &tree, root.as_ref()),
        Err(errors) => fallback::command_tree(input, &args, &errors),
    }
}

fn expand(input: &DeriveInput, args: &CliArgs, tree: &Tree<'_>, root: Option<&Root<'_>>) -> TokenStream {
    let ident = &input.ident;
    let krate = args.crate_path();
    let generics = bounded(&input.generics, tree);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let commands = commands(tree);
    let command_path = command_path(tree);
    let checks = Checks::new(ident, &input.generics, tree, root.is_some());
    let (outer_checks, inner_checks) = (&checks.outer, &checks.inner);
    let root = root.map(|root| root.expand(ident, &generics));
    quote! {
        #[allow(
            dead_code,
            deprecated,
            long_running_const_eval,
            unreachable_code,
            unreachable_patterns,
            unreachable_pub,
            unused_braces,
            unused_imports,
            unused_parens,
            unused_qualifications,
            unused_variables,
            clippy::style,
            clippy::complexity,
            clippy::pedantic,
            clippy::restriction,
            clippy::perf,
            clippy::deprecated,
            clippy::nursery,
            clippy::cargo,
            clippy::suspicious
        )]
        const _: () = {
            use #krate::__private::{self as __telemetry, NotATree as _, NotATreeValue as _};

            #[automatically_derived]
            impl #impl_generics __telemetry::CommandTree for #ident #ty_generics #where_clause {
                const COMMANDS: &'static [__telemetry::CommandNode] = #commands;

                fn command_path(&self, __path: &mut __telemetry::CommandPath) {
                    #inner_checks
                    #command_path
                }
            }

            #root
            #outer_checks
        };
    }
}

/// The generics with what the constants need of type parameters: clap adds no bounds, so its impls hold without.
fn bounded(generics: &Generics, tree: &Tree<'_>) -> Generics {
    let mut bounded = generics.clone();
    for source in tree.sources().filter(|source| source.certain && generics::mentions_parameter(generics, source.ty)) {
        let ty = bare_type(source.ty);
        bounded.make_where_clause().predicates.push(parse_quote!(#ty: __telemetry::CommandTree));
    }
    bounded
}

/// Where the errors of generated code are shown: at the author's tokens, though the names in it are ours.
pub(crate) fn at(span: Span) -> Span {
    Span::call_site().located_at(span)
}

/// The value of `COMMANDS`.
fn commands(tree: &Tree<'_>) -> TokenStream {
    match tree {
        Tree::Enum(variants) => {
            let nodes = variants.iter().filter_map(node);
            quote!(&[#(#nodes),*])
        }
        Tree::Struct(fields) => children(&fields.sources, fields.unlisted),
    }
}

fn node(variant: &Variant<'_>) -> Option<TokenStream> {
    let node = match &variant.shape {
        Shape::Absent => return None,
        Shape::External => quote!(__telemetry::CommandNode::external()),
        Shape::Unlisted => quote!(__telemetry::CommandNode::unlisted()),
        Shape::Flatten(source) => {
            let commands = source_commands(source);
            quote!(__telemetry::CommandNode::flatten(#commands))
        }
        Shape::Command { name, below: Below::Opaque } => quote!(__telemetry::CommandNode::opaque(#name)),
        Shape::Command { name, below: Below::Sources(sources) } => {
            let children = children(sources, false);
            quote!(__telemetry::CommandNode::command(#name, #children))
        }
    };
    let skipped = variant.skip.then(|| quote!(.skipped()));
    Some(quote!(#node #skipped))
}

impl ToTokens for Name {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Name::Known(name, span) => {
                let mut literal = Literal::string(name);
                literal.set_span(*span);
                literal.to_tokens(tokens);
            }
            // The type is written out so that a wrong one is reported at the author's expression.
            Name::Const(expr) => tokens.extend(quote!({ let __name: &'static ::core::primitive::str = #expr; __name })),
        }
    }
}

/// The commands of one or several types that lie below one command, and perhaps of others that are not listed.
fn children(sources: &[Source<'_>], unlisted: bool) -> TokenStream {
    let unlisted = unlisted.then(|| quote!(__telemetry::CommandNode::unlisted()));
    match (sources, &unlisted) {
        ([], None) => quote!(&[]),
        ([], Some(unlisted)) => quote!(&[#unlisted]),
        ([source], None) => source_commands(source),
        (sources, unlisted) => {
            let commands = sources.iter().map(source_commands);
            quote!(const { &[#(__telemetry::CommandNode::flatten(#commands),)* #unlisted] })
        }
    }
}

fn source_commands(source: &Source<'_>) -> TokenStream {
    let ty = source.ty;
    if source.certain {
        let ty = bare_type(ty);
        quote_spanned!(at(ty.span())=> <#ty as __telemetry::CommandTree>::COMMANDS)
    } else {
        quote!(__telemetry::TreeProbe::<#ty>::COMMANDS)
    }
}

/// The body of `command_path`.
fn command_path(tree: &Tree<'_>) -> TokenStream {
    match tree {
        Tree::Enum(variants) if variants.is_empty() => quote!(match *self {}),
        Tree::Enum(variants) => {
            let arms = arms(variants);
            quote!(match self { #(#arms)* })
        }
        Tree::Struct(Fields { sources, unlisted }) => {
            let pattern = pattern(sources);
            let steps = steps(sources, *unlisted);
            quote! {
                let Self #pattern = self;
                #steps
            }
        }
    }
}

fn arms(variants: &[Variant<'_>]) -> impl Iterator<Item = TokenStream> {
    let mut positions = 0..;
    variants.iter().map(move |variant| {
        let ident = variant.ident;
        let mut next = || Literal::usize_unsuffixed(positions.next().unwrap_or_default());
        match &variant.shape {
            Shape::Absent => quote!(Self::#ident { .. } => {}),
            // The position alone, which has no name: a run of it is one of the parent, unless it leaves no event.
            Shape::Unlisted => {
                let position = next();
                let push = variant.skip.then(|| quote!(__path.push(#position);));
                quote!(Self::#ident { .. } => { #push })
            }
            Shape::External | Shape::Command { below: Below::Opaque, .. } => {
                let position = next();
                quote!(Self::#ident { .. } => __path.push(#position),)
            }
            Shape::Flatten(_) => {
                let position = next();
                quote! {
                    Self::#ident(__0) => {
                        __path.enter(#position, |__path| __telemetry::ValueProbe(__0).command_path(__path));
                    }
                }
            }
            Shape::Command { below: Below::Sources(sources), .. } => {
                let position = next();
                let pattern = pattern(sources);
                let steps = steps(sources, false);
                quote! {
                    Self::#ident #pattern => {
                        __path.push(#position);
                        #steps
                    }
                }
            }
        }
    })
}

/// Binds the sources to `__0`, `__1`, ..
fn pattern(sources: &[Source<'_>]) -> TokenStream {
    if let [Source { field: None, .. }] = sources {
        return quote!((__0));
    }
    let bindings = sources.iter().zip(bindings()).map(|(source, binding)| {
        let field = source.field;
        quote!(#field: #binding,)
    });
    quote!({ #(#bindings)* .. })
}

fn steps(sources: &[Source<'_>], unlisted: bool) -> TokenStream {
    if sources.len() == 1 && !unlisted {
        return quote!(__telemetry::ValueProbe(__0).command_path(__path););
    }
    let steps = bindings().take(sources.len()).zip(0_usize..).map(|(binding, position)| {
        let position = Literal::usize_unsuffixed(position);
        quote!(__path.enter(#position, |__path| __telemetry::ValueProbe(#binding).command_path(__path));)
    });
    steps.collect()
}

fn bindings() -> impl Iterator<Item = Ident> {
    (0..).map(|index: usize| format_ident!("__{index}"))
}

/// `T` of `Option<T>`, which clap recognises by its name alone: so an error is about the type that holds the commands.
fn bare_type(ty: &Type) -> &Type {
    generics::argument_of(ty, "Option").unwrap_or(ty)
}

/// What only the compiler can check, since it concerns other types and constants.
struct Checks {
    /// Beside the impl.
    outer: TokenStream,
    /// Inside `command_path`: for a generic type, whose constants have a value only once its parameters have.
    inner: TokenStream,
}

impl Checks {
    fn new(ident: &Ident, generics: &Generics, tree: &Tree<'_>, is_root: bool) -> Self {
        let generic = generics.params.iter().any(|param| !matches!(param, syn::GenericParam::Lifetime(_)));
        let span = at(ident.span());
        let this = if generic { quote!(Self) } else { generics::with_static_lifetimes(ident, generics) };
        let commands = quote!(<#this as __telemetry::CommandTree>::COMMANDS);
        let mut calls = Vec::new();
        if check::needs_compiler(tree) {
            calls.push(quote_spanned!(span=> __telemetry::check_siblings(#commands)));
        }
        for position in check::mixed_variants(tree) {
            let position = Literal::usize_unsuffixed(position);
            calls.push(quote_spanned!(span=> __telemetry::check_siblings(#commands[#position].children())));
        }
        if is_root {
            calls.push(quote_spanned!(span=> __telemetry::check_depth(#commands)));
        }
        if generic {
            Checks { outer: TokenStream::new(), inner: quote!(#(const { #calls };)*) }
        } else {
            Checks { outer: quote!(#(const _: () = #calls;)*), inner: TokenStream::new() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::helper_attribute;

    fn derived(input: TokenStream) -> String {
        let features = Features { http: false, otlp: false };
        derive(&syn::parse2(input).unwrap(), features, Some("tool".to_owned())).to_string()
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
    fn only_a_root_that_derives_parser_parses() {
        let cli = |parser, args| {
            let helper = helper_attribute(parser, &args);
            derived(quote!(#helper enum Cli {}))
        };
        let nested = cli(false, quote!());
        assert!(!nested.contains("TelemetryApp") && !nested.contains("check_depth"), "{nested}");
        let named = cli(false, quote!(root));
        assert!(named.contains("TelemetryApp") && named.contains("check_depth"), "{named}");
        assert!(!named.contains("fn parse"), "{named}");
        let parser = cli(true, quote!());
        assert!(parser.contains("fn try_parse_from") && parser.contains("\"TOOL_TELEMETRY_ENABLED\""), "{parser}");
    }

    #[test]
    fn what_clap_refuses_gets_a_silent_stub() {
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

//! Writes the commands of a type as constants, and the match that finds the chosen one.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{DeriveInput, Generics, Ident, Type, parse_quote};

use crate::cli::args::CliArgs;
use crate::cli::builder::{self, Builder};
use crate::cli::model::{Below, Fields, Shape, Source, Tree, Variant};
use crate::cli::options::RecordedField;
use crate::cli::root::Root;
use crate::cli::siblings;
use crate::generated::{at, in_const};
use crate::generics;

pub(crate) fn expand(
    input: &DeriveInput,
    args: &CliArgs,
    tree: &Tree<'_>,
    root: Option<&Root<'_>>,
    builder: Option<&Builder<'_>>,
) -> TokenStream {
    let ident = &input.ident;
    let krate = args.crate_path();
    let generics = bounded(&input.generics, tree);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let commands = commands(tree);
    let options = own_options(tree);
    let flag = flag(tree);
    let command_path = command_path(tree);
    let checks = Checks::new(ident, &input.generics, tree, root.is_some());
    let (outer_checks, inner_checks) = (&checks.outer, &checks.inner);
    let root = root.map(|root| root.expand(ident, &generics, flag.is_some()));
    let builder = builder.map(|builder| builder.expand(ident, &generics));
    in_const(&quote! {
        use #krate::__private::{self as __telemetry, NotATree as _, NotATreeValue as _};

        #[automatically_derived]
        impl #impl_generics __telemetry::CommandTree for #ident #ty_generics #where_clause {
            const COMMANDS: &'static [__telemetry::CommandNode] = #commands;
            #options
            #flag

            fn command_path(&self, __path: &mut __telemetry::CommandPath) {
                #inner_checks
                #command_path
            }
        }

        #root
        #builder
        #outer_checks
    })
}

/// Adds the bounds that the constants need. clap's derives add none, so its impls hold for any parameter.
fn bounded(generics: &Generics, tree: &Tree<'_>) -> Generics {
    let mut bounded = generics.clone();
    for source in tree.sources().filter(|source| source.certain && generics::mentions_parameter(generics, source.ty)) {
        let ty = bare_type(source.ty);
        bounded.make_where_clause().predicates.push(parse_quote!(#ty: __telemetry::CommandTree));
    }
    bounded
}

/// The value of `COMMANDS`.
fn commands(tree: &Tree<'_>) -> TokenStream {
    match tree {
        Tree::Enum(variants) => {
            let nodes = variants.iter().filter_map(node);
            quote!(&[#(#nodes),*])
        }
        Tree::Struct(fields) => children(&fields.sources, fields.unlisted),
        Tree::Listed(entries) => builder::commands(entries),
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
        Shape::Command { name, below: Below::Opaque(recorded) } => {
            let options = with_options(recorded_options(recorded, &[]));
            quote!(__telemetry::CommandNode::opaque(#name)#options)
        }
        Shape::Command { name, below: Below::Sources(sources, recorded) } => {
            let children = children(sources, false);
            let options = with_options(recorded_options(recorded, sources));
            quote!(__telemetry::CommandNode::command(#name, #children)#options)
        }
    };
    let marks = variant.marks;
    Some(quote!(#node #marks))
}

fn with_options(options: Option<TokenStream>) -> Option<TokenStream> {
    options.map(|options| quote!(.with_options(#options)))
}

/// The constant `OPTIONS`: the recorded options of a struct. Those of an enum are at its commands.
fn own_options(tree: &Tree<'_>) -> Option<TokenStream> {
    let Tree::Struct(Fields { sources, recorded, .. }) = tree else { return None };
    let options = recorded_options(recorded, sources)?;
    Some(quote!(const OPTIONS: __telemetry::RecordedOptions = #options;))
}

/// The options of a struct, or of a variant with fields. `None` if there can be none.
fn recorded_options(recorded: &[RecordedField<'_>], sources: &[Source<'_>]) -> Option<TokenStream> {
    // A type that describes commands only has no options of its own.
    let flattened = sources.iter().filter(|source| !source.certain).map(|source| source.ty);
    let flattened: Vec<_> = flattened.map(|ty| quote!(__telemetry::TreeProbe::<#ty>::OPTIONS)).collect();
    match (recorded, &flattened[..]) {
        ([], []) => None,
        ([], [flattened]) => Some(flattened.clone()),
        (recorded, flattened) => {
            let (checked, own) =
                (recorded.iter().map(RecordedField::expand_checked), recorded.iter().map(RecordedField::expand));
            Some(quote! {
                __telemetry::RecordedOptions::new(&[#(#checked),*], &[#(#flattened),*], |__each| {
                    #(__each(#own);)*
                    #(#flattened.for_each(__each);)*
                })
            })
        }
    }
}

/// The commands below one command. They may come from several types, some of them not listed.
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

/// The constant `FLAG`: a flag for managing telemetry may be in any type that this one holds.
fn flag(tree: &Tree<'_>) -> Option<TokenStream> {
    let mut types = tree.sources().map(|source| source.ty).peekable();
    types.peek()?;
    Some(quote! {
        const FLAG: ::core::option::Option<__telemetry::Flag> =
            __telemetry::first_flag(&[#(__telemetry::TreeProbe::<#types>::FLAG),*]);
    })
}

/// The body of `command_path`.
fn command_path(tree: &Tree<'_>) -> TokenStream {
    match tree {
        Tree::Enum(variants) if variants.is_empty() => quote!(match *self {}),
        Tree::Enum(variants) => {
            let arms = arms(variants);
            quote!(match self { #(#arms)* })
        }
        Tree::Listed(_) => TokenStream::new(),
        Tree::Struct(Fields { sources, unlisted, .. }) => {
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
            // The entry has no name, so the parent is recorded. It is pushed only for the keys declared on it.
            Shape::Unlisted => {
                let position = next();
                let push = (variant.marks.skip || variant.marks.no_prompt).then(|| quote!(__path.push(#position);));
                quote!(Self::#ident { .. } => { #push })
            }
            Shape::External | Shape::Command { below: Below::Opaque(_), .. } => {
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
            Shape::Command { below: Below::Sources(sources, _), .. } => {
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

/// `T` of `Option<T>`, which clap recognizes by name only. Errors then name the type that holds the commands.
pub(crate) fn bare_type(ty: &Type) -> &Type {
    generics::argument_of(ty, "Option").unwrap_or(ty)
}

/// Checks that only the compiler can do, because they concern other types and constants.
struct Checks {
    /// Next to the impl.
    outer: TokenStream,
    /// Inside `command_path`, for a generic type: its constants have a value only once its parameters do.
    inner: TokenStream,
}

impl Checks {
    fn new(ident: &Ident, generics: &Generics, tree: &Tree<'_>, is_root: bool) -> Self {
        let generic = generics.params.iter().any(|param| !matches!(param, syn::GenericParam::Lifetime(_)));
        let span = at(ident.span());
        let this = if generic { quote!(Self) } else { generics::with_static_lifetimes(ident, generics) };
        let commands = quote!(<#this as __telemetry::CommandTree>::COMMANDS);
        let mut calls = Vec::new();
        if siblings::needs_compiler(tree) {
            calls.push(quote_spanned!(span=> __telemetry::check_siblings(#commands)));
        }
        for position in siblings::mixed_variants(tree) {
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

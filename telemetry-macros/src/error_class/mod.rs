//! `#[derive(ErrorClass)]`: the names of an error's variants are its classes.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Fields, Generics, Index, LitStr, Member, Meta, Path, Type, parse_quote};

use crate::args::{Outcome, Slot, default_crate, entries};
use crate::ctxt::Ctxt;
use crate::expand::at;
use crate::value::{assigned, bare, literal, module_path};
use crate::{fallback, generics};

/// Where an `#[error_class(..)]` stands decides which keys it may have.
#[derive(Clone, Copy)]
struct Place {
    keys: &'static str,
    class: bool,
    krate: bool,
}

const ENUM: Place = Place { keys: "`crate`; `transparent` and `name` go on the variants", class: false, krate: true };
const STRUCT: Place = Place { keys: "`transparent`, `name`, `crate`", class: true, krate: true };
const VARIANT: Place = Place { keys: "`transparent`, `name`", class: true, krate: false };

/// The keys of one `#[error_class(..)]`.
#[derive(Default)]
struct Args {
    transparent: Slot<()>,
    name: Slot<LitStr>,
    krate: Slot<Path>,
}

/// One entry of the set of classes.
enum Class<'a> {
    Name(String),
    /// The classes of the one field.
    Field(Member, &'a Type),
}

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let cx = Ctxt::new();
    let place = if matches!(input.data, Data::Struct(_)) { STRUCT } else { ENUM };
    let args = Args::read(&cx, place, &input.attrs);
    let krate = args.krate.get().cloned().unwrap_or_else(default_crate);
    let classes = classes(&cx, input, &args);
    match cx.check() {
        Ok(()) => expand(input, &krate, &classes),
        Err(errors) => fallback::error_class(input, &krate, &errors),
    }
}

impl Args {
    fn read(cx: &Ctxt, place: Place, attrs: &[Attribute]) -> Self {
        let mut args = Args::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("error_class")) {
            match &attr.meta {
                Meta::List(list) if !list.tokens.is_empty() => {
                    let read = attr.parse_args_with(|input: ParseStream<'_>| args.entries(cx, place, input));
                    if let Err(error) = read {
                        cx.syn_error(error);
                    }
                }
                _ => cx.error(attr, format_args!("expected `#[error_class(..)]` with one of {}", place.keys)),
            }
        }
        if let (Some(transparent), Some(name)) = (args.transparent.key(), args.name.key()) {
            let mut error = syn::Error::new_spanned(
                transparent,
                "`transparent` takes the class from the field, so there is nothing to name",
            );
            error.combine(syn::Error::new_spanned(name, "the name is given here"));
            cx.syn_error(error);
        }
        args
    }

    fn entries(&mut self, cx: &Ctxt, place: Place, input: ParseStream<'_>) -> syn::Result<()> {
        entries(cx, input, place.keys, |key, input| match key.to_string().as_str() {
            "transparent" if place.class => self.transparent.fill(cx, key, bare(key, input)),
            "name" if place.class => self.name.fill(cx, key, literal(key, input, class_name)),
            "crate" if place.krate => self.krate.fill(cx, key, assigned(key, input, "a path", module_path)),
            _ => Outcome::Unknown,
        })
    }
}

/// A class is one word wherever it is shown.
fn class_name(name: &str) -> Result<(), String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':' | '-');
    if name.is_empty() || !name.chars().all(allowed) {
        return Err("takes a word of ASCII letters, digits, `_`, `.`, `:` and `-`".to_owned());
    }
    Ok(())
}

fn classes<'a>(cx: &Ctxt, input: &'a DeriveInput, args: &Args) -> Vec<Class<'a>> {
    match &input.data {
        Data::Enum(data) => {
            let variant = |variant: &'a syn::Variant| {
                class(cx, &variant.ident, &variant.fields, &Args::read(cx, VARIANT, &variant.attrs))
            };
            data.variants.iter().map(variant).collect()
        }
        Data::Struct(data) => vec![class(cx, &input.ident, &data.fields, args)],
        Data::Union(data) => {
            cx.error(data.union_token, "`#[derive(ErrorClass)]` goes on an enum or struct");
            Vec::new()
        }
    }
}

fn class<'a>(cx: &Ctxt, ident: &Ident, fields: &'a Fields, args: &Args) -> Class<'a> {
    for attr in fields.iter().flat_map(|field| &field.attrs) {
        if attr.path().is_ident("error_class") {
            cx.error(attr, "`#[error_class(..)]` goes on the type or the variant, not on a field");
        }
    }
    if let Some(transparent) = args.transparent.key() {
        let mut all = fields.iter();
        if let (Some(field), None) = (all.next(), all.next()) {
            let member = field.ident.clone().map_or(Member::Unnamed(Index::from(0)), Member::Named);
            return Class::Field(member, &field.ty);
        }
        cx.error(transparent, format_args!("`transparent` needs exactly one field; `{ident}` has {}", fields.len()));
    }
    Class::Name(args.name.get().map_or_else(|| ident.unraw().to_string(), LitStr::value))
}

fn expand(input: &DeriveInput, krate: &Path, classes: &[Class<'_>]) -> TokenStream {
    let ident = &input.ident;
    let generics = bounded(&input.generics, classes);
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let body = body(input, classes);
    quote! {
        #[allow(
            deprecated,
            unreachable_code,
            unused_qualifications,
            unused_variables,
            clippy::style,
            clippy::complexity,
            clippy::pedantic,
            clippy::restriction,
            clippy::perf,
            clippy::nursery
        )]
        const _: () = {
            use #krate::__private as __telemetry;

            #[automatically_derived]
            impl #impl_generics __telemetry::ErrorClass for #ident #ty_generics #where_clause {
                const CLASSES: &'static [__telemetry::ClassNode] = &[#(#classes),*];

                fn error_class(&self) -> __telemetry::ErrorClassName {
                    #body
                }
            }
        };
    }
}

/// The generics with what transparent fields need of type parameters.
fn bounded(generics: &Generics, classes: &[Class<'_>]) -> Generics {
    let mut bounded = generics.clone();
    for class in classes {
        match class {
            Class::Field(_, ty) if generics::mentions_parameter(generics, ty) => {
                bounded.make_where_clause().predicates.push(parse_quote!(#ty: __telemetry::ErrorClass));
            }
            Class::Field(..) | Class::Name(_) => {}
        }
    }
    bounded
}

impl ToTokens for Class<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.extend(match self {
            Class::Name(name) => quote!(__telemetry::ClassNode::name(#name)),
            Class::Field(_, ty) => {
                let classes = quote_spanned!(at(ty.span())=> <#ty as __telemetry::ErrorClass>::CLASSES);
                quote!(__telemetry::ClassNode::all(#classes))
            }
        });
    }
}

fn body(input: &DeriveInput, classes: &[Class<'_>]) -> TokenStream {
    let paths: Vec<TokenStream> = match &input.data {
        Data::Enum(data) => {
            data.variants.iter().map(|variant| &variant.ident).map(|ident| quote!(Self::#ident)).collect()
        }
        Data::Struct(_) | Data::Union(_) => vec![quote!(Self)],
    };
    if paths.is_empty() {
        return quote!(match *self {});
    }
    let arms = paths.iter().zip(classes).enumerate().map(|(position, (path, class))| match class {
        Class::Name(_) => {
            let position = Literal::usize_unsuffixed(position);
            quote!(#path { .. } => __telemetry::ErrorClassName::of::<Self>(#position),)
        }
        Class::Field(member, ty) => {
            let class = quote_spanned!(at(ty.span())=> <#ty as __telemetry::ErrorClass>::error_class(__0));
            quote!(#path { #member: __0 } => #class,)
        }
    });
    quote!(match self { #(#arms)* })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn derived(input: TokenStream) -> String {
        derive(&syn::parse2(input).unwrap()).to_string()
    }

    #[test]
    fn variants_are_classes() {
        let derived = derived(quote! {
            enum E<T> {
                r#Self_,
                #[error_class(name = "io.error")] Io { source: u8, other: u8 },
                #[error_class(transparent)] Other(Box<T>),
            }
        });
        let classes = quote!(&[
            __telemetry::ClassNode::name("Self_"),
            __telemetry::ClassNode::name("io.error"),
            __telemetry::ClassNode::all(<Box<T> as __telemetry::ErrorClass>::CLASSES)
        ]);
        assert!(derived.contains(&classes.to_string()), "{derived}");
        assert!(derived.contains(&quote!(where Box<T>: __telemetry::ErrorClass).to_string()));
    }

    #[test]
    fn every_mistake_is_found() {
        let derived = derived(quote! {
            #[error_class(name = "x", crate = 5)]
            enum E {
                #[error_class(transparent)] None,
                #[error_class(transparent)] Two(u8, u8),
                #[error_class(name = "two words")] Words,
                #[error_class(name = "a", transparent)] Both(#[error_class(name = "b")] u8),
                #[error_class] Bare,
                #[error_class(colour)] Unknown,
            }
        });
        for message in [
            "go on the variants",
            "a path",
            "`None` has 0",
            "`Two` has 2",
            "takes a word",
            "nothing to name",
            "not on a field",
            "expected `#[error_class(..)]`",
            "unknown key `colour`",
        ] {
            assert!(derived.contains(message), "{message}: {derived}");
        }
    }
}

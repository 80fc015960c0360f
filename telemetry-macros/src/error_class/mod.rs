//! `#[derive(ErrorClass)]`: the names of an error's variants are its classes.

mod args;
mod expand;

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, Index, LitStr, Member, Type};

use crate::ctxt::Ctxt;
use crate::generated::default_crate;

use self::args::{Args, Place};

/// One entry of the set of classes.
enum Class<'a> {
    Name(String),
    /// The classes of the one field.
    Field(Member, &'a Type),
}

pub(crate) fn derive(input: &DeriveInput) -> TokenStream {
    let cx = Ctxt::new();
    let place = if matches!(input.data, Data::Struct(_)) { Place::Struct } else { Place::Enum };
    let args = Args::read(&cx, place, &input.attrs);
    let krate = args.krate.get().cloned().unwrap_or_else(default_crate);
    let classes = classes(&cx, input, &args);
    match cx.check() {
        Ok(()) => expand::expand(input, &krate, &classes),
        Err(errors) => expand::fallback(input, &krate, &errors),
    }
}

fn classes<'a>(cx: &Ctxt, input: &'a DeriveInput, args: &Args) -> Vec<Class<'a>> {
    match &input.data {
        Data::Enum(data) => {
            let variant = |variant: &'a syn::Variant| {
                class(cx, &variant.ident, &variant.fields, &Args::read(cx, Place::Variant, &variant.attrs))
            };
            data.variants.iter().map(variant).collect()
        }
        Data::Struct(data) => vec![class(cx, &input.ident, &data.fields, args)],
        Data::Union(data) => {
            cx.error(data.union_token, "`#[derive(ErrorClass)]` supports only enums and structs");
            Vec::new()
        }
    }
}

fn class<'a>(cx: &Ctxt, ident: &Ident, fields: &'a Fields, args: &Args) -> Class<'a> {
    for attr in fields.iter().flat_map(|field| &field.attrs) {
        if attr.path().is_ident("error_class") {
            cx.error(attr, "`#[error_class(..)]` belongs on the type or variant, not on a field");
        }
    }
    if let Some(transparent) = args.transparent.key() {
        let mut all = fields.iter();
        if let (Some(field), None) = (all.next(), all.next()) {
            let member = field.ident.clone().map_or(Member::Unnamed(Index::from(0)), Member::Named);
            return Class::Field(member, &field.ty);
        }
        cx.error(
            transparent,
            format_args!("`transparent` requires exactly one field, but `{ident}` has {}", fields.len()),
        );
    }
    Class::Name(args.name.get().map_or_else(|| ident.unraw().to_string(), LitStr::value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

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
            "allowed on its variants",
            "a path",
            "`None` has 0",
            "`Two` has 2",
            "must be a word",
            "exclude each other",
            "not on a field",
            "expected `#[error_class(..)]`",
            "unknown key `colour`",
        ] {
            assert!(derived.contains(message), "{message}: {derived}");
        }
    }
}

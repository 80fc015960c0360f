//! The keys of `#[error_class(..)]`.

use syn::parse::ParseStream;
use syn::{Attribute, LitStr, Meta, Path};

use crate::ctxt::Ctxt;
use crate::keys::value::{bare, literal, module_path};
use crate::keys::{EntryStatus, Slot, read_entries, rules};

/// The item that carries an `#[error_class(..)]`. It decides which keys are allowed.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    Enum,
    Struct,
    Variant,
}

impl Place {
    fn expected(self) -> &'static str {
        match self {
            Place::Enum => "`crate = path`; `transparent` and `name` are allowed on its variants",
            Place::Struct => "one of `transparent`, `name`, `crate`",
            Place::Variant => "one of `transparent`, `name`",
        }
    }
}

/// The keys of one `#[error_class(..)]`.
#[derive(Default)]
pub(crate) struct Args {
    pub(crate) transparent: Slot<()>,
    pub(crate) name: Slot<LitStr>,
    pub(crate) krate: Slot<Path>,
}

impl Args {
    pub(crate) fn read(cx: &Ctxt, place: Place, attrs: &[Attribute]) -> Self {
        let mut args = Args::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("error_class")) {
            match &attr.meta {
                Meta::List(list) if !list.tokens.is_empty() => {
                    let read = attr.parse_args_with(|input: ParseStream<'_>| args.read_entries(cx, place, input));
                    if let Err(error) = read {
                        cx.syn_error(error);
                    }
                }
                _ => cx.error(attr, format_args!("expected `#[error_class(..)]` with {}", place.expected())),
            }
        }
        if let (Some(transparent), Some(name)) = (args.transparent.key(), args.name.key()) {
            let mut error = syn::Error::new_spanned(
                transparent,
                "`transparent` and `name` exclude each other: the class of a transparent error is that of its field",
            );
            error.combine(syn::Error::new_spanned(name, "`name` is specified here"));
            cx.syn_error(error);
        }
        args
    }

    fn read_entries(&mut self, cx: &Ctxt, place: Place, input: ParseStream<'_>) -> syn::Result<()> {
        read_entries(cx, input, place.expected(), |key, input| match (key.to_string().as_str(), place) {
            ("transparent", Place::Struct | Place::Variant) => self.transparent.fill(cx, key, bare(key, input)),
            ("name", Place::Struct | Place::Variant) => self.name.fill(cx, key, literal(key, input, rules::class_name)),
            ("crate", Place::Enum | Place::Struct) => self.krate.fill(cx, key, module_path(key, input)),
            _ => EntryStatus::UnknownKey,
        })
    }
}

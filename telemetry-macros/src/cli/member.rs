//! The keys of `#[telemetry(..)]` on variants and fields.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::ParseStream;
use syn::{Attribute, Meta};

use crate::cli::record::{Record, record};
use crate::ctxt::Ctxt;
use crate::generated::at;
use crate::keys::value::bare;
use crate::keys::{EntryStatus, Slot, read_entries};

const EXPECTED: &str = "one of `skip`, `no_prompt`, `opaque`, `transparent`, `record`";

#[derive(Default)]
pub(crate) struct MemberArgs {
    pub(crate) skip: Slot<()>,
    pub(crate) no_prompt: Slot<()>,
    pub(crate) opaque: Slot<()>,
    pub(crate) transparent: Slot<()>,
    pub(crate) record: Slot<Record>,
}

impl MemberArgs {
    pub(crate) fn read(cx: &Ctxt, attrs: &[Attribute]) -> Self {
        let mut args = MemberArgs::default();
        for attr in attrs.iter().filter(|attr| attr.path().is_ident("telemetry")) {
            match &attr.meta {
                Meta::List(list) if !list.tokens.is_empty() => {
                    let read = attr.parse_args_with(|input: ParseStream<'_>| args.read_entries(cx, input));
                    if let Err(error) = read {
                        cx.syn_error(error);
                    }
                }
                _ => cx.error(attr, format_args!("expected `#[telemetry(..)]` with {EXPECTED}")),
            }
        }
        args
    }

    /// The keys that are given.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &Ident> {
        let keys =
            [self.skip.key(), self.no_prompt.key(), self.opaque.key(), self.transparent.key(), self.record.key()];
        keys.into_iter().flatten()
    }

    pub(crate) fn marks(&self) -> Marks {
        Marks {
            skip: self.skip.is_given(),
            no_prompt: self.no_prompt.is_given(),
            transparent: self.transparent.is_given(),
            record: self.record.key().map(Ident::span),
        }
    }

    fn read_entries(&mut self, cx: &Ctxt, input: ParseStream<'_>) -> syn::Result<()> {
        read_entries(cx, input, EXPECTED, |key, input| match key.to_string().as_str() {
            "skip" => self.skip.fill(cx, key, bare(key, input)),
            "no_prompt" => self.no_prompt.fill(cx, key, bare(key, input)),
            "opaque" => self.opaque.fill(cx, key, bare(key, input)),
            "transparent" => self.transparent.fill(cx, key, bare(key, input)),
            "record" => self.record.fill(cx, key, record(key, input)),
            _ => EntryStatus::UnknownKey,
        })
    }
}

/// What the keys say about a command itself. As tokens, these are calls on its node.
#[derive(Clone, Copy)]
pub(crate) struct Marks {
    /// A run of this command leaves no event.
    pub(crate) skip: bool,
    /// A run of this command never asks for consent.
    pub(crate) no_prompt: bool,
    /// The command is recorded without its name.
    pub(crate) transparent: bool,
    /// Runs are recorded although they manage telemetry. Where it says so: only the compiler knows whether they do.
    pub(crate) record: Option<Span>,
}

impl ToTokens for Marks {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let skipped = self.skip.then(|| quote!(.skipped()));
        let no_prompt = self.no_prompt.then(|| quote!(.no_prompt()));
        let transparent = self.transparent.then(|| quote!(.transparent()));
        let recorded = self.record.map(|span| quote_spanned!(at(span)=> .recorded()));
        tokens.extend(quote!(#skipped #no_prompt #transparent #recorded));
    }
}

//! Lists of keys, `key, key = value, key(..)`: the grammar of all our attributes.
//!
//! Nothing here stops at the first mistake. It goes to the [`Ctxt`], and reading goes on after the next comma, so one
//! mistake does not hide another.

pub(crate) mod rules;
pub(crate) mod value;

use proc_macro2::{Ident, TokenTree};
use syn::Token;
use syn::ext::IdentExt;
use syn::parse::ParseStream;

use crate::ctxt::Ctxt;

/// One key of a list: its position, and its value unless that is wrong.
pub(crate) struct Slot<T> {
    key: Option<Ident>,
    value: Option<T>,
}

impl<T> Default for Slot<T> {
    fn default() -> Self {
        Slot { key: None, value: None }
    }
}

/// The result of reading one entry of a list.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum EntryStatus {
    Read,
    /// The mistake is reported.
    Wrong,
    UnknownKey,
}

impl<T> Slot<T> {
    pub(crate) fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }

    pub(crate) fn key(&self) -> Option<&Ident> {
        self.key.as_ref()
    }

    /// The key, and its value unless that is wrong.
    pub(crate) fn into_parts(self) -> (Option<Ident>, Option<T>) {
        (self.key, self.value)
    }

    pub(crate) fn is_given(&self) -> bool {
        self.key.is_some()
    }

    /// Keeps the value. Reports a wrong value, and a key that is specified twice.
    pub(crate) fn fill(&mut self, cx: &Ctxt, key: &Ident, value: syn::Result<T>) -> EntryStatus {
        if let Some(first) = &self.key {
            let mut error = syn::Error::new_spanned(key, format_args!("`{key}` is specified twice"));
            error.combine(syn::Error::new_spanned(first, "first specified here"));
            cx.syn_error(error);
        } else {
            self.key = Some(key.clone());
        }
        match value {
            Ok(value) => {
                self.value = Some(value);
                EntryStatus::Read
            }
            Err(error) => {
                cx.syn_error(error);
                EntryStatus::Wrong
            }
        }
    }
}

/// Reads all entries, each with `read`. `expected` lists the keys.
pub(crate) fn read_entries(
    cx: &Ctxt,
    input: ParseStream<'_>,
    expected: &str,
    mut read: impl FnMut(&Ident, ParseStream<'_>) -> EntryStatus,
) -> syn::Result<()> {
    while !input.is_empty() {
        if input.peek(Ident::peek_any) {
            let key = input.call(Ident::parse_any)?;
            match read(&key, input) {
                EntryStatus::UnknownKey => cx.error(&key, format_args!("unknown key `{key}`; expected {expected}")),
                EntryStatus::Read if !input.is_empty() && !input.peek(Token![,]) => {
                    cx.syn_error(input.error("expected `,`"));
                }
                EntryStatus::Read | EntryStatus::Wrong => {}
            }
        } else {
            cx.syn_error(input.error(format_args!("expected a key: {expected}")));
        }
        skip_entry(input)?;
    }
    Ok(())
}

/// Skips what is left of an entry, and the comma after it.
pub(crate) fn skip_entry(input: ParseStream<'_>) -> syn::Result<()> {
    while !input.is_empty() && !input.peek(Token![,]) {
        input.parse::<TokenTree>()?;
    }
    input.parse::<Option<Token![,]>>()?;
    Ok(())
}

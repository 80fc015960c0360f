//! Collects every mistake in an item, so that all of them are reported at once.

use std::cell::RefCell;
use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;

/// The mistakes found so far. Must be checked before it is dropped.
pub(crate) struct Ctxt {
    /// `None` once checked.
    found: RefCell<Option<Found>>,
}

#[derive(Default)]
struct Found {
    errors: Vec<syn::Error>,
    /// clap or rustc reports something wrong. A second message would only repeat it.
    reported_elsewhere: bool,
}

impl Ctxt {
    pub(crate) fn new() -> Self {
        Ctxt { found: RefCell::new(Some(Found::default())) }
    }

    /// Reports `message` at all of `tokens`.
    pub(crate) fn error(&self, tokens: impl ToTokens, message: impl Display) {
        self.syn_error(syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn syn_error(&self, error: syn::Error) {
        if let Some(found) = self.found.borrow_mut().as_mut() {
            found.errors.push(error);
        }
    }

    /// The item cannot be expanded, and clap or rustc reports why.
    pub(crate) fn reported_elsewhere(&self) {
        if let Some(found) = self.found.borrow_mut().as_mut() {
            found.reported_elsewhere = true;
        }
    }

    /// The mistakes, as `compile_error!`s. Empty if clap or rustc reports them.
    pub(crate) fn check(self) -> Result<(), TokenStream> {
        let found = self.found.borrow_mut().take().unwrap_or_default();
        if found.errors.is_empty() && !found.reported_elsewhere {
            return Ok(());
        }
        Err(found.errors.iter().map(syn::Error::to_compile_error).collect())
    }
}

impl Drop for Ctxt {
    fn drop(&mut self) {
        // An unchecked context is a bug in this crate: mistakes would go unreported.
        assert!(std::thread::panicking() || self.found.borrow().is_none(), "forgot to check for errors");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_is_kept() {
        let cx = Ctxt::new();
        cx.error(quote::quote!(a), "first");
        cx.error(quote::quote!(b), "second");
        let errors = cx.check().unwrap_err().to_string();
        assert!(errors.contains("first") && errors.contains("second"));
    }

    #[test]
    fn what_others_report_is_not_repeated() {
        let cx = Ctxt::new();
        cx.reported_elsewhere();
        assert!(cx.check().unwrap_err().is_empty());
    }

    #[test]
    #[should_panic(expected = "forgot to check")]
    fn unchecked_is_a_bug() {
        drop(Ctxt::new());
    }
}

//! The arguments of `#[telemetry_main(..)]`.

use proc_macro2::{Ident, TokenStream};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Path, Token, Type, token};

use crate::ctxt::Ctxt;
use crate::generated::default_crate;
use crate::keys::value::{module_path, types};
use crate::keys::{EntryStatus, Slot, skip_entry};

const EXPECTED: &str = "the type of the CLI, `errors(..)` or `crate = path`";

/// Everything in the parentheses of `#[telemetry_main(..)]`.
#[derive(Default)]
pub(crate) struct MainArgs {
    pub(crate) cli: Option<Type>,
    pub(crate) errors: Slot<Vec<Type>>,
    krate: Slot<Path>,
    /// Something in the parentheses is wrong, and may have been meant to be the CLI.
    pub(crate) is_wrong: bool,
}

impl MainArgs {
    pub(crate) fn read(cx: &Ctxt, args: TokenStream) -> Self {
        let mut main = MainArgs::default();
        let read = |input: ParseStream<'_>| {
            while !input.is_empty() {
                match main.read_entry(cx, input) {
                    Ok(EntryStatus::Read) if !input.is_empty() && !input.peek(Token![,]) => {
                        cx.syn_error(input.error("expected `,`"));
                    }
                    Ok(status) => main.is_wrong |= status != EntryStatus::Read,
                    Err(error) => {
                        main.is_wrong = true;
                        cx.syn_error(error);
                    }
                }
                skip_entry(input)?;
            }
            Ok(())
        };
        if let Err(error) = read.parse2(args) {
            cx.syn_error(error);
        }
        main
    }

    fn read_entry(&mut self, cx: &Ctxt, input: ParseStream<'_>) -> syn::Result<EntryStatus> {
        let is_key = input.peek(Ident::peek_any) && (input.peek2(Token![=]) || input.peek2(token::Paren));
        if is_key {
            let key = input.call(Ident::parse_any)?;
            return match key.to_string().as_str() {
                "errors" => Ok(self.errors.fill(cx, &key, types(&key, input))),
                "crate" => Ok(self.krate.fill(cx, &key, module_path(&key, input))),
                _ => Err(syn::Error::new_spanned(&key, format_args!("unknown key `{key}`; expected {EXPECTED}"))),
            };
        }
        let start = input.span();
        let cli = input.parse().map_err(|_| syn::Error::new(start, format_args!("expected {EXPECTED}")))?;
        match &self.cli {
            None => self.cli = Some(cli),
            Some(_) => {
                return Err(syn::Error::new_spanned(
                    cli,
                    "a program has only one CLI; list error types in `errors(..)`",
                ));
            }
        }
        Ok(EntryStatus::Read)
    }

    pub(crate) fn crate_path(&self) -> Path {
        self.krate.get().cloned().unwrap_or_else(default_crate)
    }
}

//! The key `context`: `context(agent, interactive, ci_vendor, libc, channel = option_env!(".."))`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{Expr, Lit, parenthesized, token};

use crate::ctxt::Ctxt;
use crate::generated::at;
use crate::keys::value::{as_literal, assigned, bare};
use crate::keys::{EntryStatus, Slot, read_entries};

const EXPECTED: &str = "one of `agent`, `interactive`, `ci_vendor`, `libc`, `channel = ..`";

/// The circumstances to record. As tokens, a constant of the runtime's type.
#[derive(Default)]
pub(crate) struct Context {
    agent: Slot<()>,
    interactive: Slot<()>,
    ci_vendor: Slot<()>,
    libc: Slot<()>,
    channel: Slot<Expr>,
}

impl Context {
    pub(crate) fn read(cx: &Ctxt, key: &Ident, input: ParseStream<'_>) -> syn::Result<Self> {
        if !input.peek(token::Paren) {
            return Err(syn::Error::new_spanned(
                key,
                format_args!("`{key}` takes a list: `{key}(agent, interactive)`"),
            ));
        }
        let content;
        parenthesized!(content in input);
        let mut context = Context::default();
        read_entries(cx, &content, EXPECTED, |key, input| match key.to_string().as_str() {
            "agent" => context.agent.fill(cx, key, bare(key, input)),
            "interactive" => context.interactive.fill(cx, key, bare(key, input)),
            "ci_vendor" => context.ci_vendor.fill(cx, key, bare(key, input)),
            "libc" => context.libc.fill(cx, key, bare(key, input)),
            "channel" => {
                let what = "a string literal, or a constant such as `option_env!(\"..\")`";
                context.channel.fill(cx, key, assigned(key, input, what, Expr::parse))
            }
            _ => EntryStatus::UnknownKey,
        })?;
        Ok(context)
    }

    /// The channel as a constant of type `Option<&str>`, and its check.
    fn channel(&self) -> Option<(TokenStream, TokenStream)> {
        let expr = self.channel.get()?;
        let value = match as_literal(expr) {
            Some(Lit::Str(literal)) => quote!(::core::option::Option::Some(#literal)),
            _ => expr.to_token_stream(),
        };
        let check = quote_spanned!(at(expr.span())=> __telemetry::check_channel(__CHANNEL));
        Some((value, check))
    }

    /// Items beside the root: the channel in a constant of its own, so that a wrong one is reported once.
    pub(crate) fn items(&self) -> Option<TokenStream> {
        let (value, check) = self.channel()?;
        Some(quote! {
            const __CHANNEL: ::core::option::Option<&'static ::core::primitive::str> = #value;
            const _: () = #check;
        })
    }
}

impl ToTokens for Context {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Context { agent, interactive, ci_vendor, libc, channel } = self;
        let [agent, interactive, ci_vendor, libc] = [agent, interactive, ci_vendor, libc].map(Slot::is_given);
        let channel = if channel.is_given() { quote!(__CHANNEL) } else { quote!(::core::option::Option::None) };
        tokens.extend(quote! {
            __telemetry::Context {
                agent: #agent,
                interactive: #interactive,
                ci_vendor: #ci_vendor,
                libc: #libc,
                channel: #channel,
            }
        });
    }
}

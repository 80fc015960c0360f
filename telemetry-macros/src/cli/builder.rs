//! A CLI without clap's derive: a unit struct with the keys `command` and `commands` stands for its `clap::Command`.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Expr, Fields, Generics};

use crate::cli::args::CliArgs;
use crate::cli::listed::{self, Below, Entry, What};
use crate::ctxt::Ctxt;
use crate::generated::at;

pub(crate) struct Builder<'a> {
    /// `None` if it is wrong.
    command: Option<&'a Expr>,
    pub(crate) commands: &'a [Entry],
    /// Whether the type gets its own functions to match the arguments, which also record.
    matches: bool,
}

impl<'a> Builder<'a> {
    /// `None` for a CLI with clap's derive. Reports keys on the wrong kind of type.
    pub(crate) fn read(cx: &Ctxt, args: &'a CliArgs, input: &DeriveInput) -> Option<Self> {
        let is_unit = matches!(&input.data, Data::Struct(data) if matches!(data.fields, Fields::Unit));
        let Some(key) = args.command.key() else {
            if let Some(key) = args.commands.key() {
                cx.error(
                    key,
                    "`commands` requires the key `command`: `command = cli()`, the program's `clap::Command`",
                );
            } else if let Some(key) = args.named_root().filter(|_| is_unit && !args.derives_parser()) {
                let message = "a root without fields either derives `Parser`, below `#[telemetry_cli]`, or has the key \
                               `command = cli()`, the program's `clap::Command`";
                cx.error(key, message);
            }
            return None;
        };
        if args.derives_parser() {
            cx.error(key, "`command` is for a CLI without clap's derive, and this type derives `Parser`");
            return None;
        }
        if !is_unit {
            cx.error(key, "`command` is allowed only on a struct without fields: `struct Tool;`");
            return None;
        }
        let commands = args.commands.get().map_or(&[][..], Vec::as_slice);
        Some(Builder { command: args.command.get(), commands, matches: args.may_parse() })
    }

    /// What clap's derive would add, as far as it makes sense without fields, and the functions that match the arguments.
    ///
    /// A macro of the runtime writes them, for the sake of its name: see [`parse_functions`](super::parse_fns).
    pub(crate) fn expand(&self, ident: &Ident, generics: &Generics) -> TokenStream {
        let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
        let command =
            self.command.map_or_else(|| quote!(__telemetry::clap::Command::new("")), ToTokens::to_token_stream);
        let matches = self.matches.then(|| {
            quote! {
                __telemetry::matches_functions_unless_parse_is_false! {
                    #[automatically_derived]
                    impl #impl_generics #ident #ty_generics #where_clause
                }
            }
        });
        quote! {
            #[automatically_derived]
            impl #impl_generics __telemetry::clap::CommandFactory for #ident #ty_generics #where_clause {
                fn command() -> __telemetry::clap::Command {
                    let __command: __telemetry::clap::Command = #command;
                    __command
                }

                fn command_for_update() -> __telemetry::clap::Command {
                    <Self as __telemetry::clap::CommandFactory>::command()
                }
            }

            #matches
        }
    }
}

/// One level of the list in the key `commands`, and its check if only the compiler can do it.
pub(crate) fn commands(entries: &[Entry]) -> TokenStream {
    let nodes = entries.iter().map(node);
    let commands = quote!(const { &[#(#nodes),*] });
    let Some(span) = listed::needs_compiler(entries) else { return commands };
    let check = quote_spanned!(at(span)=> __telemetry::check_siblings(__commands));
    quote! {
        const {
            let __commands: &'static [__telemetry::CommandNode] = #commands;
            #check;
            __commands
        }
    }
}

fn node(entry: &Entry) -> TokenStream {
    let node = match &entry.what {
        What::External(_) => quote!(__telemetry::CommandNode::external()),
        What::Unlisted(_) => quote!(__telemetry::CommandNode::unlisted()),
        What::Type(ty) => {
            let commands = quote_spanned!(at(ty.span())=> <#ty as __telemetry::CommandTree>::COMMANDS);
            quote!(__telemetry::CommandNode::flatten(#commands))
        }
        What::Command { name, below: Below::Opaque } => quote!(__telemetry::CommandNode::opaque(#name)),
        What::Command { name, below: Below::Listed(entries) } => {
            let commands = commands(entries);
            quote!(__telemetry::CommandNode::command(#name, #commands))
        }
    };
    let (cfg, marks) = (&entry.cfg, entry.marks);
    quote!(#(#cfg)* #node #marks)
}

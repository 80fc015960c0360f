//! The keys `facts` and `phases`: what the root lists, and the functions to record it.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{Generics, Ident, Type, parse_quote};

use crate::cli::args::CliArgs;
use crate::generated::at;

/// The constants of the root's `impl TelemetryApp`.
pub(crate) fn constants(args: &CliArgs) -> TokenStream {
    let (facts, phases) = (facts(args), phases(args));
    let facts = (!facts.is_empty()).then(|| {
        quote!(const FACTS: &'static [__telemetry::FactNode] =
            &[#(__telemetry::FactNode::of::<Self, #facts>()),*];)
    });
    let phases = (!phases.is_empty()).then(|| {
        quote!(const PHASES: &'static [__telemetry::PhaseNode] =
            &[#(__telemetry::PhaseNode::of::<Self, #phases>()),*];)
    });
    quote!(#facts #phases)
}

/// A place for each value, and the functions `record` and `time`.
pub(crate) fn items<'a>(args: &'a CliArgs, ident: &Ident, generics: &Generics) -> TokenStream {
    let (impl_generics, ty_generics, where_clause) = generics.split_for_impl();
    let (facts, phases) = (facts(args), phases(args));
    let unlisted: Type = parse_quote!(::core::convert::Infallible);
    let with_unlisted = |types: &'a [Type]| {
        let unlisted = (!types.is_empty()).then(|| unlisted.clone());
        types.iter().cloned().chain(unlisted)
    };
    let fact_slots = with_unlisted(facts).map(|ty| {
        quote_spanned! {at(ty.span())=>
            #[automatically_derived]
            impl #impl_generics __telemetry::RecordsFact<#ty> for #ident #ty_generics #where_clause {
                fn slot() -> &'static __telemetry::FactSlot {
                    static __SLOT: __telemetry::FactSlot = __telemetry::FactSlot::new();
                    &__SLOT
                }
            }
        }
    });
    let phase_slots = with_unlisted(phases).map(|ty| {
        quote_spanned! {at(ty.span())=>
            #[automatically_derived]
            impl #impl_generics __telemetry::TimesPhase<#ty> for #ident #ty_generics #where_clause {
                fn slots() -> &'static [__telemetry::PhaseSlot] {
                    const __COUNT: ::core::primitive::usize = <#ty as __telemetry::Phase>::NAMES.count();
                    static __SLOTS: [__telemetry::PhaseSlot; __COUNT] =
                        [const { __telemetry::PhaseSlot::new() }; __COUNT];
                    &__SLOTS
                }
            }
        }
    });
    let record = (!facts.is_empty()).then(|| {
        quote! {
            /// Records a fact about this run. The last value counts, from whichever thread.
            ///
            /// The type of the fact must be in the key `facts`.
            pub fn record<__F: __telemetry::Fact>(fact: __F)
            where
                Self: __telemetry::RecordsFact<__F>,
            {
                <Self as __telemetry::RecordsFact<__F>>::slot().record(&fact);
            }
        }
    });
    let time = (!phases.is_empty()).then(|| {
        quote! {
            /// Runs `work`, and adds the time it takes to that of the phase.
            ///
            /// The type of the phase must be in the key `phases`.
            pub fn time<__P: __telemetry::Phase, __R>(phase: __P, work: impl ::core::ops::FnOnce() -> __R) -> __R
            where
                Self: __telemetry::TimesPhase<__P>,
            {
                __telemetry::time::<Self, __P, __R>(&phase, work)
            }
        }
    });
    let functions = (record.is_some() || time.is_some()).then(|| {
        quote! {
            #[automatically_derived]
            impl #impl_generics #ident #ty_generics #where_clause {
                #record
                #time
            }
        }
    });
    quote!(#(#fact_slots)* #(#phase_slots)* #functions)
}

fn facts(args: &CliArgs) -> &[Type] {
    args.facts.get().map_or(&[], Vec::as_slice)
}

fn phases(args: &CliArgs) -> &[Type] {
    args.phases.get().map_or(&[], Vec::as_slice)
}

//! Protected regions stay as they are, whatever the markup looks like.
#![no_main]

mod common;

use fanjian::protect::{Kind, Protection};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [choice, kinds, bytes @ ..] = data else { return };
    let (converter, text) = (common::converter(*choice), common::text(bytes));
    let all = Kind::ALL.iter().copied();
    let chosen = all.enumerate().filter(|(at, _)| kinds >> at & 1 != 0).map(|(_, kind)| kind);
    let protection = chosen.fold(Protection::new(), Protection::with);
    let converted = converter.convert_protected(&text, &protection);

    // What is kept stands in the result, in order.
    let mut rest: &str = &converted;
    for region in protection.regions(&text) {
        let kept = &text[region.range()];
        let at = rest.find(kept).unwrap_or_else(|| panic!("{kept:?} of {text:?} is gone from {converted:?}"));
        rest = &rest[at + kept.len()..];
    }
});

//! Conversion, edits and alignment of any text by any route. Builds for fuzzing check that the engine writes UTF-8.
#![no_main]

mod common;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&choice, bytes)) = data.split_first() else { return };
    let (converter, text) = (common::converter(choice), common::text(bytes));
    let converted = converter.convert(&text);

    let (mut rebuilt, mut at) = (String::new(), 0);
    for edit in converter.edits(&text) {
        rebuilt.push_str(&text[at..edit.range().start]);
        assert_eq!(rebuilt.len(), edit.target_range().start);
        assert_eq!(&text[edit.range()], edit.source());
        rebuilt.push_str(edit.target());
        at = edit.range().end;
    }
    rebuilt.push_str(&text[at..]);
    assert_eq!(rebuilt, converted, "edits of {text:?}");

    let aligned = converter.convert_aligned(&text);
    assert_eq!(aligned.text(), converted, "alignment of {text:?}");
    assert_eq!(aligned.restore(), text);
    for (source, target) in aligned.map().segments() {
        assert!(text.is_char_boundary(source.start) && converted.is_char_boundary(target.start));
    }
});

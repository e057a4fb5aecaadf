//! Streams and incremental conversion in pieces of any size give what converting the whole gives.
#![no_main]

mod common;

use std::io::Write;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [choice, step, bytes @ ..] = data else { return };
    let (converter, text) = (common::converter(*choice), common::text(bytes));
    let whole = converter.convert(&text);
    let step = usize::from(*step % 61) + 1;

    let mut stream = converter.stream(Vec::new());
    for piece in text.as_bytes().chunks(step) {
        stream.write_all(piece).unwrap();
    }
    assert_eq!(stream.finish().unwrap(), whole.as_bytes(), "{text:?} by {step} bytes");

    let (mut incremental, mut out, mut at) = (converter.incremental(), String::new(), 0);
    while at < text.len() {
        let end = (at + step..).find(|&end| end >= text.len() || text.is_char_boundary(end)).unwrap().min(text.len());
        out.push_str(incremental.push(&text[at..end]));
        at = end;
    }
    out.push_str(incremental.finish());
    assert_eq!(out, whole, "{text:?} by {step} bytes at least");

    // Bytes that are no text at all.
    let mut stream = converter.stream(Vec::new());
    for piece in bytes.chunks(step) {
        stream.write_all(piece).unwrap();
    }
    stream.finish().unwrap();
});

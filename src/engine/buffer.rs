//! From the engine's bytes to a `String`.

/// Turns the engine's output into a `String`.
///
/// Every write of the engine is a whole value or a whole character, so the bytes are UTF-8 and this cannot
/// fail; should a table ever break that, the damage is shown as replacement characters, not hidden.
#[must_use]
pub fn into_string(bytes: Vec<u8>) -> String {
    match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            debug_assert!(false, "the engine wrote bytes that are not UTF-8");
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        }
    }
}

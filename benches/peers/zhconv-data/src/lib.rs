//! zhconv behind two C functions.

use std::mem::ManuallyDrop;
use std::{ptr, slice, str};

use zhconv::{Variant, ZhConverter, get_builtin_converter};

/// The parts of a `String`.
#[repr(C)]
pub struct Text {
    pointer: *mut u8,
    length: usize,
    capacity: usize,
}

/// The converter to a variant, loaded; null when there is none.
///
/// # Safety
///
/// The pointer and length are those of a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zhconv_open(name: *const u8, length: usize) -> *const ZhConverter {
    // SAFETY: the caller's promise.
    let name = unsafe { str::from_utf8_unchecked(slice::from_raw_parts(name, length)) };
    let Ok(variant) = name.parse::<Variant>() else {
        return ptr::null();
    };
    get_builtin_converter(variant)
}

/// Converts a text.
///
/// # Safety
///
/// `converter` comes from [`zhconv_open`]; the pointer and length are those of
/// a string.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn zhconv_convert(
    converter: *const ZhConverter,
    text: *const u8,
    length: usize,
) -> Text {
    // SAFETY: the caller's promise; built-in converters are never freed.
    let (converter, text) = unsafe {
        (
            &*converter,
            str::from_utf8_unchecked(slice::from_raw_parts(text, length)),
        )
    };
    let mut output = ManuallyDrop::new(converter.convert(text));
    Text {
        pointer: output.as_mut_ptr(),
        length: output.len(),
        capacity: output.capacity(),
    }
}

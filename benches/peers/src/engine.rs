//! The converters, each behind the same small face.

use crate::Result;
use crate::route::Route;

/// A converter made ready for one route.
pub trait Engine {
    fn name(&self) -> &'static str;
    /// The converted text as a string of its own.
    fn convert(&self, text: &str) -> String;
}

/// A converter before it is made ready.
#[derive(Clone, Copy)]
pub struct Peer {
    pub name: &'static str,
    load: Load,
}

/// `None` when the converter has nothing for the route.
type Load = fn(&Route) -> Result<Option<Convert>>;
type Convert = Box<dyn Fn(&str) -> String>;

struct Loaded {
    name: &'static str,
    convert: Convert,
}

impl Engine for Loaded {
    fn name(&self) -> &'static str {
        self.name
    }

    fn convert(&self, text: &str) -> String {
        (self.convert)(text)
    }
}

impl Peer {
    /// Everything the engine does before it can convert.
    pub fn load(&self, route: &Route) -> Result<Option<Box<dyn Engine>>> {
        let name = self.name;
        match (self.load)(route) {
            Ok(convert) => Ok(convert.map(|convert| Box::new(Loaded { name, convert }) as Box<dyn Engine>)),
            Err(error) => Err(format!("{name}, route {}: {error}", route.name).into()),
        }
    }
}

/// The engines in this build, fanjian first.
pub fn peers() -> Vec<Peer> {
    let mut peers = vec![
        Peer { name: "fanjian", load: load_fanjian },
        #[cfg(feature = "opencc")]
        Peer { name: "opencc", load: load_opencc },
        #[cfg(feature = "zhconv")]
        Peer { name: "zhconv", load: zhconv_peers::load },
    ];
    #[cfg(feature = "zhconv")]
    {
        if zhconv_peers::library("opencc").is_some_and(|path| path.exists()) {
            peers.push(Peer { name: "zhconv-opencc", load: zhconv_peers::load_opencc });
        }
        if zhconv_peers::library("both").is_some_and(|path| path.exists()) {
            peers.push(Peer { name: "zhconv-both", load: zhconv_peers::load_both });
        }
    }
    peers.extend([
        #[cfg(feature = "fmmseg")]
        Peer { name: "fmmseg", load: load_fmmseg },
        #[cfg(feature = "ferrous")]
        Peer { name: "ferrous", load: load_ferrous },
        #[cfg(feature = "hanconv")]
        Peer { name: "hanconv", load: load_hanconv },
        Peer { name: "floor", load: load_floor },
    ]);
    peers
}

/// Reading every character and writing it: what no converter that looks at each
/// character can be much faster than.
#[expect(clippy::unnecessary_wraps, reason = "the type of all loaders")]
fn load_floor(_: &Route) -> Result<Option<Convert>> {
    Ok(Some(Box::new(|text| {
        let mut output = String::with_capacity(text.len());
        for character in text.chars() {
            output.push(character);
        }
        output
    })))
}

fn load_fanjian(route: &Route) -> Result<Option<Convert>> {
    use crate::route::Region;
    use fanjian::{Converter, Locale};

    let locale = |region| match region {
        Region::Cn => Locale::ZH_HANS_CN,
        Region::Tw => Locale::ZH_HANT_TW,
        Region::Hk => Locale::ZH_HANT_HK,
    };
    let converter = match route.native {
        Some(target) => Converter::new(locale(route.source), locale(target))?,
        None => Converter::opencc(route.name.parse()?)?,
    };
    // An unchanged text comes back borrowed; the others return strings, so the
    // copy counts.
    Ok(Some(Box::new(move |text| converter.convert(text).into_owned())))
}

/// libopencc through its C interface. The crate also checks that the output is
/// UTF-8 and copies it.
#[cfg(feature = "opencc")]
fn load_opencc(route: &Route) -> Result<Option<Convert>> {
    let Some(config) = route.opencc else {
        return Ok(None);
    };
    let converter = opencc::open(config, false)?;
    Ok(Some(Box::new(move |text| converter.convert(text).expect("libopencc converts"))))
}

#[cfg(feature = "opencc")]
pub mod opencc {
    //! libopencc.

    use std::path::{Path, PathBuf};
    use std::{env, fs, process};

    use opencc_rust::OpenCC;
    use serde_json::Value;

    use crate::Result;

    /// Opens a configuration by its name.
    ///
    /// With `tofu`, dictionaries take part whose results many fonts lack. The C
    /// interface always lets them take part, OpenCC's command only when asked
    /// to, and fanjian likewise; so without `tofu` the library is given a copy
    /// of the configuration that lacks them.
    pub fn open(config: &str, tofu: bool) -> Result<OpenCC> {
        let data = data()?;
        let path = data.join(format!("{config}.json"));
        if tofu {
            return Ok(OpenCC::new(path)?);
        }
        let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        if !text.contains("may_output_tofu") {
            return Ok(OpenCC::new(path)?);
        }
        let mut json = serde_json::from_str(&text)?;
        without_tofu(&mut json, &data);
        let copy = env::temp_dir().join(format!("fanjian-peers-{config}-{}.json", process::id()));
        fs::write(&copy, json.to_string())?;
        let converter = OpenCC::new(&copy);
        fs::remove_file(&copy)?;
        Ok(converter?)
    }

    /// The directory of the configurations: the environment variable
    /// `OPENCC_DATA`, now or while this was built.
    fn data() -> Result<PathBuf> {
        env::var_os("OPENCC_DATA")
            .map(PathBuf::from)
            .or_else(|| option_env!("OPENCC_DATA").map(PathBuf::from))
            .ok_or_else(|| "OPENCC_DATA does not name OpenCC's data; see build-libopencc.sh".into())
    }

    /// Removes the dictionaries, and makes the paths of the others absolute.
    fn without_tofu(json: &mut Value, data: &Path) {
        match json {
            Value::Array(items) => {
                items.retain(|item| item["may_output_tofu"] != true);
                items.iter_mut().for_each(|item| without_tofu(item, data));
            }
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value {
                        Value::String(file) if name == "file" => {
                            *file = data.join(&*file).to_string_lossy().into_owned();
                        }
                        _ => without_tofu(value, data),
                    }
                }
            }
            _ => {}
        }
    }
}

#[cfg(feature = "zhconv")]
mod zhconv_peers {
    //! The crate zhconv has its data compiled in, chosen by features, and a
    //! build of this package can have it with one choice only. `zhconv` is the
    //! crate as it comes, with MediaWiki's data; the two others are shared
    //! libraries made by `build-zhconv.sh`, with the same code and other data.

    use std::path::PathBuf;

    use libloading::Library;

    use super::{Convert, Result};
    use crate::route::Route;

    pub fn load(route: &Route) -> Result<Option<Convert>> {
        let Some(variant) = route.zhconv else {
            return Ok(None);
        };
        let variant = variant.parse().map_err(|_| format!("zhconv lacks {variant}"))?;
        // This loads the automaton.
        let converter = zhconv::get_builtin_converter(variant);
        Ok(Some(Box::new(|text| converter.convert(text))))
    }

    /// Made from OpenCC's dictionaries, with the regional vocabulary for the
    /// routes that have it.
    pub fn load_opencc(route: &Route) -> Result<Option<Convert>> {
        load_library(if route.vocabulary() { "opencc-twp" } else { "opencc" }, route)
    }

    /// Made from MediaWiki's and OpenCC's dictionaries together.
    pub fn load_both(route: &Route) -> Result<Option<Convert>> {
        load_library("both", route)
    }

    /// In the directory that `ZHCONV_LIBRARIES` names, or `zhconv` beside the
    /// directory of the running program, which is `target/zhconv`.
    pub fn library(name: &str) -> Option<PathBuf> {
        let directory = match std::env::var_os("ZHCONV_LIBRARIES") {
            Some(directory) => PathBuf::from(directory),
            None => std::env::current_exe().ok()?.parent()?.parent()?.join("zhconv"),
        };
        Some(directory.join(format!("zhconv-{name}{}", std::env::consts::DLL_SUFFIX)))
    }

    /// As in `zhconv-data/src/lib.rs`.
    #[repr(C)]
    struct Text {
        pointer: *mut u8,
        length: usize,
        capacity: usize,
    }

    type Open = unsafe extern "C" fn(*const u8, usize) -> *const ();
    type ConvertText = unsafe extern "C" fn(*const (), *const u8, usize) -> Text;

    fn load_library(name: &str, route: &Route) -> Result<Option<Convert>> {
        let Some(variant) = route.zhconv else {
            return Ok(None);
        };
        let path = library(name).ok_or("the running program is nowhere")?;
        // SAFETY: the library is the one that build-zhconv.sh makes, whose
        // functions have these types. It is never unloaded.
        let (open, convert) = unsafe {
            let library = Box::leak(Box::new(Library::new(&path)?));
            let open: Open = *library.get(b"zhconv_open\0")?;
            let convert: ConvertText = *library.get(b"zhconv_convert\0")?;
            (open, convert)
        };
        // SAFETY: the pointer and length are those of a string.
        let converter = unsafe { open(variant.as_ptr(), variant.len()) };
        if converter.is_null() {
            return Err(format!("{} lacks {variant}", path.display()).into());
        }
        Ok(Some(Box::new(move |text| {
            // SAFETY: the converter is one that zhconv_open returned. The
            // parts are those of a `String`; both sides are built by the same
            // compiler with the standard allocator, which is the system's.
            unsafe {
                let text = convert(converter, text.as_ptr(), text.len());
                String::from_raw_parts(text.pointer, text.length, text.capacity)
            }
        })))
    }
}

/// All routes share one dictionary object, which loads everything. Its threads
/// are switched off, as all engines run on one.
#[cfg(feature = "fmmseg")]
#[expect(clippy::unnecessary_wraps, reason = "the type of all loaders")]
fn load_fmmseg(route: &Route) -> Result<Option<Convert>> {
    use opencc_fmmseg::{OpenCC, OpenccConfig};

    let Some(config) = route.nearest(OpenccConfig::parse) else {
        return Ok(None);
    };
    let mut converter = OpenCC::new();
    converter.set_parallel(false);
    Ok(Some(Box::new(move |text| converter.convert_with_config(text, config, false))))
}

#[cfg(feature = "ferrous")]
fn load_ferrous(route: &Route) -> Result<Option<Convert>> {
    use ferrous_opencc::{OpenCC, config::BuiltinConfig};

    let find = |name: &str| BuiltinConfig::from_filename(&format!("{name}.json")).ok();
    let Some(config) = route.nearest(find) else {
        return Ok(None);
    };
    let converter = OpenCC::from_config(config)?;
    Ok(Some(Box::new(move |text| converter.convert(text))))
}

#[cfg(feature = "hanconv")]
#[expect(clippy::unnecessary_wraps, reason = "the type of all loaders")]
fn load_hanconv(route: &Route) -> Result<Option<Convert>> {
    use hanconv::Converters;

    let find = |name: &str| {
        Some(match name {
            "s2t" => Converters::S2T,
            "t2s" => Converters::T2S,
            "s2tw" => Converters::S2TW,
            "tw2s" => Converters::TW2S,
            "s2twp" => Converters::S2TWP,
            "tw2sp" => Converters::TW2SP,
            "t2tw" => Converters::T2TW,
            "tw2t" => Converters::TW2T,
            "s2hk" => Converters::S2HK,
            "hk2s" => Converters::HK2S,
            "t2hk" => Converters::T2HK,
            "hk2t" => Converters::HK2T,
            "t2jp" => Converters::T2JP,
            _ => return None,
        })
    };
    let Some(config) = route.nearest(find) else {
        return Ok(None);
    };
    let converter = config.new_converter();
    Ok(Some(Box::new(move |text| converter.convert(text))))
}
